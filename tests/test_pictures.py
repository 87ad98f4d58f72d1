"""The committed pictures are those of the notebooks: what a reader sees is what was drawn."""

import base64
import html
import re
import runpy
import shutil

import nbformat
import pytest

from detainer_analysis.paths import FIGURES, NOTEBOOKS, notebooks


def shown():
    """Every picture in a notebook, by the notebook and its alt text."""
    for path in notebooks():
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    words = output.get("metadata", {}).get("image/png", {}).get("alt", "")
                    yield f"{path.name}: {words}", base64.b64decode(output.data["image/png"])


def test_every_picture_of_a_notebook_is_a_committed_figure_and_every_figure_is_shown():
    pictures = dict(shown())
    committed = {path.read_bytes(): path.name for path in FIGURES.glob("*.png")}
    assert [where for where, picture in pictures.items() if picture not in committed] == []
    assert {committed[picture] for picture in pictures.values()} == {path.name for path in FIGURES.glob("*.png")}


def test_every_figure_is_a_picture_a_drawing_and_the_data_it_shows():
    names = {path.stem for path in FIGURES.glob("*.csv")}
    assert {path.name for path in FIGURES.iterdir()} == {
        f"{name}{end}" for name in names for end in (".csv", ".png", ".svg", "-narrow.svg")
    }


def test_every_picture_says_what_it_shows_in_words_that_a_screen_reader_has_patience_for():
    alts = [where.partition(": ")[2] for where, _ in shown()]
    assert all(40 < len(alt) <= 300 for alt in alts)
    for name in (path.stem for path in FIGURES.glob("*.png")):
        for end in (".svg", "-narrow.svg"):
            drawn = (FIGURES / f"{name}{end}").read_text(encoding="utf-8")
            said = re.search(r"<title>[^<]{20,}</title>\s*<desc>([^<]+)</desc>", drawn)
            assert html.unescape(said[1]) in alts


@pytest.mark.parametrize("kind", ["csv", "svg", "png"])
def test_a_doctored_figure_is_not_what_its_notebook_draws(kind, tmp_path):
    differing = runpy.run_path(NOTEBOOKS / "conftest.py")["differing"]
    drawn, committed = (shutil.copytree(FIGURES, tmp_path / name) for name in ("drawn", "committed"))
    assert differing(drawn, committed, pictures=True) == []
    path = next(committed.glob(f"*.{kind}"))
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    assert differing(drawn, committed, pictures=True) == [path.name]
    assert differing(drawn, committed, pictures=False) == ([path.name] if kind == "csv" else [])
    path.unlink()
    assert differing(drawn, committed, pictures=True) == [path.name]
