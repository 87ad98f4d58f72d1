"""Reported numbers as the intervals that their wording and printed precision imply.

Nobody measures "about 10 percent" or "$198 million" to the last digit. Each such number is read as every value
that its wording allows. The *step* of a number is the unit of its last digit that carries information: the last
printed digit of a percentage, of a number with decimals and of a number with a scale word (million); the place of
the last digit that is not zero of any other number.

=========================  ======================================  ==================================
wording                    interval                                example
=========================  ======================================  ==================================
a plain count              the number itself                       206 is [206, 206]
rounded                    half a step to either side              $198 million is [197.5, 198.5]
about, roughly             half the next coarser step              about 10 percent is [8, 12]
nearly, almost             as far below, but one step at least     nearly 35 percent is [30, 35]
more than, over, at least  the number and all above it             more than 29,269 is [29269, inf]
less than, under, up to    from zero to the number                 up to $92.5 million is [0, 92500000]
=========================  ======================================  ==================================

The next coarser step is five times as large; ten times where the number ends in a five behind other digits, as 675
does; and twice where it has one digit only, as 40,000 does. Half of it is never more than a fifth of the number,
unless the rounding of the number itself is. A hedge ("about") thus never reads narrower than the number without it,
and "approximately 675" is [670, 680].

The table is the *loose* reading. The *strict* reading takes the words at their word. "About" is the rounding of the
number and no more ("approximately 675" is [674.5, 675.5]); "nearly" is one step below it; "more than" and "less than"
leave the number itself out. The ledger reads claim and evidence both ways, and says where an answer depends on it.

A plain number with a scale word, a percent sign, a decimal point or at least three final zeros (36,000 inmates)
counts as rounded; every other plain number counts as exact.
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import date

from detainer_analysis.intervals import Interval

QUALIFIERS = ("exact", "rounded", "about", "nearly", "more than", "at least", "less than", "up to")
STRICTLY = {"about": "rounded", "nearly": "just under", "more than": "above", "less than": "below"}

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
EXAMPLES = "'about 10 percent', 'more than 29,269', '$198 million' or 'more than half'"
_FRACTIONS = {"half": "50 percent", "thousands": "at least 2,000"}


def reported(value: float, qualifier: str, unit: str = "") -> Interval:
    """The interval of a reported number that a table stores as value, qualifier and unit.

    Parameters
    ----------
    value : float
        The number as reported, in full (198000000 for "$198 million").
    qualifier : str
        One of ``QUALIFIERS``, or a value of ``STRICTLY`` for the strict reading of a hedge.
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


def parse(phrase: str, unit: str = "", *, strict: bool = False) -> Interval:
    """The interval of a number in words, such as ``"about 10 percent"`` or ``"$198 million"``.

    Parameters
    ----------
    phrase : str
        An optional qualifier, digits, an optional scale word and an optional percent sign; or
        ``"more than half"``, ``"thousands"``.
    unit : str
        ``"date"`` reads `phrase` as a year, month or day in ISO form and returns day numbers
        (``datetime.date.toordinal``).
    strict : bool
        Whether a hedge is read strictly.

    Raises
    ------
    ValueError
        If the phrase is not of that form.
    """
    if unit == "date":
        return parse_date(phrase)
    text = str(phrase).strip().lower()
    for word, meaning in _FRACTIONS.items():
        text = re.sub(rf"\b{word}\b", meaning, text)
    match = _PHRASE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a reported number: {phrase!r}; write it as in {EXAMPLES}")
    digits = match["digits"].replace(",", "")
    decimals = match["decimals"] or ""
    scale = _SCALES.get(match["scale"] or "", 0)
    value = float(f"{digits}{decimals}e{scale}")
    printed = bool(decimals or scale or match["percent"])
    step = 10.0 ** (scale - max(len(decimals) - 1, 0)) if printed else _step(value, last_printed_digit=False)
    word = match["qualifier"] or ("rounded" if printed or step >= 1000 else "exact")
    qualifier = _WORDS.get(word, word)
    return _reading(value, STRICTLY.get(qualifier, qualifier) if strict else qualifier, step)


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


def parse_period(text: str) -> Interval:
    """The days of a year, month or day, of two joined by / or "to", or all before one, as day numbers.

    Raises
    ------
    ValueError
        If `text` is of none of these forms, or ends before it starts.
    """
    rest = text.removeprefix("before ")
    if rest != text and (named := re.fullmatch(rf"({'|'.join(calendar.month_name[1:])}) (\d{{4}})", rest)):
        rest = f"{named[2]}-{list(calendar.month_name).index(named[1]):02}"
    first, _, last = rest.replace(" to ", "/").partition("/")
    days = Interval(parse_date(first).low, parse_date(last or first).high)
    if rest == text:
        return days
    if last:
        raise ValueError(f"two dates with 'before': {text!r}")
    return Interval(1, days.low - 1)


def _step(value: float, *, last_printed_digit: bool) -> float:
    """The unit of the last digit that carries information."""
    text = f"{abs(value):.10f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    if decimals:
        return float(10.0 ** -len(decimals))
    digits = whole.rstrip("0")
    if last_printed_digit or not digits:
        return 1.0
    return float(10.0 ** (len(whole) - len(digits)))


def _coarser(value: float, step: float) -> float:
    """The next step to which such a number could be rounded."""
    digits = round(abs(value) / step)
    return step * (2 if digits < 10 else 10 if digits % 10 == 5 else 5)


def _reading(value: float, qualifier: str, step: float) -> Interval:
    half = max(step, min(_coarser(value, step), 0.4 * abs(value))) / 2
    ends = {
        "exact": (value, value),
        "rounded": (round(value - step / 2, 9), round(value + step / 2, 9)),
        "about": (round(value - half, 9), round(value + half, 9)),
        "nearly": (min(round(value - max(step, half), 9), value), value),
        "just under": (min(round(value - step, 9), value), value),
        "more than": (value, math.inf),
        "above": (math.nextafter(value, math.inf), math.inf),
        "at least": (value, math.inf),
        "less than": (0.0, value),
        "below": (0.0, math.nextafter(value, 0.0)),
        "up to": (0.0, value),
    }
    if qualifier not in ends:
        raise ValueError(f"unknown qualifier {qualifier!r}; known: {', '.join(QUALIFIERS)}")
    return Interval(*ends[qualifier])
