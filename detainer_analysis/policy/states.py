"""The odds ratio of a decline state by state, and pooled without assuming that the states are alike."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.tools.sm_exceptions import InvalidTestWarning

HALF = 0.5


def by_state(rows: pd.DataFrame) -> pd.DataFrame:
    """Odds ratio of a decline with and without a limit in every state that has both and a decline.

    Where one of a state's four counts is zero, a half is added to each (Haldane 1956, Annals of Human Genetics 20,
    309-311). The variance of a log odds ratio is the binomial one times the design effect of each side, which
    follows from the sizes of its counties and from `resemblance`.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `model.chosen`: ``state``, ``limit`` (0 or 1), ``county``, ``declined``, ``trials``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``state``: ``declined_limit``, ``detainers_limit``, ``counties_limit`` and the same with
        ``_none``; ``log_odds_ratio`` and its ``variance``; ``odds_ratio``, ``low``, ``high`` (95 percent).
    """
    keys = ["state", "limit", "county"]
    counties = rows.groupby(keys)[["declined", "trials"]].sum().reset_index()
    counties["square"] = counties["trials"] ** 2
    sides = counties.groupby(["state", "limit"]).agg(
        declined=("declined", "sum"), detainers=("trials", "sum"), counties=("county", "size"), square=("square", "sum")
    )
    sides["effect"] = 1 + resemblance(counties) * (sides["square"] / sides["detainers"] - 1)
    wide = sides.drop(columns="square").unstack("limit").dropna()
    wide.columns = [f"{name}_{'limit' if limit else 'none'}" for name, limit in wide.columns]
    wide = wide[wide["declined_limit"].add(wide["declined_none"]).gt(0)]
    cells = pd.concat(
        [wide[f"declined_{side}"] for side in ("limit", "none")]
        + [wide[f"detainers_{side}"] - wide[f"declined_{side}"] for side in ("limit", "none")],
        axis=1,
        keys=["a", "c", "b", "d"],
    )
    cells = cells.add(HALF * cells.eq(0).any(axis=1), axis=0)
    log_ratio = np.log(cells["a"] * cells["d"] / (cells["b"] * cells["c"]))
    variance = wide["effect_limit"] * (1 / cells["a"] + 1 / cells["b"])
    variance += wide["effect_none"] * (1 / cells["c"] + 1 / cells["d"])
    reach = stats.norm.ppf(0.975) * np.sqrt(variance)
    counts = wide.drop(columns=["effect_limit", "effect_none"]).astype("int64")
    return counts.assign(
        log_odds_ratio=log_ratio,
        variance=variance,
        odds_ratio=np.exp(log_ratio),
        low=np.exp(log_ratio - reach),
        high=np.exp(log_ratio + reach),
    )


def resemblance(counties: pd.DataFrame) -> float:
    """Correlation of the detainers of a county, within states and sides, by the method of moments.

    Pearson's statistic of a county's count is expected to be one plus the correlation times its detainers less one
    (beta-binomial variance; Williams 1982, Applied Statistics 31, 144-148).
    """
    side = counties.groupby(["state", "limit"])[["declined", "trials"]].transform("sum")
    share = (side["declined"] / side["trials"]).astype(float)
    inside = counties[share.between(0, 1, inclusive="neither")]
    share = share[inside.index]
    expected = inside["trials"] * share
    pearson = (inside["declined"] - expected) ** 2 / (expected * (1 - share))
    free = len(inside) - inside.groupby(["state", "limit"]).ngroups
    return max(0.0, float((pearson.sum() - free) / (inside["trials"] - 1).sum()))


def pooled(states: pd.DataFrame) -> pd.Series:
    """The mean log odds ratio of the states as an odds ratio, with how much the states differ.

    Random effects with Paule and Mandel's variance between states and the interval of Hartung and Knapp (2001,
    Statistics in Medicine 20, 3875-3889), which allows for the estimated variance; `statsmodels`.

    Returns
    -------
    pandas.Series
        ``states``, ``odds_ratio``, ``low``, ``high``; ``between``, the standard deviation of the log odds ratios
        between states; ``statistic`` and ``p_value`` of the test that all states are alike (Cochran's Q).
    """
    with warnings.catch_warnings():
        # Intervals of single states are ours; the library warns about those that it would make.
        warnings.simplefilter("ignore", InvalidTestWarning)
        effects, variances = (states[name].to_numpy() for name in ("log_odds_ratio", "variance"))
        found = combine_effects(effects, variances, method_re="iterated", use_t=True)
        table = found.summary_frame().loc["random effect wls"]
    test = found.test_homogeneity()
    return pd.Series(
        {
            "states": len(states),
            "odds_ratio": np.exp(table["eff"]),
            "low": np.exp(table["ci_low"]),
            "high": np.exp(table["ci_upp"]),
            "between": np.sqrt(found.tau2),
            "statistic": float(test.statistic),
            "p_value": float(test.pvalue),
        }
    )
