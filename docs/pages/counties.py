"""The county page: a JSON file a state, and an index that the look-up reads.

All counties are computed at once, table by table, and then taken apart by FIPS code.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from detainer_analysis.data import sources
from detainer_analysis.data.tables import load
from detainer_analysis.measures import county
from pages.text import cell, table


@dataclass(frozen=True)
class Part:
    """One table of every county's page: its title, its columns by the name of those of `county.profiles`, and what
    the caption says besides.
    """

    title: str
    columns: dict[str, str]
    note: str = ""


SHARE = "declined, percent of detainers: {}"
COUNTED = {
    "detainers": "detainers",
    "no_recorded_outcome": "outcome missing",
    "declined": "declined",
    "least_percent": SHARE.format("if no missing outcome was a decline"),
    "most_percent": SHARE.format("if every one was"),
}
PARTS = {
    "by_year": Part(
        "Declined detainers in ICE's records, by calendar year",
        {"year": "year", "declined": "declined", "other_outcomes": "other recorded outcomes at the same places"},
        "An empty cell is no zero: the file gives no number for one of the places, or the year has no decline.",
    ),
    "by_month": Part(
        "Detainers of October 2014 to 19 July 2015, by month",
        {"month": "month", **COUNTED},
        "No other years: only the workbook of these months was counted with every detainer of every place.",
    ),
    "by_kind": Part("The same, by kind of place", {"facility_type": "kind of place", **COUNTED}),
    "policy_dates": Part(
        "Dated policies of the county, of cities in it and of its state",
        {
            "day": "date",
            "jurisdiction": "who",
            "level": "level",
            "change": "change",
            "criteria": "criteria",
            "source_id": "source",
        },
    ),
    "weekly_reports": Part(
        "In ICE's weekly reports of 2017",
        {"report": "report", "place": "place", "says": "says", "number": "number", "source_id": "source"},
    ),
    "federal_money": Part(
        "Federal money of the county government, by Census year",
        {
            "fiscal_year": "fiscal year",
            "name": "government",
            "federal_direct_usd": "direct federal money, dollars",
            "all_aid_usd": "all aid, dollars",
            "direct_percent": "direct, percent of general revenue",
            "all_aid_percent": "all aid, percent of general revenue",
        },
    ),
}


def _in_words(part: pd.DataFrame) -> pd.DataFrame:
    """Percent with one decimal, and days as exact as their source."""
    part = part.copy()
    for column in part.filter(regex="_percent$"):
        part[column] = part[column].astype("float64").map("{:.1f}".format, na_action="ignore")
    if "date" in part:
        day, precision = part["date"].dt.strftime("%Y-%m-%d"), part["date_precision"]
        part["day"] = day.str[:4].where(precision.eq("year"), day.str[:7].where(precision.eq("month"), day))
        part["day"] = part["day"].where(part["is_upper_bound"].ne("yes"), part["day"] + " or before")
    if "detail" in part:
        objects = part["says"].eq("correction or objection")
        part["says"] = part["says"].mask(objects, part["says"] + ": " + part["detail"].fillna(""))
    return part


def names() -> pd.Series:
    """Every county of 2017 as ``"Hennepin County, MN"``, by its FIPS code."""
    return county.names({name: load(name) for name in ("states", "county_population")})


@cache
def profiles() -> dict[str, dict[str, list[list[str]]]]:
    """For every county the rows of each part, as text."""
    found: dict[str, dict[str, list[list[str]]]] = {fips: {} for fips in names().index}
    for key, rows in county.profiles(names(), {name: load(name) for name in county.TABLES}).items():
        columns = ["county_fips", *PARTS[key].columns]
        for fips, *values in _in_words(rows)[columns].itertuples(index=False):
            found[fips].setdefault(key, []).append([cell(value) for value in values])
    return found


def write(folder: Path, known: pd.Series, rows: dict[str, dict[str, list[list[str]]]]) -> None:
    """Write ``counties/index.json`` and a file a state, by its two digits, below `folder`."""
    target = folder / "counties"
    target.mkdir(exist_ok=True)
    parts = {
        key: {
            "title": part.title,
            "note": part.note,
            "columns": list(part.columns.values()),
            "cannot_say": county.CANNOT_SAY[key],
        }
        for key, part in PARTS.items()
    }
    citing = [key for key, part in PARTS.items() if "source" in part.columns.values()]
    cited = {line[-1] for own in rows.values() for key in citing for line in own.get(key, [])}
    index = {
        "parts": parts,
        "counties": [[fips, name] for fips, name in known.items()],
        "states": load("states").set_index("state_fips")["name"].str.title().to_dict(),
        "sources": {name: source.publisher for name, source in sources.read().items() if name in cited},
    }
    (target / "index.json").write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
    states: dict[str, dict[str, object]] = {}
    for fips, own in rows.items():
        states.setdefault(fips[:2], {})[fips] = {"name": known[fips], **own}
    for state, own_counties in states.items():
        (target / f"{state}.json").write_text(json.dumps(own_counties, ensure_ascii=False), encoding="utf-8")


def in_words(fips: str, name: str, rows: dict[str, list[list[str]]]) -> str:
    """One county as a page that only the search reads; more kinds of evidence on detainers weigh more."""
    again = f'<p data-pagefind-weight="10">{html.escape(name)}</p>' * len(_facts(rows))
    said = " ".join(dict.fromkeys(line[1] for key in ("policy_dates", "weekly_reports") for line in rows.get(key, [])))
    return (
        f'<html lang="en"><body data-pagefind-body><h1 data-pagefind-weight="10">{html.escape(name)}</h1>{again}'
        f"<p>County {fips}: detainers in the records, policy dates, weekly reports and federal money."
        f" {html.escape(said)}</p></body></html>"
    )


def _facts(rows: dict[str, list[list[str]]]) -> list[str]:
    """The parts that say something about detainers in the county itself: no zeros, no policy of the state, no money."""
    declined = any(line[1] != "0" for line in rows.get("by_year", []))
    ruled = any(line[2] != "state" for line in rows.get("policy_dates", []))
    said = {
        "by_year": declined,
        "policy_dates": ruled,
        "by_kind": "by_kind" in rows,
        "weekly_reports": "weekly_reports" in rows,
    }
    return [key for key, speaks in said.items() if speaks]


def told(rows: dict[str, dict[str, list[list[str]]]]) -> list[str]:
    """The counties of which the tables say something on detainers."""
    return [fips for fips, own in rows.items() if _facts(own)]


def counts(rows: dict[str, dict[str, list[list[str]]]]) -> str:
    """How many counties have each part, as a table."""
    lines = [[PARTS[key].title, f"{sum(key in own for own in rows.values()):,}"] for key in PARTS]
    return table("What the tables hold", ["part", "counties with a row"], lines)
