"""Federal money in local budgets: what compares, and what a published share implies.

A share of a budget means little without its definition. Every figure carries four parts (`DEFINITION_PARTS`), and
two figures compare only if all four are the same."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.data.evidence import as_stated
from detainer_analysis.errors import require
from detainer_analysis.intervals import Interval
from detainer_analysis.wording import parse, reported

DEFINITION_PARTS = ("federal_scope", "medicaid_hospital", "basis", "funds")


NOT_STATED = "not stated"


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
            share, origin = as_stated(row, "share_percent"), "source"
        elif pd.notna(row["federal_usd"]) and pd.notna(row["total_usd"]):
            share = as_stated(row, "federal_usd") / as_stated(row, "total_usd") * 100
            origin = "our division"
        else:
            continue
        found.append({**row, "share_low_percent": share.low, "share_high_percent": share.high, "share_from": origin})
    return pd.DataFrame(found)


def budget_totals(shares: pd.DataFrame, county_fips: str, years: tuple[int, int] = (2016, 2017)) -> pd.DataFrame:
    """Different totals of one whole county for the fiscal years `years`, smallest first.

    Raises
    ------
    UnknownNameError
        If no row is about the county.
    """
    require("county", county_fips, shares["county_fips"].dropna().unique())
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
