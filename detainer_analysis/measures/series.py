"""Monthly issuance as an interrupted time series, and how concentrated declines are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox

LAGS = 12


def segmented(months: pd.DataFrame, breaks: Mapping[str, str]) -> pd.DataFrame:
    """Segmented regression of log monthly detainers, with Newey-West standard errors.

    The model: a level, a linear trend, indicators for the calendar month, and at each break a change of level and
    a change of trend. Ordinary least squares (``statsmodels`` OLS) with a HAC covariance of twelve lags, because
    neighbouring months resemble each other (Newey and West 1987, Econometrica 55, 703-708), corrected for the number
    of estimated coefficients and read from Student's t, because there are few months for each.

    Parameters
    ----------
    months : pandas.DataFrame
        ``month`` (``YYYY-MM``) and ``detainers``, one row per month without gaps.
    breaks : Mapping[str, str]
        Name of each break to its first month.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``(break, "level" or "trend")``: ``change_percent`` of the level, or of the trend in percent per
        month; ``low``, ``high`` (95 percent) and ``p_value``.
    """
    fit, columns = _fit(months, breaks)
    ends = fit.conf_int()
    rows = {}
    for key, column in columns.items():
        values = [fit.params[column], *ends.loc[column]]
        change, low, high = (100 * np.expm1(value) for value in values)
        rows[key] = {"change_percent": change, "low": low, "high": high, "p_value": fit.pvalues[column]}
    return pd.DataFrame.from_dict(rows, orient="index")


def residual_autocorrelation(months: pd.DataFrame, breaks: Mapping[str, str]) -> pd.Series:
    """Check of the fit of `segmented`: Durbin-Watson statistic and Ljung-Box test of the residuals.

    Returns
    -------
    pandas.Series
        ``durbin_watson`` (2 without autocorrelation), ``ljung_box`` and ``p_value`` at twelve lags,
        ``r_squared``, and how many ``months`` carry how many ``coefficients``.
    """
    fit, _ = _fit(months, breaks)
    box = acorr_ljungbox(fit.resid, lags=[LAGS]).iloc[0]
    return pd.Series(
        {
            "durbin_watson": sm.stats.durbin_watson(fit.resid),
            "ljung_box": box["lb_stat"],
            "p_value": box["lb_pvalue"],
            "r_squared": fit.rsquared,
            "months": fit.nobs,
            "coefficients": len(fit.params),
        }
    )


def fitted(months: pd.DataFrame, breaks: Mapping[str, str]) -> pd.Series:
    """Monthly detainers as `segmented` fits them, back on the scale of counts."""
    fit, _ = _fit(months, breaks)
    return np.exp(fit.fittedvalues)


def _fit(months: pd.DataFrame, breaks: Mapping[str, str]) -> tuple[Any, dict[tuple[str, str], str]]:
    when = pd.PeriodIndex(months["month"], freq="M")
    if not (when[1:] - when[:-1] == pd.offsets.MonthEnd()).all():
        raise ValueError("the months must follow each other without a gap")
    time = np.arange(len(months), dtype=float)
    design = pd.DataFrame({"level": 1.0, "trend": time})
    for month in range(2, 13):
        design[f"month {month}"] = (when.month == month).astype(float)
    columns: dict[tuple[str, str], str] = {}
    for name, first in breaks.items():
        start = int((when < pd.Period(first, freq="M")).sum())
        after = (time >= start).astype(float)
        design[f"{name} level"], design[f"{name} trend"] = after, after * (time - start)
        columns |= {(name, kind): f"{name} {kind}" for kind in ("level", "trend")}
    response = np.log(months["detainers"].to_numpy(float))
    model = sm.OLS(response, design)
    return model.fit(cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": True}, use_t=True), columns


def lorenz(counts: pd.Series) -> pd.DataFrame:
    """Cumulative share of declines by cumulative share of places, from the smallest place up.

    Returns
    -------
    pandas.DataFrame
        ``places_percent`` and ``declines_percent``, both from 0 to 100.
    """
    ordered = np.sort(counts.to_numpy(float))
    return pd.DataFrame(
        {
            "places_percent": np.linspace(0, 100, len(ordered) + 1),
            "declines_percent": np.concatenate([[0.0], ordered.cumsum() / ordered.sum() * 100]),
        }
    )


def gini(counts: pd.Series) -> float:
    """Gini coefficient of declines among places that declined: 0 if all declined alike, near 1 if one did all."""
    curve = lorenz(counts) / 100
    return float(1 - 2 * np.trapezoid(curve["declines_percent"], curve["places_percent"]))


def top_share_percent(counts: pd.Series, places: int = 10) -> float:
    """Share of all declines that the `places` largest decliners account for, in percent."""
    return float(counts.nlargest(places).sum() / counts.sum() * 100)
