"""How often jails with a limit declined, fitted with intervals that respect the county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

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
    clusters (Liang and Zeger 1986, Biometrika 73, 13-22; ``statsmodels`` GLM with ``cov_type="cluster"``).

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
    fit = GLM(counts, matrix, family=families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, wls_method="lstsq"
    )
    if not fit.converged:
        raise ValueError("the fit did not converge; a level may predict nearly perfectly")
    coefficients = pd.Series(np.asarray(fit.params), index=matrix.columns)
    return Estimate(coefficients, np.asarray(fit.cov_params()), matrix, rows, rows["cluster"].nunique())


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
