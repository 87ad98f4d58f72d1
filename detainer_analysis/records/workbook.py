"""Workbooks: every sheet, only the columns that are needed, through Arrow.

The reader (calamine, through fastexcel) holds a whole sheet in memory: 2.8 GB for ICE's 610,000 rows and 65 columns.
So the cells of other columns are first cut out of the sheet's XML, in a stream, into a copy that lives as long as the
reading. What is left is read in a fifth of the memory, and no column that describes a person is ever parsed.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from detainer_analysis.errors import DataError
from detainer_analysis.records import archive, layouts

CHUNK_BYTES = 1 << 20
_ROW_END = b"</row>"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, whether people see it, and its part of the archive, if it is one."""

    name: str
    hidden: bool
    part: str | None


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook, and whether it counts days from 1904."""

    path: Path
    sheets: tuple[Sheet, ...]
    since_1904: bool


def workbook(path: Path) -> Workbook:
    """The sheets of an Excel file.

    Raises
    ------
    DataError
        If the file is no workbook, needs a password, has more than 200 sheets, or unpacks to more than a table of
        records (see `archive`).
    """
    if zipfile.is_zipfile(path):
        archive.check(path)
    with _refused(path):
        reader = _opened(path)
    if len(reader.sheet_names) > archive.MOST_SHEETS:
        problem = f"has {len(reader.sheet_names):,} sheets; put those with records into a workbook of their own"
        raise DataError(path.name, problem)
    parts, since_1904 = _parts(path) if zipfile.is_zipfile(path) else ({}, False)
    sheets = []
    for name in reader.sheet_names:
        part, hidden = parts.get(name, (None, None))
        if hidden is None:
            with _refused(path):
                hidden = reader.load_sheet(name, header_row=None, n_rows=1, dtypes="string").visible != "visible"
        sheets.append(Sheet(name, hidden, part))
    return Workbook(path, tuple(sheets), since_1904)


def head(connection: Any, book: Workbook, sheet: Sheet, folder: Path) -> list[tuple[str | None, ...]]:
    """The first rows of a sheet as text, from its first used column, to look for the header."""
    copy = _head_copy(sheet, folder)
    if sheet.part is None or not cut(book.path, copy, sheet.part, None, layouts.SEARCHED_ROWS):
        copy = book.path
    with queried(book.path):
        return _rows(connection, _load(book, sheet, layouts.SEARCHED_ROWS, copy))


def table(book: Workbook, sheet: Sheet, header: tuple[str | None, ...], row: int, folder: Path) -> Any:
    """A sheet as Arrow: its rows as they stand, all text; at least the columns that are read, if it can be cut.

    Dates that the workbook marks as dates are ISO text; a number is a number.

    Parameters
    ----------
    book, sheet : Workbook, Sheet
        As from `workbook`.
    header : tuple of str
        The row of `head` that has the names.
    row : int
        Its number, from 1.
    folder : pathlib.Path
        A folder for the copy, which is removed again.
    """
    copy = folder / "columns.xlsx"
    letters = _letters(_head_copy(sheet, folder), sheet, row) if sheet.part else []
    filled = [name for name in header if name is not None]
    found = layouts.columns(filled)
    if found is None or sheet.part is None or len(letters) != len(filled):
        return _load(book, sheet)
    kept = {letters[place] for places in found.places.values() for place in places}
    try:
        whole = not cut(book.path, copy, sheet.part, kept, None)
        return _load(book, sheet, None, book.path if whole else copy)
    finally:
        copy.unlink()


def rows(book: Workbook, sheet: Sheet) -> int:
    """How many rows a sheet has, from its first to its last used one."""
    loaded = _load(book, sheet)
    return 0 if loaded is None else int(loaded.height)


def _load(book: Workbook, sheet: Sheet, rows: int | None = None, copy: Path | None = None) -> Any:
    with _refused(book.path):
        reader = _opened(copy or book.path)
        loaded = reader.load_sheet(sheet.name, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
    archive.check_width(f"{book.path.name}, sheet {sheet.name}", loaded.width)
    return loaded if loaded.width else None


def _rows(connection: Any, loaded: Any) -> list[tuple[str | None, ...]]:
    if loaded is None:
        return []
    found: list[tuple[str | None, ...]] = connection.from_arrow(loaded).fetchall()
    return found


def _opened(path: Path) -> Any:
    import fastexcel

    return fastexcel.read_excel(path)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """What the reader says of a damaged file, in one line."""
    import fastexcel

    try:
        yield
    except (fastexcel.FastExcelError, OSError) as error:
        with path.open("rb") as content:
            start = content.read(40).decode("utf-8", "replace").strip()
        words = start.isprintable() and "\N{REPLACEMENT CHARACTER}" not in start
        begins = f"; it begins with {layouts.shown([start])!r}" if words else ""
        raise DataError(path.name, f"is not an Excel workbook ({_first_line(error)}){begins}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a failed assertion of the reader, whose class has no address
            raise
        raise DataError(path.name, f"is damaged; its reader failed ({_first_line(error)})") from error


@contextmanager
def queried(path: Path) -> Iterator[None]:
    """What the engine says of a sheet that it cannot hold, in one line."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise DataError(path.name, f"cannot be held as a table ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]


