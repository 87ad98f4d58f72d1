"""The canvas of every chart: a title that states the finding, measure and unit below it, the source.

Every chart is drawn at two widths: for a screen and, by the same function, for a phone.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import ParamSpec

import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from detainer_analysis.figures.style import GREY, STYLE

WIDE, NARROW = 8.0, 3.3  # inches
P = ParamSpec("P")
_WIDTH = ContextVar("width of the charts that are drawn", default=WIDE)


@dataclass(frozen=True)
class Drawing:
    """A closed figure and the tidy table of what it shows; `narrow` draws the figure for a phone."""

    figure: Figure
    data: pd.DataFrame
    narrow: Callable[[], Figure] | None = None


def drawn_at_both_widths(draw: Callable[P, Drawing]) -> Callable[P, Drawing]:
    """Let `draw`, which draws one chart, draw it for a phone too, once that is asked for."""

    @functools.wraps(draw)
    def wide(*args: P.args, **settings: P.kwargs) -> Drawing:
        def narrow() -> Figure:
            before = _WIDTH.set(NARROW)
            try:
                return draw(*args, **settings).figure
            finally:
                _WIDTH.reset(before)

        return replace(draw(*args, **settings), narrow=narrow)

    return wide


def is_narrow() -> bool:
    """Whether the chart that is drawn now is one for a phone."""
    return _WIDTH.get() == NARROW


PROJECT = "detainer-analysis"
TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 13, 10.5, 8.5
LINE_HEIGHT = 1.2  # of the type size, as matplotlib sets lines
NARROW_BODY = 2.5  # inches between subtitle and source, where a chart does not ask for more
MEASURE = "measure"  # marks the subtitle among the words of a figure


def open_chart(height: float, title: str, source: str, measure: str) -> tuple[Figure, Axes]:
    """An empty chart whose title states the finding.

    Parameters
    ----------
    height : float
        Inches; a chart for a phone finds its own.
    title : str
        The finding; no line of it is left with a single word.
    source : str
        Whose data, in words, not names of files; the project's name follows it in the picture.
    measure : str
        What is measured and in which unit, below the title.
    """
    mpl.rcdefaults()
    mpl.rcParams.update(STYLE)
    width = _WIDTH.get()
    figure, axes = plt.subplots(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.1))
    figure.suptitle(fill(title, int(9 * width) - 1), x=0.01, ha="left", fontsize=TITLE_SIZE, fontweight="bold")
    lines = fill(measure, int(12.5 * width))
    figure.text(0.01, 1, lines, ha="left", va="top", fontsize=SUBTITLE_SIZE, gid=MEASURE)
    origin = fill(f"Source: {source}\N{NO-BREAK SPACE}|\N{NO-BREAK SPACE}{PROJECT}", int(14 * width))
    figure.supxlabel(origin, x=0.01, ha="left", fontsize=SOURCE_SIZE, color=GREY)
    set_height(figure, words_height(figure) + NARROW_BODY if is_narrow() else height)
    plt.close(figure)
    return figure, axes


def measure_of(figure: Figure) -> Text:
    """The subtitle."""
    return next(text for text in figure.texts if text.get_gid() == MEASURE)


def _inches(text: str, size: float) -> float:
    return (text.count("\n") + 1) * size * LINE_HEIGHT / 72


def words_height(figure: Figure) -> float:
    """Inches that title, subtitle and source take."""
    sizes = (TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE)
    words = (figure.get_suptitle(), measure_of(figure).get_text(), figure.get_supxlabel())
    return 0.3 + sum(_inches(text, size) for text, size in zip(words, sizes, strict=True))


def set_height(figure: Figure, height: float) -> None:
    """Give a figure its height in inches, and its subtitle a place below the title."""
    figure.set_size_inches(figure.get_figwidth(), height)
    measure, engine = measure_of(figure), figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    room = (_inches(measure.get_text(), SUBTITLE_SIZE) + 0.5 * SUBTITLE_SIZE / 72) / height
    engine.set(rect=(0, 0, 1, 1 - room))
    above = engine.get()["h_pad"] + 0.03 + _inches(figure.get_suptitle(), TITLE_SIZE)
    measure.set_y(1 - above / height)


def fill(text: str, width: int) -> str:
    """`text` in lines of at most `width` characters, about equally long, so that none holds a word alone."""
    lines = textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)
    best = lines
    for narrower in range(width - 1, 0, -1):
        tried = textwrap.wrap(text, narrower, break_on_hyphens=False, break_long_words=False)
        if len(tried) > len(lines):
            break
        best = tried
    return "\n".join(best)


def open_panels(count: int, height: float, title: str, source: str, measure: str) -> tuple[Figure, list[Axes]]:
    """Charts that share their axes, under one title: side by side, on a phone one below the other."""
    figure, axes = open_chart(height, title, source, measure)
    figure.delaxes(axes)
    shape = (count, 1) if is_narrow() else (1, count)
    if is_narrow():
        set_height(figure, words_height(figure) + NARROW_BODY * 0.8 * count)
    return figure, list(figure.subplots(*shape, sharex=True, sharey=True, squeeze=False).flat)
