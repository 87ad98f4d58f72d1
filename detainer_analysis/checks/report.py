"""Checks of what is said about the first weekly report."""

from __future__ import annotations

import math

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, outlets, stated
from detainer_analysis.intervals import Interval, exactly, parse_date
from detainer_analysis.measures import report

HENNEPIN = "27053"


def _weekly(load: Load, measure: str, report: str = "week1") -> pd.DataFrame:
    totals = load("ddor_weekly_totals")
    return totals[totals["report"].eq(report) & totals["measure"].eq(measure)]


def hennepin_declined(load: Load) -> Evidence:
    rows = report.placed(load("ddor_declines"), "week1").query("county_fips == @HENNEPIN")
    shows = "Minnesota Public Radio reads the same number in the report; the sheriff disputes both cases."
    return Evidence.of("stated", exactly(rows["declined"].sum()), shows, rows)


def _hennepin_cases(load: Load) -> pd.DataFrame:
    cases = load("ddor_cases")
    return cases[cases["report"].eq("week1") & cases["county_fips"].eq(HENNEPIN)]


def hennepin_mexican_citizens(load: Load) -> Evidence:
    rows = _hennepin_cases(load).query("citizenship == 'Mexico'")
    return Evidence.of("stated", exactly(rows["persons"].sum()), "Both described cases have this citizenship.", rows)


def hennepin_drug_conviction(load: Load) -> Evidence:
    rows = _hennepin_cases(load).query("charge_or_conviction == 'conviction'")
    offences = ", ".join(rows["offence"])
    return Evidence.of("stated", exactly(rows["persons"].sum()), f"Described as: {offences}.", rows)


def hennepin_weapons_charge(load: Load) -> Evidence:
    rows = _hennepin_cases(load).query("charge_or_conviction == 'charge'")
    offences = ", ".join(rows["offence"])
    return Evidence.of("stated", exactly(rows["persons"].sum()), f"Described as: {offences}.", rows)


def majority_not_convicted(load: Load) -> Evidence:
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


def issued_more_than_3000(load: Load) -> Evidence:
    rows = _weekly(load, "detainers_issued_nationally")
    return Evidence.of("stated", stated(rows), "Section I of the report states the national total.", rows)


def _listed(load: Load, place: str) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    rows = breakdowns[breakdowns["dimension"].eq("listed") & breakdowns["category"].str.startswith(place)]
    return Evidence.of("stated", stated(rows), "The Associated Press reads the same list.", rows)


def hennepin_listed(load: Load) -> Evidence:
    return _listed(load, "Hennepin")


def ramsey_not_listed(load: Load) -> Evidence:
    return _listed(load, "Ramsey")


def ten_counties(load: Load) -> Evidence:
    rows = report.section1(load("ddor_section1"), "week1")
    return Evidence.of("recomputed", exactly(len(rows)), f"{outlets(rows)} name them one by one.", rows)


def issued_3083(load: Load) -> Evidence:
    rows = _weekly(load, "detainers_issued_nationally")
    return Evidence.of("stated", stated(rows), "Section I of the report itself states it.", rows)


def _issued_to(load: Load, county_fips: str) -> Evidence:
    section1 = load("ddor_section1")
    rows = section1[section1["report"].eq("week1") & section1["county_fips"].eq(county_fips)]
    values = [exactly(value) for value in rows["detainers_issued"]]
    return Evidence.of("stated", values[0].hull(*values[1:]), f"Transcribed by {outlets(rows)}.", rows)


def clark_issued(load: Load) -> Evidence:
    return _issued_to(load, "32003")


def nassau_issued(load: Load) -> Evidence:
    return _issued_to(load, "36059")


def cook_issued(load: Load) -> Evidence:
    return _issued_to(load, "17031")


def top_ten_share(load: Load) -> Evidence:
    rows = report.section1(load("ddor_section1"), "week1")
    national = _weekly(load, "detainers_issued_nationally")
    total = rows["detainers_issued"].sum()
    found = exactly(total) / stated(national) * 100
    values = " + ".join(str(value) for value in rows["detainers_issued"])
    shows = f"{values} = {total} of {national['value'].iloc[0]:,.0f}."
    return Evidence.of("recomputed", found, shows, rows, national)


def declined_206(load: Load) -> Evidence:
    rows = _weekly(load, "declined_detainers_recorded")
    placed = report.placed(load("ddor_declines"), "week1")
    shows = f"Transcribed by {outlets(rows)}; the places that the press names add up to {placed['declined'].sum()}."
    return Evidence.of("stated", stated(rows), shows, rows, placed)


def earliest_issue_2014(load: Load) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    rows = breakdowns[breakdowns["report"].eq("week1") & breakdowns["dimension"].eq("earliest_issue_date")]
    dates = sorted(
        f"{day:%Y-%m-%d}" if known == "day" else f"{day:%Y}"
        for day, known in zip(rows["date"], rows["date_precision"], strict=True)
    )
    return Evidence.of("missing", None, f"Transcriptions disagree: {', '.join(dates)}.", rows)


def no_europeans(load: Load) -> Evidence:
    breakdowns = load("ddor_breakdowns")
    week1 = breakdowns[breakdowns["report"].eq("week1") & breakdowns["scope"].eq("all 206")]
    share = week1[week1["category"].eq("Latin America")]
    declined = _weekly(load, "declined_detainers_recorded").head(1)
    named = report.named_countries(week1, load("country_regions"))
    elsewhere = named[~named["region"].isin(["Latin America", "Caribbean"])]
    outside = math.floor(declined["value"].iloc[0] * (100 - share["value"].iloc[0]) / 100)
    left = outside - int(elsewhere["value"].sum())
    shows = (
        f"More than {share['value'].iloc[0]:.0f} percent are from Latin America, so at most {outside} are not;"
        f" {', '.join(elsewhere['category'])} account for {elsewhere['value'].sum():.0f}, and nobody is named from"
        f" Europe. The citizenship of the other {left} is not in any account."
    )
    return Evidence.of("bounded", Interval(0, left), shows, share, declined, named)


def ithaca_latest_policy(load: Load) -> Evidence:
    policies = load("ddor_policies")
    dated = policies[policies["listed_in"].eq("week1") & policies["enacted_date_precision"].isin(["day", "month"])]
    latest = dated[dated["enacted_date"].eq(dated["enacted_date"].max())]
    listed = policies["listed_in"].eq("week1").sum()
    shows = (
        f"{', '.join(latest['jurisdiction'])} is the latest of {len(dated)} dated entries; the press names {listed}"
        " of the listed jurisdictions."
    )
    return Evidence.of("bounded", parse_date(f"{latest['enacted_date'].iloc[0]:%Y-%m}"), shows, dated)
