"""Files that are read row by row, because some of their rows are no records or they need Python to be read at all."""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from detainer_analysis.errors import DataError
from detainer_analysis.records import layouts, narrow, text
from detainer_analysis.records.contents import Contents, csv_query, stored, stored_query

_STATA_ROWS = 50_000
_DAY = re.compile(r"\d[-/.]\d|\d{5}")


def tables(connection: Any, path: Path, rows: Iterator[Sequence[str]], folder: Path, *, strict: bool) -> Contents:
    """A file of which some rows are no records, row by row; a header further down begins a new table."""
    head: list[Sequence[str]] = []
    for row in rows:
        head.append(row)
        if layouts.columns(row) or len(head) == layouts.SEARCHED_ROWS:
            break
    if not head:
        raise DataError(path.name, "the file has no rows", row=1)
    number, first = layouts.find_header(head, path.name)
    found = Contents()
    for place, row in enumerate(head[:number], start=1):
        found.leave_out("", place, narrow.ABOVE, layouts.shown(row))
    number += 1
    pending: layouts.Columns | None = first
    while (columns := pending) is not None:
        found.leave_out("", number, narrow.HEADER if not found.sources else narrow.REPEATED)
        plain, target = folder / "rows.csv", stored(folder)
        source = narrow.Relation(path.name, stored_query(target), columns, header_row=number)
        with plain.open("w", encoding="utf-8", newline="") as out:
            number, pending = _table(path, source, number, rows, csv.writer(out), found, strict=strict)
        connection.execute(
            f"COPY ({csv_query(plain, source.columns)}) TO {narrow.literal(str(target))} (FORMAT parquet)"
        )
        plain.unlink()
        found.sources.append(source)
    found.rows = number
    return found


def _table(
    path: Path,
    source: narrow.Relation,
    number: int,
    rows: Iterable[Sequence[str]],
    out: Any,
    found: Contents,
    *,
    strict: bool,
) -> tuple[int, layouts.Columns | None]:
    """Write the needed cells of one table; returns the last row's number, and the next header if it is one."""
    header = source.columns.names
    named = max(place for place, name in enumerate(header) if name.strip()) + 1
    chosen = list(narrow.names(source.columns))
    for number, row in enumerate(rows, start=number + 1):  # noqa: B020
        filled = len(row)
        while filled and not row[filled - 1].strip():
            filled -= 1
        if not filled:
            found.leave_out(source.where, number, narrow.BLANK)
            continue
        if (again := layouts.columns(row) if _may_be_header(row) else None) is not None:
            if again.places == source.columns.places:
                found.leave_out(source.where, number, narrow.REPEATED)
                continue
            return number, again
        if strict and filled > 1 and len(row) != named and _is_note(row):
            found.leave_out(source.where, number, narrow.NOTE, layouts.shown(row))
            continue
        if strict:
            _check_width(path, number, row, filled, named, len(header))
        out.writerow([number, *(row[place] if place < len(row) else "" for place in chosen)])
    return number, None


def _may_be_header(row: Sequence[str]) -> bool:
    """A quick look before the full one: every name of the column of dates ends in it."""
    return any("date" in cell[-8:].lower() for cell in row)


def _is_note(row: Sequence[str]) -> bool:
    """Whether a row is a sentence that was cut at its commas: it begins like a note, and no cell has a day."""
    return re.match(narrow.NOTE_WORDS, row[0].strip()) is not None and not any(map(_DAY.search, row))


def _check_width(path: Path, number: int, row: Sequence[str], filled: int, named: int, width: int) -> None:
    """A row of another width than its header is a broken row, unless it is a note of one cell."""
    if any("\n" in cell and any(cell.count(mark) >= named - 1 for mark in text.DELIMITERS) for cell in row):
        raise DataError(path.name, "a quote is opened in this row and closed rows below, or not at all", row=number)
    marks = [mark for mark in text.DELIMITERS if filled == 1 and row[0].count(mark) == named - 1]
    if marks:
        raise DataError(path.name, f"has its cells between {marks[0]!r}, unlike the rows above", row=number)
    if filled > width:
        problem = "is a separator in a name, without quotes?"
    elif len(row) < named and sum(bool(cell.strip()) for cell in row) > 1:
        problem = "is a line broken in two?"
    else:
        return
    raise DataError(path.name, f"has {filled} cells under a header of {named}; {problem}", row=number)


def stata_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a Stata file, the names first; columns that are not needed are not read and stay empty."""
    import pandas as pd

    try:
        with pd.read_stata(path, iterator=True) as reader:
            header = list(reader.variable_labels())
            _, columns = layouts.find_header([header], path.name)
            needed = [header[place] for place in sorted(narrow.names(columns))]
            yield header
            blank = dict.fromkeys(header, "")
            while len(chunk := reader.read(_STATA_ROWS, columns=needed)):
                for values in chunk.astype("object").where(chunk.notna(), "").itertuples(index=False, name=None):
                    yield list((blank | dict(zip(needed, map(str, values), strict=True))).values())
    except StopIteration:
        return
    except (ValueError, OSError, struct.error) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(path.name, f"cannot be read as a Stata file: {error}") from error
