"""Revenue of every county government, of cities that are counties too and of the cities that the project names.

From seven files of single governments (fiscal 2013 to 2016 and 2018 to 2020; see `census_finance`). In years that do
not end in 2 or 7 the Census Bureau asks a sample, so a county has a row only for the years in which it was in it; one
that gives no amount has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from detainer_analysis.errors import DataError
from detainer_analysis.records import census_finance
from detainer_analysis.records.census_lines import COUNTY, MUNICIPALITY

UNIT = ["county_fips", "place_fips"]
COLUMNS = [
    *UNIT,
    "fiscal_year",
    "census_id",
    "name",
    "state",
    "kind",
    "population",
    "federal_direct_usd",
    "state_aid_usd",
    "local_aid_usd",
    "general_revenue_usd",
    "hospital_charges_usd",
    "health_federal_usd",
    "welfare_federal_usd",
    "welfare_state_usd",
    "federal_flags",
    "federal_repeats",
    "coding_change",
]
INDEPENDENT_CITY = 510  # county FIPS codes from here on are those of cities outside any county
# When a year's welfare aid counts as coded anew: its sum stays, and a good part of it changes sides.
SUM_STAYS_WITHIN, PART_MOVED, SMALLEST_USD = 0.10, 0.25, 1_000_000


def units(paths: Iterable[Path], codes: pd.DataFrame, cities: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """The chosen governments of all files.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Files that `census_finance.read` reads, each of one fiscal year.
    codes, cities, states : pandas.DataFrame
        ``census_county_codes``, ``census_cities`` and ``states``.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, sorted by county, place and year: the years of a government stand together.

    Raises
    ------
    DataError
        If a file cannot be read, withholds an amount of a chosen government, or has one of them twice a year.
    """
    tables = [_chosen(path, codes, cities) for path in paths]
    table = pd.concat(tables).sort_values([*UNIT, "fiscal_year"], na_position="first", ignore_index=True)
    table["state"] = table["county_fips"].str[:2].map(states.set_index("state_fips")["state"])
    before = table.groupby(UNIT, dropna=False).shift()
    federal = table["federal_direct_usd"]
    repeats = federal.eq(before["federal_direct_usd"]) & federal.gt(0)
    table["federal_repeats"] = repeats.map({True: "yes", False: "no"})
    table["coding_change"] = coding_change(table, before)
    return table.rename(columns={"government": "census_id"})[COLUMNS]


def _chosen(path: Path, codes: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    """Revenue of the chosen governments of one file, with their kind."""
    lines = census_finance.read(path, codes).lines
    kind_of = cities.set_index("place_fips")["kind"]
    municipal = lines["government_type"].eq(MUNICIPALITY)
    independent = municipal & pd.to_numeric(lines["county_fips"].str[2:]).ge(INDEPENDENT_CITY)
    named = lines["place_fips"].map(kind_of).where(municipal)
    kind = named.mask(independent, "city and county").mask(lines["government_type"].eq(COUNTY), "county")
    rows = census_finance.revenue_lines(lines.assign(kind=kind).dropna(subset="kind"), path.name)
    table = census_finance.revenue(rows)
    table["kind"] = table["government"].map(rows.drop_duplicates("government").set_index("government")["kind"])
    table["place_fips"] = table["place_fips"].mask(table["kind"].eq("county"))
    for wrong, problem in (
        (table["withheld_amounts"].gt(0), "withholds an amount of"),
        (table.duplicated([*UNIT, "fiscal_year"]), "has two governments of the FIPS codes of"),
    ):
        if wrong.any():
            raise DataError(path.name, f"{problem} {table.loc[wrong.idxmax(), 'government']}")
    return table


def coding_change(table: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Whether welfare aid was coded anew since the year before.

    The two items of welfare aid, from the federal government (B79) and from the state (C79), trade places: the larger
    of the two sums is at least a million dollars, the sums differ by at most a tenth of it, and at least a quarter of
    it moves from one item to the other. Money did not move then; its code did.

    Parameters
    ----------
    table, before : pandas.DataFrame
        ``welfare_federal_usd`` and ``welfare_state_usd`` of a year and, in the same rows, of the year before (missing
        where there is none).

    Returns
    -------
    pandas.Series
        ``"to federal"``, ``"to state"`` or missing.
    """
    items = ["welfare_federal_usd", "welfare_state_usd"]
    now, then = table[items].astype(float), before[items].astype(float)
    larger = np.maximum(now.sum(axis=1), then.sum(axis=1, skipna=False))
    federal, state = (now[item] - then[item] for item in items)
    swap = (
        larger.ge(SMALLEST_USD)
        & (federal + state).abs().le(SUM_STAYS_WITHIN * larger)
        & (federal * state).lt(0)
        & federal.abs().ge(PART_MOVED * larger)
    )
    return federal.gt(0).map({True: "to federal", False: "to state"}).where(swap)
