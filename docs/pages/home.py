"""The front page: three answers, each with its doubt, from the ledger's own entries."""

from __future__ import annotations

import html
from collections.abc import Sequence

from detainer_analysis.ledger.card import Card
from detainer_analysis.reproduce import ANSWERED
from pages.about import citation
from pages.ledger import doubt

# The README's three questions in fewer words, for a phone's screen; the claims are the same.
IN_SHORT = (
    "How many were declined in a week?",
    "How many places, how many refusals?",
    "How much of a county's budget is federal?",
)
QUESTIONS = {short: tuple(claims) for short, claims in zip(IN_SHORT, ANSWERED.values(), strict=True)}
DOORS = {
    "ledger.html": ("Check a number", "{claims} claims, each with its rows"),
    "county.html": ("Your county", "what the records hold"),
    "how-to-read.html": ("Learn", "how to read this, exercises, lessons"),
}


def home(cards: Sequence[Card]) -> str:
    """Everything of the front page below its title."""
    named = {card.claim.id: card for card in cards}
    answers = "".join(
        f"<section><h2>{question}</h2><dl>{''.join(_answer(named[name]) for name in names)}</dl></section>"
        for question, names in QUESTIONS.items()
    )
    doors = "".join(
        f'<a href="{page}"><strong>{name}</strong> <span>{words.format(claims=len(cards))}</span></a>'
        for page, (name, words) in DOORS.items()
    )
    fields = citation()
    return (
        '<form class="find" role="search" action="search.html"><label for="find">A number, a place or a word</label>'
        '<input type="search" name="q" id="find" placeholder="675, Hennepin, sanctuary"><button>Search</button></form>'
        f'<nav class="doors" aria-label="Where to go">{doors}</nav>'
        f'<div class="answers">{answers}</div>'
        f'<p class="imprint">Version {fields["version"]}, {fields["date-released"]:%-d %B %Y}.'
        ' <a href="corrections.html">Report an error</a>. <a href="cite.html">How to cite</a>.</p>'
    )


def _answer(card: Card) -> str:
    claim, verdict = card.claim, card.verdict
    place = f"{html.escape(claim.place)}: " if claim.place not in claim.statement + "United States" else ""
    first, more, _ = card.found.partition(";")
    found = f": {html.escape(first)}{', among others' if more else ''}" if verdict.holds == "within bounds" else ""
    return (
        f'<dt><a href="claims/{claim.id}.html">{place}{html.escape(claim.statement)}</a></dt>'
        f"<dd>Repeated right? <em>{verdict.repeated}</em>. Does it hold? <strong>{verdict.holds}</strong>{found}."
        f' <span class="but">{html.escape(doubt(card))}</span></dd>'
    )
