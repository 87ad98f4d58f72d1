"""What holding can cost against what refusing can cost, as bounds: no distribution is assumed for what nobody knows.

Paying for holds costs (holds a year) x (part of them that is ever paid for) x (payment per person held); the part is
not known. Refusing costs what is withheld, and a rate at which one grant was withheld speaks of that grant only. So
the question is turned round: which part of the holds would have to be paid for until both cost the same?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from detainer_analysis.intervals import Interval
from detainer_analysis.measures.liability import CLASS_SUIT


def payments(costs: pd.DataFrame) -> pd.DataFrame:
    """Published cost per person held: each class suit, and single cases together; constant dollars.

    Parameters
    ----------
    costs : pandas.DataFrame
        What `liability.per_person` returns.

    Returns
    -------
    pandas.DataFrame
        ``case`` (government and standing), ``low_usd``, ``high_usd``; the smallest `high_usd` first. A class of "more
        than" so many people has a low of zero: only the upper end is known.
    """
    ends = ["person_low_constant_usd", "person_high_constant_usd"]
    local = costs[~costs["local_government"].str.startswith("United States")].dropna(subset=ends)
    in_class = local["people"].ge(CLASS_SUIT)
    suits = local[in_class].assign(case=local["local_government"] + ", " + local["standing"])
    found = suits[["case", *ends]].set_axis(["case", "low_usd", "high_usd"], axis=1)
    single = local[~in_class]
    found.loc["single cases"] = ["single cases, smallest to largest", single[ends[0]].min(), single[ends[1]].max()]
    return found.sort_values("high_usd", kind="stable").reset_index(drop=True)


def cost_of_all(holds: Interval, paid: pd.DataFrame) -> pd.DataFrame:
    """Dollars a year if every hold were paid for as in each published case.

    Parameters
    ----------
    holds : Interval
        Holds a year.
    paid : pandas.DataFrame
        What `payments` returns.

    Returns
    -------
    pandas.DataFrame
        `paid` with its dollars multiplied by `holds`.
    """
    return paid.assign(low_usd=paid["low_usd"] * holds.low, high_usd=paid["high_usd"] * holds.high)


def break_even(losses: Mapping[str, Interval], holds: Interval, paid: pd.DataFrame) -> pd.DataFrame:
    """Percent of the holds that must be paid for until paying costs as much as each loss.

    Parameters
    ----------
    losses : mapping of str to Interval
        Dollars a year that refusing costs, by name.
    holds : Interval
        Holds a year.
    paid : pandas.DataFrame
        What `payments` returns; the upper end of each payment is used.

    Returns
    -------
    pandas.DataFrame
        ``loss``, ``case``, ``low_percent``, ``high_percent``, one row a loss and payment; more than 100 means that
        paying for every hold costs less than the loss.
    """
    rows = []
    for name, loss in losses.items():
        for case, usd in zip(paid["case"], paid["high_usd"], strict=True):
            part = loss / (holds * float(usd)) * 100
            rows.append({"loss": name, "case": case, "low_percent": part.low, "high_percent": part.high})
    return pd.DataFrame(rows)


def larger_under(shape: str, costs: Mapping[str, Interval], loss: Interval, quantiles: np.ndarray) -> float:
    """Share of draws in which a product of factors is larger than a loss, if ranges are read as distributions.

    It is here to show that the answer is the reader's choice of a shape.

    Parameters
    ----------
    shape : {"uniform", "log-uniform"}
        How a range is read: every number as likely, or every factor.
    costs : mapping of str to Interval
        The factors.
    loss : Interval
        Dollars.
    quantiles : numpy.ndarray
        Shape (factors + 1, draws), between 0 and 1; the same for both shapes, so that only the shape differs.

    Raises
    ------
    ValueError
        If the shape is none of the two, or a log-uniform range does not lie above zero.
    """
    ranges = [*costs.values(), loss]
    if shape not in ("uniform", "log-uniform"):
        raise ValueError(f"shape {shape!r}: uniform or log-uniform")
    if shape == "log-uniform" and any(part.low <= 0 for part in ranges):
        raise ValueError("a log-uniform range lies above zero")
    drawn = [
        part.low + (part.high - part.low) * u if shape == "uniform" else part.low * (part.high / part.low) ** u
        for part, u in zip(ranges, quantiles, strict=True)
    ]
    return float((np.prod(drawn[:-1], axis=0) > drawn[-1]).mean())
