"""The county page: a JSON file a state, and an index that the look-up reads.

All counties are computed at once, table by table, and then taken apart by FIPS code.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from detainer_analysis.data.tables import load
from detainer_analysis.measures import census, county
from pages.text import cell, table

FACTS = ("declines", "outcomes", "policies", "reports")  # parts that say something about detainers, not money


@dataclass(frozen=True)
class Part:
    """One table of every county's page.

    Parameters
    ----------
    title, cannot_say : str
        Its caption; what its numbers leave open.
    columns : tuple of str
        Its columns as a reader sees them.
    rows : callable
        Gives the rows of all counties: ``county_fips``, then one column for each of `columns`.
    """

    title: str
    cannot_say: str
    columns: tuple[str, ...]
    rows: Callable[[], pd.DataFrame]


def _declines() -> pd.DataFrame:
    rows = load("declines_by_facility").dropna(subset="county_fips")
    return (
        rows.groupby(["county_fips", "year"])
        .agg(declined=("declined", "sum"), other=("other_outcomes", lambda part: part.sum(skipna=False)))
        .reset_index()[["county_fips", "year", "declined", "other"]]
    )


def _outcomes() -> pd.DataFrame:
    rows = load("places_fy2015").dropna(subset="county_fips")
    columns = ["detainers", "no_recorded_outcome", "declined"]
    found = rows.groupby(["county_fips", "facility_type"], observed=True)[columns].sum().reset_index()
    return found[["county_fips", "facility_type", *columns]]


def _policies() -> pd.DataFrame:
    rows = load("policy_dates").dropna(subset="county_fips").sort_values("date")
    day, precision = rows["date"].dt.strftime("%Y-%m-%d"), rows["date_precision"]
    rows["day"] = day.str[:4].where(precision.eq("year"), day.str[:7].where(precision.eq("month"), day))
    rows["day"] = rows["day"].where(rows["is_upper_bound"].ne("yes"), rows["day"] + " or before")
    return rows[["county_fips", "day", "jurisdiction", "change", "criteria", "source_id"]]


def _reports() -> pd.DataFrame:
    issued = load("ddor_section1").rename(columns={"jurisdiction": "place", "detainers_issued": "number"})
    declined = load("ddor_declines").rename(columns={"declined": "number"})
    objections = load("ddor_corrections").assign(number=pd.NA)
    parts = [
        issued.assign(says="detainers issued"),
        declined.assign(says="detainers declined"),
        objections.assign(says="correction or objection: " + objections["objection"].fillna("")),
    ]
    rows = pd.concat([part[["county_fips", "report", "place", "says", "number", "source_id"]] for part in parts])
    return rows.dropna(subset="county_fips").sort_values("report", kind="stable")


def _money() -> pd.DataFrame:
    units = load("census_units")
    rows = census.shares(units[units["kind"].ne("city")]).sort_values(["fiscal_year", "name"])
    for column in ("direct_percent", "all_aid_percent"):
        rows[column] = rows[column].round(1)
    columns = ("fiscal_year", "name", "federal_direct_usd", "all_aid_usd", "direct_percent", "all_aid_percent")
    return rows[["county_fips", *columns]]


PARTS = {
    "declines": Part(
        "Declined detainers in ICE's records, by calendar year",
        "Counted where the record names a place that could be put into this county. A year without a row is not a zero:"
        " the published aggregate lists only places that declined. 2007 begins in October, 2015 ends on 19 July.",
        ("year", "declined", "other recorded outcomes at the same places"),
        _declines,
    ),
    "outcomes": Part(
        "Detainers of October 2014 to 19 July 2015, by kind of place",
        "Where the outcome is missing, nobody outside knows it: the share declined lies between declined over all"
        " detainers and declined plus missing over all detainers.",
        ("kind of place", "detainers", "outcome missing", "declined"),
        _outcomes,
    ),
    "policies": Part(
        "Dated policies on detainers",
        "Only policies that a source dates. No row does not mean no policy, and a policy on paper is not practice.",
        ("date", "who", "change", "criteria", "source"),
        _policies,
    ),
    "reports": Part(
        "In ICE's weekly reports of 2017",
        "Rows are what sources copied from three reports. Several rows can be one entry as several outlets give it.",
        ("report", "place", "says", "number", "source"),
        _reports,
    ),
    "money": Part(
        "Federal money of the county government, by Census year",
        "Direct federal money is the least that is federal, aid from all other governments the most: what the state"
        " passes on is not told apart. In these years the Census Bureau asks a sample, and imputes some amounts.",
        (
            "fiscal year",
            "government",
            "direct federal money, dollars",
            "all aid, dollars",
            "direct, percent of general revenue",
            "all aid, percent of general revenue",
        ),
        _money,
    ),
}


def names() -> pd.Series:
    """Every county of 2017 as ``"Hennepin County, MN"``, by its FIPS code."""
    return county.names({name: load(name) for name in ("states", "county_population")})


@cache
def profiles() -> dict[str, dict[str, list[list[str]]]]:
    """For every county the rows of each part, as text."""
    found: dict[str, dict[str, list[list[str]]]] = {fips: {} for fips in names().index}
    for key, part in PARTS.items():
        for row in part.rows().itertuples(index=False):
            if row[0] in found:  # a county of another year, such as a former borough, has no page
                found[row[0]].setdefault(key, []).append([cell(value) for value in row[1:]])
    return found


def write(folder: Path, known: pd.Series, rows: dict[str, dict[str, list[list[str]]]]) -> None:
    """Write ``counties/index.json`` and a file a state, by its two digits, below `folder`."""
    target = folder / "counties"
    target.mkdir(exist_ok=True)
    parts = {
        key: {"title": part.title, "columns": part.columns, "cannot_say": part.cannot_say}
        for key, part in PARTS.items()
    }
    index = {"parts": parts, "counties": [[fips, name] for fips, name in known.items()]}
    (target / "index.json").write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
    states: dict[str, dict[str, object]] = {}
    for fips, own in rows.items():
        states.setdefault(fips[:2], {})[fips] = {"name": known[fips], **own}
    for state, own_counties in states.items():
        (target / f"{state}.json").write_text(json.dumps(own_counties, ensure_ascii=False), encoding="utf-8")


def in_words(fips: str, name: str, rows: dict[str, list[list[str]]]) -> str:
    """One county as a page that only the search reads; more kinds of evidence on detainers weigh more."""
    again = f'<p data-pagefind-weight="10">{html.escape(name)}</p>' * sum(key in rows for key in FACTS)
    said = " ".join(dict.fromkeys(line[1] for key in ("policies", "reports") for line in rows.get(key, [])))
    return (
        f'<html lang="en"><body data-pagefind-body><h1 data-pagefind-weight="10">{html.escape(name)}</h1>{again}'
        f"<p>County {fips}: detainers in the records, policy dates, weekly reports and federal money."
        f" {html.escape(said)}</p></body></html>"
    )


def told(rows: dict[str, dict[str, list[list[str]]]]) -> list[str]:
    """The counties of which the tables say something on detainers."""
    return [fips for fips, own in rows.items() if any(key in own for key in FACTS)]


def counts(rows: dict[str, dict[str, list[list[str]]]]) -> str:
    """How many counties have each part, as a table."""
    lines = [[PARTS[key].title, f"{sum(key in own for own in rows.values()):,}"] for key in PARTS]
    return table("What the tables hold", ["part", "counties with a row"], lines)
