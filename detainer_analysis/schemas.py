"""What every table of ``data/`` promises: columns, types, units, allowed values and keys.

The schemas are checked on every load (see `tables`), and the data dictionary and ``data/datapackage.json``
are written from them (see `datapackage`), so neither can drift from the data.
"""

from __future__ import annotations

import pandas as pd
from pandera.pandas import Check, Column, DataFrameSchema

from detainer_analysis.intervals import QUALIFIERS

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


REPORT = choice("which weekly Declined Detainer Outcome Report", *REPORTS)
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


# What a figure on federal money measures. Two figures compare only if all four parts are the same.
DEFINITION = {
    "federal_scope": choice(
        "which federal money counts; empty where the row has a total only", *FEDERAL_SCOPES, required=False
    ),
    "medicaid_hospital": choice("Medicaid and hospital money", "in", "out", NOT_STATED, required=False),
    "basis": choice(
        "what the figure is a part of; mixed: money of one kind over a total of another",
        "budget",
        "revenue",
        "expenditure",
        "mixed",
        NOT_STATED,
        required=False,
    ),
    "funds": choice(
        "which funds the figure covers",
        "operating and capital",
        "operating",
        "one department",
        NOT_STATED,
        required=False,
    ),
}
_COUNTS = {
    "measure": text("what was counted"),
    "value": number("the number as reported, in full", unit="see unit"),
    "qualifier": qualifier(),
    "unit": text("unit of the value"),
    "scope": choice("what the number covers", "national", "state", "jurisdiction"),
    "place": text("country, state or jurisdiction, named as in the source"),
    "state": state(required=False),
    "period_start": day("first day of the period", required=False),
    "period_end": day("last day of the period", required=False),
    "definition": text("what the source says was counted", required=False),
}

