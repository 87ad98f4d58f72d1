"""The pages of the site that the data determine: home, claims, counties, tables, notebooks, figures, interface.

Everything is discovered from files: a new notebook, claim, table, source, figure or module needs no change here.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

import nbformat

from detainer_analysis import paths
from detainer_analysis.ledger.card import Card
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.ledger.ledger import check
from detainer_analysis.markup import raw
from pages import about, counties, figures, home, learn, ledger, search, tables
from pages.notebooks import for_the_site, glossary_terms, notebook_table

DOCS = Path(__file__).parent.parent


@lru_cache(maxsize=1)
def cards() -> tuple[Card, ...]:
    """Every claim with its answers, judged anew."""
    return tuple(check(name) for name in read_claims())


def write(folder: Path) -> None:
    """Write ``notebooks/``, ``claims/`` and ``generated/`` below `folder`, replacing what was there."""
    for name in ("notebooks", "claims", "generated"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    books = {path: nbformat.read(path, as_version=4) for path in paths.notebooks()}
    titles = {path.stem[:2]: path.stem for path in books}
    judged = cards()
    shown = figures.pictures(books)
    fragments = {
        "home": raw(home.home(judged)),
        "notebooks": notebook_table(books),
        "ledger": ledger.ledger(judged, titles),
        "counties": raw(counties.counts(counties.profiles())),
        "sources": about.source_list(),
        "figures": figures.contact_sheet(shown),
        "maps": figures.maps(shown),
        "exhibits": about.exhibits(books),
        "interface": about.interface(books),
        "exercises": learn.exercises(books),
        "tables": tables.table_list(),
        "citation": about.bibtex(about.citation()),
    }
    for name, text in fragments.items():
        (folder / "generated" / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    for card in judged:
        (folder / "claims" / f"{card.claim.id}.md").write_text(ledger.claim_page(card, titles), encoding="utf-8")
    terms = glossary_terms((DOCS / "glossary.md").read_text(encoding="utf-8"))
    for path, book in books.items():
        nbformat.write(for_the_site(book, terms), folder / "notebooks" / path.name)


def complete(folder: Path) -> None:
    """Add to the built site below `folder` what is no page: figures, tables, counties and the search index."""
    shutil.copytree(paths.FIGURES, folder / "figures", dirs_exist_ok=True)
    tables.write(folder)
    known, rows = counties.names(), counties.profiles()
    counties.write(folder, known, rows)
    search.write(folder, {fips: counties.in_words(fips, known[fips], rows[fips]) for fips in counties.told(rows)})
