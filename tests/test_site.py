"""The static site: built without a warning, every link leads somewhere, and it works in a browser."""

import ast
import calendar
import contextlib
import html
import itertools
import json
import os
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import nbformat
import pandas as pd
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

from detainer_analysis.data import sources
from detainer_analysis.data.tables import load
from detainer_analysis.figures.faults import PHONE
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.ledger.ledger import check
from detainer_analysis.measures import county
from detainer_analysis.paths import DATA, ROOT, notebooks

pytestmark = pytest.mark.usefixtures("untraced_module")
BOOKS = [path.stem for path in notebooks()]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS))
from pages import mend, stories  # noqa: E402
from pages.captions import captioned  # noqa: E402
from pages.home import QUESTIONS  # noqa: E402
from pages.ledger import doubt  # noqa: E402

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
    assert os.times().children_user - start.children_user < 40  # processor time: other tests run at the same time
    return folder


class Page(HTMLParser):
    """Addresses, anchors and pictures of one page, what its links and buttons are called, ids that come twice."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids, self.alts = [], [], set(), []
        self.called, self.twice, self.open = [], set(), None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_data(self, data):
        if self.open is not None:
            self.open += data

    def handle_endtag(self, tag):
        if tag in ("a", "button") and self.open is not None:
            self.called.append(self.open.strip())
            self.open = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.twice |= {values["id"]} & self.ids if "id" in values else set()
        self.ids |= {values[key] for key in ("id", "name") if values.get(key)}
        if tag in ("a", "button"):
            self.open = values.get("aria-label") or values.get("title") or ""
        if tag == "img" and self.open is not None:
            self.open += values.get("alt") or ""
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in ("img", "script", "link", "source", "iframe"):
            self.loads += [values[key] for key in ("src", "srcset", "href") if values.get(key)]
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
        assert all(40 < len(alt) <= 300 for alt in page.alts), name
    assert len(pages["figures.html"].alts) >= 2 * len(BOOKS)


def test_every_link_and_button_says_where_it_leads_and_no_address_is_given_twice(pages):
    for name, page in pages.items():
        assert not [words for words in page.called if re.fullmatch(r"|\d+|png|svg|csv|here|more", words)], name
        assert page.twice == set(), name


def test_every_figure_has_its_data_as_a_table_beneath(site, pages):
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        parts = re.findall(r'<figure class="chart">.*?</figure>', text, re.S)
        assert len(parts) == text.count("<img "), name
        assert all("<caption>" in part and "as CSV</a>" in part for part in parts), name


def test_every_notebook_claim_and_source_has_its_place(pages):
    assert {f"notebooks/{name}.html" for name in BOOKS} <= set(pages)
    assert set(read_claims()) <= pages["ledger.html"].ids  # addresses of version 0.1.0
    assert {f"claims/{name}.html" for name in read_claims()} <= set(pages)
    assert {f"source-{key}" for key in sources.read()} <= pages["sources.html"].ids


def test_the_ledgers_page_says_what_every_answer_rests_on(site):
    page = (site / "ledger.html").read_text(encoding="utf-8")
    for row in pd.read_csv(DATA / "derived" / "claims_ledger.csv").itertuples():
        shown = page.partition(f'id="{row.claim}"')[2].partition("</tr>")[0]
        publishers = f"{row.publishers} publisher{'s' if row.publishers != 1 else ''}"
        assert f'{row.origins} <span class="but">{publishers}; {row.best_evidence}</span>' in shown
        differs = (row.repeated, row.holds) != (row.repeated_strictly, row.holds_strictly)
        assert ("Depends on how a hedge is read." in shown) == differs


def test_every_notebook_links_terms_to_the_glossary_and_no_term_twice(pages):
    for name in BOOKS:
        terms = [link for link in pages[f"notebooks/{name}.html"].links if "glossary.html#term-" in link]
        assert terms
        assert len(terms) == len(set(terms))
    defined = {anchor for anchor in pages["glossary.html"].ids if anchor.startswith("term-")}
    everywhere = {link.partition("#")[2] for page in pages.values() for link in page.links if "#term-" in link}
    assert everywhere <= defined
    # Words that a reader of version 0.1.0 missed.
    words = "sanctuary Byrne-JAG SCAAP FOIA FIPS-code TRAC CIS FAIR Secure-Communities Executive-Order-13768 injunction"
    words += " Executive-Order-14159 section-1373 Wilson-interval bootstrap p-value GEE Newey-West placebo separation"
    words += " catch-all ADC fiscal-year rate denominator interval Poisson odds"
    assert {f"term-{word}" for word in words.split()} <= defined


def test_the_front_page_prints_the_ledger_and_nothing_else(site):
    text = re.sub(r"<[^>]+>", "", html.unescape((site / "index.html").read_text(encoding="utf-8")))
    for name in itertools.chain(*QUESTIONS.values()):
        card = check(name)
        for words in (card.claim.statement, card.verdict.repeated, card.verdict.holds, doubt(card)):
            assert words in text, name
    source = (DOCS / "index.md").read_text(encoding="utf-8") + (DOCS / "pages" / "home.py").read_text(encoding="utf-8")
    assert not re.findall(r"206|3,083|29,269|percent", source.replace("declined-206", ""))


def test_a_claims_page_has_its_rows_a_citation_and_a_way_to_dispute_it(site):
    for name, claim in read_claims().items():
        text = html.unescape((site / "claims" / f"{name}.html").read_text(encoding="utf-8"))
        assert f"claim {name}." in text
        assert f"claim: {name}\n" in text
        (review,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        rating = json.loads(review)["reviewRating"]["alternateName"]
        assert rating == f"repeated right? {claim.repeated}; does it hold? {claim.holds}"
        for row in check(name).evidence.rows.head(3).itertuples():
            assert f"{row.table}: lines of the file" in text
            assert f"All columns of line {row.source_row}</summary>" in text
        heads = re.findall(r'<th scope="col">(.*?)</th>', text)
        assert set(heads) <= {"line", "what it says", "value", "source"}
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "dispute.yml").read_text(encoding="utf-8"))
    assert [part["id"] for part in form["body"][:3]] == ["claim", "row", "source"]


@pytest.mark.parametrize("path", stories.TOLD, ids=lambda path: path.stem)
def test_a_story_or_lesson_is_short_and_takes_its_numbers_from_the_data(site, path):
    words = re.sub(r"`{3}.*?`{3}|\]\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.S)
    typed = re.findall(r"\d[\d,.]*", re.sub(r"\{\{.*?\}\}|[Nn]otebook \d\d|\b(19|20)\d\d\b", "", words))
    assert typed == []
    text = (site / path.relative_to(DOCS).with_suffix(".html")).read_text(encoding="utf-8")
    article = re.sub(r"<[^>]+>", " ", text.partition("<article")[2].partition("</article>")[0])
    assert len(article.split()) <= 800
    assert "{{" not in article
    assert "See the work" in article or path.parent == DOCS


def test_the_primer_divides_as_it_says(site):
    """The numbers once more, straight from the rows."""
    places = load("places_fy2015")
    detainers, declined = places["detainers"].sum(), places["declined"].sum()
    recorded = detainers - places["no_recorded_outcome"].sum()
    text = re.sub(r"<[^>]+>", " ", (site / "primer.html").read_text(encoding="utf-8"))
    for part, whole in ((declined, detainers), (declined, recorded), (detainers - recorded + declined, detainers)):
        assert f"{part / whole * 100:.0f} percent" in " ".join(text.split())
    odds = {}
    for state in ("CA", "FL"):
        own = places[places["state"].eq(state)][["detainers", "no_recorded_outcome", "declined"]].sum()
        odds[state] = own["declined"] / (own["detainers"] - own["no_recorded_outcome"] - own["declined"])
    assert f"the odds are {odds['CA'] / odds['FL']:.1f} times" in text


def test_the_stories_of_two_jails_and_of_costs_count_as_they_say(site):
    """The numbers once more, straight from the rows."""
    told = {}
    for name in ("one-jail", "two-sheriffs", "two-bills"):
        text = (site / "stories" / f"{name}.html").read_text(encoding="utf-8")
        told[name] = " ".join(re.sub(r"<[^>]+>", " ", text.partition("<article")[2]).split())
    places, rows = load("places_fy2015").set_index("facility"), load("declines_by_facility").set_index("facility")
    for jail in ("HENNEPIN COUNTY ADC", "SEDGWICK COUNTY JAIL"):
        year = rows.loc[jail].set_index("year").loc[2014]
        assert f"{year['declined'] / (year['declined'] + year['other_outcomes']) * 100:.0f}" in told["two-sheriffs"]
        own = places.loc[jail]
        least, most = (
            n / own["detainers"] * 100 for n in (own["declined"], own["declined"] + own["no_recorded_outcome"])
        )
        assert f"between {least:.0f} and {most:.0f} percent" in told["two-sheriffs"]
    hennepin = places.loc["HENNEPIN COUNTY ADC", "detainers"]
    assert f"with an outcome or without: {hennepin}." in told["one-jail"]
    cases, outcomes = load("liability_cases").query("level != 'federal'"), load("funding_outcomes")
    assert f"has {len(cases)} cases" in told["two-bills"]
    assert f"In {cases['amount_usd'].count()} of them a sum is known" in told["two-bills"]
    for outcome in ("warned", "cleared"):
        assert str(outcomes.set_index("outcome").loc[outcome, "jurisdictions"]) in told["two-bills"]
    against = load("liability_rulings")["outcome"].str.contains("against local government").sum()
    assert f"{against} went against the local government" in told["two-bills"]


def test_the_page_of_exercises_has_those_of_every_notebook(site):
    text = (site / "exercises.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<li><p>", text.partition("<article")[2])) == 3 * len(BOOKS)


def test_every_table_can_be_downloaded_alone_and_in_one_archive(site):
    text = (site / "data.html").read_text(encoding="utf-8")
    (described,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    for part in json.loads(described)["distribution"]:
        assert (site / part["contentUrl"]).is_file()
    with zipfile.ZipFile(site / "tables.zip") as archive:
        names = {name.removeprefix("detainer-analysis/") for name in archive.namelist()}
        assert {"README.md", "LICENSE", "CAVEATS.txt", "data/DICTIONARY.md", "data/datapackage.json"} <= names
        for path in sorted((ROOT / "data").glob("*/*.csv")):
            name = path.relative_to(ROOT).as_posix()
            assert (site / name).read_bytes() == path.read_bytes() == archive.read(f"detainer-analysis/{name}")


def test_a_countys_rows_are_those_of_notebook_08(site):
    tables = {name: load(name) for name in county.TABLES}
    for fips in ("27053", "48453", "36005", "11001", "48301"):
        own = json.loads((site / "counties" / f"{fips[:2]}.json").read_text(encoding="utf-8"))[fips]
        profile = county.profile(fips, tables)
        assert {part: len(rows) for part, rows in own.items() if part != "name"} == {
            part: rows for part, rows in profile["cannot_say"]["rows"].items() if rows
        }
        years = profile["by_year"][["year", "declined"]].astype(str)
        assert [row[:2] for row in own.get("by_year", [])] == years[["year", "declined"]].astype(
            str
        ).to_numpy().tolist()
        money = profile["federal_money"]
        assert [(row[0], row[2]) for row in own.get("federal_money", [])] == [
            (str(row.fiscal_year), f"{row.federal_direct_usd:.0f}") for row in money.itertuples()
        ]
    index = json.loads((site / "counties" / "index.json").read_text(encoding="utf-8"))
    assert {part: about["cannot_say"] for part, about in index["parts"].items()} == county.CANNOT_SAY
    assert len(index["counties"]) == len(load("county_population"))
    found = {fips for path in (site / "counties").glob("[0-9]*.json") for fips in json.loads(path.read_text("utf-8"))}
    assert found == {fips for fips, _ in index["counties"]}
    assert max(path.stat().st_size for path in (site / "counties").iterdir()) < 500_000


def test_every_table_of_a_page_has_a_caption_and_scopes_and_every_page_its_description(site, pages):
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        assert len(re.findall(r"<table\b[^>]*>\s*<caption", text)) == len(re.findall(r"<table\b", text)), name
        assert not re.findall(r"<th\b(?![^>]*scope=)[^>]*>", text), name
        assert re.search(r'<meta name="description" content="[^"]{20,}', text), name
        for picture in re.findall(r"<img [^>]*\.png[^>]*>", text):
            assert all(word in picture for word in ('loading="lazy"', "width=", "height=")), name


def test_no_two_tables_of_a_page_have_the_same_caption_and_each_says_what_it_shows(site, pages):
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        said = [
            re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(r"<caption[^>]*>(.*?)</caption>", text, re.S)
        ]
        assert len(said) == len(set(said)), name
        assert all(re.search(r"[a-z]{3}", words) for words in said), name
    page = (
        "<h1>1. Outcomes</h1>{0}<h2>2. By age</h2>{0}{0}<p><strong>Only old.</strong> Words</p>{1}<table><caption>x"
        "</caption></table>{2}"
    )
    plain = "<table><thead><tr><th>what_it is</th><th>n</th></tr></thead></table>"
    wide = "<table><thead><tr><th>part</th>{}</tr><tr><th>year</th>{}</tr></thead></table>".format(
        "<th>a</th>" * 7, "<td></td>" * 7
    )
    named = "<table><thead><tr><td></td>{}</tr><tr><th>year</th>{}</tr></thead></table>".format(
        "".join(f"<th>c{n}</th>" for n in range(6)), "<td></td>" * 6
    )
    made = captioned(page.format(plain, wide, named))
    assert re.findall(r"<caption[^>]*>(.*?)</caption>", made) == [
        "Outcomes: what it is, n",
        "By age: what it is, n",
        "By age: what it is, n; table 2",
        "Only old: a column for each part, by year",
        "x",
        "Only old: c0, c1, c2, c3 and 2 more columns, by year",
    ]


def test_a_page_names_its_picture_by_a_whole_address_or_not_at_all(site):
    assert not [path for path in site.rglob("*.html") if "og:image" in path.read_text(encoding="utf-8")]
    for name in ("404.html", "claims/declined-206.html"):
        page = (site / name).read_text(encoding="utf-8") + '<a href="ledger.html">x</a>'
        made = mend.complete(page, site / name, site, "https://example.org/site")
        assert '<meta property="og:image" content="https://example.org/site/figures/three-weeks.png">' in made
        assert f'<meta property="og:url" content="https://example.org/site/{name}">' in made
        assert ('href="https://example.org/site/ledger.html"' in made) == (name == "404.html")
        assert ('"url": "https://example.org/site/claims/declined-206.html"' in made) == (name != "404.html")


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


@pytest.fixture(scope="module")
def address(site, serve):
    with serve(site) as address:
        yield address


def heard(page):
    """The page, with a list of its complaints."""
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("response", lambda response: page.complaints.append(response.url) if response.status >= 400 else None)
    page.on(
        "request",
        lambda request: page.complaints.append(request.url) if "//127.0.0.1" not in request.url else None,
    )
    return page


@contextlib.contextmanager
def opened(browser, url, **settings):
    """A page whose complaints (console, failed or foreign requests) are collected in `page.complaints`."""
    context = browser.new_context(**settings)
    page = heard(context.new_page())
    page.goto(url)
    yield page
    context.close()


# Axe's time goes to thousands of cells that look alike. What its rules about colour find depends on the styles of an
# element and of all around it, so that it looks at one element of each look, in the light and in the dark, and at none
# whose look another page had. A look is told by a hash of 53 bits of its styles and of the look around it.
MARK_LOOKS = """theme => {
  const looks = new Map([[null, 0]]), seen = (window.seen ??= {})[theme] ??= new Set();
  const named = ['color', 'background', 'opacity', 'font', 'textShadow', 'textDecoration', 'border', 'position'];
  const hash = text => {
    let [one, two] = [0xdeadbeef, 0x41c6ce57];
    for (let i = 0; i < text.length; i++) {
      one = Math.imul(one ^ text.charCodeAt(i), 2654435761);
      two = Math.imul(two ^ text.charCodeAt(i), 1597334677);
    }
    return 4294967296 * ((two ^ (one >>> 13)) & 2097151) + ((one ^ (two >>> 16)) >>> 0);
  };
  const look = element => {
    if (!looks.has(element)) {
      const parts = [null, '::before', '::after'].flatMap(part => {
        const style = getComputedStyle(element, part);
        return part && style.content === 'none' ? [] : named.map(name => style[name]);
      });
      looks.set(element, hash([element.tagName, ...parts, look(element.parentElement)].join('|')));
    }
    return looks.get(element);
  };
  for (const element of document.querySelectorAll('body, body *')) {
    const speaks = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if ((speaks || element.matches('input, select, textarea')) && !seen.has(look(element))) {
      seen.add(look(element));
      element.setAttribute('data-look', '');
    }
  }
}"""
# What the other rules find depends on tags, attributes and whether there are words. Of the rows of tables, lists and
# code those stay that come first, that have a new look, or in which something has been met less than three times: an
# element within its parent, by all but the words, the names and the addresses in it.
DROP_ALIKE = """() => {
  const met = window.met ??= new Map(), begun = new Set();
  const free = /^(id|href|src|srcset|alt|title|width|height|value|for|data-.*|aria-(label|controls|describedby))$/;
  const bare = element => element.tagName + [...element.attributes].map(({name, value}) =>
    ` ${name}=${free.test(name) ? Boolean(value.trim()) : value}`).join('');
  const piece = element => [bare(element.parentElement), bare(element),
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())].join('>');
  for (const row of document.querySelectorAll('tbody > tr, li, dl.py, dl > dt, pre > span')) {
    const parts = [row];
    while (row.tagName === 'DT' && parts.at(-1).nextElementSibling?.tagName === 'DD') {
      parts.push(parts.at(-1).nextElementSibling);
    }
    const pieces = new Set(parts.flatMap(part => [part, ...part.querySelectorAll('*')]).map(piece));
    const fresh = [...pieces].some(name => (met.get(name) ?? 0) < 3);
    if (fresh || !begun.has(row.parentElement) || parts.some(part => part.matches('[data-look], :has([data-look])'))) {
      begun.add(row.parentElement);
      pieces.forEach(name => met.set(name, (met.get(name) ?? 0) + 1));
    } else {
      parts.forEach(part => part.remove());
    }
  }
}"""
# Which elements the two rules about colours look at.
COLOURS = {"color-contrast": "[data-look]", "link-in-text-block": "a[href][data-look]"}
# What a visit on a phone loads, or one on a desk, whichever is more; the desk's begins at a time.
LOADED = """desk => {
  const visits = [0, 0];
  for (const {entryType, startTime, encodedBodySize} of performance.getEntries()) {
    visits.forEach((_, wide) => {
      if (entryType === 'navigation' || startTime >= desk === Boolean(wide)) visits[wide] += encodedBodySize ?? 0;
    });
  }
  return Math.max(...visits);
}"""
# Axe runs several times as fast where it ran before, so that one document, which is never left, takes a copy of each
# page as its scripts left it, and waits for its styles. A copied script does not run again.
TAKE_OVER = """async () => {
  looked.dispatchEvent(new looked.Event('resize'));  // the browser says so in a while only
  document.documentElement.remove();
  history.replaceState(null, '', looked.location.href);
  document.append(document.importNode(looked.document.documentElement, true));
  await Promise.all([...document.querySelectorAll('link[rel~=stylesheet]')].map(link => link.sheet ||
    new Promise((come, fail) => { link.onload = come; link.onerror = () => fail(new Error(link.href)); })));
}"""
PREPARE = """colours => {
  document.open();  // nothing of the page's own scripts listens any more
  document.write('<!doctype html>');
  document.close();
  window.looked = open('');
  axe.configure({rules: Object.entries(colours).map(([id, selector]) => ({id, selector}))});
}"""
RUN_AXE = "options => axe.run({include: ['html']}, options).then(found => found.violations)"


@contextlib.contextmanager
def beside(browser, address):
    """A page, and a document of the same process that takes it over for axe-core."""
    with opened(browser, f"{address}/404.html", viewport={"width": 1440, "height": 900}) as document:
        document.evaluate(Axe().axe_script)
        with document.expect_popup() as popup:
            document.evaluate(PREPARE, COLOURS)
        heard(popup.value)
        yield popup.value, document


def violations(document):
    """What axe-core finds about colours in the light and in the dark, and about all else, which is the same in both.

    What the document has shown of pages before is not looked at again.
    """
    document.evaluate(TAKE_OVER)
    for theme in ("light", "dark"):
        document.emulate_media(color_scheme=theme)
        document.evaluate(MARK_LOOKS, theme)
    document.evaluate(DROP_ALIKE)
    brief = {"resultTypes": ["violations"], "selectors": False}
    found = []
    if document.locator("[data-look]").count():
        found += document.evaluate(RUN_AXE, brief | {"runOnly": list(COLOURS)})
    document.emulate_media(color_scheme="light")
    found += document.evaluate(RUN_AXE, brief | {"rules": {"target-size": {"enabled": True}}})
    faults = {}
    for rule in found:  # either theme may break the same one
        faults.setdefault(rule["id"], []).extend(node["html"][:150] for node in rule["nodes"])
    return faults


def sample(claims):
    """Few pages of claims on which each of either answer is met, and the one with the most links."""
    answers = {name: {("repeated", claim.repeated), ("holds", claim.holds)} for name, claim in read_claims().items()}
    chosen, open_answers = {max(claims, key=lambda name: len(claims[name].links))}, set().union(*answers.values())
    while open_answers:
        best = max(answers, key=lambda name: len(answers[name] & open_answers))
        chosen.add(f"claims/{best}.html")
        open_answers -= answers[best]
    return chosen


def test_no_page_has_console_errors_accessibility_violations_or_sideways_scroll(browser, address, pages):
    faults = {}
    claims = {name: page for name, page in pages.items() if name.startswith("claims/")}
    alike = set(claims) - sample(claims)
    with beside(browser, address) as (page, document):
        for name in [*sorted(set(pages) - alike), "county.html#27053", "search.html?q=675"]:
            page.set_viewport_size({"width": 360, "height": 900})
            page.goto(f"{address}/{name}")
            for width in (360, 1440):
                desk = page.evaluate("performance.now()")
                page.set_viewport_size({"width": width, "height": 900})
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if over > 0:
                    faults[f"{name} at {width}"] = f"{over} pixels too wide"
            size = page.evaluate(LOADED, desk)
            if size > 1_500_000:
                faults[f"{name} loads"] = f"{size:,} bytes before anybody scrolls"
            if found := violations(document):
                faults[name] = found
            if page.complaints:
                faults[f"{name} said"] = list(page.complaints)
                page.complaints.clear()
    assert not faults, json.dumps(faults, indent=1)


def test_one_pale_cell_among_thousands_and_a_fault_in_a_last_row_are_found_on_a_page_after_its_like(browser, address):
    planted = """() => {
      const cells = [...document.querySelectorAll('#ledger tbody td')].filter(cell => !cell.children.length);
      [cells[30].id, cells[31].id] = ['pale-light', 'pale-dark'];
      const [one, two, three] = [...document.querySelectorAll('#ledger tbody tr')].slice(-3);
      one.cells[1].outerHTML = '<th></th>';
      two.querySelector('a').textContent = '';
      three.cells[1].setAttribute('role', 'knob');
    }"""
    with beside(browser, address) as (page, document):
        page.goto(f"{address}/ledger.html")
        assert violations(document) == {}
        page.goto(f"{address}/ledger.html")
        for theme, grey in (("light", "#999"), ("dark", "#555")):
            pale = f"@media (prefers-color-scheme: {theme}) {{ #pale-{theme} {{ color: {grey} }} }}"
            page.add_style_tag(content=pale)
        page.evaluate(planted)
        found = violations(document)
        assert set(found) == {"color-contrast", "empty-table-header", "link-name", "aria-roles"}
        pale = " ".join(found["color-contrast"])
        assert "pale-light" in pale
        assert "pale-dark" in pale
        assert all("pale-" in html for html in found["color-contrast"])


FIRST_HITS = {
    "675": "claims/jurisdictions-675.html",
    "29,269": "claims/detainers-29269.html",
    "3,083": "claims/issued-3083.html",
    "206": "claims/declined-206.html",
    "sanctuary": "glossary.html#term-sanctuary",
    "what is a detainer": "glossary.html#term-detainer",
    "What is an interval?": "glossary.html#term-interval",
    "contact": "corrections.html",
    "Ramsey": "county.html#27123",
    "10 percent": "claims/hennepin-federal-share.html",
    "14 percent": "claims/ramsey-federal-share.html",
    "correction": "corrections.html",
    "1.5 percent": "claims/hennepin-detainer-share.html",
    "Hennepin": "county.html#27053",
    "Travis": "county.html#48453",
    "Ithaca": "claims/ithaca-latest-policy.html",
    "36,000": "claims/hennepin-jail-inmates.html",
    "92.5 million": "claims/nyc-settlement.html",
}


def test_the_search_puts_the_right_page_first(browser, address):
    first = {}
    with opened(browser, f"{address}/search.html") as page:
        for words in FIRST_HITS:
            page.goto(f"{address}/search.html?q={words.replace(' ', '+')}")
            page.locator("#hits a").first.wait_for()
            first[words] = page.locator("#hits a").first.get_attribute("href")
        assert page.complaints == []
    assert first == FIRST_HITS


def test_a_phone_gets_the_narrow_figures_as_wide_as_they_are_meant_to_be(browser, address):
    measure = "all => all.map(image => [image.currentSrc, image.clientWidth])"
    for width, ending in ((390, "-narrow.svg"), (1440, ".png")):
        with opened(browser, address, viewport={"width": width, "height": 844}) as page:
            for name in ("figures", "county", "stories/one-week", f"notebooks/{BOOKS[1]}", f"notebooks/{BOOKS[8]}"):
                page.goto(f"{address}/{name}.html")
                page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
                page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
                shown = page.eval_on_selector_all("figure.chart img", measure)
                assert shown, name
                assert all(source.endswith(ending) for source, _ in shown), name
                assert width > 390 or min(wide for _, wide in shown) >= PHONE, name


def test_a_table_that_scrolls_on_a_phone_says_so_and_takes_the_keyboards_focus(browser, address):
    hint = "box => getComputedStyle(box, '::before').content"
    with opened(browser, f"{address}/notebooks/{BOOKS[0]}.html", viewport={"width": 390, "height": 844}) as page:
        box = page.locator(".output:has(> details.long), .output:has(> div > details.long)").first
        assert (box.get_attribute("tabindex"), "scroll" in box.evaluate(hint)) == (None, False)
        box.locator("summary").click()
        page.locator(".output.scrolls:has(details.long)").first.wait_for()
        assert (box.get_attribute("tabindex"), "scroll" in box.evaluate(hint)) == ("0", True)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_the_front_page_is_one_screen(browser, address, size):
    with opened(browser, address, viewport={"width": size[0], "height": size[1]}) as page:
        assert page.evaluate("document.querySelector('.imprint').getBoundingClientRect().bottom") <= size[1]
        page.get_by_label("A number, a place or a word").fill("675")
        page.keyboard.press("Enter")
        page.locator("#hits a").first.wait_for()


COUNTY_HITS = [
    ("Dona Ana", "Doña Ana County, NM", "1"),
    ("saint louis minnesota", "St. Louis County, MN", "1"),
    ("ramsey nd", "Ramsey County, ND", "1"),
    ("prince georges", "Prince George's County, MD", "1"),
    ("wash", "Washington County, AL", "36"),
]


def test_a_county_is_found_by_name_and_by_code_with_the_keyboard_alone(browser, address):
    with opened(browser, f"{address}/county.html") as page:
        box = page.get_by_label("County or FIPS code")
        box.press_sequentially("hennepin")
        page.get_by_role("link", name="Hennepin County, MN").wait_for()
        assert page.locator("#county-count").inner_text() == "1 county"
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Hennepin County, MN (27053)").wait_for()
        assert page.locator("#county table").count() == 6
        assert page.locator("#county").inner_text().count("This cannot say: ") == 6
        by_year, by_month = (page.locator("#county caption").nth(n).inner_text() for n in (0, 1))
        assert "An empty cell is no zero" in by_year
        assert "No other years" in by_month
        assert page.locator("#county td a").first.get_attribute("href").startswith("sources.html#source-")
        with page.expect_download() as saved:
            page.get_by_role("link", name="county-27053.csv").click()
        lines = saved.value.path().read_text(encoding="utf-8").splitlines()
        assert lines[0] == '"table","line","column","value"'
        box.fill("48453")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Travis County, TX (48453)").wait_for()
        said, links = page.locator("#county-count"), page.locator("#county-list a")
        for wanted, first, number in COUNTY_HITS:
            box.fill(wanted)
            assert links.first.inner_text() == first
            assert re.match(r"\d+", said.inner_text())[0] == number, wanted
        box.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == first
        assert "add the state" in said.inner_text()
        box.fill("no such place")
        assert said.inner_text().startswith("No county is called so. Type the county")
        page.goto(f"{address}/county.html#99999")
        page.get_by_role("heading", name="No county has the code 99999").wait_for()
        assert said.inner_text() == ""
        assert page.complaints == []


def test_the_menu_of_a_narrow_screen_opens_with_the_keyboard(browser, address):
    with opened(browser, f"{address}/rules.html", viewport={"width": 720, "height": 450}) as page:
        link = page.locator(".sidebar-drawer a").first
        assert not link.is_visible()
        button = page.get_by_role("button", name="Site menu")
        button.focus()
        page.keyboard.press("Enter")
        link.wait_for(state="visible")
        assert button.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        link.wait_for(state="hidden")


def test_a_printed_page_keeps_its_columns_and_leaves_out_what_only_a_screen_needs(browser, address):
    with opened(browser, address, viewport={"width": 794 - 2 * 57, "height": 1123}) as page:  # A4 within its margins
        page.emulate_media(media="print")
        for name in ("ledger", "claims/declined-206", "notebooks/03-federal-funding-share", "dictionary", "handouts"):
            page.goto(f"{address}/{name}.html")
            edge = (
                "Math.max(...[...document.querySelectorAll('article table')].map(t => t.getBoundingClientRect().right))"
            )
            assert page.evaluate(edge) <= 680, name
            folded = "[...document.querySelectorAll('details.row dl')].map(list => list.getBoundingClientRect().height)"
            assert min(page.evaluate(folded), default=1) > 0, name
            assert not page.get_by_role("link", name="Skip to content").is_visible()
        page.goto(f"{address}/ledger.html")
        assert page.locator("#ledger thead").inner_text().strip().split("\t") == [
            "claim",
            "repeated right?",
            "does it hold?",
            "origins",
        ]
        assert not page.locator(".ledger-filter").is_visible()


def test_the_ledger_sorts_within_an_account_and_says_so(browser, address):
    with opened(browser, f"{address}/ledger.html") as page:
        read = "[...document.querySelector('#ledger tbody').rows].slice(1).map(row => row.cells[2].textContent)"
        before = page.evaluate(read)
        button = page.get_by_role("button", name="does it hold?", exact=True)
        button.click()
        assert page.evaluate(read) == sorted(before)
        assert page.locator("#ledger th[aria-sort=ascending]").inner_text().startswith("does it hold?")
        button.focus()
        page.keyboard.press("Enter")
        assert page.evaluate(read) == sorted(before, reverse=True)
        assert page.locator("#ledger th[aria-sort=descending]").count() == 1


def test_the_ledger_shows_its_answers_on_a_phone(browser, address):
    with opened(browser, f"{address}/ledger.html", viewport={"width": 390, "height": 844}) as page:
        right = page.evaluate(
            "Math.max(...[...document.querySelectorAll('#ledger td')].map(cell => cell.getBoundingClientRect().right))"
        )
        assert right <= 390
        assert page.evaluate("document.querySelector('#ledger td strong').getBoundingClientRect().bottom") <= 844
        broken = "[...document.querySelectorAll('#ledger td')].filter(cell => cell.scrollWidth > cell.clientWidth)"
        assert page.evaluate(f"{broken}.map(cell => cell.textContent)") == []


def test_the_ledger_filters_by_words_places_numbers_and_answer_and_counts(browser, address):
    ledger = read_claims()
    name, claim = next(iter(ledger.items()))
    with opened(browser, f"{address}/ledger.html") as page:
        words = page.get_by_label("Number, place or word")
        words.fill(claim.statement)
        shown = page.locator("#ledger tr[data-holds]:visible")
        assert shown.count() == 1
        assert page.locator(f'#ledger tr:visible a[href="claims/{name}.html"]').count() == 1
        assert page.locator("#ledger-count").inner_text() == f"1 of {len(ledger)} claims"
        for wanted in ("29269", "Minnesota"):
            words.fill(wanted)
            assert shown.count() >= 1, wanted
        words.fill("")
        for answer in {entry.holds for entry in ledger.values()}:
            page.get_by_label("Does it hold?").select_option(answer)
            assert shown.count() == sum(entry.holds == answer for entry in ledger.values())


def test_a_claims_link_lands_on_it(browser, address):
    name, claim = list(read_claims().items())[-1]
    with opened(browser, f"{address}/ledger.html#{name}") as page:
        page.wait_for_function(f"document.getElementById('{name}').getBoundingClientRect().top < innerHeight")
        assert claim.statement in page.locator(f"[id='{name}']").first.inner_text()
