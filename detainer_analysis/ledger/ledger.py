"""The ledger of published claims: what was said, what the data say, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from detainer_analysis.data import sources, tables
from detainer_analysis.errors import require
from detainer_analysis.ledger.card import Card
from detainer_analysis.ledger.claim import FILE, Claim, read_claims
from detainer_analysis.ledger.verdict import judge
from detainer_analysis.paths import DATA


class VerdictChangedError(AssertionError):
    """The data no longer say what the ledger records."""


def examine(claim: Claim, folder: Path = DATA) -> Card:
    """Run the check of `claim` on the data of `folder` and judge it, whatever the ledger records.

    Raises
    ------
    DataError
        If no check has the claim's id.
    """
    from detainer_analysis import checks  # statsmodels, which some checks need, takes a second to import

    run = checks.find(claim.id)
    evidence = run(partial(tables.load, folder=folder))
    return Card(claim, evidence, judge(claim, evidence), sources.read(folder))


def check(name: str, folder: Path = DATA) -> Card:
    """The card of one claim.

    Raises
    ------
    UnknownNameError
        If the ledger has no such claim.
    VerdictChangedError
        If the verdict, or what was found, is not what the ledger records.
    """
    ledger = read_claims(folder)
    require("claim", name, ledger)
    claim = ledger[name]
    card = examine(claim, folder)
    if (card.verdict, card.found) != (claim.verdict, claim.found):
        raise VerdictChangedError(
            f"{FILE}, entry [{name}]: the ledger records {claim.verdict!r} with {claim.found!r},"
            f" the data give {card.verdict!r} with {card.found!r}"
        )
    return card


def claims(folder: Path = DATA) -> pd.DataFrame:
    """Every claim of the ledger; `check` shows one.

    Returns
    -------
    pandas.DataFrame
        Indexed by id: ``statement``, ``published`` and ``verdict``, as the ledger records them.
    """
    rows = [(claim.id, claim.statement, claim.published, claim.verdict) for claim in read_claims(folder).values()]
    return pd.DataFrame(rows, columns=["id", "statement", "published", "verdict"]).set_index("id")


def ledger_table(cards: Sequence[Card]) -> pd.DataFrame:
    """The ledger as a table, one row per claim, in ledger order.

    Returns
    -------
    pandas.DataFrame
        Columns ``claim``, ``statement``, ``published``, ``unit``, ``claimed_by``, ``verdict``, ``found``,
        ``evidence``, ``rows``, ``evidence_sources``, ``because``, ``caveat``, ``notebook``; all text.
    """
    return pd.DataFrame(
        [
            {
                "claim": card.claim.id,
                "statement": card.claim.statement,
                "published": card.claim.published,
                "unit": card.claim.unit,
                "claimed_by": card.claim.source,
                "verdict": card.verdict,
                "found": card.found,
                "evidence": card.evidence.shows,
                "rows": card.evidence.addresses,
                "evidence_sources": "; ".join(dict.fromkeys(card.evidence.rows["source_id"])),
                "because": card.claim.because,
                "caveat": card.claim.caveat,
                "notebook": card.claim.notebook,
            }
            for card in cards
        ]
    )
