"""Tables agree with themselves and with each other where no schema looks."""

import re

import pandas as pd
import pytest

from detainer_analysis.data import tables
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
REGIONS = re.compile(r"091[1-9]0")
CASES, GOVERNMENTS = "liability_cases", "census_units"  # the latter has codes and names as the Census Bureau gives them
NO_COUNTY, NO_CASE = "no county has the code", f"no row of {CASES} has the case"
NO_CITY, ELSEWHERE = f"no government of {GOVERNMENTS} has the code and the city's name", "lies in another state"


def contradictions(loaded):
    """Every contradiction in tables by their names, as file, row, column and complaint."""
    states, governments = loaded["states"], loaded[GOVERNMENTS]
    code_of = {**states.set_index("state")["state_fips"], **states.set_index("name")["state_fips"]}
    counties = {*loaded["census_county_codes"]["county_fips"].dropna(), *loaded["county_population"]["county_fips"]}
    cities = governments.dropna(subset="place_fips").drop_duplicates("place_fips").set_index("place_fips")["name"]
    found = []
    for name, table in loaded.items():
        wrong = []
        where = next((column for column in ("state_name", "state") if column in table), None)
        state = table[where].map(code_of) if where else None
        for column in table.columns.intersection([*COUNTIES, "place_fips"]):
            codes = table[column].astype("str").where(table[column].notna())
            if column in COUNTIES:
                strange = ~codes.isin(counties) & ~codes.str.fullmatch(REGIONS).eq(True)
                wrong.append((column, NO_COUNTY, strange & codes.notna()))
            elif "city" in table:
                pairs = zip(codes.map(cities), table["city"], strict=True)
                named = [letters(whole).startswith(letters(city)) for whole, city in pairs]
                wrong.append((column, NO_CITY, ~pd.Series(named, table.index)))
            if state is not None:
                elsewhere = codes.str[:2].ne(state) & codes.notna() & state.notna()
                wrong.append((column, ELSEWHERE, elsewhere))
        for last, first in ORDER.items():
            if {first, last} <= set(table):
                wrong.append((last, f"is before {first}", table[last].lt(table[first])))
        if "case_id" in table:
            lost = table["case_id"].notna() & ~table["case_id"].isin(loaded[CASES]["case_id"])
            wrong.append(("case_id", NO_CASE, lost))
        found += [
            f"{name}, row {row}, column {column}: {problem}"
            for column, problem, rows in wrong
            for row in table.loc[rows.fillna(False).astype(bool), "source_row"]
        ]
    return found


def letters(name):
    """A name of a place as sources agree on it: "St. Paul" is "ST PAUL"."""
    return re.sub(r"\W", "", str(name)).upper()


@pytest.fixture(scope="module")
def loaded():
    return {name: tables.load(name) for name in ALL_SCHEMAS}


def test_the_pairs_are_found_by_their_names():
    assert {"period_end": "period_start", "days_held_high": "days_held_low"}.items() <= ORDER.items()


def test_no_table_contradicts_itself_or_another(loaded):
    assert contradictions(loaded) == []


JUDGES = ("states", "census_county_codes", "county_population", CASES, GOVERNMENTS)
DAY = pd.Timestamp("1950-01-01")
# What is written into a column, and what is said of it.
SLIPS = [
    *((column, "32999", NO_COUNTY) for column in COUNTIES),
    *((column, "06037", ELSEWHERE) for column in COUNTIES),
    ("place_fips", "0644000", ELSEWHERE),
    ("place_fips", "2799999", NO_CITY),
    ("place_fips", "0644000", NO_CITY),
    *((last, -1 if last.endswith("_high") else DAY, f"is before {first}") for last, first in ORDER.items()),
    ("case_id", "nobody-v-nobody", NO_CASE),
]
# What a slip needs beside it, and the tables that are themselves the list of what there is.
BESIDE = {ELSEWHERE: {"state", "state_name"}, NO_CITY: {"city"}}
BESIDE |= {f"is before {first}": {first} for first in ORDER.values()}
LISTS = {NO_COUNTY: {"census_county_codes", "county_population"}, NO_CASE: {CASES}}


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("column", "value", "problem"), SLIPS, ids=[f"{slip[0]}-{slip[2]}" for slip in SLIPS])
def test_a_slip_is_named_by_table_row_and_column_in_every_table(column, value, problem, loaded):
    tried = 0
    for name, schema in ALL_SCHEMAS.items():
        table = loaded[name].copy()
        needed = list(BESIDE.get(problem, {column}) & set(schema.columns))
        if column not in schema.columns or not needed or table.empty or name in LISTS.get(problem, ()):
            continue
        row = table[table[needed[0]].notna() & ~table[needed[0]].isin(["CA", "CALIFORNIA"])].index[-1]
        table[column] = table[column].astype(object)
        table.loc[row, column] = value
        found = contradictions({**{key: loaded[key] for key in JUDGES}, name: table})
        assert f"{name}, row {row + 2}, column {column}: {problem}" in found, name
        tried += 1
    assert tried
