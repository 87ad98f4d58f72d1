"""Synthetic detainers with a planted difference: does the estimator find it, and what does selection do to it?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from detainer_analysis.policy.dates import in_force
from detainer_analysis.policy.fit import estimate, margin
from detainer_analysis.policy.model import Specification

YEARS = range(2010, 2016)


def synthetic_records(odds_ratio: float, counties: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts by month and place in `policies.link`'s shape, with staggered limits and a planted odds ratio.

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
        The limits, in the shape of `policies.spells`.
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


def selection(ratio: float, runs: int = 200, jails: int = 400, seed: int = 20_260_109) -> pd.DataFrame:
    """What a before-and-after comparison finds if jail-years without a decline are not published.

    Jails of uneven size get detainers with a recorded outcome each year; before the limit one in a hundred is
    declined, from 2014 on `ratio` times as many, everywhere. A jail-year is published only if it has a decline.

    Parameters
    ----------
    ratio : float
        Planted ratio of the share declined from 2014 on to the share before.

    Returns
    -------
    pandas.DataFrame
        One row per reading (``"every jail-year"``, ``"published jail-years"``, ``"declines counted, zeros filled in"``)
        with ``planted``, the mean ``found`` and ``low`` and ``high``, between which 95 percent of the runs lie.
    """
    rng = np.random.default_rng(seed)
    after = np.array([year >= 2014 for year in YEARS])
    rates = np.where(after, 0.01 * ratio, 0.01)
    found: dict[str, list[float]] = {"every jail-year": [], "published jail-years": []}
    counted = "declines counted, zeros filled in"
    found[counted] = []
    for _ in range(runs):
        size = np.exp(rng.normal(2.5, 1.2, jails))
        detainers = rng.poisson(size[:, None], (jails, len(YEARS)))
        declined = rng.binomial(detainers, rates)
        published = declined > 0
        every, chosen = (
            _ratio(declined * kept, detainers * kept, after) for kept in (np.ones_like(published), published)
        )
        found["every jail-year"].append(every)
        found["published jail-years"].append(chosen)
        found[counted].append(float(declined[:, after].mean() / declined[:, ~after].mean()))
    rows = {
        name: {
            "planted": ratio,
            "found": np.mean(values),
            "low": np.quantile(values, 0.025),
            "high": np.quantile(values, 0.975),
        }
        for name, values in found.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("reading").reset_index()


def _ratio(declined: np.ndarray, detainers: np.ndarray, after: np.ndarray) -> float:
    shares = [declined[:, part].sum() / detainers[:, part].sum() for part in (after, ~after)]
    return float(shares[0] / shares[1])
