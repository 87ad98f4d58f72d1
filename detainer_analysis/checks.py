"""One check per claim: recompute it from rows of ``data/`` and say which rows it used.

A check takes `load` (a function from a table's name to the table) and returns `Evidence`. Its name is the
``check`` of exactly one entry of ``data/claims.toml``. Checks hold no published number: what a claim says
is in the ledger, what the data say is in the tables.
"""

from __future__ import annotations

import math

import pandas as pd

from detainer_analysis import funding, measures
from detainer_analysis.claims import Evidence, Load
from detainer_analysis.intervals import Interval, exactly, parse_date, reported

HENNEPIN, RAMSEY, SEDGWICK = "27053", "27123", "20173"


def _stated(rows: pd.DataFrame, value: str = "value", unit: str = "") -> Interval:
    """The interval that holds the readings of all rows."""
    readings = [
        reported(number, wording, unit)
        for number, wording in zip(rows[value], rows.get("qualifier", ["exact"] * len(rows)), strict=True)
    ]
    return readings[0].hull(*readings[1:])


def _outlets(rows: pd.DataFrame) -> str:
    count = rows["source_id"].nunique()
    return f"{count} source{'s' if count > 1 else ''}"


def _weekly(load: Load, measure: str, report: str = "week1") -> pd.DataFrame:
    totals = load("ddor_weekly_totals")
    return totals[totals["report"].eq(report) & totals["measure"].eq(measure)]


# NBC News, June 2014 ---------------------------------------------------------------------------------


def longest_hold(load: Load) -> Evidence:
    rules = load("detainer_rules")
    rows = rules[rules["rule"].eq("longest hold past release")]
    found = _stated(rows.assign(qualifier="exact"))
    return Evidence.of("stated", found, "The regulation and the form give the limit; weekends do not count.", rows)


def hennepin_jail_bookings(load: Load) -> Evidence:
    rates = load("jail_base_rates")
    rows = rates[rates["jurisdiction"].eq("Hennepin County") & rates["measure"].eq("annual bookings")]
    return Evidence.of("stated", _stated(rows), "A newspaper gives the sheriff's figure as inmates a year.", rows)


def hennepin_detainer_share(load: Load) -> Evidence:
    rates = load("jail_base_rates")
    rows = rates[rates["jurisdiction"].eq("Hennepin County") & rates["measure"].eq("percent with a detainer")]
    exact = rows[rows["qualifier"].eq("about")]
    release = rows[rows["qualifier"].eq("less than")]
    shows = (
        f"Another transcription of the sheriff's words; the press release says less than"
        f" {release['value'].iloc[0]:g} percent."
    )
    return Evidence.of("stated", _stated(exact, unit="percent"), shows, rows)


def _first_limit(load: Load, county_fips: str) -> Evidence:
    policies = load("policy_dates")
    rows = policies[
        policies["county_fips"].eq(county_fips) & policies["change"].eq("limits") & policies["date"].dt.year.eq(2014)
    ]
    dated = rows[rows["date_precision"].eq("day")]
    days = [parse_date(f"{day:%Y-%m-%d}") for day in dated["date"]]
    shows = "The announcement is dated to the day; ICE's list puts it in July because the list has no June."
    return Evidence.of("stated", days[0].hull(*days[1:]), shows, rows)


def hennepin_stop(load: Load) -> Evidence:
    return _first_limit(load, HENNEPIN)


def sedgwick_stop(load: Load) -> Evidence:
    return _first_limit(load, SEDGWICK)


# Star Tribune, 20 March 2017 -------------------------------------------------------------------------


def hennepin_declined(load: Load) -> Evidence:
    rows = measures.placed(load("ddor_declines"), "week1").query("county_fips == @HENNEPIN")
    shows = "Minnesota Public Radio reads the same number in the report; the sheriff disputes both cases."
    return Evidence.of("stated", exactly(rows["declined"].sum()), shows, rows)


def _hennepin_cases(load: Load) -> pd.DataFrame:
    cases = load("ddor_cases")
    return cases[cases["report"].eq("week1") & cases["county_fips"].eq(HENNEPIN)]


def hennepin_mexican_citizens(load: Load) -> Evidence:
    rows = _hennepin_cases(load).query("citizenship == 'Mexico'")
    return Evidence.of("stated", exactly(rows["persons"].sum()), "Both described cases have this citizenship.", rows)


