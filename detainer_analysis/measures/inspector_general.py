"""The Inspector General's total: published totals, the detainers issued, and who declined."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.wording import reported

DAYS_PER_MONTH = 365.25 / 12


def ladder(declined: pd.DataFrame) -> pd.DataFrame:
    """Published totals of detainers declined since 1 January 2014, in order of the last day they cover.

    Two calendar years of ICE's own records are added up to one rung; accounts of the same total are one row.
    Left out are the annual counts of the Boston Herald, and one total that only a copied alert carries.

    Parameters
    ----------
    declined : pandas.DataFrame
        ``declined_counts``.

    Returns
    -------
    pandas.DataFrame
        ``period_end``, ``value``, ``qualifier``, ``months`` (from 1 January 2014), ``counts`` (what is
        counted) and provenance.
    """
    start = pd.Timestamp("2014-01-01")
    rows = declined[
        declined["measure"].eq("detainers_declined")
        & declined["scope"].eq("national")
        & ~declined["origin_id"].isin(["boston-herald-2017-01-10", "nwyc-2017"])
    ]
    direct = rows[rows["period_start"].eq(start) & rows["period_end"].gt("2014-08-01")]
    years = rows[rows["origin_id"].eq("ice-foia-detainers-npr") & rows["period_start"].ge(start)]
    records = years.sort_values("period_end").tail(1).assign(value=years["value"].sum())
    rungs = pd.concat([direct[direct["origin_id"].ne("ice-foia-detainers-npr")], records])
    exact_first = rungs.assign(order=rungs["qualifier"].ne("exact"))
    # One row per origin and last day: an exact total before "more than" a rounded one.
    rungs = exact_first.sort_values(["period_end", "order"], kind="stable").drop_duplicates(["period_end", "origin_id"])
    rungs = rungs[~rungs["period_end"].eq(pd.Timestamp("2015-12-31"))]
    days = (rungs["period_end"] - start).dt.days + 1
    return rungs.drop(columns="order").assign(months=days / DAYS_PER_MONTH).reset_index(drop=True)


def steps(rungs: pd.DataFrame) -> pd.DataFrame:
    """Declines per month between rungs of a ladder, the first from 1 January 2014.

    Returns
    -------
    pandas.DataFrame
        ``through``, ``declined`` (in the step), ``months``, ``per_month``; a lower bound where the rung is one
        (``at_least``).
    """
    before = rungs[["value", "months"]].shift(fill_value=0.0)
    declined = rungs["value"] - before["value"]
    months = rungs["months"] - before["months"]
    return pd.DataFrame(
        {
            "through": rungs["period_end"],
            "declined": declined,
            "months": months,
            "per_month": declined / months,
            "at_least": rungs["qualifier"].eq("more than"),
        }
    )


def issued_between(issued: pd.DataFrame) -> pd.DataFrame:
    """Detainers issued from January 2014 to May 2017, part by part, as intervals built from cited rows.

    The parts: January to September 2014 is the records' calendar year less its last quarter (fiscal year to
    July 2015 less calendar year to July 2015), stretched down by the ratio of TRAC's to the records' total
    for fiscal 2014; fiscal 2015 and 2016 span TRAC's totals and the counts of the raw files; October 2016 to
    May 2017 is TRAC's fiscal 2017 less four months at "around 14,000".

    Parameters
    ----------
    issued : pandas.DataFrame
        ``issued_counts``.

    Returns
    -------
    pandas.DataFrame
        One row per part: ``part``, ``months``, ``low``, ``high`` in detainers, ``rows`` (addresses).
    """
    national = issued[issued["scope"].eq("national")]

    def one(start: str, end: str, source: str) -> pd.DataFrame:
        rows = national[
            national["period_start"].eq(start)
            & national["period_end"].eq(end)
            & national["source_id"].str.startswith(source)
            & national["measure"].isin(["detainer_records", "detainers_issued"])
        ]
        if rows.empty:
            raise KeyError(f"issued_counts has no national row of {source} from {start} to {end}")
        return rows.tail(1)

    def value(rows: pd.DataFrame) -> float:
        return float(rows["value"].iloc[0])

    records = "npr-visuals"
    year_2014, fiscal_2014 = one("2014-01-01", "2014-12-31", records), one("2013-10-01", "2014-09-30", records)
    fiscal_2015_part = one("2014-10-01", "2015-07-19", records)
    year_2015_part = one("2015-01-01", "2015-07-19", records)
    trac = {year: one(f"{year - 1}-10-01", f"{year}-09-30", "trac") for year in range(2014, 2018)}
    raw = {year: one(f"{year - 1}-10-01", f"{year}-09-30", "deportation-data-project") for year in (2015, 2016)}
    average = national[
        national["measure"].eq("detainers_issued_monthly_average") & national["period_start"].eq("2017-02-01")
    ]
    first = value(year_2014) - (value(fiscal_2015_part) - value(year_2015_part))
    monthly = reported(value(average), average["qualifier"].iloc[0])
    last = exactly(value(trac[2017])) - monthly * 4
    parts = [
        (
            "January to September 2014",
            9,
            Interval(first * value(trac[2014]) / value(fiscal_2014), first),
            [year_2014, fiscal_2015_part, year_2015_part, fiscal_2014, trac[2014]],
        ),
        *(
            (
                f"Fiscal year {year}",
                12,
                exactly(value(trac[year])).hull(exactly(value(raw[year]))),
                [trac[year], raw[year]],
            )
            for year in (2015, 2016)
        ),
        ("October 2016 to May 2017", 8, last, [trac[2017], average]),
    ]
    return pd.DataFrame(
        [
            {
                "part": part,
                "months": months,
                "low": found.low,
                "high": found.high,
                "rows": ", ".join(str(row) for used in rows for row in used["source_row"]),
            }
            for part, months, found, rows in parts
        ]
    )


def total(parts: pd.DataFrame) -> Interval:
    """Sum of the intervals in columns ``low`` and ``high``."""
    found = Interval(0.0, 0.0)
    for low, high in zip(parts["low"], parts["high"], strict=True):
        found = found + Interval(low, high)
    return found


def last_step(
    excess_over: Interval, months: float, issued: Interval, refusal_percent: Interval, week_counts: Mapping[str, float]
) -> pd.DataFrame:
    """How many declines other records suggest for the ladder's last step, and what is left over.

    Parameters
    ----------
    excess_over : Interval
        Declines of the step, in detainers.
    months : float
        Length of the step.
    issued : Interval
        Detainers issued during the step.
    refusal_percent : Interval
        Recorded refusals as a percentage of detainers issued.
    week_counts : Mapping[str, float]
        Recorded declines in an average week, by assumption.

    Returns
    -------
    pandas.DataFrame
        ``assumption``, ``low``, ``high`` (declines suggested), ``left_low``, ``left_high`` (not explained).
    """
    suggested = {"refusal share of TRAC, October and November 2015": issued * refusal_percent / 100}
    weeks = months * DAYS_PER_MONTH / 7
    for name, count in week_counts.items():
        suggested[name] = exactly(count * weeks)
    rows = []
    for name, found in suggested.items():
        left = exactly(excess_over.low) - found
        rows.append(
            {"assumption": name, "low": found.low, "high": found.high, "left_low": left.low, "left_high": left.high}
        )
    return pd.DataFrame(rows)


def decliners(declined: pd.DataFrame) -> pd.DataFrame:
    """Published counts of places that declined a detainer, one row per unit and period.

    Returns
    -------
    pandas.DataFrame
        ``unit_counted``, ``value``, ``qualifier``, ``period_start``, ``period_end``, ``months`` and provenance.
    """
    units = {
        "jurisdictions_declining": "counties (Texas Tribune)",
        "facilities_declining": "facility names (ICE records)",
        "cities_with_declining_facility": "cities (ICE records)",
        "leas_declining": "law enforcement agencies (TRAC)",
    }
    rows = declined[
        declined["measure"].isin(units)
        & declined["scope"].eq("national")
        & declined["period_start"].ge("2014-01-01")
        & ~declined["period_end"].eq(pd.Timestamp("2014-12-31"))
        & ~declined["period_start"].eq(pd.Timestamp("2015-01-01"))
    ]
    rows = rows.assign(unit_counted=rows["measure"].map(units))
    inspector = rows["origin_id"].eq("dhs-oig-18-36")
    rows.loc[inspector, "unit_counted"] = "jurisdictions (Inspector General)"
    rows = rows.drop_duplicates(["unit_counted", "period_start", "period_end"])
    days = (rows["period_end"] - rows["period_start"]).dt.days + 1
    return rows.assign(months=days / DAYS_PER_MONTH).sort_values("period_end", kind="stable")


def single_decliners(declined: pd.DataFrame) -> pd.Series:
    """Percentage of decliners that declined exactly once, by unit.

    Returns
    -------
    pandas.Series
        ``facility names (ICE records)`` for January 2014 to July 2015 and ``law enforcement agencies (TRAC)``
        for February 2017 to April 2018; in percent.
    """
    units = {"facilities": "facility names (ICE records)", "leas": "law enforcement agencies (TRAC)"}
    found = {}
    for unit, name in units.items():
        once = declined[declined["measure"].eq(f"{unit}_declining_exactly_one")].iloc[0]
        same = declined[["period_start", "period_end"]].eq(once[["period_start", "period_end"]]).all(axis=1)
        every = declined[same & declined["measure"].eq(f"{unit}_declining")]
        found[name] = once["value"] / every["value"].iloc[0] * 100
    return pd.Series(found)
