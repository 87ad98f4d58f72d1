"""The table of governments: who is in it, what it flags, and that it agrees with two other tabulations."""

import os
from pathlib import Path

import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.errors import DataError
from detainer_analysis.paths import ROOT
from detainer_analysis.records import census_finance, census_units, fetch
from detainer_analysis.records.census_lines import UnitLines

MIRROR = Path(os.environ.get(fetch.MIRROR) or ROOT.parent / "shared" / "data")
OTHERS = MIRROR.parent / "facts" / "funding"
ITEMS, NAMED = OTHERS / "census_hennepin_ramsey_items.csv", OTHERS / "census_units_named_2013_2020.csv"
MINNESOTA = OTHERS / "census_units_mn_counties_2013_2020.csv"
needs_others = pytest.mark.skipif(
    not (NAMED.is_file() and MINNESOTA.is_file()), reason=f"no other tabulation of the Census units at {OTHERS}"
)
SAME = {
    "federal_direct_usd": "federal_direct_usd",
    "state_aid_usd": "state_aid_usd",
    "local_aid_usd": "local_aid_usd",
    "general_revenue_usd": "general_revenue_usd",
    "hospital_charges_usd": "hospital_charges_usd",
    "welfare_federal_B79_usd": "welfare_federal_usd",
    "welfare_state_C79_usd": "welfare_state_usd",
}


@pytest.fixture(scope="module")
def table():
    return tables.load("census_units")


def line(code, year, item, usd, fips="27053", place="2799053"):
    return {
        "government": code,
        "government_type": code[2],
        "county_fips": fips,
        "place_fips": place,
        "name": "A NAME",
        "population": 5,
        "fiscal_year": year,
        "item": item,
        "amount_usd": usd,
        "flag": "R",
    }


@pytest.fixture
def units(monkeypatch):
    """The table made from lines, one file a year."""

    def build(*lines):
        rows = pd.DataFrame(lines).assign(source_row=range(1, len(lines) + 1)).astype({"amount_usd": "Int64"})
        files = {Path(f"{year}.txt"): UnitLines(part, len(part), {}) for year, part in rows.groupby("fiscal_year")}
        monkeypatch.setattr(census_finance, "read", lambda path, _: files[path])
        loaded = (tables.load(name) for name in ("census_county_codes", "census_cities", "states"))
        return census_units.units(files, *loaded)

    return build


COUNTY, CITY, TOWN, INDEPENDENT = "271000000001", "272000000002", "272000000003", "472000000004"


def test_counties_named_cities_and_independent_cities_are_in_the_table(units):
    found = units(
        line(COUNTY, 2019, "B79", 1000),
        line(CITY, 2019, "B50", 2000, place="2743000"),
        line(TOWN, 2019, "B50", 3000, place="2700001"),
        line(INDEPENDENT, 2019, "B50", 4000, fips="51760", place="5167000"),
        line("274000000005", 2019, "B50", 5000),
    )
    assert found[["census_id", "kind", "state"]].to_numpy().tolist() == [
        [COUNTY, "county", "MN"],
        [CITY, "city", "MN"],
        [INDEPENDENT, "city and county", "VA"],
    ]
    assert found["place_fips"].isna().tolist() == [True, False, False]
    assert list(found) == census_units.COLUMNS


def year(number, federal, state, **more):
    return line(COUNTY, number, "B79", federal, **more), line(COUNTY, number, "C79", state, **more)


MILLION = 1_000_000


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        ((1, 113), (63, 50), "to federal"),
        ((63, 50), (1, 105), "to state"),
        ((1, 113), (63, 76), None),  # the sum grows by more than a tenth
        ((1, 113), (20, 93), None),  # less than a quarter changes sides
        ((0.1, 0.8), (0.7, 0.2), None),  # too small to tell
        ((10, 10), (14, 6), None),
        ((10, 10), (15, 5), "to federal"),
        ((0, 0), (0, 0), None),
    ],
)
def test_welfare_aid_that_changes_sides_is_flagged_and_left_as_it_is(units, then, now, change):
    amounts = [tuple(int(part * MILLION) for part in pair) for pair in (then, now)]
    found = units(*year(2016, *amounts[0]), *year(2018, *amounts[1]))
    assert [None if pd.isna(flag) else flag for flag in found["coding_change"]] == [None, change]
    assert found[["welfare_federal_usd", "welfare_state_usd"]].to_numpy().tolist() == [list(pair) for pair in amounts]


def test_a_repeated_federal_amount_is_flagged(units):
    found = units(
        *year(2015, 7000, 1), *year(2016, 7000, 2), *year(2018, 7001, 2), *year(2019, 0, 2), *year(2020, 0, 2)
    )
    assert found["federal_repeats"].fillna("first").tolist() == ["first", "yes", "no", "no", "no"]


