"""Aggregates that our code builds from records, without a person in them."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    PLACE,
    choice,
    common,
    count,
    instead,
    own,
    text,
    year,
)

TABLES: dict[str, DataFrameSchema] = {
    "outcomes_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by month, form and lift reason, from ICE's workbook",
        ["month", "form", "lift_reason"],
        {
            **common("month", "form", "lift_reason", "detainers"),
        },
        "ice-detainers-fy2015",
    ),
    "places_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by place, from ICE's workbook",
        ["facility", "city", "state"],
        {
            **PLACE,
            **common("detainers", "no_recorded_outcome", "declined"),
        },
        "ice-detainers-fy2015",
    ),
    "declines_fy2015": own(
        "Declined detainers of fiscal 2015 (to 19 July 2015) by month and place, from ICE's workbook",
        ["month", "facility", "city", "state"],
        {
            **common("month"),
            **PLACE,
            "declined": instead(count("declined detainers", unit="detainers")),
        },
        "ice-detainers-fy2015",
    ),
    "issued_by_month": own(
        "Detainers prepared per month, October 2007 to July 2015, from NPR's aggregate of ICE's records",
        ["month"],
        {
            **common("month", "detainers"),
        },
        "npr-detainers-by-month",
    ),
    "outcomes_by_year": own(
        "Detainers by calendar year of preparation and lift reason, from NPR's aggregate of ICE's records",
        ["year", "lift_reason"],
        {
            **common("year", "lift_reason", "detainers"),
        },
        "npr-detainers-by-reason",
    ),
    "declines_by_facility": own(
        "Declined detainers by place and calendar year of preparation, from NPR's aggregate of ICE's records",
        ["year", "facility", "city", "state"],
        {
            **common("year"),
            **PLACE,
            "declined": instead(count("declined detainers", unit="detainers")),
            "other_outcomes": count(
                "detainers with another recorded outcome; empty where there is none, or where the name is shared",
                unit="detainers",
                required=False,
            ),
        },
        "npr-declines-by-facility",
    ),
    "census_county_codes": own(
        "Counties by the Census Bureau's older government codes, which its finance files before 2017 use",
        ["govs_state", "govs_county"],
        {
            "govs_state": text("two-digit government code of the state", pattern=r"^\d{2}$"),
            "govs_county": text("three-digit government code of the county", pattern=r"^\d{3}$"),
            "county_fips": instead(text("five-digit county FIPS code, as text", pattern=r"^\d{5}$")),
            **common("county"),
        },
        "census-county-codes",
    ),
    "county_population": own(
        "Residents of every county on 1 July 2017, as the Census Bureau estimates them",
        ["county_fips", "year"],
        {
            "county_fips": instead(text("five-digit county FIPS code, as text", pattern=r"^\d{5}$")),
            "county": instead(text("name")),
            "year": instead(year("year of the estimate")),
            "residents": count("residents", unit="persons"),
        },
        "census-county-population",
    ),
    "outcomes_by_place_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by month, place and form, from ICE's workbook",
        ["month", "facility", "city", "state", "form"],
        {
            **common("month"),
            "form": instead(choice("form, in short", "I-247", "I-247A", "I-247D", "I-247N", "I-247X", "other")),
            **{name: PLACE[name] for name in ("facility", "city", "state")},
            **common("detainers", "no_recorded_outcome", "declined"),
        },
        "ice-detainers-fy2015",
    ),
    "outcomes_pennsylvania": own(
        "Detainers of Pennsylvania, October 2007 to July 2015, by month, county and kind of facility",
        ["month", "county_fips", "facility_type"],
        {
            **common("month", "county_fips", "facility_type", "detainers", "no_recorded_outcome", "declined"),
            "booked_into_detention": count("of these, booked into ICE detention", unit="detainers"),
        },
        "pennsylvania-detainers",
    ),
}

# Written by make reproduce, so it has no checksum and `tables.load` does not read it.
LEDGER_SCHEMA = own(
    "The ledger of claims, one row a claim, as the checks found it",
    ["claim"],
    {
        "claim": text("short name; key of data/claims.toml"),
        "statement": text("what was said, in our words"),
        "published": text("the number in the account's wording"),
        "unit": instead(text("unit of the number")),
        "claimed_by": text("the account; key of data/sources.toml"),
        "verdict": text("by the rules of detainer_analysis/ledger/verdict.py"),
        "found": text("what the data say, in the claim's unit"),
        "evidence": text("the arithmetic, in one sentence"),
        "rows": text("rows used, as file and line numbers"),
        "evidence_sources": text("sources of these rows; keys of data/sources.toml, with semicolons"),
        "because": text("why it is contradicted, or what is missing", required=False),
        "caveat": text("what the verdict does not settle", required=False),
        "notebook": text("number of the notebook that shows it", pattern=r"^\d{2}$"),
    },
)
