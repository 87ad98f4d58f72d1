"""Columns and how a table is put together from them.

A name that several tables use is defined once, in `COMMON`; a table where it means something else says so with
`instead`. The tests refuse a second definition that does not.
"""

from __future__ import annotations

import pandas as pd
from pandera.pandas import Check, Column, DataFrameSchema

from detainer_analysis.wording import QUALIFIERS

# fmt: off
STATES = (
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID",
    "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO",
    "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
)
# fmt: on
REPORTS = ("week1", "week2", "week3")
FEDERAL_SCOPES = (
    "direct",
    "direct and pass-through",
    "federal, split not stated",
    "federal and state together",
    "state aid, federal pass-through inside",
    "part of the federal money",
    "several governments",
)
NOT_STATED = "not stated"
CONFIDENCES = ("primary", "reported", "derived")
FACILITY_TYPES = (
    "county jail",
    "city police or city jail",
    "state prison",
    "federal prison",
    "US marshals",
    "ICE facility",
    "hospital",
    "juvenile facility",
    "court or probation",
    "catch-all",
    "unclassified",
)


def text(description: str, *, required: bool = True, pattern: str | None = None) -> Column:
    checks = [Check.str_matches(pattern)] if pattern else []
    if required:
        checks.append(Check.str_length(min_value=1))
    return Column(str, checks, nullable=not required, description=description)


def choice(description: str, *values: str, required: bool = True) -> Column:
    return Column(str, Check.isin(values), nullable=not required, description=description)


def number(description: str, *, unit: str, required: bool = True, whole: bool = False) -> Column:
    return Column(
        "Int64" if whole else float,
        Check.ge(0) if whole else [Check.ge(0), Check.lt(float("inf"))],
        nullable=not required,
        description=description,
        metadata={"unit": unit},
    )


def balance(description: str, *, unit: str) -> Column:
    """A whole number that corrections can take below zero."""
    return Column("Int64", description=description, metadata={"unit": unit})


def count(description: str, *, unit: str, required: bool = True) -> Column:
    return number(description, unit=unit, required=required, whole=True)


def day(description: str, *, required: bool = True) -> Column:
    within = Check.in_range(pd.Timestamp("1900-01-01"), pd.Timestamp("2026-12-31"))
    return Column("datetime64[s]", within, nullable=not required, description=description)


def year(description: str, *, required: bool = True) -> Column:
    return Column(
        "Int64",
        Check.in_range(1950, 2027),
        nullable=not required,
        description=description,
        metadata={"unit": "year"},
    )


def state(description: str = "two-letter postal code of the state", *, required: bool = True) -> Column:
    return choice(description, *STATES, required=required)


def county() -> Column:
    return text("five-digit county FIPS code, as text", required=False, pattern=r"^\d{5}$")


def precision(of: str, *, required: bool = True) -> Column:
    return choice(f"how exactly {of} is known", "day", "month", "quarter", "year", required=required)


def qualifier(of: str = "value", *, required: bool = True) -> Column:
    return choice(f"wording around {of}; intervals.reported() reads it", *QUALIFIERS, required=required)


PROVENANCE = {
    "source_id": text("the source that was read; key of data/sources.toml"),
    "origin_id": text(
        "the document the number comes from, where the source only repeats it; filled on load", required=False
    ),
    "locator": text("where in the source", required=False),
    "confidence": choice(
        "primary: read in the document of the body that made the number; reported: stated by another"
        " source; derived: computed or inferred from sources",
        *CONFIDENCES,
    ),
    "note": text("what a reader must know, in our words", required=False),
}

