"""Checks of what is said about federal money."""

from __future__ import annotations

from functools import partial

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, as_stated, computed, pick, stated
from detainer_analysis.intervals import Interval
from detainer_analysis.measures import census

HENNEPIN, RAMSEY, SANTA_CLARA, MIAMI_DADE = "27053", "27123", "06085", "12086"
NEW_YORK, CAMBRIDGE = {"county_fips": "36061", "kind": "city and county"}, {"place_fips": "2511000", "kind": "city"}
YEARS = (2016, 2018)  # the Census files on either side of fiscal 2017, which is missing
DIVISOR = "general_revenue_usd"
ALONE = ("federal, split not stated", "direct and pass-through")  # neither state aid in it nor a part only


def hennepin_federal_dollars(load: Load) -> Evidence:
    return _dollars(load, HENNEPIN)


def ramsey_federal_dollars(load: Load) -> Evidence:
    return _dollars(load, RAMSEY)


def hennepin_federal_share(load: Load) -> Evidence:
    return _share_of_documented_totals(load, HENNEPIN)


def ramsey_federal_share(load: Load) -> Evidence:
    return _share_of_documented_totals(load, RAMSEY)


def _dollars(load: Load, county_fips: str) -> Evidence:
    """What sources state for the budgets of 2016 and 2017, and the bounds of the Census years around them."""
    found = stated(load, "federal_share", "federal_usd", county_fips=county_fips, fiscal_year=(2016, 2017))
    for year in YEARS:
        found = found + _bounds(load, fiscal_year=year, county_fips=county_fips, kind="county")
    return found


def _unit(load: Load, **unit: object) -> pd.DataFrame:
    """One Census unit, with what a claim's scope may ask for: of which government it is, and whether with a hospital.

    What Medicaid pays a hospital stands in the Bureau's books as the hospital's charges, so it is out of the aid.
    """
    rows = pick(load("census_units"), **unit)
    charges = rows["hospital_charges_usd"].gt(0)
    kept_apart = charges.map({True: "out", False: "not stated"})
    return rows.assign(
        government=rows["kind"] + charges.map({True: " with its hospital", False: ""}), medicaid_hospital=kept_apart
    )


def _bounds(load: Load, **unit: object) -> Evidence:
    """Federal money of one Census unit: at least what is coded as direct, at most all aid."""
    rows = _unit(load, **unit)
    return computed(partial(_between, rows), rows)


def _between(rows: pd.DataFrame) -> tuple[Interval, str]:
    row = census.shares(rows).iloc[0]
    low, high = float(row["federal_direct_usd"]), float(row["all_aid_usd"])
    words = f"Fiscal {row['fiscal_year']}: {low / 1e6:,.1f} million coded as federal, {high / 1e6:,.1f} of all aid."
    return Interval(low, high), words


def _bounded_share(load: Load, **unit: object) -> Evidence:
    """Federal money of one Census unit as a share of its general revenue: direct at least, all aid at most."""
    rows = _unit(load, **unit).assign(basis=DIVISOR.removeprefix("general_").removesuffix("_usd"))

    def work() -> tuple[Interval, str]:
        found, words = _between(rows)
        revenue = float(rows[DIVISOR].iloc[0])
        return found / revenue * 100, f"{words} General revenue {revenue / 1e6:,.0f} million."

    return computed(work, rows)


def _share_of_documented_totals(load: Load, county_fips: str) -> Evidence:
    """Each federal sum of fiscal 2016 and 2017, the account's own with them, over each documented total of the two."""
    rows = pick(load("federal_share"), county_fips=county_fips, fiscal_year=(2016, 2017))
    sums = pick(rows, federal_scope=ALONE)
    sums = sums[sums["federal_usd"].notna()].drop_duplicates("federal_usd")
    totals = rows[rows["total_usd"].notna()].drop_duplicates("total_usd").drop(columns="federal_scope")
    found = stated(load, "federal_share", "share_percent", county_fips=county_fips)
    for at in range(len(sums)):
        for over in range(len(totals)):
            federal, total = sums.iloc[[at]], totals.iloc[[over]]
            found = found + computed(partial(_ratio, federal, total), federal, total)
    return found


