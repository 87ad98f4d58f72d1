"""How often jails with a limit declined, fitted with intervals that respect the county."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from detainer_analysis.policy.dates import PLACE
from detainer_analysis.policy.model import AFTERWARDS, ALTERNATIVES, MAIN, Specification, design, prepare


@dataclass(frozen=True)
class Estimate:
    """A fitted model: coefficients, their cluster-robust covariance, and what it was fitted to.

    Parameters
    ----------
    coefficients : pandas.Series
        Log odds ratios, by name of the column; ``"limit"`` is the contrast of interest.
    covariance : numpy.ndarray
        Cluster-robust covariance of the coefficients.
    design, rows : pandas.DataFrame
        The design matrix, and the rows it stands for.
    clusters : int
        Number of clusters; intervals use Student's t with one degree of freedom fewer.
    """

    coefficients: pd.Series
    covariance: np.ndarray
    design: pd.DataFrame
    rows: pd.DataFrame
    clusters: int


def estimate(linked: pd.DataFrame, specification: Specification = MAIN) -> Estimate:
    """Binomial regression (logit link) of declines on a limit in force, with cluster-robust errors.

    The generalized linear model weighs every detainer alike and corrects the covariance for resemblance within
    clusters (Liang and Zeger 1986, Biometrika 73, 13-22; ``statsmodels`` GLM with ``cov_type="cluster"``). GEE also
    weighs by an exchangeable correlation of the detainers of a cluster, with the same robust covariance.

    Raises
    ------
    ValueError
        If limits do not vary among the rows, fewer than two clusters are left, or the fit does not converge.
    """
    rows = prepare(linked, specification)
    if rows["limit"].nunique() < 2 or rows["cluster"].nunique() < 2:
        raise ValueError("the contrast needs rows with and without a limit, in two clusters or more")
    matrix = design(rows, specification)
    groups = rows["cluster"].astype("category").cat.codes.to_numpy()
    total = rows.groupby("county")["trials"].transform("sum") if specification.weight == "counties" else 1
    counts = np.column_stack([rows["declined"] / total, (rows["trials"] - rows["declined"]) / total])
    fit = sm.GLM(counts, matrix, family=sm.families.Binomial()).fit(cov_type="cluster", cov_kwds={"groups": groups})
    if specification.estimator == "GEE":
        fit = _gee(rows, matrix, fit.params)
    if not fit.converged:
        raise ValueError("the fit did not converge; a level may predict nearly perfectly")
    coefficients = pd.Series(np.asarray(fit.params), index=matrix.columns)
    return Estimate(coefficients, np.asarray(fit.cov_params()), matrix, rows, rows["cluster"].nunique())


def _gee(rows: pd.DataFrame, matrix: pd.DataFrame, start: pd.Series) -> Any:
    """GEE on the share of each row, weighted by its detainers, so that correlation is that of a cluster's rows."""
    order = np.argsort(rows["cluster"].to_numpy(), kind="stable")
    model = sm.GEE(
        (rows["declined"] / rows["trials"]).to_numpy(float)[order],
        matrix.to_numpy()[order],
        groups=rows["cluster"].to_numpy()[order],
        weights=rows["trials"].to_numpy(float)[order],
        family=sm.families.Binomial(),
        cov_struct=sm.cov_struct.Exchangeable(),
    )
    return model.fit(start_params=start.to_numpy())


def margin(fitted: Estimate) -> pd.Series:
    """The contrast as an odds ratio and as an average marginal effect, each with its 95 percent interval.

    The average marginal effect is the mean over all detainers of the predicted share with a limit minus the
    predicted share without, everything else as recorded; its error comes from the delta method.

    Returns
    -------
    pandas.Series
        ``odds_ratio``, ``odds_low``, ``odds_high``; ``without_percent``, ``with_percent``; ``points``,
        ``points_low``, ``points_high`` (percentage points); ``p_value``; ``detainers``, ``declined``, ``clusters``,
        ``clusters_with_limit``.
    """
    rows, names = fitted.rows, list(fitted.coefficients.index)
    beta, weight = fitted.coefficients.to_numpy(), rows["trials"].to_numpy(float)
    at = names.index("limit")
    level, slope = {}, {}
    for value in (0.0, 1.0):
        matrix = fitted.design.assign(limit=value).to_numpy()
        share = 1 / (1 + np.exp(-(matrix @ beta)))
        level[value] = np.average(share, weights=weight)
        slope[value] = np.average(matrix * (share * (1 - share))[:, None], weights=weight, axis=0)
    gradient = slope[1.0] - slope[0.0]
    quantile = stats.t.ppf(0.975, fitted.clusters - 1)
    effect, error = level[1.0] - level[0.0], float(np.sqrt(gradient @ fitted.covariance @ gradient))
    log_odds, log_error = beta[at], float(np.sqrt(fitted.covariance[at, at]))
    return pd.Series(
        {
            "odds_ratio": np.exp(log_odds),
            "odds_low": np.exp(log_odds - quantile * log_error),
            "odds_high": np.exp(log_odds + quantile * log_error),
            "without_percent": 100 * level[0.0],
            "with_percent": 100 * level[1.0],
            "points": 100 * effect,
            "points_low": 100 * (effect - quantile * error),
            "points_high": 100 * (effect + quantile * error),
            "p_value": 2 * stats.t.sf(abs(log_odds / log_error), fitted.clusters - 1),
            "detainers": rows["trials"].sum(),
            "declined": rows["declined"].sum(),
            "clusters": fitted.clusters,
            "clusters_with_limit": rows.loc[rows["limit"].eq(1), "cluster"].nunique(),
        }
    )


