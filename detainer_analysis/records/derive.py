"""Aggregates of the records, rebuilt from fetched files into ``data/derived``.

The notebooks run from these tables and need no record. ``recipe.json`` beside them says from which bytes they
were made; the tests make them again and compare byte for byte where the files are at hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from detainer_analysis.data import sources, tables
from detainer_analysis.data.schemas import DERIVED_SCHEMAS
from detainer_analysis.errors import DataError
from detainer_analysis.files import write_together
from detainer_analysis.paths import DATA
from detainer_analysis.records import census_units as units
from detainer_analysis.records import counting, fetch, places, reading, shapes
from detainer_analysis.records.lists import (
    CITIES,
    CODES,
    COUNTIES,
    Files,
    cells_of,
    census_county_codes,
    city_list,
    columns_of,
    county_list,
    county_population,
)

WORKBOOK = "ice-detainers-fy2015"
PENNSYLVANIA = "pennsylvania-detainers"
BY_MONTH, BY_REASON, BY_FACILITY = "npr-detainers-by-month", "npr-detainers-by-reason", "npr-declines-by-facility"
UNITS = tuple(f"census-units-{year}" for year in (2013, 2014, 2015, 2016, 2018, 2019, 2020))
BOOKED = "Booked into Detention"
FORMS = {"I247": "I-247", "I247A": "I-247A", "I247D": "I-247D", "I247N": "I-247N", "I247X": "I-247X"}
SAMPLE_SIZE, SAMPLE_SEED = 100, 20_260_101


@cache
def _records(path: Path) -> nw.LazyFrame[Any]:
    """The records of a file, opened once: six tables are counted in one workbook."""
    return reading.read(path)


def outcomes_fy2015(files: Files) -> pd.DataFrame:
    """Fiscal 2015 records by month, form and lift reason: ``detainers``."""
    frame = _records(files[WORKBOOK])
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


def outcomes_by_day_fy2015(files: Files) -> pd.DataFrame:
    """Fiscal 2015 records by day of preparation; ``booked`` are those booked into ICE detention."""
    frame = _records(files[WORKBOOK]).with_columns(day=_day())
    table = counting.count(frame, "day")[["day", "detainers", "no_recorded_outcome", "declined"]]
    booked = counting.count(frame.filter(nw.col("lift_reason") == BOOKED), "day").set_index("day")["detainers"]
    return table.assign(booked=table["day"].map(booked).fillna(0).astype(int))


def jails_by_week_fy2015(files: Files) -> pd.DataFrame:
    """Fiscal 2015 records of county jails by week (from Monday) and county; the jails without a county in one row."""
    table = _placed(_count_places(files, "day"), files)
    jails = table[table["facility_type"].eq("county jail")]
    when = pd.to_datetime(jails["day"])
    monday = when - pd.to_timedelta(when.dt.day_of_week, unit="D")
    sums = jails.assign(week=monday.dt.strftime("%Y-%m-%d")).groupby(["week", "county_fips"], dropna=False)
    numbers = ["detainers", "no_recorded_outcome", "declined"]
    return sums[numbers].sum().reset_index().sort_values(["week", "county_fips"], na_position="first")


def _day() -> nw.Expr:
    return nw.col("prepared_date").dt.truncate("1d")


def _count_places(files: Files, *by: str) -> pd.DataFrame:
    named = _records(files[WORKBOOK]).with_columns(state_name=nw.col("state"), day=_day())
    table = counting.count(named, *by, *places.KEY)
    return table.drop(columns=["declined_percent_of_all", "declined_percent_of_recorded"])


def outcomes_pennsylvania(files: Files) -> pd.DataFrame:
    """Records of Pennsylvania, October 2007 to July 2015, by month, county and kind of facility."""
    named = _records(files[PENNSYLVANIA]).with_columns(state_name=nw.col("state"))
    table = counting.count(named, "month", *places.KEY, "reason")
    booked = table["detainers"].where(table["lift_reason"].eq(BOOKED), 0)
    numbers = ["detainers", "no_recorded_outcome", "declined", "booked_into_detention"]
    rows = table.assign(booked_into_detention=booked)[["month", *places.KEY, *numbers]]
    keys = ["month", "county_fips", "facility_type"]
    sums = _placed(rows, files).groupby(keys, dropna=False)[numbers].sum().reset_index()
    return sums.sort_values(keys, na_position="first", ignore_index=True)


def issued_by_month(files: Files) -> pd.DataFrame:
    """Detainers prepared in each month since October 2007, from NPR's aggregate."""
    table = columns_of(files[BY_MONTH], {"year_month": "month", "count": "detainers"})
    return table.sort_values("month", ignore_index=True)


