"""Tables on single jails."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    choice,
    common,
    count,
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
    "texas_jail_detainers": schema(
        "People with an immigration detainer in Texas jails by month, as the Texas Commission on Jail Standards counts",
        ["jurisdiction", "month"],
        {
            "jurisdiction": instead(choice("county, or the sum of all other counties", "Travis County", "elsewhere")),
            "month": instead(
                text("month that the figures describe, one before the month of the report", pattern=r"^\d{4}-\d{2}$")
            ),
            "counties": count("counties with figures", unit="counties"),
            "inmates": count(
                "people held with a detainer at any time of the month; months must not be added",
                unit="persons",
                required=False,
            ),
            "inmate_days": count("days that they spent in jail in the month", unit="days", required=False),
        },
    ),
}
