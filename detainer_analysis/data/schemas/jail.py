"""Tables on single jails."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    choice,
    common,
    instead,
    schema,
    text,
)

TABLES: dict[str, DataFrameSchema] = {
    "jail_base_rates": schema(
        "Bookings, detainers and their shares at single jails, each as one source states it",
        ["jurisdiction", "state", "period", "measure", "source_id"],
        {
            "jurisdiction": instead(text("county, city or state")),
            **common("state"),
            "period": text("period in the source's terms"),
            **common("measure", "value", "qualifier"),
            "unit": instead(
                choice("unit of the value", "percent", "usd", "bookings", "detainers", "people", "beds", "days")
            ),
        },
    ),
}
