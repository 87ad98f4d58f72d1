"""Re-tabulations of the individual-unit files: wide R tables (one row a government) and long parquet tables.

Neither is the Bureau's own. The R tables of justindbk/govfinances name their columns in words; `ITEMS` gives each
the item code of the Bureau's file, and the sums are checked against the totals in the same row. The parquet tables of
civilytics/uscogdata keep the codes and the imputation flags.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
from glob import escape
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from detainer_analysis.errors import DataError
from detainer_analysis.records.census_lines import DOLLARS_PER_UNIT, UnitLines

SCHOOL_DISTRICT = "5"  # their totals leave out payments between schools, so they are not the sum of the items
ITEMS = {
    "Air.Transportation.Charges": "A01",
    "Misc.Comrcial.Act.NEC.Charges": "A03",
    "Elem.Sec.Ed.Sch.Lunch.Charges": "A09",
    "Elem.Sec.Educ.Tuition.and.Transportation.Charges": "A10",
    "Elem.Sec.Educ.NEC.Charges": "A12",
    "Higher.Educ.Auxiliary.Charges": "A16",
    "Higher.Educ.Tuition.Charges": "A18",
    "Education.Other.State.Charges.NEC": "A21",
    "Hospital.Charges": "A36",
    "Regular.Highway.Charges": "A44",
    "Toll.Highway.Charges": "A45",
    "Housing.Comm.Dev.Charges": "A50",
    "Nat.Resources.NEC.Charges": "A59",
    "Parking.Facilities.Charges": "A60",
    "Parks.Recreation.Charges": "A61",
    "Sewerage.Charges": "A80",
    "Solid.Waste.Charges": "A81",
    "Water.Trans.Terminal.Charges": "A87",
    "All.Other.NEC.Charges": "A89",
    "Federal.IG.Air.Transportation": "B01",
    "Federal.IG.Education": "B21",
    "Federal.IG.Emp.Security.Admin.1": "B22",
    "Federal.IG.General.Support": "B30",
    "Federal.IG.Health.Hospitals": "B42",
    "Federal.IG.Highways": "B46",
    "Fed.IG.Housing.Comm.Dev": "B50",
    "Fed.IG.Other.Natural.Resources": "B59",
    "Fed.IG.Public.Welfare": "B79",
    "Federal.IG.Sewerage": "B80",
    "Federal.IG.Other": "B89",
    "Federal.IG.Water.Utilities": "B91",
    "Federal.IG.Electric.Utilities": "B92",
    "Federal.IG.Gas.Utilities": "B93",
    "Federal.IG.Transit.Utilities": "B94",
    "State.IG.Education": "C21",
    "State.IG.Other.General.Support": "C30",
    "State.IG.Health.Hospitals": "C42",
    "State.IG.Highways": "C46",
    "State.IG.Housing.Comm.Dev": "C50",
    "State.IG.Public.Welfare": "C79",
    "State.IG.Sewerage": "C80",
    "State.IG.Other": "C89",
    "State.IG.Water.Utilities": "C91",
    "State.IG.Electric.Utilities": "C92",
    "State.IG.Gas.Utilities": "C93",
    "State.IG.Transit.Utilities": "C94",
    "School.Intergovernmental.Interschool.System": "D11",
    "Local.IG.Education": "D21",
    "Local.IG.General.Support": "D30",
    "Local.IG.Health.Hospitals": "D42",
    "Local.IG.Highways": "D46",
    "Local.IG.Housing.Comm.Dev": "D50",
    "Local.IG.Public.Welfare": "D79",
    "Local.IG.Sewerage": "D80",
    "Local.IG.Other": "D89",
    "Local.IG.Water.Utilities": "D91",
    "Local.IG.Electric.Utilities": "D92",
    "Local.IG.Gas.Utilities": "D93",
    "Local.IG.Transit.Utilities": "D94",
    "Property.Tax": "T01",
    "Total.General.Sales.Taxes": "T09",
    "Alcoholic.Beverage.Sales.Tax": "T10",
    "Amusement.Tax": "T11",
    "Insurance.Premium.Tax": "T12",
    "Motor.Fuels.Sales.Tax": "T13",
    "Parimutuels.Tax": "T14",
    "Public.Utilities.Tax": "T15",
    "Tobacco.Sales.Tax": "T16",
    "Other.Selective.Sales.Taxes": "T19",
    "Alcoholic.Beverage.License.Tax": "T20",
    "Amusement.License.Tax": "T21",
    "Corporation.License.Tax": "T22",
    "Hunting.Fishing.License": "T23",
    "Motor.Vehicle.License": "T24",
    "Motor.Vehicle.Operators.Lic": "T25",
    "Public.Utility.License.Tax": "T27",
    "Occup.Business.License.NEC": "T28",
    "Other.License.Tax": "T29",
    "Indiv.Income.Tax": "T40",
    "Corporation.Net.Income.Tax": "T41",
    "Death.Gift.Tax": "T50",
    "Documentary.Stock.Trans.Tax": "T51",
    "Severance.Tax": "T53",
    "Taxes.NEC": "T99",
    "Special.Assessments": "U01",
    "Sale.of.Property.2": "U11",
    "Interest.Earnings": "U20",
    "Fines.Forfeits": "U30",
    "Rents": "U40",
    "Royalties": "U41",
    "Donations.From.Private.Sources": "U50",
    "Net.Lottery.Revenue": "U95",
    "Misc.General.Revenue.NEC": "U99",
}
AID, REVENUE = "Total.IG.Revenue", "General.Revenue"
UNIT = ["govid_14", "YearData", "Name", "fips_state", "fips_county", "fips_place", "population"]
# R's tables of governments unpack from 4 to 75 MB, in any of three ways.
UNPACKERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
HIGHEST_RATIO, SMALL_BYTES, MOST_BYTES = 50, 2 << 20, 256 << 20
LONG = {
    "canonical_govid": "VARCHAR",
    "type": "INTEGER",
    "fips_state": "INTEGER",
    "fips_county": "INTEGER",
    "fips_place_code": "INTEGER",
    "gov_name": "VARCHAR",
    "population": "INTEGER",
    "year": "INTEGER",
    "item_code": "VARCHAR",
    "amt": "INTEGER",
    "impute_flag": "VARCHAR",
}
_QUERY = """
select canonical_govid as government, cast(type as varchar) as government_type,
  lpad(cast(fips_state as varchar), 2, '0') || lpad(cast(fips_county as varchar), 3, '0') as county_fips,
  lpad(cast(fips_state as varchar), 2, '0') || lpad(cast(fips_place_code as varchar), 5, '0') as place_fips,
  gov_name as name, population, year as fiscal_year, item_code as item,
  cast(amt as bigint) * $unit as amount_usd, coalesce(impute_flag, '') as flag,
  file_row_number + 1 as source_row
