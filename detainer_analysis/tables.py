"""The front door to ``data/``: every table loaded, typed, checked against its schema and its checksum."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import DataFrameSchema
from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from detainer_analysis import sources
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA
from detainer_analysis.schemas import ALL_SCHEMAS, DERIVED_SCHEMAS, FOLDERS, SCHEMAS

HEADER_ROWS = 1


def path(name: str, folder: Path = DATA) -> Path:
    """Where a table lies in `folder`.

    Figures read in sources are in ``reported``, our own decisions in ``hand``, aggregates of records in
    ``derived``.

    Raises
    ------
    KeyError
        If no schema has the name.
    """
    for group, schemas in FOLDERS.items():
        if name in schemas:
            return folder / group / f"{name}.csv"
    raise KeyError(f"no table is called {name!r}; the tables are {', '.join(ALL_SCHEMAS)}")


def load(name: str, folder: Path = DATA) -> pd.DataFrame:
    """One table of ``data/``, typed and checked, every row with its address.

    Parameters
    ----------
    name : str
        Name of the table, which is the file's name without its ending.
    folder : pathlib.Path
        The data folder; the project's own by default.

    Returns
    -------
    pandas.DataFrame
        The columns of the schema and two more: ``table`` and ``source_row`` (line of the file, the header
        is 1). Where a reported table leaves ``origin_id`` blank, it is filled from the registry of sources;
        a derived table gets the dataset it was made from as ``source_id``, and that dataset's origin.

    Raises
    ------
    DataError
        If the file is missing, is not UTF-8, was cut off, breaks its schema, points to an unknown source,
        or differs from the checksums in ``data/checksums.json``.
    """
    where = path(name, folder)
    file = _label(where)
    schema = ALL_SCHEMAS[name]
    rows = read_rows(where, file)
    header, body = rows[0], rows[1:]
    wanted = list(schema.columns)
    for column in wanted:
        if column not in header:
            raise DataError(file, f"the column is missing; the header has {', '.join(header)}", row=1, column=column)
    for column in header:
        if column not in wanted:
            raise DataError(file, "the schema has no such column", row=1, column=column)
        if header.count(column) > 1:
            raise DataError(file, "the header names the column twice", row=1, column=column)
    table = _typed(pd.DataFrame(body, columns=header, dtype=str)[wanted], schema, file)
    if name in SCHEMAS:
        table["origin_id"] = _origins(table, file, sources.read(folder))
    verify(file, rows, folder)
    if name in DERIVED_SCHEMAS:
        table["source_id"] = schema.metadata["source_id"]
        table["origin_id"] = sources.read(folder)[schema.metadata["source_id"]].origin
    table["table"] = name
    table["source_row"] = range(HEADER_ROWS + 1, len(table) + HEADER_ROWS + 1)
    return table


def _label(where: Path) -> str:
    return f"data/{where.parent.name}/{where.name}"


def _origins(table: pd.DataFrame, file: str, registry: dict[str, sources.Source]) -> pd.Series:
    """The origin of every row: its own, or else its source's."""
    for column in ("source_id", "origin_id"):
        for position, key in enumerate(table[column]):
            if pd.notna(key) and key not in registry:
                problem = f"no source has the id {key!r}"
                raise DataError(file, problem, row=position + HEADER_ROWS + 1, column=column)
    return table["origin_id"].fillna(table["source_id"].map(lambda key: registry[key].origin))


