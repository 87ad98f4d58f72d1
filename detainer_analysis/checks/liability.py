"""Checks of what is said about money paid over holds."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, outlets, stated
from detainer_analysis.intervals import parse_date, reported


def _new_york(load: Load) -> pd.DataFrame:
    cases = load("liability_cases")
    return cases[cases["case_id"].eq("onadia_nyc")]


def nyc_settlement(load: Load) -> Evidence:
    rows = _new_york(load)
    shows = "The agreed sum is a ceiling that includes fees and costs."
    return Evidence.of("stated", reported(rows["amount_usd"].iloc[0], "rounded"), shows, rows)


def nyc_thousands_held(load: Load) -> Evidence:
    rows = _new_york(load)
    found = reported(float(rows["people"].iloc[0]), rows["people_qualifier"].iloc[0])
    return Evidence.of("stated", found, "Size of the class in the settlement.", rows)


def _class_rows(load: Load, case: str, measure: str) -> pd.DataFrame:
    classes = load("liability_classes")
    return classes[classes["case_id"].eq(case) & classes["measure"].eq(measure)]


def nyc_class_size(load: Load) -> Evidence:
    rows = _class_rows(load, "onadia_nyc", "people held").iloc[1:]
    return Evidence.of("stated", stated(rows), f"The same number in {outlets(rows)}.", rows)


def nyc_days_held(load: Load) -> Evidence:
    rows = _class_rows(load, "onadia_nyc", "days held past release").iloc[1:]
    return Evidence.of(
        "stated", stated(rows), "The lawyers of the class say the same; the city's count was not found.", rows
    )


def _amounts(load: Load, case: str) -> Evidence:
    rows = _class_rows(load, case, "amount")
    return Evidence.of("stated", stated(rows), f"The same sum in {outlets(rows)}.", rows)


def suffolk_verdict(load: Load) -> Evidence:
    return _amounts(load, "orellana_suffolk")


def los_angeles_settlement(load: Load) -> Evidence:
    return _amounts(load, "roy_la")


def suffolk_class_size(load: Load) -> Evidence:
    rows = _class_rows(load, "orellana_suffolk", "people held")
    rows = rows[rows["source_id"].ne("newsday-2025-11") & rows["qualifier"].eq("exact")]
    return Evidence.of("stated", stated(rows), f"The same number in {outlets(rows)}.", rows)


def suffolk_class_start(load: Load) -> Evidence:
    rows = _class_rows(load, "orellana_suffolk", "people held")
    rows = rows[rows["source_id"].ne("newsday-2025-11") & rows["period_start"].notna()]
    exact = rows[rows["value"].eq(rows["value"].max())]
    first = parse_date(f"{exact['period_start'].iloc[0]:%Y-%m-%d}")
    return Evidence.of("bounded", first, f"{outlets(rows)} start the class in 2014.", rows)
