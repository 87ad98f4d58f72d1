"""Tables agree with themselves and with each other where no schema looks."""

import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.data.consistency import COUNTIES, ORDER, contradictions
from detainer_analysis.data.schemas import ALL_SCHEMAS


@pytest.fixture(scope="module")
def loaded():
    return {name: tables.load(name) for name in ALL_SCHEMAS}


def test_the_pairs_are_found_by_their_names():
    assert {"period_end": "period_start", "days_held_high": "days_held_low"}.items() <= ORDER.items()


def test_no_table_contradicts_itself_or_another(loaded):
    assert contradictions(loaded) == []


JUDGES = ("states", "census_county_codes", "county_population", "liability_cases")
DAY = pd.Timestamp("1950-01-01")
# What is written into a column, and what is said of it.
SLIPS = [
    *((column, "32999", "no county has the code") for column in COUNTIES),
    *((column, "06037", "lies in another state") for column in COUNTIES),
    ("place_fips", "0644000", "lies in another state"),
    *((last, -1 if last.endswith("_high") else DAY, f"is before {first}") for last, first in ORDER.items()),
    ("case_id", "nobody-v-nobody", "no row of liability_cases has the case"),
]
LISTS = {"no county has the code": {"census_county_codes", "county_population"}, SLIPS[-1][2]: {"liability_cases"}}


@pytest.mark.parametrize(("column", "value", "problem"), SLIPS, ids=[f"{slip[0]}-{slip[2]}" for slip in SLIPS])
def test_a_slip_is_named_by_table_row_and_column_in_every_table(column, value, problem, loaded):
    tried = 0
    for name, schema in ALL_SCHEMAS.items():
        table = loaded[name].copy()
        beside = {
            "lies in another state": {"state", "state_name"},
            f"is before {ORDER.get(column)}": {ORDER.get(column)},
        }
        needed = list(beside.get(problem, {column}) & set(schema.columns))
        if column not in schema.columns or not needed or table.empty or name in LISTS.get(problem, ()):
            continue
        row = table[table[needed[0]].notna() & ~table[needed[0]].isin(["CA", "CALIFORNIA"])].index[-1]
        table[column] = table[column].astype(object)
        table.loc[row, column] = value
        found = contradictions({**{key: loaded[key] for key in JUDGES}, name: table})
        assert f"{name}, row {row + 2}, column {column}: {problem}" in found, name
        tried += 1
    assert tried
