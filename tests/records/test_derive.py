"""Every derived table from small files of our own, to the row; the released files are in `test_fetch_and_derive`."""

import duckdb
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.errors import DataError
from detainer_analysis.records import census_tables, derive, fetch, lists, shapes

I247, I247D = "I247 - Immigration Detainer - Notice of Action (as of March 2013)", "I247D - Immigration Detainer"
DECLINED, BOOKED = "Detainer Declined by LEA", "Booked into Detention"
HEADER = ("Prepare Date", "Detainer Type", "Detainer Detention Facility", "City", "State", "Detainer Lift Reason")
HENNEPIN = ("HENNEPIN CO. ADC", "MINNEAPOLIS", "MINNESOTA")
RECORDS = [
    ("10/1/2014", I247, *HENNEPIN, DECLINED),
    ("10/1/2014", I247, *HENNEPIN, DECLINED),
    ("10/2/2014", I247, *HENNEPIN, BOOKED),
    ("10/6/2014", I247D, *HENNEPIN, None),
    ("10/2/2014", I247, "RAMSEY COUNTY LEC", "ST PAUL", "MINNESOTA", None),
    ("11/3/2014", "I247X", "WASCO STATE PRISON", "WASCO", "CALIFORNIA", "Lifted"),
    ("11/3/2014", "Another form", "A COUNTY JAIL", "NOWHERE", "CALIFORNIA", DECLINED),
    ("11/4/2014", I247, "OTHER-OTHER FACILITY", None, None, DECLINED),
]
COUNTIES = """SUMLEV,STATE,COUNTY,CTYNAME,POPESTIMATE2016,POPESTIMATE2017
040,27,000,Minnesota,5522744,5576606
050,35,013,Do\xf1a Ana County,213963,215579
050,27,123,Ramsey County,541493,547202
050,27,053,Hennepin County,1235478,1251730
050,42,091,Montgomery County,821301,826075
"""
CITIES = """FIPS State Code,FIPS County Code,Place Name,GOVS Type Code
6,29,WASCO CITY,2
27,123,ST. PAUL CITY,2
27,,NO COUNTY CITY,2
"""
CODES = [
    ("GOVS state", "GOVS county", "Name", "FIPS state", "FIPS county"),
    ("24", "000", "MINNESOTA", "27", "000"),
    ("24", "062", "RAMSEY", "27", "123"),
    ("24", "027", "HENNEPIN", "27", "053"),
    ("24", "099", "AN AREA OF THE PAST", "27", ""),
]
TEXTS = {
    derive.BY_MONTH: "year_month,count\n2015-02,4\n2015-01,3\n",
    derive.BY_REASON: f"year,lift_reason,count\n2015,Lifted,4\n2015,{DECLINED},1\n",
    derive.BY_FACILITY: "year,det_facility,city,state,count,det_facility,year,count\n"
    "2015,TWO PLACES,Y,OHIO,2,TWO PLACES,2015,9\n2015,TWO PLACES,X,OHIO,1,TWO PLACES,2015,9\n"
    "2014,NO OTHER,ST PAUL,MINNESOTA,5,,,\n2015,HENNEPIN CO. ADC,MINNEAPOLIS,MINNESOTA,3,HENNEPIN CO. ADC,2015,7\n",
    derive.PENNSYLVANIA: "date,lift_reason,det_facility,city,state,detainer_type\n"
    f'2007-10-02 00:00:00,{BOOKED},"MONTGOMERY CNTY JAIL, PA",NORRISTOWN,PENNSYLVANIA,\n'
    f'2007-10-09 00:00:00,{DECLINED},"MONTGOMERY CNTY JAIL, PA",NORRISTOWN,PENNSYLVANIA,\n'
    "2007-10-09 00:00:00,,A COUNTY JAIL,NOWHERE,PENNSYLVANIA,\n",
    lists.CITIES: CITIES,
}
# Welfare aid moves from the state's item (C79) to the federal one (B79) in 2018, and repeats in 2020.
WELFARE = {2013: (1, 9), 2014: (1, 9), 2015: (2, 9), 2016: (1, 9), 2018: (8, 2), 2019: (7, 2), 2020: (7, 3)}


@pytest.fixture(scope="module")
def files(tmp_path_factory, workbook):
    """A small file for every input of the derived tables, by its id."""
    folder = tmp_path_factory.mktemp("inputs")
    found = {key: folder / f"{key}.csv" for key in TEXTS}
    for key, text in TEXTS.items():
        found[key].write_text(text, encoding="utf-8")
    found[lists.COUNTIES] = folder / "counties.csv"
    found[lists.COUNTIES].write_text(COUNTIES, encoding="latin-1")
    found[lists.CODES] = workbook(folder / "codes.xlsx", {"Sheet1": CODES})
    found[derive.WORKBOOK] = workbook(folder / "fy15ytd.xlsx", {"S": [HEADER, *RECORDS]})
    casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in census_tables.LONG.items())
    with duckdb.connect() as database:
        for key, (year, millions) in zip(derive.UNITS, WELFARE.items(), strict=True):
            rows = pd.DataFrame({"item_code": ["B79", "C79"], "amt": [1000 * amount for amount in millions]}).assign(
                canonical_govid="24102702700000", type=1, fips_state=27, fips_county=53, fips_place_code=99053
            )
            rows = rows.assign(gov_name="HENNEPIN COUNTY", population=5, year=year, impute_flag="R")
            database.register("rows", rows)
            found[key] = folder / f"{key}.parquet"
            database.execute(f"copy (select {casts} from rows) to '{found[key]}' (format parquet)")
    assert set(found) == set(derive.inputs()) - {shapes.SHAPES}
    return found


