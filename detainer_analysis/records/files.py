"""Any file of records as tables for DuckDB, and every physical row of it that is in none of them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from detainer_analysis.data import sources
from detainer_analysis.errors import DataError
from detainer_analysis.records import kinds, layouts, lines, mended, narrow, stata, text, workbook
from detainer_analysis.records.contents import (
    Contents,
    no_pattern,
    numbered_query,
    quoted,
    stored,
    stored_query,
    text_query,
)
from detainer_analysis.records.kinds import literal

TEXT, WORKBOOKS = (".csv", ".txt", ".tsv", ".tab", ".gz"), (".xlsx", ".xlsm", ".xlsb", ".xls")
_POINTER, _POINTER_BYTES = b"version https://git-lfs.github.com/spec/", 200


def contents(connection: Any, path: Path, folder: Path, fields: Collection[str] = tuple(layouts.NAMES)) -> Contents:
    """The tables of a file.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the tables' queries are to run.
    path : pathlib.Path
        The file: text, a workbook, parquet, or Stata's.
    folder : pathlib.Path
        An empty folder for copies of the needed columns; it must live as long as the queries.
    fields : collection of str
        The fields that are asked for; others may be left out, and the contents are then ``partial``.

    Raises
    ------
    DataError
        If the file is missing, of a format that is not read, not what its name says, or without a header.
    """
    _check_there(path)
    ending = path.suffix.lower()
    if ending == ".parquet":
        return _parquet(connection, path)
    if ending in WORKBOOKS:
        return _workbook(connection, path, folder)
    if ending == ".dta":
        return stata.contents(connection, path, folder)
    if ending in TEXT:
        return _text(connection, path, folder, fields)
    other = {".zip": "unpack it and name the file in it"}
    advice = other.get(ending, "download or save it as .parquet, .csv or .xlsx")
    raise DataError(
        path.name,
        f"{ending or 'a file without an ending'} is not read; {advice} (read: text, .gz of it, .xlsx, .xls,"
        " .parquet, .dta)",
    )


def _check_there(path: Path) -> None:
    if str(path).startswith(("http:", "https:", "s3:")) or str(path) == "-":
        raise DataError(str(path), "only files on this computer are read; download it first")
    if path.is_dir():
        raise DataError(path.name, "is a folder; name the files in it")
    if not path.is_file():
        raise DataError(path.name, "there is no such file")
    try:
        with path.open("rb") as content:
            start = content.read(_POINTER_BYTES)
    except OSError as error:
        raise DataError(path.name, f"cannot be opened: {error.strerror}") from error
    if start.startswith(_POINTER):
        said = start.decode("utf-8", "replace")
        known = (source.url for source in sources.read().values() if source.sha256 and source.sha256 in said)
        place = next(known, "https://media.githubusercontent.com/media/OWNER/REPOSITORY/COMMIT/PATH")
        raise DataError(path.name, f"this is a pointer of Git LFS, not the file; the file is at {place}")


def _parquet(connection: Any, path: Path) -> Contents:
    import duckdb

    place = literal(no_pattern(path))
    try:
        table = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({place})").fetchall()
        leaves = connection.execute(f"SELECT name FROM parquet_schema({place}) WHERE num_children IS NULL").fetchall()
        rows = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({place})").fetchall()[0][0]
    except duckdb.Error as error:
        raise DataError(path.name, f"cannot be read as parquet: {str(error).partition(chr(10))[0]}") from error
    shown = [str(row[0]) for row in table]
    real = [str(name) for (name,) in leaves] if len(leaves) == len(table) else shown
    _, columns = layouts.find_header([real], path.name)
    chosen = narrow.names(columns)
    picked = ", ".join(f"{quoted(shown[number])} AS {name}" for number, name in chosen.items())
    query = f'SELECT file_row_number + 1 AS "row", {picked} FROM read_parquet({place}, file_row_number = true)'
    types = {name: str(table[number][1]) for number, name in chosen.items()}
    return Contents(rows, [narrow.Relation(path.name, query, columns, types=types)])


def _text(connection: Any, path: Path, folder: Path, fields: Collection[str]) -> Contents:
    how = text.form(path)
    found = _rectangular(connection, path, how, folder, fields) if how.plain else None
    found = found or mended.tables(connection, path, how, folder)
    found.delimiter = how.delimiter
    return found


def _rectangular(
    connection: Any, path: Path, how: lines.Form, folder: Path, fields: Collection[str]
) -> Contents | None:
    """A text file through DuckDB's reader, which is told everything; nothing if it is not one table of all rows."""
    import duckdb

    header = next(lines.rows(path, how))
    columns = layouts.columns(header)
    if columns is None or how.dates_said > sum(cell.lower().count("date") for cell in header):
        return None  # another header may follow
    asked = columns.of(fields)
    target = stored(folder)
    scan = text_query(path, asked, how, header=True)
    try:
        rows = connection.execute(f"COPY ({scan}) TO {literal(str(target))} (FORMAT parquet)").fetchall()[0][0]
    except duckdb.Error:
        return None
    if rows != how.rows - 1:
        return None
    query = numbered_query(target, 1)
    found = Contents(how.rows, [narrow.Relation(path.name, query, columns, copied=asked, header_row=1)])
    found.partial = asked != columns
    found.leave_out("", 1, kinds.HEADER)
    return found