def outcomes_by_year(files: Files) -> pd.DataFrame:
    """Lift reasons by calendar year of preparation, from NPR's aggregates.

    NPR's table of reasons leaves out detainers without one; they are the difference to all detainers of the
    year's months, and get an empty reason.
    """
    table = columns_of(files[BY_REASON], {"year": "year", "lift_reason": "lift_reason", "count": "detainers"})
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
    rows = cells_of(files[BY_FACILITY])
    names = ["year", "facility", "city", "state_name", "declined", "_facility", "_year", "other_outcomes"]
    table = pd.DataFrame(rows[1:], columns=names, dtype=str).replace("", pd.NA)
    table = table.astype({"year": int, "declined": int, "other_outcomes": "Int64"}).drop(columns=["_facility", "_year"])
    shared = table.duplicated(["year", "facility"], keep=False)
    table["other_outcomes"] = table["other_outcomes"].mask(shared)
    return _placed(table[["year", *places.KEY, "declined", "other_outcomes"]], files)


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
    first = [name for name in ("day", "month", "year", "form") if name in table]
    numbers = [name for name in table if name not in (*places.KEY, *first)]
    merged = table.merge(found, on=places.KEY, how="left", validate="many_to_one")
    columns = [*first, "facility", "city", "state", "county_fips", "located_by", "facility_type", *numbers]
    return merged[columns].sort_values([*first, "facility", "city", "state"], na_position="first", ignore_index=True)


def census_units(files: Files) -> pd.DataFrame:
    """Revenue of county governments and named cities, from the Census Bureau's files of single governments."""
    hand = (tables.load(name) for name in ("census_cities", "states"))
    return units.units([files[key] for key in UNITS], census_county_codes(files), *hand)


def recounted(_: Files) -> pd.DataFrame:
    """No row: `recount` fills it from a reader's files, in memory."""
    return pd.DataFrame(columns=list(DERIVED_SCHEMAS["recounted"].columns))


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
    "census_units": (census_units, (*UNITS, CODES)),
    "outcomes_by_place_fy2015": (outcomes_by_place_fy2015, (WORKBOOK, COUNTIES, CITIES)),
    "outcomes_by_day_fy2015": (outcomes_by_day_fy2015, (WORKBOOK,)),
    "jails_by_week_fy2015": (jails_by_week_fy2015, (WORKBOOK, COUNTIES, CITIES)),
    "outcomes_pennsylvania": (outcomes_pennsylvania, (PENNSYLVANIA, COUNTIES, CITIES)),
    "county_points": (shapes.county_points, (shapes.SHAPES, COUNTIES)),
    "state_borders": (shapes.state_borders, (shapes.SHAPES,)),
    "recounted": (recounted, ()),
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
    recipe: dict[str, Any] = {"command": "python -m detainer_analysis derive", "inputs": {}, "tables": {}}
    for key in files:
        source = sources.read()[key]
        recipe["inputs"][key] = {"url": source.url, "sha256": source.sha256, "bytes": source.bytes}
    written, contents = {}, {}
    for name, (build, needed) in TABLES.items():
        table = build(files)
        content = table.to_csv(index=False, lineterminator="\n").encode()
        contents[target / f"{name}.csv"] = content
        recipe["tables"][name] = {
            "inputs": list(needed),
            "rows": len(table),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        written[name] = len(table)
    contents[target / "recipe.json"] = (json.dumps(recipe, indent=2) + "\n").encode()
    sealed = tables.checksums(folder, contents).encode()
    write_together({**contents, folder / "checksums.json": sealed})
    return written
