"""Estimators of unseen places: hand calculations, limits, and recovery of a planted number."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.measures import richness


def test_chaos_bound_is_the_hand_calculation():
    counts = [5, 3, 2, 2, 1, 1, 1]  # n = 15, three seen once, two seen twice
    assert richness.unseen(counts) == pytest.approx(14 / 15 * 9 / 4)


def test_without_pairs_the_bound_uses_the_bias_corrected_form():
    assert richness.unseen([4, 1, 1]) == pytest.approx(5 / 6 * 1)


def test_rarefaction_is_the_hand_calculation():
    # Two draws from {a, a, b}: the two are different with probability 2/3.
    assert richness.expected_places([2, 1], 2) == pytest.approx(1 + 2 / 3)


def test_the_curve_passes_through_what_is_in_hand_and_never_falls():
    counts = [40, 10, 5, 3, 2, 2, 1, 1, 1, 1]
    curve = [richness.expected_places(counts, m) for m in range(0, 200, 5)]
    assert richness.expected_places(counts, sum(counts)) == pytest.approx(len(counts))
    assert curve[0] == 0
    assert np.all(np.diff(curve) >= -1e-9)
    assert curve[-1] < len(counts) + richness.unseen(counts)


def test_nothing_is_added_when_no_place_was_seen_once():
    assert richness.expected_places([5, 4], 1000) == 2


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        richness.expected_places([1], -1)
    with pytest.raises(ValueError, match="no place has a decline"):
        richness.unseen([0, 0])


def test_extrapolation_recovers_a_planted_community():
    random = np.random.default_rng(3)
    shares = random.lognormal(0, 1.5, 600)
    shares /= shares.sum()
    inside = 0
    for trial in range(20):
        small = random.multinomial(4000, shares)
        large = np.count_nonzero(small + random.multinomial(4000, shares))
        inside += large in richness.interval(small, 8000, seed=trial, repeats=60)
    assert inside >= 16


def test_the_interval_is_the_same_for_the_same_seed():
    counts = [40, 10, 5, 3, 2, 2, 1, 1, 1, 1]
    assert richness.interval(counts, 200, 1) == richness.interval(counts, 200, 1)


def test_rows_without_a_place_are_left_out_of_every_reading():
    rows = pd.DataFrame(
        {
            "facility": ["A", "B", "OTHER-OTHER FACILITY"],
            "city": ["X", "X", None],
            "state": ["TX", "TX", None],
            "county_fips": ["48001", "48001", None],
            "declined": [2, 3, 7],
        }
    )
    assert {name: len(counts) for name, counts in richness.by_reading(rows).items()} == {
        "facility": 2,
        "city": 1,
        "county": 1,
    }


def test_the_records_give_583_places_in_2014_and_2015():
    declines = tables.load("declines_by_facility")
    found = richness.by_reading(declines[declines["year"].ge(2014)])
    assert len(found["facility"]) + 1 == 584  # the published count includes the catch-all


def test_every_reading_is_predicted_at_the_target():
    rows = pd.DataFrame(
        {
            "facility": list("ABCDE"),
            "city": list("XXYZZ"),
            "state": ["TX"] * 5,
            "county_fips": ["48001", "48001", "48003", "48005", "48005"],
            "declined": [4, 1, 2, 1, 1],
        }
    )
    found = richness.predictions(rows, 20, seed=1)
    assert found["places"].to_dict() == {"facility": 5, "city": 3, "county": 3}
    assert found["seen_once"].to_dict() == {"facility": 3, "city": 0, "county": 0}
    assert found["declines"].eq(9).all()
    assert found.loc["facility", "expected"] == pytest.approx(richness.expected_places(rows["declined"], 20))
    assert (found["low"] <= found["expected"]).all()
