"""The static site: built without a warning, every link leads somewhere, and it works in a browser."""

import ast
import calendar
import contextlib
import functools
import http.server
import itertools
import json
import os
import re
import subprocess
import sys
import threading
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from detainer_analysis.data import sources
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.paths import ROOT, notebooks

BOOKS = [path.stem for path in notebooks()]
DOCS = ROOT / "docs"
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built afresh from a copy of the sources, with its build time and what the build printed."""
    folder = tmp_path_factory.mktemp("site")
    start = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert os.times().children_user - start.children_user < 60  # processor time: other tests run at the same time
    return folder


class Page(HTMLParser):
    """Addresses, anchors and pictures of one page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids, self.alts = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids |= {values[key] for key in ("id", "name") if values.get(key)}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in ("img", "script", "link", "source", "iframe"):
            self.loads += [values[key] for key in ("src", "href") if values.get(key)]
        if tag == "img":
            self.alts.append(values.get("alt") or "")


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(site.rglob("*.html"))}


# Without a browser -----------------------------------------------------------------------------------


def test_every_link_within_the_site_leads_somewhere(site, pages):
    for name, page in pages.items():
        here = (site / name).parent
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "data", "mailto"):
                continue
            target = (here / unquote(parts.path)).resolve() if parts.path else site / name
            assert target.is_file(), f"{name}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in pages[target.relative_to(site).as_posix()].ids, f"{name}: {link}"


def test_no_page_loads_anything_from_elsewhere(site, pages):
    for name, page in pages.items():
        assert not [link for link in page.loads if urlsplit(link).scheme in ("http", "https")], name
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        assert re.search(r"(@import|url\()\s*[\"']?https?://", path.read_text(encoding="utf-8")) is None, path


def test_every_picture_says_in_words_what_it_shows(pages):
    for name, page in pages.items():
        assert all(len(alt) > 40 for alt in page.alts), name
    assert len(pages["figures.html"].alts) >= 2 * len(BOOKS)


def test_every_notebook_claim_and_source_has_its_place(pages):
    assert {f"notebooks/{name}.html" for name in BOOKS} <= set(pages)
    assert set(read_claims()) <= pages["ledger.html"].ids
    assert {f"source-{key}" for key in sources.read()} <= pages["sources.html"].ids


def test_every_notebook_links_terms_to_the_glossary_and_no_term_twice(pages):
    for name in BOOKS:
        terms = [link for link in pages[f"notebooks/{name}.html"].links if "glossary.html#term-" in link]
        assert terms
        assert len(terms) == len(set(terms))
    defined = {anchor for anchor in pages["glossary.html"].ids if anchor.startswith("term-")}
    everywhere = {link.partition("#")[2] for page in pages.values() for link in page.links if "#term-" in link}
    assert defined == everywhere


def test_answers_are_closed_until_opened(site):
    for name in BOOKS:
        text = (site / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
        assert len(re.findall(r'<details class="answer"><summary>Answer \d', text)) == 3
        assert text.count("<details") == text.count("</details>")


def test_methods_name_functions_that_exist_and_cite_every_reference_of_the_docstrings():
    import importlib

    text = (DOCS / "methods.md").read_text(encoding="utf-8")
    for module, function in re.findall(r"`([a-z_.]+)\.(\w+)`", text):
        assert hasattr(importlib.import_module(f"detainer_analysis.{module}"), function), f"{module}.{function}"
    keys = re.findall(r"@\w+\{(\w+),", (DOCS / "references.bib").read_text(encoding="utf-8"))
    assert {key for key in keys if f"`{key}`" not in text} == set()
    for path in (ROOT / "detainer_analysis").rglob("*.py"):
        parts = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, DOCUMENTED)]
        texts = "\n".join(filter(None, map(ast.get_docstring, parts)))
        for author, year in re.findall(r"([A-Z][a-z]+)(?: et al\.| and [A-Z]\w+)? \(?((?:19|20)\d\d)[),]", texts):
            if author not in calendar.month_name:
                assert any(key.startswith(author) and key.endswith(year) for key in keys), f"{path.name}: {author}"


def test_a_lesson_names_exercises_and_claims_that_exist():
    text = (DOCS / "teaching.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## Lesson \d", text, re.M)) == 3
    for lesson in text.split("## Lesson")[1:]:
        times = re.findall(r"^\| (\d+) to (\d+) \|", lesson, re.M)
        assert [times[0][0], times[-1][1]] == ["0", "50"]
        assert all(end == start for (_, end), (start, _) in itertools.pairwise(times))
    for path in re.findall(r"\((notebooks/[\w-]+\.ipynb)\)", text):
        assert "## Exercises" in str(nbformat.read(ROOT / path, as_version=4))


# In a browser ----------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, *_):
        """Be silent."""