SCHEMAS: dict[str, DataFrameSchema] = {
    "ddor_weekly_totals": schema(
        "Totals of the three weekly Declined Detainer Outcome Reports of 2017, each as one source states it",
        ["report", "measure", "value", "source_id"],
        {
            "report": choice("which weekly report, or the whole series", *REPORTS, "series"),
            "period_start": day("first day of the report's week"),
            "period_end": day("last day of the report's week"),
            "measure": text("what was counted"),
            "value": number("the number as reported", unit="see unit"),
            "qualifier": qualifier(),
            "unit": text("unit of the value"),
        },
    ),
    "ddor_events": schema(
        "When the weekly reports were published, withheld and suspended",
        ["report", "event", "date", "source_id"],
        {
            "report": text("which report, or the series"),
            "event": text("what happened"),
            "date": day("when; the first day where only the month or year is known"),
            "date_precision": precision("the date"),
        },
    ),
    "ddor_section1": schema(
        "Section I of the weekly reports: the jurisdictions with the most detainers issued in the week",
        ["report", "jurisdiction", "state", "source_id"],
        {
            "report": REPORT,
            "rank": count("place in the list", unit="rank", required=False),
            "jurisdiction": text("county or city named in the report"),
            "state": state(),
            "county_fips": county(),
            "detainers_issued": count(
                "detainers that ICE issued to the jurisdiction in the week, not detainers declined",
                unit="detainers",
                required=False,
            ),
        },
    ),
    "ddor_declines": schema(
        "Section II of the weekly reports: declined detainers by jail, county or state, from press accounts",
        ["report", "place", "facility", "state", "count_basis"],
        {
            "report": REPORT,
            "place": text("jurisdiction, or a state for a state total"),
            "facility": text("jail, where named", required=False),
            "state": state(),
            "county_fips": county(),
            "declined": count("detainers recorded as declined in the week", unit="detainers", required=False),
            "count_basis": choice(
                "exact, minimum and derived rows add up; component rows are part of another row; conflict rows"
                " contradict another row; state_total rows repeat their state's rows",
                "exact",
                "minimum",
                "derived",
                "component",
                "conflict",
                "state_total",
                "unknown",
                "week_uncertain",
            ),
            "later_status": choice(
                "what became of the entry", "corrected by ICE", "ICE apologised", "disputed", required=False
            ),
        },
    ),
    "ddor_breakdowns": schema(
        "Counts within the weekly reports (charges, citizenship, dates) and related counts from Travis County",
        ["report", "scope", "dimension", "category", "source_id"],
        {
            "report": choice("which weekly report; related: not from the reports", *REPORTS, "related"),
            "scope": text("the people or detainers that the row is about"),
            "dimension": text("what they are broken down by"),
            "category": text("which part"),
            "value": number("the number as reported", unit="see unit", required=False),
            "qualifier": qualifier(required=False),
            "unit": text("unit of the value"),
            "date": day("the date, where the row states a date instead of a number", required=False),
            "date_precision": precision("the date", required=False),
        },
    ),
    "ddor_cases": schema(
        "Cases of the weekly reports that the press describes one by one, without names",
        ["case_group", "source_id"],
        {
            "report": REPORT,
            "case_group": text("rows that share it are the same people, described by two outlets"),
            "persons": count("people in the group", unit="persons", required=False),
            "place": text("jurisdiction"),
            "facility": text("jail, where named", required=False),
            "state": state(),
            "county_fips": county(),
            "citizenship": text("as the source gives it", required=False),
            "offence": text("as the source gives it", required=False),
            "charge_or_conviction": choice(
                "status of the offence", "charge", "conviction", "charge or conviction", "not stated"
            ),
            "issued_date": day("day on which the detainer was issued", required=False),
            "declined_date": day("day on which it was declined", required=False),
        },
    ),
    "ddor_corrections": schema(
        "Corrections by ICE, removals from later reports, and disputes by jurisdictions",
        ["report", "place", "state", "kind", "source_id"],
        {
            "report": choice("which weekly report, or the whole series", *REPORTS, "series"),
            "place": text("jurisdiction"),
            "state": state(required=False),
            "county_fips": county(),
            "kind": text("correction, apology, removal, dispute or statement"),
            "report_said": text("what the report says", required=False),
            "objection": text("what was corrected or disputed"),
            "corrected_by_ice": choice("whether ICE changed the entry", "yes", "no", "not found", "not applicable"),
            "date": day("when"),
            "date_precision": precision("the date"),
        },
    ),
    "ddor_policies": schema(
        "Section III of the weekly reports: jurisdictions listed for policies that limit cooperation",
        ["jurisdiction", "state", "source_id"],
        {
            "jurisdiction": text("as listed"),
            "state": state(),
            "area_of_responsibility": text("ICE field office area", required=False),
            "enacted_date": day("when the policy was enacted", required=False),
            "enacted_date_precision": precision("the date", required=False),
            "policy": text("kind or name of the policy", required=False),
            "criteria": text("when the jurisdiction honours a detainer", required=False),
            "listed_in": choice("report that first lists it", "week1", "week2", "not stated"),
            "removed_in": choice("report that drops it", "week2", "week3", required=False),
        },
    ),
    "declined_counts": schema(
        "Published counts of detainers declined, and of the places that declined them, 2007 to 2026",
        None,
        _COUNTS,
    ),
    "issued_counts": schema(
        "Published counts of detainers issued, and of the agencies that received them, 2002 to 2026",
        None,
        _COUNTS,
    ),
    "detainer_rules": schema(
        "What the rules say about detainers, in numbers",
        ["rule", "source_id", "origin_id"],
        {
            "rule": text("what is ruled"),
            "value": number("the number in the rule", unit="see unit"),
            "unit": choice("unit of the value", "hours"),
            "excludes": text("what does not count", required=False),
        },
    ),
    "forms_timeline": schema(
        "Forms, policies and reports that change what the counts mean",
        ["date", "event"],
        {
            "date": day("when; the first day where only the month or year is known"),
            "date_precision": precision("the date"),
            "event": text("what happened"),
            "form_or_policy": text("form, policy or report"),
            "detail": text("what changed", required=False),
            "effect_on_counts": text("what that does to counts", required=False),
        },
    ),
    "federal_share": schema(
        "Federal money and budget totals of local governments, each as one source states it",
        None,
        {
            "jurisdiction": text("local government"),
            "state": state(),
            "county_fips": county(),
            "fiscal_year": year("fiscal year"),
            "fiscal_year_as_stated": text("the year in the source's terms"),
            "federal_usd": number("federal money", unit="dollars", required=False),
            "total_usd": number("the total it is compared with", unit="dollars", required=False),
            "share_percent": number("the share the source states", unit="percent", required=False),
            "share_qualifier": qualifier("the share", required=False),
            **DEFINITION,
            "federal_definition": text("what the federal money covers", required=False),
            "total_definition": text("what the total covers", required=False),
            "total_stage": text("stage of the budget: proposed, adopted and so on", required=False),
        },
    ),
    "grants_at_risk": schema(
        "Amounts of single federal or state programs that were named in the dispute",
        None,
        {
            "jurisdiction": text("recipient"),
            "state": state(required=False),
            "program": text("grant or program"),
            "fiscal_year": year("fiscal year", required=False),
            "fiscal_year_as_stated": text("the year in the source's terms"),
            "amount_usd": number("amount", unit="dollars"),
        },
    ),
    "funding_benchmarks": schema(
        "National and Minnesota benchmarks for federal money in local budgets",
        ["benchmark", "geography", "level", "fiscal_year", "source_id"],
        {
            "benchmark": text("what is measured"),
            "geography": text("where"),
            "level": text("which governments"),
            "fiscal_year": year("fiscal year"),
            "value": number("the benchmark", unit="see unit"),
            "unit": choice("unit of the value", "percent", "usd"),
            "numerator_usd": number("numerator, where a share", unit="dollars", required=False),
            "denominator_usd": number("denominator, where a share", unit="dollars", required=False),
            **DEFINITION,
            "definition": text("how it is computed", required=False),
        },
    ),
    "legal_timeline": schema(
        "Orders, letters and rulings on federal money for jurisdictions that limit cooperation",
        None,
        {
            "date": day("when; the first day where only the month or year is known"),
            "date_precision": precision("the date"),
            "event": text("what happened"),
            "court": text("court and docket, where one decided", required=False),
            "effect": text("what it changed", required=False),
        },
    ),
    "census_county_finance": schema(
        "County governments' revenue by state, fiscal 2017, from the Census of Governments",
        ["state", "fiscal_year"],
        {
            "state": choice("two-letter postal code; US: all states together", "US", *STATES),
            "fiscal_year": year("fiscal year"),
            "federal_direct_usd": number("revenue received directly from the federal government", unit="dollars"),
            "state_aid_usd": number(
                "revenue from the state, which includes federal money passed through the state", unit="dollars"
            ),
            "local_aid_usd": number("revenue from other local governments", unit="dollars"),
            "general_revenue_usd": number("general revenue", unit="dollars"),
            "total_revenue_usd": number("total revenue", unit="dollars"),
        },
    ),
    "census_direct_federal": schema(
        "Direct federal revenue of 42 local governments, fiscal 2014 to 2017",
        ["jurisdiction", "state", "fiscal_year"],
        {
            "jurisdiction": text("local government"),
            "state": state(),
            "county_fips": county(),
            "census_id": text("fourteen-digit Census government code", pattern=r"^\d{14}$"),
            "fiscal_year": year("fiscal year"),
            "direct_federal_usd": number("revenue received directly from the federal government", unit="dollars"),
        },
    ),
    "liability_cases": schema(
        "Claims against governments for holding people on detainers: settlements, verdicts, open suits",
        ["case_id"],
        {
            "case_id": text("short name"),
            "case_name": text("case"),
            "local_government": text("who was sued"),
            "state": state(required=False),
            "level": choice("level of government", "county", "city", "federal"),
            "court": text("court", required=False),
            "kind": choice(
                "what the sum is; a verdict is not money paid",
                "settled",
                "verdict",
                "judgment",
                "liability only",
                "relief only",
                "suit",
            ),
            "standing": choice(
                "how it stood on the status date; none of the cases found was reversed",
                "approved or closed",
                "final approval not found",
                "upheld on appeal",
                "appeal announced",
                "reversed",
                "amount not found",
                "open",
                "result not found",
            ),
            "status_date": day("the last day of which the status is known", required=False),
            "outcome": text("how it stands, in words"),
            "outcome_date": day("when", required=False),
            "outcome_date_precision": precision("the date", required=False),
            "amount_usd": number("amount; blank means not found, not zero", unit="dollars", required=False),
            "amount_qualifier": qualifier("the amount", required=False),
            "fees_in_amount": choice(
                "whether the amount includes the other side's lawyers' fees", "yes", "no", NOT_STATED, required=False
            ),
            "people": count("people paid or in the class", unit="persons", required=False),
            "people_qualifier": qualifier("the number of people", required=False),
            "days_held_low": number(
                "days held past release, all people together, at least; empty where not stated",
                unit="days",
                required=False,
            ),
            "days_held_high": number("the same, at most", unit="days", required=False),
            "amount_detail": text("what the amount covers", required=False),
            "hold_period": text("when people were held", required=False),
            "hold_detail": text("how long and why", required=False),
            "status": text("last known status", required=False),
        },
    ),
    "liability_parts": schema(
        "Parts of the sums of liability_cases, and the rules for payments to single people",
        ["case_id", "part", "group", "source_id"],
        {
            "case_id": text("key of liability_cases"),
            "part": choice(
                "what the amount is",
                "damages",
                "fees and costs",
                "relief to others",
                "defence costs",
                "asked for",
                "smallest payment per person",
                "largest payment per person",
                "largest payment per day held",
                "payment per day after day 60",
                "estimated average payment, low",
                "estimated average payment, high",
            ),
            "group": text("who gets it, or for what"),
            "amount_usd": number("amount", unit="dollars"),
            "amount_qualifier": qualifier("the amount"),
        },
    ),
    "liability_classes": schema(
        "Sums, sizes and periods of the class suits of liability_cases, each as one source states it",
        ["case_id", "measure", "source_id"],
        {
            "case_id": text("key of liability_cases"),
            "measure": text("what was counted"),
            "value": number("the number as reported", unit="see unit", required=False),
            "qualifier": qualifier(required=False),
            "unit": choice("unit of the value", "persons", "days", "usd", required=False),
            "period_start": day("first day of the period; 1 January where the source gives a year", required=False),
            "period_end": day("last day; 31 December where the source gives a year", required=False),
        },
    ),
    "consumer_prices": schema(
        "Consumer price index, all urban consumers, annual averages",
        ["year"],
        {
            "year": year("calendar year"),
            "index_1982_84": number("index, 1982 to 1984 is 100", unit="index points"),
        },
    ),
    "funding_outcomes": schema(
        "What became of federal money that was threatened, as far as sources say",
        ["jurisdiction", "round", "money", "outcome"],
        {
            "jurisdiction": text("government or group of governments"),
            "state": state(required=False),
            "round": choice("year in which the threat began", "2017", "2025"),
            "money": text("which money"),
            "amount_usd": number("amount named, which is not an amount lost", unit="dollars", required=False),
            "jurisdictions": count("governments that the row is about", unit="governments"),
            "outcome": choice(
                "what happened",
                "paid or accepted",
                "cleared",
                "not cleared",
                "protected by a court",
                "changed its policy",
                "withdrawn",
                "warned",
                "not found",
            ),
            "date": day("when; the first day where only the month or year is known", required=False),
            "date_precision": precision("the date", required=False),
        },
    ),
    "liability_rulings": schema(
        "Court rulings and one attorney general opinion on holding people on detainers",
        ["ruling_id"],
        {
            "ruling_id": text("short name"),
            "case_name": text("case"),
            "court": text("court"),
            "state": state(),
            "date": day("when; the first day where only the month or year is known"),
            "date_precision": precision("the date"),
            "citation": text("citation or docket", required=False),
            "local_party": text("government concerned", required=False),
            "outcome": text("for or against whom"),
            "holding": text("what was decided"),
            "case_id": text("key of liability_cases, where the case has a row there", required=False),
        },
    ),
    "jail_base_rates": schema(
        "Bookings, detainers and their shares at single jails, each as one source states it",
        ["jurisdiction", "state", "period", "measure", "source_id"],
        {
            "jurisdiction": text("county, city or state"),
            "state": state(),
            "period": text("period in the source's terms"),
            "measure": text("what was counted"),
            "value": number("the number as reported", unit="see unit"),
            "qualifier": qualifier(),
            "unit": choice("unit of the value", "percent", "usd", "bookings", "detainers", "people"),
        },
    ),
    "policy_dates": schema(
        "Dates on which states, counties and cities limited or restored detainer holds, one row per source",
        None,
        {
            "jurisdiction": text("state, county or city"),
            "level": choice("level of government", "state", "county", "city"),
            "state": state(),
            "county_fips": county(),
            "date": day("when; the first day where only the month or year is known"),
            "date_precision": precision("the date"),
            "change": choice("which way", "limits", "restores"),
            "criteria": choice(
                "when a detainer is honoured", "judicial warrant", "conviction based", "none honored", "other"
            ),
            "is_upper_bound": choice("yes: the change came by that day, perhaps earlier", "yes", "no"),
            "june_or_july_2014": choice("yes: the list has no June, so July may mean June", "yes", "no"),
        },
    ),
    "effect_studies": schema(
        "Published studies of what detainers or local limits go with, as their abstracts or pages state it",
        ["study_id"],
        {
            "study_id": text("short name of the study"),
            "authors": text("who wrote it"),
            "year": year("year of publication", required=False),
            "title": text("as published"),
            "data": text("what it uses"),
            "method": text("how it compares"),
            "headline_estimate": text("the result as the page states it"),
            "compares": choice(
                "how its question relates to ours: nearest, or on another outcome",
                "detainers and deportations",
                "crime",
                "jail time",
                "other",
            ),
        },
    ),
}

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
REASON = text("why")
CLAIMED = ("not claimed", "claimed and not blocked", "partly blocked by a court", "blocked by a court")


