"""The search: pages of the site, counties and terms, indexed by Pagefind, which finds numbers as well as words."""

from __future__ import annotations

import asyncio
import html
import re
import tempfile
from pathlib import Path

from pagefind.index import IndexConfig, PagefindIndex

TERM = re.compile(r'<dt [^>]*id="(term-[^"]+)"[^>]*>(.*?)<a [^>]*headerlink.*?</dt>\s*<dd>(.*?)</dd>', re.S)


def terms(glossary: str) -> dict[str, str]:
    """Each term of the built glossary, by its anchor, as a page that only the search reads."""
    found = {}
    for anchor, marked, meaning in TERM.findall(glossary):
        term, words = (html.escape(html.unescape(re.sub(r"<[^>]+>", "", text)).strip()) for text in (marked, meaning))
        found[anchor] = (
            '<html lang="en"><body data-pagefind-body>'
            f'<h1 data-pagefind-weight="10" data-pagefind-filter="kind:term">{term}</h1><p>{words}</p></body></html>'
        )
    return found


def write(folder: Path, counties: dict[str, str]) -> None:
    """Index the site below `folder`, and a page for each county by its FIPS code, into ``pagefind/``."""
    glossary = terms((folder / "glossary.html").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as aside:
        for fips, page in counties.items():
            (Path(aside) / f"county-{fips}.html").write_text(page, encoding="utf-8")
        for anchor, page in glossary.items():
            (Path(aside) / f"{anchor}.html").write_text(page, encoding="utf-8")
        asyncio.run(_write(folder, aside))


async def _write(folder: Path, aside: str) -> None:
    # Whole folders: handed over one by one, each page would wait a tenth of a second for its answer.
    async with PagefindIndex(config=IndexConfig(output_path=str(folder / "pagefind"))) as index:
        await index.add_directory(path=str(folder))
        await index.add_directory(path=aside)
