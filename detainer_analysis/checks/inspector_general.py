"""Checks of the Inspector General's numbers."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, computed, pick, recounted, stated
from detainer_analysis.intervals import Interval, exactly

START, END = pd.Timestamp("2014-01-01"), pd.Timestamp("2017-05-31")
PLACES = ("facility", "city", "county", "agency code")  # what a jurisdiction may be


def jurisdictions_675(load: Load) -> Evidence:
    counts = ("jurisdictions_declining", "facilities_declining", "cities_with_declining_facility", "leas_declining")
    told = stated(load, "declined_counts", "value", measure=counts, scope="national", period_start=START)
    return told + recounted(load, "declined", START, END, counted_by=PLACES, scope="national")


def detainers_29269(load: Load) -> Evidence:
    every = stated(
        load,
        "declined_counts",
        "value",
        measure="detainers_declined",
        scope="national",
        period_start=START,
        period_end=END,
    )
    counts = pick(load("declined_counts"), measure="detainers_declined", scope="national", qualifier="exact")
    first = pick(counts, period_start=START, period_end=pd.Timestamp("2015-09-30")).head(1)
    restated = counts[counts["origin_id"].eq("ice-ero-report-fy2017")]
    year_2016, year_2017 = (
        pick(restated, period_start=pd.Timestamp(f"{year - 1}-10-01"), period_end=pd.Timestamp(f"{year}-09-30"))
        for year in (2016, 2017)
    )
    later = pick(restated, period_start=pd.Timestamp("2017-01-20"), period_end=pd.Timestamp("2017-09-30"))

    def bounds() -> tuple[Interval, str]:
        a, b, c, d = (exactly(part["value"].iloc[0]) for part in (first, year_2016, year_2017, later))
        found = a + b + (c - d) + Interval(0, d.high)
        words = (
            f"{a.low:,.0f} to September 2015, {b.low:,.0f} in fiscal 2016 and {c.low - d.low:,.0f} to 19 January 2017,"
            f" and between none and all of the {d.low:,.0f} that followed to September 2017."
        )
        return found, words

    counted = recounted(load, "declined", START, END, counted_by="record", scope="national")
    return every + computed(bounds, first, year_2016, year_2017, later) + counted


def oig_report_date(load: Load) -> Evidence:
    return stated(load, "forms_timeline", "date", form_or_policy="OIG-18-36")
