"""The Inspector General's total of declined detainers, by other routes, and the detainers issued meanwhile.

Every route covers January 2014 to May 2017. Each is an interval that holds all values that its rows allow; what no row
gives is bounded by a named rule.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from detainer_analysis.data.evidence import Evidence, computed, pick
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.wording import reported

DAY = pd.Timestamp
START, END = DAY("2014-01-01"), DAY("2017-05-31")
MONTHS = 41
RECORDS = "ice-foia-detainers-npr"


def fiscal_year(year: int) -> dict[str, pd.Timestamp]:
    """First and last day, as columns of a table of counts have them."""
    return {"period_start": DAY(f"{year - 1}-10-01"), "period_end": DAY(f"{year}-09-30")}


def prepared(weeks: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[Interval, pd.DataFrame]:
    """Detainers prepared from `first` to `last`, and the rows that say so.

    Weeks run from Sunday to Saturday. A week that lies only in part inside counts from none to all of it; where the
    deliveries cannot be told apart, all of it is the printed number of records. A week read from a drawing may be one
    more or one fewer.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``weekly_prepared``.
    first, last : pandas.Timestamp
        Both days included.
    """
    six_days = pd.Timedelta(days=6)
    touched = weeks[weeks["week_start"].between(first - six_days, last)]
    inside = touched["week_start"].between(first, last - six_days)
    counted = touched["detainers_prepared"]

    if counted[inside].isna().any():
        raise ValueError(f"the weeks from {first.date()} to {last.date()} are not all counted")
    error = int(touched["basis"].eq("read from a drawing").sum())
    low = int(counted[inside].sum()) - error
    high = int(counted.fillna(touched["records_printed"]).sum()) + error
    return Interval(low, high), touched


def issued(months: pd.DataFrame, weeks: pd.DataFrame) -> Evidence:
    """Detainers prepared from January 2014 to May 2017: by month up to September 2014, by week after that.

    Parameters
    ----------
    months, weeks : pandas.DataFrame
        ``issued_by_month`` and ``weekly_prepared``.
    """
    first = months[months["month"].between("2014-01", "2014-09")]
    later, rows = prepared(weeks, DAY("2014-10-01"), END)

    def total() -> tuple[Interval, str]:
        counted = int(first["detainers"].sum())
        words = f"{counted:,} to September 2014, then {later.low:,.0f} to {later.high:,.0f}."
        return exactly(counted) + later, words

    return computed(total, first, rows)


def restated(declined: pd.DataFrame) -> Evidence:
    """ICE's counts as its report on fiscal 2017 restates them, after the Texas Tribune's total to September 2015."""
    counts = _national(declined)
    first = pick(counts, period_start=START, period_end=DAY("2015-09-30")).head(1)
    own = pick(counts, origin_id="ice-ero-report-fy2017")
    later = pick(own, period_start=DAY("2017-01-20"), period_end=DAY("2017-09-30"))
    year_2016, year_2017 = (pick(own, **fiscal_year(year)) for year in (2016, 2017))

    def bounds() -> tuple[Interval, str]:
        a, b, c, d = (_one(part) for part in (first, year_2016, year_2017, later))
        words = (
            f"{a:,} to September 2015, {b:,} in fiscal 2016 and {c - d:,} to 19 January 2017,"
            f" and between none and all of the {d:,} that followed to September 2017."
        )
        return exactly(a + b + c - d) + Interval(0, d), words

    return computed(bounds, first, year_2016, year_2017, later)


def tribune_and_reports(declined: pd.DataFrame, per_week: Interval) -> Evidence:
    """The Texas Tribune's total to September 2015, then twenty months at the pace of the three weekly reports."""
    first = pick(_national(declined), period_start=START, period_end=DAY("2015-09-30")).head(1)
    weeks = ((END - DAY("2015-09-30")).days) / 7

    def bounds() -> tuple[Interval, str]:
        words = f"{_one(first):,}, and {weeks:.1f} weeks of {per_week.low:.0f} to {per_week.high:.0f}."
        return exactly(_one(first)) + per_week * weeks, words

    return computed(bounds, first)


def herald(declined: pd.DataFrame, per_week: Interval) -> Evidence:
    """The Boston Herald's fiscal years 2014 to 2016, less their first quarter, then eight months at that pace.

    The quarter lies before the window; it had between none and all of the declines that ICE's records have in 2013.
    """
    own = pick(_national(declined), source_id="boston-herald-2017-01-10")
    before = pick(_national(declined), origin_id=RECORDS, period_start=DAY("2013-01-01"))
    weeks = ((END - DAY("2016-09-30")).days) / 7

    def bounds() -> tuple[Interval, str]:
        words = (
            f"{' + '.join(f'{value:,.0f}' for value in own['value'])}, less up to {_one(before):,}, and"
            f" {weeks:.1f} weeks of {per_week.low:.0f} to {per_week.high:.0f}."
        )
        return exactly(float(own["value"].sum())) - Interval(0, _one(before)) + per_week * weeks, words

    return computed(bounds, own, before)


