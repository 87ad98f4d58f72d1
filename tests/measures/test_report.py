"""Measures on tables small enough to count by hand, and on the project's own where a number was published."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detainer_analysis.data import tables
from detainer_analysis.measures import counts as count_intervals
from detainer_analysis.measures import report

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
DECLINES["county_fips"] = DECLINES["place"].map(
    {"Travis County": "48453", "Bastrop County": "48021", "King County": "53033"}
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


CORRECTIONS = pd.DataFrame(
    [
        ("week1", "48021", "ICE correction", "detainers that were declined"),
        ("week1", "53033", "jurisdiction dispute", "declined: 1"),
        ("week1", "53033", "ICE correction", "detainers issued, per Section I"),
        ("week2", "48021", "ICE apology", "declined: 1"),
    ],
    columns=["report", "county_fips", "kind", "report_said"],
)


def test_only_declines_that_ice_itself_withdrew_are_withdrawn():
    gone = report.withdrawn_declines(DECLINES, CORRECTIONS)
    assert gone[["report", "place", "declined"]].to_numpy().tolist() == [["week1", "Bastrop County", 1]]


def test_the_reports_own_corrections_leave_54_of_64():
    weeks = report.weekly(*(tables.load(f"ddor_{name}") for name in ("weekly_totals", "declines", "corrections")))
    assert weeks[["elsewhere", "kept"]].to_numpy().tolist() == [[64, 54], [45, 45], [55, 55]]


def test_the_weeks_prefer_the_report_itself_and_split_off_travis():
    weeks = report.weekly(TOTALS, DECLINES, CORRECTIONS)
    assert weeks.to_dict("list") == {
        "report": ["week1", "week2"],
        "issued": [100, 80],
        "declined": [9, 5],
        "travis": [6, 2],
        "elsewhere": [3, 3],
        "kept": [2, 3],
    }
    assert set(weeks.drop(columns="report").dtypes.astype(str)) == {"int64"}


OUTCOMES = pd.DataFrame(
    [(f"2015-0{month}", place, n) for month in (1, 2, 3, 4) for place, n in (("A", 10), ("B", 30), ("C", 60))],
    columns=["month", "facility", "detainers"],
).assign(city="X", state="NY")
PLACES = pd.DataFrame({"facility": ["A", "B", "C"], "city": "X", "state": "NY", "county_fips": ["1", "1", "2"]})


def test_a_county_is_expected_to_keep_its_share_and_none_is_impossible():
    rows = pd.DataFrame({"county_fips": ["1", "2", "3"], "detainers_issued": [20, 30, 5]})
    found = report.against_records(rows, OUTCOMES, PLACES, 50).set_index("county_fips")
    assert found["fiscal_2015"].to_dict() == {"1": 160, "2": 240, "3": 0}
    assert found["expected"].to_dict() == {"1": 20, "2": 30, "3": 0}
    assert 0.4 < found.loc["1", "chance"] < 0.7
    assert 0 < found.loc["3", "chance"] < 1e-3
    assert found.loc["3", "as_unlikely_per_1000"] == 0  # every month of these records is as forecast


def test_the_chance_keeps_its_level_on_counts_that_are_poisson_and_the_last_month_is_not_judged():
    random = np.random.default_rng(4)
    months = [f"2015-{month:02d}" for month in range(1, 8)]
    rates = random.gamma(2, 10, 300)
    outcomes = pd.DataFrame(
        [(month, f"F{i}", n) for month in months for i, n in enumerate(random.poisson(rates))],
        columns=["month", "facility", "detainers"],
    ).assign(city="X", state="NY")
    outcomes.loc[outcomes["month"].eq("2015-07"), "detainers"] *= 9
    places = pd.DataFrame({"facility": outcomes["facility"].unique()}).assign(city="X", state="NY")
    places["county_fips"] = places["facility"]
    year = outcomes.groupby("facility")["detainers"].sum()
    rows = pd.DataFrame({"county_fips": ["F0"], "detainers_issued": [int(year["F0"] // 15 * 1.6)]})
    found = report.against_records(rows, outcomes, places, int(year.sum() // 15)).iloc[0]
    assert found["as_unlikely_per_1000"] / 1000 == pytest.approx(found["chance"], abs=0.02)


def test_the_ten_counties_stand_against_fiscal_2015():
    rows = report.section1(tables.load("ddor_section1"), "week1")
    records = (tables.load("outcomes_by_place_fy2015"), tables.load("places_fy2015"))
    found = report.against_records(rows, *records, 3083).set_index("county_fips")
    assert found.loc["36059", ["detainers_issued", "fiscal_2015"]].tolist() == [38, 217]  # Nassau
    assert found.loc["36059", "expected"] == pytest.approx(8.46, abs=0.01)
    assert found.loc["19137", ["detainers_issued", "fiscal_2015"]].tolist() == [12, 0]  # Montgomery, Iowa


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


@pytest.mark.usefixtures("untraced")
def test_the_homogeneity_test_keeps_its_level_on_poisson_counts():
    random = np.random.default_rng(1)
    draws = [row for row in random.poisson(55, size=(400, 3)) if len(set(row)) > 1]
    rejected = np.mean([count_intervals.poisson_homogeneity(pd.Series(row))["p_value"] < 0.05 for row in draws])
    assert 0.02 < rejected < 0.09


@pytest.mark.usefixtures("untraced")
def test_the_rate_ratio_covers_a_planted_ratio():
    random = np.random.default_rng(2)
    pairs = random.poisson([60, 30], size=(300, 2))
    covered = np.mean([2.0 in count_intervals.rate_ratio(pd.Series({"a": a, "b": b}), "a", "b") for a, b in pairs])
    assert 0.91 < covered < 0.99


def test_power_is_the_level_where_the_rates_are_equal_and_grows_with_their_difference():
    power = [count_intervals.power_of_homogeneity(pd.Series([50.0 * k, 50.0, 50.0])) for k in (1.001, 1.25, 1.5, 2)]
    assert power[0] == pytest.approx(0.05, abs=0.001)
    assert power == sorted(power)


@pytest.mark.usefixtures("untraced")
def test_power_is_how_often_the_test_rejects_simulated_counts():
    random = np.random.default_rng(5)
    draws = random.poisson([64, 45, 55], size=(600, 3))
    rejected = np.mean([count_intervals.poisson_homogeneity(pd.Series(row))["p_value"] < 0.05 for row in draws])
    assert count_intervals.power_of_homogeneity(pd.Series([64, 45, 55])) == pytest.approx(rejected, abs=0.05)


def test_the_wilson_interval_is_in_percent():
    found = count_intervals.wilson(188, 29_312)
    assert (found.low, found.high) == pytest.approx((0.556, 0.739), abs=0.001)


def test_listed_counties_are_ranked_and_shared_by_a_readers_counts():
    """Two of ten records have no county: each may be of any listed county, and of a listed one without a record."""
    rows = pd.DataFrame(
        [("county", "01001", 5, 7), ("county", "01003", 3, 5), ("no county", None, 2, 2), ("national", None, 10, 10)],
        columns=["scope", "county_fips", "least", "most"],
    )
    listed = pd.Series(["01001", "01005", "01001"])
    share, words = report.share_of_listed(listed, rows)
    assert (share.low, share.high) == pytest.approx((50, 70))
    assert words == "5 of 10 in your files; 2 have no county."
    rank, words = report.rank_among_listed(listed, "01005", rows)
    assert (rank.low, rank.high) == (2, 2)
    assert words == "0 in your files; rank among the 2 listed."
    rank, _ = report.rank_among_listed(pd.Series(["01001", "01003", "01005"]), "01003", rows)
    assert (rank.low, rank.high) == (1, 2)
    assert report.rank_among_listed(pd.Series(["01001", "01003"]), "01003", rows) is None, "any rank"
    assert report.rank_among_listed(listed, "01003", rows) is None
    clear = rows.assign(least=[9, 4, 2, 10], most=[9, 4, 2, 10])
    rank, _ = report.rank_among_listed(pd.Series(["01001", "01003", "01005"]), "01003", clear)
    assert (rank.low, rank.high) == (2, 2), "in the middle, with as many above as below"
    for lost in ("no county", "national"):
        assert report.share_of_listed(listed, rows[rows["scope"].ne(lost)]) is None
    assert report.share_of_listed(listed.iloc[:0], rows) is None


@given(st.integers(0, 5000), st.floats(2, 100))
def test_a_week_is_expected_with_the_coverage_that_is_asked(before, weight):
    found = report.expected(before, weight)
    model = stats.nbinom(before + 0.5, weight / (weight + 1))
    assert model.cdf(found.high) - model.cdf(found.low - 1) >= 0.95
    assert model.cdf(found.low - 1) <= 0.025
    assert model.sf(found.high) <= 0.025
    assert found.within(report.expected(before, weight, coverage=0.99))
