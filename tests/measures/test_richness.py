"""Estimators of unseen places: hand calculations, limits, and recovery of a planted number."""

import numpy as np
import pytest

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


def test_resamples_leave_the_unseen_places_what_the_coverage_leaves_them(monkeypatch):
    counts, drawn = [6, 3, 1, 1, 1, 1, 2], []

    class Generator:
        def choice(self, places, size, p):
            drawn.append(p)
            return np.zeros(size, int)

    monkeypatch.setattr(np.random, "default_rng", lambda seed: Generator())
    richness.interval(counts, 30, 1, repeats=2)
    assert drawn[0][len(counts) :].sum() == pytest.approx(1 - richness.coverage(counts))
    assert drawn[0][0] / drawn[0][1] > 2  # the rarer a place, the more of its share goes to the unseen


def test_the_interval_is_the_same_for_the_same_seed():
    counts = [40, 10, 5, 3, 2, 2, 1, 1, 1, 1]
    assert richness.interval(counts, 200, 1) == richness.interval(counts, 200, 1)


def test_coverage_is_the_hand_calculation_with_pairs_without_and_without_singles():
    assert richness.coverage([5, 3, 2, 2, 1, 1, 1]) == pytest.approx(1 - 3 / 15 * (14 * 3) / (14 * 3 + 2 * 2))
    # No place seen twice (Chao and Jost 2012): once - 1 takes the place of once, and 2 that of twice as many pairs.
    assert richness.coverage([4, 1, 1]) == pytest.approx(1 - 2 / 6 * (5 * 1) / (5 * 1 + 2))
    assert richness.coverage([4, 1]) == 1
    assert richness.coverage([4, 3]) == 1


def test_coverage_without_pairs_is_near_the_truth():
    random = np.random.default_rng(6)
    shares = np.array([0.2] * 4 + [0.002] * 100)
    draws = random.multinomial(60, shares, size=4000)
    plain = draws[((draws == 2).sum(axis=1) == 0)]
    truth = [shares[row > 0].sum() for row in plain]
    assert len(plain) > 200
    assert np.mean([richness.coverage(row) for row in plain]) == pytest.approx(np.mean(truth), abs=0.03)


def test_new_places_are_the_hand_calculation():
    # 2.1 places are hidden (15 declines, three places seen once, two twice); the next decline finds one of them with
    # probability 3 / (15 * 2.1 + 3), and the one after it of what then is left.
    hit = 3 / 34.5
    assert richness.new_places(15, 3, 2, 16) == pytest.approx(2.1 * hit)
    assert richness.new_places(15, 3, 2, 17) == pytest.approx(2.1 * (hit + (1 - hit) * hit))


def test_new_places_continue_the_curve():
    counts = [40, 10, 5, 3, 2, 2, 1, 1, 1, 1]
    assert richness.new_places(66, 4, 2, 100) == pytest.approx(richness.expected_places(counts, 100) - len(counts))