def read_rows(path: Path, file: str) -> list[list[str]]:
    """The cells of a CSV file, the header first.

    Raises
    ------
    DataError
        If the file is missing, is not UTF-8, starts with a byte order mark, or has a row with too few or
        too many fields.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(file, f"cannot be read: {error.strerror}") from error
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line = before.rsplit("\n", 1)[-1]
        header = before.split("\n", 1)[0].split(",")
        at = min(len(next(csv.reader([line]), [""])) - 1, len(header) - 1)
        raise DataError(
            file, f"is not UTF-8 at byte {error.start}", row=before.count("\n") + 1, column=header[max(at, 0)]
        ) from error
    try:
        rows = list(csv.reader(io.StringIO(decoded, newline=""), strict=True))
    except csv.Error as error:
        raise DataError(file, f"is cut off or badly quoted: {error}", row=decoded.count("\n") + 1) from error
    if not rows:
        raise DataError(file, "is empty", row=1)
    if decoded.startswith("\ufeff"):
        raise DataError(file, "starts with a byte order mark; save it as UTF-8 without one", row=1)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            last = rows[0][min(len(row), len(rows[0])) - 1] if row else rows[0][0]
            raise DataError(
                file,
                f"has {len(row)} fields, the header has {len(rows[0])}; the file may be cut off",
                row=number,
                column=last,
            )
    return rows


def _typed(frame: pd.DataFrame, schema: DataFrameSchema, file: str) -> pd.DataFrame:
    """`frame` with the types of its schema; every cell that does not fit is named in one error."""
    try:
        return schema.validate(frame.replace("", pd.NA), lazy=True)
    except SchemaErrors as error:
        problems = _problems(error.failure_cases)
        row, column, problem = problems[0]
        more = "".join(f"\n  also row {r}, column {c}: {p}" for r, c, p in problems[1:])
        raise DataError(file, problem + more, row=row, column=column) from None


def _problems(cases: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Row, column and complaint of every failure, a cell named once, in file order."""
    found: dict[tuple[int, str], str] = {}
    ours = cases[cases["index"].notna()]
    for check, column, value, index in ours[["check", "column", "failure_case", "index"]].itertuples(index=False):
        kind = str(check)
        if kind.startswith(("dtype", "coerce_dtype")):
            problem = f"{value!r} is not of type {kind.partition('(')[2].rstrip(')').strip(chr(39))}"
        elif kind == "not_nullable":
            problem = "must not be empty"
        elif "unique" in kind:
            problem = f"the key repeats that of another row ({value!r})"
        else:
            problem = f"{str(value)!r} does not pass {kind}"
        found.setdefault((int(index) + HEADER_ROWS + 1, str(column)), problem)
    return [(row, column, problem) for (row, column), problem in sorted(found.items())]


# Checksums -------------------------------------------------------------------------------------------
#
# A changed value can still fit its schema. One digest per row and one per column find the very cell.


@dataclass(frozen=True)
class Digests:
    """Short digests of every row and every column of a file (first twelve hex digits of SHA-256)."""

    rows: list[str]
    columns: list[str]


_SEALED = TypeAdapter(dict[str, Digests])


def digests(rows: list[list[str]]) -> Digests:
    """The digests of `rows`, the header among them."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Digests([_digest(row) for row in rows], [_digest(column) for column in columns])


def _digest(cells: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:12]


def verify(file: str, rows: list[list[str]], folder: Path = DATA) -> None:
    """Compare `rows` of `file` with ``checksums.json`` in `folder`.

    Raises
    ------
    DataError
        If a row or a cell differs, is missing or was added, or ``checksums.json`` cannot be used; the message
        says how to accept the change.
    """
    try:
        sealed = _SEALED.validate_json((folder / "checksums.json").read_bytes())[file]
    except KeyError as error:
        raise DataError(file, "has no checksums; run: python -m detainer_analysis seal") from error
    except (OSError, ValidationError) as error:
        why = " ".join(str(error).split("\n")[:3])
        raise DataError("data/checksums.json", f"cannot be used: {why}") from error
    ours = digests(rows)
    if ours == sealed:
        return
    pairs = zip(ours.rows, sealed.rows, strict=False)
    first = next((n for n, (new, old) in enumerate(pairs, start=1) if new != old), None)
    first = first or min(len(ours.rows), len(sealed.rows)) + 1
    lost = len(sealed.rows) - len(ours.rows)
    changed = [column for column, new, old in zip(rows[0], ours.columns, sealed.columns, strict=False) if new != old]
    if lost > 0:
        problem = f"{lost} row(s) fewer than sealed; the first difference is here"
    elif lost < 0:
        problem = f"{-lost} row(s) more than sealed; the first difference is here"
    elif not changed:
        problem = "agrees with the sealed columns and not with the sealed row: data/checksums.json itself is damaged"
    else:
        problem = f"differs from the sealed data in {', '.join(changed)}"
    raise DataError(
        file,
        f"{problem}. If the change is meant, run: python -m detainer_analysis seal",
        row=first,
        column=changed[0] if changed else rows[0][0],
    )


def seal(folder: Path = DATA) -> Path:
    """Write ``checksums.json`` for the tables that `folder` has; returns its path."""
    sealed = {}
    for name in ALL_SCHEMAS:
        where = path(name, folder)
        if where.is_file():
            sealed[_label(where)] = asdict(digests(read_rows(where, _label(where))))
    target = folder / "checksums.json"
    target.write_text(json.dumps(sealed, indent=0) + "\n", encoding="utf-8")
    return target
