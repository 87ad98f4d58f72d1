"""The ledger as a table by account, and a page for every claim."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from functools import cache
from numbers import Real
from pathlib import Path

import pandas as pd

from detainer_analysis.data.schemas import FOLDERS
from detainer_analysis.ledger.card import Card
from detainer_analysis.ledger.claim import HOLDS, WORDS, open_in
from detainer_analysis.markup import plain, raw
from detainer_analysis.reproduce import ANSWERED
from pages.about import citation
from pages.text import block, cell, structured, table

COLUMNS = ("claim", "repeated right?", "does it hold?", "origins")
SAID = 4  # columns of a row, and numbers, that stand unfolded
LABEL = re.compile(r"year|rank")  # numbers that count nothing
BESIDE = re.compile(r"_(fips|id|precision|qualifier)$|^(qualifier|unit|locator|confidence|note)$")
ROWS = 25  # rows of one table that a claim's page shows; the rest is in the file


def doubt(card: Card) -> str:
    """What the answers leave open: what is missing, or else the caveat; where neither is written, why."""
    n = card.verdict.origins
    rests = f"Rests on {n} independent origin{'s' if n != 1 else ''}; no doubt is written."
    return open_in(card.claim.missing, card.claim.caveat) or card.verdict.why or rests


def ledger(cards: Sequence[Card], pages: dict[str, str]) -> str:
    """All claims by account, each row with its two answers, its doubt and the number of origins."""
    head = "".join(f'<th scope="col" aria-sort="none"><button type="button">{name}</button></th>' for name in COLUMNS)
    groups = []
    for source, group in itertools.groupby(cards, key=lambda card: card.claim.source):
        registered = cards[0].registry[source]
        name = f'<a href="sources.html#source-{source}">{html.escape(registered.citation)}</a>'
        rows = "".join(_row(card, pages) for card in group)
        groups.append(f'<tbody><tr class="account"><th scope="rowgroup" colspan="4">{name}</th></tr>{rows}</tbody>')
    held = {card.verdict.holds for card in cards}
    options = "".join(f"<option>{name}</option>" for name in HOLDS if name in held)
    return raw(
        '<form class="ledger-filter" role="search" aria-label="claims" hidden>'
        '<label>Number, place or word <input type="search" id="ledger-words"></label> '
        f'<label>Does it hold? <select id="ledger-holds"><option value="">all</option>{options}</select></label> '
        '<output id="ledger-count" aria-live="polite"></output></form>'
        '<div class="wide"><table id="ledger"><caption>Every claim by account, with its doubt.'
        " Under the number of origins: other publishers, best evidence.</caption>"
        f"<thead><tr>{head}</tr></thead>{''.join(groups)}</table></div>"
    )


def _row(card: Card, pages: dict[str, str]) -> str:
    claim, verdict = card.claim, card.verdict
    words = f"{claim.place} {claim.period} {claim.published} {claim.published.replace(',', '')} {claim.id}"
    publishers = f"{verdict.publishers} publisher{'s' if verdict.publishers != 1 else ''}"
    return (
        f'<tr id="{claim.id}" data-holds="{verdict.holds}" data-words="{html.escape(words.lower())}">'
        f'<th scope="row"><a href="claims/{claim.id}.html">{html.escape(claim.statement)}</a> '
        f'<span class="but">{html.escape(doubt(card))} {"Depends on how a hedge is read. " if card.depends else ""}'
        f'<a href="notebooks/{pages[claim.notebook]}.html">Notebook {claim.notebook}</a></span></th>'
        f"<td>{verdict.repeated}</td><td><strong>{verdict.holds}</strong></td><td>{verdict.origins} "
        f'<span class="but">{publishers}; {verdict.grade}</span></td></tr>'
    )


def claim_page(card: Card, pages: dict[str, str]) -> str:
    """The page of one claim: its card, its rows, how to cite and how to dispute it."""
    claim = card.claim
    told = [
        f"[{text.partition(chr(10))[0].removeprefix('# ')}](/stories/{path.name})"
        for path, text in stories()
        if f"claims/{claim.id}.md" in text
    ]
    parts = [
        "---\norphan: true\n---",
        f"# {plain(claim.statement)}",
        raw(_published(card) + card._repr_html_()),
        f"Worked out in [notebook {claim.notebook}](/notebooks/{pages[claim.notebook]}.ipynb). What the answers mean:"
        " [how claims are judged](/rules.md). All claims: [the ledger](/ledger.md)."
        + (f" Told in a story: {'; '.join(told)}" if told else ""),
        "## The rows behind it",
        raw(_rows(card) or "<p>No row of the data speaks of it.</p>"),
        "## Cite this claim",
        block(cite(card)),
        "## Dispute this",
        "Say what is wrong by opening an issue with the form *Dispute a number*"
        " (`.github/ISSUE_TEMPLATE/dispute.yml` of the repository). It asks for three things:",
        block(f"claim: {claim.id}\nrow: {card.evidence.addresses or 'none'}\nyour source:\n"),
        raw(structured(_review(card))),
    ]
    return "\n\n".join(parts) + "\n"


@cache
def stories() -> list[tuple[Path, str]]:
    """The stories and their text."""
    found = sorted((Path(__file__).parent.parent / "stories").glob("[!i]*.md"))
    return [(path, path.read_text(encoding="utf-8")) for path in found]


def _published(card: Card) -> str:
    """The number itself, which a search is to find before all that other pages say of it; the README's claims first."""
    claim = card.claim
    first = ' data-pagefind-meta="number"' if claim.id in itertools.chain(*ANSWERED.values()) else ""
    if claim.unit == WORDS:
        return ""
    words = html.escape(f"{claim.published} {claim.unit}" if claim.unit not in claim.published else claim.published)
    return f'<p class="but">Published: <span data-pagefind-weight="10"{first}>{words}</span></p>'


