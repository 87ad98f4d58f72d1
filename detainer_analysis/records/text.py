"""Text files: encoding, delimiter and quoting decided by one rule from the whole file, none of them sniffed.

A file is rectangular if it is UTF-8 without odd bytes, its header is the first line, its quotes are regular and
every row has as many cells as the header. Such a file goes to DuckDB as it is; any other is read row by row.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from detainer_analysis.errors import DataError
from detainer_analysis.records import layouts

DELIMITERS = (",", "\t", ";", "|")
CHUNK_BYTES = 4 << 20
_CONTROL_Z = b"\x1a"


@dataclass(frozen=True)
class Form:
    """How a text file is written: what every reader of it is told."""

    encoding: str
    delimiter: str
    quoted: bool
    rectangular: bool
    rows: int
    newline: str
    packed: bool = False


def opened(path: Path) -> BinaryIO:
    """The bytes of a text file, unpacked if they are gzip, whatever the file is called."""
    return gzip.open(path) if _packed(path) else path.open("rb")  # type: ignore[return-value]


def _packed(path: Path) -> bool:
    with path.open("rb") as content:
        return content.read(2) == b"\x1f\x8b"


def form(path: Path) -> Form:
    """Find out how a text file is written, from all of it.

    Raises
    ------
    DataError
        If the file is empty, is no text, or none of its first rows is a header under any delimiter.
    """
    with opened(path) as content:
        start = content.read(1 << 16)
    if not start:
        raise DataError(path.name, "the file is empty", row=1)
    encoding = _unicode(start) or _eight_bits(path)
    delimiter = _delimiter(path, encoding)
    if encoding != "utf-8-sig":
        return Form(encoding, delimiter, True, False, 0, r"\n")
    scan = _Scan(delimiter)
    with opened(path) as content:
        while chunk := content.read(CHUNK_BYTES):
            while chunk[-1:] in (b"\r", b'"') and (more := content.read(1)):
                chunk += more
            scan.take(chunk)
    scan.end()
    # One quote too many at the start of a cell would swallow the rest of the file: then quotes are letters.
    quoted = not (scan.regular and scan.open)
    rectangular = scan.regular and not scan.open and not scan.odd and len(scan.widths) == 1 and scan.widths != {1}
    newline = r"\r\n" if scan.carriage_returns else r"\n"
    return Form(encoding, delimiter, quoted, rectangular, scan.rows, newline, _packed(path))


def rows(path: Path, how: Form) -> Iterator[list[str]]:
    """The rows of a text file as Python's csv module reads them, with a NUL as a space and without a final Ctrl-Z.

    Raises
    ------
    DataError
        If a quote is opened and never closed.
    """
    with opened(path) as content, io.TextIOWrapper(content, how.encoding, newline="") as lines:
        clean = (line.replace("\0", " ") for line in _without_control_z(lines))
        quoting = csv.QUOTE_MINIMAL if how.quoted else csv.QUOTE_NONE
        reader = csv.reader(clean, delimiter=how.delimiter, quoting=quoting)
        number = 0
        try:
            for number, row in enumerate(reader, start=1):  # noqa: B007
                yield row
        except csv.Error as error:
            raise DataError(path.name, f"a quote is opened here and not closed ({error})", row=number + 1) from error


def _without_control_z(lines: io.TextIOWrapper) -> Iterator[str]:
    held = ""
    for line in lines:
        if held:
            yield held
        held = line
    if held.rstrip("\r\n") == "\x1a":
        return
    yield held.rstrip("\x1a") if held.endswith("\x1a") else held


def _unicode(start: bytes) -> str | None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) > 3 and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    return "utf-16-be" if len(start) > 3 and start[::2].count(0) > len(start) // 4 else None


def _eight_bits(path: Path) -> str:
    """UTF-8 if every byte of the file fits, else Windows-1252 if every byte does."""
    for encoding in ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with opened(path) as content:
                while chunk := content.read(CHUNK_BYTES):
                    if not (chunk.isascii() and encoding == "cp1252"):
                        decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise DataError(path.name, "is neither UTF-8 nor Windows-1252 text; save it as 'CSV UTF-8'")


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter under which one of the first rows is a header; NPR's archive names tab-separated files .csv."""
    heads = {}
    for delimiter in DELIMITERS:
        how = Form(encoding, delimiter, True, False, 0, r"\n")
        head = heads[delimiter] = list(islice(rows(path, how), layouts.SEARCHED_ROWS))
        if any(layouts.columns(row) for row in head):
            return delimiter
    with opened(path) as content:
        start = content.read(200).decode(encoding, "replace").strip()
    if start.lower().startswith(("<!doctype", "<html", "<?xml", "{", "[")):
        raise DataError(path.name, f"is no table; it begins with {start[:40]!r}")
    layouts.find_header(max(heads.values(), key=lambda head: max((len(row) for row in head), default=0)), path.name)
    raise AssertionError("a header was found twice differently")  # pragma: no cover


class _Scan:
    """What the bytes of a file tell about its rows; chunks may be cut anywhere but after a quote or return."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = ord(delimiter)
        self.rows = self.carriage_returns = self.line_feeds = self.pending = 0
        self.widths: set[int] = set()
        self.regular, self.open, self.odd = True, False, False
        self.last = b"\n"

    def take(self, chunk: bytes) -> None:
        """Count the rows and cells that end in this chunk."""
        lines, returns = chunk.count(b"\n"), chunk.count(b"\r")
        self.odd |= b"\0" in chunk or _CONTROL_Z in chunk or returns != chunk.count(b"\r\n")
        self.carriage_returns, self.line_feeds = self.carriage_returns + returns, self.line_feeds + lines
        content = np.frombuffer(chunk, dtype=np.uint8)
        ends, cuts = np.flatnonzero(content == 10), np.flatnonzero(content == self.delimiter)
        if b'"' in chunk or self.open:
            quotes = np.flatnonzero(content == 34)
            self._check(content, quotes, chunk)
            ends, cuts = self._outside(ends, quotes), self._outside(cuts, quotes)
            self.open ^= bool(len(quotes) % 2)
        before = np.searchsorted(cuts, ends)
        if len(ends):
            self.widths.update((np.unique(np.diff(before)) + 1).tolist())
            self.widths.add(self.pending + int(before[0]) + 1)
            self.pending = 0
        self.pending += len(cuts) - (int(before[-1]) if len(ends) else 0)
        self.rows += len(ends)
        self.last = chunk[-1:]

    def end(self) -> None:
        """Count a last row without a line end."""
        self.odd |= self.carriage_returns not in (0, self.line_feeds)
        if self.last != b"\n":
            self.rows += 1
            self.widths.add(self.pending + 1)

    def _outside(self, places: np.ndarray, quotes: np.ndarray) -> np.ndarray:
        return places[(np.searchsorted(quotes, places) + self.open) % 2 == 0]

    def _check(self, content: np.ndarray, quotes: np.ndarray, chunk: bytes) -> None:
        """Whether each quote opens a cell, closes one, or is half of a doubled one."""
        borders = np.array([self.delimiter, 10, 13, 34], dtype=np.uint8)
        opening = np.arange(len(quotes)) % 2 == (1 if self.open else 0)
        first = np.concatenate([np.frombuffer(self.last, dtype=np.uint8), content])[quotes[opening]]
        following = np.concatenate([content, np.array([10], dtype=np.uint8)])[quotes[~opening] + 1]
        self.regular &= bool(np.isin(first, borders).all() and np.isin(following, borders).all())
