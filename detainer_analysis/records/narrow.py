"""From a source as it stands to a narrow table: the fields we use, cleaned, with what each row is.

Everything is SQL on DuckDB, evaluated where it is asked for. A source is a query with a column ``row`` and, for
each field, as many columns ``<field>_0``, ``<field>_1`` as the file has for it. Columns that describe a person are
never among them. Text is cleaned only if a look at the distinct values, which costs little, finds some to clean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from detainer_analysis.errors import DataError
from detainer_analysis.records import dates, layouts, reasons
from detainer_analysis.records.kinds import clean, is_redacted, kind, literal

_FEW = 30


@dataclass(frozen=True)
class Relation:
    """One table of a file: a whole file, a sheet, or a part with a header of its own.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    query : str
        SQL of the table, as the module says.
    columns : Columns
        What its header has.
    where : str
        ``"sheet NAME"`` in a workbook of several tables, else empty.
    types : dict of str
        DuckDB's types of the query's columns; text where not given.
    header_row : int
        Row of the header; 0 if the format has none.
    since_1904 : bool
        Whether numbers in date columns are days since 1904.
    copied : Columns, optional
        What of it the query has, if that is not all.
    """

    file: str
    query: str
    columns: layouts.Columns
    where: str = ""
    types: dict[str, str] = field(default_factory=dict)
    header_row: int = 0
    since_1904: bool = False
    copied: layouts.Columns | None = None

    @property
    def held(self) -> layouts.Columns:
        """The columns that the query has."""
        return self.copied or self.columns


def names(columns: layouts.Columns) -> dict[int, str]:
    """What a column is called in a source's query, by its number in the file; only columns that are read."""
    return {place: f"{ours}_{i}" for ours, places in columns.places.items() for i, place in enumerate(places)}


def narrow(connection: Any, source: Relation, name: str) -> None:
    """Make a view of a source's rows: ``row``, ``kind``, the fields, the dates' texts, ``delivery`` and ``redacted``.

    ``kind`` is ``RECORD`` or why the row is none. A row with a day is a record, and so is one with a known or redacted
    lift reason or with what was meant for a day. Any other is none if it says that it is a total or a header, or reads
    like a note, or if one cell is all it has and that is neither facility nor lift reason: that takes a source of all
    columns.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the source can be queried.
    source : Relation
        The source.
    name : str
        The name of the view; the names of the tables of days begin with it.

    Raises
    ------
    DataError
        If two columns could hold the same field and disagree, or a row is a header of columns in another order.
    """
    cells = {ours: [f"{ours}_{i}" for i in range(len(places))] for ours, places in source.held.places.items()}
    days = {cell: _day(connection, source, cell, name) for ours in layouts.DATES for cell in cells.get(ours, [])}
    texts = [cell for cell in days if is_text(source, cell)]
    joins = " ".join(
        f"LEFT JOIN {days_of(name, cell)} AS d_{cell} ON CAST({cell} AS VARCHAR) = d_{cell}.text" for cell in texts
    )
    chosen = {'"row"': '"row"'}
    for ours in layouts.DATES:
        chosen[ours] = f"CAST({_coalesce([days[cell] for cell in cells.get(ours, [])])} AS TIMESTAMP)"
        said = [
            f"d_{cell}.clean" if cell in texts else f"CASE WHEN {days[cell]} IS NULL THEN CAST({cell} AS VARCHAR) END"
            for cell in cells.get(ours, [])
        ]
        chosen[f"{ours}_text"] = f"CAST({_coalesce(said)} AS VARCHAR)"
    marked = []
    for ours in layouts.TEXTS:
        said = []
        for cell in cells.get(ours, []):
            sql, marks = (_reason if ours in layouts.REASONS else _as_needed)(connection, source, cell)
            said.append(sql)
            marked += [is_redacted(cell)] * (marks and ours == "lift_reason")
        chosen[ours] = f"CAST({_coalesce(said)} AS VARCHAR)"
    chosen["delivery"] = _delivery(source, cells)
    chosen["redacted"] = " OR ".join(marked) or "false"
    chosen["kind"] = kind(source.held, source.header_row, cells, chosen["prepared_date"], chosen["lifted_date"])
    _check_headers(connection, source, cells, name)
    _check_agreement(connection, source, days, joins)
    picked = ", ".join(f"{sql} AS {column}" for column, sql in chosen.items())
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {picked} FROM ({source.query}) {joins}")


def _day(connection: Any, source: Relation, cell: str, name: str) -> str:
    """SQL of the day in a column of dates; text is read once for each distinct one, into a table."""
    if not is_text(source, cell):
        zoned = "ZONE" in source.types[cell]  # the day in the file, wherever the reader's computer stands
        return dates.plausible(f"CAST({f'make_timestamp(epoch_us({cell}))' if zoned else cell} AS DATE)")
    distinct = f"SELECT CAST({cell} AS VARCHAR) AS text, count(*) AS n FROM ({source.query}) GROUP BY 1"
    spaced = clean("replace(text, chr(160), ' ')")
    read = dates.day("clean", since_1904=source.since_1904)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {days_of(name, cell)} AS SELECT text, clean, {read} AS day, n FROM"
        f" (SELECT text, {spaced} AS clean, n FROM ({distinct}))"
    )
    return f"d_{cell}.day"


def days_of(name: str, cell: str) -> str:
    """The table of a view's distinct texts of dates: ``text``, ``clean``, ``day``, and ``n``, the rows that have it."""
    return f"{name}_{cell}_days"


