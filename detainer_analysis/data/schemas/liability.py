"""Tables on suits over holds, what they cost, and prices."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    NOT_STATED,
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
    year,
)

TABLES: dict[str, DataFrameSchema] = {
    "liability_cases": schema(
        "Claims against governments for holding people on detainers: settlements, verdicts, open suits",
        ["case_id"],
        {
            "case_id": instead(text("short name")),
            **common("case_name"),
            "local_government": text("who was sued"),
            "state": instead(state(required=False)),
            "level": instead(choice("level of government", "county", "city", "federal")),
            "court": instead(text("court", required=False)),
            "kind": instead(
                choice(
                    "what the sum is; a verdict is not money paid",
                    "settled",
                    "verdict",
                    "judgment",
                    "liability only",
                    "relief only",
                    "suit",
                )
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
            **common("outcome"),
            "outcome_date": day("when", required=False),
            "outcome_date_precision": precision("the date", required=False),
            "amount_usd": instead(number("amount; blank means not found, not zero", unit="dollars", required=False)),
            **common("amount_qualifier"),
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
            **common("case_id"),
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
            **common("amount_usd"),
            "amount_qualifier": instead(qualifier("the amount")),
        },
    ),
    "liability_classes": schema(
        "Sums, sizes and periods of the class suits of liability_cases, each as one source states it",
        ["case_id", "measure", "source_id"],
        {
            **common("case_id", "measure"),
            "value": instead(number("the number as reported", unit="see unit", required=False)),
            "qualifier": instead(qualifier(required=False)),
            "unit": instead(choice("unit of the value", "persons", "days", "usd", required=False)),
            "period_start": instead(
                day("first day of the period; 1 January where the source gives a year", required=False)
            ),
            "period_end": instead(day("last day; 31 December where the source gives a year", required=False)),
        },
    ),
    "consumer_prices": schema(
        "Consumer price index, all urban consumers, annual averages",
        ["year"],
        {
            "year": instead(year("calendar year")),
            "index_1982_84": number("index, 1982 to 1984 is 100", unit="index points"),
        },
    ),
}
