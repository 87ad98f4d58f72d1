"""Tables on federal money and on the orders about it."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    DEFINITION,
    choice,
    common,
    instead,
    number,
    qualifier,
    schema,
    state,
    text,
    year,
)

TABLES: dict[str, DataFrameSchema] = {
    "federal_share": schema(
        "Federal money and budget totals of local governments, each as one source states it",
        None,
        {
            **common("jurisdiction", "state", "county_fips", "fiscal_year", "fiscal_year_as_stated"),
            "federal_usd": number("federal money", unit="dollars", required=False),
            "federal_qualifier": qualifier(
                "the federal money; empty where it is the number as printed", required=False
            ),
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
            "jurisdiction": instead(text("recipient")),
            "state": instead(state(required=False)),
            "program": text("grant or program"),
            "fiscal_year": instead(year("fiscal year", required=False)),
            **common("fiscal_year_as_stated", "amount_usd", "amount_qualifier"),
        },
    ),
    "funding_benchmarks": schema(
        "National and Minnesota benchmarks for federal money in local budgets",
        ["benchmark", "geography", "level", "fiscal_year", "source_id"],
        {
            "benchmark": text("what is measured"),
            "geography": text("where"),
            "level": instead(text("which governments")),
            **common("fiscal_year"),
            "value": instead(number("the benchmark", unit="see unit")),
            "unit": instead(choice("unit of the value", "percent", "usd")),
            "numerator_usd": number("numerator, where a share", unit="dollars", required=False),
            "denominator_usd": number("denominator, where a share", unit="dollars", required=False),
            **DEFINITION,
            "definition": instead(text("how it is computed", required=False)),
        },
    ),
    "legal_timeline": schema(
        "Orders, letters and rulings on federal money for jurisdictions that limit cooperation",
        None,
        {
            **common("date", "date_precision", "event", "court"),
            "effect": text("what it changed", required=False),
        },
    ),
}