from read_parquet($path, file_row_number = true)
order by source_row
"""


def read_rdata(path: Path) -> UnitLines:
    """The amounts of one wide R table (``.RData``), which has no flags.

    Raises
    ------
    DataError
        If the file is not R's, does not hold one table with the columns of `UNIT` and `ITEMS`, names a government
        twice, or has a row whose items do not add up to its totals.
    """
    wide = _table(path)
    wide["source_row"] = range(1, len(wide) + 1)
    amounts = wide.rename(columns=ITEMS)[list(ITEMS.values())].astype(float)
    state, aid = wide["fips_state"].astype(str).str.zfill(2), [item for item in amounts if item[0] in "BCD"]
    whole = ~wide["govid_14"].astype(str).str[2].eq(SCHOOL_DISTRICT)
    _refuse(path, wide, wide["govid_14"].duplicated(), "govid_14", "the government has two rows")
    for column, items in ((AID, aid), (REVENUE, list(amounts))):
        differs = amounts[items].sum(axis=1).ne(wide[column].fillna(0)) & whole
        _refuse(path, wide, differs, column, "is not the sum of its items")
    units = pd.DataFrame(
        {
            "government": wide["govid_14"].astype(str),
            "government_type": wide["govid_14"].astype(str).str[2],
            "county_fips": state + wide["fips_county"].astype(str),
            "place_fips": state + wide["fips_place"].astype(str),
            "name": wide["Name"].astype(str),
            "population": wide["population"].astype("Int64"),
            "fiscal_year": wide["YearData"].astype(int),
            "source_row": wide["source_row"],
        }
    )
    values = amounts.sort_index(axis=1)
    row, column = values.notna().to_numpy().nonzero()  # in order of row and item
    long = pd.DataFrame({"source_row": wide["source_row"].to_numpy()[row], "item": values.columns[column]})
    long["amount"] = values.to_numpy()[row, column]
    lines = long.merge(units, on="source_row")
    lines["amount_usd"] = (lines.pop("amount") * DOLLARS_PER_UNIT).astype("Int64")
    empty = len(wide) - lines["source_row"].nunique()
    return UnitLines(lines.assign(flag=""), len(wide), {"without revenue": empty})


def _table(path: Path) -> pd.DataFrame:
    import rdata  # its grammar takes half a second, and few files are R's

    from detainer_analysis.records import r_tables

    # Classes of the tidyverse that rdata does not know; none changes the values.
    known = rdata.conversion.DEFAULT_CLASS_MAP
    frame = known["data.frame"]
    tidy: dict[str | bytes, Any] = {"rowwise_df": frame, "tbl_df": frame, "vctrs_list_of": lambda value, _: value}
    try:
        objects = r_tables.objects(_unpacked(path), {**known, **tidy})
    except DataError:
        raise
    except OSError as error:
        raise DataError(path.name, f"cannot be read: {error.strerror}") from error
    except Exception as error:  # a damaged file ends in any of a dozen errors of the decompressors and the parser
        raise DataError(path.name, f"is not a file of R that can be read: {error}") from error
    tables = [value for value in objects.values() if isinstance(value, pd.DataFrame)]
    if len(tables) != 1:
        raise DataError(path.name, f"must hold one table; it holds {len(tables)}")
    table = tables[0].reset_index(drop=True)
    for column in (*UNIT, *ITEMS, AID, REVENUE):
        if column not in table:
            raise DataError(path.name, "the column is missing", row=1, column=column)
    return table


def _unpacked(path: Path) -> bytes:
    """The content of a file of R, which is unpacked once and no further than a table of governments can be."""
    with path.open("rb") as file:
        start = file.read(2)
    most = min(MOST_BYTES, max(SMALL_BYTES, HIGHEST_RATIO * path.stat().st_size))
    with UNPACKERS.get(start, open)(path, "rb") as file:
        content: bytes = file.read(most + 1)
    if len(content) > most:
        raise DataError(path.name, f"unpacks to more than {most:,} bytes, which no table of governments does")
    if content[:2] in UNPACKERS:
        raise DataError(path.name, "is packed twice; unpack it once")
    return content


def _refuse(path: Path, table: pd.DataFrame, wrong: pd.Series, column: str, problem: str) -> None:
    if wrong.any():
        first = table[wrong].iloc[0]
        raise DataError(path.name, f"{problem} ({first['govid_14']})", row=int(first["source_row"]), column=column)


def read_parquet(path: Path) -> UnitLines:
    """The amounts of one long parquet table, with their imputation flags.

    Raises
    ------
    DataError
        If the file is missing, is not parquet, or lacks a column of `LONG` or has it in another type.
    """
    named = escape(str(path))  # this file and no other, whatever signs its name has
    try:
        with duckdb.connect() as database:
            types = database.execute("describe select * from read_parquet($path)", {"path": named}).fetchall()
            found = {name: kind for name, kind, *_ in types}
            for column, kind in LONG.items():
                if found.get(column) != kind:
                    problem = f"must be {kind}, is {found[column]}" if column in found else "the column is missing"
                    raise DataError(path.name, problem, row=1, column=column)
            lines = database.execute(_QUERY, {"path": named, "unit": DOLLARS_PER_UNIT}).df()
    except duckdb.Error as error:
        raise DataError(path.name, f"cannot be read: {str(error).splitlines()[0]}") from error
    whole = {"amount_usd": "Int64", "population": "Int64", "fiscal_year": int}
    return UnitLines(lines.astype(whole), len(lines), {})
