"""Both extremes of a rate hold every way to fill in what is missing; the assumption narrows them."""

import itertools

import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.measures import missing

TABLE = pd.DataFrame(
    {"detainers": [10, 20], "no_recorded_outcome": [4, 10], "declined": [3, 1]}, index=["limit", "none"]
)


def test_the_bounds_by_hand():
    rates = missing.bounds(TABLE)
    assert rates.loc["limit", ["none_declined", "as_recorded", "all_declined"]].tolist() == pytest.approx([30, 50, 70])
    assert rates.loc["none", ["none_declined", "as_recorded", "all_declined"]].tolist() == pytest.approx([5, 10, 55])


def test_every_completion_lies_within_the_difference_and_the_ends_are_reached():
    found = missing.difference(missing.bounds(TABLE), "limit", "none")
    every = [(3 + a) / 10 * 100 - (1 + b) / 20 * 100 for a, b in itertools.product(range(5), range(11))]
    assert found.loc["no assumption", ["low", "high"]].tolist() == pytest.approx([min(every), max(every)])
    usual = [
        (3 + a) / 10 * 100 - (1 + b) / 20 * 100
        for a, b in itertools.product(range(5), range(11))
        if a / 4 <= 3 / 6 and b / 10 <= 1 / 10
    ]
    ends = found.loc["missing declined no more often than recorded", ["low", "high"]].tolist()
    assert ends == pytest.approx([min(usual), max(usual)])


def test_at_the_tipping_point_the_rates_are_equal():
    share = missing.tipping_point(missing.bounds(TABLE), "limit", "none")
    assert (1 + share / 100 * 10) / 20 == pytest.approx(3 / 10)


@pytest.mark.parametrize("row", [[0, 0, 0], [5, 4, 2]])
def test_counts_that_cannot_be_are_refused(row):
    with pytest.raises(ValueError, match="each group needs detainers"):
        missing.bounds(pd.DataFrame([row], columns=missing.COUNTS))


def test_without_a_recorded_outcome_there_is_no_share_of_them():
    rates = missing.bounds(pd.DataFrame([[3, 3, 0]], columns=missing.COUNTS))
    assert rates["as_recorded"].isna().all()
    assert rates[["none_declined", "all_declined"]].iloc[0].tolist() == [0, 100]


def test_the_bounds_of_fiscal_2015_hold_for_every_county_jail_group():
    weeks = tables.load("jails_by_week_fy2015")
    rates = missing.bounds(weeks.groupby("county_fips")[missing.COUNTS].sum())
    recorded = rates.dropna(subset="as_recorded")
    assert rates["none_declined"].le(rates["all_declined"]).all()
    assert recorded["as_recorded"].between(recorded["none_declined"], recorded["all_declined"] + 1e-9).all()
