"""Text files: encoding, delimiter and quoting decided by one rule from the whole file, none of them sniffed.

A file is plain if it is UTF-8 without odd bytes and its quotes are regular. A plain file whose rows all have as many
cells as its first line, the header, goes to DuckDB as it is; any other is read row by row.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from detainer_analysis.errors import DataError
from detainer_analysis.records import layouts

DELIMITERS = (",", "\t", ";", "|")
CHUNK_BYTES = 1 << 18
LONGEST_LINE = 16 << 20  # Python's csv module ends a cell at 128 KiB
HIGHEST_RATIO, SMALL_BYTES = 200, 64 << 20  # records pack to a tenth or a thirtieth
_CONTROL_Z = b"\x1a"


@dataclass(frozen=True)
class Form:
    """How a text file is written: what every reader of it is told; and how often it says "date", as headers do."""

    encoding: str
    delimiter: str
    quoted: bool
    plain: bool
    rows: int
    newline: str
    packed: bool = False
    dates_said: int = 0


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a text file, unpacked if they are gzip, whatever the file is called.

    Raises
    ------
    DataError
        If they are gzip and damaged or cut short, once that is met in reading.
    """
    try:
        with gzip.open(path) if _packed(path) else path.open("rb") as content:
            yield content  # type: ignore[misc]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(path.name, f"cannot be unpacked ({error}); download it again") from error


def _packed(path: Path) -> bool:
    with path.open("rb") as content:
        return content.read(2) == b"\x1f\x8b"


def form(path: Path) -> Form:
    """Find out how a text file is written, from all of it.

    Raises
    ------
    DataError
        If the file is empty, is no text, has a line of more than 16 MiB, unpacks to far more than records do, or none
        of its first rows is a header under any delimiter.
    """
    with opened(path) as content:
        start = content.read(1 << 16)
    if not start:
        raise DataError(path.name, "the file is empty", row=1)
    if encoding := _unicode(start):
        return Form(encoding, _delimiter(path, encoding), True, False, 0, r"\n")
    scan = _Scan()
    for chunk in _chunks(path):
        scan.take(chunk)
    scan.end()
    if not scan.utf_8:
        return Form("cp1252", _delimiter(path, _windows(path)), True, False, 0, r"\n")
    delimiter = _delimiter(path, "utf-8-sig")
    regular = scan.is_regular(delimiter)
    # One quote too many at the start of a cell would swallow the rest of the file: then quotes are letters.
    quoted = not (regular and scan.open)
    plain = regular and not scan.open and not scan.odd
    newline = r"\r\n" if scan.returns else r"\n"
    return Form("utf-8-sig", delimiter, quoted, plain, scan.rows, newline, _packed(path), scan.dates_said)


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in chunks that end in no quote or return, of lines that are no longer than they may be."""
    most = max(SMALL_BYTES, HIGHEST_RATIO * path.stat().st_size) if _packed(path) else None
    size = line = 0
    with opened(path) as content:
        while chunk := content.read(CHUNK_BYTES):
            while (
                chunk[-1:] in (b"\r", b'"') and len(chunk) <= LONGEST_LINE and (more := content.read(CHUNK_BYTES + 1))
            ):
                chunk += more  # one more, so that rows of one length do not end alike again
            size += len(chunk)
            if most is not None and size > most:
                raise DataError(path.name, f"unpacks to more than {most:,} bytes, which no table of records does")
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            line = line + len(chunk) if end < 0 else len(chunk) - end
            _check_line(path, line)
            yield chunk


def _check_line(path: Path, length: int) -> None:
    if length > LONGEST_LINE:
        raise DataError(path.name, f"has a line of more than {LONGEST_LINE:,} bytes, which no table of records has")


def rows(path: Path, how: Form) -> Iterator[list[str]]:
    """The rows of a text file as Python's csv module reads them, with a NUL as a space and without a final Ctrl-Z.

    Raises
    ------
    DataError
        If a quote is opened and never closed, or a line is longer than 16 MiB.
    """
    with opened(path) as content, io.TextIOWrapper(content, how.encoding, newline="") as lines:
        clean = (line.replace("\0", " ") for line in _without_control_z(_lines(path, lines)))
        reader = csv.reader(clean, delimiter=how.delimiter, quoting=csv.QUOTE_MINIMAL if how.quoted else csv.QUOTE_NONE)
        number = 0
        try:
            for number, row in enumerate(reader, start=1):  # noqa: B007
                yield row
        except csv.Error as error:
            raise DataError(path.name, f"a quote is opened here and not closed ({error})", row=number + 1) from error


def _lines(path: Path, lines: io.TextIOWrapper) -> Iterator[str]:
    while line := lines.readline(LONGEST_LINE + 1):
        _check_line(path, len(line))
        yield line


def _without_control_z(lines: Iterator[str]) -> Iterator[str]:
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


def _windows(path: Path) -> str:
    """Windows-1252, if every byte of the file fits."""
    decoder = codecs.getincrementaldecoder("cp1252")()
    try:
        with opened(path) as content:
            while chunk := content.read(CHUNK_BYTES):
                decoder.decode(chunk)
    except UnicodeDecodeError as error:
        raise DataError(path.name, "is neither UTF-8 nor Windows-1252 text; save it as 'CSV UTF-8'") from error
    return "cp1252"


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

    def __init__(self) -> None:
        self.rows = self.returns = self.feeds = self.dates_said = 0
        self.open, self.odd, self.utf_8 = False, False, True
        self.around = np.zeros(256, dtype=bool)
        self._last = b"\n"
        self._before = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def take(self, chunk: bytes) -> None:
        """Count the rows that end in this chunk."""
        content = np.frombuffer(chunk, dtype=np.uint8)
        feeds = int(np.count_nonzero(content == ord("\n")))
        if b"\r" in chunk:
            returns = chunk.count(b"\r")
            self.odd |= returns != chunk.count(b"\r\n")
            self.returns += returns
        self.odd |= b"\0" in chunk or _CONTROL_Z in chunk
        self.feeds += feeds
        if b'"' in chunk or self.open:
            quotes, ends = np.flatnonzero(content == ord('"')), np.flatnonzero(content == ord("\n"))
            self._see(content, quotes)
            feeds = int(np.count_nonzero((np.searchsorted(quotes, ends) + self.open) % 2 == 0))
            self.open ^= bool(len(quotes) % 2)
        self.rows += feeds
        self._last = chunk[-1:]
        lower = self._before + chunk.lower()
        self.dates_said += lower.count(b"date")
        self._before = lower[-3:]
        self._decode(chunk)

    def end(self) -> None:
        """Count a last row without a line end."""
        self.odd |= self.returns not in (0, self.feeds)
        self.rows += self._last != b"\n"
        self._decode(b"", final=True)

    def is_regular(self, delimiter: str) -> bool:
        """Whether each quote opens a cell, closes one, or is half of a doubled one."""
        inside = self.around.copy()
        inside[[ord(border) for border in f'{delimiter}\n\r"']] = False
        return not inside.any()

    def _see(self, content: np.ndarray, quotes: np.ndarray) -> None:
        """Note the bytes before the quotes that open and behind those that close."""
        opening = np.arange(len(quotes)) % 2 == int(self.open)
        self.around[np.concatenate([np.frombuffer(self._last, dtype=np.uint8), content])[quotes[opening]]] = True
        self.around[np.concatenate([content, np.frombuffer(b"\n", dtype=np.uint8)])[quotes[~opening] + 1]] = True

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        if self.utf_8 and (final or not chunk.isascii() or self._decoder.getstate()[0]):
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self.utf_8 = False
