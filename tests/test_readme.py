"""The README says what is there, and what it says is there."""

import re
import tomllib

import pytest

from detainer_analysis import reproduce
from detainer_analysis.ledger.card import ledger_table
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.ledger.ledger import check
from detainer_analysis.paths import ROOT, notebooks

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_notebook_is_in_the_readme_and_every_notebook_in_the_readme_exists():
    table = README.partition("## Notebooks")[2].partition("## Findings")[0]
    named = set(re.findall(r"\(notebooks/([\w-]+)\.ipynb\)", table))
    assert named == {path.stem for path in notebooks()}


MOVED = [ROOT / "docs" / f"{name}.md" for name in ("data-layout", "dependencies", "records", "set-up")]


def test_what_moved_out_of_the_readme_is_linked_from_it():
    assert [path.name for path in MOVED if f"(docs/{path.name})" not in README] == []


@pytest.mark.parametrize("page", MOVED, ids=[path.stem for path in MOVED])
def test_every_link_of_a_page_that_moved_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_a_newcomer_finds_question_answers_picture_and_commands_on_the_first_screens():
    first = README.partition("**What you get.**")[0]
    assert len(first.split()) < 420
    places = [first.index(part) for part in ("?**", reproduce.ANSWERS_START, "\n![", "make reproduce\nmake test")]
    assert places == sorted(places)
    assert all(f"**{question}**" in first for question in reproduce.ANSWERED)
    assert len(reproduce.ANSWERED) == 3
    assert len(reproduce.HEADLINES) <= 10


def test_no_badge_leads_to_a_page_that_does_not_know_this_repository():
    badges = re.findall(r"\[!\[[^\]]*\]\([^)]*\)\]\(([^)]*)\)", README)
    assert [target for target in badges if re.search(r"^https://[^/]+/?$", target)] == []


def test_the_short_name_of_an_answer_has_the_published_number():
    claims = read_claims()
    for names in reproduce.ANSWERED.values():
        assert [name for claim, name in names.items() if claims[claim].published.split(" ")[-1] not in name] == []
        assert [
            name for claim, name in names.items() if claims[claim].published.removesuffix(" percent") not in name
        ] == []


def test_every_link_to_a_file_leads_somewhere():
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README):
        # On GitHub ../../actions are the runs of this repository, or of the fork that shows the page.
        file = re.sub(r"^\.\./\.\./actions/(workflows/[\w.]+)(/badge\.svg)?$", r".github/\1", target)
        assert (ROOT / file).exists(), target


def test_every_dependency_is_named_with_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    needed = [entry for group in [*groups, *project["dependency-groups"].values()] for entry in group]
    section = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for entry in (entry for entry in needed if isinstance(entry, str)):
        name = re.match(r"[\w-]+", entry).group()
        assert re.search(rf"\b{name}\b", section), name


@pytest.mark.usefixtures("untraced")
def test_the_findings_are_those_of_the_ledger(tmp_path):
    table = ledger_table([check(name) for name in read_claims()])
    copy = tmp_path / "README.md"
    copy.write_text(README, encoding="utf-8")
    reproduce.write_findings(table, copy)
    assert copy.read_text(encoding="utf-8") == README


def test_the_engines_that_tests_need_are_those_of_the_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["dependency-groups"]["engines"] == project["project"]["optional-dependencies"]["records"]


def test_the_two_commands_are_targets_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"^make (\w+)$", README, re.M):
        assert re.search(rf"^{command}: \$\(READY\)", makefile, re.M)


def test_ci_runs_the_test_command_of_the_readme():
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"version: {project}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"Version {project}. " in (ROOT / "data" / "DICTIONARY.md").read_text(encoding="utf-8")
    assert f'"version": "{project}"' in (ROOT / "data" / "datapackage.json").read_text(encoding="utf-8")
    assert f"Version {project}" in README


def test_nothing_refers_to_a_folder_outside_the_project():
    outside = re.compile(r"\.\./shared|/work/")
    for pattern in (
        "*.md",
        "*.toml",
        "*.cff",
        "Makefile",
        ".ci/run",
        "detainer_analysis/*",
        "docs/*",
        "data/**/*",
        "notebooks/*",
    ):
        for path in ROOT.glob(pattern):
            if path.is_file():
                assert not outside.search(path.read_text(encoding="utf-8")), path
