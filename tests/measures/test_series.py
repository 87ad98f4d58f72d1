"""The interrupted time series finds a planted break, and a break that is not there about as often as it says."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.measures import series

MONTHS = pd.period_range("2011-10", periods=45, freq="M").astype(str)
EVENT = {"event": "2014-04-11"}


def months(level_change=0.0, seed=0, memory=0.0, day="2014-04-11", spread=0.02, season=0.05):
    """Monthly counts with a trend and a season; from `day` on the level differs, in its month by the days left."""
    time = np.arange(len(MONTHS))
    shocks = np.random.default_rng(seed).standard_normal((len(MONTHS), 1))
    when = pd.PeriodIndex(MONTHS, freq="M")
    after = np.clip(((when + 1).start_time - pd.Timestamp(day)).days / when.days_in_month, 0, 1)
    errors = spread * series.noise(memory, shocks)[:, 0]
    log = 9 - 0.01 * time + level_change * after + season * np.sin(2 * np.pi * time / 12) + errors
    return pd.DataFrame({"month": MONTHS, "detainers": np.exp(log)})


def levels(seeds, **planted):
    return pd.DataFrame([series.segmented(months(seed=s, **planted), EVENT).loc[("event", "level")] for s in seeds])


@pytest.mark.usefixtures("untraced")
def test_planted_drops_lie_in_their_intervals():
    found = levels(range(300), level_change=-0.3, memory=0.5)
    truth = 100 * np.expm1(-0.3)
    assert found["change_percent"].mean() == pytest.approx(truth, abs=0.5)
    assert 0.9 <= ((found["low"] < truth) & (truth < found["high"])).mean() <= 0.98
    assert found["p_value"].median() < 0.001


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("memory", [0.0, 0.5])
def test_a_break_is_found_about_as_often_as_the_level_says_where_none_is(memory):
    found = levels(range(200), memory=memory)
    assert 0.01 <= (found["p_value"] < 0.05).mean() <= 0.1
    assert (found["p_value_at_most"] < 0.05).mean() <= (found["p_value"] < 0.05).mean()
    assert found["p_value_at_most"].ge(found["p_value"]).all()


def test_without_noise_and_season_the_planted_change_comes_out():
    found = levels([0], level_change=-0.3, spread=1e-6, season=0).iloc[0]
    assert found[["change_percent", "low", "high"]].tolist() == pytest.approx([100 * np.expm1(-0.3)] * 3, abs=0.01)


def test_an_event_within_a_month_counts_by_the_days_left():
    planted = months(level_change=-0.3, day="2014-11-20")
    whole = series.segmented(planted, {"event": "2014-11-01"}).loc[("event", "level"), "change_percent"]
    part = series.segmented(planted, {"event": "2014-11-20"}).loc[("event", "level"), "change_percent"]
    assert abs(part - 100 * np.expm1(-0.3)) < abs(whole - 100 * np.expm1(-0.3))
    matrix, columns = series.design(planted, {"event": "2014-11-20"})
    column = matrix[columns["event", "level"]].set_axis(MONTHS)
    assert column[["2014-10", "2014-11", "2014-12"]].tolist() == [0, pytest.approx(11 / 30), 1]


def test_the_memory_of_residuals_is_too_low_and_gets_corrected():
    found = pd.DataFrame([series.memory(months(seed=seed, memory=0.6), EVENT) for seed in range(60)])
    assert found["memory_of_residuals"].median() < 0.45
    assert found["memory_corrected"].median() == pytest.approx(0.6, abs=0.15)


def test_every_placebo_date_has_a_window_and_the_planted_one_stands_out():
    found = series.placebo_levels(months(level_change=-0.5, day="2013-10-01"), before=24, after=6, least_before=20)
    assert (found.name, found.index.name, list(found.index)) == ("change_percent", "month", list(MONTHS[20:40]))
    assert found.idxmin() == "2013-10"
    assert found.min() == pytest.approx(100 * np.expm1(-0.5), abs=5)


def test_the_same_data_give_the_same_p_value():
    assert series.segmented(months(), EVENT).equals(series.segmented(months(), EVENT))


def test_the_fit_is_back_on_the_scale_of_counts():
    table = months(-0.3)
    assert np.abs(series.fitted(table, EVENT) / table["detainers"] - 1).max() < 0.1


def test_a_gap_in_the_months_is_refused():
    with pytest.raises(ValueError, match="without a gap"):
        series.segmented(months().drop(index=5), EVENT)
