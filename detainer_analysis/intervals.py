"""Intervals of numbers, and arithmetic that loses no possible result.

Intervals are closed. Arithmetic is that of ``mpmath.iv``, which rounds outward: the interval of a result contains
every result of single values drawn from the intervals it came from.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from mpmath import iv


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


def describe(interval: Interval, unit: str = "", digits: int = 4) -> str:
    """`interval` in words, with its unit: ``"1.881 to 2.089 billion dollars"``, ``"more than 29,269 detainers"``.

    Whole numbers are printed in full, other ends to `digits` significant digits.
    """
    if unit == "date":
        first, last = date.fromordinal(int(interval.low)), date.fromordinal(int(interval.high))
        return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
    if unit == "rank":
        return f"rank {_ends(interval, digits)}"
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
