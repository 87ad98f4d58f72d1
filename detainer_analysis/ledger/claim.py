"""Published statements, as ``data/claims.toml`` records them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pydantic.dataclasses

from detainer_analysis.data import sources
from detainer_analysis.data.cells import read_bytes
from detainer_analysis.errors import DataError
from detainer_analysis.intervals import Interval, parse
from detainer_analysis.paths import DATA

FILE = "data/claims.toml"
VERDICTS = ("reproduced", "confirmed", "consistent", "contradicted", "not reproducible")


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


def read_claims(folder: Path = DATA) -> Mapping[str, Claim]:
    """The ledger, by claim id, in the order of the file.

    Raises
    ------
    DataError
        If an entry cannot be built (see `sources.read_entries`), or has an unknown source or verdict, a number
        that `intervals.parse` cannot read, or no reason where its verdict needs one.
    """
    registry = read_bytes(folder / "sources.toml", sources.FILE)
    return _parse(read_bytes(folder / "claims.toml", FILE), registry)


@lru_cache(maxsize=8)
def _parse(content: bytes, registry_content: bytes) -> Mapping[str, Claim]:
    ledger = sources.read_entries(content, FILE, Claim)
    registry = sources.parse(registry_content)
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
    return MappingProxyType(
        {key: replace(claim, origin=claim.origin or registry[claim.source].origin) for key, claim in ledger.items()}
    )
