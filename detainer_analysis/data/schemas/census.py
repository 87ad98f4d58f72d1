"""Tables of the Census Bureau's government finances."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    STATES,
    choice,
    common,
    instead,
    number,
    schema,
    text,
)

TABLES: dict[str, DataFrameSchema] = {
    "census_county_finance": schema(
        "County governments' revenue by state, fiscal 2017, from the Census of Governments",
        ["state", "fiscal_year"],
        {
            "state": instead(choice("two-letter postal code; US: all states together", "US", *STATES)),
            **common("fiscal_year"),
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
            **common("jurisdiction", "state", "county_fips"),
            "census_id": text("fourteen-digit Census government code", pattern=r"^\d{14}$"),
            **common("fiscal_year"),
            "direct_federal_usd": number("revenue received directly from the federal government", unit="dollars"),
        },
    ),
}
