"""From a facility's name, city and state, as ICE writes them, to a county and a kind of facility.

A name is not a key: more than a hundred names occur in several states. A place is name, city and state
together. Every rule is here or in ``data/hand``, where each decision has its reason."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import pandas as pd

KEY = ["facility", "city", "state_name"]


UNCLASSIFIED = "unclassified"


_COUNTY_WORD = re.compile(r"^(?P<name>.+?) (?:COUNTY|CNTY|CTY|CO|PARISH)\b")


_SHORT = {
    "ST": "SAINT",
    "STE": "SAINTE",
    "FT": "FORT",
    "MT": "MOUNT",
    "N": "NORTH",
    "S": "SOUTH",
    "E": "EAST",
    "W": "WEST",
}


_COUNTY_ENDINGS = re.compile(r" (COUNTY|PARISH|BOROUGH|CENSUS AREA|MUNICIPALITY|MUNICIPIO|CITY AND BOROUGH|CITY)$")


_PLACE_ENDINGS = re.compile(
    r" (CITY|TOWN|VILLAGE|BOROUGH|TOWNSHIP|TWP|PLANTATION|CHARTER TOWNSHIP|CITY AND COUNTY|MUNICIPALITY"
    r"|METRO(POLITAN)? GOVERNMENT.*|CONSOLIDATED GOVERNMENT.*|UNIFIED GOVERNMENT.*)$"
)


@lru_cache(1 << 16)  # the lists of counties and cities are asked for again and again
def plain(text: str) -> str:
    """`text` in capital ASCII letters, digits and single spaces, with common first words written out.

    ``"ST. PAUL"`` and ``"Saint Paul"`` both become ``"SAINT PAUL"``.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Z0-9]+", " ", ascii_text.upper().replace("'", "")).split()
    if len(words) > 1:
        words[0] = _SHORT.get(words[0], words[0])
    return " ".join(words)


def county_names(counties: pd.DataFrame) -> dict[tuple[str, str], str]:
    """County FIPS by state FIPS and plain county name.

    Parameters
    ----------
    counties : pandas.DataFrame
        ``state_fips``, ``county_fips`` (five digits), ``county``. A county comes before an independent city of
        the same name.
    """
    found: dict[tuple[str, str], str] = {}
    for state, fips, name in counties[["state_fips", "county_fips", "county"]].itertuples(index=False):
        found.setdefault((state, _COUNTY_ENDINGS.sub("", plain(name))), fips)
    return found


def city_names(cities: pd.DataFrame) -> dict[tuple[str, str], str]:
    """County FIPS by state FIPS and plain city name; municipalities come before townships.

    Parameters
    ----------
    cities : pandas.DataFrame
        ``state_fips``, ``county_fips`` (five digits), ``place``, ``type_code`` (2 municipality, 3 township).
    """
    found: dict[tuple[str, str], str] = {}
    rows = cities.sort_values("type_code", kind="stable")
    for state, fips, name in rows[["state_fips", "county_fips", "place"]].itertuples(index=False):
        found.setdefault((state, _PLACE_ENDINGS.sub("", plain(name))), fips)
    return found


def locate(
    places: pd.DataFrame,
    states: pd.DataFrame,
    overrides: pd.DataFrame,
    counties: dict[tuple[str, str], str],
    cities: dict[tuple[str, str], str],
) -> pd.DataFrame:
    """`places` with their county and how it was found.

    In this order: a decision by hand; a county named in the facility's name and found in its state; the
    county of the city; a county that has the city's name.

    Parameters
    ----------
    places : pandas.DataFrame
        ``facility``, ``city``, ``state_name``; each may be missing.
    states : pandas.DataFrame
        ``name``, ``state``, ``state_fips``.
    overrides : pandas.DataFrame
        ``facility``, ``city``, ``state_name``, ``county_fips``.
    counties, cities : dict
        From `county_names` and `city_names`.

    Returns
    -------
    pandas.DataFrame
        `places` with ``state``, ``county_fips`` and ``located_by`` (``"hand"``, ``"facility name"``, ``"city"``,
        ``"city named as a county"``, ``"no place"``, ``"not found"``).
    """
    postal = states.set_index("name")["state"]
    fips_of = states.set_index("name")["state_fips"]
    by_hand = {tuple(row): fips for *row, fips in overrides[[*KEY, "county_fips"]].itertuples(index=False, name=None)}
    found = []
    for facility, city, state_name in places[KEY].fillna("").itertuples(index=False, name=None):
        state = fips_of.get(state_name.strip())
        named = _COUNTY_WORD.match(plain(facility))
        town = plain(city)
        candidates = (
            ("hand", by_hand.get((facility, city, state_name))),
            ("facility name", counties.get((state, named["name"])) if named else None),
            ("city", cities.get((state, town)) or cities.get((state, _PLACE_ENDINGS.sub("", town)))),
            ("city named as a county", counties.get((state, town))),
        )
        missing = ("no place" if not state_name.strip() else "not found", None)
        found.append(next(((how, fips) for how, fips in candidates if fips), missing))
    return places.assign(
        state=places["state_name"].map(lambda name: postal.get(str(name).strip())),
        county_fips=[fips for _, fips in found],
        located_by=[how for how, _ in found],
    )


def classify(facilities: pd.Series, rules: pd.DataFrame) -> pd.Series:
    """Kind of each facility: that of the first rule whose pattern occurs in its name.

    Parameters
    ----------
    facilities : pandas.Series
        Names as ICE writes them; missing names are unclassified.
    rules : pandas.DataFrame
        ``order``, ``pattern`` (regular expression), ``facility_type``.
    """
    ordered = rules.sort_values("order")
    patterns = [
        (re.compile(pattern), kind) for pattern, kind in zip(ordered["pattern"], ordered["facility_type"], strict=True)
    ]

    def kind(name: object) -> str:
        text = "" if pd.isna(name) else str(name).upper()
        return next((found for pattern, found in patterns if pattern.search(text)), UNCLASSIFIED)

    return facilities.map(kind)
