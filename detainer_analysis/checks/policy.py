"""Checks of what is said about limits on holds, and of the rule that they limit."""

from __future__ import annotations

from detainer_analysis.data.evidence import Evidence, Load, stated
from detainer_analysis.intervals import parse_date

HENNEPIN, SEDGWICK = "27053", "20173"


def detainer_hold_hours(load: Load) -> Evidence:
    rules = load("detainer_rules")
    rows = rules[rules["rule"].eq("longest hold past release")]
    found = stated(rows.assign(qualifier="exact"))
    return Evidence.of("stated", found, "The regulation and the form give the limit; weekends do not count.", rows)


def _first_limit(load: Load, county_fips: str) -> Evidence:
    policies = load("policy_dates")
    rows = policies[
        policies["county_fips"].eq(county_fips) & policies["change"].eq("limits") & policies["date"].dt.year.eq(2014)
    ]
    dated = rows[rows["date_precision"].eq("day")]
    days = [parse_date(f"{day:%Y-%m-%d}") for day in dated["date"]]
    shows = "The announcement is dated to the day; ICE's list puts it in July because the list has no June."
    return Evidence.of("stated", days[0].hull(*days[1:]), shows, rows)


def hennepin_stop_2014(load: Load) -> Evidence:
    return _first_limit(load, HENNEPIN)


def sedgwick_stop_2014(load: Load) -> Evidence:
    return _first_limit(load, SEDGWICK)


def hennepin_announcement_2014(load: Load) -> Evidence:
    evidence = _first_limit(load, HENNEPIN)
    return Evidence.of(
        "stated",
        evidence.found,
        "The announcement is dated to the day.",
        load("policy_dates").merge(evidence.rows[["table", "source_row"]], on=["table", "source_row"]),
    )
