"""Tables of what courts and agencies did in the end."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    choice,
    common,
    count,
    day,
    instead,
    number,
    precision,
    schema,
    state,
    text,
)

TABLES: dict[str, DataFrameSchema] = {
    "funding_outcomes": schema(
        "What became of federal money that was threatened, as far as sources say",
        ["jurisdiction", "round", "money", "outcome"],
        {
            "jurisdiction": instead(text("government or group of governments")),
            "state": instead(state(required=False)),
            "round": choice("year in which the threat began", "2017", "2025"),
            "money": text("which money"),
            "amount_usd": instead(number("amount named, which is not an amount lost", unit="dollars", required=False)),
            "jurisdictions": count("governments that the row is about", unit="governments"),
            "outcome": instead(
                choice(
                    "what happened",
                    "paid or accepted",
                    "cleared",
                    "not cleared",
                    "protected by a court",
                    "changed its policy",
                    "withdrawn",
                    "warned",
                    "not found",
                )
            ),
            "date": instead(day("when; the first day where only the month or year is known", required=False)),
            "date_precision": instead(precision("the date", required=False)),
        },
    ),
    "liability_rulings": schema(
        "Court rulings and one attorney general opinion on holding people on detainers",
        ["ruling_id"],
        {
            "ruling_id": text("short name"),
            **common("case_name"),
            "court": instead(text("court")),
            **common("state", "date", "date_precision"),
            "citation": text("citation or docket", required=False),
            "local_party": text("government concerned", required=False),
            "outcome": instead(text("for or against whom")),
            "holding": text("what was decided"),
            "case_id": instead(text("key of liability_cases, where the case has a row there", required=False)),
        },
    ),
}
