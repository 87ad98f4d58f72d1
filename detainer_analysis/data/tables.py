"""The front door to ``data/``: every table loaded, typed, checked against its schema and its checksum."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import DataFrameSchema

from detainer_analysis.data import sources
from detainer_analysis.data.cells import HEADER_ROWS, read_bytes, read_rows
from detainer_analysis.data.checksums import digests, verify
from detainer_analysis.data.schemas import ALL_SCHEMAS, DERIVED_SCHEMAS, FOLDERS, SCHEMAS
from detainer_analysis.errors import DataError, require
from detainer_analysis.paths import DATA

NAMED = 10  # cells that one error names; of more it says the number


def path(name: str, folder: Path = DATA) -> Path:
    """Where a table lies in `folder`.

    Figures read in sources are in ``reported``, our own decisions in ``hand``, aggregates of records in
    ``derived``.

    Raises
    ------
    UnknownNameError
        If no schema has the name.
    """
    require("table", name, ALL_SCHEMAS)
    group = next(group for group, schemas in FOLDERS.items() if name in schemas)
    return folder / group / f"{name}.csv"


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
    content = read_bytes(where, _label(where))
    sums = folder / "checksums.json"
    sealed = read_bytes(sums, "data/checksums.json") if sums.is_file() else b""
    return _loaded(name, content, sealed, read_bytes(folder / "sources.toml", sources.FILE)).copy()


@lru_cache(maxsize=256)
def _loaded(name: str, content: bytes, sealed: bytes, registry: bytes) -> pd.DataFrame:
    """The table from the bytes of its file, of the checksums and of the registry: a changed byte is read anew."""
    schema = ALL_SCHEMAS[name]
    file = _label(path(name))
    rows = read_rows(content, file)
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
        table["origin_id"] = _origins(table, file, sources.parse(registry))
    verify(file, rows, sealed)
    if name in DERIVED_SCHEMAS:
        table["source_id"] = schema.metadata["source_id"]
        table["origin_id"] = sources.parse(registry)[schema.metadata["source_id"]].origin
    table["table"] = name
    table["source_row"] = range(HEADER_ROWS + 1, len(table) + HEADER_ROWS + 1)
    return table


def _label(where: Path) -> str:
    return f"data/{where.parent.name}/{where.name}"


def _origins(table: pd.DataFrame, file: str, registry: Mapping[str, sources.Source]) -> pd.Series:
    """The origin of every row: its own, or else its source's."""
    for column in ("source_id", "origin_id"):
        for position, key in enumerate(table[column].tolist()):
            if pd.notna(key) and key not in registry:
                problem = f"no source has the id {key!r}"
                raise DataError(file, problem, row=position + HEADER_ROWS + 1, column=column)
    return table["origin_id"].fillna(table["source_id"].map(lambda key: registry[key].origin))


def _typed(frame: pd.DataFrame, schema: DataFrameSchema, file: str) -> pd.DataFrame:
    """`frame` with the types of its schema; the cells that do not fit are named in one error."""
    problems = _misread(frame, schema)
    try:
        if not problems:
            return schema.validate(frame.replace("", pd.NA), lazy=True)
    except SchemaErrors as error:
        problems = _problems(error.failure_cases)
        if not problems:
            raise DataError(file, str(error.failure_cases.iloc[0].to_dict())) from None
    row, column, problem = problems[0]
    more = "".join(f"\n  also row {r}, column {c}: {p}" for r, c, p in problems[1:NAMED])
    rest = f"\n  and {len(problems) - NAMED:,} more cells" if len(problems) > NAMED else ""
    raise DataError(file, problem + more + rest, row=row, column=column)


def _misread(frame: pd.DataFrame, schema: DataFrameSchema) -> list[tuple[int, str, str]]:
    """Row, column and complaint of every day and number that pandas reads in more ways than one, or not at all."""
    found = []
    for place, (name, column) in enumerate(schema.columns.items()):
        kind, values = str(column.dtype), frame[name].tolist()
        if kind.startswith("datetime64"):
            bounds = next(check.statistics for check in column.checks if check.name == "in_range")
            low, high = (f"{bounds[end]:%Y-%m-%d}" for end in ("min_value", "max_value"))
            wrong = {
                value: f"is not a day from {low} to {high}, written YYYY-MM-DD"
                for value in set(values)
                if value and not (_is_day(value) and low <= value <= high)
            }
        elif kind != "str" and not kind.startswith("string"):
            wrong = {
                value: f"is not of type {kind}"
                for value in set(values)
                if "_" in value or not value.isascii() or value != value.strip()
            }
        else:
            continue
        found += [
            (row, place, name, f"{value!r} {wrong[value]}")
            for row, value in enumerate(values if wrong else (), HEADER_ROWS + 1)
            if value in wrong
        ]
    return [(row, name, problem) for row, _, name, problem in sorted(found)]


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


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


def tables() -> pd.DataFrame:
    """Every table that `load` reads.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: ``title`` and ``folder`` (reported: read in sources; hand: our decisions; derived:
        aggregates of records).
    """
    rows = [(name, schema.title, group) for group, schemas in FOLDERS.items() for name, schema in schemas.items()]
    return pd.DataFrame(rows, columns=["name", "title", "folder"]).set_index("name")


def describe(name: str) -> pd.DataFrame:
    """The columns of one table.

    Returns
    -------
    pandas.DataFrame
        Indexed by column: ``type``, ``unit``, ``may_be_empty`` and ``meaning``.

    Raises
    ------
    UnknownNameError
        If no table has the name.
    """
    require("table", name, ALL_SCHEMAS)
    columns = ALL_SCHEMAS[name].columns
    rows = [
        (key, str(column.dtype), (column.metadata or {}).get("unit", ""), column.nullable, column.description)
        for key, column in columns.items()
    ]
    return pd.DataFrame(rows, columns=["column", "type", "unit", "may_be_empty", "meaning"]).set_index("column")


def checksums(folder: Path = DATA, new: Mapping[Path, bytes] | None = None) -> str:
    """The content of ``checksums.json`` for the tables that `folder` has, or will have once `new` is written."""
    sealed = {}
    for name in ALL_SCHEMAS:
        where = path(name, folder)
        file = _label(where)
        content = (new or {}).get(where) or (read_bytes(where, file) if where.is_file() else None)
        if content is not None:
            sealed[file] = asdict(digests(read_rows(content, file)))
    return json.dumps(sealed, indent=0) + "\n"
