"""Reported numbers as the intervals that their wording and printed precision imply.

Nobody measures "about 10 percent" or "$198 million" to the last digit. Each such number is read as
every value that its wording allows, and arithmetic on the readings gives every result they allow.

The rules, applied in this order (a *step* is the unit of the last digit that carries information):

=========================  =============================  ========================================
wording                    interval                       example
=========================  =============================  ========================================
a plain count              the number itself              206 is [206, 206]
rounded, about             half a step to either side     about 10 percent is [9.5, 10.5]
nearly, almost             one step below, to the number  nearly 35 percent is [34, 35]
more than, over, at least  the number and all above it    more than 29,269 is [29269, inf]
less than, under, up to    from zero to the number        up to $92.5 million is [0, 92500000]
=========================  =============================  ========================================

The step of a percentage, of a number with decimals and of a number with a scale word (million) is its
last printed digit. The step of any other number is the place of its last digit that is not zero, so
"about 50 jails" is [45, 55]. A plain number with a scale word, a percent sign, a decimal point or at
least three final zeros (36,000 inmates) counts as rounded; every other plain number counts as exact.

Intervals are closed: "more than half" includes 50 itself. That reading is the wider one, so it can
only make a claim harder to contradict. Arithmetic is that of ``mpmath.iv``, which rounds outward: the
interval of a result contains every result of single values drawn from the intervals it came from.
"""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from mpmath import iv

QUALIFIERS = ("exact", "rounded", "about", "nearly", "more than", "at least", "less than", "up to")

_WORDS = {
    "approximately": "about",
    "around": "about",
    "roughly": "about",
    "almost": "nearly",
    "over": "more than",
    "fewer than": "less than",
    "under": "less than",
    "at most": "up to",
}
_SCALES = {"thousand": 3, "million": 6, "billion": 9}
_PHRASE = re.compile(
    rf"(?:(?P<qualifier>{'|'.join([*QUALIFIERS, *_WORDS])})\s+)?"
    r"\$?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
    rf"(?:\s+(?P<scale>{'|'.join(_SCALES)}))?\s*(?P<percent>percent|%)?"
)
_FRACTIONS = {"half": "50 percent", "thousands": "at least 2,000"}


