"""When local limits on detainer holds were in force, month by month.

A date is an interval of days, because many sources know the month only or a day by which the limit existed. In a
month a limit is in force (``"yes"``), is not (``"no"``), or the dates do not say (``"uncertain"``)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

# No source dates a limit earlier; what was in force "by" a day may have begun at any time since.
EARLIEST = pd.Timestamp("2000-01-01")


LAST_DAY = {"day": pd.offsets.Day(0), "month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}


PLACE = ["facility", "city", "state"]


LOCAL = ("county jail", "city police or city jail")


def dated(policies: pd.DataFrame) -> pd.DataFrame:
    """`policies` with the first and the last day on which the change can have come: ``earliest``, ``latest``.

    A day is itself, a month or a year all its days. A limit that a list shows by a day (``is_upper_bound``) may be
    older by any time. Where a list has no June (``june_or_july_2014``), July 2014 may mean June.

    Parameters
    ----------
    policies : pandas.DataFrame
        Rows of ``policy_dates``.
    """
    latest = [day + LAST_DAY[exact] for day, exact in zip(policies["date"], policies["date_precision"], strict=True)]
    june = policies["june_or_july_2014"].eq("yes")
    earliest = policies["date"].mask(june, pd.Timestamp("2014-06-01")).mask(policies["is_upper_bound"].eq("yes"))
    return policies.assign(earliest=earliest.fillna(EARLIEST), latest=pd.DatetimeIndex(latest))


def events(
    policies: pd.DataFrame, links: pd.DataFrame, counties: pd.DataFrame, *, partial: bool = False
) -> pd.DataFrame:
    """Every change that binds the jails of a county or of a city, one row per place bound.

    A county's row binds its county. Rows of states and cities bind what ``data/hand/policy_links.csv`` says.

    Parameters
    ----------
    policies : pandas.DataFrame
        Rows of ``policy_dates``.
    links : pandas.DataFrame
        ``jurisdiction``, ``state``, ``binds``, ``county_fips``, ``not_before``.
    counties : pandas.DataFrame
        ``county_fips`` and ``state``: the counties that a state's rule binds.
    partial : bool
        Whether state rules that limit holds only in part count as limits.

    Returns
    -------
    pandas.DataFrame
        ``unit`` (county FIPS, or state and city as ``"WA/KENT CITY"``), ``change``, ``criteria``, ``earliest``,
        ``latest``, ``is_upper_bound`` and ``source_row``.
    """
    rows = dated(policies).drop(columns="county_fips")
    own = rows.assign(county_fips=policies["county_fips"])
    own = own[own["level"].eq("county")]
    moved = links[links["not_before"].notna()].set_index("county_fips")["not_before"]
    held = own["county_fips"].map(moved)
    own = own[~(own["change"].eq("limits") & own["date"].lt(held))].assign(unit=lambda t: t["county_fips"])
    wide_links = links.loc[links["level"].ne("county"), ["jurisdiction", "state", "level", "binds", "county_fips"]]
    linked = rows.merge(wide_links, on=["jurisdiction", "state", "level"])
    one = linked[linked["binds"].eq("county jails")].assign(unit=lambda t: t["county_fips"])
    wide = ["county jails of the state", *(["county jails of the state, in part"] if partial else [])]
    every = linked[linked["binds"].isin(wide)].drop(columns="county_fips")
    every = every.merge(counties[["county_fips", "state"]].drop_duplicates(), on="state")
    city = linked[linked["binds"].eq("city jails")]
    city = city.assign(unit=city["state"] + "/" + city["jurisdiction"].str.upper().str.removesuffix(" CITY"))
    columns = ["unit", "change", "criteria", "earliest", "latest", "is_upper_bound", "source_row"]
    return pd.concat([own, one, every.assign(unit=lambda t: t["county_fips"]), city])[columns].reset_index(drop=True)


def spells(changes: pd.DataFrame) -> pd.DataFrame:
    """When limits began and ended, one row per unit and spell, each end an interval of days.

    The start is the first dated limit since the last restoration; sources that overlap it narrow it to the days
    that all of them allow. A list that shows the limit by an earlier day moves the last possible day, and, if it
    precedes every dated limit, leaves the start open. The end is the first restoration after the start.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``start_earliest``, ``start_latest``, ``end_earliest``, ``end_latest`` (the last two empty while
        it lasts) and ``criteria`` of the row that gives the start.
    """
    found = []
    placed = changes.dropna(subset="unit").sort_values("unit", kind="stable")
    for unit, group in groupby(placed.itertuples(), key=lambda row: row.unit):
        rows = list(group)
        after = EARLIEST - pd.Timedelta(days=1)
        while limits := [row for row in rows if row.change == "limits" and row.latest > after]:
            start, end, criteria = _start(limits, after)
            ends = sorted((r.latest, r.earliest) for r in rows if r.change == "restores" and r.latest >= end)
            if not ends:
                found.append((unit, start, end, pd.NaT, pd.NaT, criteria))
                break
            after, begun = ends[0]
            found.append((unit, start, end, begun, after, criteria))
    columns = ["unit", "start_earliest", "start_latest", "end_earliest", "end_latest", "criteria"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:5], "datetime64[s]"))


def _start(limits: list[Any], after: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp, str]:
    bounds = [row.latest for row in limits if row.is_upper_bound == "yes"]
    exact = sorted((row for row in limits if row.is_upper_bound == "no"), key=lambda row: (row.latest, row.earliest))
    opening = max(EARLIEST, after + pd.Timedelta(days=1))
    if not exact:
        return opening, min(bounds), min(limits, key=lambda row: row.latest).criteria
    start, end = exact[0].earliest, exact[0].latest
    for row in exact:
        if row.earliest <= end and row.latest >= start:
            start, end = max(start, row.earliest), min(end, row.latest)
    if bounds and min(bounds) < end:
        end = min(bounds)
        start = start if start <= end else opening
    return max(start, opening), end, exact[0].criteria


def unit_of(table: pd.DataFrame, periods: pd.DataFrame) -> pd.Series:
    """Whose limit binds each place: its county's, or its city's where a city jail's city has a limit of its own."""
    city = table["state"].astype("str") + "/" + table["city"].astype("str").str.upper()
    own = table["facility_type"].eq("city police or city jail") & city.isin(set(periods["unit"]))
    return table["county_fips"].astype("object").mask(own, city)


def in_force(units: pd.Series, months: pd.Series, periods: pd.DataFrame) -> pd.Series:
    """Whether a limit was in force all month: ``"yes"``, ``"no"`` or ``"uncertain"``.

    The month of the change itself is uncertain, since only some of its days lie after it.

    Parameters
    ----------
    units, months : pandas.Series
        The unit, and the month as ``YYYY-MM``, of each row.
    periods : pandas.DataFrame
        From `spells`.
    """
    keys = pd.DataFrame({"unit": units.astype("object"), "month": months})
    pairs = keys.dropna().drop_duplicates().merge(periods, on="unit")
    first = pd.to_datetime(pairs["month"] + "-01")
    last = first + pd.offsets.MonthEnd(0)
    sure = pairs["start_latest"].le(first) & (pairs["end_earliest"].isna() | pairs["end_earliest"].gt(last))
    maybe = pairs["start_earliest"].le(last) & (pairs["end_latest"].isna() | pairs["end_latest"].ge(first))
    level = pairs.assign(level=sure.astype(int) + maybe.astype(int)).groupby(["unit", "month"])["level"].max()
    joined = keys.join(level, on=["unit", "month"])["level"].fillna(0).astype(int)
    return joined.map({0: "no", 1: "uncertain", 2: "yes"})
