"""Checks of published counts of ICE's records."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load
from detainer_analysis.intervals import exactly


def _declined_2015(load: Load) -> pd.DataFrame:
    declines = load("declines_fy2015")
    return declines[declines["month"].ge("2015-01")]


def records_fy2015(load: Load) -> Evidence:
    rows = load("outcomes_fy2015")
    return Evidence.of("recomputed", exactly(rows["detainers"].sum()), "Counted from ICE's workbook, row by row.", rows)


def npr_declined_2015(load: Load) -> Evidence:
    rows = _declined_2015(load)
    shows = 'Counted from ICE\'s workbook: lift reason "Detainer Declined by LEA", prepared in 2015.'
    return Evidence.of("recomputed", exactly(rows["declined"].sum()), shows, rows)


def npr_facilities_2015(load: Load) -> Evidence:
    rows = _declined_2015(load)
    places = rows[["facility", "city", "state"]].drop_duplicates()
    shows = "Counted from ICE's workbook: different names, cities and states together; the catch-all is one of them."
    return Evidence.of("recomputed", exactly(len(places)), shows, rows)
