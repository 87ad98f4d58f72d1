"""Aggregates of the records, rebuilt from fetched files into ``data/derived``.

The notebooks run from these tables and need no record. ``recipe.json`` beside them says from which bytes they
were made; the tests make them again and compare byte for byte where the files are at hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import narwhals as nw
import pandas as pd
from python_calamine import CalamineWorkbook

from detainer_analysis.data import cells, sources, tables
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA
from detainer_analysis.records import counting, fetch, places, reading

WORKBOOK = "ice-detainers-fy2015"
PENNSYLVANIA = "pennsylvania-detainers"
BY_MONTH, BY_REASON, BY_FACILITY = "npr-detainers-by-month", "npr-detainers-by-reason", "npr-declines-by-facility"
COUNTIES, CITIES, CODES = "census-county-population", "census-place-codes", "census-county-codes"
POPULATION_YEAR = 2017
FORMS = {"I247": "I-247", "I247A": "I-247A", "I247D": "I-247D", "I247N": "I-247N", "I247X": "I-247X"}
SAMPLE_SIZE, SAMPLE_SEED = 100, 20_260_101
Files = dict[str, Path]


def outcomes_fy2015(files: Files) -> pd.DataFrame:
    """Fiscal 2015 records by month, form and lift reason: ``detainers``."""
    frame = reading.read(files[WORKBOOK])
    table = counting.count(frame, "month", "form", "reason")[["month", "form", "lift_reason", "detainers"]]
    return table.sort_values(["month", "form", "lift_reason"], na_position="first", ignore_index=True)


def places_fy2015(files: Files) -> pd.DataFrame:
    """Fiscal 2015 records by place, with county and kind of facility."""
    return _placed(_count_places(files), files)


def declines_fy2015(files: Files) -> pd.DataFrame:
    """Declined detainers of fiscal 2015 by month and place, with county and kind of facility."""
    table = _count_places(files, "month")
    return _placed(table.loc[table["declined"].gt(0), ["month", *places.KEY, "declined"]], files)


def outcomes_by_place_fy2015(files: Files) -> pd.DataFrame:
    """Fiscal 2015 records by month, place and form; `places_fy2015` has the places' county and kind."""
    return outcomes_by_place(files).drop(columns=["county_fips", "located_by", "facility_type"])


def outcomes_by_place(files: Files) -> pd.DataFrame:
    """Records of any release by month, place and form, with county and kind of facility.

    Records without a month are left out; forms get their short names.
    """
    table = _count_places(files, "month", "form")
    short = table["form"].astype("str").str.extract("^(I247[A-Z]?)", expand=False).map(FORMS).fillna("other")
    keys = ["month", *places.KEY, "form"]
    sums = table.assign(form=short).dropna(subset="month").groupby(keys, dropna=False, as_index=False).sum()
    found = _placed(sums, files)
    return found.sort_values(["month", "facility", "city", "state", "form"], na_position="first", ignore_index=True)


def _count_places(files: Files, *by: str) -> pd.DataFrame:
    named = reading.read(files[WORKBOOK]).with_columns(state_name=nw.col("state"))
    table = counting.count(named, *by, *places.KEY)
    return table.drop(columns=["declined_percent_of_all", "declined_percent_of_recorded"])


def outcomes_pennsylvania(files: Files) -> pd.DataFrame:
    """Records of Pennsylvania, October 2007 to July 2015, by month, county and kind of facility."""
    named = reading.read(files[PENNSYLVANIA]).with_columns(state_name=nw.col("state"))
    table = counting.count(named, "month", *places.KEY, "reason")
    booked = table["detainers"].where(table["lift_reason"].eq(counting.BOOKED), 0)
    numbers = ["detainers", "no_recorded_outcome", "declined", "booked_into_detention"]
    rows = table.assign(booked_into_detention=booked)[["month", *places.KEY, *numbers]]
    keys = ["month", "county_fips", "facility_type"]
    sums = _placed(rows, files).groupby(keys, dropna=False)[numbers].sum().reset_index()
    return sums.sort_values(keys, na_position="first", ignore_index=True)


def issued_by_month(files: Files) -> pd.DataFrame:
    """Detainers prepared in each month since October 2007, from NPR's aggregate."""
    table = _csv(files[BY_MONTH], {"year_month": "month", "count": "detainers"})
    return table.sort_values("month", ignore_index=True)


def outcomes_by_year(files: Files) -> pd.DataFrame:
    """Lift reasons by calendar year of preparation, from NPR's aggregates.

    NPR's table of reasons leaves out detainers without one; they are the difference to all detainers of the
    year's months, and get an empty reason.
    """
    table = _csv(files[BY_REASON], {"year": "year", "lift_reason": "lift_reason", "count": "detainers"})
    months = issued_by_month(files)
    every = months.groupby(months["month"].str[:4].astype(int))["detainers"].sum()
    none = (every - table.groupby("year")["detainers"].sum()).rename_axis("year").reset_index()
    if none["detainers"].lt(0).any() or none["detainers"].isna().any():
        raise DataError(files[BY_REASON].name, f"does not fit the months of {files[BY_MONTH].name}", column="count")
    rows = pd.concat([table, none.assign(lift_reason=pd.NA)])[["year", "lift_reason", "detainers"]]
    return rows.sort_values(["year", "lift_reason"], na_position="first", ignore_index=True)


