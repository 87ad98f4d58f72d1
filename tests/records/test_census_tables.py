"""Re-tabulated finance files, written here in their true form: what they hold, and what must not pass."""

import bz2
import gzip
import lzma
import re
import struct
import tracemalloc
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
import rdata

from detainer_analysis.data import tables
from detainer_analysis.errors import DataError
from detainer_analysis.records import census_finance, census_tables, r_tables

HENNEPIN, CHICAGO, SCHOOLS = "24102702700000", "14201601600000", "24502700100000"


@pytest.fixture(scope="module")
def codes():
    return tables.load("census_county_codes")


def government(code=HENNEPIN, name="HENNEPIN COUNTY", fips="053", place="99053", **amounts):
    """One row of the R table: every column, empty but for `amounts`, with totals that fit."""
    row = dict.fromkeys(census_tables.ITEMS, float("nan")) | amounts
    given = {census_tables.ITEMS[column]: value for column, value in amounts.items() if column in census_tables.ITEMS}
    unit = {"govid_14": code, "YearData": 2016.0, "Name": name, "fips_state": "27", "fips_county": fips}
    totals = {
        census_tables.AID: float(sum(value for item, value in given.items() if item[0] in "BCD")),
        census_tables.REVENUE: float(sum(given.values())),
    }
    return unit | {"fips_place": place, "population": 1223149.0} | totals | row | amounts


ROWS = (
    government(**{"Fed.IG.Public.Welfare": 24.0, "Federal.IG.Other": 54.0, "Hospital.Charges": 800.0}),
    government(CHICAGO, "CHICAGO CITY", "031", "14000", **{"Interest.Earnings": -7.0, "Property.Tax": 9.0}),
    government(SCHOOLS, "A SCHOOL DISTRICT", **{"Property.Tax": 9.0, census_tables.REVENUE: 11.0}),
    government("24106206800000", "ROSEAU COUNTY", "135", "99135"),
)


@pytest.fixture
def wide(tmp_path):
    """Write a table of R from rows."""

    def write(*rows, drop=(), name="IndFin_2016.RData", **more):
        path = tmp_path / name
        rdata.write_rda(path, {"findat_2016_wide": pd.DataFrame(rows).drop(columns=list(drop)), **more})
        return path

    return write


@pytest.fixture
def long(tmp_path):
    """Write a parquet table from rows of unit, type, item, amount in thousands and flag."""

    def write(*rows, drop=(), name="long_2019.parquet", **types):
        columns = ["canonical_govid", "type", "fips_county", "item_code", "amt", "impute_flag"]
        table = pd.DataFrame(rows, columns=columns).assign(
            fips_state=27, fips_place_code=99053, gov_name="HENNEPIN COUNTY", population=1252024, year=2019
        )
        chosen = [name for name in census_tables.LONG if name not in drop]
        casts = ", ".join(f"cast({name} as {types.get(name, census_tables.LONG[name])}) as {name}" for name in chosen)
        path = tmp_path / "rows.parquet"
        with duckdb.connect() as database:
            database.register("rows", table)
            database.execute(f"copy (select {casts} from rows) to '{path}' (format parquet)")
        return path.rename(tmp_path / name)

    return write


def test_the_r_table_gives_items_in_dollars(wide, codes):
    found, words = census_finance.counties(wide(*ROWS), codes)
    county = found.iloc[0]
    assert (county["county_fips"], county["county"], county["fiscal_year"]) == ("27053", "HENNEPIN", 2016)
    assert county["federal_direct_usd"] == 78_000
    assert county["general_revenue_usd"] == 878_000
    assert county["flags"] == ""
    # Every row has a word: one is used, two are no counties, one has no revenue at all.
    assert words == ["IndFin_2016.RData: 4 rows: 1 used; set aside: 2 of other governments, 1 without revenue"]


def test_every_column_of_the_r_table_has_the_code_of_its_kind():
    kinds = {"Federal.IG": "B", "Fed.IG": "B", "State.IG": "C", "Local.IG": "D"}
    for column, item in census_tables.ITEMS.items():
        for start, letter in kinds.items():
            assert not column.startswith(start) or item[0] == letter
    assert len(set(census_tables.ITEMS.values())) == len(census_tables.ITEMS)


def test_a_city_in_the_r_table_may_lose_interest(wide, codes):
    lines = census_finance.read(wide(*ROWS), codes).lines
    city = census_finance.revenue(census_finance.revenue_lines(lines)).set_index("government").loc[CHICAGO]
    assert city["general_revenue_usd"] == 2_000
    assert city["place_fips"] == "2714000"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({census_tables.REVENUE: 879.0}, f"row 1, column {census_tables.REVENUE}: is not the sum of its items"),
        ({census_tables.AID: 1.0}, f"row 1, column {census_tables.AID}: is not the sum of its items"),
    ],
)
def test_totals_that_do_not_fit_their_items_are_refused(wide, change, message):
    with pytest.raises(DataError, match=f"^IndFin_2016.RData, {re.escape(message)} \\({HENNEPIN}\\)"):
        census_tables.read_rdata(wide(ROWS[0] | change))


