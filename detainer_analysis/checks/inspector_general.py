"""Checks of the Inspector General's numbers."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, outlets, stated
from detainer_analysis.intervals import parse_date


def _inspector_general(load: Load, measure: str) -> pd.DataFrame:
    counts = load("declined_counts")
    return counts[counts["origin_id"].eq("dhs-oig-18-36") & counts["measure"].eq(measure)]


def jurisdictions_675(load: Load) -> Evidence:
    rows = _inspector_general(load, "jurisdictions_declining")
    shows = f"{outlets(rows)} quote or summarise the same sentence; none defines a jurisdiction."
    return Evidence.of("stated", stated(rows), shows, rows)


def detainers_29269(load: Load) -> Evidence:
    rows = _inspector_general(load, "detainers_declined")
    return Evidence.of("stated", stated(rows), f"{outlets(rows)} quote or summarise the same sentence.", rows)


def oig_report_date(load: Load) -> Evidence:
    timeline = load("forms_timeline")
    rows = timeline[timeline["source_id"].eq("dhs-oig-18-36")]
    return Evidence.of("stated", parse_date(f"{rows['date'].iloc[0]:%Y-%m-%d}"), "Printed on the report.", rows)
