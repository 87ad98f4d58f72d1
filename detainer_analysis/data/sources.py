"""The registry of sources: who published what, when, where, and from which document it copies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from detainer_analysis.data import cells
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA

FILE = "data/sources.toml"
ID = "[a-z0-9]+(-[a-z0-9]+)*"  # an id is an anchor of a page and a part of its addresses
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

STRICT = ConfigDict(strict=True, extra="forbid")  # no value is turned into another type, no unknown field is dropped
Entry = TypeVar("Entry")


@dataclass(frozen=True, config=STRICT)
class Source:
    """One source document or dataset.

    Parameters
    ----------
    id : str
        The key in ``data/sources.toml``.
    title, publisher, url : str
        As printed; `url` is empty where no address is known. A publisher is spelled one way in the whole
        registry, so that publishers can be counted.
    date : str
        ISO year, month or day of publication; empty where the source shows none.
    kind : str
        One of ``KINDS``.
    carrier : str
        Who carries the copy that was read, where it is not the publisher (``"DocumentCloud"``); mostly empty.
    origin : str
        Id of the document whose statements this source mainly repeats; `read` fills in the source's own id if
        it speaks for itself.
    caution : str
        Why to use it with care (``"partisan outlet"``, ``"third-party copy"``); mostly empty.
    note : str
        What a reader must know about the entry; mostly empty.
    file, sha256, bytes, licence : str, str, int, str
        For a dataset that `fetch` can download: its path in a mirror folder and in the cache (relative, and nothing
        in it leads up), checksum, size and licence; all four or none.
    """

    id: str
    title: str
    publisher: str
    date: str
    url: str
    kind: str
    carrier: str = ""
    origin: str = ""
    caution: str = ""
    note: str = ""
    file: str = ""
    sha256: str = ""
    bytes: int = 0
    licence: str = ""

    @property
    def citation(self) -> str:
        """Publisher and date, with the carrier and the caution if there are any."""
        carrier = f" (copy at {self.carrier})" if self.carrier else ""
        date = f", {self.date}" if self.date else ""
        caution = f" [{self.caution}]" if self.caution else ""
        return f"{self.publisher}{carrier}{date}{caution}"


def read_entries(content: bytes, file: str, build: Callable[..., Entry]) -> dict[str, Entry]:
    """Every entry of a TOML file of ``data/``, built from its key (as ``id``) and its fields.

    Raises
    ------
    DataError
        If the content is broken, or an entry lacks a field, has one that `build` does not know, or has a value
        of the wrong type.
    """
    built = {}
    for key, entry in cells.read_entries(content, file).items():
        try:
            built[key] = build(id=key, **entry)
        except ValidationError as error:
            first = error.errors()[0]
            raise DataError(file, f"entry [{key}]: {first['msg']}", column=str(first["loc"][0])) from error
        except TypeError as error:
            raise DataError(file, f"entry [{key}]: {error}") from error
    return built


def read(folder: Path = DATA) -> Mapping[str, Source]:
    """Every source of ``sources.toml`` in `folder`, by id.

    Raises
    ------
    DataError
        If the file cannot be read, an entry cannot be built (see `read_entries`), or has an unknown kind, a date
        that is not ISO or not in the calendar, an address that is not http(s), a path, size or checksum that no
        dataset can have, or an origin that is not in the file.
    """
    return parse(cells.read_bytes(folder / "sources.toml", FILE))


@lru_cache(maxsize=8)
def parse(content: bytes) -> Mapping[str, Source]:
    """The sources in the content of ``sources.toml``; the same bytes are read once."""
    found = read_entries(content, FILE, Source)
    for key, source in found.items():
        if source.kind not in KINDS:
            raise DataError(FILE, f"entry [{key}]: unknown kind {source.kind!r}", column="kind")
        if source.date and not is_iso_date(source.date):
            raise DataError(FILE, f"entry [{key}]: {source.date!r} is not an ISO date", column="date")
        for column, problem in _refused(source):
            raise DataError(FILE, f"entry [{key}]: {problem}", column=column)
        if source.origin and source.origin not in found:
            raise DataError(FILE, f"entry [{key}]: no source has the id {source.origin!r}", column="origin")
    return MappingProxyType({key: replace(source, origin=source.origin or key) for key, source in found.items()})


def _refused(source: Source) -> Iterator[tuple[str, str]]:
    """Column and complaint of every field that would lead a reader or `fetch` to a wrong place."""
    if not re.fullmatch(ID, source.id):
        yield "id", f"{source.id!r} is not small letters and digits joined by hyphens"
    if source.url and not _is_web_address(source.url):
        yield "url", f"{source.url!r} is not an address that begins with http:// or https://"
    if not any((source.file, source.sha256, source.bytes, source.licence)):
        return
    if {"", ".", ".."} & set(source.file.split("/")) or set("\\:") & set(source.file) or not source.file.isprintable():
        yield "file", f"{source.file!r} is not a relative path of plain names"
    if not re.fullmatch(r"[0-9a-f]{64}", source.sha256):
        yield "sha256", f"{source.sha256!r} is not 64 hexadecimal digits in small letters"
    if source.bytes <= 0:
        yield "bytes", f"{source.bytes} is not a number of bytes"
    if not source.url:
        yield "url", "a dataset needs an address"


def _is_web_address(text: str) -> bool:
    """Whether `text` is one word, printable, with a host behind http(s)."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        return False


def is_iso_date(text: str) -> bool:
    """Whether `text` is an ISO year, month or day of the calendar."""
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def cite(key: str) -> str:
    """Citation of one source of the project."""
    return read()[key].citation
