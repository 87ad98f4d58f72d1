"""Checks of what is said about local limits on holds, and about rulings on them."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, computed, days, pick, stated
from detainer_analysis.intervals import Interval

HENNEPIN, SEDGWICK = "27053", "20173"
FIRST_STATEMENTS = pd.Timestamp("2014-06-01")  # the month of the accounts that speak of "until now"


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


def requests_considered_mandatory(load: Load) -> Evidence:
    policies = load("policy_dates")
    early = policies[policies["change"].eq("limits") & policies["date"].lt(FIRST_STATEMENTS - pd.DateOffset(months=5))]
    places = early[["jurisdiction", "state"]].drop_duplicates()
    counted = computed(lambda: ("no", f"{len(places)} places limited holds before 2014."), early)
    return stated(load, "statements", "answer", subject="requests-considered-mandatory") + counted


def rulings_began_in_2014(load: Load) -> Evidence:
    rulings = load("liability_rulings")
    first = rulings[rulings["date"].eq(rulings["date"].min())]
    counted = computed(
        lambda: (
            "yes" if first["date"].dt.year.iloc[0] >= FIRST_STATEMENTS.year else "no",
            f"The first of {len(rulings)} rulings found is of {first['date'].iloc[0]:%B %Y}.",
        ),
        first,
    )
    return stated(load, "statements", "answer", subject="rulings-began-in-2014") + counted


def holding_makes_the_county_liable(load: Load) -> Evidence:
    rulings = pick(load("liability_rulings"), outcome="against local government")
    counted = computed(lambda: ("yes", f"{len(rulings)} rulings found go against a local government."), rulings)
    return stated(load, "statements", "answer", subject="holding-makes-the-county-liable") + counted


def resistance_is_growing(load: Load) -> Evidence:
    policies = load("policy_dates")
    limits = policies[policies["change"].eq("limits") & policies["date_precision"].isin(["day", "month"])]
    recent = limits[limits["date"].dt.year.isin([2024, 2025])]

    def compare() -> tuple[str, str]:
        years = recent.drop_duplicates(["jurisdiction", "state"])["date"].dt.year.value_counts()
        before, now = (int(years.get(year, 0)) for year in (2024, 2025))
        return "yes" if now > before else "no", f"New limits found: {before} in 2024, {now} in 2025."

    return stated(load, "statements", "answer", subject="resistance-is-growing") + computed(compare, recent)
