"""How a figure reaches a page: saved as picture and data, displayed with its alt text and the facts of what was drawn.

The text form of the output states facts read back from the figure, so that nbval, which does not compare
pictures, compares those.
"""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from detainer_analysis.figures.faults import faults
from detainer_analysis.figures.style import Drawing
from detainer_analysis.files import write_together


def show(drawing: Drawing, name: str, alt: str, folder: Path | None = None) -> None:
    """Display a drawing in a notebook; in the main job, save it too.

    Parameters
    ----------
    drawing : Drawing
        What to show.
    name : str
        File name without an ending; PNG, SVG and the plotted data (CSV) get it.
    alt : str
        What the picture shows, for readers who do not see it; the title, which states the finding, comes first.
    folder : pathlib.Path, optional
        Where to save; by default the folder in the environment variable ``DETAINER_FIGURES``, which the main job
        sets. Without either nothing is saved, so that a notebook run by hand leaves ``figures/`` alone.

    Raises
    ------
    ValueError
        If the drawing has `faults`; nothing is saved then.
    """
    target = folder or os.environ.get("DETAINER_FIGURES")
    picture = _png(drawing.figure)
    drawing.figure.set_layout_engine("none")  # all is placed; to place it again takes longer than to draw it
    vector = _svg(drawing.figure) if target else b""
    if found := faults(drawing.figure):
        raise ValueError(f"figure {name}: {'; '.join(found)}")
    if target:
        _save(drawing.data, Path(target) / name, picture, vector)
    _display(picture, f"{_finding(drawing.figure)}. {alt}", f"\n[{facts(drawing.figure)}]")


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
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})  # a version string would change the bytes
    return file.getvalue()


def _svg(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _save(data: pd.DataFrame, stem: Path, picture: bytes, vector: bytes) -> None:
    stem.parent.mkdir(parents=True, exist_ok=True)
    table = data.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    write_together(
        {stem.with_suffix(f".{kind}"): content for kind, content in (("png", picture), ("svg", vector), ("csv", table))}
    )


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