def cite(card: Card) -> str:
    """The source first, then where it was checked."""
    source, fields = card.registry[card.claim.source], citation()
    return (
        f"{source.citation}: {card.claim.statement} Checked in: {fields['authors'][0]['name']}"
        f" ({fields['date-released']:%Y}), {fields['title']}, version {fields['version']}, claim {card.claim.id}."
    )


def _rows(card: Card) -> str:
    parts = [part for item in card.evidence.items for part in item.rows]
    found = []
    for name in dict.fromkeys(name for part in parts for name in part["table"]):
        rows = pd.concat([part[part["table"] == name] for part in parts], ignore_index=True)
        rows = rows.drop_duplicates("source_row").sort_values("source_row").dropna(axis="columns", how="all")
        folder = next(folder for folder, group in FOLDERS.items() if name in group)
        more = f", the first {ROWS} of {len(rows)} rows" if len(rows) > ROWS else ""
        shown = [
            _row_in_words({str(key): value for key, value in row.dropna().items()}, card)
            for _, row in rows.head(ROWS).iterrows()
        ]
        filled = [n for n in range(4) if any(row[n] for row in shown)]
        columns = [("line", "what it says", "value", "source")[n] for n in filled]
        caption = f"{name}: lines of the file{more}"
        found.append(table(caption, columns, [[row[n] for n in filled] for row in shown]))
        found.append(f'<p><a href="../data/{folder}/{name}.csv">Whole table {name} as CSV</a></p>')
    return "".join(found)


def _row_in_words(row: dict[str, object], card: Card) -> list[str]:
    """Line, what it says, value and source of one row; all its columns are folded beneath what it says."""
    row = {name: value for name, value in row.items() if name != "table"}
    line, source = row.pop("source_row"), str(row.get("source_id", ""))
    values = [name for name in row if _is_count(name, row[name])]
    says = [name for name in row if name not in values and not BESIDE.search(name)][:SAID]
    everything = "".join(f"<dt>{name}</dt> <dd>{html.escape(in_figures(name, row[name]))}</dd> " for name in row)
    words = html.escape("; ".join(in_figures(name, row[name]).replace("_", " ") for name in says))
    folded = f"<summary>All columns of line {line}</summary><dl>{everything}</dl>"
    said = f'{words} <details class="row" data-pagefind-ignore>{folded}</details>'
    counted = [
        f"{row.get('qualifier', '')} {in_figures(name, row[name])} {row.get('unit', '')}".removeprefix("exact ").strip()
        if name == "value"
        else f"{name.replace('_', ' ')}: {in_figures(name, row[name])}"
        for name in values[:SAID]
    ]
    known = card.registry.get(source)
    linked = f'<a href="../sources.html#source-{source}">{html.escape(known.publisher)}</a>' if known else ""
    return [str(line), said, " <br>".join(map(html.escape, counted)), linked]


def _is_count(name: str, value: object) -> bool:
    return isinstance(value, Real) and LABEL.search(name) is None


def in_figures(name: str, value: object) -> str:
    """A value as text, thousands told apart unless the number is a label, such as a year."""
    return f"{value:,.10g}" if _is_count(name, value) else cell(value)


def _review(card: Card) -> dict[str, object]:
    claim, source, fields = card.claim, card.registry[card.claim.source], citation()
    return {
        "@type": "ClaimReview",
        "claimReviewed": claim.statement,
        "datePublished": f"{fields['date-released']}",
        "author": {"@type": "Organization", "name": fields["authors"][0]["name"]},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": source.publisher},
            **({"datePublished": source.date} if source.date else {}),
            **({"appearance": {"@type": "CreativeWork", "url": source.url}} if source.url else {}),
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": f"repeated right? {card.verdict.repeated}; does it hold? {card.verdict.holds}",
        },
    }
