"""Tables of published counts, and of the rules and forms behind them."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    COUNTED,
    choice,
    common,
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
    "detainer_rules": schema(
        "What the rules say about detainers, in numbers",
        ["rule", "source_id", "origin_id"],
        {
            "rule": text("what is ruled"),
            "value": instead(number("the number in the rule", unit="see unit")),
            "unit": instead(choice("unit of the value", "hours")),
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
