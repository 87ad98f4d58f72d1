"""Charts of the Inspector General's total."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.style import BLUE, GREY, SKY, VERMILION, Drawing, label_point, open_chart


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
    )
    for position, row in enumerate(data.itertuples()):
        axes.hlines(position, row.low, row.high, color=BLUE if row.high >= published else SKY, linewidth=8)
        label_point(
            axes, row.low, position, f"{row.low:,.0f} to {row.high:,.0f}", xytext=(0, 13), fontsize=9.5, ha="left"
        )
    axes.axvline(published, color=VERMILION, linewidth=2)
    label_point(
        axes,
        published,
        len(data) - 0.35,
        f"published: more than {published:,.0f}",
        xytext=(-6, 0),
        ha="right",
        color=VERMILION,
    )
    axes.set_yticks(range(len(data)), data["route"] + "\n(" + data["vintage"] + ")")
    axes.set_ylim(-0.6, len(data))
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("detainers declined, January 2014 to May 2017")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def _routes_title(table: pd.DataFrame, published: float) -> str:
    """How many routes reach the published total, and which."""
    reach = table.loc[table["high"].ge(published), "route"]
    names = f": {'; '.join(reach)}" if len(reach) else ""
    verb = "leaves" if len(reach) == 1 else "leave"
    return f"{len(reach)} of {len(table)} routes {verb} room for {published:,.0f}{names}"


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
        _decliners_title(data),
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


def _decliners_title(data: pd.DataFrame) -> str:
    """The range of the other counts and of the time they took, beside the Inspector General's."""
    inspector = data["unit_counted"].str.contains("Inspector")
    others, own = data[~inspector], data[inspector].iloc[0]
    return (
        f"Counts of other units run from {others['value'].min():.0f} to {others['value'].max():.0f} in"
        f" {others['months'].min():.0f} to {others['months'].max():.0f} months;"
        f" the Inspector General's is {own['value']:.0f} in {own['months']:.0f}"
    )


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
    )
    axes.axvspan(*published, color=VERMILION, linewidth=0)
    label_point(axes, published[1], len(data) - 0.3, "published", xytext=(6, 0), color=VERMILION)
    for position, row in enumerate(data.itertuples()):
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=5)
        axes.plot(row.expected, position, "o", color=BLUE, markersize=9)
        axes.plot(row.uncorrected, position, "|", color=GREY, markersize=18, markeredgewidth=2)
        axes.plot(row.places, position, "o", color=BLUE, markerfacecolor="white", markeredgewidth=2, markersize=9)
        words = f"{row.places:.0f} in hand; {row.uncorrected:.0f} uncorrected, {row.expected:.0f} corrected"
        label_point(axes, published[1], position, words, xytext=(6, 14), fontsize=9.5)
    axes.set_yticks(range(len(data)), data["reading"])
    axes.set_ylim(-0.7, len(data))
    axes.set_xlabel("places with at least one decline (hollow: in hand; stroke: uncorrected; dot: corrected)")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)