def test_governments_are_not_compared_with_each_other(units):
    found = units(*year(2015, 7000, 1), line("271000000009", 2016, "B79", 7000, fips="27055"))
    assert found["federal_repeats"].isna().all()


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([line(COUNTY, 2019, "B79", None)], f"2019.txt: withholds an amount of {COUNTY}"),
        ([line(COUNTY, 2019, "B79", 1), line("271000000009", 2019, "B79", 1)], "has two governments of the FIPS codes"),
    ],
)
def test_a_file_that_gives_no_whole_row_is_refused(units, lines, problem):
    with pytest.raises(DataError, match=problem):
        units(*lines)


def test_every_city_of_the_list_has_rows(table):
    cities = tables.load("census_cities")
    found = table[table["place_fips"].isin(cities["place_fips"])].drop_duplicates("place_fips")
    assert set(found["place_fips"]) == set(cities["place_fips"])
    kinds = cities.set_index("place_fips")[["kind", "state"]]
    assert found.set_index("place_fips")[["kind", "state"]].sort_index().equals(kinds.sort_index())


def test_a_county_is_in_the_county_that_its_code_names(table):
    population = tables.load("county_population").set_index("county_fips")["county"]
    counties = table[table["kind"].eq("county")].drop_duplicates("county_fips")
    listed = counties["county_fips"].map(population).str.upper().str.replace(r"[^A-Z ]", "", regex=True)
    names = counties["name"].str.replace(r"[^A-Z ]", "", regex=True)
    assert listed.notna().all()
    first = [(a.split()[0], b.split()[0]) for a, b in zip(listed, names, strict=True)]
    assert sum(a != b for a, b in first) / len(first) < 0.01


def test_the_sums_are_those_of_another_tabulation(table):
    other = tables.load("census_direct_federal")
    both = other.merge(table, on=["census_id", "fiscal_year"], suffixes=("_other", ""))
    assert len(both) == len(other[other["fiscal_year"].lt(2017)]) == 126
    assert both["direct_federal_usd"].eq(both["federal_direct_usd"]).all()


def test_most_of_cambridges_direct_federal_money_is_its_hospitals(table):
    cambridge = table[table["place_fips"].eq("2511000")].set_index("fiscal_year")
    health = cambridge["health_federal_usd"] / cambridge["federal_direct_usd"]
    assert health.loc[:2018].between(0.86, 0.90).all()
    without = (cambridge["federal_direct_usd"] - cambridge["health_federal_usd"]).loc[2016]
    assert without == 9_950_000


def test_ramseys_welfare_aid_changed_its_code_in_2018_alone(table):
    ramsey = table[table["county_fips"].eq("27123") & table["kind"].eq("county")].set_index("fiscal_year")
    assert ramsey["coding_change"].dropna().to_dict() == {2018: "to federal"}
    hennepin = table[table["county_fips"].eq("27053") & table["kind"].eq("county")]
    assert hennepin["coding_change"].isna().all()


@needs_others
@pytest.mark.parametrize("file", [NAMED, MINNESOTA], ids=["named places", "Minnesota"])
def test_every_amount_is_that_of_an_independent_tabulation(table, file):
    other = pd.read_csv(file, dtype={"census_id": str, "county_fips": str}).fillna(dict.fromkeys(SAME, 0))
    other = other[other["general_revenue_usd"].gt(0)].rename(columns=SAME)
    both = other.merge(table, on=["census_id", "fiscal_year"], how="left", suffixes=("_other", ""))
    for column in SAME.values():
        assert both[f"{column}_other"].astype(float).eq(both[column].astype(float)).all(), column
    assert both["county_fips_other"].eq(both["county_fips"]).all()


@pytest.mark.usefixtures("untraced")
@needs_others
@pytest.mark.parametrize(
    ("file", "fiscal_year"), [("IndFin_2016.RData", 2016), ("uscogdata/long_2019.parquet", 2019)], ids=["R", "parquet"]
)
def test_the_two_counties_have_the_items_of_an_independent_reading(file, fiscal_year):
    lines = census_finance.read(MIRROR / "census-units" / file, tables.load("census_county_codes")).lines
    other = pd.read_csv(ITEMS, dtype={"county_fips": str}).dropna(subset="census_item_code")
    other = other[other["fiscal_year"].eq(fiscal_year)].set_index(["county_fips", "census_item_code"])["amount_usd"]
    ours = lines[lines["government_type"].eq("1")].set_index(["county_fips", "item"])["amount_usd"]
    assert len(other) > 20
    assert ours.loc[other.index].eq(other).all()
