"""Files of detainer records as one narrow table with its account: what `count` and every other command starts from."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detainer_analysis.errors import DataError
from detainer_analysis.records import engines, files, layouts, narrow, reasons
from detainer_analysis.records.account import OTHER_DELIVERY, Account, account
from detainer_analysis.records.contents import Contents

if TYPE_CHECKING:
    import narwhals as nw

FIELDS = (*layouts.DATES, *layouts.TEXTS)
COLUMNS = (*FIELDS, "file", "row")
DELIVERIES = (layouts.FIRST, layouts.SECOND, "both")
# NPR was given the same records twice; what both deliveries hold was prepared in these days.
BOTH_DELIVERED = ("2008-10-01", "2015-07-19")


@dataclass
class Records:
    """Files that are open, as one table.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the table can be queried.
    query : str
        SQL of the table: ``columns``, of which ``prepared_date`` and ``lifted_date`` are timestamps at midnight,
        ``row`` a whole number and all others text, null where missing; one row a record.
    columns : list of str
        Those of ``COLUMNS`` that were asked for.
    accounts : list of Account
        What became of the rows, one account a file.
    notes : list of str
        What was chosen for the reader.
    folder : pathlib.Path
        Copies of the needed columns, removed when the program ends.
    """

    connection: Any
    query: str
    columns: list[str]
    accounts: list[Account]
    notes: list[str]
    folder: Path

    @property
    def fields(self) -> set[str]:
        """The fields that every file has."""
        return set.intersection(*(found.fields for found in self.accounts))

    def frame(self, engine: str = "duckdb") -> nw.LazyFrame[Any]:
        """The table on an engine, to be counted there; without lift reasons if the files have no such column."""
        dropped = [] if "lift_reason" in self.fields else list(layouts.REASONS)
        kept = ", ".join(narrow_name(name) for name in self.columns if name not in dropped)
        return engines.frame(self.connection, f"SELECT {kept} FROM ({self.query})", engine, self.folder)


def open_records(*paths: Path, delivery: str = layouts.FIRST, fields: Collection[str] = FIELDS) -> Records:
    """Open files of detainer records.

    Parameters
    ----------
    *paths : pathlib.Path
        One file or several: text (also .gz), workbooks, parquet, Stata's .dta.
    delivery : str
        One of ``DELIVERIES``: which of NPR's two to keep where the files hold a day's records in both.
    fields : collection of str
        The fields that will be looked at, beside dates and reasons. Where every row of a plain text file has a day,
        and so is a record, the others are not read.

    Raises
    ------
    DataError
        If a file cannot be read, a field that decides a count is ambiguous, a file is named twice, or only some of
        the files have lift reasons.
    """
    import duckdb

    seen: set[Path] = set()
    connection, folder = duckdb.connect(), Path(tempfile.mkdtemp(prefix="detainers-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    accounts, queries = [], []
    for number, path in enumerate(paths):
        if (real := path.resolve()) in seen:
            raise DataError(path.name, "is named twice; its records would count double")
        seen.add(real)
        contents, views = _opened(connection, path, folder / str(number), fields)
        found = account(connection, contents, views)
        accounts.append(found)
        queries += [_chosen(view, source, found) for view, source in zip(views, contents.sources, strict=True)]
    notes = _keep_one(connection, queries, accounts, delivery)
    if len({"lift_reason" in found.fields for found in accounts}) > 1:
        without = next(found.file for found in accounts if "lift_reason" not in found.fields)
        raise DataError(without, "has no lift reasons, but other files have; count them apart")
    inner = " UNION ALL ".join(queries)
    columns = [name for name in COLUMNS if name in {*fields, *layouts.DATES, *layouts.REASONS, "file", "row"}]
    kept = ", ".join(narrow_name(name) for name in columns)
    query = f"SELECT {kept} FROM ({inner})" + (f" WHERE {_kept(delivery)}" if notes else "")
    return Records(connection, query, columns, accounts, notes, folder)


def _opened(connection: Any, path: Path, place: Path, fields: Collection[str]) -> tuple[Contents, list[str]]:
    """The contents of a file, and the name of the narrow view of each of its sources."""
    place.mkdir()
    contents = files.contents(connection, path, place, fields)
    views = [f"narrow_{place.name}_{part}" for part in range(len(contents.sources))]
    for view, source in zip(views, contents.sources, strict=True):
        narrow.narrow(connection, source, view)
    if contents.partial:
        undated = " UNION ALL ".join(f"SELECT 1 FROM {view} WHERE prepared_date IS NULL" for view in views)
        if connection.execute(f"{undated} LIMIT 1").fetchall():
            shutil.rmtree(place)
            return _opened(connection, path, place, FIELDS)
    return contents, views


def narrow_name(name: str) -> str:
    """A column of ``COLUMNS`` as SQL writes it."""
    return f'"{name}"'


def _chosen(view: str, source: narrow.Relation, found: Account) -> str:
    """SQL of the records of one source."""
    label = narrow.literal(f"{source.file}, {source.where}" if source.where else source.file)
    only = "" if found.records == found.rows else f" WHERE kind = '{narrow.RECORD}'"
    return f'SELECT {", ".join(FIELDS)}, {label} AS file, "row", delivery FROM {view}{only}'


def _keep_one(connection: Any, queries: list[str], accounts: list[Account], delivery: str) -> list[str]:
    """Set aside the other delivery's records of the days that both hold; says so in a note."""
    if not any(
        "delivered_in" in found.fields or any("delivery" in name for name in found.layouts) for found in accounts
    ):
        return []
    start, end = BOTH_DELIVERED
    inner = " UNION ALL ".join(queries)
    twice = f"prepared_date BETWEEN '{start}' AND '{end}'"
    held = {row[0] for row in connection.execute(f"SELECT DISTINCT delivery FROM ({inner}) WHERE {twice}").fetchall()}
    if not {layouts.FIRST, layouts.SECOND} <= held:
        return []
    if delivery == "both":
        return [f"records of {start} to {end} are in both of NPR's deliveries and count twice"]
    dropped = dict(
        connection.execute(
            f"SELECT split_part(file, ', sheet ', 1), count(*) FROM ({inner}) WHERE NOT ({_kept(delivery)}) GROUP BY 1"
        ).fetchall()
    )
    for found in accounts:
        found.records -= dropped.get(found.file, 0)
        found.set_aside[OTHER_DELIVERY] += dropped.get(found.file, 0)
        found.check()
    return [
        f"records of {start} to {end} are in both of NPR's deliveries; those of the {delivery} are kept"
        " (--delivery first, second or both)"
    ]


