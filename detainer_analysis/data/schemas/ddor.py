"""Tables on the weekly Declined Detainer Outcome Reports."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    REPORTS,
    choice,
    common,
    count,
    day,
    instead,
    number,
    precision,
    qualifier,
    schema,
    state,
    text,
)

TABLES: dict[str, DataFrameSchema] = {
    "ddor_weekly_totals": schema(
        "Totals of the three weekly Declined Detainer Outcome Reports of 2017, each as one source states it",
        ["report", "measure", "value", "source_id"],
        {
            "report": instead(choice("which weekly report, or the whole series", *REPORTS, "series")),
            "period_start": instead(day("first day of the report's week")),
            "period_end": instead(day("last day of the report's week")),
            **common("measure", "value", "qualifier", "unit"),
        },
    ),
    "ddor_events": schema(
        "When the weekly reports were published, withheld and suspended",
        ["report", "event", "date", "source_id"],
        {
            "report": instead(text("which report, or the series")),
            **common("event", "date", "date_precision"),
        },
    ),
    "ddor_section1": schema(
        "Section I of the weekly reports: the jurisdictions with the most detainers issued in the week",
        ["report", "jurisdiction", "state", "source_id"],
        {
            **common("report"),
            "rank": count("place in the list", unit="rank", required=False),
            "jurisdiction": instead(text("county or city named in the report")),
            **common("state", "county_fips"),
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
            **common("report"),
            "place": instead(text("jurisdiction, or a state for a state total")),
            "facility": instead(text("jail, where named", required=False)),
            **common("state", "county_fips"),
            "declined": instead(count("detainers recorded as declined in the week", unit="detainers", required=False)),
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
            "report": instead(choice("which weekly report; related: not from the reports", *REPORTS, "related")),
            "scope": instead(text("the people or detainers that the row is about")),
            "dimension": text("what they are broken down by"),
            "category": text("which part"),
            "value": instead(number("the number as reported", unit="see unit", required=False)),
            "qualifier": instead(qualifier(required=False)),
            **common("unit"),
            "date": instead(day("the date, where the row states a date instead of a number", required=False)),
            "date_precision": instead(precision("the date", required=False)),
        },
    ),
    "ddor_cases": schema(
        "Cases of the weekly reports that the press describes one by one, without names",
        ["case_group", "source_id"],
        {
            **common("report"),
            "case_group": text("rows that share it are the same people, described by two outlets"),
            "persons": count("people in the group", unit="persons", required=False),
            **common("place"),
            "facility": instead(text("jail, where named", required=False)),
            **common("state", "county_fips"),
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
            "report": instead(choice("which weekly report, or the whole series", *REPORTS, "series")),
            **common("place"),
            "state": instead(state(required=False)),
            **common("county_fips", "kind"),
            "report_said": text("what the report says", required=False),
            "objection": text("what was corrected or disputed"),
            "corrected_by_ice": choice("whether ICE changed the entry", "yes", "no", "not found", "not applicable"),
            "date": instead(day("when")),
            **common("date_precision"),
        },
    ),
    "ddor_policies": schema(
        "Section III of the weekly reports: jurisdictions listed for policies that limit cooperation",
        ["jurisdiction", "state", "source_id"],
        {
            "jurisdiction": instead(text("as listed")),
            **common("state"),
            "area_of_responsibility": text("ICE field office area", required=False),
            "enacted_date": day("when the policy was enacted", required=False),
            "enacted_date_precision": precision("the date", required=False),
            "policy": text("kind or name of the policy", required=False),
            **common("criteria"),
            "listed_in": choice("report that first lists it", "week1", "week2", "not stated"),
            "removed_in": choice("report that drops it", "week2", "week3", required=False),
        },
    ),
}
