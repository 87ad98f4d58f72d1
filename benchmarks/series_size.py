"""How often the interrupted time series of notebook 04 finds a change where none is."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from detainer_analysis.measures import series

RUNS, ROBUST_RUNS, SEED, LAGS = 1_000, 500, 20_260_105, 12
MONTHS = pd.period_range("2011-10", "2015-06", freq="M").astype(str)
EVENTS = {"April 2014": "2014-04-11", "November 2014": "2014-11-20"}


def table() -> str:
    """The table of README.md: false finds by memory of the noise, event and way of inference."""
    lines = [
        "| memory of the noise | break | robust errors, percent | simulated, percent (95% interval) |"
        " any memory, percent |",
        "|---|---|---:|---:|---:|",
    ]
    random = np.random.default_rng(SEED)
    for name, errors in _noises(random).items():
        found = _p_values(errors)
        robust = _robust_p_values(errors[:, :ROBUST_RUNS])
        for event in EVENTS:
            below = int((found[event]["p_value"] < 0.05).sum())
            low, high = (100 * end for end in proportion_confint(below, RUNS, method="beta"))
            lines.append(
                f"| {name} | {event} | {100 * (robust[event] < 0.05).mean():.0f} |"
                f" {100 * below / RUNS:.1f} ({low:.1f} to {high:.1f}) |"
                f" {100 * (found[event]['p_value_at_most'] < 0.05).mean():.1f} |"
            )
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines) + "\n"


def _noises(random: np.random.Generator) -> dict[str, np.ndarray]:
    """Noise of shape (months, runs) by the name of its memory."""
    found = {
        f"{memory:g}": series.noise(memory, random.standard_normal((len(MONTHS), RUNS)))
        for memory in (0.0, 0.3, 0.5, 0.7)
    }
    warm_up = 60
    longer = random.standard_normal((len(MONTHS) + warm_up, RUNS))
    for month in range(2, len(longer)):
        longer[month] += 0.3 * longer[month - 1] + 0.3 * longer[month - 2]
    return found | {"0.3 and 0.3": longer[warm_up:]}


def _months(errors: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"month": MONTHS, "detainers": 10_000 * np.exp(0.05 * errors)})


def _p_values(errors: np.ndarray) -> dict[str, pd.DataFrame]:
    runs = [series.segmented(_months(run), EVENTS) for run in errors.T]
    return {event: pd.DataFrame([run.loc[(event, "level")] for run in runs]) for event in EVENTS}


def _robust_p_values(errors: np.ndarray) -> dict[str, np.ndarray]:
    design, columns = series.design(_months(errors[:, 0]), EVENTS)
    found = []
    for run in errors.T:
        fit = OLS(run, design).fit(cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": True}, use_t=True)
        found.append([fit.pvalues[columns[event, "level"]] for event in EVENTS])
    return dict(zip(EVENTS, np.array(found).T, strict=True))
