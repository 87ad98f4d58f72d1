"""The interrupted time series finds a planted break and none where none is; concentration by hand."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.measures import series


def months(level_change=0.0, seed=0, length=94, memory=0.0):
    """Monthly counts with a trend, a season, and a change of level after three years."""
    random = np.random.default_rng(seed)
    names = pd.period_range("2007-10", periods=length, freq="M")
    time = np.arange(length)
    errors = [random.normal(0, 0.02)]
    for shock in random.normal(0, 0.02, length - 1):
        errors.append(memory * errors[-1] + shock)
    log = 9 - 0.01 * time + level_change * (time >= 36) + 0.05 * np.sin(2 * np.pi * time / 12) + errors
    return pd.DataFrame({"month": names.astype(str), "detainers": np.exp(log).round()})


BREAK = {"break": "2010-10"}


def test_planted_drops_lie_in_their_intervals():
    found = pd.DataFrame([series.segmented(months(-0.3, seed), BREAK).loc[("break", "level")] for seed in range(40)])
    truth = 100 * np.expm1(-0.3)
    assert found["change_percent"].mean() == pytest.approx(truth, abs=0.5)
    assert ((found["low"] < truth) & (truth < found["high"])).mean() >= 0.8
    assert found["p_value"].max() < 1e-6


def test_a_break_is_seldom_found_where_none_is():
    rejected = [series.segmented(months(0.0, seed), BREAK).iloc[0]["p_value"] < 0.01 for seed in range(40)]
    assert np.mean(rejected) <= 0.1


def test_the_fit_is_back_on_the_scale_of_counts():
    table = months(-0.3)
    fit = series.fitted(table, BREAK)
    assert np.abs(fit / table["detainers"] - 1).max() < 0.1


@pytest.mark.parametrize(("memory", "low", "high"), [(0.0, 0, 0.2), (0.8, 0.9, 1)])
def test_the_residual_check_tells_independent_errors_from_those_with_memory(memory, low, high):
    checks = pd.DataFrame(
        [series.residual_autocorrelation(months(seed=seed, memory=memory), BREAK) for seed in range(20)]
    )
    assert low <= (checks["p_value"] < 0.01).mean() <= high
    assert (checks["durbin_watson"].mean() > 1.5) == (memory == 0)


def test_a_gap_in_the_months_is_refused():
    with pytest.raises(ValueError, match="without a gap"):
        series.segmented(months().drop(index=5), BREAK)


def test_equal_places_have_a_gini_of_zero_and_one_place_with_all_nearly_one():
    assert series.gini(pd.Series([5, 5, 5, 5])) == pytest.approx(0)
    assert series.gini(pd.Series([0] * 99 + [7])) == pytest.approx(0.99)


def test_the_lorenz_curve_and_the_top_share_by_hand():
    counts = pd.Series([1, 1, 2, 6])
    assert series.lorenz(counts)["declines_percent"].tolist() == pytest.approx([0, 10, 20, 40, 100])
    assert series.top_share_percent(counts, 1) == 60
