"""The look that all charts share: colours, sizes, labels and dollars."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

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
    "axes.labelcolor": INK,
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
    "xtick.color": INK,
    "xtick.labelsize": 11,
    "xtick.major.size": 6,
    "xtick.major.width": 1.25,
    "xtick.minor.size": 4,
    "xtick.minor.width": 1,
    "ytick.color": INK,
    "ytick.labelsize": 11,
    "ytick.major.size": 6,
    "ytick.major.width": 1.25,
    "ytick.minor.size": 4,
    "ytick.minor.width": 1,
}


def label_point(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Write `text` beside a point; `style` goes to ``Axes.annotate``."""
    settings: dict[str, Any] = {"va": "center", "ha": "left", "xytext": (5, 0), "textcoords": "offset points"} | style
    axes.annotate(text, (x, y), **settings)


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
