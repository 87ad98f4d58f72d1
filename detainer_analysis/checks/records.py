"""Checks of published counts of ICE's records."""

from __future__ import annotations

from functools import partial

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, computed, recounted, stated
from detainer_analysis.intervals import exactly

START, END = pd.Timestamp("2015-01-01"), pd.Timestamp("2015-07-19")
FISCAL_START = pd.Timestamp("2014-10-01")
RELEASE = "ice-foia-detainers-npr"  # these counts are of one release; another may differ and both be right


def records_fy2015(load: Load) -> Evidence:
    rows = load("outcomes_fy2015")
    counted = computed(lambda: (exactly(rows["detainers"].sum()), "Counted in ICE's workbook, row by row."), rows)
    told = stated(load, "issued_counts", "value", measure="detainer_records", period_start=FISCAL_START, period_end=END)
    return counted + told + _recounted(load, "prepared", "record", FISCAL_START)


def npr_declined_2015(load: Load) -> Evidence:
    rows = _declined_2015(load)
    words = 'Counted in ICE\'s workbook: lift reason "Detainer Declined by LEA", prepared in 2015.'
    counted = computed(lambda: (exactly(rows["declined"].sum()), words), rows)
    return counted + _told(load, "detainers_declined") + _recounted(load, "declined", "record", START)


def npr_facilities_2015(load: Load) -> Evidence:
    rows = _declined_2015(load)
    places = rows[["facility", "city", "state"]].drop_duplicates()
    words = "Counted in ICE's workbook: different names, cities and states together; the catch-all is one of them."
    counted = computed(lambda: (exactly(len(places)), words), rows)
    return counted + _told(load, "facilities_declining") + _recounted(load, "declined", "facility", START)


def _declined_2015(load: Load) -> pd.DataFrame:
    declines = load("declines_fy2015")
    return declines[declines["month"].ge(f"{START:%Y-%m}")]


def _told(load: Load, measure: str) -> Evidence:
    return stated(load, "declined_counts", "value", measure=measure, period_start=START, period_end=END)


def _recounted(load: Load, measure: str, counted_by: str, first: pd.Timestamp) -> Evidence:
    looked = partial(recounted, scope="national", day_of="prepared", origin_id=RELEASE)
    return looked(load, measure, first, END, counted_by=counted_by)
