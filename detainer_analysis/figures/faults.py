"""What keeps a reader from reading the words of a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from detainer_analysis.figures.canvas import MEASURE, NARROW

SMALLEST_POINTS, SMALLEST_PIXELS = 8, 12
PHONE = 340  # CSS pixels that the site leaves for a figure on a screen of 390


def faults(figure: Figure) -> list[str]:
    """What keeps a reader from reading the words of a figure; empty if nothing does.

    A figure has a subtitle with measure and unit, and no last line of a single word. Every word that is drawn is
    measured with the renderer: it must lie on the canvas, touch no other words, be set in 8 points or more, on a
    phone in 12 CSS pixels or more, and differ from what lies under it, be it a fifth of the place, by a contrast
    ratio of 4.5 or more (WCAG 2.2, success criterion 1.4.3). The ground that some words have of their own covers no
    mark.
    """
    settle(figure)
    canvas = FigureCanvasAgg(figure)
    drawn = [text for text in figure.findobj(Text) if _is_drawn(text, figure)]
    inks = [text.get_alpha() for text in drawn]
    for text in drawn:
        text.set_alpha(0)  # hidden words would change the layout
    canvas.draw()
    for text, ink in zip(drawn, inks, strict=True):
        text.set_alpha(ink)
    boxes = [text.get_window_extent(canvas.get_renderer()).padded(-1) for text in drawn]
    ground = np.asarray(canvas.buffer_rgba())[::-1].view(np.uint32)[..., 0]
    height, width = ground.shape
    found = _faults_of_lines(figure) + _cut_marks(figure)
    for number, (text, box) in enumerate(zip(drawn, boxes, strict=True)):
        words = repr(text.get_text())
        if box.x0 < -2 or box.y0 < -2 or box.x1 > width + 2 or box.y1 > height + 2:
            found.append(f"{words} is clipped")
        points, pixels = float(text.get_fontsize()), pixels_on_a_phone(text, figure)
        if points < SMALLEST_POINTS:
            found.append(f"{words} is set in {points:g} points")
        elif figure.get_figwidth() == NARROW and pixels < SMALLEST_PIXELS:
            found.append(f"{words} is set in {pixels:.1f} pixels on a phone")
        found += [
            f"{words} overlaps {other.get_text()!r}"
            for other, place in zip(drawn[number + 1 :], boxes[number + 1 :], strict=True)
            if box.overlaps(place)
        ]
        under = ground[max(int(box.y0), 0) : int(box.y1) + 1, max(int(box.x0), 0) : int(box.x1) + 1].ravel()
        colours, times = np.unique(under, return_counts=True)
        if not len(under):
            continue
        wide = colours[times >= min(len(under) / 5, times.max())]  # a thin line under a word is none
        ratio = min(
            contrast(text.get_color(), tuple(colour.view(np.uint8)[:3] / 255)) for colour in wide.reshape(-1, 1)
        )
        if ratio < 4.5:
            found.append(f"{words} has a contrast of {ratio:.1f}")
    return found


def settle(figure: Figure) -> None:
    """Lay a figure out once, and keep its words where they are: each further drawing takes a third of the time."""
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
        figure.set_layout_engine(None)  # "none" would leave an engine that has each drawing done twice


def pixels_on_a_phone(text: Text, figure: Figure) -> float:
    """Size of the type in CSS pixels where a screen of 390 pixels shows the figure."""
    return float(text.get_fontsize()) * PHONE / (72 * figure.get_figwidth())


def _faults_of_lines(figure: Figure) -> list[str]:
    measures = [text.get_text() for text in figure.texts if text.get_gid() == MEASURE]
    lines = [figure.get_suptitle(), *measures, figure.get_supxlabel()]
    found = [f"{words!r} ends in a line of one word" for words in lines if re.search(r"\n\S+$", words)]
    return found if any(measures) else [*found, "there is no subtitle with measure and unit"]


def _cut_marks(figure: Figure) -> list[str]:
    """Words whose own ground covers a bar, a dot or a stroke of a row."""
    return [
        f"{text.get_text()!r} covers a mark"
        for axes in figure.axes
        for text in axes.texts
        if (ground := text.get_bbox_patch()) is not None
        and any(ground.get_window_extent().padded(-0.5).overlaps(mark) for mark in _marks(axes))
    ]


def _marks(axes: Axes) -> Iterator[Bbox]:
    """Where bars, dots and strokes along a row lie, in pixels; lines that mark a value cross rows, and are none."""
    pixels = axes.get_figure(root=True).dpi / 72  # pyrefly: ignore[missing-attribute]
    for bar in (bar for container in axes.containers for bar in container if isinstance(bar, Rectangle)):
        yield bar.get_window_extent()
    for line in axes.lines:
        half = line.get_markersize() * pixels / 2
        if line.get_marker() not in ("None", "", None) and line.get_transform() == axes.transData:
            for x, y in axes.transData.transform(line.get_xydata()):
                yield Bbox.from_extents(x - half, y - half, x + half, y + half)
    for stroke in (part for part in axes.collections if isinstance(part, LineCollection)):
        for (x0, y0), (x1, y1) in (axes.transData.transform(ends) for ends in stroke.get_segments()):
            half = np.atleast_1d(stroke.get_linewidth())[0] * pixels / 2
            if y0 == y1:
                yield Bbox.from_extents(x0, y0 - half, x1, y1 + half)


def _is_drawn(text: Text, figure: Figure) -> bool:
    """Whether there are words; matplotlib keeps, but does not draw, tick labels beyond the limits of an axis."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if text is tick.label1 and not low <= tick.get_loc() <= high:
                    return False
    return bool(text.get_text()) and text.get_visible()


def contrast(colour: Any, other: Any) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""

    def luminance(value: Any) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(value)]
        return float(np.dot(parts, [0.2126, 0.7152, 0.0722]))

    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)
