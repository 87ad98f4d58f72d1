"""Rates, ratios and shares of counts, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats import rates
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tools.tools import add_constant

from detainer_analysis.intervals import Interval


def poisson_rates(counts: pd.Series) -> pd.DataFrame:
    """Exact 95 percent intervals of Poisson rates, one unit of time each.

    Parameters
    ----------
    counts : pandas.Series
        One count per group, indexed by group.

    Returns
    -------
    pandas.DataFrame
        Indexed by group: ``count``, ``low``, ``high`` (the exact interval of Garwood 1936, as
        ``statsmodels.stats.rates.confint_poisson`` computes it).
    """
    low, high = rates.confint_poisson(counts.to_numpy(float), 1, method="exact-c")
    return pd.DataFrame({"count": counts, "low": low, "high": high}, index=counts.index)


def poisson_homogeneity(counts: pd.Series) -> pd.Series:
    """Whether one Poisson rate can have produced all `counts`.

    Returns
    -------
    pandas.Series
        ``rate`` (the common rate), ``deviance`` (likelihood-ratio statistic against one rate per group),
        ``degrees_of_freedom``, ``p_value`` (chi-square) and ``dispersion`` (Pearson chi-square over degrees of
        freedom; about 1 for Poisson counts).
    """
    fit = GLM(counts.astype(float), np.ones(len(counts)), family=families.Poisson()).fit()
    freedom = int(fit.df_resid)
    return pd.Series(
        {
            "rate": float(np.exp(fit.params.iloc[0])),
            "deviance": fit.deviance,
            "degrees_of_freedom": freedom,
            "p_value": stats.chi2.sf(fit.deviance, freedom),
            "dispersion": fit.pearson_chi2 / freedom,
        }
    )


def rate_ratio(counts: pd.Series, above: str, below: str) -> Interval:
    """95 percent score interval of the ratio of two Poisson rates over equal times.

    By ``statsmodels.stats.rates.confint_poisson_2indep``.
    """
    low, high = rates.confint_poisson_2indep(counts[above], 1, counts[below], 1, method="score-log", compare="ratio")
    return Interval(float(low), float(high))


def power_of_homogeneity(rates: pd.Series) -> float:
    """How often `poisson_homogeneity` would reject at the 5 percent level if these were the true rates.

    By the noncentral chi-square distribution whose noncentrality is the deviance of the rates.
    """
    deviance, freedom = poisson_homogeneity(rates)[["deviance", "degrees_of_freedom"]]
    return float(stats.ncx2.sf(stats.chi2.ppf(0.95, freedom), freedom, deviance))


def wilson(count: int, total: int) -> Interval:
    """95 percent Wilson interval of a share, in percent (``statsmodels.stats.proportion``)."""
    low, high = proportion_confint(count, total, method="wilson")
    return Interval(100 * low, 100 * high)


def equal_shares(counts: pd.Series, totals: pd.Series) -> pd.Series:
    """Whether groups can share one proportion: Pearson's chi-square test (``scipy.stats.chi2_contingency``).

    Parameters
    ----------
    counts, totals : pandas.Series
        Of each group, in the same order.

    Returns
    -------
    pandas.Series
        ``chi_square``, ``degrees_of_freedom``, ``p_value``, and the ``lowest_percent`` and ``highest_percent`` share.
    """
    found = stats.chi2_contingency(np.array([counts, totals - counts], dtype=float), correction=False)
    shares = counts / totals * 100
    return pd.Series(
        {
            "chi_square": found.statistic,
            "degrees_of_freedom": found.dof,
            "p_value": found.pvalue,
            "lowest_percent": shares.min(),
            "highest_percent": shares.max(),
        }
    )


def trend_of_share(counts: pd.Series, totals: pd.Series, times: np.ndarray) -> pd.Series:
    """Whether a share moves with time: logistic regression on a straight trend (``statsmodels``).

    Shares that scatter more than binomial ones widen the errors (quasi-binomial; scale from Pearson's chi-square).

    Parameters
    ----------
    counts, totals : pandas.Series
        Of each group, in the same order.
    times : array of shape (groups,)
        When; the ratio is for one unit of it.

    Returns
    -------
    pandas.Series
        ``odds_ratio`` a unit of time, ``low``, ``high`` (95 percent), ``p_value`` and ``dispersion`` (1 if binomial).
    """
    total = totals.to_numpy(float)
    design = add_constant(np.asarray(times, dtype=float))
    # Shares with their totals as weights: with counts in two columns the scale would leave the totals out.
    model = GLM(counts.to_numpy(float) / total, design, family=families.Binomial(), var_weights=total)
    fit = model.fit(scale="X2")
    low, high = np.exp(fit.conf_int()[1])
    return pd.Series(
        {
            "odds_ratio": np.exp(fit.params[1]),
            "low": low,
            "high": high,
            "p_value": fit.pvalues[1],
            "dispersion": fit.scale,
        }
    )
