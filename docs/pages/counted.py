"""Numbers of the stories that no claim of the ledger holds, each worked out from rows of the data."""

from __future__ import annotations

import math

import pandas as pd

from detainer_analysis.data.tables import load
from detainer_analysis.intervals import describe
from detainer_analysis.markup import raw
from detainer_analysis.measures import balance, census, liability, missing
from detainer_analysis.paths import FIGURES
from detainer_analysis.wording import reported
from pages.text import table

JAILS = {"hennepin": "HENNEPIN COUNTY ADC", "sedgwick": "SEDGWICK COUNTY JAIL"}
FISCAL_2015 = pd.Timestamp("2014-10-01"), pd.Timestamp("2015-07-19")  # the days of ICE's workbook


def _one(rows: pd.DataFrame, column: str, **where: str | int) -> float:
    """The one value of `column` in the rows that hold `where`; several rows may repeat it."""
    for key, value in where.items():
        rows = rows[rows[key].eq(value)]
    (value,) = rows[column].unique()
    return float(value)


def _drawn(figure: str) -> pd.DataFrame:
    """What a notebook's figure shows."""
    return pd.read_csv(FIGURES / f"{figure}.csv")


def first_week() -> dict[str, str]:
    """Counts of the first weekly report, and of the two that followed."""
    totals = load("ddor_weekly_totals")
    declined, issued = "declined_detainers_recorded", "detainers_issued_nationally"
    weeks = [_one(totals, "value", report=f"week{n}", measure=declined) for n in (1, 2, 3)]
    travis = _one(
        load("ddor_declines"), "declined", report="week1", place="Travis County", state="TX", count_basis="exact"
    )
    cases = load("ddor_cases")
    earliest = cases[cases["report"].eq("week1")]["issued_date"].min()
    corrections = load("ddor_corrections")
    own = corrections["kind"].eq("ICE correction") & corrections["report"].eq("week1")
    return {
        "declined_week1": f"{weeks[0]:.0f}",
        "declined_week2": f"{weeks[1]:.0f}",
        "declined_week3": f"{weeks[2]:.0f}",
        "issued_week1": f"{_one(totals, 'value', report='week1', measure=issued):,.0f}",
        "travis": f"{travis:.0f}",
        "travis_percent": f"{travis / weeks[0] * 100:.0f}",
        "elsewhere_week1": f"{weeks[0] - travis:.0f}",
        "earliest_year": f"{earliest:%Y}",
        "corrected": f"{corrections[own].drop_duplicates(['place', 'state']).shape[0]}",
        "reports": f"{_one(totals, 'value', measure='weekly_reports_published'):.0f}",
    }


def national() -> dict[str, str]:
    """The outlets that repeat the national totals, and the declines in ICE's records."""
    rows = load("declined_counts")
    told = rows[rows["origin_id"].eq("dhs-oig-18-36") & rows["measure"].eq("detainers_declined")]
    records = load("declines_by_facility")
    return {
        "outlets": str(told["source_id"].nunique()),
        "record_declines": f"{records['declined'].sum():,}",
        "record_places": f"{len(records[['facility', 'city', 'state']].drop_duplicates()):,}",
        "record_counties": f"{records['county_fips'].nunique():,}",
    }


def money() -> dict[str, str]:
    """Federal shares of two counties' revenue, as the Census Bureau counts them."""
    units = load("census_units")
    found = {}
    for name, fips in (("hennepin", "27053"), ("ramsey", "27123")):
        rows = census.shares(units[units["county_fips"].eq(fips) & units["kind"].eq("county")])
        for column in ("direct_percent", "all_aid_percent"):
            found[f"{name}_{column}"] = f"{rows[column].min():.1f} to {rows[column].max():.1f}"
        found[f"{name}_years"] = f"{rows['fiscal_year'].min()} to {rows['fiscal_year'].max()}"
    return found


def jail() -> dict[str, str]:
    """Hennepin's main jail: what was said of its detainers, and what is on record."""
    rates, fiscal = load("jail_base_rates"), _fiscal_2015()["hennepin"]
    told = _one(rates, "value", jurisdiction="Hennepin County", measure="detainers a year", qualifier="about")
    share = {"jurisdiction": "Hennepin County", "measure": "percent with a detainer"}
    released = _one(rates, "value", **share, qualifier="less than")
    implied, recorded = reported(told, "about"), _drawn("recorded-by-year")
    shares = _drawn("missing-needed").set_index("label")
    days = (FISCAL_2015[1] - FISCAL_2015[0]).days + 1
    study = rates[rates["jurisdiction"].eq("Pierce County")].set_index("measure")["value"]
    held, bookings = study["bookings with an ICE detainer"], study["all bookings"]

    def needed(label: str) -> str:
        return f"{shares.loc[label, 'low_percent']:.0f} to {shares.loc[label, 'high_percent']:.0f}"

    return {
        "told": f"{told:.0f}",
        "release": f"less than {released:.0f} percent",
        "allowed": describe(implied, "detainers", digits=3),
        "too_many": " and ".join(map(str, recorded.loc[recorded["recorded"].gt(implied.high), "year"])),
        "needed_2013": needed("2013"),
        "needed_2014": needed("2014 (to September)"),
        "missing_before": f"{shares.loc['on record, fiscal 2008 to 2014', 'low_percent']:.0f}",
        "fiscal_2015": f"{fiscal['detainers']:.0f}",
        "fiscal_2015_if_held": describe(implied * days / 365, digits=3),
        "study_count": f"{held:,.0f}",
        "study_bookings": f"{bookings:,.0f}",
        "study_percent": f"{held / bookings * 100:.1f}",
    }


