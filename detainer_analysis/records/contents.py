"""What a file turns out to hold: tables, and rows that are in none; and where copies of the needed columns are kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from detainer_analysis.records import layouts, narrow
from detainer_analysis.records.kinds import literal
from detainer_analysis.records.lines import Form

LISTED = 1000
# DuckDB reads text in buffers of 32 MB, or more for longer lines, several at a time.
LONGEST_ROW = 1 << 21
BUFFERS = f"max_line_size = {LONGEST_ROW}, buffer_size = {1 << 23}"


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


def stored_query(*targets: Path) -> str:
    """SQL of such a copy, or of several that make one table."""
    return f"SELECT * FROM read_parquet([{', '.join(literal(str(target)) for target in targets)}])"


def numbered_query(target: Path, above: int) -> str:
    """SQL of a copy without numbers, in the order of the file, which has so many rows above the first one copied."""
    return (
        f'SELECT file_row_number + {above + 1} AS "row", * EXCLUDE (file_row_number)'
        f" FROM read_parquet({literal(str(target))}, file_row_number = true)"
    )


def text_query(path: Path, columns: layouts.Columns, how: Form, *, header: bool) -> str:
    """SQL of the needed columns of a text file, for DuckDB's reader, which is told everything."""
    every = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(columns.names)))
    picked = ", ".join(f"c{number} AS {name}" for number, name in narrow.names(columns).items())
    return (
        f"SELECT {picked} FROM read_csv({literal(no_pattern(path))}, auto_detect = false,"
        f" header = {str(header).lower()}, columns = {{{every}}}, delim = {literal(how.delimiter)},"
        f" quote = '\"', escape = '\"', comment = '', new_line = '{how.newline}', nullstr = '',"
        f" strict_mode = true, null_padding = false, {BUFFERS}, compression = '{'gzip' if how.packed else 'none'}')"
    )


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def no_pattern(path: Path) -> str:
    """A path in which DuckDB sees no pattern: the named file and no other."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
