"""How a figure reaches a page: saved as picture and data, displayed with its alt text and the facts of what was drawn.

The text form of the output states facts read back from the figure, so that nbval, which does not compare
pictures, compares those.
"""

from __future__ import annotations

import base64
import html
import io
import os
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from detainer_analysis.figures.canvas import Drawing
from detainer_analysis.figures.faults import faults, settle
from detainer_analysis.files import write_together

LONGEST_ALT = 300


def show(drawing: Drawing, name: str, alt: str, folder: Path | None = None) -> None:
    """Display a drawing in a notebook; in the main job, save it too.

    Parameters
    ----------
    drawing : Drawing
        What to show.
    name : str
        File name without an ending; PNG, SVG and the plotted data (CSV) get it. The figure for a phone is an SVG of
        that name and ``-narrow``.
    alt : str
        What the picture shows, for readers who do not see it; the title, which states the finding, comes first. Both
        together have at most 300 characters: the table of the data says the rest.
    folder : pathlib.Path, optional
        Where to save; by default the folder in the environment variable ``DETAINER_FIGURES``, which the main job
        sets. Without either nothing is saved, so that a notebook run by hand leaves ``figures/`` alone.

    Raises
    ------
    ValueError
        If the drawing, or the one for a phone where it is saved, has `faults`, or if the alt text is too long;
        nothing is saved then.
    """
    target = folder or os.environ.get("DETAINER_FIGURES")
    alt = f"{_finding(drawing.figure)}. {alt}"
    picture = _png(drawing.figure)
    phone = drawing.narrow() if target and drawing.narrow else None
    for figure in filter(None, (drawing.figure, phone)):
        if found := faults(figure):
            raise ValueError(f"figure {name}: {'; '.join(found)}")
    if len(alt) > LONGEST_ALT:
        raise ValueError(f"figure {name}: the alt text has {len(alt)} characters, more than {LONGEST_ALT}: {alt}")
    if target:
        Path(target).mkdir(parents=True, exist_ok=True)
        files: dict[str, str | bytes] = {"png": picture, "csv": _csv(drawing.data), "svg": _svg(drawing.figure, alt)}
        write_together(
            {Path(target) / f"{name}.{kind}": content for kind, content in files.items()}
            | ({Path(target) / f"{name}-narrow.svg": _svg(phone, alt)} if phone else {})
        )
    _display(picture, alt, f"\n[{facts(drawing.figure)}]")


def preview(figure: Figure, alt: str = "") -> None:
    """Display a chart of your own, as `show` does, and save nothing."""
    _display(_png(figure), alt or _finding(figure))


def _finding(figure: Figure) -> str:
    """The title, in one line."""
    return figure.get_suptitle().replace("\n", " ")


def _display(picture: bytes, alt: str, drawn: str = "") -> None:
    output = {"image/png": base64.b64encode(picture).decode(), "text/plain": f"{alt}{drawn}"}
    display(output, metadata={"image/png": {"alt": alt}}, raw=True)


def _png(figure: Figure) -> bytes:
    settle(figure)
    canvas, file = FigureCanvasAgg(figure), io.BytesIO()
    canvas.print_png(file, metadata={"Software": None})  # a version string would change the bytes
    return file.getvalue()


def _svg(figure: Figure, alt: str) -> bytes:
    """The figure as vectors, its title and alt text in it for readers who do not see it."""
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Title": _finding(figure)})
    head, end, rest = file.getvalue().partition(b"</title>\n")
    return head + end + f" <desc>{html.escape(alt)}</desc>\n".encode() + rest


def _csv(data: pd.DataFrame) -> str:
    table: str = data.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return table


def facts(figure: Figure) -> str:
    """What is drawn, in one line: per axes the number of marks, the sums of their positions and the labels.

    Read back from the artists (lines, points, bars, bands), so swapping x and y, changing a value or
    drawing other data changes the text, while another version of matplotlib does not.
    """
    parts = []
    for axes in figure.axes:
        points = _points(axes)
        sums = ", ".join(f"{value:.4g}" for value in np.abs(points).sum(axis=0)) if len(points) else "none"
        words = sum(bool(text.get_text()) for text in axes.texts)
        parts.append(f"{len(points)} marks, sums {sums}, {words} labels")
    return "; ".join(parts)


def _points(axes: Axes) -> np.ndarray:
    found: list[Any] = [line.get_xydata() for line in axes.lines]
    for collection in axes.collections:
        found += [path.vertices for path in collection.get_paths()]
    found += [
        [[bar.get_x() + bar.get_width(), bar.get_y() + bar.get_height()]]
        for bar in axes.patches
        if isinstance(bar, mpl.patches.Rectangle)
    ]
    if not found:
        return np.empty((0, 2))
    points: np.ndarray = np.concatenate([np.reshape(part, (-1, 2)) for part in found]).astype(float)
    finite: np.ndarray = points[np.isfinite(points).all(axis=1)]
    return finite