def hennepin_drug_convictions(load: Load) -> Evidence:
    rows = _hennepin_cases(load).query("charge_or_conviction == 'conviction'")
    offences = ", ".join(rows["offence"])
    return Evidence.of("stated", exactly(rows["persons"].sum()), f"Described as: {offences}.", rows)


def hennepin_weapons_charges(load: Load) -> Evidence:
    rows = _hennepin_cases(load).query("charge_or_conviction == 'charge'")
    offences = ", ".join(rows["offence"])
    return Evidence.of("stated", exactly(rows["persons"].sum()), f"Described as: {offences}.", rows)


def share_not_convicted(load: Load) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    charged = breakdowns[breakdowns["dimension"].eq("charge_vs_conviction") & breakdowns["unit"].eq("persons")]
    declined = _weekly(load, "declined_detainers_recorded").head(1)
    found = exactly(charged["value"].sum()) / exactly(declined["value"].iloc[0]) * 100
    shows = (
        f"Another newsroom counted {charged['value'].sum():.0f} people with pending charges among"
        f" {declined['value'].iloc[0]:.0f}."
    )
    # The total is the report's; the count of charges, which decides the share, is the newsroom's own.
    return Evidence.of("recomputed", found, shows, charged, declined)


def issued_more_than(load: Load) -> Evidence:
    rows = _weekly(load, "detainers_issued_nationally")
    return Evidence.of("stated", _stated(rows), "Section I of the report states the national total.", rows)


def _listed(load: Load, place: str) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    rows = breakdowns[breakdowns["dimension"].eq("listed") & breakdowns["category"].str.startswith(place)]
    return Evidence.of("stated", _stated(rows), "The Associated Press reads the same list.", rows)


def hennepin_listed(load: Load) -> Evidence:
    return _listed(load, "Hennepin")


def ramsey_listed(load: Load) -> Evidence:
    return _listed(load, "Ramsey")


def _federal_rows(load: Load, county_fips: str) -> pd.DataFrame:
    shares = load("federal_share")
    return shares[shares["county_fips"].eq(county_fips) & ~shares["source_id"].str.startswith("star-tribune")]


def hennepin_federal_dollars(load: Load) -> Evidence:
    rows = _federal_rows(load, HENNEPIN)
    rows = rows[rows["federal_usd"].notna() & rows["fiscal_year"].le(2017)].drop_duplicates("fiscal_year")
    known = ", ".join(
        f"{year}: {usd / 1e6:.1f}" for year, usd in zip(rows["fiscal_year"], rows["federal_usd"], strict=True)
    )
    return Evidence.of("missing", None, f"Federal revenue in county budgets, million dollars: {known}.", rows)


def hennepin_federal_share(load: Load) -> Evidence:
    rows = _federal_rows(load, HENNEPIN)
    rows = rows[rows["fiscal_year"].eq(2017) & rows["federal_usd"].notna()]
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
        f"The article's own {claimed['federal_usd'].iloc[0] / 1e6:.1f} million over {len(totals)} budget totals of"
        f" {totals['total_usd'].min() / 1e6:.0f} to {totals['total_usd'].max() / 1e6:.0f} million."
    )
    return Evidence.of("bounded", each[0].hull(*each[1:]), shows, claimed, totals)


def hennepin_announcement_year(load: Load) -> Evidence:
    evidence = _first_limit(load, HENNEPIN)
    return Evidence.of(
        "stated",
        evidence.found,
        "The announcement is dated to the day.",
        load("policy_dates").merge(evidence.rows[["table", "source_row"]], on=["table", "source_row"]),
    )


# Route Fifty, March 2017 -----------------------------------------------------------------------------


def ten_counties(load: Load) -> Evidence:
    rows = measures.section1(load("ddor_section1"), "week1")
    return Evidence.of("recomputed", exactly(len(rows)), f"{_outlets(rows)} name them one by one.", rows)


def issued_first_week(load: Load) -> Evidence:
    rows = _weekly(load, "detainers_issued_nationally")
    return Evidence.of("stated", _stated(rows), "Section I of the report itself states it.", rows)


