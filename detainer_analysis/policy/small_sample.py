"""Errors of the contrast that allow for few or uneven clusters, and which jails decide it.

A binomial regression is a weighted least squares fit of its working response at the last step, so the corrections for
least squares apply: CR2 and CR3 (Bell and McCaffrey 2002, Survey Methodology 28, 169-181) and the degrees of freedom
of the former (Imbens and Kolesar 2016, Review of Economics and Statistics 98, 701-712)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from detainer_analysis.policy.dates import PLACE
from detainer_analysis.policy.fit import Estimate, estimate, margin, predictions


def contrast(fitted: Estimate) -> pd.DataFrame:
    """Standard error, degrees of freedom and interval of the odds ratio by three corrections.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``correction`` (``"registered"``, ``"CR2"``, ``"CR3"``): ``standard_error``,
        ``degrees_of_freedom``, ``odds_low``, ``odds_high``, ``p_value``.
    """
    at = fitted.coefficients.index.get_loc("limit")
    weights, residuals = _working(fitted)
    groups = fitted.rows["cluster"].to_numpy()
    two, three, free = corrections(fitted.design.to_numpy(float), weights, residuals, groups, at)
    errors = {
        "registered": (float(np.sqrt(fitted.covariance[at, at])), fitted.clusters - 1),
        "CR2": (two, free),
        "CR3": (three, free),
    }
    log_odds = float(fitted.coefficients["limit"])
    rows = []
    for name, (error, degrees) in errors.items():
        reach = stats.t.ppf(0.975, degrees) * error
        rows.append(
            {
                "correction": name,
                "standard_error": error,
                "degrees_of_freedom": degrees,
                "odds_low": np.exp(log_odds - reach),
                "odds_high": np.exp(log_odds + reach),
                "p_value": 2 * stats.t.sf(abs(log_odds / error), degrees),
            }
        )
    return pd.DataFrame(rows).set_index("correction")


def _working(fitted: Estimate) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the last step, and the residuals of the working response."""
    share = predictions(fitted).to_numpy()
    trials = fitted.rows["trials"].to_numpy(float)
    weights = trials * share * (1 - share)
    return weights, (fitted.rows["declined"].to_numpy(float) - trials * share) / weights


def corrections(
    matrix: np.ndarray, weights: np.ndarray, residuals: np.ndarray, groups: np.ndarray, at: int
) -> tuple[float, float, float]:
    """CR2 and CR3 standard errors of one coefficient of a weighted least squares fit, and the degrees of freedom.

    The working covariance is that of independent rows with variances of one over the weights.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (rows, columns)
    weights, residuals, groups : numpy.ndarray, shape (rows,)
        Weights, residuals of the response, and the cluster of each row.
    at : int
        Column of the coefficient.

    Returns
    -------
    tuple of float
        CR2 error, CR3 error, Satterthwaite degrees of freedom of CR2.
    """
    root = np.sqrt(weights)
    scaled, scores = matrix * root[:, None], residuals * root
    inverse = np.linalg.pinv(scaled.T @ scaled)
    direction = inverse[at]
    two, three, own, cross = [], [], [], []
    for _, rows in pd.Series(np.arange(len(groups))).groupby(groups):
        part = scaled[rows]
        values, vectors = np.linalg.eigh(np.eye(len(part)) - part @ inverse @ part.T)
        values = np.where(values > 1e-10, values, np.inf)
        turned = vectors.T @ (part @ direction)
        adjusted = vectors @ (turned / np.sqrt(values))
        two.append(adjusted @ scores[rows])
        three.append((vectors @ (turned / values)) @ scores[rows])
        own.append(adjusted @ adjusted)
        cross.append(part.T @ adjusted)
    spread = np.array(cross)
    inner = np.diag(own) - spread @ inverse @ spread.T
    free = np.trace(inner) ** 2 / (inner**2).sum()
    return float(np.linalg.norm(two)), float(np.linalg.norm(three)), float(free)


def influence(linked: pd.DataFrame, jails: int) -> pd.DataFrame:
    """The contrast with each of the most influential jails left out, the largest change first.

    One step of the fit (the CR3 score of the jail) finds them among all jails; each of them is then left out and the
    model fitted again.

    Returns
    -------
    pandas.DataFrame
        ``left_out``, ``detainers``, ``declined``, ``change`` of the log odds ratio, and ``odds_ratio``,
        ``odds_low``, ``odds_high`` of the rest.
    """
    fitted = estimate(linked)
    weights, residuals = _working(fitted)
    root = np.sqrt(weights)
    scaled = fitted.design.to_numpy(float) * root[:, None]
    inverse = np.linalg.pinv(scaled.T @ scaled)
    direction = inverse[fitted.coefficients.index.get_loc("limit")]
    step = {}
    for place, index in fitted.rows.groupby(PLACE).indices.items():
        part = scaled[index]
        own = np.eye(len(part)) - part @ inverse @ part.T
        step[place] = direction @ part.T @ np.linalg.lstsq(own, (residuals * root)[index], rcond=None)[0]
    rows = []
    for facility, city, state in pd.Series(step).abs().nlargest(jails).index:
        here = (linked[PLACE] == [facility, city, state]).all(axis=1)
        rest = margin(estimate(linked[~here]))
        change = np.log(rest["odds_ratio"]) - fitted.coefficients["limit"]
        sums = linked.loc[here, ["detainers", "declined"]].sum()
        kept = {name: rest[name] for name in ("odds_ratio", "odds_low", "odds_high")}
        rows.append({"left_out": f"{facility}, {state}", **sums, "change": change, **kept})
    return pd.DataFrame(rows).sort_values("change", key=abs, ascending=False, ignore_index=True)