def declines_by_facility(files: Files) -> pd.DataFrame:
    """Declines by facility and year of preparation, from NPR's aggregate, with county and kind of facility.

    NPR's count of other outcomes is joined by name and year only; it is left empty where a name occurs in
    several places of a year, for then it belongs to none of them.
    """
    rows = _cells(files[BY_FACILITY])
    names = ["year", "facility", "city", "state_name", "declined", "_facility", "_year", "other_outcomes"]
    table = pd.DataFrame(rows[1:], columns=names, dtype=str).replace("", pd.NA)
    table = table.astype({"year": int, "declined": int, "other_outcomes": "Int64"}).drop(columns=["_facility", "_year"])
    shared = table.duplicated(["year", "facility"], keep=False)
    table["other_outcomes"] = table["other_outcomes"].mask(shared)
    return _placed(table[["year", *places.KEY, "declined", "other_outcomes"]], files)


def _cells(path: Path) -> list[list[str]]:
    return cells.read_rows(cells.read_bytes(path, path.name), path.name)


def _csv(path: Path, columns: dict[str, str]) -> pd.DataFrame:
    rows = _cells(path)
    if missing := [name for name in columns if name not in rows[0]]:
        raise DataError(
            path.name, f"the column is missing; the header has {', '.join(rows[0])}", row=1, column=missing[0]
        )
    table = pd.DataFrame(rows[1:], columns=rows[0], dtype=str).rename(columns=columns)[list(columns.values())]
    numbers = {name: int for name in ("detainers", "year") if name in table}
    return table.replace("", pd.NA).astype(numbers)


def _placed(table: pd.DataFrame, files: Files) -> pd.DataFrame:
    """`table` with state, county and kind in place of the state's name, in a fixed order."""
    unique = table[places.KEY].drop_duplicates(ignore_index=True)
    found = places.locate(
        unique,
        tables.load("states"),
        tables.load("county_overrides"),
        places.county_names(county_list(files)),
        places.city_names(city_list(files)),
    )
    found["facility_type"] = places.classify(found["facility"], tables.load("facility_types"))
    first = [name for name in ("month", "year", "form") if name in table]
    numbers = [name for name in table if name not in (*places.KEY, *first)]
    merged = table.merge(found, on=places.KEY, how="left", validate="many_to_one")
    columns = [*first, "facility", "city", "state", "county_fips", "located_by", "facility_type", *numbers]
    return merged[columns].sort_values([*first, "facility", "city", "state"], na_position="first", ignore_index=True)


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


def sample(declines: pd.DataFrame) -> pd.DataFrame:
    """The random sample of places whose mapping was checked by hand: drawn with a fixed seed, each place once."""
    located = declines[declines["county_fips"].notna()].drop_duplicates(["facility", "city", "state"])
    ordered = located.sort_values(["facility", "city", "state"], ignore_index=True)
    drawn = ordered.sample(SAMPLE_SIZE, random_state=SAMPLE_SEED)
    return drawn[["facility", "city", "state", "county_fips", "facility_type"]].sort_index().reset_index(drop=True)


TABLES: dict[str, tuple[Callable[[Files], pd.DataFrame], tuple[str, ...]]] = {
    "outcomes_fy2015": (outcomes_fy2015, (WORKBOOK,)),
    "places_fy2015": (places_fy2015, (WORKBOOK, COUNTIES, CITIES)),
    "declines_fy2015": (declines_fy2015, (WORKBOOK, COUNTIES, CITIES)),
    "issued_by_month": (issued_by_month, (BY_MONTH,)),
    "outcomes_by_year": (outcomes_by_year, (BY_REASON, BY_MONTH)),
    "declines_by_facility": (declines_by_facility, (BY_FACILITY, COUNTIES, CITIES)),
    "census_county_codes": (census_county_codes, (CODES,)),
    "county_population": (county_population, (COUNTIES,)),
    "outcomes_by_place_fy2015": (outcomes_by_place_fy2015, (WORKBOOK, COUNTIES, CITIES)),
    "outcomes_pennsylvania": (outcomes_pennsylvania, (PENNSYLVANIA, COUNTIES, CITIES)),
}


def inputs() -> list[str]:
    """Ids of the datasets that the derived tables are made from."""
    return sorted({key for _, needed in TABLES.values() for key in needed})


def derive(folder: Path = DATA) -> dict[str, int]:
    """Rebuild every derived table from fetched files, with the recipe and the checksums.

    Returns
    -------
    dict
        Rows of each table, by name.

    Raises
    ------
    DataError
        If a file cannot be had or is not as registered.
    """
    files = fetch.fetch_all(inputs())
    target = folder / "derived"
    target.mkdir(exist_ok=True)
    recipe: dict[str, object] = {"command": "python -m detainer_analysis derive", "inputs": {}, "tables": {}}
    for key in files:
        source = sources.read()[key]
        recipe["inputs"][key] = {"url": source.url, "sha256": source.sha256, "bytes": source.bytes}  # type: ignore[index]
    written = {}
    for name, (build, needed) in TABLES.items():
        table = build(files)
        content = table.to_csv(index=False, lineterminator="\n").encode()
        (target / f"{name}.csv").write_bytes(content)
        recipe["tables"][name] = {  # type: ignore[index]
            "inputs": list(needed),
            "rows": len(table),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        written[name] = len(table)
    (target / "recipe.json").write_text(json.dumps(recipe, indent=2) + "\n", encoding="utf-8")
    tables.seal(folder)
    return written
