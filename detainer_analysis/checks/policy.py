"""Checks of what is said about local limits on holds, and about rulings on them."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, computed, days, stated
from detainer_analysis.intervals import Interval

HENNEPIN, SEDGWICK = "27053", "20173"


def hennepin_stop_2014(load: Load) -> Evidence:
    return _limits(load, HENNEPIN) + stated(load, "statements", "date", subject="hennepin-announcement-day")


def hennepin_announcement_2014(load: Load) -> Evidence:
    return _limits(load, HENNEPIN)


def hennepin_press_conference(load: Load) -> Evidence:
    return stated(load, "statements", "date", subject="hennepin-announcement-day")


def sedgwick_stop_2014(load: Load) -> Evidence:
    return _limits(load, SEDGWICK)


def _limits(load: Load, county_fips: str) -> Evidence:
    """Every dated limit of a county up to the first that a source dates to the day."""
    every = stated(load, "policy_dates", "date", read=_day_of_limit, county_fips=county_fips, change="limits")
    exact = [
        item.found.high
        for item in every.items
        if isinstance(item.found, Interval) and item.found.low == item.found.high
    ]
    last = min(exact, default=float("inf")) + 60  # a list that has the same limit may date it a month later
    kept = tuple(item for item in every.items if isinstance(item.found, Interval) and item.found.low <= last)
    return Evidence(kept, every.looks)


def _day_of_limit(row: pd.Series) -> Interval:
    found = days(row["date"], row["date_precision"])
    if row["june_or_july_2014"] == "yes":  # the list has no June, so its July may mean June
        found = found.hull(days(row["date"] - pd.DateOffset(months=1), row["date_precision"]))
    return found


def rulings_began_in_2014(load: Load) -> Evidence:
    rulings = load("liability_rulings")
    first = rulings[rulings["date"].eq(rulings["date"].min())]
    earliest = computed(
        lambda: (
            days(first["date"].iloc[0], first["date_precision"].iloc[0]),
            f"The first of {len(rulings)} rulings found.",
        ),
        first,
    )
    return earliest + stated(load, "statements", "date", subject="rulings-began-in-2014")


def holding_makes_the_county_liable(load: Load) -> Evidence:
    rulings = load("liability_rulings")
    local = rulings[rulings["outcome"].isin(["against local government", "for local government"])]

    def either() -> tuple[str, str]:
        lost = int(local["outcome"].eq("against local government").sum())
        words = f"Of {len(local)} rulings found on a local government {lost} go against it."
        return "yes" if lost else "no", words

    return stated(load, "statements", "answer", subject="holding-makes-the-county-liable") + computed(either, local)
