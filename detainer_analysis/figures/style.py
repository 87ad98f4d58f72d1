"""The look that all charts share: colours, sizes, a canvas whose title states the finding, labels and dollars."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

# Okabe and Ito's colours, told apart by readers with any common colour-vision deficiency; vermilion is darker
# than theirs (#D55E00), so that white words on it, and words in it on white, have enough contrast.
BLUE, ORANGE, GREEN, VERMILION, SKY = "#0072B2", "#E69F00", "#009E73", "#C04F00", "#56B4E9"


INK, GREY, PALE = "#222222", "#767676", "#C9C9C9"


HOLDS_COLOURS = {
    "recounted": BLUE,
    "independently stated": BLUE,
    "shown in the document": SKY,
    "recounted from the same data": SKY,
    "within bounds": GREEN,
    "in part": GREEN,
    "disputed": ORANGE,
    "contradicted": VERMILION,
    "not comparable": PALE,
    "not testable": PALE,
}


STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": "0.15",
    "axes.labelsize": 12,
    "axes.linewidth": 1.25,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "figure.dpi": 120,
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "legend.fontsize": 11,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "white",
    "patch.force_edgecolor": True,
    "savefig.dpi": 120,
    "svg.fonttype": "path",
    "svg.hashsalt": "detainer-analysis",
    "text.color": INK,
    "xtick.color": "0.15",
    "xtick.labelsize": 11,
    "xtick.major.size": 6,
    "xtick.major.width": 1.25,
    "xtick.minor.size": 4,
    "xtick.minor.width": 1,
    "ytick.color": "0.15",
    "ytick.labelsize": 11,
    "ytick.major.size": 6,
    "ytick.major.width": 1.25,
    "ytick.minor.size": 4,
    "ytick.minor.width": 1,
}


WIDTH = 8.0


@dataclass(frozen=True)
class Drawing:
    """A closed figure and the tidy table of what it shows."""

    figure: Figure
    data: pd.DataFrame


PROJECT = "detainer-analysis"
TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 13, 10.5, 8.5
LINE_HEIGHT = 1.2  # of the type size, as matplotlib sets lines


def open_chart(height: float, title: str, source: str, width: float = WIDTH, measure: str = "") -> tuple[Figure, Axes]:
    """An empty chart whose title states the finding.

    Parameters
    ----------
    height, width : float
        Inches.
    title : str
        The finding; no line of it is left with a single word.
    source : str
        Whose data, in words, not names of files; the project's name follows it in the picture.
    measure : str, optional
        What is measured and in which unit, on one line below the title.
    """
    mpl.rcdefaults()
    mpl.rcParams.update(STYLE)
    lines, room = fill(title, int(9 * width)), 1.7 * SUBTITLE_SIZE / 72 / height if measure else 0
    engine = ConstrainedLayoutEngine(w_pad=0.1, rect=(0, 0, 1, 1 - room))
    figure, axes = plt.subplots(figsize=(width, height), layout=engine)
    figure.suptitle(lines, x=0.01, ha="left", fontsize=TITLE_SIZE, fontweight="bold")
    if measure:
        title_height = (lines.count("\n") + 1) * TITLE_SIZE * LINE_HEIGHT / 72
        below = 1 - (engine.get()["h_pad"] + 0.03 + title_height) / height
        figure.text(0.01, below, measure, ha="left", va="top", fontsize=SUBTITLE_SIZE)
    origin = textwrap.fill(f"Source: {source} | {PROJECT}", int(14.5 * width), break_on_hyphens=False)
    figure.supxlabel(origin, x=0.01, ha="left", fontsize=SOURCE_SIZE, color=GREY)
    plt.close(figure)
    return figure, axes


def fill(title: str, width: int) -> str:
    """`title` in lines of at most `width` characters, about equally long, so that none holds a word alone."""
    lines = textwrap.wrap(title, width)
    for narrower in range(width, 0, -1):
        tried = textwrap.wrap(title, narrower)
        if len(tried) > len(lines):
            break
        best = tried
    return "\n".join(best)


def label_point(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Write `text` beside a point; `style` goes to ``Axes.annotate``."""
    settings: dict[str, Any] = {"va": "center", "ha": "left", "xytext": (5, 0), "textcoords": "offset points"} | style
    axes.annotate(text, (x, y), **settings)


def bars_only(axes: Axes) -> None:
    """No value axis: the bars carry their numbers."""
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])


def dollars_in_words(value: float, _: object = None) -> str:
    """Dollars in words: ``"$1.5 million"``."""
    for power, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if value >= power:
            return f"${value / power:g} {name}"
    return f"${value:g}"


def dollar_ticks(value: float, _: object = None) -> str:
    """Dollars for an axis: ``"$10k"``, ``"$1M"``."""
    for power, name in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= power:
            return f"${value / power:g}{name}"
    return f"${value:g}"


def log_dollar_axis(axes: Axes) -> None:
    """A logarithmic axis of dollars with one label for each power of ten."""
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(dollar_ticks))
    axes.minorticks_off()


def dollars_rounded(value: float) -> str:
    """Dollars to three significant digits: ``"$331,000"``."""
    return f"${float(f'{value:.3g}'):,.0f}"


def open_panels(
    rows: int, columns: int, height: float, title: str, source: str, measure: str = ""
) -> tuple[Figure, np.ndarray]:
    """A grid of charts that share their axes, under one title, with a source line below."""
    figure, axes = open_chart(height, title, source, measure=measure)
    figure.delaxes(axes)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    return figure, grid
