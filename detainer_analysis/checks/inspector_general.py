"""Checks of the Inspector General's numbers."""

from __future__ import annotations

from detainer_analysis.data.evidence import Evidence, Load, recounted, stated
from detainer_analysis.measures import inspector_general
from detainer_analysis.measures.inspector_general import END, START

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
    counted = recounted(load, "declined", START, END, counted_by="record", scope="national")
    return every + inspector_general.restated(load("declined_counts")) + counted


def oig_report_date(load: Load) -> Evidence:
    return stated(load, "forms_timeline", "date", form_or_policy="OIG-18-36")
