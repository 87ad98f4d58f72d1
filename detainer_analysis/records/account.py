"""Conservation: what became of every physical row of a file, and of every record whose date or reason is in doubt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from detainer_analysis.errors import DataError
from detainer_analysis.records import dates, kinds, layouts, narrow, reasons
from detainer_analysis.records.contents import Contents

OTHER_DELIVERY = "of the other delivery"
_UNREAD_PER_RECORD = 1 / 1000
_LISTED = 1000
_NAMED = 10


@dataclass
class Account:
    """What became of the rows of one file.

    Parameters
    ----------
    file : str
        Its name.
    layouts : list of str
        The layout of each of its tables.
    rows, records : int
        Physical rows, and those that are counted.
    set_aside : dict of int
        The other rows, by the reason; with the records they add up to the rows.
    listed : list of tuple
        The first thousand rows set aside: where, row, reason, text.
    without_date, unread_dates, lift_dates, unread_lift_dates : int
        Records without a day of preparation; those among them whose date is there but is not read; records with a
        lift date; those among them whose lift date is not read.
    unread_examples, unread_lift_examples : list of tuple
        Row and text of the first three.
    redacted_reasons : int
        Records with a mark of redaction for a lift reason; they count as without one.
    unknown_reasons : dict of int
        Lift reasons that are not in ``LIFT_REASONS``, with their records; they count as recorded.
    fields : set of str
        The fields that each of its tables has, and what tells NPR's deliveries apart if any has it.
    ignored : list of str
        Its columns that are not read.
    day_numbers : int
        Records whose date is a number of days in Excel's count.
    unsure_dates : dict of int
        Dates, by their field, that are other days if the day comes first, where no date of the file tells.
    """

    file: str
    layouts: list[str]
    rows: int
    records: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    listed: list[tuple[str, int, str, str]] = field(default_factory=list)
    without_date: int = 0
    unread_dates: int = 0
    lift_dates: int = 0
    unread_lift_dates: int = 0
    unread_examples: list[tuple[int, str]] = field(default_factory=list)
    unread_lift_examples: list[tuple[int, str]] = field(default_factory=list)
    redacted_reasons: int = 0
    unknown_reasons: Counter[str] = field(default_factory=Counter)
    fields: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)
    day_numbers: int = 0
    unsure_dates: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        """One line: rows, records, and the rows set aside by the reason."""
        parts = ", ".join(f"{count:,} {reason}" for reason, count in self.set_aside.items() if count)
        return f"{self.rows:,} rows: {self.records:,} records" + (f"; set aside: {parts}" if parts else "")

    def doubts(self) -> list[str]:
        """One line for each kind of record that is in doubt."""
        lines = []
        if self.without_date:
            lines.append(f"records without a readable date: {self.without_date:,}")
        if self.unread_dates:
            shown = "; ".join(f"row {row}: {text!r}" for row, text in self.unread_examples)
            lines.append(f"dates that are there but were not read: {self.unread_dates:,} ({shown})")
        if self.unread_lift_dates:
            shown = "; ".join(f"row {row}: {text!r}" for row, text in self.unread_lift_examples)
            lines.append(f"lift dates that are there but were not read: {self.unread_lift_dates:,} ({shown})")
        if self.redacted_reasons:
            lines.append(f"records with a redacted lift reason, counted as without one: {self.redacted_reasons:,}")
        if self.unknown_reasons:
            named = sorted(self.unknown_reasons.items(), key=lambda found: (-found[1], found[0]))
            shown = "; ".join(f"{reason} ({count:,})" for reason, count in named[:_NAMED])
            shown += f"; and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
            lines.append(f"lift reasons not seen before, counted as recorded: {shown}")
        if self.day_numbers:
            lines.append(f"dates read as Excel's numbers of days: {self.day_numbers:,}")
        for ours, count in self.unsure_dates.items():
            lines.append(f"{ours}: {count:,} dates read as month/day/year, though none of them shows that they are")
        return lines

    def check(self) -> None:
        """Refuse an account that does not add up.

        Raises
        ------
        DataError
            If rows are missing or counted twice.
        """
        aside = sum(self.set_aside.values())
        if self.records + aside != self.rows:
            raise DataError(self.file, f"{self.rows} rows, but {self.records} records and {aside} rows set aside")


def account(connection: Any, contents: Contents, views: list[narrow.View]) -> Account:
    """The account of one file.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the queries run.
    contents : Contents
        The file.
    views : list of View
        The narrow view of each of its sources.

    Raises
    ------
    DataError
        If more than one date in a thousand, and more than one, is not read, of those of preparation or of those of
        lifting; or if more than one in a thousand can only be day/month/year.
    """
    first = contents.sources[0]
    found = Account(first.file, [source.columns.layout for source in contents.sources], contents.rows)
    found.set_aside.update(contents.outside)
    found.listed += contents.listed
    found.fields = _fields(contents)
    month_first = False
    for source, view in zip(contents.sources, views, strict=True):
        found.ignored += [name for name in source.columns.ignored if name not in found.ignored]
        _kinds(connection, source, view, found)
        month_first |= _dates(connection, source, view, found)
        _reasons(connection, source, view, found)
    found.check()
    if month_first:
        found.unsure_dates.clear()
    if found.unsure_dates and contents.delimiter == ";":
        raise DataError(
            found.file,
            "between semicolons, dates such as 1/2/2014 are day/month/year as often as month/day/year, and no date"
            " here shows which; write them as 2014-12-31",
            column=next(iter(found.unsure_dates)),
        )
    _check_read(found, "prepared_date", "dates", found.unread_dates, found.records, found.unread_examples)
    lifted = found.unread_lift_dates, found.lift_dates, found.unread_lift_examples
    _check_read(found, "lifted_date", "lift dates", *lifted)
    return found


def _check_read(found: Account, column: str, what: str, unread: int, of: int, examples: list[tuple[int, str]]) -> None:
    if unread > max(1, of * _UNREAD_PER_RECORD):
        shown = ", ".join(f"{text!r} in row {row}" for row, text in examples)
        years = f"of {dates.FIRST_DAY[:4]} to {dates.LAST_DAY[:4]}"
        raise DataError(
            found.file,
            f"{unread:,} of {of:,} {what} are not read: {shown}; write them as 2014-12-31, {years}",
            row=examples[0][0],
            column=column,
        )


def _fields(contents: Contents) -> set[str]:
    """What every table has; lift reasons in some tables only would count the records of the others as not declined."""
    held = [set(source.columns.places) for source in contents.sources]
    for source, fields in zip(contents.sources, held, strict=True):
        if "lift_reason" not in fields and any("lift_reason" in other for other in held):
            place = f"the {source.where}" if source.where else f"the part below row {source.header_row}"
            raise DataError(source.file, f"{place} has no lift reasons, but another has; count them apart")
    return set.intersection(*held) | set.union(*held) & {"delivered_in", "lift_reason_2"}


def _kinds(connection: Any, source: narrow.Relation, view: narrow.View, found: Account) -> None:
    """Count the kinds of rows; one that has a day is a record."""
    found.records += view.dated
    if view.rows == view.dated:
        return
    said = ", ".join(("prepared_date_text", *layouts.TEXTS))
    unread = "prepared_date_text IS NOT NULL"
    listed: list[tuple[int, str, str]] = []
    # One query, since DuckDB takes longer to plan the patterns of `kind` than to read a small file.
    for kind, count, text, examples, others in connection.execute(
        f"""SELECT kind, count(*), count(prepared_date_text),
        min_by(("row", prepared_date_text), "row", 3) FILTER (kind = '{kinds.RECORD}' AND {unread}),
        min_by(("row", concat_ws(' | ', {said})), "row", {_LISTED}) FILTER (kind != '{kinds.RECORD}')
        FROM {view.name} WHERE prepared_date IS NULL GROUP BY kind ORDER BY kind"""
    ).fetchall():
        if kind == kinds.RECORD:
            found.records += count
            found.without_date += count
            found.unread_dates += text
            found.unread_examples += (examples or [])[: 3 - len(found.unread_examples)]
        else:
            found.set_aside[kind] += count
            listed += [(row, kind, words) for row, words in others]
    found.listed += [(source.where, *row) for row in sorted(listed)[:_LISTED]]


def _dates(connection: Any, source: narrow.Relation, view: narrow.View, found: Account) -> bool:
    """Whether a date shows that the month comes first; day/month/year, but for a slip, is refused."""
    shown_by_one = False
    if "lifted_date" in source.columns.places:
        there = f"{view.records} WHERE (lifted_date IS NOT NULL OR lifted_date_text IS NOT NULL)"
        every, read = connection.execute(f"SELECT count(*), count(lifted_date) FROM {there}").fetchall()[0]
        found.lift_dates += every
        found.unread_lift_dates += every - read
        if every > read:
            found.unread_lift_examples += connection.execute(
                f'SELECT "row", lifted_date_text FROM {there} AND lifted_date IS NULL ORDER BY 1'
                f" LIMIT {3 - len(found.unread_lift_examples)}"
            ).fetchall()
    for ours in layouts.DATES:
        cells = [f"{ours}_{i}" for i in range(len(source.columns.places.get(ours, ())))]
        said = " UNION ALL ".join(
            f"SELECT clean, day, n FROM {narrow.days_of(view.name, cell)}"
            for cell in cells
            if narrow.is_text(source, cell)
        )
        if not said:
            continue
        text = f"{ours}_text"
        day_first, month_first, every, unsure, numbers = connection.execute(
            f"SELECT sum(n) FILTER ({dates.day_first('clean')}), count(*) FILTER ({dates.month_first('clean')}),"
            " sum(n) FILTER (clean IS NOT NULL),"
            f" sum(n) FILTER ({dates.either_first('clean')}),"
            f" sum(n) FILTER (regexp_full_match(clean, '{dates.SERIAL}') AND day IS NOT NULL) FROM ({said})"
        ).fetchall()[0]
        if ours == "prepared_date":
            found.day_numbers += int(numbers or 0)
        shown_by_one |= bool(month_first)
        if unsure:
            found.unsure_dates[ours] += int(unsure)
        if day_first and (not month_first or day_first > every * _UNREAD_PER_RECORD):
            rows = connection.execute(
                f'SELECT "row", {text} FROM {view.name} WHERE {dates.day_first(text)} ORDER BY 1 LIMIT 3'
            ).fetchall()
            shown = ", ".join(f"{said!r} in row {row}" for row, said in rows)
            raise DataError(
                source.file,
                f"the dates {'partly ' if month_first else ''}seem to be day/month/year ({shown}), where"
                " 1/2/2014 would be read as 2 January; write them as 2014-12-31",
                row=rows[0][0],
                column=ours,
            )
    return shown_by_one


def _reasons(connection: Any, source: narrow.Relation, view: narrow.View, found: Account) -> None:
    held = [ours for ours in layouts.REASONS if ours in source.columns.places]
    if not held:
        return
    for ours in held:  # one at a time: DuckDB then counts the codes of the copy's dictionary, not the texts
        for reason, count in connection.execute(
            f"SELECT {ours}, count(*) FROM {view.records} GROUP BY 1 ORDER BY 1"
        ).fetchall():
            if reason is not None and reason not in reasons.LIFT_REASONS:
                found.unknown_reasons[reason] += count
    found.redacted_reasons += connection.execute(
        f"SELECT count(*) FROM {view.records} WHERE redacted AND {held[0]} IS NULL"
    ).fetchall()[0][0]
