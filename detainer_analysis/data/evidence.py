"""What rows of ``data/`` say about a claim, and which rows they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from detainer_analysis.intervals import Interval, reported

BASES = ("recomputed", "stated", "bounded", "missing")


Load = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Evidence:
    """What the data say about one claim.

    Parameters
    ----------
    basis : str
        ``"recomputed"``: a number worked out from rows; ``"stated"``: rows that state the number;
        ``"bounded"``: limits within which it must lie; ``"missing"``: nothing to compare with.
    found : Interval or None
        The number or its limits, in the claim's unit; None if missing.
    shows : str
        The arithmetic, in one sentence.
    rows : pandas.DataFrame
        The rows used, with ``source_id``, ``origin_id``, ``table`` and ``source_row``.
    """

    basis: str
    found: Interval | None
    shows: str
    rows: pd.DataFrame

    @classmethod
    def of(cls, basis: str, found: Interval | None, shows: str, *rows: pd.DataFrame) -> Evidence:
        """Evidence from any number of row sets of any tables."""
        if basis not in BASES or (found is None) != (basis == "missing"):
            raise ValueError(f"basis {basis!r} does not go with found={found!r}")
        keep = ["table", "source_row", "source_id", "origin_id"]
        used = pd.concat([part[keep] for part in rows]).drop_duplicates(ignore_index=True)
        if used.empty:
            raise ValueError("evidence needs at least one row")
        return cls(basis, found, shows, used)

    @property
    def addresses(self) -> str:
        """The rows used, as ``ddor_section1.csv 2-11, 14; ddor_weekly_totals.csv 3``."""
        parts = [f"{table}.csv {_runs(group)}" for table, group in self.rows.groupby("table", sort=True)["source_row"]]
        return "; ".join(parts)


def _runs(numbers: pd.Series) -> str:
    """Row numbers in order, neighbours joined: ``2-4, 7``."""
    ordered = numbers.sort_values()
    runs = ordered.groupby((ordered.diff() != 1).cumsum()).agg(["min", "max"])
    return ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in runs.itertuples(index=False))


def stated(rows: pd.DataFrame, value: str = "value", unit: str = "") -> Interval:
    """The interval that holds the readings of all rows."""
    readings = [
        reported(number, wording, unit)
        for number, wording in zip(rows[value], rows.get("qualifier", ["exact"] * len(rows)), strict=True)
    ]
    return readings[0].hull(*readings[1:])


def outlets(rows: pd.DataFrame) -> str:
    """How many sources the rows come from, in words."""
    count = rows["source_id"].nunique()
    return f"{count} source{'s' if count > 1 else ''}"
