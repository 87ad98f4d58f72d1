"""Fixtures that several test modules share."""

import json
import shutil

import pytest

from detainer_analysis import tables
from detainer_analysis.paths import DATA


@pytest.fixture
def data(tmp_path):
    """A scratch copy of the data folder, to tamper with."""
    return shutil.copytree(DATA, tmp_path / "data")


@pytest.fixture
def edit(data):
    """Change the bytes of one reported table of the scratch copy; `reseal` accepts the change."""

    def change(name, old, new, *, reseal=False):
        path = tables.path(name, data)
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        if reseal:
            sealed = json.loads((data / "checksums.json").read_text(encoding="utf-8"))
            file = f"data/{path.parent.name}/{path.name}"
            sealed[file] = tables.digests(tables.read_rows(path, file))
            (data / "checksums.json").write_text(json.dumps(sealed), encoding="utf-8")

    return change
