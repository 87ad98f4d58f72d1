"""Recorded declines before and after 2014, at counties whose limit began that year and at counties without one.

The published yearly aggregate has a row for a jail and year only if the jail declined, so a missing row means no
decline and declines are complete. Other outcomes are not, so nothing here is a share."""

from __future__ import annotations

import numpy as np
import pandas as pd

LIMITED, NONE_FOUND = "limit began in 2014", "none found"
BEGAN = 2014
ICE_LIST = "ice-policy-list-2014"
DRAWS, SEED = 4_999, 20_260_111


def by_county(declines: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Declines of county jails by county and year, counties whose limit began in another year left out.

    Parameters
    ----------
    declines : pandas.DataFrame
        Rows of ``declines_by_facility``.
    periods : pandas.DataFrame
        From `dates.spells`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``county_fips``: ``state``, ``group``, and one column of declines per year, zeros filled in.
        Counties without a decline in any year have no row; they would add nothing to a sum.
    """
    first = periods.drop_duplicates("unit").set_index("unit")
    same = first["start_earliest"].dt.year.eq(BEGAN) & first["start_latest"].dt.year.eq(BEGAN)
    jails = declines[declines["facility_type"].eq("county jail") & declines["county_fips"].notna()]
    group = jails["county_fips"].map(same.map({True: LIMITED, False: "other year"})).fillna(NONE_FOUND)
    rows = jails.assign(group=group)[group.ne("other year")]
    keys = ["county_fips", "state", "group"]
    wide = rows.pivot_table(index=keys, columns="year", values="declined", aggfunc="sum", fill_value=0)
    return wide.astype("int64").rename_axis(columns=None).reset_index(["state", "group"])


def shown_by_others(changes: pd.DataFrame, policies: pd.DataFrame) -> set[str]:
    """Units whose limit a source that does not repeat ICE's list shows by the end of 2014.

    Parameters
    ----------
    changes : pandas.DataFrame
        From `dates.events`.
    policies : pandas.DataFrame
        The rows of ``policy_dates`` that they come from.
    """
    origin = changes["source_row"].map(policies.set_index("source_row")["origin_id"])
    chosen = changes["change"].eq("limits") & origin.ne(ICE_LIST) & changes["latest"].dt.year.le(BEGAN)
    return set(changes.loc[chosen, "unit"])


def by_year(counties: pd.DataFrame) -> pd.DataFrame:
    """Declines by ``group`` and ``year``: ``declined``, in long form."""
    sums = counties.drop(columns="state").groupby("group").sum()
    long = sums.reset_index().melt("group", var_name="year", value_name="declined")
    return long.sort_values(["group", "year"], ignore_index=True).astype({"year": "int64"})


def ratio_of_ratios(counties: pd.DataFrame, before: int, after: int) -> pd.Series:
    """How many times more declines grew where a limit began than where none was found, with its interval.

    The interval is that of a bootstrap of counties within each group (percentiles, fixed seed): the groups are
    treated as drawn from counties like them, and a county's declines stay together.

    Parameters
    ----------
    counties : pandas.DataFrame
        From `by_county`.
    before, after : int
        The two years.

    Returns
    -------
    pandas.Series
        The four sums, ``ratio``, ``low``, ``high`` (95 percent) and ``counties`` of each group.
    """
    rng = np.random.default_rng(SEED)
    found: dict[str, float] = {}
    ratios, drawn = [], []
    for name, label in ((LIMITED, "limit"), (NONE_FOUND, "none")):
        counts = counties.loc[counties["group"].eq(name), [before, after]].to_numpy(float)
        total = counts.sum(axis=0)
        sums = counts[rng.integers(len(counts), size=(DRAWS, len(counts)))].sum(axis=1)
        found |= {f"{label}_before": total[0], f"{label}_after": total[1], f"{label}_counties": len(counts)}
        ratios.append(total[1] / total[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn.append(sums[:, 1] / sums[:, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = np.nanquantile(drawn[0] / drawn[1], [0.025, 0.975])
    return pd.Series({**found, "ratio": ratios[0] / ratios[1], "low": low, "high": high})


def comparisons(counties: pd.DataFrame, others: set[str]) -> pd.DataFrame:
    """The ratio of ratios of 2013 and 2014, of earlier years where it should be one, and of parts of the country.

    Parameters
    ----------
    counties : pandas.DataFrame
        From `by_county`.
    others : set of str
        From `shown_by_others`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``comparison``, with ``kind`` (``"2014"``, ``"earlier years"`` or ``"parts"``) and the values of
        `ratio_of_ratios`.
    """
    california, limited = counties["state"].eq("CA"), counties["group"].eq(LIMITED)
    shown = pd.Series(counties.index.isin(others), index=counties.index)
    runs = [
        ("2013 to 2014", "2014", counties, BEGAN - 1),
        *((f"{year} to {year + 1}", "earlier years", counties, year) for year in range(BEGAN - 2, BEGAN - 5, -1)),
        ("California", "parts", counties[california], BEGAN - 1),
        ("all other states", "parts", counties[~california], BEGAN - 1),
        ("limits shown by other sources", "parts", counties[~limited | shown], BEGAN - 1),
        ("limits on ICE's list only", "parts", counties[~limited | ~shown], BEGAN - 1),
    ]
    rows = [
        {"comparison": name, "kind": kind, **ratio_of_ratios(rows, before, before + 1)}
        for name, kind, rows, before in runs
    ]
    return pd.DataFrame(rows).set_index("comparison")


def without_largest(counties: pd.DataFrame, most: int) -> pd.Series:
    """The ratio of ratios of 2013 and 2014 without the largest 0, 1, ... `most` counties of each group."""
    order = counties.groupby("group")[BEGAN].rank(method="first", ascending=False)
    ratios = {}
    for number in range(most + 1):
        sums = counties[order.gt(number)].groupby("group")[[BEGAN - 1, BEGAN]].sum()
        growth = sums[BEGAN] / sums[BEGAN - 1]
        ratios[number] = growth[LIMITED] / growth[NONE_FOUND]
    return pd.Series(ratios, name="ratio").rename_axis("left out of each group")