@pytest.fixture(scope="module")
def address(site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@contextlib.contextmanager
def opened(browser, url, **settings):
    """A page whose complaints (console, failed or foreign requests) are collected in `page.complaints`."""
    context = browser.new_context(**settings)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("response", lambda response: page.complaints.append(response.url) if response.status >= 400 else None)
    page.on(
        "request",
        lambda request: page.complaints.append(request.url) if "//127.0.0.1" not in request.url else None,
    )
    page.goto(url)
    yield page
    context.close()


# The rules about colour take nearly all of axe's time, most of it for thousands of cells that look alike. What they
# find depends on the styles of an element and of all around it, so one element of each such look is marked for them.
MARK_LOOKS = """() => {
  const looks = new Map([[null, '']]), seen = new Set();
  const named = ['color', 'background', 'opacity', 'font', 'textShadow', 'textDecoration', 'border', 'position'];
  const look = element => {
    if (!looks.has(element)) {
      const parts = [null, '::before', '::after'].flatMap(part => {
        const style = getComputedStyle(element, part);
        return part && style.content === 'none' ? [] : named.map(name => style[name]);
      });
      looks.set(element, [element.tagName, ...parts].join('|') + look(element.parentElement));
    }
    return looks.get(element);
  };
  for (const element of document.querySelectorAll('body, body *')) {
    element.removeAttribute('data-look');
    const speaks = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if ((speaks || element.matches('input, select, textarea')) && !seen.has(look(element))) {
      seen.add(look(element));
      element.setAttribute('data-look', '');
    }
  }
}"""
COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = "([context, options]) => axe.run(context, options).then(found => found.violations)"


def violations(page):
    """What axe-core finds in the light, and about colours in the dark: all else is the same there."""
    page.evaluate(Axe().axe_script)
    others = {"rules": {rule: {"enabled": False} for rule in COLOURS}, "resultTypes": ["violations"]}
    page.emulate_media(color_scheme="light")
    found = page.evaluate(RUN_AXE, [{"include": ["html"]}, others])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(MARK_LOOKS)
        colours = {"runOnly": COLOURS, "resultTypes": ["violations"]}
        found += page.evaluate(RUN_AXE, [{"include": ["[data-look]"]}, colours])
    return {rule["id"]: [node["html"][:150] for node in rule["nodes"]] for rule in found}


def test_no_page_has_console_errors_accessibility_violations_or_sideways_scroll(browser, address, pages):
    faults = {}
    with opened(browser, address, viewport={"width": 360, "height": 900}) as page:
        for name in pages:
            page.set_viewport_size({"width": 360, "height": 900})
            page.goto(f"{address}/{name}")
            for width in (360, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if over > 0:
                    faults[f"{name} at {width}"] = f"{over} pixels too wide"
            if found := violations(page):
                faults[name] = found
            if page.complaints:
                faults[f"{name} said"] = list(page.complaints)
                page.complaints.clear()
    assert not faults, json.dumps(faults, indent=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_one_pale_cell_among_thousands_is_found(browser, address, theme):
    with opened(browser, f"{address}/ledger.html") as page:
        pale = f"@media (prefers-color-scheme: {theme}) {{ #pale {{ color: #808080; background: #777 }} }}"
        page.add_style_tag(content=pale)
        page.evaluate("document.querySelectorAll('#ledger tbody td')[97].id = 'pale'")
        found = violations(page)
        assert set(found) == {"color-contrast"}
        assert all("pale" in html for html in found["color-contrast"])


def test_the_search_finds_a_claim(browser, address):
    name, claim = next(iter(read_claims().items()))
    words = claim.statement.rstrip(".").split()
    with opened(browser, f"{address}/search.html?q={'+'.join(words)}") as page:
        page.locator(f'#search-results a[href="ledger.html#{name}"]').wait_for()
        assert page.complaints == []
    with opened(browser, f"{address}/search.html?q={'+'.join(words[-2:])}") as page:
        page.locator('#search-results a[href="ledger.html"]').first.wait_for()
        assert page.complaints == []


def test_the_ledger_sorts_and_says_so(browser, address):
    with opened(browser, f"{address}/ledger.html") as page:
        read = "[...document.querySelectorAll('#ledger tbody tr')].map(row => row.cells[3].textContent)"
        before = page.evaluate(read)
        button = page.get_by_role("button", name="verdict", exact=True)
        button.click()
        assert page.evaluate(read) == sorted(before)
        assert page.locator("#ledger th[aria-sort=ascending]").inner_text().startswith("verdict")
        button.focus()
        page.keyboard.press("Enter")
        assert page.evaluate(read) == sorted(before, reverse=True)
        assert page.locator("#ledger th[aria-sort=descending]").count() == 1


def test_the_ledger_filters_by_words_and_verdict_and_counts(browser, address):
    ledger = read_claims()
    name, claim = next(iter(ledger.items()))
    with opened(browser, f"{address}/ledger.html") as page:
        page.get_by_label("Words in the claim").fill(claim.statement)
        shown = page.locator("#ledger tbody tr:visible")
        assert shown.count() == 1
        assert page.locator(f'#ledger tr:visible a[href="#{name}"]').count() == 1
        assert page.locator("#ledger-count").inner_text() == f"1 of {len(ledger)} claims"
        page.get_by_label("Words in the claim").fill("")
        for verdict in {entry.verdict for entry in ledger.values()}:
            page.get_by_label("Verdict").select_option(verdict)
            assert shown.count() == sum(entry.verdict == verdict for entry in ledger.values())


def test_a_claims_link_lands_on_it(browser, address):
    name, claim = list(read_claims().items())[-1]
    with opened(browser, f"{address}/ledger.html#{name}") as page:
        # The theme scrolls smoothly, so the section takes a moment to arrive.
        page.wait_for_function(f"Math.abs(document.getElementById('{name}').getBoundingClientRect().top) < 200")
        assert claim.statement in page.locator(f"[id='{name}']").first.inner_text()
