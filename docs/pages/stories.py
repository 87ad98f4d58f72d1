"""The numbers that the stories print, each read from a row of the data or from an entry of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from detainer_analysis.data.tables import load
from detainer_analysis.intervals import describe
from detainer_analysis.ledger.card import Card
from detainer_analysis.markup import plain
from detainer_analysis.measures import census
from pages import figures

DOCS = Path(__file__).parent.parent
# Pages whose numbers come from the data alone.
TOLD = [
    *sorted((DOCS / "stories").glob("[!i]*.md")),
    *(DOCS / f"{name}.md" for name in ("primer", "handouts", "answer-key")),
]


def numbers(cards: Iterable[Card]) -> dict[str, Any]:
    """For the placeholders of a story: ``claim`` and ``figure`` by name with underscores, counts, amounts."""
    texts = [path.read_text(encoding="utf-8") for path in TOLD]
    told = set(re.findall(r"\bclaim\.(\w+)", "".join(texts)))  # Sphinx copies what is here for page after page
    return {
        "claim": {name: answers(card) for card in cards if (name := card.claim.id.replace("-", "_")) in told},
        "figure": {name: text for name, text in figures.placed().items() if f"figure.{name}" in "".join(texts)},
        **first_week(),
        **_national(),
        **_money(),
    }


def answers(card: Card) -> dict[str, str]:
    """What a story can say of a claim."""
    claim, verdict = card.claim, card.verdict
    said = {
        "published": claim.published,
        "allows": describe(claim.interval, claim.unit) if claim.unit != "words" else "",
        "repeated": verdict.repeated,
        "holds": verdict.holds,
        "found": card.found,
        "origins": str(verdict.origins),
        "publishers": str(verdict.publishers),
        "missing": claim.missing,
        "caveat": claim.caveat,
    }
    return {name: plain(words) for name, words in said.items()}  # a story prints words of the data as words


def _one(table: pd.DataFrame, column: str, **where: str | int) -> float:
    """The one value of `column` in the rows that hold `where`; several rows may repeat it."""
    for key, value in where.items():
        table = table[table[key].eq(value)]
    (value,) = table[column].unique()
    return float(value)


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


def _national() -> dict[str, str]:
    rows = load("declined_counts")
    told = rows[rows["origin_id"].eq("dhs-oig-18-36") & rows["measure"].eq("detainers_declined")]
    records = load("declines_by_facility")
    return {
        "outlets": str(told["source_id"].nunique()),
        "record_declines": f"{records['declined'].sum():,}",
        "record_places": f"{len(records[['facility', 'city', 'state']].drop_duplicates()):,}",
        "record_counties": f"{records['county_fips'].nunique():,}",
    }


def _money() -> dict[str, str]:
    units = load("census_units")
    found = {}
    for name, fips in (("hennepin", "27053"), ("ramsey", "27123")):
        rows = census.shares(units[units["county_fips"].eq(fips) & units["kind"].eq("county")])
        for column in ("direct_percent", "all_aid_percent"):
            found[f"{name}_{column}"] = f"{rows[column].min():.1f} to {rows[column].max():.1f}"
        found[f"{name}_years"] = f"{rows['fiscal_year'].min()} to {rows['fiscal_year'].max()}"
    grant = load("funding_outcomes")
    award = grant[grant["jurisdiction"].eq("Hennepin County and five cities")]
    return found | {"hennepin_award": f"{award['amount_usd'].item():,.0f}"}
