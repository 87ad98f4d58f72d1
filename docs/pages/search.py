"""The search: pages of the site, counties and terms, indexed by Pagefind, which finds numbers as well as words."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
    """Index the site below `folder`, and a page for each county by its FIPS code, into ``pagefind/``.

    By the command, which ends when its files are written; the library's own service is ended at once, and on a busy
    machine it left them cut short.
    """
    pages = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    pages |= {Path(f"county-{fips}.html"): page for fips, page in counties.items()}
    pages |= {Path(f"{anchor}.html"): page for anchor, page in terms(pages[Path("glossary.html")]).items()}
    with tempfile.TemporaryDirectory() as aside:
        for path, page in pages.items():
            (Path(aside) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(aside) / path).write_text(page, encoding="utf-8")
        shutil.rmtree(folder / "pagefind", ignore_errors=True)
        command = [sys.executable, "-m", "pagefind", "--site", aside, "--output-path", str(folder / "pagefind")]
        subprocess.run([*command, "--quiet"], check=True)