def trac(declined: pd.DataFrame, weeks: pd.DataFrame, placed_share: float) -> Evidence:
    """TRAC's count to November 2015, less its first quarter, then the share that it gives for its last two months.

    TRAC leaves out records without a state; the count is raised by up to what `placed_share` leaves.
    """
    rows = pick(declined, source_id="trac-2017-02-23", scope="national", measure="detainers_declined")
    last = pick(declined, measure="refusal_rate", scope="national", period_start=DAY("2015-10-01"))
    before = pick(_national(declined), origin_id=RECORDS, period_start=DAY("2013-01-01"))
    rest, used = prepared(weeks, DAY("2015-12-01"), END)

    def bounds() -> tuple[Interval, str]:
        percent = reported(float(last["value"].iloc[0]), last["qualifier"].iloc[0], "percent")
        share = Interval(max(percent.low, 0.0), percent.high)
        count = Interval(_one(rows), math.ceil(_one(rows) / placed_share))
        words = (
            f"{count.low:,.0f} to {count.high:,.0f}, less up to {_one(before):,}, and {share.low:g} to {share.high:g}"
            f" percent of {rest.low:,.0f} to {rest.high:,.0f} detainers."
        )
        return count - Interval(0, _one(before)) + rest * share / 100, words

    return computed(bounds, rows, last, before, used)


def by_day_prepared(declined: pd.DataFrame, issued_counts: pd.DataFrame, weeks: pd.DataFrame) -> Evidence:
    """ICE's records to July 2015 by day of preparation, then any share from none up to that of their last months."""
    own = pick(_national(declined), origin_id=RECORDS, period_start=(START, DAY("2015-01-01")))
    base = pick(
        issued_counts, measure="detainer_records", origin_id=RECORDS, scope="national", period_start=DAY("2015-01-01")
    )
    rest, used = prepared(weeks, DAY("2015-07-20"), END)

    def bounds() -> tuple[Interval, str]:
        share = float(own["value"].iloc[-1]) / _one(base) * 100
        words = (
            f"{own['value'].sum():,.0f}, and 0 to {share:.1f} percent of {rest.low:,.0f} to {rest.high:,.0f} detainers."
        )
        return exactly(float(own["value"].sum())) + rest * Interval(0, share) / 100, words

    return computed(bounds, own, base, used)


# What each route counts, and when the counts were made.
ROUTES = {
    "Records by day prepared": ("by day of preparation", "July 2015"),
    "Tribune, then reports": ("not stated; then by week of record", "January 2016; February 2017"),
    "TRAC, then its last share": ("records that have a state", "end of 2015"),
    "Herald's fiscal years": ("not stated; years read as fiscal", "January 2017"),
    "ICE's counts, restated": ("not stated; fiscal years", "January 2016; end of fiscal 2017"),
}


def compare(routes: Mapping[str, Evidence], published: float) -> pd.DataFrame:
    """Every route of ``ROUTES`` with its definition, vintage, interval and rows, and what it lacks of `published`.

    Returns
    -------
    pandas.DataFrame
        ``route``, ``counts``, ``vintage``, ``low``, ``high``, ``growth_needed_percent`` (from the upper end, none if
        it reaches), ``sum`` and ``rows``.
    """
    table = []
    for name, (counts, vintage) in ROUTES.items():
        (item,) = routes[name].items
        found = number(routes[name])
        table.append(
            {
                "route": name,
                "counts": counts,
                "vintage": vintage,
                "low": math.floor(found.low),
                "high": math.ceil(found.high),
                "growth_needed_percent": max(0.0, (published / found.high - 1) * 100),
                "sum": item.shows,
                "rows": routes[name].addresses,
            }
        )
    return pd.DataFrame(table)


def number(evidence: Evidence) -> Interval:
    """The interval of evidence that is one number.

    Raises
    ------
    TypeError
        If it is a word.
    """
    (item,) = evidence.items
    if not isinstance(item.found, Interval):
        raise TypeError(f"not a number: {item.found}")
    return item.found


def revision(declined: pd.DataFrame) -> pd.DataFrame:
    """Fiscal 2016 as first printed and as ICE restated it a year later, with the growth in percent."""
    rows = pick(_national(declined), **fiscal_year(2016)).sort_values("value", kind="stable")
    return rows.assign(growth_percent=(rows["value"] / rows["value"].iloc[0] - 1) * 100)


def _national(declined: pd.DataFrame) -> pd.DataFrame:
    return pick(declined, measure="detainers_declined", scope="national", qualifier="exact")


def _one(rows: pd.DataFrame) -> int:
    return int(rows["value"].iloc[0])
