"""Charts of the Inspector General's total."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import name_rows
from detainer_analysis.figures.style import BLUE, GREY, SKY, VERMILION, label_point


@drawn_at_both_widths
def routes(table: pd.DataFrame, published: float) -> Drawing:
    """Intervals of one total by several routes, against the published number.

    Parameters
    ----------
    table : pandas.DataFrame
        ``route``, ``vintage``, ``low``, ``high``.
    published : float
        The Inspector General's total, a lower bound.
    """
    data = table[["route", "vintage", "low", "high"]].iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        4.4,
        _routes_title(table, published),
        "press accounts of ICE's counts, TRAC, ICE records, weekly reports. Bars: all that section 2 allows",
        measure="Number of detainers declined, January 2014 to May 2017",
    )
    for position, row in enumerate(data.itertuples()):
        axes.hlines(position, row.low, row.high, color=BLUE if row.high >= published else SKY, linewidth=8)
    axes.axvline(published, color=VERMILION, linewidth=2)
    words, top = f"published: more than {published:,.0f}", ("data", "axes fraction")
    label_point(axes, published, 1, words, xytext=(-6, 0), ha="right", va="top", color=VERMILION, xycoords=top)
    axes.set_ylim(-0.6, len(data))
    name_rows(
        axes,
        data["route"] + "\n(" + data["vintage"] + ")",
        [f"{row.low:,.0f} to {row.high:,.0f}" for row in data.itertuples()],
        data["low"],
        head=22,
        xytext=(0, 13),
        fontsize=9.5,
    )
    axes.xaxis.set_major_locator(mpl.ticker.MultipleLocator(4000 if is_narrow() else 2000))
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    return Drawing(figure, data)


def _routes_title(table: pd.DataFrame, published: float) -> str:
    """How many routes reach the published total, and which."""
    reach = table.loc[table["high"].ge(published), "route"]
    names = f": {'; '.join(reach)}" if len(reach) else ""
    verb = "leaves" if len(reach) == 1 else "leave"
    return f"{len(reach)} of {len(table)} routes {verb} room for {published:,.0f}{names}"


@drawn_at_both_widths
def readings_of_jurisdiction(table: pd.DataFrame, published: tuple[float, float]) -> Drawing:
    """Places expected under each reading of "jurisdiction", corrected and not, against the published number.

    Parameters
    ----------
    table : pandas.DataFrame
        ``reading``, ``places`` (in hand), ``uncorrected``, ``expected``, ``low``, ``high``.
    published : tuple of float
        Lower and upper end of the Inspector General's number.
    """
    data = table.iloc[::-1].reset_index(drop=True)
    holds = int((table["low"].le(published[1]) & table["high"].ge(published[0])).sum())
    figure, axes = open_chart(
        4.2,
        f"Corrected for its own past errors, the estimate allows {published[0]:.0f} to {published[1]:.0f} under"
        f" {holds} of {len(table)} readings",
        "ICE records to July 2015 (via NPR), Texas Tribune (via FAIR); Chao extrapolation, 95% intervals",
        measure="Places with a decline: in hand (hollow), uncorrected (stroke), corrected (dot), published (line)",
    )
    axes.axvspan(*published, color=VERMILION, linewidth=0)
    for position, row in enumerate(data.itertuples()):
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=5)
        axes.plot(row.expected, position, "o", color=BLUE, markersize=9)
        axes.plot(row.uncorrected, position, "|", color=GREY, markersize=18, markeredgewidth=2)
        axes.plot(row.places, position, "o", color=BLUE, markerfacecolor="white", markeredgewidth=2, markersize=9)
    axes.set_ylim(-0.7, len(data) - 0.3)
    said = [
        f"{row.places:.0f} in hand; {row.uncorrected:.0f} uncorrected, {row.expected:.0f} corrected"
        for row in data.itertuples()
    ]
    name_rows(axes, data["reading"], said, [published[1]] * len(data), xytext=(6, 14), fontsize=9.5)
    return Drawing(figure, data)
