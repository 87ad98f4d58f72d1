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
from detainer_analysis.records.kinds import RECORD, clean, is_redacted, kind, literal

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


@dataclass(frozen=True)
class View:
    """A narrow view by its name, with its rows and those of them that have a day of preparation."""

    name: str
    rows: int
    dated: int

    @property
    def records(self) -> str:
        """SQL of its rows that are records."""
        return self.name if self.rows == self.dated else f"(SELECT * FROM {self.name} WHERE kind = '{RECORD}')"


def names(columns: layouts.Columns) -> dict[int, str]:
    """What a column is called in a source's query, by its number in the file; only columns that are read."""
    return {place: f"{ours}_{i}" for ours, places in columns.places.items() for i, place in enumerate(places)}


def narrow(connection: Any, source: Relation, name: str) -> View:
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
        # Grouped, so that DuckDB knows each text to be there once, and leaves the join out where no date is asked for.
        f"LEFT JOIN (SELECT text, any_value(clean) AS clean, any_value(day) AS day FROM {days_of(name, cell)}"
        f" GROUP BY text) AS d_{cell} ON CAST({cell} AS VARCHAR) = d_{cell}.text"
        for cell in texts
    )
    chosen = {'"row"': '"row"'}
    for ours in layouts.DATES:
        chosen[ours] = f"CAST({_coalesce([days[cell] for cell in cells.get(ours, [])])} AS TIMESTAMP)"
        said = [
            f"d_{cell}.clean" if cell in texts else f"CASE WHEN {days[cell]} IS NULL THEN CAST({cell} AS VARCHAR) END"
            for cell in cells.get(ours, [])
        ]
        chosen[f"{ours}_text"] = f"CAST({_coalesce(said)} AS VARCHAR)"
    chosen |= _texts(connection, source, cells)
    chosen["delivery"] = _delivery(source, cells)
    view = View(name, *_dated(connection, source, days, joins, name))
    chosen["kind"] = (
        literal(RECORD)  # or every query would take a while to plan
        if view.rows == view.dated
        else kind(source.held, source.header_row, cells, chosen["prepared_date"], chosen["lifted_date"])
    )
    _check_headers(connection, source, cells, name)
    _check_agreement(connection, source, days, joins)
    picked = ", ".join(f"{sql} AS {column}" for column, sql in chosen.items())
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {picked} FROM ({source.query}) {joins}")
    return view


def _dated(connection: Any, source: Relation, days: dict[str, str], joins: str, name: str) -> tuple[int, int]:
    """The rows of a source, and those of them that have a day of preparation."""
    cells = source.held.places["prepared_date"]
    if len(cells) == 1 and is_text(source, "prepared_date_0"):
        counts = "coalesce(sum(n), 0), coalesce(sum(n) FILTER (day IS NOT NULL), 0)"
        query = f"SELECT {counts} FROM {days_of(name, 'prepared_date_0')}"
    else:
        day = _coalesce([days[f"prepared_date_{i}"] for i in range(len(cells))])
        query = f"SELECT count(*), count({day}) FROM ({source.query}) {joins}"
    rows, dated = connection.execute(query).fetchall()[0]
    return int(rows), int(dated)


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


def _texts(connection: Any, source: Relation, cells: dict[str, list[str]]) -> dict[str, str]:
    """SQL of each field of text, cleaned, and of whether its lift reason is a mark of redaction."""
    said = _said(connection, source, [cell for ours in layouts.TEXTS for cell in cells.get(ours, [])])
    chosen, marks = {}, []
    for ours in layouts.TEXTS:
        texts = []
        for cell in cells.get(ours, []):
            text = _cleaned(source, cell, said[cell])
            texts.append(_replaced(text, _spelled(said[cell])) if ours in layouts.REASONS else text)
            if ours == "lift_reason" and any(redacted for *_, redacted in said[cell]):
                marks.append(is_redacted(cell))
        chosen[ours] = f"CAST({_coalesce(texts)} AS VARCHAR)"
    return {**chosen, "redacted": " OR ".join(marks) or "false"}


def _said(connection: Any, source: Relation, cells: list[str]) -> dict[str, list[tuple[str, str | None, bool]]]:
    """The distinct texts of each cell, what they mean, and whether that is a mark of redaction.

    Every text of a lift reason, and of any other cell the first ``_FEW`` that are not clean.
    """
    found: dict[str, list[tuple[str, str | None, bool]]] = {cell: [] for cell in cells}
    if not cells:
        return found
    distinct = (
        f"SELECT '{cell}' AS cell, text FROM (SELECT DISTINCT CAST({cell} AS VARCHAR) AS text FROM ({source.query}))"
        for cell in cells
    )
    # A table of its own, lest DuckDB move the condition below the DISTINCT, to every row.
    connection.execute(f"CREATE OR REPLACE TEMP TABLE said AS {' UNION ALL '.join(distinct)}")
    for cell, text, meant, redacted in connection.execute(
        f"SELECT cell, text, {clean('text')} AS meant, {is_redacted('text')} FROM said WHERE text IS NOT NULL"
        " AND (starts_with(cell, 'lift_reason') OR text IS DISTINCT FROM meant)"
        f" QUALIFY starts_with(cell, 'lift_reason') OR row_number() OVER (PARTITION BY cell ORDER BY text) <= {_FEW}"
        " ORDER BY ALL"
    ).fetchall():
        found[cell].append((text, meant, redacted))
    return found


def _cleaned(source: Relation, cell: str, said: list[tuple[str, str | None, bool]]) -> str:
    """SQL of a cell's clean text: the cell itself but for the values that are not clean, where these are few."""
    unclean = {text: meant for text, meant, _ in said if text != meant}
    text = source.types.get(cell, "VARCHAR") == "VARCHAR"
    return _replaced(cell, unclean) if text and len(unclean) < _FEW else clean(cell)


def _spelled(said: list[tuple[str, str | None, bool]]) -> dict[str, str | None]:
    """Lift reasons that ICE spells otherwise, with how it does."""
    reasoned = {meant for _, meant, _ in said if meant}
    return {reason: known for reason in sorted(reasoned) if (known := reasons.canonical(reason)) != reason}


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
