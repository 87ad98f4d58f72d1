"""Checks of what is said about money paid over holds."""

from __future__ import annotations

from detainer_analysis.data.evidence import Evidence, Load, stated


def nyc_settlement(load: Load) -> Evidence:
    return stated(load, "liability_cases", "amount_usd", case_id="onadia_nyc") + _told(load, "onadia_nyc", "amount")


def nyc_thousands_held(load: Load) -> Evidence:
    return _told(load, "onadia_nyc", "people held")


def nyc_days_held(load: Load) -> Evidence:
    return _told(load, "onadia_nyc", "days held past release")


def suffolk_verdict(load: Load) -> Evidence:
    return _told(load, "orellana_suffolk", "amount")


def suffolk_class_size(load: Load) -> Evidence:
    return _told(load, "orellana_suffolk", "people held")


def suffolk_class_start(load: Load) -> Evidence:
    measures = ("people held", "period of the class")
    return stated(load, "liability_classes", "period_start", case_id="orellana_suffolk", measure=measures)


def los_angeles_settlement(load: Load) -> Evidence:
    return _told(load, "roy_la", "amount")


def _told(load: Load, case: str, measure: str) -> Evidence:
    return stated(load, "liability_classes", "value", case_id=case, measure=measure)
