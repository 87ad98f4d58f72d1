"""The numbers that the stories print, each read from a row of the data or from an entry of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from detainer_analysis.intervals import describe
from detainer_analysis.ledger.card import Card
from detainer_analysis.markup import plain
from pages import counted, figures

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
        **counted.first_week(),
        **counted.national(),
        **counted.money(),
        "jail": counted.jail(),
        "stop": counted.stop(),
        "bills": counted.bills(),
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
        "origins": card.rests_on.partition(",")[0],
        "publishers": str(verdict.publishers),
        "missing": claim.missing,
        "caveat": claim.caveat,
    }
    return {name: plain(words) for name, words in said.items()}  # a story prints words of the data as words
