"""What a file turns out to hold: tables, and rows that are in none; and where copies of the needed columns are kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from detainer_analysis.records import layouts, narrow

LISTED = 1000
# DuckDB reads text in buffers of 32 MB, or more for longer lines, several at a time; a field of Python's csv module
# ends at 128 KiB, so lines are never that long.
BUFFERS = f"max_line_size = {1 << 21}, buffer_size = {1 << 23}"


@dataclass
class Contents:
    """The tables of a file.

    Parameters
    ----------
    rows : int
        Physical rows, the header among them.
    sources : list of Relation
        The tables.
    outside : dict of int
        How many rows are in none, by the reason.
    listed : list of tuple
        The first thousand of them: where (a sheet), row, reason, and the first cell of rows above a header.
    partial : bool
        Whether fields that nobody asked for are left out, so that only a row with a day can be told for a record.
    delimiter : str
        Of a text file.
    """

    rows: int = 0
    sources: list[narrow.Relation] = field(default_factory=list)
    outside: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    listed: list[tuple[str, int, str, str]] = field(default_factory=list)
    partial: bool = False
    delimiter: str = ""

    def leave_out(self, where: str, row: int, reason: str, first: str = "") -> None:
        """Count a row that is in no table."""
        self.outside[reason] += 1
        if len(self.listed) < LISTED:
            self.listed.append((where, row, reason, first))


def stored(folder: Path) -> Path:
    """A new file for a copy of the needed columns."""
    return folder / f"{sum(1 for _ in folder.glob('*.parquet'))}.parquet"


def stored_query(target: Path) -> str:
    """SQL of such a copy."""
    return f"SELECT * FROM read_parquet({narrow.literal(str(target))})"


def numbered_query(target: Path, above: int) -> str:
    """SQL of a copy without numbers, in the order of the file, which has so many rows above the first one copied."""
    return (
        f'SELECT file_row_number + {above + 1} AS "row", * EXCLUDE (file_row_number)'
        f" FROM read_parquet({narrow.literal(str(target))}, file_row_number = true)"
    )


def csv_query(target: Path, columns: layouts.Columns) -> str:
    """SQL of rows that Python's csv module has written: the row's number and the needed columns."""
    every = ", ".join(["'row': 'BIGINT'", *(f"'{name}': 'VARCHAR'" for name in narrow.names(columns).values())])
    return (
        f"SELECT * FROM read_csv({narrow.literal(str(target))}, auto_detect = false, header = false, delim = ',',"
        f" quote = '\"', escape = '\"', comment = '', new_line = '\\r\\n', nullstr = '\x01', {BUFFERS},"
        f" columns = {{{every}}})"
    )


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def no_pattern(path: Path) -> str:
    """A path in which DuckDB sees no pattern: the named file and no other."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
