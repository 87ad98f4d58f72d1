"""What rows of ``data/`` say about a claim: statements, arithmetic on rows, and where a statement would stand."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from detainer_analysis.data.schemas import DERIVED_SCHEMAS
from detainer_analysis.intervals import Interval
from detainer_analysis.wording import STRICTLY, parse_period, reported

Load = Callable[[str], pd.DataFrame]
ADDRESS = ["table", "source_row", "source_id", "origin_id"]
TIMES = ("fiscal_year", "month", "period")  # beside the start of a week and both ends of a period
WIDE = 10
MONTHS = {"day": 0, "month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Look:
    """Where a source's statement would stand, whether or not there is one today.

    Parameters
    ----------
    table, column : str
        The table and the column of the number, day or word.
    where : mapping
        What the other columns of the row must hold.
    """

    table: str
    column: str
    where: Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One piece of evidence.

    Parameters
    ----------
    found : Interval or str
        The number, in the claim's unit, as an interval; or a word.
    shows : str
        What it is, in one sentence.
    rows : tuple of pandas.DataFrame
        The rows it comes from, with all their columns.
    computed : bool
        Whether it was worked out from the rows; else the one row states it.
    """

    found: Interval | str
    shows: str
    rows: tuple[pd.DataFrame, ...]
    computed: bool

    @cached_property
    def addresses(self) -> pd.DataFrame:
        """Table, line, source and origin of every row."""
        first, *others = (part[ADDRESS] for part in self.rows)
        return pd.concat([first, *others]).drop_duplicates(ignore_index=True) if others else first

    def each(self, column: str) -> list[str]:
        """What a column of the address holds, each once, in the order of the rows."""
        return list(dict.fromkeys(value for part in self.rows for value in part[column].tolist()))

    @cached_property
    def counted(self) -> bool:
        """Whether it was counted in records: every row is of a derived table."""
        return all(table in DERIVED_SCHEMAS for table in self.each("table"))

    @cached_property
    def times(self) -> tuple[Interval, ...]:
        """The days that each row says it is of, as day numbers; none of a row that does not say."""
        return tuple(period for part in self.rows for period in _periods(part))

    @cached_property
    def primary(self) -> bool:
        """Whether every row was read in the document itself."""
        return all("confidence" in part and set(part["confidence"].tolist()) <= {"primary"} for part in self.rows)


@dataclass(frozen=True)
class Evidence:
    """All that the data say about a claim.

    Parameters
    ----------
    items : tuple of Item
        In the order in which a reader should see them; empty if the data are silent.
    looks : tuple of Look
        Where statements were looked for.
    """

    items: tuple[Item, ...] = ()
    looks: tuple[Look, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.items + other.items, self.looks + other.looks)

    @property
    def rows(self) -> pd.DataFrame:
        """Table, line, source and origin of every row used."""
        parts = [item.addresses for item in self.items]
        return pd.concat(parts).drop_duplicates(ignore_index=True) if parts else pd.DataFrame(columns=ADDRESS)

    @property
    def hedged(self) -> bool:
        """Whether a row used has a hedge that can be read strictly."""
        parts = [part for item in self.items for part in item.rows]
        return any(part[column].isin(STRICTLY).any() for part in parts for column in _hedges(part))

    @property
    def addresses(self) -> str:
        """The rows used, as ``ddor_section1.csv 2-11, 14; ddor_weekly_totals.csv 3``."""
        groups = self.rows.groupby("table", sort=True)["source_row"]
        return "; ".join(f"{table}.csv {_runs(group)}" for table, group in groups)


def _runs(numbers: pd.Series) -> str:
    """Row numbers in order, neighbours joined: ``2-4, 7``."""
    ordered = numbers.astype(int).sort_values()
    runs = ordered.groupby((ordered.diff() != 1).cumsum()).agg(["min", "max"])
    return ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in runs.itertuples(index=False))


def pick(table: pd.DataFrame, **where: Any) -> pd.DataFrame:
    """The rows of `table` whose columns hold the values of `where`: one value, or any of a tuple."""
    keep = np.ones(len(table), dtype=bool)
    for column, value in where.items():
        holds = table[column].isin(value) if isinstance(value, tuple) else table[column].eq(value)
        keep &= holds.to_numpy(dtype=bool, na_value=False)
    return table[keep]


def strictly(load: Load) -> Load:
    """`load` with the hedges of every table read strictly, so that whatever follows from them is, too."""

    def read(name: str) -> pd.DataFrame:
        table = load(name)
        return table.assign(**{column: table[column].replace(STRICTLY) for column in _hedges(table)})

    return read


def _hedges(table: pd.DataFrame) -> list[str]:
    return [column for column in table if column.endswith("qualifier")]


