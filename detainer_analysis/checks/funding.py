"""Checks of what is said about federal money."""

from __future__ import annotations

import math

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load
from detainer_analysis.intervals import Interval, reported
from detainer_analysis.measures import funding

HENNEPIN, RAMSEY = "27053", "27123"
FEDERAL_ALONE = "federal, split not stated"  # neither state aid in it nor other governments


def _federal_rows(load: Load, county_fips: str) -> pd.DataFrame:
    shares = load("federal_share")
    return shares[shares["county_fips"].eq(county_fips) & ~shares["source_id"].str.startswith("star-tribune")]


def hennepin_federal_dollars(load: Load) -> Evidence:
    rows = _federal_rows(load, HENNEPIN)
    rows = rows[rows["federal_scope"].eq(FEDERAL_ALONE) & rows["fiscal_year"].le(2017)].drop_duplicates("fiscal_year")
    known = ", ".join(
        f"{year}: {usd / 1e6:.1f}" for year, usd in zip(rows["fiscal_year"], rows["federal_usd"], strict=True)
    )
    return Evidence.of("missing", None, f"Federal revenue in county budgets, million dollars: {known}.", rows)


def hennepin_federal_share(load: Load) -> Evidence:
    rows = _federal_rows(load, HENNEPIN)
    rows = rows[rows["fiscal_year"].eq(2017) & rows["federal_scope"].eq(FEDERAL_ALONE)]
    row = rows.loc[[rows["total_usd"].apply(_final_zeros).idxmin()]]
    federal, total = reported(row["federal_usd"].iloc[0], "rounded"), reported(row["total_usd"].iloc[0], "rounded")
    shows = (
        f"{row['federal_usd'].iloc[0] / 1e6:.1f} million over the {row['total_usd'].iloc[0] / 1e6:,.1f} million"
        " that the programs of the adopted 2017 budget add up to."
    )
    return Evidence.of("recomputed", federal / total * 100, shows, row)


def _final_zeros(value: float) -> int:
    digits = f"{value:.0f}"
    return len(digits) - len(digits.rstrip("0"))


def ramsey_federal_dollars(load: Load) -> Evidence:
    rows = _federal_rows(load, RAMSEY)
    rows = rows[rows["federal_usd"].notna() & rows["fiscal_year"].isin([2016, 2017])]
    known = ", ".join(
        f"{stated}: {usd / 1e6:.0f}"
        for stated, usd in zip(rows["fiscal_year_as_stated"], rows["federal_usd"], strict=True)
    )
    return Evidence.of(
        "missing", None, f"The county gives federal and state aid as one sum, million dollars: {known}.", rows
    )


def ramsey_federal_share(load: Load) -> Evidence:
    shares = load("federal_share")
    claimed = shares[shares["county_fips"].eq(RAMSEY) & shares["source_id"].str.startswith("star-tribune")]
    totals = funding.budget_totals(shares, RAMSEY)
    federal = reported(claimed["federal_usd"].iloc[0], "rounded")
    each = [federal / reported(total, "rounded") * 100 for total in totals["total_usd"]]
    shows = (
        f"The article's own {claimed['federal_usd'].iloc[0] / 1e6:.1f} million over {len(totals)} totals of"
        f" {totals['total_usd'].min() / 1e6:.0f} to {totals['total_usd'].max() / 1e6:.0f} million."
    )
    return Evidence.of("bounded", each[0].hull(*each[1:]), shows, claimed, totals)


def _share_rows(load: Load, jurisdiction: str, *sources: str) -> pd.DataFrame:
    shares = load("federal_share")
    return shares[shares["jurisdiction"].eq(jurisdiction) & shares["source_id"].isin(sources)]


def santa_clara_federal_dollars(load: Load) -> Evidence:
    rows = _share_rows(load, "Santa Clara County", "la-oferta-2017-02-24", "ktvu-2017-04")
    dollars = [reported(value, "rounded") for value in rows["federal_usd"]]
    shows = "The county's motion of February 2017 and a broadcaster give the same sum; all go back to the county."
    return Evidence.of("stated", dollars[0].hull(*dollars[1:]), shows, rows)


def santa_clara_federal_share(load: Load) -> Evidence:
    rows = _share_rows(load, "Santa Clara County", "ktvu-2017-04")
    share = rows["federal_usd"].iloc[0] / rows["total_usd"].iloc[0] * 100
    shows = f"Of the budget that a broadcaster gives, the same sum is {share:.0f} percent; a budget is not revenue."
    return Evidence.of("missing", None, shows, rows)


