"""Names of rows, words beside marks, and the axes that a chart does without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from detainer_analysis.figures.canvas import LINE_HEIGHT, fill, is_narrow, set_height, words_height
from detainer_analysis.figures.style import label_point

NAME_SIZE = 9.5


def name_rows(
    axes: Axes,
    names: Sequence[str],
    said: Sequence[str] | None = None,
    at: Sequence[float] | None = None,
    positions: Sequence[float] | None = None,
    head: float = 0,
    **style: Any,
) -> None:
    """Name the rows of a chart, and say beside each mark what it stands for.

    In a chart for a phone both stand above the mark of the row, which leaves the whole width to the marks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where the rows are drawn already.
    names : sequence of str
        From the lowest row to the highest.
    said : sequence of str, optional
        The words beside each mark.
    at : sequence of float, optional
        Where on the horizontal axis those words start.
    positions : sequence of float, optional
        Heights of the rows; by default 0, 1, 2 and so on.
    head : float, optional
        Points that a chart for a phone leaves free above the highest row.
    **style
        Goes to `label_point` for the words beside marks.
    """
    heights = list(range(len(names)) if positions is None else positions)
    bare_rows(axes)
    if not is_narrow():
        axes.set_yticks(heights, names)
        if at is not None and said is not None:
            for x, y, words in zip(at, heights, said, strict=True):
                label_point(axes, x, y, words, **style)
        return
    axes.set_yticks([])
    both = zip_longest(names, [] if said is None else said)
    lines = [fill(name if words is None else _joined(name, words), 42) for name, words in both]
    name_height = NAME_SIZE * LINE_HEIGHT * (max(line.count("\n") for line in lines) + 1)
    pitch, mark = name_height + 24, 12  # points
    for bar in (bar for container in axes.containers for bar in container if isinstance(bar, mpl.patches.Rectangle)):
        middle = bar.get_y() + bar.get_height() / 2
        bar.set(height=mark / pitch, y=middle - mark / pitch / 2)
    for line, y in zip(lines, heights, strict=True):
        axes.annotate(
            line,
            (0, y),
            xycoords=axes.get_yaxis_transform(),
            xytext=(0, mark / 2 + 4),
            textcoords="offset points",
            va="bottom",
            fontsize=NAME_SIZE,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    low, high = min(heights) - (mark + 4) / pitch, max(heights) + (mark + name_height + head) / pitch
    axes.set_ylim(low, high)
    ticks = 0.5 if len(axes.get_xticks()) else 0
    figure = axes.get_figure(root=True)
    assert figure is not None
    set_height(figure, words_height(figure) + (high - low) * pitch / 72 + ticks)


def _joined(name: str, words: str) -> str:
    return f"{' '.join(name.split())}{';' if ':' in name else ':'} {words}"


def bare_rows(axes: Axes) -> None:
    """No line and no ticks on the left: names or bars say where a row is."""
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def no_value_axis(axes: Axes) -> None:
    """No axis on the left: the columns carry their numbers."""
    axes.set_yticks([])
    bare_rows(axes)


def label_months(axes: Axes, months: Sequence[str]) -> None:
    """Name every third month below the points 0, 1, 2 and so on; on a phone three at the most."""
    step = 3 * math.ceil(len(months) / 9) if is_narrow() else 3
    axes.set_xticks(range(0, len(months), step), list(months)[::step])


def short_year(year: int) -> str:
    """A year as a chart has room for it: ``"2014"``, on a phone ``"'14"``."""
    return f"'{year % 100:02}" if is_narrow() else f"{year}"


def bars_only(axes: Axes) -> None:
    """No value axis: the bars carry their numbers."""
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    bare_rows(axes)
