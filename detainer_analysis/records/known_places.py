"""Places of a reader's file, from the tables in the repository alone: no list of the Census Bureau is needed.

A file with cities and states is placed by the rules of `places`, with the counties of `county_population` and the
cities that our own tables of places have. NPR's second delivery has neither: there a facility's name gives the county
where our tables know the name in one county only, and no county where they know it in several.
"""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import Load
from detainer_analysis.records import places

NAME = "name in our tables"
TABLES = ("places_fy2015", "declines_by_facility")


def locate(found: pd.DataFrame, load: Load) -> pd.DataFrame:
    """Places with state, county and kind.

    Parameters
    ----------
    found : pandas.DataFrame
        ``facility``, ``city``, ``state`` (a name or a postal code); each may be missing.
    load : callable
        From a table's name to the table.

    Returns
    -------
    pandas.DataFrame
        `found`, in its order, with ``postal``, ``county_fips``, ``located_by`` (as `places.locate` says, or `NAME`)
        and ``facility_type``.
    """
    states, known = load("states"), known_places(load)
    name_of = dict(zip(states["state"], states["name"], strict=True))
    words = found["state"].fillna("").str.strip().str.upper()
    unique = found[["facility", "city"]].assign(state_name=words.map(lambda word: name_of.get(word, word)))
    counties = load("county_population").assign(state_fips=lambda table: table["county_fips"].str[:2])
    cities = _cities(known, states)
    placed = places.locate(unique, states, load("county_overrides"), places.county_names(counties), cities)
    by_name = _by_name(known).reindex(found["facility"].fillna(""))
    nameless = words.eq("") & by_name["county_fips"].notna().to_numpy()
    result = found.assign(
        postal=placed["state"].mask(nameless, pd.Series(by_name["state"].to_numpy(), index=found.index)),
        county_fips=placed["county_fips"].mask(
            nameless, pd.Series(by_name["county_fips"].to_numpy(), index=found.index)
        ),
        located_by=placed["located_by"].mask(nameless, NAME),
    )
    result["facility_type"] = places.classify(found["facility"], load("facility_types"))
    return result


def known_places(load: Load) -> pd.DataFrame:
    """Every place of our own tables that has a county: ``facility``, ``city``, ``state``, ``county_fips``."""
    columns = ["facility", "city", "state", "county_fips", "located_by"]
    every = pd.concat([load(name)[columns] for name in TABLES])
    return every[every["county_fips"].notna() & every["facility"].notna()].drop_duplicates(ignore_index=True)


def _by_name(known: pd.DataFrame) -> pd.DataFrame:
    """State and county of each name that has one county only."""
    names = known.groupby("facility")[["state", "county_fips"]].agg(["nunique", "first"])
    one = names[names["county_fips", "nunique"].eq(1)]
    return one.xs("first", axis=1, level=1)


def _cities(known: pd.DataFrame, states: pd.DataFrame) -> dict[tuple[str, str], str]:
    """County by state FIPS and plain city name, of cities that the rules found in one county only."""
    rows = known[known["located_by"].eq("city")]
    keys = rows["state"].map(states.set_index("state")["state_fips"]), rows["city"].map(places.plain)
    named = rows.assign(state_fips=keys[0], town=keys[1]).groupby(["state_fips", "town"])["county_fips"]
    one = named.agg(["nunique", "first"]).query("nunique == 1")["first"]
    return {(str(state), str(town)): fips for (state, town), fips in one.items()}
