"""Published statements, as ``data/claims.toml`` records them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pydantic.dataclasses
from pydantic import Field

from detainer_analysis.data import sources
from detainer_analysis.data.cells import read_bytes
from detainer_analysis.errors import DataError
from detainer_analysis.intervals import Interval
from detainer_analysis.paths import DATA
from detainer_analysis.wording import parse, parse_period

FILE = "data/claims.toml"
REPEATED = (
    "primary text agrees",
    "copies agree",
    "copies disagree",
    "altered",
    "source not seen",
    "the account is the source",
)
HOLDS = (
    "recounted",
    "independently stated",
    "shown in the document",
    "recounted from the same data",
    "within bounds",
    "in part",
    "disputed",
    "contradicted",
    "not comparable",
    "not testable",
)
WORDS = "words"


@pydantic.dataclasses.dataclass(frozen=True, config=sources.STRICT)
class Claim:
    """One published statement, as ``data/claims.toml`` records it.

    Parameters
    ----------
    id, statement : str
        Short name; the statement, with the account's wording as far as a fact needs it.
    source, origin : str
        The account that makes the claim; the document that it quotes (filled with the source's own origin where the
        entry names none).
    published, unit : str
        The number in the account's wording and its unit; ``"date"`` for days, ``"words"`` for a word of a
        controlled list, such as yes or no.
    period, place : str
        What it is about. A period is an ISO year, month or day, two of them joined by ``/`` or ``to``, or one, or a
        month by its name, behind ``before``; or empty.
    notebook : str
        Number of the notebook that shows it.
    repeated, holds, found : str
        The two answers, and what was found, when the entry was last reviewed.
    about : str
        ``"document"`` for a statement on what a document says, which the document itself can settle; else empty.
    scope : mapping
        Columns of evidence rows and what they must hold to speak of the same thing: year, definition, quantity.
    missing : str
        What would settle it; required where it is not testable.
    caveat : str
        What the answers leave open.
    told, answered : str
        When the account or agency was told of an error, and what it answered; empty until that happens.
    """

    id: str
    statement: str
    source: str
    published: str
    unit: str
    period: str
    place: str
    notebook: str
    repeated: str
    holds: str
    found: str
    origin: str = ""
    about: str = ""
    scope: dict[str, str | int] = Field(default_factory=dict)
    missing: str = ""
    caveat: str = ""
    told: str = ""
    answered: str = ""

    @property
    def interval(self) -> Interval:
        """Every value that the published wording allows."""
        return parse(self.published, self.unit)

    @property
    def time(self) -> Interval | None:
        """The days that it is about, as day numbers."""
        return parse_period(self.period) if self.period else None

    def reading(self, *, strict: bool = False) -> Interval | str:
        """The interval of a number or day; the word itself of a word."""
        return self.published if self.unit == WORDS else parse(self.published, self.unit, strict=strict)


def open_in(missing: str, caveat: str) -> str:
    """What a claim's answers leave open, in words: what is missing, or else the caveat; empty if neither is written."""
    return f"Missing: {missing.rstrip('.')}." if missing else caveat


def read_claims(folder: Path = DATA) -> Mapping[str, Claim]:
    """The ledger, by claim id, in the order of the file.

    Raises
    ------
    DataError
        If an entry cannot be built (see `sources.read_entries`), or has an unknown source or answer, a number
        that `wording.parse` cannot read, a period that is not of the calendar, does not say what is missing where
        it is not testable, or has an answer without the day of the question.
    """
    registry = read_bytes(folder / "sources.toml", sources.FILE)
    return _parse(read_bytes(folder / "claims.toml", FILE), registry)


@lru_cache(maxsize=8)
def _parse(content: bytes, registry_content: bytes) -> Mapping[str, Claim]:
    ledger = sources.read_entries(content, FILE, Claim)
    registry = sources.parse(registry_content)
    for key, claim in ledger.items():
        where = f"entry [{key}]"
        if not re.fullmatch(sources.ID, key):
            raise DataError(FILE, f"{where}: the id is not small letters and digits joined by hyphens", column="id")
        if not re.fullmatch(r"\d\d", claim.notebook):
            raise DataError(FILE, f"{where}: {claim.notebook!r} is not the number of a notebook", column="notebook")
        try:
            claim.reading()
        except ValueError as error:
            raise DataError(FILE, f"{where}: {error}", column="published") from error
        try:
            _ = claim.time
        except ValueError as error:
            problem = f"{claim.period!r} is no year, month or day, none with 'before' and no two in order with / or to"
            raise DataError(FILE, f"{where}: {problem}", column="period") from error
        allowed = {"repeated": REPEATED, "holds": HOLDS, "about": ("", "document")}
        for column, values in allowed.items():
            if (value := getattr(claim, column)) not in values:
                raise DataError(FILE, f"{where}: unknown answer {value!r}", column=column)
        if claim.holds == "not testable" and not claim.missing:
            raise DataError(FILE, f"{where}: say what is missing", column="missing")
        day = len(claim.told) == len("YYYY-MM-DD") and sources.is_iso_date(claim.told)
        if not day and (claim.told or claim.answered):
            raise DataError(FILE, f"{where}: say on which day it was told, as YYYY-MM-DD", column="told")
        for column, value in (("source", claim.source), ("origin", claim.origin or claim.source)):
            if value not in registry:
                raise DataError(FILE, f"{where}: no source has the id {value!r}", column=column)
    return MappingProxyType(
        {key: replace(claim, origin=claim.origin or registry[claim.source].origin) for key, claim in ledger.items()}
    )