def _as_needed(connection: Any, source: Relation, cell: str) -> tuple[str, bool]:
    """SQL of a cell's clean text: the cell itself but for the values that are not clean, where these are few."""
    if _typed(source, cell):
        return clean(cell), False
    query = f"SELECT text, {clean('text')} FROM said WHERE text IS DISTINCT FROM {clean('text')} LIMIT {_FEW}"
    meant = dict(_said(connection, source, cell, query))
    return clean(cell) if len(meant) == _FEW else _replaced(cell, meant), False


def _reason(connection: Any, source: Relation, cell: str) -> tuple[str, bool]:
    """SQL of a cell's lift reason as ICE spells it, and whether a value is a mark of redaction."""
    rows = _said(connection, source, cell, f"SELECT text, {clean('text')}, {is_redacted('text')} FROM said")
    meant = {text: said for text, said, _ in rows if text != said}
    as_needed = clean(cell) if _typed(source, cell) or len(meant) >= _FEW else _replaced(cell, meant)
    spelled = {reason: known for _, reason, _ in rows if reason and (known := reasons.canonical(reason)) != reason}
    return _replaced(as_needed, dict(sorted(spelled.items()))), any(marked for *_, marked in rows)


def _typed(source: Relation, cell: str) -> bool:
    return source.types.get(cell, "VARCHAR") != "VARCHAR"


def _said(connection: Any, source: Relation, cell: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the table ``said``: the distinct texts of a cell, as ``text``."""
    # A table of its own, lest DuckDB move a condition below the DISTINCT, to every row.
    distinct = f"SELECT DISTINCT CAST({cell} AS VARCHAR) AS text FROM ({source.query})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE said AS SELECT text FROM ({distinct}) WHERE text IS NOT NULL")
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def _replaced(sql: str, meant: dict[str, str | None]) -> str:
    """SQL of a text, with some values for others."""
    cases = (f"WHEN {literal(text)} THEN {literal(other) if other else 'NULL'}" for text, other in meant.items())
    return f"CASE {sql} {' '.join(cases)} ELSE {sql} END" if meant else sql


def _check_headers(connection: Any, source: Relation, cells: dict[str, list[str]], name: str) -> None:
    """Rows below a header with other columns must not be read under the first one."""
    fields_of = {column: ours for ours, columns in cells.items() for column in columns}
    titles = {
        *map(layouts.normal, source.columns.names),
        *(title for known in layouts.NAMES.values() for title in known),
    }
    titles.discard("")
    for day in (cell for cell in cells["prepared_date"] if is_text(source, cell)):
        unread = connection.execute(
            f"SELECT text FROM {days_of(name, day)} WHERE day IS NULL AND clean > ''"
        ).fetchall()
        said = [text for (text,) in unread if (title := layouts.normal(text)) in titles or title.endswith("_date")]
        if not said:
            continue
        query = f'SELECT "row", {", ".join(fields_of)} FROM ({source.query}) WHERE CAST({day} AS VARCHAR) IN'
        for row, *texts in connection.execute(f"{query} ({', '.join(map(literal, said))}) ORDER BY 1").fetchall():
            held = [(ours, layouts.normal(text or "")) for ours, text in zip(fields_of.values(), texts, strict=True)]
            is_header = sum(title in titles for _, title in held) > 1
            if is_header and any(title not in layouts.NAMES[ours] for ours, title in held):
                raise DataError(
                    source.file,
                    f"{f'on the {source.where}, ' if source.where else ''}is a header whose columns are not those of"
                    f" the header in row {source.header_row}; save the rows below it as a file of their own",
                    row=row,
                )


def _check_agreement(connection: Any, source: Relation, days: dict[str, str], joins: str) -> None:
    for ours, places in source.held.places.items():
        if len(places) < 2 or ours == "delivered_in":
            continue
        cells = [f"{ours}_{i}" for i in range(len(places))]
        values = [f"CAST({days[cell]} AS VARCHAR)" if cell in days else f"upper({clean(cell)})" for cell in cells]
        said = f"list_distinct([{', '.join(values)}])"
        rows = connection.execute(
            f'SELECT "row", {said} FROM ({source.query}) {joins} WHERE len({said}) > 1 ORDER BY 1 LIMIT 3'
        ).fetchall()
        if rows:
            named = " and ".join(repr(source.columns.names[place]) for place in places)
            shown = "; ".join(f"row {row}: {' / '.join(sorted(both))}" for row, both in rows)
            raise DataError(
                source.file,
                f"the columns {named} could both hold it and disagree ({shown}); rename or remove the wrong one",
                row=rows[0][0],
                column=ours,
            )


def _coalesce(values: list[str]) -> str:
    return f"coalesce({', '.join(values)})" if len(values) > 1 else (values or ["NULL"])[0]


def is_text(source: Relation, cell: str) -> bool:
    """Whether a column of dates is text or a number, and not typed as dates."""
    return not source.types.get(cell, "").startswith(("DATE", "TIMESTAMP"))


def _delivery(source: Relation, cells: dict[str, list[str]]) -> str:
    if source.columns.delivery:
        return literal(source.columns.delivery)
    for cell in cells.get("delivered_in", []):
        first, second = (f"contains(lower({cell}), '{part}')" for part in ("lea-detainers", "detainersfy"))
        return f"CASE WHEN {first} THEN '{layouts.FIRST}' WHEN {second} THEN '{layouts.SECOND}' END"
    return "CAST(NULL AS VARCHAR)"
