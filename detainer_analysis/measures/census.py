"""Federal money of single governments in the Census Bureau's count: of what kind, how much at most, compared with whom.

The Bureau codes money by who paid it: B federal, C state, D another local government. Federal money that a state
passes on belongs in C, so B is a lower bound of a county's federal money and B, C and D together are an upper one.
Some counties' passed-through money is coded B all the same; a county is compared only with those that look alike in
this (see `welfare_coding`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from detainer_analysis.errors import require
from detainer_analysis.intervals import Interval

AT_SOURCE, THROUGH_STATE, NO_WELFARE_AID = "federal", "state", "no welfare aid"
FEDERAL_FROM = 0.30  # part of welfare aid coded federal from which on a county counts as coded at the source
LARGE = 100_000
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


def shares(units: pd.DataFrame) -> pd.DataFrame:
    """Direct federal money and all aid as shares of general revenue, and how welfare aid is coded.

    Parameters
    ----------
    units : pandas.DataFrame
        Rows of ``census_units``.

    Returns
    -------
    pandas.DataFrame
        `units` with ``all_aid_usd`` (from all other governments: the most that can be federal), ``direct_percent`` and
        ``all_aid_percent`` (of general revenue; missing where that is zero), ``welfare_federal_percent`` (the part of
        welfare aid that is coded federal) and ``welfare_coding`` (`AT_SOURCE`: at least `FEDERAL_FROM` of it,
        `THROUGH_STATE`: less, `NO_WELFARE_AID`).
    """
    direct, revenue = units["federal_direct_usd"].astype(float), units["general_revenue_usd"].astype(float)
    aid = units["federal_direct_usd"] + units["state_aid_usd"] + units["local_aid_usd"]
    welfare = (units["welfare_federal_usd"] + units["welfare_state_usd"]).astype(float)
    part = units["welfare_federal_usd"].astype(float) / welfare.where(welfare.gt(0))
    coding = part.ge(FEDERAL_FROM).map({True: AT_SOURCE, False: THROUGH_STATE}).where(part.notna(), NO_WELFARE_AID)
    general = revenue.where(revenue.gt(0))
    return units.assign(
        all_aid_usd=aid,
        direct_percent=direct / general * 100,
        all_aid_percent=aid.astype(float) / general * 100,
        welfare_federal_percent=part * 100,
        welfare_coding=coding,
    )


def of_county(units: pd.DataFrame, county_fips: str, published: Interval) -> pd.DataFrame:
    """Which federal money a published sum can be, year by year.

    Parameters
    ----------
    units : pandas.DataFrame
        Rows of ``census_units``.
    county_fips : str
        Five digits.
    published : Interval
        The published sum in dollars.

    Returns
    -------
    pandas.DataFrame
        One row a Census year: what `shares` adds, and what of the published sum was then passed through another
        government, as dollars and as a part of it: ``passed_through_low_usd``, ``passed_through_high_usd``,
        ``passed_through_low_percent``, ``passed_through_high_percent``. A year whose direct money reaches the
        published sum leaves nothing.

    Raises
    ------
    UnknownNameError
        If no county government has the code.
    """
    counties = units[units["kind"].eq("county")]
    require("county", county_fips, counties["county_fips"])
    rows = shares(counties[counties["county_fips"].eq(county_fips)])
    direct = rows["federal_direct_usd"].astype(float)
    low, high = (published.low - direct).clip(lower=0), (published.high - direct).clip(lower=0)
    return rows.assign(
        passed_through_low_usd=low,
        passed_through_high_usd=high,
        passed_through_low_percent=low / published.low * 100,
        passed_through_high_percent=high / published.high * 100,
    ).reset_index(drop=True)


def peers(units: pd.DataFrame, fiscal_year: int, coding: str, state: str | None = None) -> pd.DataFrame:
    """County governments of more than `LARGE` people in one year whose welfare aid is coded alike.

    Parameters
    ----------
    units : pandas.DataFrame
        Rows of ``census_units``.
    fiscal_year : int
        The year.
    coding : str
        `AT_SOURCE`, `THROUGH_STATE` or `NO_WELFARE_AID`.
    state : str, optional
        Postal code, to stay within one state.

    Returns
    -------
    pandas.DataFrame
        Their rows with the columns of `shares`, the lowest direct share first.

    Raises
    ------
    UnknownNameError
        If no row is of the year or of the state, or the coding is none of the three.
    """
    require("fiscal year", str(fiscal_year), units["fiscal_year"].astype(str).unique())
    require("coding of welfare aid", coding, (AT_SOURCE, THROUGH_STATE, NO_WELFARE_AID))
    chosen = units["fiscal_year"].eq(fiscal_year) & units["kind"].eq("county") & units["population"].gt(LARGE)
    if state is not None:
        require("state", state, units["state"].unique())
        chosen &= units["state"].eq(state)
    rows = shares(units[chosen])
    return rows[rows["welfare_coding"].eq(coding)].sort_values("direct_percent", kind="stable", ignore_index=True)


def quantiles(rows: pd.DataFrame, column: str = "direct_percent") -> pd.Series:
    """`QUANTILES` of one share over `rows`, with the number of counties and of amounts that repeat the year before.

    Returns
    -------
    pandas.Series
        ``counties``, ``repeats`` (rows whose direct amount equals the last year's to the dollar, so that it may be
        carried forward), then the quantiles by name (``"p05"`` to ``"p95"``).
    """
    found = {f"p{round(part * 100):02d}": rows[column].quantile(part) for part in QUANTILES}
    return pd.Series({"counties": len(rows), "repeats": int(rows["federal_repeats"].eq("yes").sum()), **found})


def position(units: pd.DataFrame, county_fips: str, fiscal_year: int, state: str | None = None) -> pd.Series:
    """Where one county stands among its `peers`.

    Returns
    -------
    pandas.Series
        ``welfare_coding``, ``direct_percent`` of the county, ``lower_percent`` (peers with a lower share, the county
        itself left out, in percent of them) and what `quantiles` gives for all, the county included.

    Raises
    ------
    UnknownNameError
        If the county has no row in the year, or is no peer because it is small.
    """
    large = units[units["fiscal_year"].eq(fiscal_year) & units["kind"].eq("county") & units["population"].gt(LARGE)]
    require(f"county of more than {LARGE:,} people in {fiscal_year}", county_fips, large["county_fips"])
    county = shares(large[large["county_fips"].eq(county_fips)]).iloc[0]
    group = peers(units, fiscal_year, county["welfare_coding"], state)
    others = group.loc[group["county_fips"].ne(county_fips), "direct_percent"]
    lower = others.lt(county["direct_percent"]).mean() * 100 if len(others) else np.nan
    named = {name: county[name] for name in ("welfare_coding", "direct_percent")}
    return pd.concat([pd.Series({**named, "lower_percent": lower}, dtype=object), quantiles(group)])


def of_counties(units: pd.DataFrame, listed: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Share and ceiling of listed counties in some years.

    Parameters
    ----------
    units : pandas.DataFrame
        Rows of ``census_units``.
    listed : pandas.DataFrame
        ``jurisdiction``, ``state``, ``county_fips``, one row a county; the order is kept.
    years : sequence of int
        Fiscal years.

    Returns
    -------
    pandas.DataFrame
        One row a county and year: ``jurisdiction``, ``state``, ``county_fips``, ``fiscal_year``,
        ``federal_direct_usd``, ``direct_percent``, ``all_aid_percent``, ``welfare_coding``,
        ``federal_repeats``; missing values where the county was not in that year's sample.
    """
    wanted = listed[["jurisdiction", "state", "county_fips"]].merge(pd.Series(years, name="fiscal_year"), how="cross")
    rows = shares(units[units["kind"].eq("county")])
    columns = ["federal_direct_usd", "direct_percent", "all_aid_percent", "welfare_coding", "federal_repeats"]
    keys = ["county_fips", "fiscal_year"]
    return wanted.merge(rows[[*keys, *columns]], on=keys, how="left", validate="many_to_one")