def _kept(delivery: str) -> str:
    start, end = BOTH_DELIVERED
    other = {layouts.FIRST: layouts.SECOND, layouts.SECOND: layouts.FIRST}.get(delivery)
    if other is None:
        return "true"
    return f"NOT coalesce(delivery = '{other}' AND prepared_date BETWEEN '{start}' AND '{end}', false)"


def read(paths: Path | Sequence[Path], engine: str = "duckdb", delivery: str = layouts.FIRST) -> nw.LazyFrame[Any]:
    """Files of detainer records as a lazy table: `open_records`, without the account."""
    if engine not in engines.ENGINES:
        raise ValueError(f"unknown engine {engine!r}; known: {', '.join(engines.ENGINES)}")
    return open_records(*([paths] if isinstance(paths, Path) else paths), delivery=delivery).frame(engine)


def report(opened: Records, *, explain: bool = False) -> list[str]:
    """What became of the rows of the files, as lines for a person.

    Parameters
    ----------
    opened : Records
        As from `open_records`.
    explain : bool
        Whether to list the rows that are set aside: the first thousand of each file.
    """
    lines = []
    for found in opened.accounts:
        before = f"{found.file}: " if len(opened.accounts) > 1 else ""
        lines += [f"{before}{line}" for line in (found.summary(), *(f"note: {doubt}" for doubt in found.doubts()))]
        if found.ignored:
            lines.append(
                f"{before}note: columns not used: {', '.join(' '.join(name.split()) for name in found.ignored)}"
            )
        if explain:
            lines += [
                f"{before}{', '.join(filter(None, (where, f'row {row}')))}: {reason}" + (f": {text}" if text else "")
                for where, row, reason, text in found.listed
            ]
    if "lift_reason" not in opened.fields:
        lines.append("note: no column of lift reasons; outcomes are not counted")
    if any("lift_reason_2" in found.fields for found in opened.accounts):
        first, either = opened.connection.execute(
            f"SELECT count(*) FILTER (lift_reason = '{reasons.DECLINED}'), count(*) FILTER (lift_reason ="
            f" '{reasons.DECLINED}' OR lift_reason_2 = '{reasons.DECLINED}') FROM ({opened.query})"
        ).fetchall()[0]
        lines.append(f"note: declined by the first lift reason: {first:,}; by either, as counted: {either:,}")
    return [*lines, *(f"note: {note}" for note in opened.notes)]
