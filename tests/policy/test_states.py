"""Odds ratios by state are those of tables done by hand, and pooling allows for what the states do not share."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.policy import states


def rows(*sides):
    """One county a side: state, limit, declined, trials."""
    made = [
        (state, float(limit), f"{state}{n}", declined, trials)
        for n, (state, limit, declined, trials) in enumerate(sides)
    ]
    return pd.DataFrame(made, columns=["state", "limit", "county", "declined", "trials"])


def test_the_odds_ratio_of_a_state_by_hand():
    table = states.by_state(rows(("TX", 1, 60, 100), ("TX", 0, 20, 100), ("NY", 1, 3, 10)))
    assert table.index.tolist() == ["TX"]
    assert table.loc["TX", "odds_ratio"] == pytest.approx((60 / 40) / (20 / 80))
    assert table.loc["TX", "variance"] == pytest.approx(1 / 60 + 1 / 40 + 1 / 20 + 1 / 80)  # one county a side
    assert table.loc["TX", ["declined_limit", "detainers_none", "counties_none"]].tolist() == [60, 100, 1]


def test_a_zero_cell_gets_halves_and_a_state_without_a_decline_is_left_out():
    table = states.by_state(rows(("IL", 1, 4, 9), ("IL", 0, 0, 19), ("UT", 1, 0, 9), ("UT", 0, 0, 9)))
    assert table.index.tolist() == ["IL"]
    assert table.loc["IL", "odds_ratio"] == pytest.approx(4.5 * 19.5 / (5.5 * 0.5))


def test_counties_that_resemble_themselves_widen_the_interval():
    rng = np.random.default_rng(4)
    found = []
    for spread in (0, 1):
        share = 1 / (1 + np.exp(-(-1 + spread * rng.normal(size=400))))
        sides = [("TX", n % 2, rng.binomial(50, p), 50) for n, p in enumerate(share)]
        found.append(rows(*sides))
    resemblance = [states.resemblance(table) for table in found]
    assert resemblance[0] == pytest.approx(0, abs=0.01)
    assert resemblance[1] > 0.1
    assert states.by_state(found[1]).loc["TX", "variance"] > 3 * states.by_state(found[0]).loc["TX", "variance"]


def test_states_that_are_alike_pool_to_what_they_share():
    alike = [side for n, state in enumerate("ABCDE") for side in ((state, 1, 59 + n % 3, 100), (state, 0, 20, 100))]
    found = states.pooled(states.by_state(rows(*alike)))
    assert found["odds_ratio"] == pytest.approx(6, rel=0.02)
    assert found["between"] == 0
    assert found["p_value"] > 0.9


def test_the_pooled_mean_is_the_published_one():
    """The BCG vaccine trials (Colditz et al. 1994), the standard example of metafor: Paule-Mandel with Hartung-Knapp.

    Log risk ratios and variances of the 13 trials; the mean is -0.715, tau squared 0.318, Q 152.233.
    """
    positive = np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
    total = np.array([123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913])
    control = np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
    all_control = np.array([139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854])
    effect = np.log(positive / total / (control / all_control))
    variance = 1 / positive - 1 / total + 1 / control - 1 / all_control
    table = pd.DataFrame({"log_odds_ratio": effect, "variance": variance})
    found = states.pooled(table)
    assert found["statistic"] == pytest.approx(152.233, abs=0.01)
    assert np.log(found["odds_ratio"]) == pytest.approx(-0.715, abs=0.002)
    assert found["between"] ** 2 == pytest.approx(0.318, abs=0.002)
