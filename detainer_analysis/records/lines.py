"""The rows of a text file whose form is known: one at a time, or many regular ones at once as the bytes they are.

Most rows of a file are regular even if one is odd, and only the odd ones need Python to be read.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from detainer_analysis.errors import DataError

DELIMITERS = (",", "\t", ";", "|")
CHUNK_BYTES = 1 << 18
LONGEST_LINE = 16 << 20
_LONGEST_REGULAR = 1 << 17  # Python's csv module ends a cell there
_CONTROL_Z = re.compile(rb"(?:\A|(?<=[\r\n]))\x1a(?:\r\n?|\n)?\Z|\x1a+\Z")
_UNSURE = (b"\0", b"\x1a", b"date")  # every name of the column of dates ends in that word
_Numbers = np.ndarray[Any, Any]
_ODD, _REGULAR, _ONE_MORE = range(3)


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
        with gzip.open(path) if is_packed(path) else path.open("rb") as content:
            yield content  # pyrefly: ignore[invalid-yield]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(path.name, f"cannot be unpacked ({error}); download it again") from error


def is_packed(path: Path) -> bool:
    """Whether a file is gzip."""
    with path.open("rb") as content:
        return content.read(2) == b"\x1f\x8b"


def check_line(path: Path, length: int) -> None:
    """Refuse a line that is too long.

    Raises
    ------
    DataError
        If it has more than 16 MiB.
    """
    if length > LONGEST_LINE:
        raise DataError(path.name, f"has a line of more than {LONGEST_LINE:,} bytes, which no table of records has")


@contextmanager
def lines(path: Path, how: Form) -> Iterator[Lines]:
    """The rows of a text file, from its beginning."""
    with opened(path) as content, io.TextIOWrapper(content, how.encoding, newline="") as text:
        yield Lines(path, how, text)


def rows(path: Path, how: Form) -> Iterator[list[str]]:
    """The rows of a text file, one at a time; see `Lines.row`."""
    with lines(path, how) as found:
        while (row := found.row()) is not None:
            yield row


class Lines:
    """The rows of a text file as Python's csv module reads them, with a NUL as a space and without a final Ctrl-Z.

    A line is what ends in a line feed: a row may take several, and one may hold several rows that end in returns.
    """

    def __init__(self, path: Path, how: Form, text: io.TextIOWrapper) -> None:
        self._path, self._how, self._text = path, how, text
        self._number, self._rest, self._pieces = 0, b"", list[str]()
        self._block, self._ends, self._line = b"", np.zeros(0, dtype=int), 0
        self._kinds: dict[tuple[int, int], tuple[_Numbers, _Numbers]] = {}
        self._rows = csv.reader(
            self._fed(),
            delimiter=how.delimiter,
            quoting=csv.QUOTE_MINIMAL if how.quoted else csv.QUOTE_NONE,
        )

    def row(self) -> list[str] | None:
        """The next row, or nothing at the end.

        Raises
        ------
        DataError
            If a quote is opened and never closed, a line is longer than 16 MiB, or its bytes are no text.
        """
        self._number += 1
        try:
            return next(self._rows, None)
        except csv.Error as error:
            problem = f"a quote is opened here and not closed ({error})"
            raise DataError(self._path.name, problem, row=self._number) from error

    def stretch(self, width: int, named: int, kept: Sequence[int]) -> tuple[bytes, int]:
        """Cells of the next rows as bytes, and the number of rows, as far as they are regular; none if the next is odd.

        A row is regular if it is one line of as many cells as the header, its quotes open and close cells, and nothing
        in it can be a header or another delimiter. It may end in one delimiter too many.

        Parameters
        ----------
        width, named : int
            Cells of the header, and those up to the last one with a name.
        kept : sequence of int
            Numbers of the columns to take, in order.
        """
        if self._pieces or not self._at_line():
            return b"", 0
        if (width, named) not in self._kinds:
            self._kinds[width, named] = _kinds(self._block, self._ends, self._how, width, named)
        kinds, marks = self._kinds[width, named]
        kind = kinds[self._line]
        if kind == _ODD:
            return b"", 0
        others = np.flatnonzero(kinds[self._line :] != kind)
        count = int(others[0]) if len(others) else len(kinds) - self._line
        start = self._start
        ends = self._ends[self._line : self._line + count] - start
        taken = self._taken(count)
        low, high = np.searchsorted(marks, (start, start + len(taken)))
        self._number += count
        return _cut(taken, ends, marks[low:high].reshape(count, -1) - start, kept), count

    def _at_line(self) -> bool:
        """Whether there is a next line, in the block at hand or in one that is read now."""
        return self._line < len(self._ends) or self._filled()

    @property
    def _start(self) -> int:
        """Where the next line begins in the block."""
        return int(self._ends[self._line - 1]) if self._line else 0

    def _taken(self, count: int) -> bytes:
        start = self._start
        self._line += count
        return self._block[start : self._ends[self._line - 1]]

    def _fed(self) -> Iterator[str]:
        """Lines for the csv module, when it asks for them."""
        while self._pieces or self._at_line():
            if not self._pieces:
                line = self._taken(1).decode().replace("\0", " ")
                self._pieces = io.StringIO(line, newline="").readlines()[::-1]
            check_line(self._path, len(self._pieces[-1]))
            yield self._pieces.pop()

    def _filled(self) -> bool:
        """Take the next block of whole lines; a last line is held back until the end, where it may be a Ctrl-Z."""
        end, more = 0, "-"
        while not end and more:
            try:
                more = self._text.read(CHUNK_BYTES)
            except UnicodeDecodeError as error:
                raise DataError(self._path.name, f"is no {self._how.encoding} text: {error.reason}") from error
            self._rest += more.encode()
            end = max(self._rest.rfind(b"\n", 0, -2), self._rest.rfind(b"\r", 0, -2)) + 1
            end += self._rest[end - 1 : end + 1] == b"\r\n"
            check_line(self._path, len(self._rest) - end)
        if not more:
            self._rest = _CONTROL_Z.sub(b"", self._rest)
            end = len(self._rest)
        self._block, self._rest, self._line = self._rest[:end], self._rest[end:], 0
        ends = np.flatnonzero(np.frombuffer(self._block, dtype=np.uint8) == ord("\n")) + 1
        self._ends = ends if self._block[-1:] in (b"\n", b"") else np.append(ends, end)
        self._kinds.clear()
        return end > 0


def _cut(block: bytes, ends: _Numbers, marks: _Numbers, kept: Sequence[int]) -> bytes:
    """The `kept` cells of regular lines whose delimiters are at `marks`, a row of them for each line."""
    letters = np.frombuffer(block, dtype=np.uint8)
    ended = letters[ends - 1] == ord("\n")  # the last line may lack its end
    last = ends - ended
    last -= letters[last - 1] == ord("\r")
    cells = np.column_stack([np.append(0, ends)[:-1] - 1, marks, last])  # each cell is between two of these
    steps = np.zeros(len(letters) + 1, dtype=np.int8)
    for column in kept:
        steps[cells[:, column] + 1] += 1
        steps[cells[:, column + 1] + (column != kept[-1])] -= 1
    steps[ends[ended] - 1] += 1
    steps[ends[ended]] -= 1
    return letters[np.cumsum(steps[:-1]) > 0].tobytes() + (b"" if ended[-1] else b"\n")


def _kinds(block: bytes, ends: _Numbers, how: Form, width: int, named: int) -> tuple[_Numbers, _Numbers]:
    """Which lines are regular, and where the delimiters between cells are."""
    letters = np.frombuffer(block + b"\n", dtype=np.uint8)  # the last line may lack its end
    starts = np.append(0, ends)[:-1]
    marks = np.flatnonzero(letters == ord(how.delimiter))
    odd = ends - starts > _LONGEST_REGULAR
    lower = block.lower()
    for word in _UNSURE:
        if word in lower:
            odd[_line_of([found.start() for found in re.finditer(word, lower)], ends)] = True
    returns = np.flatnonzero(letters == ord("\r"))
    odd[_line_of(returns[letters[returns + 1] != ord("\n")], ends)] = True
    if len(quotes := np.flatnonzero(letters == ord('"'))):
        at = _line_of(quotes, ends)
        first = np.searchsorted(quotes, starts)
        opens = (np.arange(len(quotes)) - first[at]) % 2 == 0
        beside = np.where(opens, letters[quotes - 1], letters[quotes + 1])
        odd[at[~np.isin(beside, [ord(border) for border in f'{how.delimiter}\n\r"'])]] = True
        odd |= np.bincount(at, minlength=len(ends)) % 2 == 1
        odd[at] |= not how.quoted
        marks = marks[(np.searchsorted(quotes, marks) - first[_line_of(marks, ends)]) % 2 == 0]
    for mark in DELIMITERS:
        if mark != how.delimiter and mark.encode() in block:
            odd |= _counted(np.flatnonzero(letters == ord(mark)), ends) >= named - 1
    surplus = _counted(marks, ends) + 1 - width
    last = ends - (letters[ends - 1] == ord("\n"))
    last -= letters[np.maximum(last, 1) - 1] == ord("\r")
    closed = letters[np.maximum(last, 1) - 1] == ord(how.delimiter)
    kinds = np.where(surplus == 0, _REGULAR, np.where((surplus == 1) & closed, _ONE_MORE, _ODD))
    return np.where(odd, _ODD, kinds), marks


def _line_of(positions: _Numbers | list[int], ends: _Numbers) -> _Numbers:
    return np.searchsorted(ends, positions, side="right")


def _counted(positions: _Numbers, ends: _Numbers) -> _Numbers:
    return np.bincount(_line_of(positions, ends), minlength=len(ends))
