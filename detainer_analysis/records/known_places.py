"""Places of a reader's file, from the tables in the repository alone: no list of the Census Bureau is needed.

A file with cities and states is placed by the rules of `places`, with the counties of `county_population` and the
cities that our own tables of places have. NPR's second delivery has neither. There a facility's name gives the county
where our tables know the name in one county only; the last two letters of ICE's code of the facility are mostly its
state (ADLNTCA in California), and then our tables and the rules are asked for the name in that state.
"""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Load
from detainer_analysis.records import places

NAME, NAME_AND_CODE = "name in our tables", "name in our tables and state of the code"
TABLES = ("places_fy2015", "declines_by_facility")


def locate(found: pd.DataFrame, load: Load) -> pd.DataFrame:
    """Places with state, county and kind.

    Parameters
    ----------
    found : pandas.DataFrame
        ``facility``, ``city``, ``state`` (a name or a postal code), and ``facility_code`` if there is one; each may be
        missing.
    load : callable
        From a table's name to the table.

    Returns
    -------
    pandas.DataFrame
        `found`, in its order, with ``postal``, ``county_fips``, ``located_by`` (as `places.locate` says, `NAME` or
        `NAME_AND_CODE`) and ``facility_type``.
    """
    states, known = load("states"), known_places(load)
    name_of = dict(zip(states["state"], states["name"], strict=True))
    words, coded = found["state"].fillna("").str.strip().str.upper(), _coded(found, states)
    stateless = words.eq("")
    words = words.mask(stateless, coded.fillna(""))
    unique = found[["facility", "city"]].assign(state_name=words.map(lambda word: name_of.get(word, word)))
    counties = load("county_population").assign(state_fips=lambda table: table["county_fips"].str[:2])
    cities = _cities(known, states)
    placed = places.locate(unique, states, load("county_overrides"), places.county_names(counties), cities)
    result = found.assign(postal=placed["state"], county_fips=placed["county_fips"], located_by=placed["located_by"])
    facility = found["facility"].fillna("")
    by_name = _one_county(known, ["facility"]).reindex(facility).set_axis(found.index)
    both = pd.MultiIndex.from_arrays([facility, coded.fillna("")])
    by_code = _one_county(known, ["facility", "state"]).reindex(both).set_axis(found.index)
    for how, told, rows in ((NAME, by_name, stateless & coded.isna()), (NAME_AND_CODE, by_code, stateless)):
        held = rows & told["county_fips"].notna()
        result.loc[held, ["postal", "county_fips"]] = told.loc[held, ["postal", "county_fips"]]
        result.loc[held, "located_by"] = how
    result["facility_type"] = places.classify(found["facility"], load("facility_types"))
    return result


def _coded(found: pd.DataFrame, states: pd.DataFrame) -> pd.Series:
    """The state that ends a facility's code, missing where none does.

    In ICE's list of facilities of December 2015, the source ``ice-facility-list-2015``, it is the facility's state in
    193 of 209 codes, and never another one.
    """
    codes = found["facility_code"] if "facility_code" in found else pd.Series(pd.NA, index=found.index)
    ends = codes.astype("str").str.strip().str.upper().str[-2:]
    return ends.where(ends.isin(states["state"]))


def known_places(load: Load) -> pd.DataFrame:
    """Every place of our own tables that has a county: ``facility``, ``city``, ``state``, ``county_fips``."""
    columns = ["facility", "city", "state", "county_fips", "located_by"]
    every = pd.concat([load(name)[columns] for name in TABLES])
    return every[every["county_fips"].notna() & every["facility"].notna()].drop_duplicates(ignore_index=True)


def _one_county(known: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """``postal`` and ``county_fips`` by name, or name and state, of those that are in one county only."""
    counties = known.assign(postal=known["state"]).groupby(keys)[["postal", "county_fips"]].agg(["nunique", "first"])
    return counties[counties["county_fips", "nunique"].eq(1)].xs("first", axis=1, level=1)


def _cities(known: pd.DataFrame, states: pd.DataFrame) -> dict[tuple[str, str], str]:
    """County by state FIPS and plain city name, of cities that the rules found in one county only."""
    rows = known[known["located_by"].eq("city")]
    keys = rows["state"].map(states.set_index("state")["state_fips"]), rows["city"].map(places.plain)
    named = rows.assign(state_fips=keys[0], town=keys[1]).groupby(["state_fips", "town"])["county_fips"]
    one = named.agg(["nunique", "first"]).query("nunique == 1")["first"]
    return {(str(state), str(town)): fips for (state, town), fips in one.items()}
