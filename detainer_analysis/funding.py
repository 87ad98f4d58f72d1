"""Federal money in local budgets: what compares, what a published share implies, and what was exposed.

A share of a budget means little without its definition. Every figure carries four parts (`DEFINITION_PARTS`), and
two figures compare only if all four are the same. Exposure is a function of stated assumptions, never a finding:
what an order claims, what courts block and what is withheld in the end are three different things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from detainer_analysis.intervals import Interval, exactly, parse, reported

DEFINITION_PARTS = ("federal_scope", "medicaid_hospital", "basis", "funds")
NOT_STATED = "not stated"


# Definitions ------------------------------------------------------------------------------------------


def against(rows: pd.DataFrame, reference: pd.Series) -> pd.DataFrame:
    """Whether each row compares with `reference`, and if not, why.

    Parameters
    ----------
    rows : pandas.DataFrame
        Has the columns of `DEFINITION_PARTS`.
    reference : pandas.Series
        One such row.

    Returns
    -------
    pandas.DataFrame
        `rows` with ``compares`` (``"yes"``: all four parts are the same; ``"no"``: a stated part differs;
        ``"unknown"``: only parts that one of the two leaves open differ) and ``why`` (the parts in question).
    """
    verdicts, reasons = [], []
    for _, row in rows.iterrows():
        other = [part for part in DEFINITION_PARTS if row[part] != reference[part]]
        differ = [part for part in other if NOT_STATED not in (row[part], reference[part])]
        verdicts.append("no" if differ else "unknown" if other else "yes")
        named = [f"{part.replace('_', ' ')}: {row[part]} against {reference[part]}" for part in (differ or other)]
        reasons.append("; ".join(named))
    return rows.assign(compares=verdicts, why=reasons)


def stated_or_computed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that have a share, with it as an interval.

    Returns
    -------
    pandas.DataFrame
        The rows of `rows` with a stated share, or with dollars and a total; ``share_low_percent``,
        ``share_high_percent`` and ``share_from`` (``"source"`` or ``"our division"``).
    """
    found = []
    for _, row in rows.iterrows():
        if pd.notna(row["share_percent"]):
            share, origin = reported(row["share_percent"], row["share_qualifier"], "percent"), "source"
        elif pd.notna(row["federal_usd"]) and pd.notna(row["total_usd"]):
            share = reported(row["federal_usd"], "rounded") / reported(row["total_usd"], "rounded") * 100
            origin = "our division"
        else:
            continue
        found.append({**row, "share_low_percent": share.low, "share_high_percent": share.high, "share_from": origin})
    return pd.DataFrame(found)


# One county's share -----------------------------------------------------------------------------------


def budget_totals(shares: pd.DataFrame, county_fips: str, years: tuple[int, int] = (2016, 2017)) -> pd.DataFrame:
    """Different totals of one whole county for the fiscal years `years`, smallest first."""
    rows = shares[
        shares["county_fips"].eq(county_fips)
        & shares["fiscal_year"].between(*years)
        & shares["total_usd"].notna()
        & shares["funds"].ne("one department")
    ]
    return rows.drop_duplicates(["total_usd"]).sort_values("total_usd", kind="stable")


def shares_of(federal: Interval, totals: pd.DataFrame, claimed: Interval) -> pd.DataFrame:
    """`federal` dollars as a share of every total, against a claimed share.

    Parameters
    ----------
    federal : Interval
        Federal money in dollars.
    totals : pandas.DataFrame
        Rows of `budget_totals`.
    claimed : Interval
        The published share, in percent.

    Returns
    -------
    pandas.DataFrame
        ``fiscal_year_as_stated``, ``total_stage``, ``basis``, ``total_usd``, ``share_low_percent``,
        ``share_high_percent``, ``agrees`` (``"inside"``, ``"overlaps"`` or ``"outside"``), ``source_id``.
    """
    found = [federal / reported(value, "rounded") * 100 for value in totals["total_usd"]]
    agrees = [
        "inside" if share.within(claimed) else "overlaps" if share.overlaps(claimed) else "outside" for share in found
    ]
    return totals[["fiscal_year_as_stated", "total_stage", "basis", "total_usd", "source_id"]].assign(
        share_low_percent=[share.low for share in found],
        share_high_percent=[share.high for share in found],
        agrees=agrees,
    )


