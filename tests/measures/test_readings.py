"""Readings of "jurisdiction": who is counted, and an estimate corrected by its own errors."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.measures import readings, richness

TESTS = pd.DataFrame({"places": [100, 200], "expected": [110.0, 220.0], "counted": [120, 220]})
EXPECTED = pd.DataFrame({"places": [500.0], "expected": [600.0], "low": [590.0], "high": [610.0]}, index=["county"])


def test_decliners_are_one_row_per_unit():
    units = readings.decliners(tables.load("declined_counts"))
    assert sorted(units["value"]) == [506, 516, 584, 609, 675]
    assert units["unit_counted"].is_unique
    assert units["unit_counted"].notna().all()


def test_the_shortfall_is_new_places_over_expected_ones():
    assert readings.shortfall(TESTS).tolist() == [2, 1]


def test_the_correction_multiplies_new_places_by_the_mean_shortfall():
    found = readings.corrected(EXPECTED, TESTS).loc["county"]
    assert found["expected"] == pytest.approx(500 + 100 * np.sqrt(2))  # the geometric mean of 2 and 1
    assert found["low"] < 510 < 1000 < found["high"]  # two tests say little


def test_tests_that_agree_leave_the_sampling_error_only():
    same = pd.DataFrame({"places": [100] * 50, "expected": [110.0] * 50, "counted": [115] * 50})
    found = readings.corrected(EXPECTED, same).loc["county"]
    assert found["expected"] == pytest.approx(650)
    assert (found["low"], found["high"]) == pytest.approx((635, 666), abs=1)


@pytest.mark.usefixtures("untraced")
def test_the_interval_holds_the_next_test_at_its_level():
    random = np.random.default_rng(7)
    shortfalls = np.exp(random.normal(0.4, 0.3, size=(400, 8)))
    inside = 0
    for row in shortfalls:
        tests = pd.DataFrame({"places": 100, "expected": 110.0, "counted": 100 + 10 * row[:7]})
        plain = pd.DataFrame({"places": [500.0], "expected": [600.0], "low": [600.0], "high": [600.0]})
        found = readings.corrected(plain, tests).iloc[0]
        inside += found["low"] <= 500 + 100 * row[7] <= found["high"]
    assert 0.92 < inside / 400 < 0.98


def test_the_records_own_seven_tests_all_fall_short():
    recent = tables.load("declines_by_facility").query("year >= 2014")
    workbook = tables.load("declines_fy2015")
    tests = pd.concat(
        [
            readings.backtest(workbook[workbook["month"].le("2015-02")], workbook),
            readings.backtest(recent[recent["year"].eq(2014)], recent),
        ]
    )
    assert tests["reading"].tolist() == ["facility", "city", "county"] * 2
    found = readings.shortfall(tests).round(2).tolist()
    assert found == [1.33, 1.27, 1.42, 1.42, 1.42, 1.5]


def test_another_count_of_the_same_places_changes_the_start_and_not_the_shape():
    counts = pd.Series([40, 10, 5, 3, 2, 2, 1, 1, 1, 1])
    new = richness.expected_places(counts, 120) - 10
    expected = pd.DataFrame(
        {"declines": [66], "places": [10], "expected": [10 + new], "low": [10 + new - 1], "high": [10 + new + 1]},
        index=["county"],
    )
    same = readings.restart(expected, "county", counts, 10, 66, 120)
    assert same.loc["county", "expected"] == pytest.approx(10 + new)
    twice = readings.restart(expected, "county", counts, 20, 90, 120).loc["county"]
    assert twice["expected"] == pytest.approx(20 + richness.new_places(90, 8, 4, 120))
    assert (twice["expected"] - twice["low"]) / (twice["expected"] - 20) == pytest.approx(1 / new)


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
    assert {name: len(counts) for name, counts in readings.by_reading(rows).items()} == {
        "facility": 2,
        "city": 1,
        "county": 1,
    }


def test_the_records_give_583_places_in_2014_and_2015():
    declines = tables.load("declines_by_facility")
    found = readings.by_reading(declines[declines["year"].ge(2014)])
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
    found = readings.predictions(rows, 20, seed=1)
    assert found["places"].to_dict() == {"facility": 5, "city": 3, "county": 3}
    assert found["declines"].eq(9).all()
    assert found.loc["facility", "expected"] == pytest.approx(richness.expected_places(rows["declined"], 20))
    assert (found["low"] <= found["expected"]).all()
