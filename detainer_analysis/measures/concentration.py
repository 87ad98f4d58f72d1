"""How unequal places are in their declines: by count, by share of their detainers, and what chance does to shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from detainer_analysis.intervals import Interval


def gini(counts: pd.Series | np.ndarray) -> float:
    """Gini coefficient of declines among places: 0 if all declined alike, near 1 if one did all."""
    ordered = np.sort(np.asarray(counts, dtype=float))
    curve = np.concatenate([[0.0], ordered.cumsum() / ordered.sum()])
    return float(1 - 2 * np.trapezoid(curve, np.linspace(0, 1, len(curve))))


def gini_of_all(counts: pd.Series, without_place: int) -> Interval:
    """Bounds of `gini` when `without_place` declines belong to the same places, nobody knows to which.

    At most all of them belong to the largest place; at least they fill up the smallest ones to one level.
    """
    known = np.sort(counts.to_numpy(float))
    filled = (known.cumsum() + without_place) / np.arange(1, len(known) + 1)
    level = filled[np.searchsorted(filled < np.append(known[1:], np.inf), True)]
    most = np.append(known[:-1], known[-1] + without_place)
    return Interval(gini(np.maximum(known, level)), gini(most))


def top_of_all_percent(counts: pd.Series, without_place: int, places: int = 10) -> Interval:
    """Bounds of the share of all declines at the `places` largest decliners, in percent.

    At least none of the declines without a place is theirs, at most all are.
    """
    top, total = float(counts.nlargest(places).sum()), float(counts.sum() + without_place)
    return Interval(top / total * 100, (top + without_place) / total * 100)


def spread(places: pd.DataFrame) -> pd.Series:
    """How shares of declined detainers spread over places: a beta-binomial distribution by maximum likelihood.

    Every place has a share of its own, drawn from one beta distribution; its declines are binomial (Griffiths 1973,
    Biometrics 29, 637-648). Fitted with ``scipy.optimize`` on ``scipy.stats.betabinom``.

    Parameters
    ----------
    places : pandas.DataFrame
        ``detainers`` and ``declined``, one row a place.

    Returns
    -------
    pandas.Series
        ``alpha`` and ``beta`` of the beta distribution, its ``mean_percent``, and how many places without a decline
        it expects (``expected_without``) and there are (``without``): a check of the fit.

    Raises
    ------
    ValueError
        If the likelihood has no maximum that the search finds.
    """
    total, declined = (places[name].to_numpy(int) for name in ("detainers", "declined"))
    found = optimize.minimize(
        lambda logs: -stats.betabinom.logpmf(declined, total, *np.exp(logs)).sum(), [-2.0, 0.0], method="Nelder-Mead"
    )
    if not found.success:
        raise ValueError(f"no beta-binomial distribution fits: {found.message}")
    alpha, beta = np.exp(found.x)
    return pd.Series(
        {
            "alpha": alpha,
            "beta": beta,
            "mean_percent": alpha / (alpha + beta) * 100,
            "expected_without": stats.betabinom.pmf(0, total, alpha, beta).sum(),
            "without": (declined == 0).sum(),
        }
    )


def shrunken(places: pd.DataFrame, fit: pd.Series) -> pd.DataFrame:
    """`places` with the share that each has after allowing for chance (empirical Bayes).

    Returns
    -------
    pandas.DataFrame
        With ``raw_percent``, ``share_percent`` (posterior mean), ``low`` and ``high`` (95 percent posterior
        interval).
    """
    alpha = fit["alpha"] + places["declined"].astype(float)
    beta = fit["beta"] + (places["detainers"] - places["declined"]).astype(float)
    low, high = (stats.beta.ppf(tail, alpha, beta) * 100 for tail in (0.025, 0.975))
    raw = places["declined"] / places["detainers"] * 100
    return places.assign(raw_percent=raw.astype(float), share_percent=alpha / (alpha + beta) * 100, low=low, high=high)


def funnel(detainers: np.ndarray, share_percent: float, tail: float = 0.001) -> pd.DataFrame:
    """Between which shares places of each size would lie if all had the same share and only chance differed.

    Returns
    -------
    pandas.DataFrame
        ``detainers``, ``low``, ``high`` (percent), with a binomial probability of `tail` beyond either.
    """
    sizes = np.asarray(detainers, dtype=int)
    low, high = (stats.binom.ppf(end, sizes, share_percent / 100) / sizes * 100 for end in (tail, 1 - tail))
    return pd.DataFrame({"detainers": sizes, "low": low, "high": high})
