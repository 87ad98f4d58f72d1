"""Dot maps of counties: a county without a dot has no row in the records, which is not a zero.

Dots are pixels in vector files, too: thousands of circles take half a megabyte.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import bars_only
from detainer_analysis.figures.style import BLUE, ORANGE, PALE, SKY, VERMILION

LEAST = 10  # detainers of a county whose share is drawn
# Shares from 0, below a quarter, below a half, a half or more; the largest class is the darkest.
CLASSES = {
    "none": (-1, 0, SKY),
    "under 25%": (0, 25, BLUE),
    "25 to 50%": (25, 50, ORANGE),
    "50% or more": (50, 101, VERMILION),
}


@drawn_at_both_widths
def declines_by_county(counties: pd.DataFrame, borders: pd.DataFrame) -> Drawing:
    """A dot for every county with a recorded decline; its area is the number of declines.

    Parameters
    ----------
    counties : pandas.DataFrame
        ``county_fips``, ``x``, ``y``, ``declined``.
    borders : pandas.DataFrame
        ``line``, ``point``, ``x``, ``y``.
    """
    data = counties[counties["declined"].gt(0)].sort_values("declined", ascending=False, ignore_index=True)
    most = data["declined"].head(10).sum() / data["declined"].sum() * 100
    figure, axes = open_chart(
        5.6,
        f"{len(data)} counties have a recorded decline; ten of them have {most:.0f} percent of all that can be placed",
        "ICE records via NPR, October 2007 to 19 July 2015; shapes: Census Bureau via us-atlas",
        measure="Number of detainers recorded as declined by county, as the area of a dot",
    )
    _draw_land(axes, borders)
    scale = _points_per(data["declined"].max())
    dots: dict[str, Any] = {"alpha": 0.55, "linewidth": 0.5, "clip_on": False, "rasterized": True}
    axes.scatter(data["x"], data["y"], data["declined"] * scale, VERMILION, **dots)
    sizes = [size for size in (10, 100, 1000) if size <= data["declined"].max()]
    for size in sizes:
        axes.scatter([], [], s=size * scale, color=VERMILION, alpha=0.55, label=f"{size:,}")
    _place_legend(axes)
    return Drawing(figure, data[["county_fips", "x", "y", "declined"]])


@drawn_at_both_widths
def shares_by_county(counties: pd.DataFrame, borders: pd.DataFrame) -> Drawing:
    """A dot for every county with ten or more detainers, its area their number, its colour the share declined.

    Parameters
    ----------
    counties : pandas.DataFrame
        ``county_fips``, ``x``, ``y``, ``detainers``, ``declined``.
    borders : pandas.DataFrame
        ``line``, ``point``, ``x``, ``y``.
    """
    data = counties[counties["detainers"].ge(LEAST)].sort_values("detainers", ascending=False, ignore_index=True)
    data = data.assign(declined_percent=(data["declined"] / data["detainers"] * 100).astype(float))
    shares = data["declined_percent"]
    figure, axes = open_chart(
        5.6,
        f"In {shares.ge(50).sum()} of {len(data)} counties at least half of the detainers are recorded as declined"
        f" (vermilion); in {shares.eq(0).sum()} none is",
        f"ICE workbook, October 2014 to 19 July 2015; counties with {LEAST} or more detainers; shapes: Census Bureau"
        " via us-atlas",
        measure="Percent of a county's detainers recorded as declined (colour); number of detainers (area)",
    )
    _draw_land(axes, borders)
    scale = _points_per(data["detainers"].max())
    dots: dict[str, Any] = {"alpha": 0.7, "linewidth": 0.5, "clip_on": False, "rasterized": True}
    for name, (low, high, colour) in CLASSES.items():
        own = data[shares.eq(0) if high == 0 else shares.between(low, high, inclusive="left") & shares.gt(0)]
        axes.scatter(own["x"], own["y"], own["detainers"] * scale + 3, colour, **dots)
        axes.scatter([], [], s=40, color=colour, alpha=0.7, label=name)
    _place_legend(axes)
    return Drawing(figure, data[["county_fips", "x", "y", "detainers", "declined", "declined_percent"]])


def _draw_land(axes: Axes, borders: pd.DataFrame) -> None:
    lines = [line[["x", "y"]].to_numpy() for _, line in borders.groupby("line")]
    axes.add_collection(LineCollection(lines, colors=PALE, linewidths=0.5 if is_narrow() else 0.8))
    axes.set_xlim(0, borders["x"].max())
    axes.set_ylim(borders["y"].max(), 0)
    axes.set_aspect("equal")
    bars_only(axes)
    axes.set_yticks([])


def _points_per(largest: int) -> float:
    """Area of a dot in square points for one detainer: the largest dot spans a fifteenth of the map."""
    return (20 if is_narrow() else 38) ** 2 / largest


def _place_legend(axes: Axes) -> None:
    columns = 2 if is_narrow() else 4
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=columns, handletextpad=1.2, frameon=False)
