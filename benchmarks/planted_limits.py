"""Synthetic detainers with a planted odds ratio: how often does the main estimate of notebook 07 hold it?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from detainer_analysis.policy.dates import in_force
from detainer_analysis.policy.fit import estimate, margin
from detainer_analysis.policy.model import Specification


def synthetic_records(odds_ratio: float, counties: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts by month and place in `linking.link`'s shape, with staggered limits and a planted odds ratio.

    Every county has one jail. Half get a limit, each from a month of its own. A jail keeps its rank among all
    jails from month to month (one draw, read through a beta distribution), so its months resemble each other,
    while the average share with and without a limit has exactly the planted odds ratio.

    Parameters
    ----------
    odds_ratio : float
        Odds of a decline with a limit in force over those without; 1 plants no difference.
    counties, seed : int
        Number of jails, and the seed of the random generator.

    Returns
    -------
    pandas.DataFrame
        The records.
    pandas.DataFrame
        The limits, in the shape of `dates.spells`.
    """
    rng = np.random.default_rng(seed)
    months = pd.period_range("2013-10", periods=24, freq="M")
    names = np.array([f"{number:05d}" for number in range(counties)])
    start = pd.Series([months[month].start_time for month in rng.integers(2, 22, counties)])
    treated = np.arange(counties) % 2 == 0
    ends = pd.Series(pd.NaT, index=range(treated.sum()), dtype="datetime64[s]")
    first = start[treated].reset_index(drop=True).astype("datetime64[s]")
    periods = pd.DataFrame({"unit": names[treated], "start_earliest": first, "start_latest": first})
    periods = periods.assign(end_earliest=ends, end_latest=ends, criteria="judicial warrant")
    table = pd.DataFrame({"unit": np.repeat(names, len(months)), "month": np.tile(months.astype(str), counties)})
    table["limit"] = in_force(table["unit"], table["month"], periods)
    size = np.repeat(np.exp(rng.normal(1.5, 0.8, counties)), len(months))
    rank = np.repeat(rng.uniform(size=counties), len(months))
    season = np.tile(rng.normal(0, 0.2, len(months)), counties)
    form = rng.choice(["I-247", "I-247D"], len(table), p=[0.8, 0.2])
    state = np.repeat(np.array(["TX", "CA", "NY"])[np.arange(counties) // 2 % 3], len(months))
    level = {"TX": -1.8, "CA": -1.2, "NY": -1.5}
    planted = -0.3 * (form == "I-247D") + np.log(odds_ratio) * table["limit"].eq("yes") + season
    mean = 1 / (1 + np.exp(-(planted + pd.Series(state).map(level))))
    share = stats.beta.ppf(rank, mean * 9, (1 - mean) * 9)
    detainers = 1 + rng.poisson(size)
    declined = rng.binomial(detainers, share)
    missing = rng.binomial(detainers - declined, 0.5)
    jail = {"county_fips": table["unit"], "facility": "SYNTHETIC " + table["unit"], "city": "SYNTHETIC"}
    table = table.assign(**jail, state=state, form=form, facility_type="county jail", criteria="judicial warrant")
    return table.assign(detainers=detainers, no_recorded_outcome=missing, declined=declined), periods


def coverage(odds_ratio: float, runs: int, counties: int = 120, seed: int = 20_260_107) -> pd.Series:
    """How often the main estimate's 95 percent interval holds the planted odds ratio, over `runs` data sets.

    Returns
    -------
    pandas.Series
        ``planted``, ``runs``, ``counties``, ``median_estimate``, ``covered_percent`` with its 95 percent interval
        (``low``, ``high``; Clopper and Pearson), and ``found_percent``: intervals that leave out an odds ratio of 1.
    """
    found = []
    for run in range(runs):
        records, _ = synthetic_records(odds_ratio, counties, seed + run)
        found.append(margin(estimate(records, Specification())))
    table = pd.DataFrame(found)
    covered = int((table["odds_low"].le(odds_ratio) & table["odds_high"].ge(odds_ratio)).sum())
    exact = stats.binomtest(covered, runs).proportion_ci(method="exact")
    return pd.Series(
        {
            "planted": odds_ratio,
            "runs": runs,
            "counties": counties,
            "median_estimate": table["odds_ratio"].median(),
            "covered_percent": covered / runs * 100,
            "low": exact.low * 100,
            "high": exact.high * 100,
            "found_percent": (table["odds_low"].gt(1) | table["odds_high"].lt(1)).mean() * 100,
        }
    )