def implied_total(federal: str, share: str) -> Interval:
    """Every total in dollars for which the sentence can be true.

    ``"$198 million"`` and ``"about 10 percent"`` are intervals; a total is in this one if some reading of both
    fits it.
    """
    return parse(federal) / (parse(share) / 100)


def certain_total(federal: str, share: str) -> Interval | None:
    """Every total for which the sentence is true whatever the dollars are within their rounding; None if there is
    none.
    """
    dollars, part = parse(federal), parse(share) / 100
    low, high = dollars.high / part.high, dollars.low / part.low
    return Interval(low, high) if low <= high else None


def direct_share(census: pd.DataFrame) -> pd.DataFrame:
    """Direct federal and state revenue of governments as shares of general revenue.

    Parameters
    ----------
    census : pandas.DataFrame
        ``federal_direct_usd``, ``state_aid_usd``, ``general_revenue_usd``: ``census_county_finance``, or what
        `census_finance.counties` returns.

    Returns
    -------
    pandas.DataFrame
        `census` with ``direct_federal_percent`` and ``state_aid_percent``.
    """
    return census.assign(
        direct_federal_percent=census["federal_direct_usd"] / census["general_revenue_usd"] * 100,
        state_aid_percent=census["state_aid_usd"] / census["general_revenue_usd"] * 100,
    )


# Exposure ---------------------------------------------------------------------------------------------


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
        ``date``, ``left`` (a scenario, ``"part of all federal money"``, ``"Byrne JAG"`` or ``"nothing"``), the columns
        of `exposure` and ``reason``.
    """
    rows = []
    for step in steps.itertuples():
        left, amount = "nothing", exactly(0)
        if step.order == "claimed and not blocked":
            left, amount = ALL, county.all_federal
        elif step.order == "partly blocked by a court":
            left, amount = f"part of {ALL}", Interval(0, county.all_federal.high)
        elif step.jag_conditions == "claimed and not blocked":
            left, amount = "Byrne JAG", county.jag
        rows.append({"date": step.date, "left": left, **_sizes(amount, county), "reason": step.reason})
    return pd.DataFrame(rows)


def one_at_a_time(model: Callable[[Mapping[str, float]], float], inputs: pd.DataFrame) -> pd.DataFrame:
    """What each input does to the answer of `model` while all others stay at their base: a tornado.

    Parameters
    ----------
    model : callable
        Takes a mapping from input to number, returns a number.
    inputs : pandas.DataFrame
        Indexed by input: ``low``, ``base``, ``high``.

    Returns
    -------
    pandas.DataFrame
        Indexed by input, the strongest first: ``low``, ``high`` (inputs), ``at_low``, ``at_base``, ``at_high``
        (answers) and ``swing`` (largest less smallest answer).
    """
    base = inputs["base"].to_dict()
    table = inputs[["low", "high"]].assign(
        at_low=[model(base | {name: value}) for name, value in inputs["low"].items()],
        at_base=model(base),
        at_high=[model(base | {name: value}) for name, value in inputs["high"].items()],
    )
    answers = table[["at_low", "at_base", "at_high"]]
    return table.assign(swing=answers.max(axis=1) - answers.min(axis=1)).sort_values(
        "swing", ascending=False, kind="stable"
    )


def expected_loss(inputs: Mapping[str, float]) -> float:
    """Dollars a year: federal money, times the part that a reading of the order reaches, times the part that courts
    leave within reach, times the part of threatened governments that lost it.
    """
    return inputs["federal_usd"] * inputs["part_reached"] * inputs["part_not_blocked"] * inputs["part_withheld"]
