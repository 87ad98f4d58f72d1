"""The ways to run the project elsewhere use the same lock and the same commands."""

import json
import os
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from detainer_analysis.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
WORKFLOW_FILE = ROOT / ".github" / "workflows" / "test.yml"
WORKFLOW = yaml.safe_load(WORKFLOW_FILE.read_text(encoding="utf-8"))


def admitted(version):
    low, high = (tuple(map(int, bound.split("."))) for bound in re.findall(r"[\d.]+", PROJECT["requires-python"]))
    return low <= tuple(map(int, version.split("."))) < high


def test_binder_installs_the_lock_and_a_python_that_is_admitted():
    folder = ROOT / ".binder"
    line = (folder / "requirements.txt").read_text(encoding="utf-8").strip()
    assert (folder / line.removeprefix("-r ")).resolve() == ROOT / "requirements.lock"
    assert admitted((folder / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-"))
    subprocess.run(["bash", "-n", folder / "postBuild"], check=True)
    assert (folder / "postBuild").stat().st_mode & 0o111


def test_the_development_container_sets_up_from_the_makefile():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "make .venv/ready"
    assert admitted(container["image"].rpartition(":")[2])


def test_the_workflow_runs_targets_that_exist():
    steps = [step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step]
    called = {found for step in steps for found in re.findall(r"make (?:-\S+ )*(\w[\w-]*)", step)}
    assert called >= {"test", "reproduce", "site", "test-lab", "test-range", "citation"}
    assert called <= TARGETS


def test_the_actions_run_on_a_node_that_github_still_has():
    """GitHub removed Node 20 from its runners in 2026; these are the first versions on Node 24 (langflow-ai/openrag
    pull request 1142, vutran1710/PyrateLimiter pull request 295)."""
    first = {"actions/checkout": 5, "actions/setup-python": 6, "actions/upload-artifact": 6, "astral-sh/setup-uv": 7}
    used = re.findall(r"uses: (\S+)@(\S+)(?: # v(\d+))?", WORKFLOW_FILE.read_text(encoding="utf-8"))
    assert {action for action, _, _ in used} == set(first)
    for action, commit, version in used:
        assert re.fullmatch(r"[0-9a-f]{40}", commit), action
        assert int(version) >= first[action], action  # the comment behind the commit says which version it is


def test_the_workflow_tries_the_oldest_and_the_newest_python_and_dependencies():
    oldest, newest = WORKFLOW["jobs"]["notebooks"]["strategy"]["matrix"]["include"]
    assert (oldest["resolution"], newest["resolution"]) == ("lowest-direct", "highest")
    low, high = (tuple(map(int, entry["python"].split("."))) for entry in (oldest, newest))
    assert admitted(oldest["python"])
    assert not admitted(f"{low[0]}.{low[1] - 1}")
    assert admitted(newest["python"])
    assert not admitted(f"{high[0]}.{high[1] + 1}")


@pytest.fixture
def set_up(tmp_path):
    """Run the set-up in a scratch folder, with a `uv` that says its arguments and what Python would obey, and fails."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text('#!/bin/sh\necho "$@"\nenv | grep ^PYTHON\nseq 300 >&2\nexit 3\n', encoding="utf-8")
    uv.chmod(0o755)

    def run(*settings, target=".venv/ready"):
        of_make = ("PYTHON", "MAKEFLAGS", "MAKELEVEL")
        environment = {name: value for name, value in os.environ.items() if name not in of_make}
        environment["PATH"] = f"{uv.parent}{os.pathsep}{environment['PATH']}"
        command = ["make", *settings, target]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return done, (tmp_path / ".cache" / "set-up.log").read_text(encoding="utf-8").splitlines()

    return run


def test_the_chosen_python_is_obeyed_with_uv_too(set_up):
    assert "--python python3.12 .venv" in set_up("PYTHON=python3.12")[1][0]
    assert f"--python {PROJECT['requires-python']} .venv" in set_up()[1][0]


SETTING_UP = re.findall(r"^([\w-]+):.*\$\(READY\)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def test_the_set_up_is_the_same_whatever_it_is_made_for(set_up):
    """What is meant for the tests, such as their having no network, does not reach it."""
    assert {"reproduce", "test", "site", "lab"} <= set(SETTING_UP)
    alone = set_up()[1]
    assert {target: set_up(target=target)[1] for target in SETTING_UP} == dict.fromkeys(SETTING_UP, alone)


def test_a_set_up_that_fails_shows_the_end_of_its_log(set_up):
    done, log = set_up()
    assert done.returncode
    assert log[-300:] == [str(number) for number in range(1, 301)]
    shown = done.stdout.splitlines()
    assert shown[-2] == "300"
    assert ".cache/set-up.log" in shown[-1]
    assert len(shown) < 30


def test_the_citation_file_is_valid():
    """By cffconvert, in the environment of its own that `make citation` has made; its library clashes with ours."""
    command = ["uvx", "--offline", "--quiet", "--from", "cffconvert==2.0.0", "--with", "setuptools<80", "cffconvert"]
    try:
        if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode:
            pytest.skip("cffconvert is not in uv's cache; run: make citation")
    except FileNotFoundError:
        pytest.skip("uv is not on this machine; cffconvert runs in an environment that uv makes")
    done = subprocess.run([*command, "--validate"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_changelog_has_the_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["date-released"]
    assert f"## {PROJECT['version']} ({released})" in text
