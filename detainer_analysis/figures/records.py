"""Charts of ICE's records."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, fill, is_narrow, open_chart
from detainer_analysis.figures.rows import name_rows
from detainer_analysis.figures.style import BLUE, GREY, INK, PALE, VERMILION, label_point

EDGE_WEEKS = 4
# Where the names of the largest decliners find room: horizontal alignment and shift in points, largest first.
LABEL_SIDES = (("right", (-7, 4)), ("center", (0, 10)), ("left", (6, -8)), ("right", (-7, -2)))


@drawn_at_both_widths
def issuance(months: pd.DataFrame, breaks: dict[str, str]) -> Drawing:
    """Detainers per month, with the fit of a segmented regression where there is one.

    Parameters
    ----------
    months : pandas.DataFrame
        ``month`` (``YYYY-MM``), ``detainers``, ``fitted`` (missing outside the window of the fit).
    breaks : dict
        Name to day (``YYYY-MM-DD``).
    """
    when = pd.PeriodIndex(months["month"], freq="M").to_timestamp()
    figure, axes = open_chart(
        4.4,
        _issuance_title(months),
        "ICE records via NPR; line: segmented regression since October 2011",
        measure="Detainers by month of preparation; dates of two events in vermilion",
    )
    axes.plot(when, months["detainers"], "o", color=BLUE, markersize=4)
    axes.plot(when, months["fitted"], color=INK, linewidth=1.5)
    for (name, day), height in zip(breaks.items(), (0.95, 0.84, 0.73), strict=False):
        at = pd.Timestamp(day)
        axes.axvline(at, color=VERMILION, linewidth=1.2)
        label_point(
            axes,
            at,
            height,
            name,
            xycoords=("data", "axes fraction"),
            xytext=(-5, 0),
            ha="right",
            color=VERMILION,
            fontsize=9.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    axes.set_ylim(0, 34000)
    if is_narrow():  # the names of events stand above the points
        axes.set_ylim(0, 44000)
        axes.set_yticks([0, 10_000, 20_000, 30_000])
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_major_locator(mdates.YearLocator(3 if is_narrow() else 1))
    return Drawing(figure, months)


def _issuance_title(months: pd.DataFrame) -> str:
    """The peak, and how far below it the last month lies."""
    peak, last = months.loc[months["detainers"].idxmax()], months.iloc[-1]
    share = last["detainers"] / peak["detainers"] * 100
    return (
        f"ICE prepared most detainers in {_month(peak['month'])};"
        f" in {_month(last['month'])} there were {share:.0f} percent as many"
    )


def _month(month: str) -> str:
    return f"{pd.Timestamp(month):%B %Y}"


@drawn_at_both_widths
def prepared_by_week(weeks: pd.DataFrame, printed: pd.DataFrame) -> Drawing:
    """Detainers prepared in each week, with what the weekly reports print for theirs.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``week_start`` and ``detainers_prepared``, whole weeks from 2016 or before into February 2017 or later.
    printed : pandas.DataFrame
        ``period_start`` and ``value`` of the weekly reports.
    """
    figure, axes = open_chart(
        4.4,
        _prepared_title(weeks),
        "ICE records via the Deportation Data Project, weeks from Sunday; reports: weeks from Saturday",
        measure="Detainers by week of preparation (blue), as the weekly reports print them (vermilion)",
    )
    axes.plot(weeks["week_start"], weeks["detainers_prepared"], color=BLUE, linewidth=1.5)
    axes.plot(printed["period_start"], printed["value"], "D", color=VERMILION, markersize=6)
    axes.set_ylim(0, max(weeks["detainers_prepared"].max(), printed["value"].max()) * 1.2)
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    if is_narrow():
        axes.xaxis.set_major_locator(mdates.YearLocator())
        axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    return Drawing(figure, weeks)


def _prepared_title(weeks: pd.DataFrame) -> str:
    """An average week of 2016 beside one since February 2017."""
    a_week = weeks.set_index("week_start")["detainers_prepared"].astype(float)
    before = a_week[a_week.index.year == 2016].mean()
    since = a_week[a_week.index >= "2017-02-01"].mean()
    return (
        f"ICE prepared {before:,.0f} detainers in an average week of 2016, and {since:,.0f} in one since February 2017"
    )


@drawn_at_both_widths
def declined_by_week(weeks: pd.DataFrame) -> Drawing:
    """Share of detainers recorded as declined by week of preparation, for two groups of county jails.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``week`` (Monday), ``group``, ``detainers``, ``declined``; full weeks, in order.
    """
    data = weeks.assign(percent=weeks["declined"] / weeks["detainers"] * 100).astype({"percent": float})
    names = sorted(data["group"].unique())
    figure, axes = open_chart(
        4.6,
        _weeks_title(data, names),
        f"ICE workbook for fiscal 2015; dates of limits from laws and news. Title: first and last {EDGE_WEEKS} weeks",
        measure="Percent of all detainers of a week at county jails that are recorded as declined",
    )
    for name, colour in zip(names, (VERMILION, BLUE), strict=True):
        rows = data[data["group"].eq(name)]
        axes.plot(rows["week"], rows["percent"], "o-", color=colour, markersize=4, linewidth=1.2)
        label_point(
            axes, rows["week"].iloc[0], rows["percent"].iloc[:6].max(), name, xytext=(0, 12), color=colour, fontsize=10
        )
    axes.set_ylim(0, data["percent"].max() * 1.18)
    axes.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(decimals=0))
    axes.xaxis.set_major_locator(mdates.MonthLocator(interval=4 if is_narrow() else 2))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    words = "week of preparation: records on the left are nine months old, on the right one week"
    axes.set_xlabel(fill(words, 40) if is_narrow() else words, fontsize=9.5)
    return Drawing(figure, data)


def _weeks_title(weeks: pd.DataFrame, names: list[str]) -> str:
    """How the share of each group moved from the first four weeks to the last four."""
    parts = []
    for name in names:
        rows = weeks[weeks["group"].eq(name)][["detainers", "declined"]]
        edges = [rows[:EDGE_WEEKS].sum(), rows[-EDGE_WEEKS:].sum()]
        ends = [float(edge["declined"] / edge["detainers"] * 100) for edge in edges]
        parts.append(f"{name}: {_moved(*ends)}")
    title = "; ".join(parts)
    return title[:1].upper() + title[1:]


def _moved(first: float, last: float) -> str:
    if f"{first:.0f}" == f"{last:.0f}":
        return f"{first:.0f} percent first and last"
    return f"declined share {'rose' if last > first else 'fell'} from {first:.0f} to {last:.0f} percent"


@drawn_at_both_widths
def placebo_dates(placebos: pd.Series, events: pd.DataFrame) -> Drawing:
    """The change of level at dates without an event, and at the dates of events with their intervals.

    Parameters
    ----------
    placebos : pandas.Series
        Change in percent at each placebo date.
    events : pandas.DataFrame
        Indexed by event: ``change_percent``, ``low``, ``high``.
    """
    figure, axes = open_chart(
        3.2,
        _placebo_title(placebos, events),
        "ICE records via NPR, by month of preparation; lines: 95 percent intervals",
        measure="Change of the monthly level in percent: events in vermilion, other dates in blue",
    )
    rows = len(events)
    for position, row in enumerate(events.itertuples()):
        axes.hlines(position, row.low, row.high, color=VERMILION, linewidth=2)
        axes.plot(row.change_percent, position, "o", color=VERMILION, markersize=8)
    axes.plot(placebos, np.full(len(placebos), float(rows)), "|", color=BLUE, markersize=9 if is_narrow() else 16)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set_ylim(-0.6, rows + 0.6)
    name_rows(axes, [*events.index, f"{len(placebos)} placebo dates"])
    data = pd.concat(
        [
            placebos.rename_axis("date").reset_index().assign(kind="placebo"),
            events[["change_percent", "low", "high"]].rename_axis("date").reset_index().assign(kind="event"),
        ]
    )
    return Drawing(figure, data)


def _placebo_title(placebos: pd.Series, events: pd.DataFrame) -> str:
    """At how many placebo dates the change is as large as at each event."""
    parts = [
        f"as large as at the {name}: {int(placebos.abs().ge(abs(change)).sum())}"
        for name, change in events["change_percent"].items()
    ]
    return f"Of {len(placebos)} dates without a named event, with a change {'; '.join(parts)}"


@drawn_at_both_widths
def funnel(places: pd.DataFrame, limits: pd.DataFrame, share_percent: float) -> Drawing:
    """Share of detainers declined against the number of detainers, with what chance alone would allow.

    Parameters
    ----------
    places : pandas.DataFrame
        ``place``, ``detainers``, ``declined``, ``raw_percent``; one row a place.
    limits : pandas.DataFrame
        ``detainers``, ``low``, ``high`` (percent), as from `concentration.funnel`; one row for each row of `places`.
    share_percent : float
        The share of all places together.
    """
    above = places["raw_percent"].to_numpy() > limits["high"].to_numpy()
    figure, axes = open_chart(
        5.0,
        _funnel_title(places, above),
        "ICE workbook for fiscal 2015; dark line: all places; grey: 99.8 percent of places if shares were equal",
        measure="Percent of a place's detainers that are recorded as declined; above chance in vermilion",
    )
    band = limits.drop_duplicates("detainers").sort_values("detainers")
    axes.fill_between(band["detainers"], band["low"], band["high"], color=PALE, linewidth=0)
    axes.axhline(share_percent, color=INK, linewidth=1)
    usual, far = places[~above], places[above]
    axes.plot(usual["detainers"], usual["raw_percent"], "o", color=BLUE, markersize=3, alpha=0.5, rasterized=True)
    axes.plot(far["detainers"], far["raw_percent"], "o", color=VERMILION, markersize=4, rasterized=True)
    named = places.nlargest(0 if is_narrow() else 4, "declined").itertuples()
    for row, (side, shift) in zip(named, LABEL_SIDES, strict=False):
        label_point(axes, row.detainers, row.raw_percent, row.place, fontsize=8.5, ha=side, xytext=shift)
    axes.set_xscale("log")
    axes.set_xlim(0.9, places["detainers"].max() * 2.2)
    axes.set_ylim(-2, 108)
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("detainers sent to the place (log scale)", fontsize=9.5)
    axes.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(decimals=0))
    return Drawing(figure, places[["place", "detainers", "declined", "raw_percent"]].assign(above=above))


def _funnel_title(places: pd.DataFrame, above: np.ndarray) -> str:
    """How many places decline more than chance explains, and how much of all they hold."""
    held = places.loc[above, ["detainers", "declined"]].sum() / places[["detainers", "declined"]].sum() * 100
    return (
        f"{above.sum()} of {len(places):,} places decline more often than chance allows; they got"
        f" {held['detainers']:.0f} percent of the detainers and made {held['declined']:.0f} percent of the declines"
    )
