"""A change that was sealed again is shown to the reviewer: cells, claims, answers."""

import json
import subprocess

import pytest

from detainer_analysis import __main__, changes
from detainer_analysis.data import tables
from detainer_analysis.errors import DataError


@pytest.fixture
def git(tmp_path):
    """Run git in a new repository."""

    def run(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", tmp_path, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    run("init", "-q")
    return run


@pytest.fixture
def checkout(tmp_path, data, git):
    """A repository with the data and one commit."""
    git("add", ".")
    git("commit", "-qm", "Release")
    return tmp_path, git


def test_a_cell_a_claim_and_an_answer_that_were_sealed_again_are_shown(checkout, edit, reseal):
    root, git = checkout
    git("tag", "v0.1.0")
    assert changes.table(root=root) == "No change of the data since v0.1.0."
    edit("ddor_section1", ",51,", ",52,")
    edit("claims.toml", '"not testable"', '"recounted"')
    edit("claims.toml", 'published = "', 'published = "<b>|')
    reseal("ddor_section1")
    lines = changes.table(root=root).splitlines()
    assert any("ddor\\_section1" in line and "| detainers\\_issued | 51 | 52 |" in line for line in lines)
    assert any("| holds | not testable | recounted |" in line for line in lines)
    assert any("\\<b\\>\\|" in line for line in lines)
    assert len(lines) == 7


def test_every_row_that_is_lost_or_new_is_shown_with_its_cells(checkout):
    root, git = checkout
    path = tables.path("county_population", root / "data")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[101:]]), encoding="utf-8")
    cells = lines[100].strip().split(",")
    lost = changes.table("HEAD", root).splitlines()[4:]
    assert len(lost) == 100
    assert all(cell in lost[-1].replace("\\", "") for cell in cells)
    assert all(line.endswith(" |  |") for line in lost)
    git("commit", "-qam", "Lose rows")
    path.write_text("".join(lines), encoding="utf-8")
    new = changes.table("HEAD", root).splitlines()[4:]
    assert sorted(line.replace(" |  | ", " | ").replace(" |  |", " |") for line in new) == sorted(
        line.replace(" |  |", " |") for line in lost
    )


def test_a_number_in_prose_a_cell_a_package_and_a_reason_that_were_sealed_again_are_shown(checkout, edit):
    root, _ = checkout
    path = root / "data" / "seals.json"
    sealed = json.loads(path.read_text("utf-8"))
    page = "notebooks/01-inaugural-report.ipynb"
    words = next(words for words in sealed[f"{page}, prose"] if "[206] declined" in words)
    sealed[f"{page}, prose"][words.replace("206", "142")] = sealed[f"{page}, prose"].pop(words)
    sealed[page]["code cell 1"] = sealed["requirements.lock"]["evil==1"] = sealed["data/claims.toml"]["x"] = "0" * 12
    path.write_text(json.dumps(sealed), encoding="utf-8")
    edit("prose.toml", '= "', '= "x')
    found = changes.table("HEAD", root).replace("\\", "").splitlines()[4:]
    for shown in ("[206] declined", "[142] declined", "code cell 1", "evil==1", "data/prose.toml"):
        assert sum(shown in line for line in found) == 1
    assert len(found) == 5


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    "file", ["sources.toml", "claims.toml", "prose.toml", "seals.json", "counts/declined_counts.csv"]
)
def test_a_broken_file_is_said_in_a_line(file, checkout):
    root, _ = checkout
    path = next((root / "data").rglob(file.rpartition("/")[2]))
    path.write_bytes(path.read_bytes() + b"\nbroken=\n")
    with pytest.raises(DataError, match=rf"^{path.relative_to(root)}[:,] ") as said:
        changes.table("HEAD", root)
    assert "\n" not in str(said.value)


def test_without_a_tag_the_last_change_of_the_version_is_the_last_release(tmp_path, git):
    with pytest.raises(DataError, match="there is no release to compare with; name one: make changes SINCE="):
        changes.table(root=tmp_path)
    for text in ('version = "1"\n', 'version = "2"\n', 'version = "2"\nname = "x"\n'):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        git("add", ".")
        git("commit", "-qm", text)
    release = git("log", "-1", "--format=%h", "HEAD~").strip()
    said = f"{release}, the last change of the version in pyproject.toml, because no release has a tag"
    assert changes._release(tmp_path) == (release, said)
    git("clone", "-q", "--depth=1", f"file://{tmp_path}", tmp_path / "cut")  # its one commit seems to set the version
    with pytest.raises(DataError, match="there is no release to compare with"):
        changes.table(root=tmp_path / "cut")
    git("tag", "v3")
    assert changes._release(tmp_path) == ("v3", "v3")


@pytest.mark.parametrize("since", ["nonsense", "--help", "0" * 40])
def test_a_commit_that_is_not_there_is_said(checkout, since):
    with pytest.raises(DataError, match="name one: make changes SINCE="):
        changes.table(since, checkout[0])


def test_the_command_prints_the_table(capsys, monkeypatch):
    monkeypatch.setattr(changes, "table", lambda since: f"since {since}")
    assert __main__.main(["changes", "v1"]) == 0
    assert capsys.readouterr().out == "since v1\n"