def _issued_to(load: Load, county_fips: str) -> Evidence:
    section1 = load("ddor_section1")
    rows = section1[section1["report"].eq("week1") & section1["county_fips"].eq(county_fips)]
    values = [exactly(value) for value in rows["detainers_issued"]]
    return Evidence.of("stated", values[0].hull(*values[1:]), f"Transcribed by {_outlets(rows)}.", rows)


def clark_issued(load: Load) -> Evidence:
    return _issued_to(load, "32003")


def nassau_issued(load: Load) -> Evidence:
    return _issued_to(load, "36059")


def cook_issued(load: Load) -> Evidence:
    return _issued_to(load, "17031")


def top_ten_share(load: Load) -> Evidence:
    rows = measures.section1(load("ddor_section1"), "week1")
    national = _weekly(load, "detainers_issued_nationally")
    total = rows["detainers_issued"].sum()
    found = exactly(total) / _stated(national) * 100
    values = " + ".join(str(value) for value in rows["detainers_issued"])
    shows = f"{values} = {total} of {national['value'].iloc[0]:,.0f}."
    return Evidence.of("recomputed", found, shows, rows, national)


def declined_first_week(load: Load) -> Evidence:
    rows = _weekly(load, "declined_detainers_recorded")
    placed = measures.placed(load("ddor_declines"), "week1")
    shows = f"Transcribed by {_outlets(rows)}; the places that the press names add up to {placed['declined'].sum()}."
    return Evidence.of("stated", _stated(rows), shows, rows, placed)


def earliest_issue_date(load: Load) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    rows = breakdowns[breakdowns["report"].eq("week1") & breakdowns["dimension"].eq("earliest_issue_date")]
    dates = sorted(
        f"{day:%Y-%m-%d}" if known == "day" else f"{day:%Y}"
        for day, known in zip(rows["date"], rows["date_precision"], strict=True)
    )
    return Evidence.of("missing", None, f"Transcriptions disagree: {', '.join(dates)}.", rows)


def european_citizens(load: Load) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    week1 = breakdowns[breakdowns["report"].eq("week1") & breakdowns["scope"].eq("all 206")]
    share = week1[week1["category"].eq("Latin America")]
    declined = _weekly(load, "declined_detainers_recorded").head(1)
    named = measures.named_countries(week1, load("country_regions"))
    elsewhere = named[~named["region"].isin(["Latin America", "Caribbean"])]
    outside = math.floor(declined["value"].iloc[0] * (100 - share["value"].iloc[0]) / 100)
    left = outside - int(elsewhere["value"].sum())
    shows = (
        f"More than {share['value'].iloc[0]:.0f} percent are from Latin America, so at most {outside} are not;"
        f" {', '.join(elsewhere['category'])} account for {elsewhere['value'].sum():.0f}, and nobody is named from"
        f" Europe. The citizenship of the other {left} is not in any account."
    )
    return Evidence.of("bounded", Interval(0, left), shows, share, declined, named)


def latest_policy(load: Load) -> Evidence:
    policies = load("ddor_policies")
    dated = policies[policies["listed_in"].eq("week1") & policies["enacted_date_precision"].isin(["day", "month"])]
    latest = dated[dated["enacted_date"].eq(dated["enacted_date"].max())]
    listed = policies["listed_in"].eq("week1").sum()
    shows = (
        f"{', '.join(latest['jurisdiction'])} is the latest of {len(dated)} dated entries; the press names {listed}"
        " of the listed jurisdictions."
    )
    return Evidence.of("bounded", parse_date(f"{latest['enacted_date'].iloc[0]:%Y-%m}"), shows, dated)


# CNSNews, January 2018 -------------------------------------------------------------------------------


def _inspector_general(load: Load, measure: str) -> pd.DataFrame:
    counts = load("declined_counts")
    return counts[counts["origin_id"].eq("dhs-oig-18-36") & counts["measure"].eq(measure)]


def jurisdictions_declining(load: Load) -> Evidence:
    rows = _inspector_general(load, "jurisdictions_declining")
    shows = f"{_outlets(rows)} quote or summarise the same sentence; none defines a jurisdiction."
    return Evidence.of("stated", _stated(rows), shows, rows)


def detainers_declined(load: Load) -> Evidence:
    rows = _inspector_general(load, "detainers_declined")
    return Evidence.of("stated", _stated(rows), f"{_outlets(rows)} quote or summarise the same sentence.", rows)


