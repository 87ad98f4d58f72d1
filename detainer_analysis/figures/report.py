"""Charts of the first weekly reports."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.canvas import (
    Drawing,
    drawn_at_both_widths,
    is_narrow,
    open_chart,
    set_height,
    words_height,
)
from detainer_analysis.figures.rows import bars_only, name_rows, no_value_axis
from detainer_analysis.figures.style import BLUE, INK, PALE, SKY, VERMILION


@drawn_at_both_widths
def ten_counties(rows: pd.DataFrame) -> Drawing:
    """Detainers issued to the counties of Section I, those that ICE withdrew apart, and what records lead to expect.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``jurisdiction``, ``state``, ``detainers_issued``, ``expected``, ``withdrawn``.
    """
    data = rows[["jurisdiction", "state", "detainers_issued", "expected", "withdrawn"]].iloc[::-1]
    figure, axes = open_chart(
        4.8,
        _ten_title(rows),
        "press accounts of ICE's report for 28 January to 3 February 2017 (issued, not declined); ICE's correction;"
        " expected: a county's share of the detainers of October 2014 to July 2015, times those of the week",
        measure="Number of detainers issued in the week (bar), expected from older records (hollow dot)",
    )
    at = range(len(data))
    axes.barh(at, data["detainers_issued"], color=[PALE if gone else BLUE for gone in data["withdrawn"]])
    axes.plot(data["expected"], at, "o", color=INK, markerfacecolor="white", markeredgewidth=1.5, markersize=7)
    said = [
        f"{row.detainers_issued}, expected {row.expected:.1f}" + (", withdrawn by ICE" if row.withdrawn else "")
        for row in data.itertuples()
    ]
    axes.set_xlim(-1, data["detainers_issued"].max() * (1.05 if is_narrow() else 1.35))
    bars_only(axes)
    ends = data[["detainers_issued", "expected"]].max(axis=1)
    name_rows(axes, data["jurisdiction"] + ", " + data["state"], said, ends, xytext=(8, 0))
    return Drawing(figure, data)


def _ten_title(rows: pd.DataFrame) -> str:
    """How many counties lie above what is expected of them, and how many ICE withdrew."""
    above = int(rows["detainers_issued"].gt(rows["expected"]).sum())
    return (
        f"{above} of {len(rows)} listed counties lie above what older records lead to expect;"
        f" ICE withdrew {int(rows['withdrawn'].sum())}"
    )


@drawn_at_both_widths
def declines_by_place(rows: pd.DataFrame, recorded: int) -> Drawing:
    """Declines of one report by state, Travis County apart, with the part that no account places.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group`` and ``declined``; the group ``"not placed"`` closes the gap to `recorded`.
    recorded : int
        Declines recorded in the report.
    """
    data = rows.sort_values("declined", kind="stable")
    share = data.loc[data["group"].str.startswith("Travis"), "declined"].sum() / recorded
    figure, axes = open_chart(
        5.0,
        f"Travis County, Texas, accounts for {share:.0%} of the {recorded} declines of the first week",
        "press accounts of ICE's report for 28 January to 3 February 2017",
        measure="Number of detainers recorded as declined in the week, by state",
    )
    colours = [
        VERMILION if group.startswith("Travis") else PALE if group == "not placed" else BLUE for group in data["group"]
    ]
    axes.barh(range(len(data)), data["declined"], color=colours)
    axes.set_xlim(0, data["declined"].max() * 1.1)
    bars_only(axes)
    name_rows(axes, data["group"], [str(count) for count in data["declined"]], data["declined"])
    return Drawing(figure, data)


@drawn_at_both_widths
def three_weeks(weeks: pd.DataFrame, p_value: float) -> Drawing:
    """Declines of the three reports: Travis County, elsewhere, and elsewhere but withdrawn by ICE.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``report``, ``travis``, ``elsewhere``, ``kept``.
    p_value : float
        Of the test that the weeks elsewhere have one rate.
    """
    figure, axes = open_chart(
        4.4,
        _weeks_title(weeks, p_value),
        "press accounts of ICE's three weekly reports, and ICE's corrections of April 2017",
        measure="Number of detainers recorded as declined, by week of 2017",
    )
    if is_narrow():
        set_height(figure, words_height(figure) + 3.4)
    labels = ["28 Jan to 3 Feb", "4 to 10 Feb", "11 to 17 Feb"]
    width, size = (0.94, 9) if is_narrow() else (0.55, 10.5)
    if is_narrow():
        labels = ["28 Jan\nto 3 Feb", "4 to 10\nFeb", "11 to 17\nFeb"]
    gone = weeks["elsewhere"] - weeks["kept"]
    axes.bar(labels, weeks["kept"], width, color=BLUE)
    axes.bar(labels, gone, width, bottom=weeks["kept"], color=SKY)
    axes.bar(labels, weeks["travis"], width, bottom=weeks["elsewhere"], color=VERMILION)
    for position, row in enumerate(weeks.itertuples()):
        inside = row.travis > 20
        axes.annotate(
            f"{row.kept} elsewhere", (position, row.kept / 2), ha="center", va="center", color="white", fontsize=size
        )
        if row.elsewhere > row.kept:
            middle = (row.elsewhere + row.kept) / 2
            words = f"{row.elsewhere - row.kept} withdrawn" + ("" if is_narrow() else " by ICE")
            axes.annotate(words, (position, middle), ha="center", va="center", color=INK, fontsize=min(size, 9.5))
        axes.annotate(
            f"{row.travis} Travis" + ("" if is_narrow() else " County"),
            (position, row.elsewhere + (row.travis / 2 if inside else row.travis + 8)),
            ha="center",
            va="center",
            color="white" if inside else VERMILION,
            fontsize=size,
        )
    axes.set_ylim(0, weeks["declined"].max() * 1.05)
    no_value_axis(axes)
    axes.tick_params(axis="x", length=0)
    return Drawing(figure, weeks)


def _weeks_title(weeks: pd.DataFrame, p_value: float) -> str:
    """Whether the weeks elsewhere differ, and the range that they span."""
    verb = "cannot be told apart" if p_value >= 0.05 else "differ"
    low, high = weeks["kept"].min(), weeks["elsewhere"].max()
    return f"Outside Travis County the three weeks {verb}: {low} to {high} declines each"