def own(title: str, key: list[str], columns: dict[str, Column], source_id: str | None = None) -> DataFrameSchema:
    """A table of ours, without the columns of provenance; `source_id` is what a derived table was made from."""
    metadata = {"source_id": source_id} if source_id else None
    return DataFrameSchema(columns, unique=key, strict=True, ordered=True, coerce=True, title=title, metadata=metadata)


HAND_SCHEMAS: dict[str, DataFrameSchema] = {
    "country_regions": own(
        "Region of each country that an account of the reports names",
        ["country"],
        {
            "country": text("country, named as in the tables"),
            "region": choice(
                "region of the world", "Latin America", "Caribbean", "Asia", "Oceania", "Europe", "Africa"
            ),
            "reason": REASON,
        },
    ),
    "states": own(
        "States as ICE's records write them",
        ["name"],
        {
            "name": text("name in capitals"),
            "state": state(),
            "state_fips": text("two-digit FIPS code, as text", pattern=r"^\d{2}$"),
            "reason": REASON,
        },
    ),
    "county_overrides": own(
        "Places whose county the rules do not find",
        ["facility", "city", "state_name"],
        {
            "facility": text("as ICE writes it"),
            "city": text("as ICE writes it"),
            "state_name": text("as ICE writes it"),
            "county_fips": text("five-digit county FIPS code, as text", pattern=r"^\d{5}$"),
            "reason": REASON,
        },
    ),
    "facility_types": own(
        "Rules that tell kinds of facility apart by name; the first that matches counts",
        ["order"],
        {
            "order": count("place of the rule", unit="rank"),
            "pattern": text("regular expression, searched for in the name in capitals"),
            "facility_type": choice("kind of facility", *FACILITY_TYPES),
            "reason": REASON,
        },
    ),
    "class_suit_counties": own(
        "Counties whose holds a class suit with a named sum was about",
        ["case_id", "county_fips"],
        {
            "case_id": text("key of liability_cases"),
            "county_fips": text("five-digit county FIPS code, as text", pattern=r"^\d{5}$"),
            "reason": REASON,
        },
    ),
    "exposure_steps": own(
        "What federal orders claimed of three counties, and what courts had blocked, from each date on",
        ["place", "date"],
        {
            "place": text("county"),
            "date": day("first day; a date of legal_timeline"),
            "order": choice("the claim on all federal money", *CLAIMED),
            "jag_conditions": choice("the immigration conditions on Byrne JAG", *CLAIMED),
            "reason": REASON,
        },
    ),
    "timeline_events": own(
        "Events that the timeline shows, each a row of another table",
        ["date", "lane", "label"],
        {
            "date": day("when; a date of the table named"),
            "lane": choice("what kind of event", "policies", "rulings", "funding", "payouts"),
            "label": text("words on the chart"),
            "table": choice(
                "where the row is", "policy_dates", "liability_rulings", "legal_timeline", "liability_cases"
            ),
            "reason": text("why it is shown"),
        },
    ),
    "mapping_sample": own(
        "Random sample of 100 mapped places, checked by hand",
        ["facility", "city", "state"],
        {
            "facility": text("as ICE writes it"),
            "city": text("as ICE writes it"),
            "state": state(),
            "county_fips": text("county that the rules give", pattern=r"^\d{5}$"),
            "facility_type": choice("kind that the rules give", *FACILITY_TYPES),
            "county_right": choice("whether the county is right", "yes", "no"),
            "type_right": choice("whether the kind is right", "yes", "no"),
            "reason": REASON,
        },
    ),
    "policy_links": own(
        "Which jails a state's or a city's rule binds, and one county whose list date is wrong",
        ["jurisdiction", "state", "county_fips"],
        {
            "jurisdiction": text("as in policy_dates"),
            "state": state(),
            "level": choice("level of government", "state", "county", "city"),
            "binds": choice(
                "the jails that the rule binds",
                "county jails of the state",
                "county jails of the state, in part",
                "county jails",
                "city jails",
                "none",
            ),
            "county_fips": county(),
            "not_before": day("limits dated earlier do not count", required=False),
            "reason": REASON,
        },
    ),
}

