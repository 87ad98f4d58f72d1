"""Readings of "jurisdiction": who declined, how many more would, and how wrong that estimate was before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from detainer_analysis.measures.richness import expected_places, interval, new_places

DAYS_PER_MONTH = 365.25 / 12
UNITS = {
    "jurisdictions_declining": "counties (Texas Tribune)",
    "facilities_declining": "facility names (ICE records)",
    "cities_with_declining_facility": "cities (ICE records)",
    "leas_declining": "law enforcement agencies (TRAC)",
}


def decliners(declined: pd.DataFrame) -> pd.DataFrame:
    """Published counts of places that declined a detainer since 2014, over more than one year.

    Returns
    -------
    pandas.DataFrame
        ``unit_counted``, ``value``, ``qualifier``, ``period_start``, ``period_end``, ``months`` and provenance.
    """
    rows = declined[
        declined["measure"].isin(UNITS) & declined["scope"].eq("national") & declined["period_start"].ge("2014-01-01")
    ]
    days = (rows["period_end"] - rows["period_start"]).dt.days + 1
    rows = rows.assign(unit_counted=rows["measure"].map(UNITS), months=days / DAYS_PER_MONTH)[days.gt(366)]
    rows.loc[rows["origin_id"].eq("dhs-oig-18-36"), "unit_counted"] = "jurisdictions (Inspector General)"
    rows = rows.drop_duplicates(["unit_counted", "period_start", "period_end"])
    return rows.sort_values("period_end", kind="stable")


def by_reading(declines: pd.DataFrame) -> dict[str, pd.Series]:
    """Declines per place under each reading of "jurisdiction"; rows without a place are left out.

    Parameters
    ----------
    declines : pandas.DataFrame
        ``facility``, ``city``, ``state``, ``county_fips``, ``declined``.

    Returns
    -------
    dict
        ``"facility"`` (name, city and state), ``"city"`` (city and state) and ``"county"``: declines per unit.
    """
    placed = declines[declines["state"].notna() & declines["city"].notna()]
    keys = {"facility": ["facility", "city", "state"], "city": ["city", "state"], "county": ["county_fips"]}
    return {name: placed.groupby(key)["declined"].sum() for name, key in keys.items()}


def predictions(declines: pd.DataFrame, target: float, seed: int) -> pd.DataFrame:
    """Places expected at `target` declines under each reading, with intervals.

    Returns
    -------
    pandas.DataFrame
        Indexed by reading: ``declines`` and ``places`` in hand, ``expected``, ``low``, ``high`` at the target.
    """
    rows = {}
    for name, counts in by_reading(declines).items():
        ends = interval(counts, target, seed)
        rows[name] = {
            "declines": int(counts.sum()),
            "places": len(counts),
            "expected": expected_places(counts, target),
            "low": ends.low,
            "high": ends.high,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("reading")


def restart(
    expected: pd.DataFrame, reading: str, counts: pd.Series, places: int, drawn: float, target: float
) -> pd.DataFrame:
    """`expected` with one reading begun from another count of its places, at more declines.

    That count is taken to hold the same part of places seen once and twice as `counts`, and its sampling error to be
    as large a part of the new places.

    Parameters
    ----------
    expected : pandas.DataFrame
        As from `predictions`.
    reading : str
        The row to replace.
    counts : pandas.Series
        Declines per place of that reading in the records.
    places, drawn : int, float
        The other count, and the declines with a place that it was made from.
    target : float
        Number of declines to predict for.
    """
    ratio = places / len(counts)
    new = new_places(drawn, counts.eq(1).sum() * ratio, counts.eq(2).sum() * ratio, target)
    old = expected.loc[reading]
    scale = new / (old["expected"] - old["places"])
    found = expected.astype(float).copy()
    found.loc[reading, ["declines", "places"]] = drawn, places
    for end in ("expected", "low", "high"):
        found.loc[reading, end] = places + (old[end] - old["places"]) * scale
    return found


def backtest(early: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """What the estimate from `early` declines says of `later`, which hold them, beside what was counted.

    Returns
    -------
    pandas.DataFrame
        Per reading: ``reading``, ``places`` (early), ``expected``, ``counted`` (later).
    """
    final = by_reading(later)
    rows = [
        {
            "reading": name,
            "places": len(counts),
            "expected": expected_places(counts, float(final[name].sum())),
            "counted": len(final[name]),
        }
        for name, counts in by_reading(early).items()
    ]
    return pd.DataFrame(rows)


def shortfall(tests: pd.DataFrame) -> pd.Series:
    """New places counted for each new place expected.

    Parameters
    ----------
    tests : pandas.DataFrame
        ``places``, ``expected``, ``counted``, as from `backtest`.
    """
    return (tests["counted"] - tests["places"]) / (tests["expected"] - tests["places"])


def corrected(expected: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """`expected` with the new places multiplied by the mean shortfall of the tests, and an interval for the next one.

    The logarithms of the shortfalls are taken as draws from one normal distribution, of which the prediction is the
    next: a t interval with one degree of freedom less than there are tests, to whose variance the sampling error of
    the prediction is added. The tests share records, so the interval is rather too narrow.

    Parameters
    ----------
    expected : pandas.DataFrame
        ``places`` (in hand), ``expected``, ``low`` and ``high`` (95 percent, from sampling alone).
    tests : pandas.DataFrame
        As for `shortfall`.
    """
    logs = np.log(shortfall(tests).to_numpy(float))
    new = expected["expected"] - expected["places"]
    sampling = (expected["high"] - expected["low"]) / (2 * 1.96) / new
    spread = np.sqrt(logs.var(ddof=1) * (1 + 1 / len(logs)) + sampling**2)
    reach = stats.t.ppf(0.975, len(logs) - 1) * spread
    middle = logs.mean()
    ends = {"expected": 0.0, "low": -reach, "high": reach}
    return expected.assign(**{end: expected["places"] + new * np.exp(middle + shift) for end, shift in ends.items()})
