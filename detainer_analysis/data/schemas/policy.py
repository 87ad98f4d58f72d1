"""Tables on local limits and on studies of them."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    choice,
    common,
    instead,
    schema,
    text,
    year,
)

TABLES: dict[str, DataFrameSchema] = {
    "policy_dates": schema(
        "Dates on which states, counties and cities limited or restored detainer holds, one row per source",
        None,
        {
            "jurisdiction": instead(text("state, county or city")),
            **common("level", "state", "county_fips", "date", "date_precision"),
            "change": choice("which way", "limits", "restores"),
            "criteria": instead(
                choice("when a detainer is honoured", "judicial warrant", "conviction based", "none honored", "other")
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
            "year": instead(year("year of publication", required=False)),
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