_MONTH = text("month in which the detainer was prepared, YYYY-MM", pattern=r"^\d{4}-\d{2}$")
_PLACE = {
    "facility": text("facility as ICE writes it", required=False),
    "city": text("city as ICE writes it", required=False),
    "state": state("two-letter postal code; empty where ICE gives no state", required=False),
    "county_fips": county(),
    "located_by": choice(
        "how the county was found", "hand", "facility name", "city", "city named as a county", "no place", "not found"
    ),
    "facility_type": choice("kind of facility, by the rules of facility_types", *FACILITY_TYPES),
}
_REASON_GIVEN = text("lift reason in ICE's words; empty where none is recorded", required=False)

DERIVED_SCHEMAS: dict[str, DataFrameSchema] = {
    "outcomes_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by month, form and lift reason, from ICE's workbook",
        ["month", "form", "lift_reason"],
        {
            "month": _MONTH,
            "form": text("form in ICE's words"),
            "lift_reason": _REASON_GIVEN,
            "detainers": count("records", unit="detainers"),
        },
        "ice-detainers-fy2015",
    ),
    "places_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by place, from ICE's workbook",
        ["facility", "city", "state"],
        {
            **_PLACE,
            "detainers": count("records", unit="detainers"),
            "no_recorded_outcome": count("of these, without a lift reason", unit="detainers"),
            "declined": count("of these, declined", unit="detainers"),
        },
        "ice-detainers-fy2015",
    ),
    "declines_fy2015": own(
        "Declined detainers of fiscal 2015 (to 19 July 2015) by month and place, from ICE's workbook",
        ["month", "facility", "city", "state"],
        {"month": _MONTH, **_PLACE, "declined": count("declined detainers", unit="detainers")},
        "ice-detainers-fy2015",
    ),
    "issued_by_month": own(
        "Detainers prepared per month, October 2007 to July 2015, from NPR's aggregate of ICE's records",
        ["month"],
        {"month": _MONTH, "detainers": count("records", unit="detainers")},
        "npr-detainers-by-month",
    ),
    "outcomes_by_year": own(
        "Detainers by calendar year of preparation and lift reason, from NPR's aggregate of ICE's records",
        ["year", "lift_reason"],
        {
            "year": year("calendar year; 2007 from October, 2015 to 19 July"),
            "lift_reason": _REASON_GIVEN,
            "detainers": count("records", unit="detainers"),
        },
        "npr-detainers-by-reason",
    ),
    "declines_by_facility": own(
        "Declined detainers by place and calendar year of preparation, from NPR's aggregate of ICE's records",
        ["year", "facility", "city", "state"],
        {
            "year": year("calendar year; 2007 from October, 2015 to 19 July"),
            **_PLACE,
            "declined": count("declined detainers", unit="detainers"),
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
            "county_fips": text("five-digit county FIPS code, as text", pattern=r"^\d{5}$"),
            "county": text("name in capitals"),
        },
        "census-county-codes",
    ),
    "county_population": own(
        "Residents of every county on 1 July 2017, as the Census Bureau estimates them",
        ["county_fips", "year"],
        {
            "county_fips": text("five-digit county FIPS code, as text", pattern=r"^\d{5}$"),
            "county": text("name"),
            "year": year("year of the estimate"),
            "residents": count("residents", unit="persons"),
        },
        "census-county-population",
    ),
    "outcomes_by_place_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by month, place and form, from ICE's workbook",
        ["month", "facility", "city", "state", "form"],
        {
            "month": _MONTH,
            "form": choice("form, in short", "I-247", "I-247A", "I-247D", "I-247N", "I-247X", "other"),
            **{name: _PLACE[name] for name in ("facility", "city", "state")},
            "detainers": count("records", unit="detainers"),
            "no_recorded_outcome": count("of these, without a lift reason", unit="detainers"),
            "declined": count("of these, declined", unit="detainers"),
        },
        "ice-detainers-fy2015",
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
        "unit": text("unit of the number"),
        "claimed_by": text("the account; key of data/sources.toml"),
        "verdict": text("by the rules of detainer_analysis/claims.py"),
        "found": text("what the data say, in the claim's unit"),
        "evidence": text("the arithmetic, in one sentence"),
        "rows": text("rows used, as file and line numbers"),
        "evidence_sources": text("sources of these rows; keys of data/sources.toml, with semicolons"),
        "because": text("why it is contradicted, or what is missing", required=False),
        "caveat": text("what the verdict does not settle", required=False),
        "notebook": text("number of the notebook that shows it", pattern=r"^\d{2}$"),
    },
)

ALL_SCHEMAS = {**SCHEMAS, **HAND_SCHEMAS, **DERIVED_SCHEMAS}
FOLDERS = {"reported": SCHEMAS, "hand": HAND_SCHEMAS, "derived": DERIVED_SCHEMAS}
