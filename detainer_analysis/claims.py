"""The ledger of published claims: what was said, what the data say, and the verdict.

A claim is an entry of ``data/claims.toml``. Its check (a function of `checks`) recomputes it from rows of
``data/`` and returns `Evidence`. The verdict follows from the two by rule, never by hand:

================  ====================================================================================
verdict           when
================  ====================================================================================
reproduced        recomputed from rows of another origin than the claim's, and inside its interval
confirmed         another source states it, or it follows from copies of the document it comes from
consistent        independent bounds overlap the claim's interval without settling it
contradicted      the evidence excludes every value of the claim's interval
not reproducible  what a check would need is missing
================  ====================================================================================

The *origin* of a number is the document that it was first stated in. Twenty outlets that repeat one report
are one origin, so agreement among them confirms a transcription and reproduces nothing.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from inspect import isfunction
from pathlib import Path

import pandas as pd
import pydantic.dataclasses

from detainer_analysis import sources, tables
from detainer_analysis.errors import DataError
from detainer_analysis.intervals import Interval, describe, parse
from detainer_analysis.paths import DATA

VERDICTS = ("reproduced", "confirmed", "consistent", "contradicted", "not reproducible")
BASES = ("recomputed", "stated", "bounded", "missing")
FILE = "data/claims.toml"
Load = Callable[[str], pd.DataFrame]


class VerdictChangedError(AssertionError):
    """The data no longer say what the ledger records."""


@dataclass(frozen=True)
class Evidence:
    """What the data say about one claim.

    Parameters
    ----------
    basis : str
        ``"recomputed"``: a number worked out from rows; ``"stated"``: rows that state the number;
        ``"bounded"``: limits within which it must lie; ``"missing"``: nothing to compare with.
    found : Interval or None
        The number or its limits, in the claim's unit; None if missing.
    shows : str
        The arithmetic, in one sentence.
    rows : pandas.DataFrame
        The rows used, with ``source_id``, ``origin_id``, ``table`` and ``source_row``.
    """

    basis: str
    found: Interval | None
    shows: str
    rows: pd.DataFrame

    @classmethod
    def of(cls, basis: str, found: Interval | None, shows: str, *rows: pd.DataFrame) -> Evidence:
        """Evidence from any number of row sets of any tables."""
        if basis not in BASES or (found is None) != (basis == "missing"):
            raise ValueError(f"basis {basis!r} does not go with found={found!r}")
        keep = ["table", "source_row", "source_id", "origin_id"]
        used = pd.concat([part[keep] for part in rows]).drop_duplicates(ignore_index=True)
        if used.empty:
            raise ValueError("evidence needs at least one row")
        return cls(basis, found, shows, used)

    @property
    def addresses(self) -> str:
        """The rows used, as ``ddor_section1.csv 2-11, 14; ddor_weekly_totals.csv 3``."""
        parts = [f"{table}.csv {_runs(group)}" for table, group in self.rows.groupby("table", sort=True)["source_row"]]
        return "; ".join(parts)


def _runs(numbers: pd.Series) -> str:
    """Row numbers in order, neighbours joined: ``2-4, 7``."""
    ordered = numbers.sort_values()
    runs = ordered.groupby((ordered.diff() != 1).cumsum()).agg(["min", "max"])
    return ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in runs.itertuples(index=False))


@pydantic.dataclasses.dataclass(frozen=True, config=sources.STRICT)
class Claim:
    """One published statement, as ``data/claims.toml`` records it.

    Parameters
    ----------
    id, statement : str
        Short name; the statement in our words.
    source, origin : str
        The account that makes the claim; the document that its number comes from (`read` fills in the
        source's own origin where the entry names none).
    published, unit : str
        The number in the account's wording; its unit (``"date"`` for days).
    period, place : str
        What it is about.
    check : str
        Name of a function of `checks`.
    notebook : str
        Number of the notebook that shows it.
    verdict, found : str
        What the check gave when the entry was last reviewed.
    because : str
        Why it is contradicted, or what is missing; required for these two verdicts.
    caveat : str
        What the verdict does not settle.
    """

    id: str
    statement: str
    source: str
    published: str
    unit: str
    period: str
    place: str
    check: str
    notebook: str
    verdict: str
    found: str
    origin: str = ""
    because: str = ""
    caveat: str = ""

    @property
    def interval(self) -> Interval:
        """Every value that the published wording allows."""
        return parse(self.published, self.unit)


def read(folder: Path = DATA) -> dict[str, Claim]:
    """The ledger, by claim id, in the order of the file.

    Raises
    ------
    DataError
        If an entry cannot be built (see `sources.read_entries`), or has an unknown source or verdict, a number
        that `intervals.parse` cannot read, or no reason where its verdict needs one.
    """
    ledger = sources.read_entries(folder / "claims.toml", Claim)
    registry = sources.read(folder)
    for key, claim in ledger.items():
        where = f"entry [{key}]"
        try:
            claim.interval  # noqa: B018  reads the wording
        except ValueError as error:
            raise DataError(FILE, f"{where}: {error}", column="published") from error
        if claim.verdict not in VERDICTS:
            raise DataError(FILE, f"{where}: unknown verdict {claim.verdict!r}", column="verdict")
        if claim.verdict in ("contradicted", "not reproducible") and not claim.because:
            raise DataError(FILE, f"{where}: {claim.verdict} needs a reason", column="because")
        for column, value in (("source", claim.source), ("origin", claim.origin or claim.source)):
            if value not in registry:
                raise DataError(FILE, f"{where}: no source has the id {value!r}", column=column)
    return {key: replace(claim, origin=claim.origin or registry[claim.source].origin) for key, claim in ledger.items()}


def judge(claim: Claim, evidence: Evidence) -> str:
    """The verdict on `claim` that `evidence` allows.

    Raises
    ------
    ValueError
        If the evidence is nothing but the claim's own source.
    """
    if evidence.found is None:
        return "not reproducible"
    if set(evidence.rows["source_id"]) == {claim.source}:
        raise ValueError(f"{claim.id}: compared only with the source that makes the claim")
    if not evidence.found.overlaps(claim.interval):
        return "contradicted"
    if evidence.basis == "bounded" or not evidence.found.within(claim.interval):
        return "consistent"
    if evidence.basis == "stated":
        return "confirmed"
    own = set(evidence.rows["origin_id"]) & {claim.origin}
    if not own:
        return "reproduced"
    return "confirmed" if set(evidence.rows["origin_id"]) == own else "consistent"


@dataclass(frozen=True, repr=False)
class Card:
    """A claim, its evidence and the verdict, readable in a notebook and in a terminal."""

    claim: Claim
    evidence: Evidence
    verdict: str
    registry: dict[str, sources.Source]

    @property
    def found(self) -> str:
        """What the data say, in the claim's unit; ``nothing`` if they say nothing."""
        return describe(self.evidence.found, self.claim.unit) if self.evidence.found else "nothing"

    def _lines(self) -> list[tuple[str, str]]:
        claim = self.claim
        lines = [
            ("claim", claim.statement),
            ("published", f"{claim.published} [{describe(claim.interval, claim.unit)}]"),
            ("found", f"{self.found}. {self.evidence.shows}"),
            ("rows", self.evidence.addresses),
        ]
        lines += [("because", claim.because)] if claim.because else []
        lines += [("caveat", claim.caveat)] if claim.caveat else []
        return lines

    def _sources(self) -> list[tuple[str, sources.Source]]:
        used = dict.fromkeys(self.evidence.rows["source_id"])
        return [("claimed by", self.registry[self.claim.source])] + [("evidence", self.registry[key]) for key in used]

    def __repr__(self) -> str:
        lines = [*self._lines(), *((role, source.citation) for role, source in self._sources())]
        wrapped = [
            textwrap.fill(f"{label:<11}{value}", 100, initial_indent="  ", subsequent_indent=" " * 13)
            for label, value in lines
        ]
        return "\n".join([f"{self.verdict.upper()}: {self.claim.id}", *wrapped])

    def _repr_html_(self) -> str:
        rows = [(label, html.escape(value)) for label, value in self._lines()]
        rows += [(role, _link(source)) for role, source in self._sources()]
        body = "".join(
            f'<tr><th scope="row" style="text-align:left;vertical-align:top">{label}</th>'
            f'<td style="text-align:left">{value}</td></tr>'
            for label, value in rows
        )
        # The two other classes tell MathJax, in JupyterLab and elsewhere, that a dollar sign is money.
        return (
            '<table class="claim tex2jax_ignore mathjax_ignore">'
            f'<caption style="text-align:left"><strong>{self.verdict}</strong>: '
            f"{html.escape(self.claim.id)}</caption><tbody>{body}</tbody></table>"
        )


def _link(source: sources.Source) -> str:
    name = html.escape(source.title)
    linked = f'<a href="{html.escape(source.url)}">{name}</a>' if source.url else name
    return f"{linked}, {html.escape(source.citation)}"


def examine(claim: Claim, folder: Path = DATA) -> Card:
    """Run the check of `claim` on the data of `folder` and judge it, whatever the ledger records.

    Raises
    ------
    DataError
        If `checks` has no such function.
    """
    from detainer_analysis import checks  # checks import Evidence from here

    run = getattr(checks, claim.check, None)
    if not isfunction(run) or run.__module__ != checks.__name__ or claim.check.startswith("_"):
        problem = f"entry [{claim.id}]: detainer_analysis/checks.py has no check {claim.check!r}"
        raise DataError(FILE, problem, column="check")
    evidence = run(partial(tables.load, folder=folder))
    return Card(claim, evidence, judge(claim, evidence), sources.read(folder))


def check(name: str, folder: Path = DATA) -> Card:
    """The card of one claim.

    Raises
    ------
    KeyError
        If the ledger has no such claim.
    VerdictChangedError
        If the verdict, or what was found, is not what the ledger records.
    """
    ledger = read(folder)
    if name not in ledger:
        raise KeyError(f"no claim is called {name!r}; {FILE} has {', '.join(ledger)}")
    claim = ledger[name]
    card = examine(claim, folder)
    if (card.verdict, card.found) != (claim.verdict, claim.found):
        raise VerdictChangedError(
            f"{FILE}, entry [{name}]: the ledger records {claim.verdict!r} with {claim.found!r},"
            f" the data give {card.verdict!r} with {card.found!r}"
        )
    return card


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