def test_what_is_no_table_of_governments_is_named(wide, tmp_path):
    with pytest.raises(DataError, match="row 2, column govid_14: the government has two rows"):
        census_tables.read_rdata(wide(ROWS[0], ROWS[0]))
    with pytest.raises(DataError, match=r"row 1, column Fed\.IG\.Public\.Welfare: the column is missing"):
        census_tables.read_rdata(wide(*ROWS, drop=["Fed.IG.Public.Welfare"]))
    with pytest.raises(DataError, match="must hold one table; it holds 2"):
        census_tables.read_rdata(wide(*ROWS, other=pd.DataFrame({"a": [1.0]})))
    with pytest.raises(DataError, match="cannot be read: No such file"):
        census_tables.read_rdata(tmp_path / "none.RData")
    damaged = tmp_path / "damaged.RData"
    damaged.write_bytes(wide(*ROWS).read_bytes()[:200])
    with pytest.raises(DataError, match="is not a file of R that can be read"):
        census_tables.read_rdata(damaged)


@pytest.mark.parametrize("module", [gzip, bz2, lzma])
def test_a_file_that_unpacks_without_end_is_refused_before_the_memory_is_taken(tmp_path, module):
    path = tmp_path / "x.RData"
    with module.open(path, "wb") as out:
        out.write(bytes(30 << 20))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"^x\.RData: unpacks to more than 2,097,152 bytes"):
        census_tables.read_rdata(path)
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()
    path.write_bytes(module.compress(gzip.compress(b"RDX3")))
    with pytest.raises(DataError, match="is packed twice"):
        census_tables.read_rdata(path)


def test_classes_of_the_tidyverse_are_read_as_tables(wide, monkeypatch):
    asked = {}

    def objects(content, classes):
        asked.update(classes)
        return {"x": pd.DataFrame([ROWS[0]])}

    monkeypatch.setattr(r_tables, "objects", objects)
    census_tables.read_rdata(wide(*ROWS))
    frame = rdata.conversion.DEFAULT_CLASS_MAP["data.frame"]
    assert asked["rowwise_df"] is asked["tbl_df"] is frame
    assert asked["vctrs_list_of"]([1], SimpleNamespace()) == [1]


ODD = pd.DataFrame(
    {
        "text": ["SAME", "SAME", None, "", "PEÑA BLANCA"],
        "whole": pd.array([1, None, -2, 4, 5], dtype="Int32"),
        "number": [1.5, float("nan"), -0.0, 4.0, 5.0],
        "truth": pd.array([True, None, False, True, True], dtype="boolean"),
    }
)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("form", ["xdr", "ascii"])
def test_a_table_of_r_is_what_rdata_makes_of_it_and_is_never_cut_off(form, version, tmp_path):
    path = tmp_path / "x.rda"
    rdata.write_rda(path, {"t": ODD, "n": [1, 2]}, file_format=form, format_version=version, compression=None)
    written, known = path.read_bytes(), rdata.conversion.DEFAULT_CLASS_MAP
    latin = written.replace(bytes.fromhex("00008009"), bytes.fromhex("00004009"))  # the same letters in Latin-1
    assert (latin == written) is (form == "ascii")
    for content in (written, latin):
        expected, found = rdata.conversion.convert(rdata.parser.parse_data(content)), r_tables.objects(content, known)
        pd.testing.assert_frame_equal(found["t"], expected["t"])
        assert found["t"]["text"].isna().tolist() == [False, False, True, False, False]
        assert found["n"] == expected["n"]
    for end in range(len("RDX3\nX\n"), len(written)) if form == "xdr" else ():
        with pytest.raises((struct.error, EOFError, ValueError)):
            r_tables.objects(written[:end], known)


PARQUET = (
    ("271053167358", 1, 53, "B79", 27, "R"),
    ("271053167358", 1, 53, "C79", 220, "I"),
    ("271053167358", 1, 53, "A36", 989, "R"),
    ("271053167358", 1, 53, "E36", 989, "R"),
    ("271053167358", 1, 53, "19U", 5, "R"),
    ("272053193551", 2, 53, "B50", 7, "R"),
)


def test_the_parquet_table_gives_items_and_flags(long, codes):
    found, words = census_finance.counties(long(*PARQUET), codes)
    county = found.iloc[0]
    assert (county["government"], county["county_fips"]) == ("271053167358", "27053")
    assert county["federal_direct_usd"] == 27_000
    assert county["state_aid_usd"] == 220_000
    assert county["general_revenue_usd"] == 1_236_000
    assert county["flags"] == "IR"
    assert words == ["long_2019.parquet: 6 rows: 3 used; set aside: 1 of other governments, 2 not general revenue"]


def test_a_name_with_signs_of_a_pattern_names_one_file(long):
    assert census_tables.read_parquet(long(*PARQUET, name="long [2019] *.parquet")).rows == len(PARQUET)


def test_a_missing_amount_in_parquet_empties_its_sum(long, codes):
    found, words = census_finance.counties(long(*PARQUET, ("271053167358", 1, 53, "B89", None, "W")), codes)
    county = found.iloc[0]
    assert pd.isna(county["federal_direct_usd"])
    assert pd.isna(county["general_revenue_usd"])
    assert county["state_aid_usd"] == 220_000
    assert "1 with the amount withheld" in words[0]


def test_what_is_no_long_table_is_named(long, tmp_path):
    with pytest.raises(DataError, match=r"^long_2019\.parquet, row 1, column amt: the column is missing"):
        census_tables.read_parquet(long(*PARQUET, drop=["amt"]))
    with pytest.raises(DataError, match="column amt: must be INTEGER, is VARCHAR"):
        census_tables.read_parquet(long(*PARQUET, amt="VARCHAR"))
    text = tmp_path / "text.parquet"
    text.write_text("no parquet", encoding="utf-8")
    for path in (text, tmp_path / "none.parquet"):
        with pytest.raises(DataError, match=f"^{path.name}: cannot be read"):
            census_tables.read_parquet(path)
