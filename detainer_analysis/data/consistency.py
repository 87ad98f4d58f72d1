"""What one table says against itself or another; no schema sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from detainer_analysis.data.schemas import ALL_SCHEMAS

COUNTIES = ("county_fips", "county_before", "county_elsewhere")
# The greater column of a pair, and what it cannot be below; of every table, the pairs whose names say so.
ORDER = {"declined_date": "issued_date"} | {
    f"{stem}_{greater}": f"{stem}_{less}"
    for columns in (schema.columns for schema in ALL_SCHEMAS.values())
    for less, greater in (("start", "end"), ("low", "high"))
    for stem in [column.removesuffix(f"_{less}") for column in columns if column.endswith(f"_{less}")]
    if f"{stem}_{greater}" in columns
}
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
    states = tables["states"]
    code_of = {**states.set_index("state")["state_fips"], **states.set_index("name")["state_fips"]}
    counties = {*tables["census_county_codes"]["county_fips"].dropna(), *tables["county_population"]["county_fips"]}
    cases = set(tables[_CASES]["case_id"])
    found = []
    for name, table in tables.items():
        wrong: list[tuple[str, str, pd.Series]] = []
        state = table["state_name" if "state_name" in table else "state"].map(code_of) if _has_state(table) else None
        for column in table.columns.intersection([*COUNTIES, "place_fips"]):
            codes = table[column].astype("str").where(table[column].notna())
            if column in COUNTIES:
                strange = ~codes.isin(counties) & ~codes.str.fullmatch(_REGIONS).eq(True)
                wrong.append((column, "no county has the code", strange & codes.notna()))
            if state is not None:
                elsewhere = codes.str[:2].ne(state) & codes.notna() & state.notna()
                wrong.append((column, "lies in another state", elsewhere))
        for last, first in ORDER.items():
            if {first, last} <= set(table):
                wrong.append((last, f"is before {first}", table[last].lt(table[first])))
        if "case_id" in table:
            lost = table["case_id"].notna() & ~table["case_id"].isin(cases)
            wrong.append(("case_id", f"no row of {_CASES} has the case", lost))
        found += [
            f"{name}, row {row}, column {column}: {problem}"
            for column, problem, where in wrong
            for row in table.loc[where.fillna(False).astype(bool), "source_row"]
        ]
    return found


def _has_state(table: pd.DataFrame) -> bool:
    return not {"state", "state_name"}.isdisjoint(table.columns)
