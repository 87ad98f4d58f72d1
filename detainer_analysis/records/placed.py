"""A reader's records with their days and places, in a file of the needed columns: what is counted in SQL.

The copy grows with the records, memory does not. Places come from `known_places`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from detainer_analysis.data.evidence import Load
from detainer_analysis.records import known_places, layouts
from detainer_analysis.records.kinds import literal
from detainer_analysis.records.reading import BOTH_DELIVERED, Records
from detainer_analysis.records.reasons import DECLINED

OWN, FIRST_RELEASE, SECOND_RELEASE = "your-file", "ice-foia-detainers-npr", "ice-foia-detainers-2017"
_BOTH = "detainers-historical"


@dataclass(frozen=True)
class Counter:
    """Records that are copied to their places and days, ready to be counted.

    Parameters
    ----------
    opened : Records
        As from `open_records`.
    delivery : str
        Which delivery was kept.
    table : str
        SQL of the copy: ``prepared``, ``lifted``, ``declined_first``, ``declined_either``, ``no_outcome``, ``place``
        (a number), ``city``, ``postal``, ``county_fips``, ``facility_type``, ``agency_code``.
    places : pandas.DataFrame
        The distinct places with ``county_fips``, ``located_by``, ``records`` and ``declined``.
    states : dict of str
        The postal code of each state, by its FIPS code.
    told : dict of pandas.DataFrame
        What was asked already: several claims are about the same days.
    """

    opened: Records
    delivery: str
    table: str
    places: pd.DataFrame
    states: dict[str, str]
    told: dict[str, pd.DataFrame] = field(default_factory=dict)

    def ask(self, query: str) -> pd.DataFrame:
        """The result of SQL on the copy, which it calls ``records``."""
        if query not in self.told:
            self.told[query] = self.opened.connection.execute(f"WITH records AS ({self.table}) {query}").df()
        return self.told[query]

    def has(self, field: str) -> bool:
        """Whether every file has a field."""
        return field in self.opened.fields

    @property
    def two_reasons(self) -> bool:
        """Whether a file has two lift reasons a record."""
        return any("lift_reason_2" in found.fields for found in self.opened.accounts)

    def postal(self, county_fips: str) -> str:
        """The postal code of a county's state, empty if there is none."""
        return self.states.get(county_fips[:2], "")

    def origin(self, start: pd.Timestamp, end: pd.Timestamp) -> str:
        """The release that records of a period come from, by the layouts; `OWN` where it cannot be told."""
        return origin_of((name for found in self.opened.accounts for name in found.layouts), self.delivery, start, end)


def prepare(opened: Records, delivery: str, load: Load) -> Counter:
    """Copy the records to a file of the needed columns, each with its place; nothing grows with them but the copy."""
    place = ("facility_code", "facility", "city", "state")
    named = ", ".join(place)
    either = f"(lift_reason = '{DECLINED}' OR lift_reason_2 = '{DECLINED}')"
    records = f"""(SELECT CAST(prepared_date AS DATE) AS prepared, CAST(lifted_date AS DATE) AS lifted,
        coalesce(lift_reason = '{DECLINED}', false) AS declined_first, coalesce({either}, false) AS declined_either,
        lift_reason IS NULL AND lift_reason_2 IS NULL AS no_outcome, {named}, agency_code FROM ({opened.query}))"""
    counted = "count(*) AS records, count(*) FILTER (declined_either) AS declined"
    distinct = opened.connection.execute(f"SELECT {named}, {counted} FROM {records} GROUP BY ALL").df()
    located = known_places.locate(distinct, load)
    if {"city", "state"} <= opened.fields:
        names = located[list(place[1:])].fillna("").agg("\x1f".join, axis=1)
    else:  # a code is a facility, however its name is written
        names = (
            located["facility_code"].fillna(located["facility"])
            if "facility_code" in opened.fields
            else located["facility"]
        )
    located["place"] = pd.factorize(names.fillna(""))[0]
    target = str(opened.folder / "recount.parquet")
    opened.connection.register("located", located)
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM p.{name}" for name in place)
    opened.connection.execute(
        "COPY (SELECT r.prepared, r.lifted, r.declined_first, r.declined_either, r.no_outcome, r.agency_code,"
        f" p.place, p.city, p.postal, p.county_fips, p.facility_type FROM {records} r JOIN located p ON {same})"
        f" TO {literal(target)} (FORMAT parquet)"
    )
    opened.connection.unregister("located")
    table = f"SELECT * FROM read_parquet({literal(target)})"
    states = load("states")
    return Counter(opened, delivery, table, located, dict(zip(states["state_fips"], states["state"], strict=True)))


def origin_of(names: Iterable[str], delivery: str, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """The release that records of a period come from, by the layouts of the files; `OWN` where it cannot be told."""
    every = set(names)
    first, second = (
        {name for name in every if name.startswith((kind, _BOTH))} for kind in ("NPR's first", "NPR's second")
    )
    until = pd.Timestamp(BOTH_DELIVERED[1])
    if every - first - second:
        return OWN
    if not second:
        return FIRST_RELEASE
    if not first or start > until:
        return SECOND_RELEASE
    return {layouts.FIRST: FIRST_RELEASE, layouts.SECOND: SECOND_RELEASE}.get(delivery, OWN) if end <= until else OWN
