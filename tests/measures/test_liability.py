"""Costs per person and day hold every value the words allow; the model does what its formula says."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.intervals import Interval
from detainer_analysis.measures import decision, liability

PRICES = pd.DataFrame({"year": [2015, 2025], "index_1982_84": [200.0, 300.0]})
PARTS = pd.DataFrame(
    [("verdict", "damages", 30.0), ("verdict", "fees and costs", 70.0), ("verdict", "asked for", 999.0)],
    columns=["case_id", "part", "amount_usd"],
)


def case(**changes):
    return {
        "case_id": "a",
        "local_government": "Some County",
        "kind": "settled",
        "standing": "approved or closed",
        "outcome_date": pd.Timestamp("2015-06-01"),
        "amount_usd": 100.0,
        "amount_qualifier": "exact",
        "fees_in_amount": "yes",
        "people": 1,
        "people_qualifier": "exact",
        "days_held_low": 2.0,
        "days_held_high": 4.0,
    } | changes


def cost(**changes):
    return liability.per_person(pd.DataFrame([case(**changes)]), PARTS, PRICES, 2025).iloc[0]


def test_a_sum_is_divided_by_people_and_days_and_put_into_constant_dollars():
    row = cost()
    assert (row["person_low_usd"], row["person_high_usd"]) == (100, 100)
    assert (row["day_low_usd"], row["day_high_usd"]) == (25, 50)
    assert row["person_high_constant_usd"] == pytest.approx(150)


def test_a_ceiling_over_more_than_so_many_people_gives_an_upper_bound_only():
    row = cost(amount_qualifier="up to", people=20, people_qualifier="more than", days_held_high=None)
    assert (row["person_low_usd"], row["person_high_usd"]) == (0, 5)
    assert (row["day_low_usd"], row["day_high_usd"]) == (0, 50)


def test_fees_that_come_on_top_are_added_and_sums_asked_for_are_not():
    assert cost(case_id="verdict", amount_usd=30.0, fees_in_amount="no")["high_usd"] == 100
    assert cost(case_id="verdict", amount_usd=30.0, fees_in_amount="not stated")["high_usd"] == 30


def test_what_is_not_known_stays_empty_and_cases_without_a_sum_are_left_out():
    row = cost(people=None, people_qualifier=None, days_held_low=None)
    assert "person_low_usd" not in row.index
    assert "day_low_usd" not in row.index
    undated = cost(outcome_date=pd.NaT)
    assert "person_low_constant_usd" not in undated.index
    none = liability.per_person(pd.DataFrame([case(), case(case_id="b", amount_usd=None)]), PARTS, PRICES, 2025)
    assert list(none.index) == ["a"]


def test_a_year_without_a_price_index_is_an_error():
    with pytest.raises(KeyError):
        liability.in_prices_of(Interval(1, 2), pd.Timestamp("2014-01-01"), PRICES, 2025)


def test_kinds_and_standings_fit_each_other_in_the_data():
    cases = tables.load("liability_cases")
    has_sum = cases["amount_usd"].notna()
    assert set(cases.loc[has_sum, "kind"]) <= {"settled", "verdict", "judgment"}
    assert (
        cases.loc[cases["standing"].isin(["open", "result not found", "amount not found"]), "amount_usd"].isna().all()
    )
    assert cases.loc[has_sum, "fees_in_amount"].notna().all()
    assert set(cases["case_id"]) >= set(tables.load("liability_parts")["case_id"])
    assert set(cases["case_id"]) >= set(tables.load("liability_classes")["case_id"])
    assert (
        cases["days_held_low"].dropna() <= cases["days_held_high"].fillna(np.inf)[cases["days_held_low"].notna()]
    ).all()


def test_every_event_of_the_timeline_is_a_row_of_its_table():
    for event in tables.load("timeline_events").itertuples():
        table = tables.load(event.table)
        dates = table["date"] if "date" in table else table["outcome_date"]
        assert dates.eq(event.date).any(), event.label


# The model --------------------------------------------------------------------------------------------

POINT = {
    "class_chance": 0.1,
    "class_part_paid": 0.5,
    "class_payment_usd": 1_000.0,
    "class_cost_factor": 2.0,
    "single_rate": 0.01,
    "single_payment_usd": 10_000.0,
    "part_withheld": 0.1,
    "holds_a_year": 500.0,
    "funding_exposed_usd": 1e6,
}


def fixed(**changes):
    table = pd.DataFrame({"low": POINT, "high": POINT, "shape": "fixed"}, index=list(POINT))
    for name, (low, high, shape) in changes.items():
        table.loc[name, ["low", "high", "shape"]] = [low, high, shape]
    return table


def test_the_formula_worked_by_hand():
    # 1000 * (0.1 * 0.5 * 1000 * 2 + 0.9 * 0.01 * 10000)
    drawn = decision.simulate(fixed(), draws=3, seed=1)
    assert drawn["liability_per_1000_usd"].tolist() == pytest.approx([190_000] * 3)
    assert drawn["liability_a_year_usd"].tolist() == pytest.approx([95_000] * 3)
    assert drawn["funding_a_year_usd"].tolist() == pytest.approx([100_000] * 3)


def test_draws_follow_their_shape_and_their_seed():
    inputs = fixed(holds_a_year=(100.0, 300.0, "uniform"), funding_exposed_usd=(1e2, 1e6, "log-uniform"))
    drawn = decision.simulate(inputs, draws=20_000, seed=1)
    holds = drawn["liability_a_year_usd"] / drawn["liability_per_1000_usd"] * 1000
    assert (holds.min(), holds.max()) == pytest.approx((100, 300), rel=0.01)
    assert holds.mean() == pytest.approx(200, rel=0.01)
    exposed = drawn["funding_a_year_usd"] / 0.1
    assert exposed.median() == pytest.approx(1e4, rel=0.1)
    pd.testing.assert_frame_equal(drawn, decision.simulate(inputs, draws=20_000, seed=1))
    assert not drawn.equals(decision.simulate(inputs, draws=20_000, seed=2))


def test_the_summary_is_of_the_middle_ninety_percent():
    table = decision.summary(pd.DataFrame({"x": range(101)}))
    assert table.loc["x"].tolist() == [5, 50, 95, 50]


def test_sobol_indices_are_known_for_a_sum_of_two_logarithms():
    # log10(ratio) is linear in the two logs, with ranges of two decades and one: variances 4 to 1.
    inputs = fixed(funding_exposed_usd=(1e4, 1e6, "log-uniform"), part_withheld=(0.01, 0.1, "log-uniform"))
    found = decision.sobol(inputs, power=10, seed=1)
    assert list(found.index) == ["funding_exposed_usd", "part_withheld"]
    assert found["first_order"].tolist() == pytest.approx([0.8, 0.2], abs=0.02)
    assert found["total"].tolist() == pytest.approx([0.8, 0.2], abs=0.02)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ((2.0, 1.0, "uniform"), "runs from low to high"),
        ((0.0, 1.0, "log-uniform"), "above zero"),
        ((0.0, 1.0, "normal"), "unknown shape"),
    ],
)
def test_a_prior_that_is_none_is_named(change, complaint):
    with pytest.raises(ValueError, match=f"single_rate.*{complaint}"):
        decision.simulate(fixed(single_rate=change), draws=1, seed=1)


@pytest.fixture(scope="module")
def built():
    names = (
        "liability_classes",
        "liability_parts",
        "class_suit_counties",
        "places_fy2015",
        "outcomes_by_year",
        "funding_outcomes",
    )
    data = {name: tables.load(name) for name in names}
    costs = liability.per_person(
        tables.load("liability_cases"), data["liability_parts"], tables.load("consumer_prices"), 2025
    )
    return decision.priors(costs, data, hidden=10)


def test_priors_come_from_rows_and_their_own_assumption(built):
    assert built.loc["class_part_paid", "low"] == pytest.approx(1166 / 18500)
    assert built.loc["single_rate", "high"] == pytest.approx(10 * built.loc["single_rate", "low"])
    assert built.loc["class_payment_usd", "low"] == pytest.approx(3.7e6 / 1166)
    assert (built["low"] < built["high"]).all()


def test_readings_of_the_sample_order_the_answer(built):
    inputs = built.drop(columns="evidence")
    inputs.loc["holds_a_year"] = [200.0, 500.0, "uniform"]
    inputs.loc["funding_exposed_usd"] = [2e5, 2e8, "log-uniform"]
    medians = [
        decision.summary(decision.simulate(setting, 20_000, 1)).loc["liability_a_year_usd", "median"]
        for setting in (decision.if_all_published(inputs), inputs, decision.if_typical(inputs))
    ]
    assert medians[0] < medians[1] < medians[2]
