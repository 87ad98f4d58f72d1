"""A recount in words for a person, and as a document for other software."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from detainer_analysis.data import sources, tables
from detainer_analysis.ledger.card import Card
from detainer_analysis.ledger.recount import Answer, Recount
from detainer_analysis.records.placed import SECOND_RELEASE
from detainer_analysis.records.recounting import YEARS_BEFORE_A_LIFT

# Claims about records that nobody has in one release: said, and not counted.
NOT_ASKED = dict.fromkeys(
    ("earliest-issue-2014", "many-issued-years-before"),
    "how early the detainers declined in the first week were issued takes lift dates on the records of all earlier"
    " years; the one release known to have lift dates (ice-detainers-fy2017) begins in October 2016",
)
SHOWN_ROWS = 20  # rows by county are hundreds; the card's sentence says what follows from them


def document(found: Recount) -> dict[str, Any]:
    """A recount for other software."""
    return {
        "files": [
            {
                "file": account.file,
                "layouts": sorted(set(account.layouts)),
                "rows": account.rows,
                "records": account.records,
                "set_aside": dict(account.set_aside),
            }
            for account in found.opened.accounts
        ],
        "places": _plain(found.places),
        "claims": [
            {
                "claim": answer.claim.id,
                "statement": answer.claim.statement,
                "published": answer.claim.published,
                "covered": answer.covered,
                "reason": answer.reason,
                "counted": [] if len(answer.rows) > SHOWN_ROWS else _plain(answer.rows),
                "today": _answers(answer.before),
                "with_your_files": _answers(answer.after),
            }
            for answer in found.answers
        ],
        "claims_not_asked": NOT_ASKED,
        "months": {fips: _plain(table) for fips, table in found.months.items()},
        "published_counts": _plain(found.published),
    }


def _answers(card: Card) -> Mapping[str, str]:
    return {"repeated": card.verdict.repeated, "holds": card.verdict.holds, "found": card.found}


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    dates = {name: table[name].dt.strftime("%Y-%m-%d") for name in table.select_dtypes("datetime").columns}
    rows: list[dict[str, Any]] = table.assign(**dates).astype(object).where(table.notna(), None).to_dict("records")
    return rows


def lines(found: Recount) -> list[str]:
    """A recount for a person, claim by claim."""
    said = []
    for answer in found.answers:
        said += [f"{answer.claim.id}: {answer.claim.statement}", *_lines_of(answer), ""]
    said += [f"{name}: not asked: {reason}" for name, reason in NOT_ASKED.items()] + [""]
    names = tables.load("county_population").set_index("county_fips")["county"]
    for fips, table in found.months.items():
        said += [f"{names[fips]} by month of preparation", *_as_text(table), ""]
    registry = sources.read()
    shown = found.published.assign(source=[registry[key].publisher for key in found.published["source_id"]])
    return [
        *said,
        "Published national counts whose period your files cover",
        *_as_text(shown.drop(columns="source_id")),
    ]


def coverage(found: Recount) -> list[str]:
    """How many records and declines have a county, and by what."""
    shown = []
    for measure in ("records", "declined"):
        total = found.places[measure].sum()
        parts = found.places[found.places[measure].gt(0)].sort_values(measure, ascending=False)
        said = ", ".join(f"{row[measure] / total:.1%} {row['located_by']}" for _, row in parts.iterrows())
        shown.append(f"county of {total:,} {measure} found by: {said}" if total else f"no {measure}")
    return shown


def _lines_of(answer: Answer) -> list[str]:
    before, after = answer.before, answer.after
    today = f"  today:           {before.verdict.holds}" + (f", {before.found}" if before.found else "")
    if not answer.covered:
        return [f"  your files:      do not cover it: {answer.reason}", today]
    counted = [item for item in after.evidence.items if "recounted" in item.each("table")]
    lines = [f"  your files:      {after.say(item)}. {item.shows}" for item in counted]
    if not counted:
        lines = ["  your files:      have rows, but not all that it needs"]
    lines += [f"  not in them:     {answer.reason}"] if answer.reason else []
    then = f"  with your files: {after.verdict.holds}" + (f", {after.found}" if after.found else "")
    return [*lines, today, then]


def _as_text(table: pd.DataFrame) -> list[str]:
    if table.empty:
        return ["  none"]
    return ["  " + line for line in table.to_string(index=False, na_rep="").splitlines()]


def advice() -> list[str]:
    """Which files settle what, and how to get them, in five lines."""
    registry = sources.read()
    held = [source for source in registry.values() if source.sha256 and source.origin == SECOND_RELEASE]
    size = sum(source.bytes for source in held) / 1e6
    ids = " ".join(source.id for source in held)
    return [
        f"{held[0].file.rpartition('/')[2]} to {held[-1].file.rpartition('/')[2]} ({len(held)} files, {size:.0f} MB)"
        " settle what was declined from January 2014 to May",
        "2017 and the week of 28 January 2017. Cities are not in them: a county is known where a name is in one only.",
        "ICE's workbook of fiscal 2015 (ice-detainers-fy2015) settles the counts of its own release. Declines by the",
        f"day of recording need lift dates on records of {YEARS_BEFORE_A_LIFT} years before too; no release has them.",
        f"Get them with: python -m detainer_analysis fetch {ids} (carried by the {held[0].carrier})",
    ]
