"""Concentration by hand, bounds that every way to place the rest keeps, and shares that shrink as they should."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from detainer_analysis.measures import concentration


def test_equal_places_have_a_gini_of_zero_and_one_place_with_all_nearly_one():
    assert concentration.gini(pd.Series([5, 5, 5, 5])) == pytest.approx(0)
    assert concentration.gini(pd.Series([0] * 99 + [7])) == pytest.approx(0.99)


@pytest.mark.parametrize("rest", [0, 1, 4, 9])
def test_bounds_of_the_gini_hold_every_way_to_place_the_rest(rest):
    known = pd.Series([1, 2, 6])
    bounds = concentration.gini_of_all(known, rest)
    every = [
        concentration.gini(known + np.array(ways))
        for ways in itertools.product(range(rest + 1), repeat=3)
        if sum(ways) == rest
    ]
    assert bounds.low <= min(every) + 1e-12
    assert bounds.low == pytest.approx(min(every), abs=0.06)
    assert bounds.high == pytest.approx(max(every))


def test_bounds_of_the_top_share_by_hand():
    top = concentration.top_of_all_percent(pd.Series([1, 1, 2, 6]), 10, places=1)
    assert (top.low, top.high) == (30, 80)


def drawn(places=800, alpha=0.5, beta=5.0):
    random = np.random.default_rng(3)
    sizes = random.integers(1, 300, places)
    return pd.DataFrame({"detainers": sizes, "declined": random.binomial(sizes, random.beta(alpha, beta, places))})


def test_the_spread_of_planted_shares_is_found():
    fit = concentration.spread(drawn())
    assert fit["alpha"] == pytest.approx(0.5, abs=0.08)
    assert fit["mean_percent"] == pytest.approx(100 * 0.5 / 5.5, abs=1)
    assert fit["expected_without"] == pytest.approx(fit["without"], rel=0.1)


def test_small_places_shrink_more_and_intervals_hold_the_planted_share():
    fit = pd.Series({"alpha": 1.0, "beta": 9.0})
    found = concentration.shrunken(pd.DataFrame({"detainers": [2, 200], "declined": [2, 200]}), fit)
    assert found["raw_percent"].tolist() == [100, 100]
    assert found["share_percent"].tolist() == pytest.approx([25, 201 / 210 * 100])
    random = np.random.default_rng(4)
    truth, sizes = random.beta(1, 9, 2_000), random.integers(1, 100, 2_000)
    many = concentration.shrunken(pd.DataFrame({"detainers": sizes, "declined": random.binomial(sizes, truth)}), fit)
    assert many["low"].lt(truth * 100).mul(many["high"].gt(truth * 100)).mean() == pytest.approx(0.95, abs=0.015)


def test_the_funnel_narrows_and_leaves_out_what_chance_seldom_does():
    limits = concentration.funnel(np.array([10, 100, 1000]), 20.0)
    assert (limits["high"] - limits["low"]).is_monotonic_decreasing
    row = limits.iloc[1]
    assert stats.binom.sf(row["high"], 100, 0.2) <= 0.001 < stats.binom.sf(row["high"] - 1, 100, 0.2)
