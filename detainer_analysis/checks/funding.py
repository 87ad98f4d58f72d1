"""Checks of what is said about federal money."""

from __future__ import annotations

from functools import partial

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, computed, pick, stated
from detainer_analysis.intervals import Interval
from detainer_analysis.wording import reported

HENNEPIN, RAMSEY = "27053", "27123"
FEDERAL_ALONE = "federal, split not stated"  # neither state aid in it nor other governments


def hennepin_federal_dollars(load: Load) -> Evidence:
    return stated(load, "federal_share", "federal_usd", county_fips=HENNEPIN)


def ramsey_federal_dollars(load: Load) -> Evidence:
    return stated(load, "federal_share", "federal_usd", county_fips=RAMSEY)


def hennepin_federal_share(load: Load) -> Evidence:
    return _share_of_documented_totals(load, HENNEPIN)


def ramsey_federal_share(load: Load) -> Evidence:
    return _share_of_documented_totals(load, RAMSEY)


def _share_of_documented_totals(load: Load, county_fips: str) -> Evidence:
    """Each documented federal sum of fiscal 2017 over each documented total of 2016 and 2017, all alike."""
    rows = pick(load("federal_share"), county_fips=county_fips)
    sums = pick(rows, fiscal_year=2017, federal_scope=("federal, split not stated", "direct and pass-through"))
    sums = sums[sums["federal_usd"].notna()].drop_duplicates("federal_usd")
    totals = rows[rows["fiscal_year"].isin([2016, 2017]) & rows["total_usd"].notna()].drop_duplicates("total_usd")
    found = stated(load, "federal_share", "share_percent", county_fips=county_fips)
    for at in range(len(sums)):
        for over in range(len(totals)):
            federal, total = sums.iloc[[at]], totals.iloc[[over]]
            found = found + computed(partial(_ratio, federal, total), federal, total)
    return found


def _ratio(federal: pd.DataFrame, total: pd.DataFrame) -> tuple[Interval, str]:
    top, base = federal["federal_usd"].iloc[0], total["total_usd"].iloc[0]
    words = f"{top / 1e6:.1f} million over {base / 1e6:,.1f} million of fiscal {total['fiscal_year'].iloc[0]}."
    return reported(top, "rounded") / reported(base, "rounded") * 100, words


def santa_clara_federal_dollars(load: Load) -> Evidence:
    return stated(load, "federal_share", "federal_usd", jurisdiction="Santa Clara County")


def santa_clara_federal_share(load: Load) -> Evidence:
    rows = pick(load("federal_share"), jurisdiction="Santa Clara County", fiscal_year=2017)
    both = rows[rows["federal_usd"].notna() & rows["total_usd"].notna()].head(1)
    shares = stated(load, "federal_share", "share_percent", jurisdiction="Santa Clara County")
    return shares + computed(partial(_ratio, both, both), both)


def miami_dade_federal_dollars(load: Load) -> Evidence:
    return _sums(load, "Miami-Dade County")


def cambridge_direct_federal(load: Load) -> Evidence:
    return _sums(load, "Cambridge (city)")


def _sums(load: Load, jurisdiction: str) -> Evidence:
    census = stated(load, "census_direct_federal", "direct_federal_usd", jurisdiction=jurisdiction)
    return stated(load, "federal_share", "federal_usd", jurisdiction=jurisdiction) + census


def nyc_federal_share_9(load: Load) -> Evidence:
    return _new_york_share(load)


def nyc_federal_share_10(load: Load) -> Evidence:
    return _new_york_share(load)


def _new_york_share(load: Load) -> Evidence:
    return stated(load, "federal_share", "share_percent", jurisdiction="New York City")


def california_jag_2017(load: Load) -> Evidence:
    rows = pick(load("grants_at_risk"), program="Byrne JAG", state="CA", fiscal_year=2017)
    localities = rows[rows["jurisdiction"].str.startswith("Localities of California")]
    whole = rows[rows["jurisdiction"].eq("State of California") & rows["source_id"].isin(localities["source_id"])]

    def less() -> tuple[Interval, str]:
        every, part = (table["amount_usd"].iloc[0] for table in (whole, localities))
        words = f"{every / 1e6:.1f} million for the state and its localities less {part / 1e6:.1f} million for these."
        return reported(every, "rounded") - reported(part, "rounded"), words

    return computed(less, whole, localities) + _jag(load, "State of California, without localities")


def oregon_jag_2017(load: Load) -> Evidence:
    return _jag(load, "State of Oregon")


def _jag(load: Load, jurisdiction: str) -> Evidence:
    return stated(load, "grants_at_risk", "amount_usd", program="Byrne JAG", jurisdiction=jurisdiction)
