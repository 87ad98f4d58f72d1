"""Tests of shares: equal ones pass, a planted trend is found, scatter widens the interval."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.measures import counts

TOTALS = pd.Series([400] * 30)


def shares(slope=0.0, scatter=0.0, seed=0):
    random = np.random.default_rng(seed)
    logit = -2 + slope * np.arange(30) / 10 + scatter * random.standard_normal(30)
    return pd.Series(random.binomial(400, 1 / (1 + np.exp(-logit))))


def trend(**planted):
    return counts.trend_of_share(shares(**planted), TOTALS, np.arange(30) / 10)


def test_equal_shares_by_hand():
    found = counts.equal_shares(pd.Series([10, 20]), pd.Series([100, 100]))
    assert found["chi_square"] == pytest.approx(2 * 25 / 15 + 2 * 25 / 85)
    assert found[["degrees_of_freedom", "lowest_percent", "highest_percent"]].tolist() == [1, 10, 20]


def test_equal_shares_are_rejected_as_often_as_the_level_says():
    rejected = [counts.equal_shares(shares(seed=seed), TOTALS)["p_value"] < 0.05 for seed in range(300)]
    assert 0.02 <= np.mean(rejected) <= 0.09


@pytest.mark.parametrize("scatter", [0.0, 0.3])
def test_intervals_of_a_trend_hold_the_planted_one_with_and_without_scatter(scatter):
    found = pd.DataFrame([trend(slope=-0.3, scatter=scatter, seed=seed) for seed in range(200)])
    truth = np.exp(-0.3)
    assert 0.9 <= ((found["low"] < truth) & (truth < found["high"])).mean() <= 0.99
    assert found["dispersion"].mean() == pytest.approx(1, abs=0.1) if not scatter else found["dispersion"].mean() > 2
