"""Costs per person and day hold every value the words allow; the model does what its formula says."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.intervals import Interval
from detainer_analysis.measures import liability

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
