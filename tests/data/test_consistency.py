"""Tables agree with themselves and with each other where no schema looks."""

import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.data.consistency import contradictions
from detainer_analysis.data.schemas import ALL_SCHEMAS


@pytest.fixture(scope="module")
def loaded():
    return {name: tables.load(name) for name in ALL_SCHEMAS}


def test_no_table_contradicts_itself_or_another(loaded):
    assert contradictions(loaded) == []


SLIPS = {
    "county_fips: no county has the code": ("county_fips", "32999"),
    "county_fips: lies in another state": ("county_fips", "06037"),
    "period_end: is before the period begins": ("period_end", pd.Timestamp("1950-01-01")),
    "case_id: no row of liability_cases has the case": ("case_id", "nobody-v-nobody"),
}
PLACES = [
    (name, problem)
    for problem, (column, _) in SLIPS.items()
    for name, schema in ALL_SCHEMAS.items()
    if column in schema.columns
    and name not in ("census_county_codes", "county_population", "liability_cases")
    and ("another state" not in problem or "state" in schema.columns)
    and ("before" not in problem or "period_start" in schema.columns)
]


@pytest.mark.parametrize(("name", "problem"), PLACES)
def test_a_slip_is_named_by_table_row_and_column_in_every_table(name, problem, loaded):
    column, value = SLIPS[problem]
    needed = ["period_start"] if "before" in problem else ["state"] if "another state" in problem else []
    table = loaded[name].copy()
    rows = table[table[needed].notna().all(axis=1) & (table["state"].ne("CA") if "state" in needed else True)].index
    row = int(rows[-1])
    table.loc[row, column] = value
    assert f"{name}, row {row + 2}, column {problem}" in contradictions({**loaded, name: table})