ROWS = {
    "outcomes_fy2015": f"""
2014-10,{I247},,1
2014-10,{I247},Booked into Detention,1
2014-10,{I247},Detainer Declined by LEA,2
2014-10,{I247D},,1
2014-11,Another form,Detainer Declined by LEA,1
2014-11,{I247},Detainer Declined by LEA,1
2014-11,I247X,Lifted,1
""",
    "places_fy2015": """
A COUNTY JAIL,NOWHERE,CA,,not found,county jail,1,0,1
HENNEPIN CO. ADC,MINNEAPOLIS,MN,27053,facility name,county jail,4,1,2
OTHER-OTHER FACILITY,,,,no place,catch-all,1,0,1
RAMSEY COUNTY LEC,ST PAUL,MN,27123,facility name,county jail,1,1,0
WASCO STATE PRISON,WASCO,CA,06029,city,state prison,1,0,0
""",
    "declines_fy2015": """
2014-10,HENNEPIN CO. ADC,MINNEAPOLIS,MN,27053,facility name,county jail,2
2014-11,A COUNTY JAIL,NOWHERE,CA,,not found,county jail,1
2014-11,OTHER-OTHER FACILITY,,,,no place,catch-all,1
""",
    "issued_by_month": """
2015-01,3
2015-02,4
""",
    "outcomes_by_year": """
2015,,2
2015,Detainer Declined by LEA,1
2015,Lifted,4
""",
    "declines_by_facility": """
2014,NO OTHER,ST PAUL,MN,27123,city,unclassified,5,
2015,HENNEPIN CO. ADC,MINNEAPOLIS,MN,27053,facility name,county jail,3,7
2015,TWO PLACES,X,OH,,not found,unclassified,1,
2015,TWO PLACES,Y,OH,,not found,unclassified,2,
""",
    "census_county_codes": """
24,027,27053,HENNEPIN
24,062,27123,RAMSEY
""",
    "county_population": """
27053,Hennepin County,2017,1251730
27123,Ramsey County,2017,547202
35013,Do\xf1a Ana County,2017,215579
42091,Montgomery County,2017,826075
""",
    "outcomes_by_place_fy2015": """
2014-10,I-247,HENNEPIN CO. ADC,MINNEAPOLIS,MN,3,0,2
2014-10,I-247D,HENNEPIN CO. ADC,MINNEAPOLIS,MN,1,1,0
2014-10,I-247,RAMSEY COUNTY LEC,ST PAUL,MN,1,1,0
2014-11,other,A COUNTY JAIL,NOWHERE,CA,1,0,1
2014-11,I-247,OTHER-OTHER FACILITY,,,1,0,1
2014-11,I-247X,WASCO STATE PRISON,WASCO,CA,1,0,0
""",
    "outcomes_by_day_fy2015": """
2014-10-01,2,0,2,0
2014-10-02,2,1,0,1
2014-10-06,1,1,0,0
2014-11-03,2,0,1,0
2014-11-04,1,0,1,0
""",
    "jails_by_week_fy2015": """
2014-09-29,27053,3,0,2
2014-09-29,27123,1,1,0
2014-10-06,27053,1,1,0
2014-11-03,,1,0,1
""",
    "outcomes_pennsylvania": """
2007-10,,county jail,1,1,0,0
2007-10,42091,county jail,2,0,1,1
""",
    "recounted": "\n",
}


def test_every_table_is_what_the_records_say_to_the_row(files, data, monkeypatch):
    """Some seconds, for the main job reads the workbook anew for each of six tables."""
    monkeypatch.setattr(fetch, "fetch_all", lambda keys: {key: files[key] for key in keys})
    counted = {name: entry for name, entry in derive.TABLES.items() if shapes.SHAPES not in entry[1]}
    monkeypatch.setattr(derive, "TABLES", counted)  # the map's shapes have tests of their own
    written = derive.derive(data)
    for name, rows in ROWS.items():
        assert tables.path(name, data).read_text(encoding="utf-8").partition("\n")[2] == rows[1:], name
        assert len(tables.load(name, data)) == rows.count("\n") - 1 == written[name]
    found = tables.load("census_units", data)
    assert found[["fiscal_year", "federal_direct_usd", "state_aid_usd"]].to_numpy().tolist() == [
        [year, federal * 1_000_000, state * 1_000_000] for year, (federal, state) in WELFARE.items()
    ]
    assert found["coding_change"].dropna().tolist() == ["to federal"]
    assert found["federal_repeats"].fillna("").tolist() == ["", "yes", "no", "no", "no", "no", "yes"]


def test_records_without_a_month_are_in_no_count_by_month(files, workbook, tmp_path):
    undated = (None, *RECORDS[0][1:])
    path = workbook(tmp_path / "fy15ytd.xlsx", {"S": [HEADER, *RECORDS[:2], undated]})
    found = derive.outcomes_by_place(files | {derive.WORKBOOK: path})
    assert found["detainers"].tolist() == [2]
    assert found[["form", "state", "county_fips"]].to_numpy().tolist() == [["I-247", "MN", "27053"]]


def test_a_renamed_column_of_an_aggregate_is_named(tmp_path):
    path = tmp_path / "months.csv"
    path.write_text("month,count\n2015-01,3\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"months\.csv, row 1, column year_month: the column is missing"):
        derive.issued_by_month({derive.BY_MONTH: path})


def test_aggregates_that_contradict_each_other_are_refused(tmp_path):
    months, reasons = tmp_path / "months.csv", tmp_path / "reasons.csv"
    months.write_text("year_month,count\n2015-01,3\n", encoding="utf-8")
    reasons.write_text("year,lift_reason,count\n2015,Lifted,4\n", encoding="utf-8")
    with pytest.raises(DataError, match="does not fit the months"):
        derive.outcomes_by_year({derive.BY_MONTH: months, derive.BY_REASON: reasons})
