"""The registry of sources: who published what, when, where, and from which document it copies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA

KINDS = (
    "government",
    "court",
    "newspaper",
    "broadcaster",
    "research",
    "advocacy",
    "reference",
    "dataset",
    "aggregator",
)


@dataclass(frozen=True)
class Source:
    """One source document or dataset.

    Parameters
    ----------
    id : str
        The key in ``data/sources.toml``.
    title, publisher, url : str
        As printed; `url` is empty where no address is known.
    date : str
        ISO year, month or day of publication; empty where the source shows none.
    kind : str
        One of ``KINDS``.
    origin : str
        Id of the document whose statements this source mainly repeats; its own id if it speaks for itself.
    caution : str
        Why to use it with care (``"partisan outlet"``, ``"third-party copy"``); mostly empty.
    note : str
        What a reader must know about the entry; mostly empty.
    file, sha256, bytes, licence : str, str, int, str
        For a dataset that `fetch` can download: its path in a mirror folder and in the cache, checksum, size
        and licence.
    """

    id: str
    title: str
    publisher: str
    date: str
    url: str
    kind: str
    origin: str
    caution: str = ""
    note: str = ""
    file: str = ""
    sha256: str = ""
    bytes: int = 0
    licence: str = ""

    @property
    def citation(self) -> str:
        """Publisher and date, with the caution if there is one."""
        date = f", {self.date}" if self.date else ""
        caution = f" [{self.caution}]" if self.caution else ""
        return f"{self.publisher}{date}{caution}"


def read(folder: Path = DATA) -> dict[str, Source]:
    """Every source of ``sources.toml`` in `folder`, by id.

    Raises
    ------
    DataError
        If the file is missing or broken, or an entry lacks a field, has an unknown kind, a date that is
        not ISO, or an origin that is not in the file.
    """
    path = folder / "sources.toml"
    file = f"data/{path.name}"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(file, f"cannot be read: {error}") from error
    found: dict[str, Source] = {}
    for key, entry in entries.items():
        try:
            source = Source(id=key, **{"origin": key, **entry})
        except TypeError as error:
            raise DataError(file, f"entry [{key}]: {error}") from error
        if source.kind not in KINDS:
            raise DataError(file, f"entry [{key}]: unknown kind {source.kind!r}", column="kind")
        if source.date and not re.fullmatch(r"\d{4}(-\d{2}){0,2}", source.date):
            raise DataError(file, f"entry [{key}]: {source.date!r} is not an ISO date", column="date")
        found[key] = source
    for source in found.values():
        if source.origin not in found:
            raise DataError(file, f"entry [{source.id}]: no source has the id {source.origin!r}", column="origin")
    return found


def cite(key: str) -> str:
    """Citation of one source of the project."""
    return registry()[key].citation


@cache
def registry() -> Mapping[str, Source]:
    """The project's own registry, read once."""
    return read()
