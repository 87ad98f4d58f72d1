"""Where counties lie on a map, and the borders of states, from a package of shapes of the Census Bureau.

The package holds TopoJSON: lines ("arcs") in whole numbers, each as a start and steps, which the outlines of areas
share; ``~n`` stands for arc ``n`` read backwards. Coordinates are those of Albers' projection of the United States,
with Alaska and Hawaii moved below, from the upper left corner of all shapes; the whole is 1,015 wide and 594 high.
"""

from __future__ import annotations

import json
import tarfile
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from detainer_analysis.errors import DataError
from detainer_analysis.records.lists import Files, county_list

SHAPES = "us-atlas"
COUNTIES, STATES = "package/counties-albers-10m.json", "package/states-albers-10m.json"
APART = 2.0  # the least distance of two points of a border; a map is about 600 points wide
Line = np.ndarray[Any, Any]


def county_points(files: Files) -> pd.DataFrame:
    """The middle of the largest part of every county that the list of counties has: ``county_fips``, ``x``, ``y``."""
    topology = _member(files, COUNTIES)
    lines = _lines(topology)
    rows = []
    for area in topology["objects"]["counties"]["geometries"]:
        rings = [_ring(ring, lines) for ring in _rings(area)]
        x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
        rows.append((area["id"], round(x, 1), round(y, 1)))
    table = pd.DataFrame(rows, columns=["county_fips", "x", "y"])
    listed = table["county_fips"].isin(county_list(files)["county_fips"])  # Valdez-Cordova was split in 2019
    return table[listed].sort_values("county_fips", ignore_index=True)


def state_borders(files: Files) -> pd.DataFrame:
    """The borders of states, each once, thinned: ``line``, ``point``, ``x``, ``y``."""
    parts: list[pd.DataFrame] = []
    for line in map(_thinned, _lines(_member(files, STATES))):
        if np.ptp(line, axis=0).max() > 2 * APART:  # smaller islands cannot be seen
            points = {"line": len(parts), "point": range(len(line)), "x": line[:, 0].round(1), "y": line[:, 1].round(1)}
            parts.append(pd.DataFrame(points))
    return pd.concat(parts, ignore_index=True)


def _member(files: Files, name: str) -> dict[str, Any]:
    with tarfile.open(files[SHAPES]) as archive:
        try:
            content = archive.extractfile(name)
        except KeyError:
            content = None
        if content is None:
            raise DataError(files[SHAPES].name, f"has no file {name}")
        topology: dict[str, Any] = json.load(content)
        return topology


def _lines(topology: dict[str, Any]) -> list[Line]:
    return [np.cumsum(arc, axis=0) * np.array(topology["transform"]["scale"]) for arc in topology["arcs"]]


def _rings(area: dict[str, Any]) -> list[list[int]]:
    """The outlines of an area's parts; holes are left out."""
    parts = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
    return [part[0] for part in parts]


def _ring(arcs: list[int], lines: list[Line]) -> Line:
    return np.array(list(chain.from_iterable(lines[n] if n >= 0 else lines[~n][::-1] for n in arcs)))


def _area(ring: Line) -> float:
    x, y = ring.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2


def _middle(ring: Line) -> tuple[float, float]:
    """The centre of gravity; of an outline without an area, the mean of its points."""
    area = _area(ring)
    if area == 0:
        return float(ring[:, 0].mean()), float(ring[:, 1].mean())
    x, y = ring.T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    return tuple(float(np.sum((part + np.roll(part, -1)) * cross) / (6 * area)) for part in (x, y))  # pyrefly: ignore[bad-return]


def _thinned(line: Line) -> Line:
    """`line` without points that lie close to the one kept before; both ends stay."""
    kept = [line[0]]
    for point in line[1:-1]:
        if np.hypot(*(point - kept[-1])) >= APART:
            kept.append(point)
    return np.array([*kept, line[-1]])