def of_states(units: pd.DataFrame) -> pd.DataFrame:
    """Direct federal share of the county governments of each state, with and without welfare aid.

    Where counties' welfare aid is coded federal, the share counts money that came through the state; without that item
    (B79) states compare. The sums are of the counties in each year's sample, not of all.

    Parameters
    ----------
    units : pandas.DataFrame
        Rows of ``census_units``.

    Returns
    -------
    pandas.DataFrame
        One row a state and year, and one for all states (``state`` is ``"US"``): ``state``, ``fiscal_year``,
        ``counties``, ``at_source`` (counties whose welfare aid is coded federal), ``direct_percent``,
        ``direct_without_welfare_percent`` (both of general revenue) and ``welfare_percent_of_direct``.
    """
    rows = shares(units[units["kind"].eq("county")])
    rows = pd.concat([rows.assign(state="US"), rows], ignore_index=True)
    rows["at_source"] = rows["welfare_coding"].eq(AT_SOURCE)
    grouped = rows.groupby(["state", "fiscal_year"])
    amounts = ["federal_direct_usd", "welfare_federal_usd", "general_revenue_usd"]
    direct, welfare, revenue = (grouped[column].sum().astype(float) for column in amounts)
    table = pd.DataFrame(
        {
            "counties": grouped.size(),
            "at_source": grouped["at_source"].sum(),
            "direct_percent": direct / revenue * 100,
            "direct_without_welfare_percent": (direct - welfare) / revenue * 100,
            "welfare_percent_of_direct": welfare / direct.where(direct.gt(0)) * 100,
        }
    )
    return table.reset_index()
