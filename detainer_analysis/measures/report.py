"""The first weekly reports of declined detainers: places, totals and how the weeks compare."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from detainer_analysis.errors import require
from detainer_analysis.intervals import Interval, exactly

ADDS_UP = ("exact", "minimum", "derived")


def placed(declines: pd.DataFrame, report: str) -> pd.DataFrame:
    """Rows of ``ddor_declines`` for one report that add up without counting anybody twice.

    Component rows (part of another row), conflicting rows and state totals are left out.

    Raises
    ------
    UnknownNameError
        If no row is about the report.
    """
    require("report", report, declines["report"])
    return declines[declines["report"].eq(report) & declines["count_basis"].isin(ADDS_UP)]


def section1(table: pd.DataFrame, report: str) -> pd.DataFrame:
    """One row of ``ddor_section1`` per jurisdiction with a known number, in rank order.

    Raises
    ------
    UnknownNameError
        If no row is about the report.
    """
    require("report", report, table["report"])
    rows = table[table["report"].eq(report) & table["detainers_issued"].notna()]
    return rows.drop_duplicates(["jurisdiction", "state"]).sort_values("rank", kind="stable")


def with_corrections(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """`rows` of one report with ``withdrawn``: whether ICE later said that the entry was wrong.

    Only corrections by ICE itself count (kind ``"ICE correction"``), matched by county FIPS code.
    """
    wrong = corrections.loc[corrections["kind"].eq("ICE correction"), ["report", "county_fips"]]
    keys = set(wrong.itertuples(index=False, name=None))
    own = zip(rows["report"], rows["county_fips"], strict=True)
    return rows.assign(withdrawn=[key in keys for key in own])


def by_state(rows: pd.DataFrame, recorded: int) -> pd.DataFrame:
    """Declines by state, with Travis County on its own and the part of `recorded` that no row places.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `placed`.
    recorded : int
        Declines recorded in the report.

    Returns
    -------
    pandas.DataFrame
        ``group`` and ``declined``, largest first; the groups add up to `recorded`.
    """
    group = rows["state"].where(rows["place"].ne("Travis County"), "Travis County, TX")
    group = group.replace("TX", "rest of Texas")
    counts = rows.groupby(group)["declined"].sum().astype(int)
    counts["not placed"] = recorded - counts.sum()
    return counts.rename_axis("group").reset_index().sort_values("declined", ascending=False, kind="stable")


def withdrawn_declines(declines: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``ddor_declines`` that add up and that ICE later withdrew or apologised for, matched by county.

    Only what ICE itself said counts (kinds ``"ICE correction"`` and ``"ICE apology"``), and only about declines.
    """
    own = corrections["kind"].isin(["ICE correction", "ICE apology"]) & corrections["report_said"].str.contains(
        "declined", na=False
    )
    keys = set(corrections.loc[own, ["report", "county_fips"]].itertuples(index=False, name=None))
    rows = declines[declines["count_basis"].isin(ADDS_UP)]
    return rows[[key in keys for key in zip(rows["report"], rows["county_fips"], strict=True)]]


