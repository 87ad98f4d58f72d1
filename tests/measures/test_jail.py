"""The missing share that a statement needs, by hand, and at its limits."""

import pytest

from detainer_analysis.intervals import Interval
from detainer_analysis.measures import jail


def test_the_share_needed_brings_the_total_back():
    share = jail.missing_needed(Interval(500, 600), 220, complete=50)
    assert 220 / (1 - share.low / 100) + 50 == pytest.approx(500)
    assert 220 / (1 - share.high / 100) + 50 == pytest.approx(600)


def test_more_on_record_than_the_statement_allows_needs_no_share():
    assert jail.missing_needed(Interval(500, 600), 601) is None
    assert jail.missing_needed(Interval(500, 600), 560, complete=50) is None


def test_a_statement_below_the_record_at_its_low_end_starts_at_none_missing():
    share = jail.missing_needed(Interval(500, 600), 550)
    assert share.low == 0
    assert share.high == pytest.approx(100 * 50 / 600)
