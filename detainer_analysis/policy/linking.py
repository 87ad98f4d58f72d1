"""The records linked to the dates of local limits, and what they show without a model."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.policy.dates import LOCAL, PLACE, in_force, unit_of


def link(table: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Records by month, place and form with ``unit``, ``limit`` (in force that month), ``group`` and ``criteria``.

    The group is ``"limit in force"``, ``"uncertain"``, ``"limit later"`` or ``"none found"``; none found is not the
    same as none.
    """
    units = unit_of(table, periods)
    limit = in_force(units, table["month"], periods)
    start = periods.groupby("unit")["start_latest"].max()
    later = units.map(start).gt(pd.to_datetime(table["month"] + "-01") + pd.offsets.MonthEnd(0))
    group = limit.map({"yes": "limit in force", "uncertain": "uncertain"}).fillna("none found")
    criteria = periods.groupby("unit")["criteria"].first()
    return table.assign(
        unit=units,
        limit=limit,
        group=group.mask(limit.eq("no") & later, "limit later"),
        criteria=units.map(criteria),
    )


def coverage(linked: pd.DataFrame) -> pd.DataFrame:
    """How the records link to limits: every record in exactly one row, the doubtful kinds apart."""
    kind, found = linked["facility_type"], linked["county_fips"].notna()
    limited = linked["limit"].ne("no")
    link = pd.Series("county jail, no limit found", index=linked.index)
    link = link.mask(kind.eq("county jail") & limited, "county jail, limit in force or uncertain")
    link = link.mask(kind.eq("city police or city jail"), "city jail, no limit found")
    link = link.mask(
        kind.eq("city police or city jail") & limited, "ambiguous: city jail where a limit binds the county"
    )
    cities = linked["unit"].astype("str").str.contains("/")
    link = link.mask(kind.eq("city police or city jail") & limited & cities, "city jail, the city's own limit")
    link = link.mask(~kind.isin(LOCAL), "not a local jail: no local limit binds it")
    link = link.mask(kind.eq("unclassified"), "ambiguous: kind of facility unknown")
    link = link.mask(~found, "no county: cannot be linked")
    sums = linked.groupby(link)[["detainers", "no_recorded_outcome", "declined"]].sum()
    places = linked.drop_duplicates(PLACE).groupby(link)[["facility"]].size().rename("places")
    return (
        sums.join(places).rename_axis("link").assign(percent_of_all=sums["detainers"] / sums["detainers"].sum() * 100)
    )


def shares(table: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Detainers, recorded outcomes and declines by group, with declines as a share of all and of recorded."""
    sums = table.groupby(list(by), sort=True)[["detainers", "no_recorded_outcome", "declined"]].sum().reset_index()
    recorded = sums["detainers"] - sums["no_recorded_outcome"]
    return sums.assign(
        recorded=recorded,
        percent_of_all=sums["declined"] / sums["detainers"] * 100,
        percent_of_recorded=sums["declined"] / recorded.where(recorded > 0) * 100,
    )


def placed(outcomes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """`outcomes` by month, place and form, with each place's ``county_fips`` and ``facility_type`` from `places`."""
    known = places[[*PLACE, "county_fips", "facility_type"]]
    return outcomes.merge(known, on=PLACE, how="left", validate="many_to_one")


def cohorts(units: pd.Series, months: list[str], periods: pd.DataFrame) -> pd.Series:
    """The group that each unit stays in over all of `months`, so that no jail moves between groups.

    Parameters
    ----------
    units : pandas.Series
        Whose limit binds each row, such as a county's FIPS code.
    months : list of str
        ``YYYY-MM``.
    periods : pandas.DataFrame
        From `spells`.

    Returns
    -------
    pandas.Series
        ``"limit in force throughout"``, ``"none in force"`` in any of the months, or ``"changing or uncertain"``;
        empty where the unit is.
    """
    known = pd.Series(units.dropna().unique(), dtype="object")
    every = pd.concat([known.to_frame("unit").assign(month=month) for month in months], ignore_index=True)
    limits = in_force(every["unit"], every["month"], periods).groupby(every["unit"]).agg(set)
    names = {frozenset({"yes"}): "limit in force throughout", frozenset({"no"}): "none in force"}
    return units.map(limits.map(lambda found: names.get(frozenset(found), "changing or uncertain")))
