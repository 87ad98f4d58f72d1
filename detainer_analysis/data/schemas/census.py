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
)

TABLES: dict[str, DataFrameSchema] = {
    "census_county_finance": schema(
        "County governments' revenue by state, fiscal 2017, from the Census of Governments",
        ["state", "fiscal_year"],
        {
            "state": instead(choice("two-letter postal code; US: all states together", "US", *STATES)),
            **common("fiscal_year"),
            **common("federal_direct_usd", "state_aid_usd", "local_aid_usd", "general_revenue_usd"),
            "total_revenue_usd": number("total revenue", unit="dollars"),
        },
    ),
    "census_direct_federal": schema(
        "Direct federal revenue of 44 local governments, fiscal 2014 to 2017",
        ["jurisdiction", "state", "fiscal_year"],
        {
            **common("jurisdiction", "state", "county_fips", "census_id", "fiscal_year"),
            "direct_federal_usd": number("revenue received directly from the federal government", unit="dollars"),
        },
    ),
}
