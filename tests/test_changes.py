"""A change that was sealed again is shown to the reviewer: cells, claims, answers."""

import shutil
import subprocess

import pytest

from detainer_analysis import __main__, changes
from detainer_analysis.data import tables
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA


@pytest.fixture
def checkout(tmp_path):
    """A repository with the data and one commit, tagged as a release if asked."""

    def git(*arguments):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", tmp_path, *arguments],
            check=True,
            capture_output=True,
        )

    shutil.copytree(DATA, tmp_path / "data")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "Release")
    return tmp_path, git


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_cell_a_claim_and_an_answer_that_were_sealed_again_are_shown(checkout):
    root, git = checkout
    git("tag", "v0.1.0")
    assert changes.table(root=root) == "No change of the data since v0.1.0."
    edit(tables.path("ddor_section1", root / "data"), ",51,", ",52,")
    edit(root / "data" / "claims.toml", '"not testable"', '"recounted"')
    edit(root / "data" / "claims.toml", 'published = "', 'published = "<b>|')
    tables.seal(root / "data")
    lines = changes.table(root=root).splitlines()
    assert any("ddor\\_section1" in line and "| detainers\\_issued | 51 | 52 |" in line for line in lines)
    assert any("| holds | not testable | recounted |" in line for line in lines)
    assert any("\\<b\\>\\|" in line for line in lines)
    assert len(lines) == 7


def test_rows_that_are_lost_or_new_are_one_change_each_and_many_are_counted(checkout):
    root, _ = checkout
    path = tables.path("county_population", root / "data")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[101:]]), encoding="utf-8")
    found = changes.table("HEAD", root).splitlines()
    assert len(found) == 4 + changes.SHOWN + 1
    assert found[-1].endswith("| and 60 more | | | |")


@pytest.mark.parametrize("since", ["", "nonsense", "--help"])
def test_a_commit_that_is_not_there_is_said(checkout, since):
    with pytest.raises(DataError, match="name one: make changes SINCE="):
        changes.table(since, checkout[0])


def test_the_command_prints_the_table(capsys, monkeypatch):
    monkeypatch.setattr(changes, "table", lambda since: f"since {since}")
    assert __main__.main(["changes", "v1"]) == 0
    assert capsys.readouterr().out == "since v1\n"
