"""Charts of the first weekly reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from detainer_analysis.figures.style import BLUE, INK, PALE, VERMILION, Drawing, bars_only, label_point, open_chart


def ten_counties(rows: pd.DataFrame, national: int) -> Drawing:
    """Detainers issued to the ten counties of Section I, the entries that ICE withdrew set apart.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``jurisdiction``, ``state``, ``detainers_issued``, ``withdrawn``.
    national : int
        Detainers issued in the country in the same week.
    """
    data = rows[["jurisdiction", "state", "detainers_issued", "withdrawn"]].iloc[::-1]
    kept = data.loc[~data["withdrawn"], "detainers_issued"].sum()
    figure, axes = open_chart(
        4.8,
        f"ICE withdrew four of its ten counties: {kept} of {national:,} detainers remain",
        "ICE, Declined Detainer Outcome Report for 28 January to 3 February 2017, by press accounts;\n"
        "correction posted by ICE. Detainers issued, not declined.",
    )
    names = data["jurisdiction"] + ", " + data["state"]
    colours = [PALE if gone else BLUE for gone in data["withdrawn"]]
    axes.barh(names, data["detainers_issued"], color=colours)
    for position, (count, gone) in enumerate(zip(data["detainers_issued"], data["withdrawn"], strict=True)):
        label_point(axes, count, position, f"{count}" + ("  withdrawn by ICE" if gone else ""))
    axes.set_xlim(0, data["detainers_issued"].max() * 1.15)
    bars_only(axes)
    return Drawing(figure, data)


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
    share = data["declined"].max() / recorded
    figure, axes = open_chart(
        5.0,
        f"Travis County, Texas, accounts for {share:.0%} of the {recorded} declines of the first week",
        "press accounts of ICE's report for 28 January to 3 February 2017",
    )
    colours = [
        VERMILION if group.startswith("Travis") else PALE if group == "not placed" else BLUE for group in data["group"]
    ]
    axes.barh(data["group"], data["declined"], color=colours)
    for position, count in enumerate(data["declined"]):
        label_point(axes, count, position, str(count))
    axes.set_xlim(0, data["declined"].max() * 1.1)
    bars_only(axes)
    return Drawing(figure, data)


def three_weeks(weeks: pd.DataFrame, rates: pd.DataFrame) -> Drawing:
    """Declines of the three reports, Travis County apart, with Poisson intervals for everywhere else.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``report``, ``travis``, ``elsewhere``.
    rates : pandas.DataFrame
        Indexed by report: ``low`` and ``high`` of the rate elsewhere.
    """
    figure, axes = open_chart(
        4.4,
        "Outside Travis County the three weeks look alike",
        "press accounts of ICE's three weekly reports; bars: exact 95% Poisson intervals for elsewhere",
    )
    labels = ["28 Jan to 3 Feb", "4 to 10 Feb", "11 to 17 Feb 2017"]
    axes.bar(labels, weeks["elsewhere"], width=0.55, color=BLUE)
    axes.bar(labels, weeks["travis"], width=0.55, bottom=weeks["elsewhere"], color=VERMILION)
    axes.vlines(np.arange(len(weeks)) - 0.2, rates["low"], rates["high"], color=INK, linewidth=1.6)
    for position, (here, there) in enumerate(zip(weeks["travis"], weeks["elsewhere"], strict=True)):
        axes.annotate(f"{there} elsewhere", (position, there / 2), ha="center", va="center", color="white")
        axes.annotate(
            f"{here} Travis County",
            (position, there + here / 2 if here > 20 else there + here + 18),
            ha="center",
            va="center",
            color="white" if here > 20 else VERMILION,
        )
    axes.set_ylabel("detainers recorded as declined")
    axes.set_ylim(0, 215)
    axes.tick_params(axis="x", length=0)
    return Drawing(figure, weeks.assign(low=rates["low"].to_numpy(), high=rates["high"].to_numpy()))