def _parts(path: Path) -> tuple[dict[str, tuple[str, bool]], bool]:
    """The part of the archive and the visibility of each sheet, and whether days are counted from 1904."""
    with zipfile.ZipFile(path) as parcel:
        try:
            book = ElementTree.fromstring(parcel.read("xl/workbook.xml"))
            links = ElementTree.fromstring(parcel.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, ElementTree.ParseError):  # an .xlsb or .ods is an archive too, with other parts
            return {}, False
        there = set(parcel.namelist())
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    parts = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_LINKS}id"), "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in there:
            parts[str(sheet.get("name"))] = (part, sheet.get("state", "visible") != "visible")
    properties = book.find(f"{_MAIN}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return parts, since_1904


def _head_copy(sheet: Sheet, folder: Path) -> Path:
    return folder / f"{Path(sheet.part or 'none').stem}.head.xlsx"


def _letters(copy: Path, sheet: Sheet, row: int) -> list[str]:
    """The letters of the columns that have a value in one row of a copy made by `head`."""
    if not copy.exists():
        return []
    with zipfile.ZipFile(copy) as archive:
        content = archive.read(str(sheet.part))
    found = re.search(rb'<row r="%d".*?</row>' % row, content, re.DOTALL)
    cells = re.findall(rb'<c r="([A-Z]+)\d+"[^>/]*>(.*?)</c>', found[0], re.DOTALL) if found else []
    return [letter.decode() for letter, value in cells if b"<v" in value or b"<is" in value]


def cut(path: Path, target: Path, part: str, columns: set[str] | None, rows: int | None) -> bool:
    """Copy a workbook with one sheet only, some of its columns and its first rows.

    Returns
    -------
    bool
        False, and an unusable copy, if the sheet's XML is of a form that is not cut.
    """
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            if info.filename != part and info.filename.startswith(("xl/worksheets/", "xl/media/")):
                continue
            with source.open(info) as content, copy.open(info.filename, "w", force_zip64=True) as out:
                if info.filename != part:
                    shutil.copyfileobj(content, out, CHUNK_BYTES)
                elif not _cut(content, out, columns, rows):
                    return False
    return True


def _cut(sheet: IO[bytes], out: IO[bytes], columns: set[str] | None, rows: int | None) -> bool:
    kept = "|".join(sorted(columns or ())).encode()
    others = re.compile(rb'(?:<c r="(?!(?:%s)\d)[A-Z]+\d+"[^>/]*(?:/>|>.*?</c>))+' % kept, re.DOTALL)
    rest, seen = b"", 0
    while chunk := sheet.read(CHUNK_BYTES):
        whole, end, rest = (rest + chunk).rpartition(_ROW_END)
        whole += end
        if whole.count(b"<c ") + whole.count(b"<c>") != whole.count(b'<c r="'):
            return False
        if rows is not None and seen + whole.count(_ROW_END) >= rows:
            pieces = whole.split(_ROW_END)[: rows - seen]
            out.write(_ROW_END.join([*pieces, b"</sheetData></worksheet>"]))
            return True
        seen += whole.count(_ROW_END)
        out.write(whole if columns is None else others.sub(b"", whole))
    out.write(rest)
    return seen > 0