def _workbook(connection: Any, path: Path, folder: Path) -> Contents:
    book = workbook.workbook(path)
    found = Contents()
    heads = {sheet.name: workbook.head(connection, book, sheet, folder) for sheet in book.sheets}
    visible = [sheet for sheet in book.sheets if not sheet.hidden]
    if not any(layouts.columns(row) for sheet in visible for row in heads[sheet.name]):
        longest = max((heads[sheet.name] for sheet in visible), key=len, default=[])
        if not longest:
            raise DataError(path.name, "the sheets that can be seen are empty", row=1)
        layouts.find_header(longest, path.name)
    for sheet in book.sheets:
        with workbook.queried(path):
            _sheet(connection, book, sheet, heads[sheet.name], found, folder)
    for copy in folder.glob("*.xlsx"):
        copy.unlink()
    return found


def _sheet(
    connection: Any,
    book: workbook.Workbook,
    sheet: workbook.Sheet,
    head: list[tuple[str | None, ...]],
    found: Contents,
    folder: Path,
) -> None:
    where = f"sheet {sheet.name}" if len(book.sheets) > 1 else ""
    number = next((number for number, row in enumerate(head) if layouts.columns([c or "" for c in row])), None)
    if number is None or sheet.hidden:
        rows = workbook.rows(book, sheet) if head else 0
        found.rows += rows
        if rows:
            found.outside[f"on the {'hidden ' if sheet.hidden else ''}sheet {sheet.name!r}"] += rows
        return
    loaded = workbook.table(book, sheet, head[number], number + 1, folder)
    target = stored(folder)
    view = connection.from_arrow(loaded)
    header = view.limit(1, offset=number).fetchall()[0]
    columns = layouts.columns([cell or "" for cell in header])
    whole = layouts.columns([cell or "" for cell in head[number]])
    assert columns is not None and whole is not None  # the same row, cut or whole  # noqa: PT018
    picked = ", ".join(f"{quoted(view.columns[place])} AS {name}" for place, name in narrow.names(columns).items())
    connection.register("loaded", loaded)
    connection.execute(
        f'COPY (SELECT * FROM (SELECT row_number() OVER () AS "row", {picked} FROM loaded) WHERE "row" > {number + 1})'
        f" TO {literal(str(target))} (FORMAT parquet)"
    )
    connection.unregister("loaded")
    found.rows += loaded.height
    for place, row in enumerate(head[:number], start=1):
        found.leave_out(where, place, kinds.ABOVE, layouts.shown(row))
    found.leave_out(where, number + 1, kinds.HEADER)
    found.sources.append(
        narrow.Relation(
            book.path.name,
            stored_query(target),
            whole,
            where,
            header_row=number + 1,
            since_1904=book.since_1904,
        )
    )
