"""Checks of what is said about one jail's inmates."""

from __future__ import annotations

from functools import partial

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, as_stated, computed, hull, pick, recounted, stated
from detainer_analysis.intervals import Interval

JAIL, COUNTY = "Hennepin County", "27053"
YEAR = pd.Timestamp("2014-01-01"), pd.Timestamp("2014-12-31")


def hennepin_jail_inmates(load: Load) -> Evidence:
    measures = ("annual bookings", "people in the jail at one time", "beds")
    return stated(load, "jail_base_rates", "value", jurisdiction=JAIL, measure=measures)


def hennepin_detainer_share(load: Load) -> Evidence:
    rates = load("jail_base_rates")
    detainers = pick(rates, jurisdiction=JAIL, measure="detainers a year", period="2014")
    bookings = pick(rates, jurisdiction=JAIL, measure="annual bookings", period="2014").head(1)

    def divide(row: pd.DataFrame) -> tuple[Interval, str]:
        top, base = (as_stated(part.iloc[0], "value") for part in (row, bookings))
        words = f"{row['value'].iloc[0]:.0f} detainers over {bookings['value'].iloc[0]:,.0f} bookings a year."
        return top / base * 100, words

    found = stated(load, "jail_base_rates", "value", jurisdiction=JAIL, measure="percent with a detainer")
    for at in range(len(detainers)):
        row = detainers.iloc[[at]]
        found = found + computed(partial(divide, row), row, bookings)
    return found + _recounted_share(load, bookings)


def _recounted_share(load: Load, bookings: pd.DataFrame) -> Evidence:
    """Detainers that a reader's file has for the county's jails over the sheriff's bookings."""

    def divide(rows: pd.DataFrame) -> tuple[Interval, str] | None:
        if bookings.empty:
            return None
        detainers, said = hull(rows)
        base = as_stated(bookings.iloc[0], "value")
        return detainers / base * 100, f"{said} Over {bookings['value'].iloc[0]:,.0f} bookings a year."

    jails = {"counted_by": "record", "scope": "county", "county_fips": COUNTY, "facility_type": "county jail"}
    return recounted(load, "prepared", *YEAR, read=divide, **jails)
