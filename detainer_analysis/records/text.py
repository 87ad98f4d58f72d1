"""Text files: encoding, delimiter and quoting decided by one rule from the whole file, none of them sniffed.

A file is plain if it is UTF-8 without odd bytes and its quotes are regular. A plain file whose rows all have as many
cells as its first line, the header, goes to DuckDB as it is; any other goes there as a copy with its odd rows mended.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from detainer_analysis.errors import DataError
from detainer_analysis.records import archive, layouts, lines
from detainer_analysis.records.lines import DELIMITERS, Form, check_line, is_packed, opened, rows

_CONTROL_Z = b"\x1a"
_DATE = int.from_bytes(b"date", "little")


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
        for _ in _chunks(path):  # to meet its limits
            pass
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
    return Form("utf-8-sig", delimiter, quoted, plain, scan.rows, newline, is_packed(path), scan.dates_said)


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in chunks that end in no quote or return, of lines that are no longer than they may be."""
    most = archive.most_bytes(path.stat().st_size) if is_packed(path) else None
    size = line = 0
    with opened(path) as content:
        while chunk := content.read(lines.CHUNK_BYTES):
            while (
                chunk[-1:] in (b"\r", b'"')
                and len(chunk) <= lines.LONGEST_LINE
                and (more := content.read(lines.CHUNK_BYTES + 1))
            ):
                chunk += more  # one more, so that rows of one length do not end alike again
            size += len(chunk)
            if most is not None and size > most:
                raise DataError(path.name, f"unpacks to more than {most:,} bytes, which no table of records does")
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            line = line + len(chunk) if end < 0 else len(chunk) - end
            check_line(path, line)
            yield chunk


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
            while chunk := content.read(lines.CHUNK_BYTES):
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
        self.dates_said += _dates_said(self._before + chunk)
        self._before = chunk[-3:]
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


def _dates_said(content: bytes) -> int:
    """How often bytes say "date", whatever the case; four at a time, which takes a fifth of the time of a search."""
    small = np.frombuffer(content, dtype=np.uint8) | 0x20
    words = (small[start : start + (len(small) - start) // 4 * 4].view("<u4") for start in range(min(4, len(small))))
    return sum(int(np.count_nonzero(found == _DATE)) for found in words)
