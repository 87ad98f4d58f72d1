"""Tables of published counts, and of the rules and forms behind them."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    COUNTED,
    choice,
    common,
    count,
    day,
    instead,
    number,
    schema,
    text,
)

TABLES: dict[str, DataFrameSchema] = {
    "declined_counts": schema(
        "Published counts of detainers declined, and of the places that declined them, 2007 to 2026", None, COUNTED
    ),
    "issued_counts": schema(
        "Published counts of detainers issued, and of the agencies that received them, 2002 to 2026", None, COUNTED
    ),
    "weekly_prepared": schema(
        "Detainers prepared by week, October 2007 to June 2017, as the Deportation Data Project counts ICE's records",
        ["week_start"],
        {
            "week_start": day("Sunday on which the week begins"),
            "records_printed": count("records of all deliveries together, as printed", unit="records"),
            "detainers_prepared": count(
                "detainers of one delivery; empty where two deliveries cannot be told apart",
                unit="detainers",
                required=False,
            ),
            "basis": instead(
                choice(
                    "how one delivery is told from the others; a drawing is read to plus or minus 1",
                    "one delivery alone",
                    "two deliveries together",
                    "printed less the first delivery",
                    "read from a drawing",
                )
            ),
        },
    ),
    "detainer_rules": schema(
        "What the rules say about detainers, in numbers",
        ["rule", "source_id", "origin_id"],
        {
            "rule": text("what is ruled"),
            "value": instead(number("the number in the rule", unit="see unit")),
            "unit": instead(choice("unit of the value", "hours", "days")),
            "excludes": text("what does not count", required=False),
        },
    ),
    "forms_timeline": schema(
        "Forms, policies and reports that change what the counts mean",
        ["date", "event"],
        {
            **common("date", "date_precision", "event"),
            "form_or_policy": text("form, policy or report"),
            "detail": text("what changed", required=False),
            "effect_on_counts": text("what that does to counts", required=False),
        },
    ),
}