def weekly(totals: pd.DataFrame, declines: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Declines of the three reports, split into Travis County and everywhere else.

    Returns
    -------
    pandas.DataFrame
        One row per report: ``report``, ``issued``, ``declined``, ``travis``, ``elsewhere`` (as printed) and
        ``kept`` (elsewhere, less what `withdrawn_declines` gives); in detainers.
    """
    national = totals[totals["measure"].isin(["detainers_issued_nationally", "declined_detainers_recorded"])]
    # The report itself comes before accounts of it; "primary" sorts before "reported".
    first = national.sort_values("confidence", kind="stable").drop_duplicates(["report", "measure"])
    wide = first.pivot(index="report", columns="measure", values="value")
    travis = declines[declines["place"].eq("Travis County") & declines["count_basis"].eq("exact")]
    found = pd.DataFrame(
        {
            "issued": wide["detainers_issued_nationally"].astype(int),
            "declined": wide["declined_detainers_recorded"].astype(int),
            "travis": travis.set_index("report")["declined"].astype(int),
        }
    )
    withdrawn = withdrawn_declines(declines, corrections).groupby("report")["declined"].sum()
    elsewhere = found["declined"] - found["travis"]
    kept = elsewhere - withdrawn.reindex(elsewhere.index, fill_value=0).astype(int)
    return found.assign(elsewhere=elsewhere, kept=kept).reset_index()


def against_records(rows: pd.DataFrame, outcomes: pd.DataFrame, places: pd.DataFrame, issued: int) -> pd.DataFrame:
    """What the records of fiscal 2015 would lead one to expect of each county in a week of `issued` detainers.

    A county's share of the nation's detainers is taken to be the same two years later. With a prior of half a
    detainer (Jeffreys), the number of a week then has a negative binomial distribution, which holds for counties
    without a detainer too. How far to trust it is asked of the records: each whole month of fiscal 2015 is predicted
    from the others for every county with a detainer, and the column ``as_unlikely_per_1000`` counts the months that
    the same rule calls as unlikely as the printed number.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``county_fips``, ``detainers_issued``: rows of `section1`.
    outcomes, places : pandas.DataFrame
        ``outcomes_by_place_fy2015`` and ``places_fy2015``.
    issued : int
        Detainers issued in the country in the week.

    Returns
    -------
    pandas.DataFrame
        `rows` with ``fiscal_2015`` (detainers), ``expected`` (in the week), ``chance`` (of the printed number or more)
        and ``as_unlikely_per_1000`` (of the county-months of fiscal 2015).
    """
    keys = ["facility", "city", "state"]
    located = outcomes.merge(places[[*keys, "county_fips"]], on=keys, how="left", validate="many_to_one")
    months = located.groupby(["county_fips", "month"])["detainers"].sum().unstack(fill_value=0).astype(float)
    nation = outcomes.groupby("month")["detainers"].sum()
    whole = list(months.columns[:-1])  # the records stop within their last month
    tails = []
    for month in whole:
        rest = [other for other in whole if other != month]
        weight = float(nation[rest].sum() / nation[month])
        tails.append(_chance(months[month], months[rest].sum(axis=1), weight))
    usual = np.sort(np.concatenate(tails))
    year = rows["county_fips"].map(months.sum(axis=1)).fillna(0).astype(float)
    weight = float(nation.sum()) / issued
    chance = _chance(rows["detainers_issued"].astype(float), year, weight)
    return rows.assign(
        fiscal_2015=year.astype(int),
        expected=year / weight,
        chance=chance,
        as_unlikely_per_1000=np.searchsorted(usual, chance, side="right") / len(usual) * 1000,
    )


def expected(before: int, weight: float, coverage: float = 0.95) -> Interval:
    """Detainers of a county to expect in a week, by the model of `against_records`.

    Parameters
    ----------
    before : int
        Its detainers in the time of the records.
    weight : float
        The nation's detainers in that time over those of the week.
    coverage : float
        How often the number lies in the interval if shares stayed the same.
    """
    from scipy import stats  # takes a second to import, and every check of a claim imports this module

    ends = stats.nbinom.interval(coverage, before + 0.5, weight / (weight + 1))
    return Interval(*(float(end) for end in ends))


def _chance(count: pd.Series, before: pd.Series, weight: float) -> np.ndarray:
    """Chance of `count` or more, after `before` in a time `weight` times as long."""
    from scipy import stats  # see `expected`

    found: np.ndarray = stats.nbinom.sf(count.to_numpy() - 1, before.to_numpy() + 0.5, weight / (weight + 1))
    return found


def share_of_listed(listed: pd.Series, rows: pd.DataFrame) -> tuple[Interval, str] | None:
    """The listed counties' part of a reader's detainers, without and with those that have no county.

    Parameters
    ----------
    listed : pandas.Series
        FIPS codes of the counties.
    rows : pandas.DataFrame
        ``scope``, ``county_fips``, ``least`` and ``most`` of the table ``recounted``.

    Returns
    -------
    tuple of Interval and str, or None
        The share in percent and a sentence; nothing where the counties or the total were not counted.
    """
    if (counted := _listed_counties(listed, rows)) is None:
        return None
    total, nowhere = counted["least"].sum(), rows[rows["scope"].eq("no county")]["least"].sum()
    every = rows[rows["scope"].eq("national")]["least"].iloc[0]
    words = f"{total:,} of {every:,} in your files; {nowhere:,} have no county."
    return Interval(total, min(total + nowhere, every)) / exactly(every) * 100, words


def rank_among_listed(listed: pd.Series, county_fips: str, rows: pd.DataFrame) -> tuple[Interval, str] | None:
    """The rank of a county among those listed, by the detainers in a reader's file (see `share_of_listed`).

    Nothing where it may be any of the ranks: that says nothing of the county.
    """
    counted = _listed_counties(listed, rows)
    if counted is None or county_fips not in counted.index:
        return None
    own, others = counted.loc[county_fips], counted.drop(county_fips)
    best, worst = (others["least"] > own["most"]).sum(), (others["most"] > own["least"]).sum()
    if worst - best == len(others):
        return None
    return Interval(1 + best, 1 + worst), f"{own['least']:,} in your files; rank among the {len(counted)} listed."


def _listed_counties(listed: pd.Series, rows: pd.DataFrame) -> pd.DataFrame | None:
    """``least`` and ``most`` of each listed county; a county without a record has at most those without a county."""
    nowhere, every = rows[rows["scope"].eq("no county")], rows[rows["scope"].eq("national")]
    if listed.empty or nowhere.empty or every.empty or not every["least"].iloc[0]:
        return None
    found = rows[rows["scope"].eq("county")].set_index("county_fips")[["least", "most"]]
    none = {"least": 0, "most": nowhere["least"].iloc[0]}
    return found.reindex(listed.drop_duplicates()).fillna(none).astype(int)


def a_day_earlier(week: float, before: float) -> Interval:
    """A week's count, if it began and ended a day earlier.

    Parameters
    ----------
    week, before : float
        The counts of the week and of the one before.

    Returns
    -------
    Interval
        As long as no last day of a week has more than an average day.
    """
    return Interval(math.floor(week - week / 7), math.ceil(week + before / 7))
