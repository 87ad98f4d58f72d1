"""Counts of a reader's files that the checks ask for: the rows of the table ``recounted``, in SQL and flat memory.

A question is what a check's look says that the rows must hold. It is answered for every reading that the files allow:
the first lift reason or either, the day of preparation or of lifting. It is not answered where the files do not cover
it, and the reason is said: a gap in the days, the records of a few states only, a column that is not there; for
counts by the day of lifting, that the files begin too late to have all that was lifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise, product
from typing import Any

import pandas as pd

from detainer_analysis.data.schemas import DERIVED_SCHEMAS
from detainer_analysis.records.kinds import literal
from detainer_analysis.records.placed import OWN, Counter

# A national file has detainers on every day; a holiday may miss, and a file may begin or end on a weekend.
LONGEST_GAP_DAYS = 3
# Fewer states than this in a week or more, and the file is a part of the country.
FEWEST_STATES = 25
# A detainer lifted in a week may be years old: of those declined in the report's first week the earliest is of 2014, or
# of October 2010 (the claim earliest-issue-2014). Files that begin later lack some, however full the week is.
YEARS_BEFORE_A_LIFT = 7
COLUMNS = list(DERIVED_SCHEMAS["recounted"].columns)
Question = Mapping[str, Any]


def answer(counter: Counter, question: Question) -> tuple[pd.DataFrame, str]:
    """The rows of ``recounted`` that a question asks for, and why there are none, or which reading is missing.

    Parameters
    ----------
    counter : Counter
        As from `prepare`.
    question : mapping
        ``measure``, ``period_start`` and ``period_end``, and any other column of ``recounted`` or ``origin_id`` with
        the value, or the tuple of values, that it must hold.
    """
    start, end = question["period_start"], question["period_end"]
    if reason := _not_covered(counter, question):
        return _none(), reason
    origin = counter.origin(start, end)
    if question.get("origin_id", origin) != origin:
        return _none(), "the number is about another release of the records"
    rows, missing = [], []
    for counted_by, lift_reason, day in _readings(question):
        if lift_reason == "either" and not counter.two_reasons:
            continue
        lack = _lacks(counter, question["measure"], counted_by, day)
        if lack := lack or (_too_late(counter, question) if day == "lifted" else ""):
            missing.append(lack)
            continue
        rows += _rows(counter, question, counted_by, lift_reason, day)
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.assign(table="recounted", source_row=0, source_id=OWN, origin_id=origin)
    return table, "; ".join(dict.fromkeys(missing))


def by_month(counter: Counter, county_fips: str, first: str, last: str) -> pd.DataFrame:
    """A county's detainers by month of preparation: ``month``, ``detainers``, ``no_recorded_outcome``, ``declined``.

    Months without any record of the county's state are left out; others without one of the county are zero.
    """
    home = counter.postal(county_fips)
    here = f"county_fips = {literal(county_fips)}"
    return counter.ask(
        f"""SELECT strftime(prepared, '%Y-%m') AS month, count(*) FILTER ({here}) AS detainers,
        count(*) FILTER ({here} AND no_outcome) AS no_recorded_outcome,
        count(*) FILTER ({here} AND declined_either) AS declined
        FROM records WHERE postal = {literal(home)} AND prepared BETWEEN '{first}' AND '{last}'
        GROUP BY 1 ORDER BY 1"""
    )


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=[*COLUMNS, "table", "source_row", "source_id", "origin_id"])


def _asked(question: Question, column: str, every: tuple[str, ...]) -> tuple[str, ...]:
    wanted = question.get(column, every)
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _readings(question: Question) -> Iterable[tuple[str, str | None, str]]:
    counted = _asked(question, "counted_by", ("record",))
    if question["measure"] == "prepared":
        return product(counted, (None,), ("prepared",))
    reasons = _asked(question, "lift_reason_read", ("first", "either"))
    return product(counted, reasons, _asked(question, "day_of", ("prepared", "lifted")))


def _lacks(counter: Counter, measure: str, counted_by: str, day: str) -> str:
    """Which column a reading lacks."""
    needed = {"lift_reason": measure == "declined", "lifted_date": day == "lifted"}
    needed |= {"city": counted_by == "city", "agency_code": counted_by == "agency code"}
    named = {
        "lift_reason": "lift reasons",
        "lifted_date": "lift dates",
        "city": "cities",
        "agency_code": "agency codes",
    }
    return next((f"no column of {named[field]}" for field, is_ in needed.items() if is_ and not counter.has(field)), "")


def _not_covered(counter: Counter, question: Question) -> str:
    start, end = question["period_start"], question["period_end"]
    days = counter.ask(
        f"SELECT DISTINCT prepared AS day FROM records WHERE prepared BETWEEN '{start:%Y-%m-%d}' AND '{end:%Y-%m-%d}'"
    )["day"]
    if gap := _gap(pd.to_datetime(days), start, end):
        return gap
    states = counter.ask(
        f"SELECT DISTINCT postal FROM records WHERE postal IS NOT NULL AND prepared BETWEEN '{start:%Y-%m-%d}' AND"
        f" '{end:%Y-%m-%d}'"
    )["postal"]
    if len(states) >= FEWEST_STATES:
        return ""
    home = counter.postal(question.get("county_fips", ""))
    return "" if home in set(states) else f"records of {len(states)} state{'s' if len(states) != 1 else ''} only"


def _too_late(counter: Counter, question: Question) -> str:
    """What the files lack of the years before a period, so that they do not have all that was lifted in it."""
    start = question["period_start"]
    first, last = start - pd.DateOffset(years=YEARS_BEFORE_A_LIFT), start - pd.Timedelta(days=1)
    lack = _not_covered(counter, {**question, "period_start": first, "period_end": last})
    return f"a detainer may be lifted years after its day, and there are {lack}" if lack else ""


def _gap(days: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """The first days of a period without a record that are too many to be chance."""
    one = pd.Timedelta(days=1)
    edges = [start - one, *sorted(days), end + one]
    for before, after in pairwise(edges):
        if (after - before).days - 1 > LONGEST_GAP_DAYS or (days.empty and after > before):
            return f"no records of {before + one:%Y-%m-%d} to {after - one:%Y-%m-%d}"
    return ""


def _rows(
    counter: Counter, question: Question, counted_by: str, lift_reason: str | None, day: str
) -> list[dict[str, Any]]:
    where = f"{day} BETWEEN '{question['period_start']:%Y-%m-%d}' AND '{question['period_end']:%Y-%m-%d}'"
    where += f" AND declined_{lift_reason}" if question["measure"] == "declined" else ""
    if kind := question.get("facility_type"):
        where += f" AND facility_type = {literal(kind)}"
    row = {
        **{name: question[name] for name in ("measure", "period_start", "period_end")},
        "counted_by": counted_by,
        "lift_reason_read": lift_reason,
        "day_of": day,
        "facility_type": kind,
    }
    rows: list[dict[str, Any]] = []
    for scope in _asked(question, "scope", ("national",)):
        if scope == "national":
            least, most = _count(counter, counted_by, where)
            rows.append({**row, "scope": scope, "least": least, "most": most})
        elif scope == "no county":
            least, _ = _count(counter, "record", f"{where} AND county_fips IS NULL")
            rows.append({**row, "scope": scope, "least": least, "most": least})
        else:
            rows += [{**row, "scope": scope, **county} for county in _counties(counter, where, question)]
    return [{**found, "count_in_words": _sentence(found)} for found in rows]


_COUNTS = {
    "record": ("count(*)", "count(*)"),
    "facility": ("count(DISTINCT place)", "count(DISTINCT place)"),
    "city": ("count(DISTINCT (city, postal)) FILTER (city IS NOT NULL)",) * 2,
    "agency code": ("count(DISTINCT agency_code)",) * 2,
    # A named facility without a county may be in a county of its own; a catch-all has no name.
    "county": (
        "count(DISTINCT county_fips)",
        "count(DISTINCT county_fips) + count(DISTINCT place) FILTER"
        " (county_fips IS NULL AND facility_type != 'catch-all')",
    ),
}


def _count(counter: Counter, counted_by: str, where: str) -> tuple[int, int]:
    least, most = _COUNTS[counted_by]
    found = counter.ask(f"SELECT {least} AS least, {most} AS most FROM records WHERE {where}")
    return int(found["least"].iloc[0]), int(found["most"].iloc[0])


def _counties(counter: Counter, where: str, question: Question) -> list[dict[str, Any]]:
    """Each county's records, and at most those too that have no county and may be of its state."""
    own = counter.ask(
        f"SELECT county_fips, count(*) AS n FROM records WHERE {where} AND county_fips IS NOT NULL GROUP BY 1"
    ).set_index("county_fips")["n"]
    loose = counter.ask(
        f"SELECT coalesce(postal, '') AS state, count(*) AS n FROM records"
        f" WHERE {where} AND county_fips IS NULL GROUP BY 1"
    ).set_index("state")["n"]
    wanted = _asked(question, "county_fips", tuple(own.index))
    rows = []
    for county in wanted:
        least = int(own.get(county, 0))
        more = int(loose.get("", 0)) + int(loose.get(counter.postal(county) or "-", 0))
        rows.append({"county_fips": county, "least": least, "most": least + more})
    return rows


def _sentence(row: Mapping[str, Any]) -> str:
    number = f"{row['least']:,}" + (f" to {row['most']:,}" if row["most"] > row["least"] else "")
    what = {"record": "detainers", "facility": "facilities", "city": "cities", "county": "counties"}.get(
        row["counted_by"], "agency codes"
    )
    if row["measure"] == "prepared":
        return f"{number} detainers prepared in your files."
    declining = "declined" if row["counted_by"] == "record" else "that declined"
    reason = {"first": "by the first lift reason", "either": "by either lift reason"}[row["lift_reason_read"]]
    return f"{number} {what} {declining} in your files, {reason}, by the day {row['day_of']}."
