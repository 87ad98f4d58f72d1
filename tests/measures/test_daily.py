"""Daily counts on both sides of a date: weekdays and trend are not taken for a change, a planted change is."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.measures import daily

DAYS = pd.date_range("2014-10-01", "2015-03-31")


def counts(change=1.0, date="2014-12-10", daily_trend=0.999):
    weekday = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.5, 0.6])[DAYS.day_of_week]
    level = np.where(pd.Timestamp(date) <= DAYS, change, 1.0)
    return pd.Series(4000 * weekday * level * daily_trend ** np.arange(len(DAYS)), index=DAYS).round()


def test_a_planted_change_is_found_whatever_the_weekdays_and_the_trend():
    assert daily.change_percent(counts(0.8), "2014-12-10", 4) == pytest.approx(-20, abs=0.1)
    assert daily.change_percent(counts(), "2014-12-10", 4) == pytest.approx(0, abs=0.1)


def test_holidays_do_not_count():
    quiet = counts()
    quiet[["2014-11-27", "2014-12-25"]] = 0
    assert daily.change_percent(quiet, "2014-12-10", 4) == pytest.approx(0, abs=0.1)
    assert daily.change_percent(quiet[:"2014-12-25"], "2014-12-12", 2) == pytest.approx(0, abs=0.1)


def test_placebos_stay_away_from_the_date_and_fit_into_the_records():
    found = daily.placebos(counts(0.8), "2014-12-10", 3)
    assert found.index.min() == pd.Timestamp("2014-10-22")
    assert found.index.max() == pd.Timestamp("2015-03-11")
    assert np.abs(found.index - pd.Timestamp("2014-12-10")).min() == pd.Timedelta(days=21)
    assert found.abs().max() == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("spoil", [lambda days: days, lambda days: days.drop(days.index[60])])
def test_days_that_do_not_reach_or_have_a_gap_are_refused(spoil):
    with pytest.raises(ValueError, match="need"):
        daily.change_percent(spoil(counts()), "2014-12-10", 4 if len(spoil(counts())) < len(DAYS) else 11)
