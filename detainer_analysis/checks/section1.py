"""Checks of the ten counties that Section I of the first weekly report lists."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import pandas as pd

from detainer_analysis.checks.report import DAYS, FIRST_SUNDAY, WEEK
from detainer_analysis.data.evidence import Evidence, Load, as_stated, computed, pick, recounted, stated
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.measures import report


def ten_counties(load: Load) -> Evidence:
    rows = _section1(load)
    told = stated(load, "ddor_weekly_totals", "value", report=WEEK, measure="section1_jurisdictions_listed")
    return computed(lambda: (exactly(len(rows)), "Newspapers name them one by one."), rows) + told


def clark_issued(load: Load) -> Evidence:
    return _issued_to(load, "32003") + _expected_of(load, "32003")


def nassau_issued(load: Load) -> Evidence:
    return _issued_to(load, "36059") + _expected_of(load, "36059")


def cook_issued(load: Load) -> Evidence:
    return _issued_to(load, "17031") + _expected_of(load, "17031")


def clark_led(load: Load) -> Evidence:
    return _rank_of(load, "32003") + _earlier_rank_of(load, "32003")


def nassau_second(load: Load) -> Evidence:
    return _rank_of(load, "36059") + _earlier_rank_of(load, "36059")


def cook_third(load: Load) -> Evidence:
    return _rank_of(load, "17031") + _earlier_rank_of(load, "17031")


def top_ten_share(load: Load) -> Evidence:
    rows = _section1(load)
    national = pick(load("ddor_weekly_totals"), report=WEEK, measure="detainers_issued_nationally")
    corrections = pick(load("ddor_corrections"), report=WEEK, kind="ICE correction")
    wrong = corrections[corrections["county_fips"].isin(rows["county_fips"])]

    kept = rows[~rows["county_fips"].isin(wrong["county_fips"])]

    def share() -> tuple[Interval, str]:
        total, every = rows["detainers_issued"].sum(), national["value"].iloc[0]
        words = f"{total} of {every:,.0f}, as the report lists them."
        return exactly(total) / as_stated(national.iloc[0], "value") * 100, words

    def at_least() -> tuple[Interval, str]:
        least = (exactly(kept["detainers_issued"].sum()) / as_stated(national.iloc[0], "value") * 100).low
        words = f"{kept['detainers_issued'].sum()} in the {len(kept)} entries that ICE kept; the rest is unknown."
        return Interval(least, math.inf), words

    told = stated(load, "ddor_weekly_totals", "value", report=WEEK, measure="section1_top10_share_percent")
    told = told + _of_the_week(load, partial(report.share_of_listed, rows["county_fips"]))
    return computed(share, rows, national) + computed(at_least, kept, national, wrong) + told


def _section1(load: Load) -> pd.DataFrame:
    """One row a county of the list, in rank order."""
    rows = pick(load("ddor_section1"), report=WEEK)
    return rows[rows["detainers_issued"].notna()].sort_values("rank", kind="stable").drop_duplicates("county_fips")


def _issued_to(load: Load, county_fips: str) -> Evidence:
    told = stated(load, "ddor_section1", "detainers_issued", report=WEEK, county_fips=county_fips)
    return told + recounted(load, "prepared", *DAYS, counted_by="record", scope="county", county_fips=county_fips)


def _rank_of(load: Load, county_fips: str) -> Evidence:
    listed = _section1(load)["county_fips"]
    told = stated(load, "ddor_section1", "rank", report=WEEK, county_fips=county_fips)
    return told + _of_the_week(load, partial(report.rank_among_listed, listed, county_fips))


def _expected_of(load: Load, county_fips: str) -> Evidence:
    """What a county's share of the records of fiscal 2015 leads one to expect in a week like the report's."""
    places, nation = pick(load("places_fy2015"), county_fips=county_fips), load("outcomes_fy2015")
    week = pick(load("weekly_prepared"), week_start=FIRST_SUNDAY)

    def share() -> tuple[Interval, str]:
        own, every, now = places["detainers"].sum(), nation["detainers"].sum(), week["detainers_prepared"].iloc[0]
        words = (
            f"{own:,} of {every:,} in the records of fiscal 2015, at their share of {now:,.0f} in the week: 95 percent."
        )
        return report.expected(own, every / now), words

    return computed(share, places, nation, week)


def _earlier_rank_of(load: Load, county_fips: str) -> Evidence:
    """Where the records of fiscal 2015 put a county among those listed; their months are older than the week."""
    listed = _section1(load)["county_fips"]
    places = pick(load("places_fy2015"), county_fips=tuple(listed))
    records = load("outcomes_by_place_fy2015").merge(places[["facility", "city", "state", "county_fips"]])

    def rank() -> tuple[Interval, str]:
        counties = records.groupby("county_fips")["detainers"].sum()
        own = counties.get(county_fips, 0)
        words = f"{own:,} in the records of fiscal 2015; rank among the {len(listed)} listed."
        return exactly(1 + (counties > own).sum()), words

    return computed(rank, records)


def _of_the_week(load: Load, read: Callable[[pd.DataFrame], tuple[Interval, str] | None]) -> Evidence:
    """What follows from a reader's own counts of the week by county."""
    every = ("county", "no county", "national")
    return recounted(load, "prepared", *DAYS, read=read, counted_by="record", scope=every)
