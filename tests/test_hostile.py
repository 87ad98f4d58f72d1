"""Nothing of the data is ever markup: the site is built with hostile words in every text field, and nothing runs."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from contextlib import nullcontext, suppress
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import pytest
from sphinx.errors import ExtensionError

from detainer_analysis import markup
from detainer_analysis.data import sources
from detainer_analysis.errors import DataError
from detainer_analysis.ledger import claim
from detainer_analysis.paths import ROOT

sys.path.append(str(ROOT / "docs"))
from pages import guard

SECRET = "root-of-the-machine"
ATTACKS = [
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    '" onmouseover="window.ran = 1',
    "[words](javascript:window.ran=1)",
    "\n```\n\n```{raw} html\n:file: SECRET\n```\n",
    "\n````````\n\n```{include} SECRET\n```\n",
    "{raw}`x` {download}`SECRET` ![x](SECRET)",
    "\n\n# Heading\n\n| a | b |\n|---|---|\n",
    "$$x$$ %comment% <!-- --> &lt;b&gt; \\",
    "\n(target)=\n:::{note}\n:::\n+++\n",
    "<!--<script>",
]
HOSTILE = " ".join(ATTACKS)
MARK = "window.ran = 1"
# For addresses and paths, which have no space.
TIGHT = """'"onmouseover="window.ran=1"><script>window.ran=1</script><img/src=x/onerror=window.ran=1>`{raw}`[x](x)"""

# The cards with hostile words in every text cell of every table, or in those cells that do not decide an answer.
BUILD = """
import functools, json, sys
import pandas as pd
from detainer_analysis.data import tables
from detainer_analysis.ledger import ledger
from detainer_analysis.ledger.claim import read_claims

hostile, folder = json.loads(sys.argv[1]), sys.argv[2]
PROSE = ("note", "locator", "definition", "outcome", "reason", "event", "explanation")

@functools.cache
def poisoned(columns):
    @functools.cache
    def load(name):
        table = tables.load(name)
        for column in table:
            known = pd.api.types.is_string_dtype(table[column]) and column not in ("source_id", "origin_id", "table")
            if known and (columns is None or column in columns):
                table[column] = table[column].where(table[column].isna(), table[column].astype(str) + hostile)
        return table
    return lambda name: load(name).copy()

levels = []
def examine(name):
    claim = read_claims()[name]
    for level, load in enumerate((poisoned(None), poisoned(PROSE), None)):
        try:
            card = ledger.examine(claim, load=load)
            card.lines(), card.notes()
        except Exception:
            continue
        levels.append(level)
        return card
    raise AssertionError(name)

ledger.check = examine
sys.path[:0] = ["docs", "."]
from pages import counties
counties.load = poisoned(("criteria", "detail", "jurisdiction", "place", "name"))
from sphinx.cmd.build import main
status = main(["-q", "-b", "html", "docs", folder])
print(json.dumps({"status": status, "levels": [levels.count(n) for n in range(3)]}))
sys.exit(status)
"""


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory, untraced_module):
    """The site of a copy of the project whose registries and tables are hostile.

    Pages without a word of the data are short: of a notebook its first cell and figures, of the interface the title.
    """
    copy = tmp_path_factory.mktemp("hostile")
    for name in ("detainer_analysis", "docs", "data", "notebooks", "figures"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("generated", "__pycache__"))
    shutil.rmtree(copy / "docs" / "notebooks", ignore_errors=True)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, copy)
    secret = copy.parent / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    words = HOSTILE.replace("SECRET", str(secret))
    registry = (copy / "data" / "sources.toml").read_bytes()
    for name, parse in (("claims", lambda content: claim._parse(content, registry)), ("sources", sources.parse)):
        path = copy / "data" / f"{name}.toml"
        text, fields = poisoned(path.read_text("utf-8"), (words, TIGHT), parse)
        assert fields >= FREE[name]
        path.write_text(text, encoding="utf-8")
    for path in (copy / "notebooks").glob("*.ipynb"):
        book = nbformat.read(path, as_version=4)
        book.cells = [cell for n, cell in enumerate(book.cells) if n == 0 or "show(drawing" in cell.source]
        nbformat.write(book, path)
    (copy / "docs" / "api.md").write_text("# The package\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", BUILD, json.dumps(words), str(copy / "site")],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(copy), os.environ["PYTHONPATH"]])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    return copy / "site", json.loads(run.stdout.splitlines()[-1])


# Fields that hold any words; others may too, and are tried.
FREE = {
    "claims": {"statement", "missing", "caveat", "place", "found", "published", "unit"},
    "sources": {"title", "publisher", "carrier", "caution", "note", "url", "file", "licence"},
}


