"""Outlines in TopoJSON become middles of counties and thinned borders."""

import io
import json
import tarfile

import pytest

from detainer_analysis.data import tables
from detainer_analysis.errors import DataError
from detainer_analysis.records import lists, shapes

# A square of 10 by 10 whose right side is shared with a strip of 20 by 10, in steps of a half; then a line of points.
TOPOLOGY = {
    "transform": {"scale": [0.5, 0.5], "translate": [-7, 3]},
    "arcs": [
        [[20, 0], [0, 20]],
        [[20, 20], [-20, 0], [0, -20], [20, 0]],
        [[20, 0], [40, 0], [0, 20], [-40, 0]],
        [[0, 0], [0, 0], [0, 0], [0, 0]],
    ],
    "objects": {
        "counties": {
            "geometries": [
                {"id": "02002", "type": "MultiPolygon", "arcs": [[[3]], [[2, -1]]]},
                {"id": "01001", "type": "Polygon", "arcs": [[0, 1]]},
                {"id": "03003", "type": "Polygon", "arcs": [[3]]},
                {"id": "04004", "type": "Polygon", "arcs": [[0, 1]]},
            ]
        }
    },
}


def package(folder, **members):
    path = folder / "shapes.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            data = json.dumps(content).encode()
            entry = tarfile.TarInfo(f"package/{name}-albers-10m.json")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    counties = folder / "counties.csv"
    lines = ["SUMLEV,STATE,COUNTY,CTYNAME", *(f"050,0{n},00{n},Somewhere" for n in (1, 2, 3))]
    counties.write_text("\n".join(lines) + "\n", encoding="latin-1")
    return {shapes.SHAPES: path, lists.COUNTIES: counties}


def test_a_county_is_put_into_the_middle_of_its_largest_part(tmp_path):
    points = shapes.county_points(package(tmp_path, counties=TOPOLOGY))
    assert points.to_numpy().tolist() == [["01001", 5.0, 5.0], ["02002", 20.0, 5.0], ["03003", 0.0, 0.0]]


def test_borders_come_once_without_points_that_lie_close_and_without_islands_too_small_to_see(tmp_path):
    line = [[0, 0], [2, 0], [2, 0], [20, 0], [1, 0]]  # every step of 2 is one on the map
    borders = shapes.state_borders(package(tmp_path, states=TOPOLOGY | {"arcs": [line, TOPOLOGY["arcs"][3]]}))
    assert borders["line"].eq(0).all()
    assert borders["x"].tolist() == [0, 2, 12, 12.5]


def test_a_package_without_the_shapes_is_named(tmp_path):
    with pytest.raises(DataError, match=r"shapes\.tgz.*has no file package/counties-albers-10m\.json"):
        shapes.county_points(package(tmp_path, states=TOPOLOGY))


def test_every_county_with_records_has_a_point():
    points = set(tables.load("county_points")["county_fips"])
    for name in ("places_fy2015", "declines_by_facility"):
        assert set(tables.load(name)["county_fips"].dropna()) - points <= {"51515"}, name  # a county of other years
