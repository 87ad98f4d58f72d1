"""Text files: encoding, delimiter and quoting decided by one rule from the whole file, none of them sniffed.

A file is plain if it is UTF-8 without odd bytes and its quotes are regular. A plain file whose rows all have as many
cells as its first line, the header, goes to DuckDB as it is; any other is read row by row.
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
    plain: bool
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
    plain = scan.regular and not scan.open and not scan.odd
    return Form(encoding, delimiter, quoted, plain, scan.rows, r"\r\n" if scan.returns else r"\n", _packed(path))


def rows(path: Path, how: Form) -> Iterator[list[str]]:
    """The rows of a text file as Python's csv module reads them, with a NUL as a space and without a final Ctrl-Z.

    Raises
    ------
    DataError
        If a quote is opened and never closed.
    """
    with opened(path) as content, io.TextIOWrapper(content, how.encoding, newline="") as lines:
        clean = (line.replace("\0", " ") for line in _without_control_z(lines))
        reader = csv.reader(clean, delimiter=how.delimiter, quoting=csv.QUOTE_MINIMAL if how.quoted else csv.QUOTE_NONE)
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
                    if not chunk.isascii() or decoder.getstate()[0]:
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
        self.borders = np.frombuffer(f'{delimiter}\n\r"'.encode(), dtype=np.uint8)
        self.rows = self.returns = self.feeds = 0
        self.regular, self.open, self.odd = True, False, False
        self.last = b"\n"

    def take(self, chunk: bytes) -> None:
        """Count the rows that end in this chunk."""
        feeds, returns = chunk.count(b"\n"), chunk.count(b"\r")
        self.odd |= b"\0" in chunk or _CONTROL_Z in chunk or bool(returns and returns != chunk.count(b"\r\n"))
        self.returns, self.feeds = self.returns + returns, self.feeds + feeds
        if b'"' in chunk or self.open:
            content = np.frombuffer(chunk, dtype=np.uint8)
            quotes, ends = np.flatnonzero(content == ord('"')), np.flatnonzero(content == ord("\n"))
            self._check(content, quotes)
            feeds = int(np.count_nonzero((np.searchsorted(quotes, ends) + self.open) % 2 == 0))
            self.open ^= bool(len(quotes) % 2)
        self.rows += feeds
        self.last = chunk[-1:]

    def end(self) -> None:
        """Count a last row without a line end."""
        self.odd |= self.returns not in (0, self.feeds)
        self.rows += self.last != b"\n"

    def _check(self, content: np.ndarray, quotes: np.ndarray) -> None:
        """Whether each quote opens a cell, closes one, or is half of a doubled one."""
        opening = np.arange(len(quotes)) % 2 == int(self.open)
        before = np.concatenate([np.frombuffer(self.last, dtype=np.uint8), content])[quotes[opening]]
        after = np.concatenate([content, np.frombuffer(b"\n", dtype=np.uint8)])[quotes[~opening] + 1]
        self.regular &= bool(np.isin(before, self.borders).all() and np.isin(after, self.borders).all())
