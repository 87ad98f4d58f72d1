"""Files of detainer records as one narrow table with its account: what `count` and every other command starts from."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detainer_analysis.errors import DataError
from detainer_analysis.records import engines, files, layouts, narrow, reasons
from detainer_analysis.records.account import OTHER_DELIVERY, Account, account
from detainer_analysis.records.contents import Contents
from detainer_analysis.records.kinds import literal

if TYPE_CHECKING:
    import narwhals as nw

FIELDS = (*layouts.DATES, *layouts.TEXTS)
COLUMNS = (*FIELDS, "file", "row")
DELIVERIES = (layouts.FIRST, layouts.SECOND, "both")
# NPR was given the same records twice; what both deliveries hold was prepared in these days. Of them only days that
# both hold in the files at hand are taken from one: a file may be of one year.
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
        One of ``DELIVERIES``: which of NPR's two to keep on the days of which the files hold records of both. A day
        of which they hold records of one only stays, whichever is asked for.
    fields : collection of str
        The fields that will be looked at, beside dates and reasons. Where every row of a plain text file has a day,
        and so is a record, the others are not read.

    Raises
    ------
    DataError
        If a file cannot be read, a field that decides a count is ambiguous, a file is named twice or has the same
        bytes as another, or only some of the files have lift reasons.
    """
    _check_copies(paths)
    connection, folder = engines.connection(), Path(tempfile.mkdtemp(prefix=f"detainers-{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    accounts, queries = [], []
    for number, path in enumerate(paths):
        contents, views = _opened(connection, path, folder / str(number), fields)
        found = account(connection, contents, views)
        accounts.append(found)
        queries += [_chosen(number, view, source) for view, source in zip(views, contents.sources, strict=True)]
    inner = " UNION ALL ".join(queries)
    notes = _keep_one(connection, inner, accounts, delivery)
    where = f" WHERE {_kept(delivery)}" if notes else ""
    if len(accounts) > 1:
        notes += _shared_days(connection, f"SELECT number, delivery, prepared_date FROM ({inner}){where}", accounts)
    if len({"lift_reason" in found.fields for found in accounts}) > 1:
        without = next(found.file for found in accounts if "lift_reason" not in found.fields)
        raise DataError(without, "has no lift reasons, but other files have; count them apart")
    columns = [name for name in COLUMNS if name in {*fields, *layouts.DATES, *layouts.REASONS, "file", "row"}]
    kept = ", ".join(narrow_name(name) for name in columns)
    query = f"SELECT {kept} FROM ({inner}){where}"
    return Records(connection, query, columns, accounts, notes, folder)


def _check_copies(paths: Sequence[Path]) -> None:
    """Refuse a file that is named twice, and a copy of another one."""
    seen: set[str] = set()
    held: dict[bytes, Path] = {}
    sizes = [path.stat().st_size if path.is_file() else -1 for path in paths]
    for path, size in zip(paths, sizes, strict=True):
        if (real := os.path.realpath(path)) in seen:
            raise DataError(path.name, "is named twice; its records would count double")
        seen.add(real)
        if size > 0 and sizes.count(size) > 1:
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").digest()
            if digest in held:
                raise DataError(str(path), f"has the same bytes as {held[digest]}; its records would count double")
            held[digest] = path


def _shared_days(connection: Any, records: str, accounts: list[Account]) -> list[str]:
    """A note on every two files that hold records of the same days, but for NPR's two deliveries of one."""
    rows = connection.execute(
        f"""WITH held AS (SELECT DISTINCT number, delivery, prepared_date AS day FROM ({records}))
        SELECT a.number, b.number, count(DISTINCT day), min(day), max(day) FROM held a JOIN held b USING (day)
        WHERE a.number < b.number AND coalesce(a.delivery = b.delivery, true) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return [
        f"{accounts[a].file} and {accounts[b].file} both hold records of {_days(*days)}; if they are the same records,"
        " these count twice"
        for a, b, *days in rows
    ]


def _days(count: int, low: datetime, high: datetime) -> str:
    return f"{count:,} day{'s' * (count > 1)} between {low:%Y-%m-%d} and {high:%Y-%m-%d}"


def _opened(connection: Any, path: Path, place: Path, fields: Collection[str]) -> tuple[Contents, list[narrow.View]]:
    """The contents of a file, and the narrow view of each of its sources."""
    place.mkdir()
    contents = files.contents(connection, path, place, fields)
    views = [
        narrow.narrow(connection, source, f"narrow_{place.name}_{part}") for part, source in enumerate(contents.sources)
    ]
    if contents.partial and any(view.rows > view.dated for view in views):
        shutil.rmtree(place)
        return _opened(connection, path, place, FIELDS)
    return contents, views


def narrow_name(name: str) -> str:
    """A column of ``COLUMNS`` as SQL writes it."""
    return f'"{name}"'


def _chosen(number: int, view: narrow.View, source: narrow.Relation) -> str:
    """SQL of the records of one source."""
    label = literal(f"{source.file}, {source.where}" if source.where else source.file)
    return f'SELECT {", ".join(FIELDS)}, {label} AS file, "row", delivery, {number} AS number FROM {view.records}'


def _keep_one(connection: Any, inner: str, accounts: list[Account], delivery: str) -> list[str]:
    """Set aside the other delivery's records of the days that both hold in these files; says so in a note."""
    if not any(
        "delivered_in" in found.fields or any("delivery" in name for name in found.layouts) for found in accounts
    ):
        return []
    start, end = BOTH_DELIVERED
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE days_of_both AS SELECT prepared_date AS day FROM ({inner})
        WHERE delivery IS NOT NULL AND prepared_date BETWEEN '{start}' AND '{end}'
        GROUP BY 1 HAVING count(DISTINCT delivery) > 1"""
    )
    days, low, high = connection.execute("SELECT count(*), min(day), max(day) FROM days_of_both").fetchall()[0]
    if not days:
        return []
    said = f"both of NPR's deliveries have records of {_days(days, low, high)}"
    if delivery == "both":
        return [f"{said}; they count twice"]
    dropped = dict(
        connection.execute(
            f"SELECT number, count(*) FROM ({inner}) WHERE NOT ({_kept(delivery)}) GROUP BY 1"
        ).fetchall()
    )
    for number, found in enumerate(accounts):
        found.records -= dropped.get(number, 0)
        found.set_aside[OTHER_DELIVERY] += dropped.get(number, 0)
        found.check()
    return [f"{said}; on these days those of the {delivery} are kept (--delivery first, second or both)"]


def _kept(delivery: str) -> str:
    other = {layouts.FIRST: layouts.SECOND, layouts.SECOND: layouts.FIRST}.get(delivery)
    if other is None:
        return "true"
    return f"NOT coalesce(delivery = '{other}' AND prepared_date IN (SELECT day FROM days_of_both), false)"


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