def curve(tables: dict[bool, pd.DataFrame]) -> pd.DataFrame:
    """Every specification's contrast, from the smallest to the largest.

    Parameters
    ----------
    tables : dict
        Linked records by whether state laws that limit in part count as limits.

    Returns
    -------
    pandas.DataFrame
        ``specification``, ``planned`` (before the main estimate was seen), `margin`.
    """
    runs = [(name, True, tables[False], chosen) for name, chosen in ALTERNATIVES.items()]
    runs.append(("state laws that limit in part count", True, tables[True], MAIN))
    runs += [(name, False, tables[False], chosen) for name, chosen in AFTERWARDS.items()]
    rows = [
        {"specification": name, "planned": planned, **margin(estimate(table, chosen))}
        for name, planned, table, chosen in runs
    ]
    return pd.DataFrame(rows).sort_values("odds_ratio", ignore_index=True)


def predictions(fitted: Estimate) -> pd.Series:
    """Fitted share declined of every row."""
    shares_fitted = 1 / (1 + np.exp(-(fitted.design @ fitted.coefficients)))
    return pd.Series(shares_fitted, name="fitted")


def calibration(fitted: Estimate, groups: int = 10) -> pd.DataFrame:
    """Fitted against recorded shares in `groups` equal parts of the detainers, ordered by the fitted share.

    Returns
    -------
    pandas.DataFrame
        ``part``, ``detainers``, ``fitted_percent``, ``recorded_percent``.
    """
    rows = fitted.rows.assign(fitted=predictions(fitted)).sort_values("fitted", kind="stable")
    middle = rows["trials"].cumsum() - rows["trials"] / 2
    rows["part"] = np.ceil(middle / rows["trials"].sum() * groups).astype(int)
    sums = (
        rows.assign(expected=rows["fitted"] * rows["trials"]).groupby("part")[["trials", "expected", "declined"]].sum()
    )
    return pd.DataFrame(
        {
            "detainers": sums["trials"],
            "fitted_percent": sums["expected"] / sums["trials"] * 100,
            "recorded_percent": sums["declined"] / sums["trials"] * 100,
        }
    ).reset_index()


def influence(linked: pd.DataFrame, jails: int = 10, specification: Specification = MAIN) -> pd.DataFrame:
    """The contrast with each of the largest jails left out: `margin`, with ``left_out``, ordered by size."""
    rows = prepare(linked, specification)
    size = rows.groupby(PLACE)["trials"].sum().nlargest(jails)
    found = []
    for facility, city, state in size.index:
        rest = linked[~(linked[PLACE] == [facility, city, state]).all(axis=1)]
        found.append({"left_out": f"{facility}, {state}", **margin(estimate(rest, specification))})
    return pd.DataFrame(found)


def score_bootstrap(linked: pd.DataFrame, *, draws: int = 1999, seed: int = 20_260_105) -> pd.Series:
    """Wild cluster score bootstrap of no association in the main estimate, for few or uneven clusters.

    The model is fitted without the limit; the scores of whole clusters get random signs, and the studentized
    score is compared with its distribution under those signs (Kline and Santos 2012, Journal of Econometric
    Methods 1, 23-41).

    Returns
    -------
    pandas.Series
        ``statistic``, ``p_value``, ``clusters``.
    """
    rows = prepare(linked, MAIN)
    matrix = design(rows, MAIN)
    rest = matrix.drop(columns="limit")
    counts = np.column_stack([rows["declined"], rows["trials"] - rows["declined"]])
    share = np.asarray(sm.GLM(counts, rest, family=sm.families.Binomial()).fit().fittedvalues)
    weight = rows["trials"].to_numpy() * share * (1 - share)
    # The part of the limit that the other columns do not predict, weighted as the model weighs.
    slope = sm.WLS(matrix["limit"], rest, weights=weight).fit()
    part = slope.resid.to_numpy() * (rows["declined"] - rows["trials"] * share).to_numpy()
    scores = pd.Series(part).groupby(rows["cluster"].to_numpy()).sum().to_numpy()
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(draws, len(scores)))
    found = _studentized(scores[None, :])[0]
    drawn = _studentized(signs * scores)
    p_value = (1 + (np.abs(drawn) >= abs(found) - 1e-12).sum()) / (draws + 1)
    return pd.Series({"statistic": found, "p_value": p_value, "clusters": len(scores)})


def _studentized(scores: np.ndarray) -> np.ndarray:
    sums: np.ndarray = scores.sum(axis=1) / np.sqrt((scores**2).sum(axis=1))
    return sums
