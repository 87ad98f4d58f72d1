"""Text files of which some rows are odd: DuckDB reads a copy of the needed columns, with these rows mended.

Columns about persons are not copied: a program that is killed leaves its copy behind.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from detainer_analysis.errors import DataError
from detainer_analysis.records import kinds, layouts, narrow
from detainer_analysis.records.contents import LONGEST_ROW, Contents, numbered_query, stored, text_query
from detainer_analysis.records.kinds import literal
from detainer_analysis.records.lines import DELIMITERS, Form, Lines, lines

_DAY = re.compile(r"\d[-/.]\d|\d{5}")


def tables(connection: Any, path: Path, how: Form, folder: Path) -> Contents:
    """The tables of a text file; a header further down begins a new one."""
    found = Contents()
    with lines(path, how) as rows:
        number, first = _first_header(path, rows, found)
        pending: layouts.Columns | None = first
        while (columns := pending) is not None:
            found.leave_out("", number, kinds.HEADER if not found.sources else kinds.REPEATED)
            copy, target, header_row = folder / "copy.csv", stored(folder), number
            with copy.open("wb") as out:
                number, pending = _copied(path, columns, number, rows, out, how.delimiter)
            scan = text_query(copy, _kept(columns), replace(how, newline=r"\n", packed=False), header=False)
            connection.execute(f"COPY ({scan}) TO {literal(str(target))} (FORMAT parquet)")
            copy.unlink()
            query = numbered_query(target, header_row)
            found.sources.append(narrow.Relation(path.name, query, columns, header_row=header_row))
    found.rows = number
    return found


def _kept(columns: layouts.Columns) -> layouts.Columns:
    """The columns that are read, as the copy has them."""
    kept = sorted(narrow.names(columns))
    places = {ours: tuple(map(kept.index, at)) for ours, at in columns.places.items()}
    return layouts.Columns(tuple(columns.names[place] for place in kept), places)


def _first_header(path: Path, rows: Lines, found: Contents) -> tuple[int, layouts.Columns]:
    """The first header and its row, with an account of the rows above it."""
    head: list[Sequence[str]] = []
    while len(head) < layouts.SEARCHED_ROWS and (row := rows.row()) is not None:
        head.append(row)
        if layouts.columns(row):
            break
    if not head:
        raise DataError(path.name, "the file has no rows", row=1)
    above, columns = layouts.find_header(head, path.name)
    for place, cells in enumerate(head[:above], start=1):
        found.leave_out("", place, kinds.ABOVE, layouts.shown(cells))
    return above + 1, columns


def _copied(
    path: Path, columns: layouts.Columns, number: int, rows: Lines, out: BinaryIO, delimiter: str
) -> tuple[int, layouts.Columns | None]:
    """Copy the rows of one table; returns the last one's number, and the next header."""
    width, kept = len(columns.names), sorted(narrow.names(columns))
    named = max(place for place, name in enumerate(columns.names) if name.strip()) + 1
    note_at = columns.places["facility"][0]
    while True:
        regular, count = rows.stretch(width, named, kept)
        if count:
            out.write(regular)
            number += count
            continue
        if (row := rows.row()) is None:
            return number, None
        number += 1
        filled = len(row)
        while filled and not row[filled - 1].strip():
            filled -= 1
        again = layouts.columns(row) if _may_be_header(row) else None
        if again is not None and again.places != columns.places:
            return number, again
        if filled > 1 and len(row) != named and _is_note(row):
            row = [""] * note_at + [" ".join(row[0].split())]  # as if it had no commas
        elif again is None:
            _check_width(path, number, row, filled, named, width)
        whole = row + [""] * (width - len(row))
        out.write(_line(path, number, [whole[place] for place in kept], delimiter))


def _line(path: Path, number: int, row: Sequence[str], delimiter: str) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(row)
    line = written.getvalue().encode()
    if len(line) > LONGEST_ROW:
        raise DataError(path.name, f"has more than {LONGEST_ROW:,} bytes, which no record has", row=number)
    return line


def _may_be_header(row: Sequence[str]) -> bool:
    """A quick look before the full one: every name of the column of dates ends in it."""
    return any("date" in cell[-8:].lower() for cell in row)


def _is_note(row: Sequence[str]) -> bool:
    """Whether a row is a sentence that was cut at its commas: it begins like a note, and no cell has a day."""
    return re.match(kinds.NOTE_WORDS, row[0].strip()) is not None and not any(map(_DAY.search, row))


def _check_width(path: Path, number: int, row: Sequence[str], filled: int, named: int, width: int) -> None:
    """A row of another width than its header is a broken row, unless it is a note of one cell."""
    if any("\n" in cell and any(cell.count(mark) >= named - 1 for mark in DELIMITERS) for cell in row):
        raise DataError(path.name, "a quote is opened in this row and closed rows below, or not at all", row=number)
    marks = [mark for mark in DELIMITERS if filled == 1 and row[0].count(mark) == named - 1]
    if marks:
        raise DataError(path.name, f"has its cells between {marks[0]!r}, unlike the rows above", row=number)
    if filled > width:
        problem = "is a separator in a name, without quotes?"
    elif len(row) < named and sum(bool(cell.strip()) for cell in row) > 1:
        problem = "is a line broken in two?"
    else:
        return
    raise DataError(path.name, f"has {filled} cells under a header of {named}; {problem}", row=number)