def report_date(load: Load) -> Evidence:
    timeline = load("forms_timeline")
    rows = timeline[timeline["source_id"].eq("dhs-oig-18-36")]
    return Evidence.of("stated", parse_date(f"{rows['date'].iloc[0]:%Y-%m-%d}"), "Printed on the report.", rows)


# Account of the New York City settlement, 2025 -------------------------------------------------------


def _new_york(load: Load) -> pd.DataFrame:
    cases = load("liability_cases")
    return cases[cases["case_id"].eq("onadia_nyc")]


def nyc_settlement(load: Load) -> Evidence:
    rows = _new_york(load)
    shows = "The agreed sum is a ceiling that includes fees and costs."
    return Evidence.of("stated", reported(rows["amount_usd"].iloc[0], "rounded"), shows, rows)


def nyc_people_held(load: Load) -> Evidence:
    rows = _new_york(load)
    found = reported(float(rows["people"].iloc[0]), rows["people_qualifier"].iloc[0])
    return Evidence.of("stated", found, "Size of the class in the settlement.", rows)


# NPR and the Deportation Data Project on ICE's records --------------------------------------------------


def _declined_2015(load: Load) -> pd.DataFrame:
    declines = load("declines_fy2015")
    return declines[declines["month"].ge("2015-01")]


def records_fiscal_2015(load: Load) -> Evidence:
    rows = load("outcomes_fy2015")
    return Evidence.of("recomputed", exactly(rows["detainers"].sum()), "Counted from ICE's workbook, row by row.", rows)


def declined_in_2015(load: Load) -> Evidence:
    rows = _declined_2015(load)
    shows = 'Counted from ICE\'s workbook: lift reason "Detainer Declined by LEA", prepared in 2015.'
    return Evidence.of("recomputed", exactly(rows["declined"].sum()), shows, rows)


def facilities_declining_in_2015(load: Load) -> Evidence:
    rows = _declined_2015(load)
    places = rows[["facility", "city", "state"]].drop_duplicates()
    shows = "Counted from ICE's workbook: different names, cities and states together; the catch-all is one of them."
    return Evidence.of("recomputed", exactly(len(places)), shows, rows)


# Sources on money at stake and money paid ------------------------------------------------------------


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


def _class_rows(load: Load, case: str, measure: str) -> pd.DataFrame:
    classes = load("liability_classes")
    return classes[classes["case_id"].eq(case) & classes["measure"].eq(measure)]


def nyc_class_size(load: Load) -> Evidence:
    rows = _class_rows(load, "onadia_nyc", "people held").iloc[1:]
    return Evidence.of("stated", _stated(rows), f"The same number in {_outlets(rows)}.", rows)


def nyc_days_held(load: Load) -> Evidence:
    rows = _class_rows(load, "onadia_nyc", "days held past release").iloc[1:]
    return Evidence.of(
        "stated", _stated(rows), "The lawyers of the class say the same; the city's count was not found.", rows
    )


def _amounts(load: Load, case: str) -> Evidence:
    rows = _class_rows(load, case, "amount")
    return Evidence.of("stated", _stated(rows), f"The same sum in {_outlets(rows)}.", rows)


def suffolk_verdict(load: Load) -> Evidence:
    return _amounts(load, "orellana_suffolk")


def los_angeles_settlement(load: Load) -> Evidence:
    return _amounts(load, "roy_la")


def suffolk_class_size(load: Load) -> Evidence:
    rows = _class_rows(load, "orellana_suffolk", "people held")
    rows = rows[rows["source_id"].ne("newsday-2025-11") & rows["qualifier"].eq("exact")]
    return Evidence.of("stated", _stated(rows), f"The same number in {_outlets(rows)}.", rows)


def suffolk_class_start(load: Load) -> Evidence:
    rows = _class_rows(load, "orellana_suffolk", "people held")
    rows = rows[rows["source_id"].ne("newsday-2025-11") & rows["period_start"].notna()]
    exact = rows[rows["value"].eq(rows["value"].max())]
    first = parse_date(f"{exact['period_start'].iloc[0]:%Y-%m-%d}")
    return Evidence.of("bounded", first, f"{_outlets(rows)} start the class in 2014.", rows)