def santa_clara_court_exposure(load: Load) -> Evidence:
    grants = load("grants_at_risk")
    rows = grants[grants["jurisdiction"].eq("Santa Clara County") & grants["program"].eq("Byrne JAG")]
    amount = rows["amount_usd"].iloc[0]
    shows = (
        f"The county's JAG award of {rows['fiscal_year'].iloc[0]}, {amount:,.0f} dollars, is one of the grants meant."
    )
    return Evidence.of("bounded", Interval(amount, math.inf), shows, rows)


def _direct_at_least(load: Load, jurisdiction: str, years: tuple[int, int]) -> Evidence:
    census = load("census_direct_federal")
    rows = census[census["jurisdiction"].eq(jurisdiction) & census["fiscal_year"].between(*years)]
    known = "; ".join(
        f"{year}: {usd / 1e6:,.1f} million"
        for year, usd in zip(rows["fiscal_year"], rows["direct_federal_usd"], strict=True)
    )
    shows = f"Direct federal revenue alone, by the Census: {known}. All federal money is at least that."
    return Evidence.of("bounded", Interval(rows["direct_federal_usd"].min(), math.inf), shows, rows)


def miami_dade_federal_dollars(load: Load) -> Evidence:
    return _direct_at_least(load, "Miami-Dade County", (2016, 2017))


def cambridge_direct_federal(load: Load) -> Evidence:
    census = load("census_direct_federal")
    rows = census[census["jurisdiction"].eq("Cambridge (city)") & census["fiscal_year"].isin([2016, 2017])]
    ends = Interval(rows["direct_federal_usd"].min(), rows["direct_federal_usd"].max())
    return Evidence.of("bounded", ends, "The Census counts this much direct federal revenue in 2016 and 2017.", rows)


def _new_york_share(load: Load, federal_source: str) -> Evidence:
    federal = _share_rows(load, "New York City", federal_source).head(1)
    total = _share_rows(load, "New York City", "the-real-deal-2017-01-26")
    dollars, budget = federal["federal_usd"].iloc[0], total["total_usd"].iloc[0]
    shows = f"Another account's {dollars / 1e9:g} billion over the preliminary budget of {budget / 1e9:.1f} billion."
    share = reported(dollars, "rounded") / reported(budget, "rounded") * 100
    return Evidence.of("bounded", share, shows, federal, total)


def nyc_federal_share_9(load: Load) -> Evidence:
    return _new_york_share(load, "our-town-2017-01-30")


def nyc_federal_share_10(load: Load) -> Evidence:
    return _new_york_share(load, "curbed-ny-2017-01-25")


def california_jag_2017(load: Load) -> Evidence:
    grants = load("grants_at_risk")
    rows = grants[grants["source_id"].eq("jones-mayer-2020") & grants["jurisdiction"].str.contains("California")]
    whole, localities = (reported(value, "rounded") for value in rows["amount_usd"])
    shows = (
        f"{rows['amount_usd'].iloc[0] / 1e6:.1f} million expected for the state and its localities, less"
        f" {rows['amount_usd'].iloc[1] / 1e6:.1f} million for localities."
    )
    return Evidence.of("recomputed", whole - localities, shows, rows)


def oregon_jag_2017(load: Load) -> Evidence:
    grants = load("grants_at_risk")
    rows = grants[grants["jurisdiction"].eq("State of California") & grants["fiscal_year"].eq(2016)]
    amount = rows["amount_usd"].iloc[0]
    shows = f"Another source gives California {amount / 1e6:.2f} million for 2016, the same to four digits."
    return Evidence.of("missing", None, shows, rows)


def warned_cleared(load: Load) -> Evidence:
    outcomes = load("funding_outcomes")
    warned = outcomes[outcomes["outcome"].eq("warned")]
    paid = outcomes[outcomes["jurisdiction"].eq("Seattle") & outcomes["outcome"].eq("paid or accepted")]
    found = Interval(paid["jurisdictions"].sum(), warned["jurisdictions"].iloc[0])
    shows = "A tracker lists the warned; one of them, Seattle, is known from another source to have been paid."
    return Evidence.of("bounded", found, shows, warned, paid)
