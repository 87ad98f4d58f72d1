"""What holding people on detainers has cost: amounts per person and per day.

Only paid or decided claims are published. Sums of different kinds (settled, verdict, ceiling) are never added up."""

from __future__ import annotations

import math

import pandas as pd

from detainer_analysis.intervals import Interval
from detainer_analysis.wording import reported

CLASS_SUIT = 100  # people; every case is far above or far below


COSTS = ("fees and costs", "defence costs")


def in_prices_of(amount: Interval, when: pd.Timestamp, prices: pd.DataFrame, base_year: int) -> Interval:
    """`amount` of the year of `when` in dollars of `base_year`.

    Parameters
    ----------
    amount : Interval
        Dollars.
    when : pandas.Timestamp
        Day of the settlement or verdict; its year's average price level counts.
    prices : pandas.DataFrame
        ``consumer_prices``: ``year``, ``index_1982_84``.
    base_year : int
        A year of `prices`.

    Raises
    ------
    KeyError
        If `prices` lacks a year.
    """
    index = prices.set_index("year")["index_1982_84"]
    return amount * float(index.loc[base_year] / index.loc[when.year])


def total_cost(case: pd.Series, parts: pd.DataFrame) -> Interval:
    """Dollars that a case cost, with lawyers' fees and defence costs where they came on top of the amount.

    Parameters
    ----------
    case : pandas.Series
        Row of ``liability_cases`` with an amount.
    parts : pandas.DataFrame
        ``liability_parts``.
    """
    amount = reported(case["amount_usd"], case["amount_qualifier"])
    if case["fees_in_amount"] != "no":
        return amount
    on_top = parts.loc[parts["case_id"].eq(case["case_id"]) & parts["part"].isin(COSTS), "amount_usd"]
    return amount + float(on_top.sum())


def per_person(cases: pd.DataFrame, parts: pd.DataFrame, prices: pd.DataFrame, base_year: int) -> pd.DataFrame:
    """Cost of every case with an amount, per person and per day held, as intervals.

    A ceiling ("up to") counts from zero to the amount, a class of "more than" so many people as that or more, so
    that the results hold every value the words allow.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``case_id``: ``local_government``, ``kind``, ``standing``, ``outcome_date``, ``people``,
        ``low_usd``, ``high_usd`` (total cost), ``person_low_usd``, ``person_high_usd``, ``day_low_usd``,
        ``day_high_usd`` (nominal), and the same per person in dollars of `base_year` (``person_low_constant_usd``,
        ``person_high_constant_usd``). Empty where people, days or the date are not known.
    """
    rows = {}
    for case in cases[cases["amount_usd"].notna()].to_dict("records"):
        cost = total_cost(pd.Series(case), parts)
        row = {key: case[key] for key in ("local_government", "kind", "standing", "outcome_date", "people")}
        row |= {"low_usd": cost.low, "high_usd": cost.high}
        if pd.notna(case["people"]):
            each = cost / reported(float(case["people"]), case["people_qualifier"])
            row |= {"person_low_usd": each.low, "person_high_usd": each.high}
            if pd.notna(case["outcome_date"]):
                constant = in_prices_of(each, case["outcome_date"], prices, base_year)
                row |= {"person_low_constant_usd": constant.low, "person_high_constant_usd": constant.high}
        if pd.notna(case["days_held_low"]):
            top = case["days_held_high"] if pd.notna(case["days_held_high"]) else math.inf
            a_day = cost / Interval(case["days_held_low"], top)
            row |= {"day_low_usd": a_day.low, "day_high_usd": a_day.high}
        rows[case["case_id"]] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("case_id")
