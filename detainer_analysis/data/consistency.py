"""What one table says against itself or another; no schema sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

# Connecticut's planning regions, which took the place of its counties in 2022, are in no list of ours.
_REGIONS = re.compile(r"091[1-9]0")
_CASES = "liability_cases"


def contradictions(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Every contradiction, as file, row, column and complaint.

    Parameters
    ----------
    tables : mapping
        Every table by its name, as `tables.load` gives it.
    """
    states = tables["states"].set_index("state")["state_fips"].to_dict()
    counties = {*tables["census_county_codes"]["county_fips"].dropna(), *tables["county_population"]["county_fips"]}
    cases = set(tables[_CASES]["case_id"])
    found = []
    for name, table in tables.items():
        place = table["source_row"].astype(str).radd(f"{name}, row ")
        if "county_fips" in table:
            codes = table["county_fips"]
            strange = codes.notna() & ~codes.isin(counties) & ~codes.astype("str").str.fullmatch(_REGIONS)
            found += [f"{where}, column county_fips: no county has the code" for where in place[strange]]
        if {"county_fips", "state"} <= set(table):
            elsewhere = table["county_fips"].notna() & table["state"].notna()
            elsewhere &= table["county_fips"].str[:2] != table["state"].map(states)
            found += [f"{where}, column county_fips: lies in another state" for where in place[elsewhere]]
        if {"period_start", "period_end"} <= set(table):
            turned = (table["period_end"] < table["period_start"]).fillna(False)
            found += [f"{where}, column period_end: is before the period begins" for where in place[turned]]
        if "case_id" in table:
            lost = table["case_id"].notna() & ~table["case_id"].isin(cases)
            found += [f"{where}, column case_id: no row of {_CASES} has the case" for where in place[lost]]
    return found