def _ratio(federal: pd.DataFrame, total: pd.DataFrame) -> tuple[Interval, str]:
    top, base = federal["federal_usd"].iloc[0], total["total_usd"].iloc[0]
    words = f"{top / 1e6:.1f} million over {base / 1e6:,.1f} million of fiscal {total['fiscal_year'].iloc[0]}."
    return as_stated(federal.iloc[0], "federal_usd") / as_stated(total.iloc[0], "total_usd") * 100, words


def santa_clara_federal_dollars(load: Load) -> Evidence:
    found = stated(load, "federal_share", "federal_usd", jurisdiction="Santa Clara County", fiscal_year=2017)
    for year in YEARS:
        found = found + _bounds(load, fiscal_year=year, county_fips=SANTA_CLARA, kind="county")
    return found


def santa_clara_federal_share(load: Load) -> Evidence:
    rows = pick(load("federal_share"), jurisdiction="Santa Clara County", fiscal_year=2017)
    both = rows[rows["federal_usd"].notna() & rows["total_usd"].notna()].head(1)
    found = stated(load, "federal_share", "share_percent", jurisdiction="Santa Clara County")
    found = found + computed(partial(_ratio, both, both), both)
    for year in YEARS:
        found = found + _bounded_share(load, fiscal_year=year, county_fips=SANTA_CLARA, kind="county")
    return found


def miami_dade_federal_dollars(load: Load) -> Evidence:
    found = stated(load, "federal_share", "federal_usd", jurisdiction="Miami-Dade County")
    for year in YEARS:
        found = found + _bounds(load, fiscal_year=year, county_fips=MIAMI_DADE, kind="county")
    return found


def cambridge_direct_federal(load: Load) -> Evidence:
    """The city's unit holds a hospital: its direct money without health is the least, with health the most."""
    rows = _unit(load, fiscal_year=2016, **CAMBRIDGE)

    def without_health() -> tuple[Interval, str]:
        whole, health = (float(rows[column].iloc[0]) for column in ("federal_direct_usd", "health_federal_usd"))
        words = f"Fiscal 2016: {whole / 1e6:.1f} million of direct federal money, {health / 1e6:.1f} of it for health."
        return Interval(whole - health, whole), words

    found = stated(load, "federal_share", "federal_usd", jurisdiction="Cambridge (city)")
    return found + computed(without_health, rows)


def nyc_federal_share_9(load: Load) -> Evidence:
    return _new_york_share(load)


def nyc_federal_share_10(load: Load) -> Evidence:
    return _new_york_share(load)


def _new_york_share(load: Load) -> Evidence:
    found = stated(load, "federal_share", "share_percent", jurisdiction="New York City")
    for year in YEARS:
        found = found + _bounded_share(load, fiscal_year=year, **NEW_YORK)
    return found


def california_jag_2017(load: Load) -> Evidence:
    rows = pick(load("grants_at_risk"), program="Byrne JAG", state="CA", fiscal_year=2017)
    localities = rows[rows["jurisdiction"].str.startswith("Localities of California")]
    whole = rows[rows["jurisdiction"].eq("State of California") & rows["source_id"].isin(localities["source_id"])]

    def less() -> tuple[Interval, str]:
        every, part = (table["amount_usd"].iloc[0] for table in (whole, localities))
        words = f"{every / 1e6:.1f} million for the state and its localities less {part / 1e6:.1f} million for these."
        return as_stated(whole.iloc[0], "amount_usd") - as_stated(localities.iloc[0], "amount_usd"), words

    return computed(less, whole, localities) + _jag(load, "State of California, without localities")


def oregon_jag_2017(load: Load) -> Evidence:
    return _jag(load, "State of Oregon")


def _jag(load: Load, jurisdiction: str) -> Evidence:
    return stated(load, "grants_at_risk", "amount_usd", program="Byrne JAG", jurisdiction=jurisdiction)