@dataclass(frozen=True)
class Interval:
    """Every value from `low` to `high`, both included.

    Parameters
    ----------
    low, high : float
        The ends, in the unit of the number they describe. `high` may be infinite.

    Raises
    ------
    ValueError
        If an end is not a number or `low` exceeds `high`.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", float(self.low))
        object.__setattr__(self, "high", float(self.high))
        if math.isnan(self.low) or math.isnan(self.high) or self.low > self.high:
            raise ValueError(f"an interval runs from low to high, not from {self.low} to {self.high}")

    @property
    def _mp(self) -> Any:
        return iv.mpf([self.low, self.high])

    @classmethod
    def _from_mp(cls, value: Any) -> Interval:
        ends = iv.mpf(value)
        return cls(float(ends.a), float(ends.b))

    def __add__(self, other: Interval | float) -> Interval:
        return self._from_mp(self._mp + exactly(other)._mp)

    def __sub__(self, other: Interval | float) -> Interval:
        return self._from_mp(self._mp - exactly(other)._mp)

    def __mul__(self, other: Interval | float) -> Interval:
        return self._from_mp(self._mp * exactly(other)._mp)

    def __truediv__(self, other: Interval | float) -> Interval:
        """Every ratio; a divisor that includes zero gives an interval without an end."""
        return self._from_mp(self._mp / exactly(other)._mp)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Interval:
        return exactly(other) - self

    def __rtruediv__(self, other: float) -> Interval:
        return exactly(other) / self

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def within(self, other: Interval) -> bool:
        """Whether `other` holds every value of this interval."""
        return other.low <= self.low and self.high <= other.high

    def overlaps(self, other: Interval) -> bool:
        """Whether at least one value is in both intervals."""
        return self.low <= other.high and other.low <= self.high

    def hull(self, *others: Interval) -> Interval:
        """The smallest interval that holds this one and all `others`."""
        every = (self, *others)
        return Interval(min(i.low for i in every), max(i.high for i in every))


def exactly(value: Interval | float) -> Interval:
    """`value` as an interval of one point; an interval is returned as it is."""
    return value if isinstance(value, Interval) else Interval(float(value), float(value))


def reported(value: float, qualifier: str, unit: str = "") -> Interval:
    """The interval of a reported number that a table stores as value, qualifier and unit.

    Parameters
    ----------
    value : float
        The number as reported, in full (198000000 for "$198 million").
    qualifier : str
        One of ``QUALIFIERS``.
    unit : str
        ``"percent"`` makes the last printed digit the step, also where it is a zero.

    Returns
    -------
    Interval
        By the rules at the top of this module.

    Raises
    ------
    ValueError
        If the qualifier is unknown.
    """
    return _reading(value, qualifier, _step(value, last_printed_digit=unit == "percent"))


def parse(phrase: str, unit: str = "") -> Interval:
    """The interval of a number in words, such as ``"about 10 percent"`` or ``"$198 million"``.

    Parameters
    ----------
    phrase : str
        An optional qualifier, digits, an optional scale word and an optional percent sign; or
        ``"more than half"``, ``"thousands"``.
    unit : str
        ``"date"`` reads `phrase` as a year, month or day in ISO form and returns day numbers
        (``datetime.date.toordinal``).

    Raises
    ------
    ValueError
        If the phrase is not of that form.
    """
    if unit == "date":
        return parse_date(phrase)
    text = phrase.strip().lower()
    for word, meaning in _FRACTIONS.items():
        text = re.sub(rf"\b{word}\b", meaning, text)
    match = _PHRASE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a reported number: {phrase!r}")
    digits = match["digits"].replace(",", "")
    decimals = match["decimals"] or ""
    scale = _SCALES.get(match["scale"] or "", 0)
    value = float(f"{digits}{decimals}e{scale}")
    printed = bool(decimals or scale or match["percent"])
    step = 10.0 ** (scale - max(len(decimals) - 1, 0)) if printed else _step(value, last_printed_digit=False)
    word = match["qualifier"] or ("rounded" if printed or step >= 1000 else "exact")
    return _reading(value, _WORDS.get(word, word), step)


def parse_date(text: str) -> Interval:
    """The days of an ISO year, month or day as an interval of day numbers.

    Raises
    ------
    ValueError
        If `text` is not ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    """
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text) is None:
        raise ValueError(f"not an ISO year, month or day: {text!r}")
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return Interval(first.toordinal(), last.toordinal())


def describe(interval: Interval, unit: str = "", digits: int = 4) -> str:
    """`interval` in words, with its unit: ``"1.881 to 2.089 billion dollars"``, ``"more than 29,269 detainers"``.

    Whole numbers are printed in full, other ends to `digits` significant digits.
    """
    if unit == "date":
        first, last = date.fromordinal(int(interval.low)), date.fromordinal(int(interval.high))
        return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
    if unit == "usd":
        biggest = interval.low if math.isinf(interval.high) else interval.high
        for name, power in (("billion", 9), ("million", 6)):
            if biggest >= 10**power:
                scaled = Interval(interval.low / 10**power, interval.high / 10**power)
                return _with_unit(scaled, f"{name} dollars", digits)
    suffix = {"usd": "dollars"}.get(unit, unit)
    if interval.low == interval.high == 1:
        suffix = re.sub("ies$", "y", suffix) if suffix.endswith("ies") else suffix.removesuffix("s")
    return _with_unit(interval, suffix, digits)


def _with_unit(interval: Interval, unit: str, digits: int) -> str:
    ends = _ends(interval, digits)
    if " " in unit and ends.endswith(" or more"):
        return f"{ends.removesuffix(' or more')} {unit} or more"
    return f"{ends} {unit}".strip()


def _ends(interval: Interval, digits: int) -> str:
    low, high = _number(interval.low, digits), _number(interval.high, digits)
    if math.isinf(interval.high):
        return f"{low} or more"
    if low == high:
        return low
    return f"up to {high}" if interval.low == 0 else f"{low} to {high}"


def _number(value: float, digits: int) -> str:
    if math.isinf(value) or value == round(value):
        return f"{value:,.0f}"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _step(value: float, *, last_printed_digit: bool) -> float:
    """The unit of the last digit that carries information."""
    text = f"{abs(value):.10f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    if decimals:
        return float(10.0 ** -len(decimals))
    if last_printed_digit:
        return 1.0
    return float(10.0 ** (len(whole) - len(whole.rstrip("0")))) if float(whole) else 1.0


def _reading(value: float, qualifier: str, step: float) -> Interval:
    if qualifier == "exact":
        return Interval(value, value)
    if qualifier in ("rounded", "about"):
        return Interval(round(value - step / 2, 9), round(value + step / 2, 9))
    if qualifier == "nearly":
        return Interval(round(value - step, 9), value)
    if qualifier in ("more than", "at least"):
        return Interval(value, math.inf)
    if qualifier in ("less than", "up to"):
        return Interval(0.0, value)
    raise ValueError(f"unknown qualifier {qualifier!r}; known: {', '.join(QUALIFIERS)}")
