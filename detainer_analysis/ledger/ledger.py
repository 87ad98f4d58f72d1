"""The ledger of published claims: what was said, what the data say, and the two answers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from detainer_analysis.data import sources, tables
from detainer_analysis.data.evidence import Load, strictly
from detainer_analysis.errors import require
from detainer_analysis.ledger.card import Card
from detainer_analysis.ledger.claim import FILE, WORDS, Claim, read_claims
from detainer_analysis.ledger.verdict import judge
from detainer_analysis.paths import DATA


class VerdictChangedError(AssertionError):
    """The data no longer say what the ledger records."""


def examine(claim: Claim, folder: Path = DATA, load: Load | None = None) -> Card:
    """Run the check of `claim` and judge it, whatever the ledger records.

    Parameters
    ----------
    claim : Claim
        What was said.
    folder : pathlib.Path
        The data folder.
    load : callable, optional
        From a table's name to the table, where it is not to be read from `folder`: a reader's own counts, or rows
        that a test has moved.

    Raises
    ------
    DataError
        If no check has the claim's id.
    """
    from detainer_analysis import checks  # statsmodels, which some checks need, takes a second to import

    load = load or partial(tables.load, folder=folder)
    words, registry = claim.unit == WORDS, sources.read(folder)
    evidence = checks.find(claim.id, load, words=words)
    verdict = strict = judge(claim, evidence, registry)
    if evidence.hedged or claim.reading(strict=True) != claim.reading():
        strict = judge(claim, checks.find(claim.id, strictly(load), words=words), registry, strict=True)
    return Card(claim, evidence, verdict, strict, registry)


def check(name: str, folder: Path = DATA) -> Card:
    """The card of one claim.

    Raises
    ------
    UnknownNameError
        If the ledger has no such claim.
    VerdictChangedError
        If an answer, or what was found, is not what the ledger records.
    """
    ledger = read_claims(folder)
    require("claim", name, ledger)
    claim = ledger[name]
    card = examine(claim, folder)
    recorded = (claim.repeated, claim.holds, claim.found)
    now = (card.verdict.repeated, card.verdict.holds, card.found)
    if now != recorded:
        raise VerdictChangedError(f"{FILE}, entry [{name}]: the ledger records {recorded}, the data give {now}")
    return card


def claims(folder: Path = DATA) -> pd.DataFrame:
    """Every claim of the ledger; `check` shows one.

    Returns
    -------
    pandas.DataFrame
        Indexed by id: ``statement``, ``published``, ``repeated`` and ``holds``, as the ledger records them.
    """
    rows = [(c.id, c.statement, c.published, c.repeated, c.holds) for c in read_claims(folder).values()]
    return pd.DataFrame(rows, columns=["id", "statement", "published", "repeated", "holds"]).set_index("id")
