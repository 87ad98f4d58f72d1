"""Charts of the Inspector General's total."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.style import BLUE, GREY, PALE, VERMILION, Drawing, open_chart


def ladder(rungs: pd.DataFrame) -> Drawing:
    """Published totals of declined detainers since January 2014, by the last day they cover.

    Parameters
    ----------
    rungs : pandas.DataFrame
        ``period_end``, ``value``, ``qualifier``, ``label``.
    """
    figure, axes = open_chart(
        4.8,
        "The published totals rise in the right order, but do not count the same thing",
        "see the table of sources in notebook 02; hollow marks are lower bounds",
    )
    starts = pd.Timestamp("2014-01-01")
    path = rungs[~rungs["label"].str.contains("June 2015")]
    axes.plot([starts, *path["period_end"]], [0, *path["value"]], color=PALE, linewidth=1.5, zorder=1)
    for row in rungs.itertuples():
        bound = row.qualifier == "more than"
        axes.plot(
            row.period_end,
            row.value,
            "o",
            markersize=9,
            markeredgewidth=2,
            color=BLUE,
            markerfacecolor="white" if bound else BLUE,
        )
        # Rungs that are lower bounds are labelled to the left, the others below and to the right.
        left = bound
        crowded = "ICE records" in row.label
        axes.annotate(
            f"{'more than ' if bound else ''}{row.value:,.0f}\n{row.label}",
            (row.period_end, row.value),
            xytext=(-12, 4) if left else (12, -26 if crowded else 2),
            textcoords="offset points",
            ha="right" if left else "left",
            va="bottom" if left else "top",
            fontsize=9.5,
        )
    axes.set_ylim(0, 34000)
    axes.set_xlim(starts, pd.Timestamp("2017-10-01"))
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylabel("detainers declined since January 2014")
    return Drawing(figure, rungs[["period_end", "value", "qualifier", "label"]])


def last_step(table: pd.DataFrame, found: float) -> Drawing:
    """Declines that recorded refusals suggest for the last twenty months, against the ladder's last step.

    Parameters
    ----------
    table : pandas.DataFrame
        ``assumption``, ``low``, ``high``.
    found : float
        Declines in the step, at least.
    """
    data = table.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        3.9,
        f"Other records suggest fewer than the last step's {found:,.0f} declines",
        "Texas Tribune and Inspector General totals; TRAC refusal share; ICE weekly reports",
    )
    for position, row in enumerate(data.itertuples()):
        middle = (row.low + row.high) / 2
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=7)
        axes.plot(middle, position, "o", color=BLUE, markersize=8)
        text = f"{row.low:,.0f}" if row.high - row.low < 1 else f"{row.low:,.0f} to {row.high:,.0f}"
        axes.annotate(text, (middle, position), xytext=(0, 10), textcoords="offset points", ha="center", fontsize=9.5)
    axes.axvline(found, color=VERMILION, linewidth=2)
    axes.annotate(
        f"{found:,.0f} or more",
        (found, len(data) - 0.45),
        xytext=(-6, 0),
        textcoords="offset points",
        color=VERMILION,
        ha="right",
        va="center",
    )
    axes.set_yticks(range(len(data)), data["assumption"])
    axes.set_ylim(-0.6, len(data) - 0.2)
    axes.set_xlim(0, found * 1.1)
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("declines from October 2015 to May 2017")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def decliners(table: pd.DataFrame) -> Drawing:
    """Counts of places that declined, by unit and period.

    Parameters
    ----------
    table : pandas.DataFrame
        ``unit_counted``, ``value``, ``period_start``, ``period_end``, ``months``.
    """
    data = table.sort_values("period_end", ascending=False, kind="stable").reset_index(drop=True)
    figure, axes = open_chart(
        4.0,
        "675 could be counties, agencies or facility names: each count is of that size",
        "Texas Tribune (via FAIR), ICE records (via NPR), TRAC, DHS OIG-18-36",
    )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if "Inspector" in row.unit_counted else BLUE
        axes.hlines(position, row.period_start, row.period_end, color=colour, linewidth=7)
        axes.annotate(
            f"{row.value:,.0f} in {row.months:.0f} months",
            (row.period_end, position),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(data)), data["unit_counted"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(pd.Timestamp("2013-12-01"), pd.Timestamp("2019-09-01"))
    return Drawing(figure, data)


def readings_of_jurisdiction(table: pd.DataFrame, published: float) -> Drawing:
    """Places expected under each reading of "jurisdiction", with intervals, against the published number.

    Parameters
    ----------
    table : pandas.DataFrame
        ``reading``, ``places`` (in hand), ``expected``, ``low``, ``high``.
    published : float
        The Inspector General's number.
    """
    data = table.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        4.2,
        "Of three readings only cities hold 675; facility names give more, counties fewer",
        "ICE records 2014 to July 2015 (via NPR); Chao extrapolation, 95% bootstrap intervals; OIG-18-36",
    )
    axes.axvline(published, color=VERMILION, linewidth=2)
    axes.annotate(
        f"published: about {published:.0f}",
        (published, -0.5),
        xytext=(6, 0),
        textcoords="offset points",
        color=VERMILION,
        va="center",
    )
    for position, row in enumerate(data.itertuples()):
        axes.plot(row.places, position, "o", color=BLUE, markerfacecolor="white", markeredgewidth=2, markersize=9)
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=6)
        axes.plot(row.expected, position, "o", color=BLUE, markersize=8)
        axes.annotate(
            f"{row.places:.0f} in hand",
            (row.places, position),
            xytext=(0, -18),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            color=GREY,
        )
        axes.annotate(
            f"{row.expected:.0f} expected",
            (row.expected, position),
            xytext=(0, 12),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
        )
    axes.set_yticks(range(len(data)), data["reading"])
    axes.set_ylim(-0.7, len(data) - 0.2)
    axes.set_xlim(380, 850)
    axes.set_xlabel("places with at least one decline")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)