def _fiscal_2015() -> dict[str, pd.Series]:
    """The counts of fiscal 2015 of both jails, with the extremes of the share declined."""
    places = load("places_fy2015").set_index("facility")
    rows = missing.bounds(places.loc[list(JAILS.values()), missing.COUNTS])
    return {county: rows.loc[name] for county, name in JAILS.items()}


def stop() -> dict[str, str]:
    """The two jails whose sheriffs announced a stop in 2014, and declines elsewhere."""
    rows, growth = (
        load("declines_by_facility"),
        _drawn("declines-by-limit-year").set_index(["group", "year"])["declined"],
    )
    rows = rows[rows["facility"].isin(JAILS.values())].set_index(["year", "facility"])
    counts = rows[["declined", "other_outcomes"]].astype(int).unstack("facility")
    found = {
        "growth_limited": f"{growth['limit began in 2014', 2014] / growth['limit began in 2014', 2013]:.0f}",
        "growth_none": f"{growth['none found', 2014] / growth['none found', 2013]:.0f}",
    }
    heads, fiscal_2015 = ["year"], _fiscal_2015()
    for county, name in JAILS.items():
        heads += [f"{county.title()}: declined", f"{county.title()}: other recorded outcome"]
        of_recorded = counts["declined", name] / (counts["declined", name] + counts["other_outcomes", name]) * 100
        found |= {f"{county}_{year}": f"{share:.2g}" for year, share in of_recorded.items()}
        found[f"{county}_top"] = f"{of_recorded.max():.0f}"
        fiscal = fiscal_2015[county]
        found |= {
            f"{county}_detainers": f"{fiscal['detainers']:.0f}",
            f"{county}_missing": f"{fiscal['no_recorded_outcome']:.0f}",
            f"{county}_least": f"{fiscal['none_declined']:.0f}",
            f"{county}_most": f"{fiscal['all_declined']:.0f}",
        }
    order = [(column, name) for name in JAILS.values() for column in ("declined", "other_outcomes")]
    lines = [[f"{year}", *map(str, line)] for year, line in zip(counts.index, counts[order].to_numpy(), strict=True)]
    return found | {"table": raw(table("Detainers with a recorded outcome at two jails", heads, lines))}


def bills() -> dict[str, str]:
    """What cases over holds cost, and what became of grants."""
    cases, outcomes, grants = (load(name) for name in ("liability_cases", "funding_outcomes", "grants_at_risk"))
    cases, ruled = cases[cases["level"].ne("federal")], load("liability_rulings")["outcome"]
    everything = outcomes[outcomes["money"].eq("all federal money")]
    by_outcome, each = outcomes.groupby("outcome")["jurisdictions"].sum(), _drawn("cost-per-person").groupby("group")
    own = _one(grants, "amount_usd", jurisdiction="Hennepin County (own share of joint award)")
    prices = load("consumer_prices")
    paid = balance.payments(liability.per_person(cases, load("liability_parts"), prices, 2017)).set_index("case")
    single = paid.loc["single cases, smallest to largest"]
    return {
        "cases": f"{len(cases)}",
        "with_sum": f"{cases['amount_usd'].notna().sum()}",
        "base_year": f"{prices['year'].max()}",
        "single_low": f"{each['low_usd'].min()['settled, single']:,.0f}",
        "single_high": f"{each['high_usd'].max()['settled, single']:,.0f}",
        "class_high": f"{each['high_usd'].max()['settled, class']:,.0f}",
        "rulings": f"{len(ruled)}",
        "against": f"{ruled.str.startswith('against local').sum()}",
        "in_favour": f"{ruled.str.startswith('for local').sum()}",
        **{name: f"{by_outcome[name]}" for name in ("warned", "cleared")},
        "protected": f"{everything['outcome'].eq('protected by a court').sum()}",
        "withdrawn": f"{_one(outcomes, 'amount_usd', outcome='withdrawn'):,.0f}",
        "award": f"{_one(outcomes, 'amount_usd', jurisdiction='Hennepin County and five cities'):,.0f}",
        "own": f"{own:,.0f}",
        "holds_least": f"{math.ceil(own / single['high_usd'])}",
        "holds_most": f"{math.ceil(own / single['low_usd'])}",
    }
