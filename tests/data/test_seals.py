"""What has no schema is sealed: a changed entry and a lost cell are named."""

import json
import re

import nbformat
import pytest

from detainer_analysis.data import seals
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA, ROOT, notebooks

REGISTRIES = [f"data/{name}" for name in seals.REGISTRIES]


def committed():
    return json.loads((DATA / "seals.json").read_text(encoding="utf-8"))


def test_entries_and_cells_are_as_sealed():
    found = seals.differences(committed(), seals.seals())
    assert found == [], "If the change is meant, run: make seal"


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("file", "old", "new", "entry"),
    [
        ("claims.toml", 'place = "', 'place = "x', "data/claims.toml: "),
        ("claims.toml", 'period = "2017', 'period = "2016', "data/claims.toml: "),
        ("sources.toml", 'title = "', 'title = "x', "data/sources.toml: "),
        ("sources.toml", "https://", "https://x.", "data/sources.toml: "),
    ],
)
def test_a_changed_field_of_an_entry_is_named(file, old, new, entry, data, edit):
    edit(file, old, new)
    [line] = seals.differences({file: committed()[file] for file in REGISTRIES}, seals.seals(data, []))
    assert line.startswith(entry)
    assert line.endswith(" was changed")


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_lost_code_cell_is_named_although_the_counts_are_renumbered(path, tmp_path, monkeypatch):
    monkeypatch.setattr(seals.prose, "sealed", lambda *_: {})  # prose may miss the lost output too
    book = nbformat.read(path, as_version=4)
    lost = next(number for number, cell in enumerate(book.cells) if cell.cell_type == "code")
    del book.cells[lost]
    nbformat.write(book, tmp_path / path.name)
    lines = seals.differences(committed(), seals.seals(texts=[tmp_path / path.name]))
    last = max(committed()[f"notebooks/{path.name}"], key=lambda cell: int(cell.split()[-1]))
    assert f"notebooks/{path.name}: {last} is lost" in lines


def test_a_hash_less_of_a_locked_package_is_named(tmp_path, monkeypatch):
    """Packages that lose all their hashes, or are not in the lock, are named by the tests of the supply."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    start = text.index("\npandas==")
    line = text.index("    --hash=", text.index("    --hash=", start) + 1)
    monkeypatch.setattr(seals, "ROOT", tmp_path)
    monkeypatch.setattr(seals.prose, "sealed", lambda *_: {})
    for changed in (
        text[:line] + text[text.index("\n", line) + 1 :],
        text.replace(text[line + 18 : line + 26], "0" * 8),
    ):
        (tmp_path / "requirements.lock").write_text(changed, encoding="utf-8")
        [named] = seals.differences({"requirements.lock": committed()["requirements.lock"]}, locked(seals.seals()))
        assert re.fullmatch(r"requirements\.lock: pandas==\S+.* was changed", named)


@pytest.mark.parametrize(
    ("file", "key", "asked"),
    [
        ("data/claims.toml", "declined-206", False),
        ("data/sources.toml", "new", False),
        ("README.md, prose", "it [206] is", True),
        ("notebooks/01-inaugural-report.ipynb", "code cell 1", True),
        ("requirements.lock", "pandas==2", True),
    ],
)
def test_the_main_job_seals_entries_of_registries_and_asks_for_the_rest(file, key, asked, tmp_path, monkeypatch):
    changed = {**committed(), file: {**committed()[file], key: "other"}}
    monkeypatch.setattr(seals, "contents", lambda folder: {folder / "seals.json": json.dumps(changed)})
    path = tmp_path / "seals.json"
    path.write_bytes(before := (DATA / "seals.json").read_bytes())
    if asked:
        with pytest.raises(DataError, match=re.escape(f"{file}: {key} ") + ".*If it is meant, run: make seal$"):
            seals.renew(tmp_path)
        assert path.read_bytes() == before
    else:
        seals.renew(tmp_path)
        assert json.loads(path.read_bytes()) == changed


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("name", [*seals.REGISTRIES, "prose.toml"])
@pytest.mark.parametrize(("content", "said"), [(b"broken=", "cannot be read"), (b"a = 1", "'a' stands in no")])
def test_a_broken_registry_is_said_in_a_line(name, content, said, data):
    path = data / name
    path.write_bytes(content + b"\n" + path.read_bytes())
    with pytest.raises(DataError, match=rf"^data/{name}: {said}"):
        seals.seals(data, [ROOT / "docs" / "records.md"])


def locked(found):
    return {"requirements.lock": found["requirements.lock"]}
