"""Lists of counties and cities, from the Census Bureau's files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from detainer_analysis.data import cells
from detainer_analysis.errors import DataError

COUNTIES, CITIES, CODES = "census-county-population", "census-place-codes", "census-county-codes"


POPULATION_YEAR = 2017


Files = dict[str, Path]


def cells_of(path: Path) -> list[list[str]]:
    """The cells of a fetched CSV file."""
    return cells.read_rows(cells.read_bytes(path, path.name), path.name)


def columns_of(path: Path, columns: dict[str, str]) -> pd.DataFrame:
    """The columns of a fetched CSV file that `columns` names, under our names."""
    rows = cells_of(path)
    if missing := [name for name in columns if name not in rows[0]]:
        raise DataError(
            path.name, f"the column is missing; the header has {', '.join(rows[0])}", row=1, column=missing[0]
        )
    table = pd.DataFrame(rows[1:], columns=rows[0], dtype=str).rename(columns=columns)[list(columns.values())]
    numbers = {name: int for name in ("detainers", "year") if name in table}
    return table.replace("", pd.NA).astype(numbers)


def county_list(files: Files) -> pd.DataFrame:
    """Counties of the Census: ``state_fips``, ``county_fips``, ``county``."""
    raw = pd.read_csv(files[COUNTIES], dtype=str, encoding="latin-1", usecols=["SUMLEV", "STATE", "COUNTY", "CTYNAME"])
    rows = raw[raw["SUMLEV"].eq("050")]
    return pd.DataFrame(
        {"state_fips": rows["STATE"], "county_fips": rows["STATE"] + rows["COUNTY"], "county": rows["CTYNAME"]}
    )


def city_list(files: Files) -> pd.DataFrame:
    """Municipalities and townships of the Census: ``state_fips``, ``county_fips``, ``place``, ``type_code``."""
    raw = pd.read_csv(files[CITIES], dtype=str, encoding="latin-1")
    rows = raw[raw["FIPS County Code"].notna()]
    state = rows["FIPS State Code"].str.zfill(2)
    return pd.DataFrame(
        {
            "state_fips": state,
            "county_fips": state + rows["FIPS County Code"].str.zfill(3),
            "place": rows["Place Name"],
            "type_code": rows["GOVS Type Code"].astype(int),
        }
    )


def census_county_codes(files: Files) -> pd.DataFrame:
    """The Census Bureau's government codes of states and counties with their FIPS codes."""
    sheet = CalamineWorkbook.from_path(files[CODES]).get_sheet_by_name("Sheet1")
    names = ["govs_state", "govs_county", "county", "fips_state", "fips_county"]
    table = pd.DataFrame(sheet.to_python(), columns=names, dtype=str)
    # Whole states, and areas of past decades, have no county code of their own.
    table = table[table["govs_county"].ne("000") & table["fips_county"].str.len().eq(3)]
    table["county_fips"] = table["fips_state"] + table["fips_county"]
    columns = ["govs_state", "govs_county", "county_fips", "county"]
    return table[columns].sort_values(columns[:2], ignore_index=True)


def county_population(files: Files) -> pd.DataFrame:
    """Residents of every county in the year of the budgets in question."""
    raw = pd.read_csv(files[COUNTIES], dtype=str, encoding="latin-1")
    rows = raw[raw["SUMLEV"].eq("050")]
    table = pd.DataFrame(
        {
            "county_fips": rows["STATE"] + rows["COUNTY"],
            "county": rows["CTYNAME"],
            "year": POPULATION_YEAR,
            "residents": rows[f"POPESTIMATE{POPULATION_YEAR}"].astype(int),
        }
    )
    return table.sort_values("county_fips", ignore_index=True)