COMMON: dict[str, Column] = {
    "x": number("place on the map, from its left", unit="1,015ths of the map's width"),
    "y": number("place on the map, from its top", unit="1,015ths of the map's width"),
    "amount_qualifier": qualifier("the amount", required=False),
    "amount_usd": number("amount", unit="dollars"),
    "basis": choice(
        "what the figure is a part of; mixed: money of one kind over a total of another",
        "budget",
        "revenue",
        "expenditure",
        "mixed",
        NOT_STATED,
        required=False,
    ),
    "case_id": text("key of liability_cases"),
    "case_name": text("case"),
    "census_id": text("government code of the Census Bureau", pattern=r"^(\d{14}|\d{12})$"),
    "city": text("city as ICE writes it", required=False),
    "county": text("name in capitals"),
    "county_fips": county(),
    "court": text("court and docket, where one decided", required=False),
    "criteria": text("when the jurisdiction honours a detainer", required=False),
    "date": day("when; the first day where only the month or year is known"),
    "date_precision": precision("the date"),
    "declined": count("of these, declined", unit="detainers"),
    "definition": text("what the source says was counted", required=False),
    "detainers": count("records", unit="detainers"),
    "event": text("what happened"),
    "facility": text("facility as ICE writes it", required=False),
    "facility_type": choice("kind of facility, by the rules of facility_types", *FACILITY_TYPES),
    "federal_direct_usd": number("revenue received directly from the federal government", unit="dollars"),
    "federal_scope": choice(
        "which federal money counts; empty where the row has a total only", *FEDERAL_SCOPES, required=False
    ),
    "fiscal_year": year("fiscal year"),
    "fiscal_year_as_stated": text("the year in the source's terms"),
    "form": text("form in ICE's words"),
    "funds": choice(
        "which funds the figure covers",
        "operating and capital",
        "operating",
        "one department",
        NOT_STATED,
        required=False,
    ),
    "general_revenue_usd": number("general revenue", unit="dollars"),
    "jurisdiction": text("local government"),
    "kind": text("correction, apology, removal, dispute or statement"),
    "level": choice("level of government", "state", "county", "city"),
    "lift_reason": text("lift reason in ICE's words; empty where none is recorded", required=False),
    "local_aid_usd": number("revenue from other local governments", unit="dollars"),
    "located_by": choice(
        "how the county was found", "hand", "facility name", "city", "city named as a county", "no place", "not found"
    ),
    "measure": text("what was counted"),
    "medicaid_hospital": choice("Medicaid and hospital money", "in", "out", NOT_STATED, required=False),
    "month": text("month in which the detainer was prepared, YYYY-MM", pattern=r"^\d{4}-\d{2}$"),
    "name": text("name in capitals"),
    "no_recorded_outcome": count("of these, without a lift reason", unit="detainers"),
    "order": count("place of the rule", unit="rank"),
    "outcome": text("how it stands, in words"),
    "period_end": day("last day of the period", required=False),
    "period_start": day("first day of the period", required=False),
    "place": text("jurisdiction"),
    "place_fips": text("seven-digit FIPS code of the city, as text", pattern=r"^\d{7}$"),
    "qualifier": qualifier(),
    "reason": text("why"),
    "report": choice("which weekly Declined Detainer Outcome Report", *REPORTS),
    "scope": choice("what the number covers", "national", "state", "jurisdiction"),
    "state": state(),
    "state_aid_usd": number(
        "revenue from the state, which includes federal money passed through the state", unit="dollars"
    ),
    "unit": text("unit of the value"),
    "value": number("the number as reported", unit="see unit"),
    "year": year("calendar year; 2007 from October, 2015 to 19 July"),
}


def common(*names: str) -> dict[str, Column]:
    """The columns of these names as every table means them."""
    return {name: COMMON[name] for name in names}


def instead(column: Column) -> Column:
    """A column whose name other tables use in another sense."""
    column.metadata = {**(column.metadata or {}), "instead": True}
    return column


# What a figure on federal money measures. Two figures compare only if all four parts are the same.
DEFINITION = {
    **common("federal_scope", "medicaid_hospital", "basis", "funds"),
}
COUNTED = {
    **common("measure"),
    "value": instead(number("the number as reported, in full", unit="see unit")),
    **common("qualifier", "unit", "scope"),
    "place": instead(text("country, state or jurisdiction, named as in the source")),
    "state": instead(state(required=False)),
    **common("period_start", "period_end", "definition"),
}
PLACE = {
    **common("facility", "city"),
    "state": instead(state("two-letter postal code; empty where ICE gives no state", required=False)),
    **common("county_fips", "located_by", "facility_type"),
}


def schema(title: str, key: list[str] | None, columns: dict[str, Column]) -> DataFrameSchema:
    """A table of `columns` and provenance; without a `key`, no two rows may be the same in every column."""
    every = {**columns, **PROVENANCE}
    return DataFrameSchema(
        every,
        unique=key or list(every),
        strict=True,
        ordered=True,
        coerce=True,
        title=title,
    )


def own(title: str, key: list[str], columns: dict[str, Column], source_id: str | None = None) -> DataFrameSchema:
    """A table of ours, without the columns of provenance; `source_id` is what a derived table was made from."""
    metadata = {"source_id": source_id} if source_id else None
    return DataFrameSchema(columns, unique=key, strict=True, ordered=True, coerce=True, title=title, metadata=metadata)