def stated(
    load: Load,
    table: str,
    column: str,
    *,
    in_unit: str = "",
    read: Callable[[pd.Series], Interval | str] | None = None,
    **where: Any,
) -> Evidence:
    """What each source states: one item a row, read with the row's own qualifier or precision.

    Parameters
    ----------
    load : callable
        From a table's name to the table.
    table, column : str
        Where the number, day or word stands.
    in_unit : str
        The unit, for the reading; by default the row's own.
    read : callable, optional
        How a row is read where its number is in another unit, or its day one of several.
    where : object
        What the other columns must hold (see `pick`).
    """
    rows = pick(load(table), **where)
    rows = rows[rows[column].notna()]
    items = tuple(
        Item(read(row) if read else _reading(row, column, in_unit), _words(row), (rows[n : n + 1],), computed=False)
        for n, (_, row) in enumerate(rows.iterrows())
    )
    return Evidence(items, (Look(table, column, where),))


def computed(work: Callable[[], tuple[Interval | str, str]], *rows: pd.DataFrame) -> Evidence:
    """What follows from `rows` by arithmetic: `work` gives the result and a sentence; no rows, no item."""
    if any(part.empty for part in rows):
        return Evidence()
    found, shows = work()
    return Evidence((Item(found, shows, rows, computed=True),))


def recounted(
    load: Load,
    measure: str,
    first: pd.Timestamp,
    last: pd.Timestamp,
    *,
    read: Callable[[pd.DataFrame], tuple[Interval | str, str] | None] | None = None,
    **where: Any,
) -> Evidence:
    """What a reader's own files of records give: the table ``recounted``, which the repository has without rows.

    All readings together are one item, from the least to the most: where nobody says which reading is meant, a
    number between them is neither right nor wrong. The look tells `recount` what to count.

    Parameters
    ----------
    load : callable
        From a table's name to the table.
    measure : str
        ``"prepared"`` or ``"declined"``.
    first, last : pandas.Timestamp
        The period.
    read : callable, optional
        From the rows to what follows from them and a sentence, or to nothing where rows are missing.
    where : object
        What the other columns must hold (see `pick`).
    """
    wanted = {"measure": measure, "period_start": first, "period_end": last, **where}
    rows = pick(load("recounted"), **wanted)
    found = None if rows.empty else (read or hull)(rows)
    items = () if found is None else (Item(*found, (rows,), computed=True),)
    return Evidence(items, (Look("recounted", "least", wanted),))


def hull(rows: pd.DataFrame) -> tuple[Interval, str]:
    """From the least to the most of rows of ``recounted``, and what they say in words."""
    most = rows["most"].fillna(rows["least"])
    return Interval(rows["least"].min(), most.max()), " ".join(rows["count_in_words"].dropna())


def _reading(row: pd.Series, column: str, unit: str) -> Interval | str:
    value = row[column]
    if isinstance(value, pd.Timestamp):
        return days(value, str(row.get(f"{column}_precision", "day")))
    return value if isinstance(value, str) else as_stated(row, column, unit)


def as_stated(row: pd.Series, column: str, unit: str = "") -> Interval:
    """A number of a table with the row's own qualifier; without one, dollars and percent are rounded, counts exact."""
    stem = column.removesuffix("_usd").removesuffix("_percent")
    qualifier = row.get("qualifier" if column == "value" else f"{stem}_qualifier")
    if not isinstance(qualifier, str):
        qualifier = "rounded" if column.endswith(("_usd", "_percent")) else "exact"
    own = "percent" if column.endswith("_percent") else row.get("unit")
    return reported(float(row[column]), qualifier, unit or (own if isinstance(own, str) else ""))


def days(first: pd.Timestamp, precision: str) -> Interval:
    """The days that a date of this precision can mean, as day numbers."""
    if precision == "day":
        return Interval(first.toordinal(), first.toordinal())
    months = MONTHS[precision]
    month = (first.month - 1) // months * months + months
    last = date(first.year, month, calendar.monthrange(first.year, month)[1])
    return Interval(date(first.year, month - months + 1, 1).toordinal(), last.toordinal())


def _periods(rows: pd.DataFrame) -> list[Interval]:
    """The periods that the columns of time name; words such as "undated" name none."""
    if "period_start" in rows:
        known = rows[["period_start", "period_end"]].dropna().drop_duplicates()
        return [Interval(first.toordinal(), last.toordinal()) for first, last in known.itertuples(index=False)]
    if "week_start" in rows:
        return [Interval(day.toordinal(), day.toordinal() + 6) for day in rows["week_start"].dropna()]
    found = []
    for value in dict.fromkeys(value for column in TIMES if column in rows for value in rows[column].tolist()):
        with suppress(ValueError):
            found.append(parse_period(str(value)))
    return found


def _words(row: pd.Series) -> str:
    words = row.get("says", row.get("definition"))
    return words if isinstance(words, str) else ""


def tests_nothing(found: Interval | str) -> bool:
    """Whether an interval can exclude a number but not support one.

    It has no upper end, begins at zero as "up to" does, or ends at more than `WIDE` times its beginning: "1 to 29".
    """
    return isinstance(found, Interval) and found.high > WIDE * found.low
