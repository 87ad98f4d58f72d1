"""Bounds of what holding and refusing cost, worked by hand, and the shape of a range that decides an answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detainer_analysis.data import tables
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.measures import balance, liability

COSTS = pd.DataFrame(
    {
        "local_government": ["A", "B", "C", "United States (ICE)", "D"],
        "standing": "closed",
        "people": [5_000, 1, 2, 1, None],
        "person_low_constant_usd": [0.0, 300.0, 200.0, 1.0, None],
        "person_high_constant_usd": [10.0, 300.0, 200.0, 1.0, None],
    }
)
PAID = pd.DataFrame({"case": ["A", "B"], "low_usd": [0.0, 100.0], "high_usd": [10.0, 100.0]})


def test_payments_are_each_class_suit_and_single_cases_from_end_to_end():
    found = balance.payments(COSTS)
    assert found.to_numpy().tolist() == [
        ["A, closed", 0.0, 10.0],
        ["single cases, smallest to largest", 200.0, 300.0],
    ]


def test_the_published_payments_are_those_of_the_cases():
    data = [tables.load(name) for name in ("liability_cases", "liability_parts", "consumer_prices")]
    found = balance.payments(liability.per_person(*data, 2020)).set_index("case")["high_usd"]
    assert found["Los Angeles County, approved or closed"] == pytest.approx(14e6 / 18_501, rel=1e-3)
    assert found.idxmax() == "single cases, smallest to largest"
    assert len(found) == 4


def test_the_cost_of_all_holds_takes_like_ends_together():
    found = balance.cost_of_all(Interval(2, 3), PAID)
    assert found["low_usd"].tolist() == [0, 200]
    assert found["high_usd"].tolist() == [30, 300]


def test_the_break_even_part_worked_by_hand():
    found = balance.break_even({"grant": exactly(50)}, Interval(2, 10), PAID)
    assert found.columns.tolist() == ["loss", "case", "low_percent", "high_percent"]
    # 50 dollars are 5 holds of 10 dollars, of 10 or of 2 holds.
    assert found.loc[found["case"].eq("A"), ["low_percent", "high_percent"]].to_numpy()[0] == pytest.approx([50, 250])
    assert found.loc[found["case"].eq("B"), ["low_percent", "high_percent"]].to_numpy()[0] == pytest.approx([5, 25])


@given(st.floats(1, 1e6), st.floats(1, 1e4), st.floats(1, 1e5))
def test_at_the_break_even_part_both_sides_cost_the_same(loss, holds, usd):
    paid = pd.DataFrame({"case": ["A"], "low_usd": [usd], "high_usd": [usd]})
    part = balance.break_even({"grant": exactly(loss)}, exactly(holds), paid)["low_percent"].iloc[0]
    assert part / 100 * holds * usd == pytest.approx(loss)


def test_a_shape_alone_changes_the_answer():
    quantiles = np.linspace(0, 1, 10_001)[np.newaxis].repeat(2, axis=0)
    quantiles[1] = 0.5
    costs, loss = {"cost": Interval(1, 100)}, Interval(10, 10.0001)
    # Of 1 to 100, 90 of 99 numbers lie above 10, but half of the factors.
    assert balance.larger_under("uniform", costs, loss, quantiles) == pytest.approx(90 / 99, abs=1e-3)
    assert balance.larger_under("log-uniform", costs, loss, quantiles) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(("shape", "low"), [("normal", 1.0), ("log-uniform", 0.0)])
def test_a_shape_that_cannot_be_read_is_named(shape, low):
    with pytest.raises(ValueError, match=shape):
        balance.larger_under(shape, {"cost": Interval(low, 1)}, exactly(1), np.zeros((2, 1)))
