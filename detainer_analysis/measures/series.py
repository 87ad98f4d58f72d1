"""Monthly issuance as an interrupted time series, with inference that holds its size on few months.

Neighbouring months resemble each other, and there are fewer than three months for each coefficient. Robust errors
are then far too small (``benchmarks/README.md``). Here the residuals are taken for a first-order autoregression,
whose *memory* (autocorrelation) is corrected for the bias that so many coefficients bring (Andrews 1993, Econometrica
61, 139-165: the memory under which half of the simulated estimates lie below the one found). With the memory given,
the distribution of a coefficient over the residual standard deviation depends on nothing else and is simulated
(Dufour 2006, Journal of Econometrics 133, 443-477, who also takes the largest p-value over all memories).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

MEMORIES = np.arange(-6, 20) / 20
DRAWS, SEED = 4_999, 20_260_104


@dataclass(frozen=True)
class _Chance:
    """What noise alone does to a design: by memory, the median estimate of it and every coefficient's ratio."""

    medians: np.ndarray
    ratios: np.ndarray


def segmented(months: pd.DataFrame, breaks: Mapping[str, str]) -> pd.DataFrame:
    """Segmented regression of log monthly detainers (``statsmodels`` OLS), with simulated inference.

    The model: a level, a linear trend, indicators for the calendar month, and at each break a change of level and a
    change of trend. The month of the break counts by the share of its days from that day on.

    Parameters
    ----------
    months : pandas.DataFrame
        ``month`` (``YYYY-MM``) and ``detainers``, one row per month without gaps.
    breaks : Mapping[str, str]
        Name of each break to its day (``YYYY-MM-DD``).

    Returns
    -------
    pandas.DataFrame
        Indexed by ``(break, "level" or "trend")``: ``change_percent`` of the level, or of the trend in percent per
        month; ``low``, ``high`` (95 percent) and ``p_value`` with the corrected memory; ``p_value_at_most``, the
        largest over all memories from -0.3 to 0.95.
    """
    fit, columns = _fit(months, breaks)
    chance = _chance(fit.model.exog)
    at = _nearest(chance, _memory(fit.resid.to_numpy()))
    rows = {}
    for key, column in columns.items():
        ratios = chance.ratios[:, fit.model.exog_names.index(column)]
        value, spread = fit.params[column], np.sqrt(fit.scale)
        p_values = (1 + (np.abs(ratios) >= abs(value) / spread).sum(axis=1)) / (1 + DRAWS)
        below, above = np.quantile(ratios[at], [0.025, 0.975])
        change, low, high = (100 * np.expm1(end) for end in (value, value - above * spread, value - below * spread))
        rows[key] = {
            "change_percent": change,
            "low": low,
            "high": high,
            "p_value": p_values[at],
            "p_value_at_most": p_values.max(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def memory(months: pd.DataFrame, breaks: Mapping[str, str]) -> pd.Series:
    """How much of a month's residual the next one keeps, as estimated and with the bias corrected.

    Returns
    -------
    pandas.Series
        ``months``, ``coefficients``, ``memory_of_residuals`` and ``memory_corrected``.
    """
    fit, _ = _fit(months, breaks)
    chance, found = _chance(fit.model.exog), _memory(fit.resid.to_numpy())
    return pd.Series(
        {
            "months": fit.nobs,
            "coefficients": len(fit.params),
            "memory_of_residuals": found,
            "memory_corrected": MEMORIES[_nearest(chance, found)],
        }
    )


def placebo_levels(months: pd.DataFrame, before: int, after: int, least_before: int) -> pd.Series:
    """The change of level that the model finds at every date where no event is named.

    Each date gets a window of its own, and a single break.

    Parameters
    ----------
    months : pandas.DataFrame
        As for `segmented`; months without a named event.
    before, after : int
        Length of the windows, in months; the first dates have shorter ones, but no less than `least_before`.

    Returns
    -------
    pandas.Series
        ``change_percent`` of the level, indexed by month.
    """
    found = {}
    for position in range(least_before, len(months) - after + 1):
        window = months.iloc[max(0, position - before) : position + after]
        month = months["month"].iloc[position]
        fit, columns = _fit(window, {"placebo": f"{month}-01"})
        found[month] = 100 * np.expm1(fit.params[columns["placebo", "level"]])
    return pd.Series(found, name="change_percent").rename_axis("month")


def fitted(months: pd.DataFrame, breaks: Mapping[str, str]) -> pd.Series:
    """Monthly detainers as `segmented` fits them, back on the scale of counts."""
    fit, _ = _fit(months, breaks)
    return np.exp(fit.fittedvalues)


def noise(memory_of_errors: float, shocks: np.ndarray) -> np.ndarray:
    """First-order autoregressive errors of unit shocks: ``shocks`` of shape (months, draws) in, errors out."""
    errors = np.empty_like(shocks)
    errors[0] = shocks[0] / np.sqrt(1 - memory_of_errors**2)
    for month in range(1, len(shocks)):
        errors[month] = memory_of_errors * errors[month - 1] + shocks[month]
    return errors


def _chance(matrix: np.ndarray) -> _Chance:
    return _simulated(matrix.tobytes(), matrix.shape)


@lru_cache(maxsize=8)
def _simulated(content: bytes, shape: tuple[int, int]) -> _Chance:
    matrix = np.frombuffer(content).reshape(shape)
    inverse = np.linalg.pinv(matrix)
    remainder = np.eye(len(matrix)) - matrix @ inverse
    freedom = len(matrix) - matrix.shape[1]
    shocks = np.random.default_rng(SEED).standard_normal((len(matrix), DRAWS))
    medians, ratios = [], []
    for value in MEMORIES:
        errors = noise(value, shocks)
        residuals = remainder @ errors
        medians.append(np.median(_memory(residuals)))
        ratios.append(inverse @ errors / np.sqrt((residuals**2).sum(axis=0) / freedom))
    return _Chance(np.array(medians), np.array(ratios))


def _memory(residuals: np.ndarray) -> Any:
    """First autocorrelation of residuals, of one series or of each column."""
    return (residuals[1:] * residuals[:-1]).sum(axis=0) / (residuals**2).sum(axis=0)


def _nearest(chance: _Chance, found: float) -> int:
    return int(np.abs(chance.medians - found).argmin())


def design(months: pd.DataFrame, breaks: Mapping[str, str]) -> tuple[pd.DataFrame, dict[tuple[str, str], str]]:
    """The design matrix of `segmented`, and the column of each break's ``"level"`` and ``"trend"``.

    Raises
    ------
    ValueError
        If the months have a gap.
    """
    when = pd.PeriodIndex(months["month"], freq="M")
    if not (when[1:] - when[:-1] == pd.offsets.MonthEnd()).all():
        raise ValueError("the months must follow each other without a gap")
    time = np.arange(len(months), dtype=float)
    matrix = pd.DataFrame({"level": 1.0, "trend": time})
    for month in range(2, 13):
        matrix[f"month {month}"] = (when.month == month).astype(float)
    columns: dict[tuple[str, str], str] = {}
    for name, day in breaks.items():
        rest = ((when + 1).start_time - pd.Timestamp(day)).days / when.days_in_month
        start = int((when < pd.Period(day, freq="M")).sum())
        matrix[f"{name} level"] = np.clip(rest.to_numpy(float), 0, 1)
        matrix[f"{name} trend"] = np.clip(time - start, 0, None)
        columns |= {(name, kind): f"{name} {kind}" for kind in ("level", "trend")}
    return matrix, columns


def _fit(months: pd.DataFrame, breaks: Mapping[str, str]) -> tuple[Any, dict[tuple[str, str], str]]:
    matrix, columns = design(months, breaks)
    return OLS(np.log(months["detainers"].to_numpy(float)), matrix).fit(), columns
