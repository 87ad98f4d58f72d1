"""The walk of CONTRIBUTING.md, from a source to a verdict, followed to the letter in a scratch copy."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from detainer_analysis.data.prose import BESIDE
from detainer_analysis.data.schemas import ALL_SCHEMAS
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.paths import ROOT

WALK = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a claim")[2].partition("\n## ")[0]
STEPS = re.findall(r"In `([\w./-]+)`[^\n]*:\n\n```\w+\n(.*?)```", WALK, re.S)

NAME = re.match(r"\[([\w-]+)\]", STEPS[2][1]).group(1)


@pytest.fixture
def copy(tmp_path):
    """A copy of what the walk touches and of the tests that watch it."""
    if NAME in read_claims():
        pytest.skip("the walk's invented claim is in this tree already; git checkout . throws it away")
    for name in ("data", "detainer_analysis", "notebooks", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in (*BESIDE, "CITATION.cff", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "references.bib", tmp_path / "docs")  # years of references are numbers in prose, too
    return tmp_path


def run(copy, *arguments):
    path = os.pathsep.join([str(copy), os.environ["PYTHONPATH"]])
    environment = os.environ | {"PYTHONPATH": path, "DETAINER_FIGURES": str(copy / "figures")}
    return subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True)


def take(copy, path, text):
    """Do one step: add `text` at the end of a file, or as a cell before the last section of a notebook."""
    target = copy / path
    if target.suffix != ".ipynb":
        gap = "" if target.suffix == ".csv" else "\n\n"
        target.write_text(target.read_text(encoding="utf-8") + gap + text, encoding="utf-8")
        return
    book = nbformat.read(target, as_version=4)
    last = next(n for n, cell in enumerate(book.cells) if cell.source.startswith("## What this cannot show"))
    book.cells.insert(last, nbformat.v4.new_code_cell(text.strip(), id="code-walk"))
    nbformat.write(book, target)


def test_the_walk_names_each_kind_of_file_once():
    assert [os.path.splitext(path)[1] for path, _ in STEPS] == [".toml", ".csv", ".toml", ".py", ".ipynb"]


def test_following_the_walk_adds_the_claim_to_the_ledger_the_notebook_and_the_readme(copy):
    (_, _), (table, _), (_, entry), (_, _), (notebook, cell) = STEPS
    holds = re.search(r'^holds = "(.*)"$', entry, re.M).group(1)
    for path, text in STEPS[:2]:
        take(copy, path, text)
    stopped = run(copy, "-c", "from detainer_analysis import load; load('ddor_section1')")
    line = len((copy / table).read_text(encoding="utf-8").splitlines())
    assert f"row {line}" in stopped.stderr
    assert "1 row(s) more than sealed" in stopped.stderr
    assert run(copy, "-m", "detainer_analysis", "seal").returncode == 0
    for path, text in STEPS[2:]:
        take(copy, path, text.replace(f'holds = "{holds}"', 'holds = "disputed"'))
    refused = run(copy, "-c", f"from detainer_analysis import check; {cell.strip()}")
    assert f"the data give ('copies agree', '{holds}'" in refused.stderr
    ledger = copy / "data" / "claims.toml"
    ledger.write_text(
        re.sub(r'holds = "disputed"(?=[^\[]*\Z)', f'holds = "{holds}"', ledger.read_text("utf-8")), "utf-8"
    )
    book = nbformat.read(copy / notebook, as_version=4)  # what stands between changes nothing in the new cell
    first = next(code for code in book.cells if code.cell_type == "code")
    book.cells = [first, next(code for code in book.cells if code.get("id") == "code-walk")]
    nbformat.write(book, copy / "walk.ipynb")
    tests = ["tests/ledger", "tests/data/test_tables.py", "tests/data/test_sources.py", "tests/test_contributing.py"]
    # What is tested of each other claim and table is tested anyway.
    others = {*read_claims(), *ALL_SCHEMAS} - {os.path.splitext(os.path.basename(table))[0]}
    chosen = f"{NAME} or not ({' or '.join(sorted(others))})"
    finish = (
        "import sys, pytest\nfrom detainer_analysis import files, reproduce\n"
        "from detainer_analysis.data import datapackage, seals\n"
        "try:\n    raise SystemExit(seals.renew() or 'renewed')\nexcept ValueError as error:\n    print(error)\n"
        "files.write_together(seals.contents())\n"
        "reproduce.execute(reproduce.ROOT / 'walk.ipynb')\n"
        "reproduce.write_findings(reproduce.write_ledger(reproduce.all_cards()))\n"
        "files.write_together(datapackage.contents())\nseals.renew()\nprint('finished', flush=True)\n"
        # The tests go on in the same process: it has read the libraries and every claim.
        f"sys.exit(pytest.main(['-q', '-W', 'ignore::pytest.PytestAssertRewriteWarning', '-k', {chosen!r}, *{tests},"
        f"'--basetemp', {str(copy / 'scratch')!r}, '-o', 'addopts=--import-mode=importlib']))"
    )
    done = run(copy, "-c", finish)
    finished, _, tested = done.stdout.partition("\nfinished\n")
    assert tested, done.stdout[-3000:] + done.stderr
    assert "code cell" in finished
    assert finished.endswith("If it is meant, run: make seal")
    written = pd.read_csv(copy / "data" / "derived" / "claims_ledger.csv", dtype=str).set_index("claim").loc[NAME]
    assert written["holds"] == holds
    (shown,) = nbformat.read(copy / "walk.ipynb", as_version=4).cells[1].outputs
    assert holds in shown.data["text/plain"]
    assert written["statement"] in (copy / "data" / "derived" / "ledger.json").read_text(encoding="utf-8")
    assert done.returncode == 0, tested[-3000:]
    assert "1 skipped" in tested  # this test, which says that the walk is done
