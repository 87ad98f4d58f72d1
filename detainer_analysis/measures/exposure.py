"""Federal money that an order could have reached: a function of stated assumptions, never a finding.

What an order claims, what courts block and what is withheld in the end are three different things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from detainer_analysis.intervals import Interval, exactly


@dataclass(frozen=True)
class Assumptions:
    """What a reader assumes about one county; dollars a year as intervals.

    Parameters
    ----------
    all_federal : Interval
        Federal money in the budget.
    justice_and_homeland : Interval
        Grants of the Departments of Justice and Homeland Security.
    jag, scaap : Interval
        Byrne Justice Assistance Grant; State Criminal Alien Assistance Program.
    budget : Interval
        The budget that shares refer to.
    residents : int
        People in the county.
    """

    all_federal: Interval
    justice_and_homeland: Interval
    jag: Interval
    scaap: Interval
    budget: Interval
    residents: int


ALL, DEPARTMENTS, PROGRAMS = "all federal money", "Justice and Homeland Security grants", "Byrne JAG and SCAAP"
ON_PAPER = f"{ALL}, on paper"


SCENARIOS: dict[str, Callable[[Assumptions], Interval]] = {
    ALL: lambda county: county.all_federal,
    DEPARTMENTS: lambda county: county.justice_and_homeland,
    PROGRAMS: lambda county: county.jag + county.scaap,
}


def exposure(county: Assumptions) -> pd.DataFrame:
    """Money exposed under each scenario, as dollars, share of the budget and dollars per resident.

    Returns
    -------
    pandas.DataFrame
        ``scenario``, ``low_usd``, ``high_usd``, ``share_low_percent``, ``share_high_percent``,
        ``low_usd_per_resident``, ``high_usd_per_resident``.
    """
    return pd.DataFrame([{"scenario": name, **_sizes(pick(county), county)} for name, pick in SCENARIOS.items()])


def _sizes(amount: Interval, county: Assumptions) -> dict[str, float]:
    share, each = amount / county.budget * 100, amount / county.residents
    return {
        "low_usd": amount.low,
        "high_usd": amount.high,
        "share_low_percent": share.low,
        "share_high_percent": share.high,
        "low_usd_per_resident": each.low,
        "high_usd_per_resident": each.high,
    }


def standing(steps: pd.DataFrame, county: Assumptions) -> pd.DataFrame:
    """What was claimed of one county and not blocked, from each date on.

    Parameters
    ----------
    steps : pandas.DataFrame
        Rows of ``exposure_steps`` of one place, in order of date.
    county : Assumptions
        Its money.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``left`` (a scenario, `ON_PAPER`, ``"part of all federal money"``, ``"Byrne JAG"`` or ``"nothing"``),
        the columns of `exposure` and ``reason``.
    """
    rows = []
    for step in steps.itertuples():
        left, amount = "nothing", exactly(0)
        if step.order == "claimed and not blocked":
            left, amount = ALL, county.all_federal
        elif step.order == "claimed on paper":
            left, amount = ON_PAPER, Interval(0, county.all_federal.high)
        elif step.order == "partly blocked by a court":
            left, amount = f"part of {ALL}", Interval(0, county.all_federal.high)
        elif step.jag_conditions == "claimed and not blocked":
            left, amount = "Byrne JAG", county.jag
        rows.append({"date": step.date, "left": left, **_sizes(amount, county), "reason": step.reason})
    return pd.DataFrame(rows)


def days_standing(steps: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Days for which the claim on all federal money stood unblocked, by place and spell.

    Parameters
    ----------
    steps : pandas.DataFrame
        ``place``, ``date``, ``left`` (see `standing`).
    last : pandas.Timestamp
        Where a spell that goes on is cut off.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``begin`` (its first day), ``days``, one row a spell.
    """
    ordered = steps.sort_values(["place", "date"], kind="stable")
    ends = ordered.groupby("place")["date"].shift(-1).fillna(last)
    spells = ordered.assign(begin=ordered["date"], days=(ends - ordered["date"]).dt.days)
    return spells.loc[spells["left"].eq(ALL), ["place", "begin", "days"]].reset_index(drop=True)