def poisoned(text, attacks, parse):
    """A registry with an attack behind every text that `parse` takes with it, and the names of these fields."""
    parts, fields = [], set()
    for key, entry in tomllib.loads(text).items():
        entry = dict(entry)
        for name, value in entry.items():
            for attack in attacks if isinstance(value, str) and name != "origin" else ():  # names another entry
                alone = {**entry, name: value + attack}
                with suppress(DataError):
                    parse(written(key, {**alone, "origin": ""} if parse is sources.parse else alone).encode())
                    entry, _ = alone, fields.add(name)
                    break
        parts.append(written(key, entry))
    return "".join(parts), fields


def written(key, entry):
    """An entry as TOML."""
    lines = [f"[{key}]"]
    for name, value in entry.items():
        if isinstance(value, dict):
            inner = ", ".join(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in value.items())
            lines.append(f"{name} = {{ {inner} }}")
        else:
            lines.append(f"{name} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"


class Elements(HTMLParser):
    """The scripts of a page, its data for other software, its attributes that run something, and its words."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.scripts, self.data, self.runs, self.words, self.inside = [], [], [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "script":
            self.inside = self.data if ("type", "application/ld+json") in attributes else self.scripts
            self.inside.append("")
        for name, value in attributes:
            if name.startswith("on") or re.match(r"\s*(javascript|vbscript):", value or "", re.I):
                self.runs.append((tag, name, value))

    def handle_endtag(self, tag):
        if tag == "script":
            self.inside = None

    def handle_data(self, data):
        if self.inside is None:
            self.words.append(data)
        else:
            self.inside[-1] += data


def test_hostile_words_stay_words_on_every_page(hostile_site):
    folder, built = hostile_site
    assert built["levels"][0] + built["levels"][1] > built["levels"][2]  # most cards show cells of the tables
    shown = 0
    for path in folder.rglob("*.html"):
        page = Elements(path.read_text("utf-8"))
        assert page.runs == [], path
        assert not [script for script in page.scripts if "window.ran" in script], path
        assert all(json.loads(content) for content in page.data), path
        words = " ".join(page.words)
        assert SECRET not in words, path
        shown += words.count(MARK)
    assert shown > 500
    assert not [path for path in folder.rglob("*") if path.is_file() and path.name.startswith("secret")]


def test_no_hostile_word_runs_in_a_browser(hostile_site, browser, serve):
    folder, _ = hostile_site
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    with serve(folder) as address:
        pages = ["index", "ledger", "sources", "figures", "data", "search", "county", "notebooks/01-inaugural-report"]
        described = 0
        for name in [*pages, f"claims/{next(iter(claim.read_claims()))}"]:
            page.goto(f"{address}/{name}.html", wait_until="load")
            assert page.evaluate("window.ran") is None, name
            described += page.evaluate(
                """[...document.querySelectorAll('script[type="application/ld+json"]')]
                .map(script => JSON.parse(script.textContent)).length"""
            )
        assert described >= 2
        for name, shown in (("search.html?q=onerror", "#hits mark"), ("county.html#27053", "#county td")):
            page.goto(f"{address}/{name}", wait_until="load")
            page.wait_for_selector(shown)
            there = "document.querySelectorAll('#hits img, #hits script, #county img, #county script').length"
            assert page.evaluate(f"[window.ran ?? null, {there}]") == [None, 0], name
            assert "onerror" in page.inner_text("#hits, #county")
        assert refused == []  # the policy of the pages lets their own scripts and styles through
        script = "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
        page.evaluate(script)
        assert page.evaluate("window.ran") is None
        assert "Content Security Policy" in refused.pop()
    page.close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_words_end_a_raw_block_or_a_line(attack):
    block = markup.raw(f"<p>{attack}</p>").splitlines()
    fence = block[0].partition("{")[0]
    assert [number for number, line in enumerate(block) if line.strip().startswith(fence)] == [0, len(block) - 1]
    line = markup.plain(attack)
    assert "\n" not in line
    assert not re.search(r"(?<!\\)(\\\\)*[`{<\[|$]", line)


@pytest.mark.parametrize(
    ("file", "refused"),
    [("../../secret.txt", True), ("../pyproject.toml", True), ("/etc/hostname", True), ("generated/ledger.md", False)],
)
def test_a_page_that_reads_a_foreign_file_stops_the_build(file, refused):
    environment = SimpleNamespace(dependencies={"ledger": {file}})
    with pytest.raises(ExtensionError, match="a page may not read") if refused else nullcontext():
        guard.refuse_foreign_files(SimpleNamespace(outdir="build/site"), environment)
