"""Measures on tables small enough to count by hand, and on the project's own where a number was published."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.measures import counts as count_intervals
from detainer_analysis.measures import inspector_general, report

DECLINES = pd.DataFrame(
    [
        ("week1", "Travis County", "TX", 6, "exact"),
        ("week1", "Travis County", "TX", 4, "component"),
        ("week1", "Bastrop County", "TX", 1, "exact"),
        ("week1", "Texas", "TX", 7, "state_total"),
        ("week1", "King County", "WA", 1, "minimum"),
        ("week2", "Travis County", "TX", 2, "exact"),
    ],
    columns=["report", "place", "state", "declined", "count_basis"],
)
TOTALS = pd.DataFrame(
    [
        ("week1", "detainers_issued_nationally", 90, "reported"),
        ("week1", "detainers_issued_nationally", 100, "primary"),
        ("week1", "declined_detainers_recorded", 9, "reported"),
        ("week2", "detainers_issued_nationally", 80, "primary"),
        ("week2", "declined_detainers_recorded", 5, "reported"),
        ("week2", "jails_with_declines", 3, "reported"),
    ],
    columns=["report", "measure", "value", "confidence"],
)


def test_only_rows_that_add_up_are_placed():
    placed = report.placed(DECLINES, "week1")
    assert list(placed["place"]) == ["Travis County", "Bastrop County", "King County"]
    assert placed["declined"].sum() == 8


def test_states_add_up_to_what_was_recorded():
    groups = report.by_state(report.placed(DECLINES, "week1"), 9).set_index("group")["declined"]
    assert groups.to_dict() == {"Travis County, TX": 6, "rest of Texas": 1, "WA": 1, "not placed": 1}


def test_the_weeks_prefer_the_report_itself_and_split_off_travis():
    weeks = report.weekly(TOTALS, DECLINES)
    assert weeks.to_dict("list") == {
        "report": ["week1", "week2"],
        "issued": [100, 80],
        "declined": [9, 5],
        "travis": [6, 2],
        "elsewhere": [3, 3],
    }


def test_a_jurisdiction_counts_once_whoever_transcribes_it():
    rows = pd.DataFrame(
        {
            "report": ["week1", "week1", "week1", "week2"],
            "rank": [2, 1, 1, 1],
            "jurisdiction": ["B", "A", "A", "C"],
            "state": "NV",
            "detainers_issued": [3, 5, 5, 9],
        }
    )
    assert list(report.section1(rows, "week1")["jurisdiction"]) == ["A", "B"]


def test_only_corrections_by_ice_withdraw_an_entry():
    rows = pd.DataFrame({"report": "week1", "county_fips": ["19137", "36059"]})
    corrections = pd.DataFrame(
        {"report": "week1", "county_fips": ["19137", "36059"], "kind": ["ICE correction", "jurisdiction dispute"]}
    )
    assert list(report.with_corrections(rows, corrections)["withdrawn"]) == [True, False]


def test_the_poisson_interval_is_the_exact_one():
    rates = count_intervals.poisson_rates(pd.Series({"a": 10}))
    # Garwood's limits for ten events, as tabulated in many textbooks.
    assert rates.loc["a", "low"] == pytest.approx(4.795, abs=0.001)
    assert rates.loc["a", "high"] == pytest.approx(18.390, abs=0.001)


def test_equal_counts_are_homogeneous_and_a_spike_is_not():
    even = count_intervals.poisson_homogeneity(pd.Series([50, 51, 49]))
    spike = count_intervals.poisson_homogeneity(pd.Series([206, 47, 65]))
    assert even["deviance"] == pytest.approx(0.04, abs=0.001)
    assert even["rate"] == pytest.approx(50)
    assert spike["p_value"] < 1e-20
    assert spike["dispersion"] > 50


def test_the_homogeneity_test_keeps_its_level_on_poisson_counts():
    random = np.random.default_rng(1)
    draws = [row for row in random.poisson(55, size=(400, 3)) if len(set(row)) > 1]
    rejected = np.mean([count_intervals.poisson_homogeneity(pd.Series(row))["p_value"] < 0.05 for row in draws])
    assert 0.02 < rejected < 0.09


def test_the_rate_ratio_covers_a_planted_ratio():
    random = np.random.default_rng(2)
    pairs = random.poisson([60, 30], size=(300, 2))
    covered = np.mean([2.0 in count_intervals.rate_ratio(pd.Series({"a": a, "b": b}), "a", "b") for a, b in pairs])
    assert 0.91 < covered < 0.99


def test_one_indicator_removes_a_planted_spike():
    weeks = pd.DataFrame({"report": ["week1", "week2", "week3"], "travis": [150, 6, 7], "elsewhere": [54, 55, 56]})
    models = report.policy_day_models(report.weekly_panel(weeks))
    assert models["deviance"].iloc[0] > 100
    assert models["deviance"].iloc[1] > 50
    assert models["deviance"].iloc[2] < 1
    assert list(models["parameters"]) == [2, 4, 3]


def test_the_negative_binomial_mean_is_the_sample_mean_with_a_wider_interval():
    counts = pd.Series([206, 47, 65])
    fit = count_intervals.negative_binomial_mean(counts)
    assert fit["mean"] == pytest.approx(counts.mean(), rel=1e-3)
    assert fit["low"] < 60 < 190 < fit["high"]
    assert fit["alpha"] > 0


def test_a_country_without_a_region_is_named():
    rows = pd.DataFrame({"dimension": "citizenship", "unit": "persons", "category": ["Tonga", "Atlantis"], "value": 1})
    regions = pd.DataFrame({"country": ["Tonga"], "region": ["Oceania"]})
    assert report.named_countries(rows.head(1), regions)["region"].tolist() == ["Oceania"]
    with pytest.raises(KeyError, match="no row for Atlantis"):
        report.named_countries(rows, regions)


def test_the_ladder_rises_in_time_and_adds_the_two_years_of_records():
    rungs = inspector_general.ladder(tables.load("declined_counts"))
    assert list(rungs["value"]) == [8811, 17000, 16380, 18646, 29269]
    assert rungs["period_end"].is_monotonic_increasing
    assert rungs["origin_id"].iloc[-1] == "dhs-oig-18-36"


def test_steps_are_differences_over_months():
    rungs = pd.DataFrame(
        {
            "period_end": pd.to_datetime(["2014-06-30", "2014-12-31"]),
            "value": [60.0, 180.0],
            "months": [6.0, 12.0],
            "qualifier": ["exact", "more than"],
        }
    )
    found = inspector_general.steps(rungs)
    assert list(found["declined"]) == [60, 120]
    assert list(found["per_month"]) == [10, 20]
    assert list(found["at_least"]) == [False, True]


def test_the_denominator_covers_41_months_and_contains_the_records_count():
    parts = inspector_general.issued_between(tables.load("issued_counts"))
    assert parts["months"].sum() == 41
    assert parts["high"].iloc[0] == 147_849 - (79_053 - 49_653)
    assert 388_000 in inspector_general.total(parts)


def test_a_missing_part_of_the_denominator_is_named():
    issued = tables.load("issued_counts")
    with pytest.raises(KeyError, match="no national row of trac from 2014-10-01 to 2015-09-30"):
        inspector_general.issued_between(issued[~issued["value"].eq(97_045)])


def test_what_is_left_of_the_last_step_is_the_step_less_the_suggestion():
    table = inspector_general.last_step(exactly(1000), 12, Interval(10_000, 20_000), Interval(1, 2), {"pace": 10.0})
    assert (table["low"].iloc[0], table["high"].iloc[0]) == pytest.approx((100, 400))
    assert (table["left_low"].iloc[0], table["left_high"].iloc[0]) == pytest.approx((600, 900))
    assert table["low"].iloc[1] == pytest.approx(10 * 365.25 / 7)


def test_decliners_are_one_row_per_unit():
    units = inspector_general.decliners(tables.load("declined_counts"))
    assert sorted(units["value"]) == [506, 516, 584, 609, 675]
    assert units["unit_counted"].is_unique


def test_the_wilson_interval_is_in_percent():
    found = count_intervals.wilson(188, 29_312)
    assert (found.low, found.high) == pytest.approx((0.556, 0.739), abs=0.001)


def test_single_decliners_are_a_share_of_the_same_period():
    declined = pd.DataFrame(
        [
            ("facilities_declining", "2014-01-01", 20),
            ("facilities_declining", "2015-01-01", 99),
            ("facilities_declining_exactly_one", "2014-01-01", 5),
            ("leas_declining", "2017-02-01", 8),
            ("leas_declining_exactly_one", "2017-02-01", 4),
        ],
        columns=["measure", "period_start", "value"],
    ).assign(period_end="2018-01-01")
    assert list(inspector_general.single_decliners(declined)) == [25, 50]
