"""Checks of what is said about the rule that a detainer rests on."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, stated
from detainer_analysis.intervals import Interval, exactly

HOURS = {"hours": 1, "days": 24}


def detainer_hold_hours(load: Load) -> Evidence:
    rules = ("longest hold past release", "longest hold by the clock, at most")
    return stated(load, "detainer_rules", "value", rule=rules, read=_hours)


def _hours(row: pd.Series) -> Interval:
    return exactly(row["value"] * HOURS[row["unit"]])
