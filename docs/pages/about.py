"""What the site says of the project itself: its sources, modules, citation, and which function makes which exhibit."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import yaml
from nbformat import NotebookNode

from detainer_analysis.data import sources
from detainer_analysis.markup import raw
from detainer_analysis.paths import ROOT
from pages.figures import SHOWN


def source_list() -> str:
    """Every source with an address of its own on the page."""
    lines = []
    for source in sources.read().values():
        title = html.escape(source.title)
        linked = f'<a href="{html.escape(source.url)}">{title}</a>' if source.url else title
        origin = (
            f' Repeats <a href="#source-{source.origin}">{source.origin}</a>.' if source.origin != source.id else ""
        )
        note = f" {html.escape(source.note)}" if source.note else ""
        lines.append(
            f'<dt id="source-{source.id}">{linked}</dt>'
            f"<dd>{html.escape(source.citation)}. {source.kind}, <code>{source.id}</code>.{origin}{note}</dd>"
        )
    return raw('<dl class="sources">\n' + "\n".join(lines) + "\n</dl>")


def exhibits(books: dict[Path, NotebookNode]) -> str:
    """Every figure and claim card that a notebook shows, with the function that makes it."""
    lines = ["| exhibit | notebook | made by |", "|---|---|---|"]
    for path, book in books.items():
        page = f"[{path.stem[:2]}](/notebooks/{path.name})"
        for cell in book.cells:
            drawn = re.findall(r"^drawing = ([\w.]+)\(", cell.source, re.M)
            for name, function in zip(SHOWN.findall(cell.source), drawn, strict=False):
                lines.append(f"| figure [{name}](#figure-{name}) | {page} | `{function}` |")
            for name in re.findall(r'\bcheck\("([\w-]+)"\)', cell.source):
                lines.append(f'| claim [{name}](/claims/{name}.md) | {page} | `check("{name}")` |')
    return "\n".join(lines)


def interface() -> str:
    """The documentation of every module of the package."""
    package = ROOT / "detainer_analysis"
    files = sorted(path.relative_to(package).with_suffix("") for path in package.rglob("*.py"))
    modules = [".".join(file.parts) for file in files if not file.stem.startswith("__")]
    return "\n\n".join(
        f"## {name}\n\n```{{eval-rst}}\n.. automodule:: detainer_analysis.{name}\n   :members:\n```" for name in modules
    )


def citation() -> dict[str, Any]:
    """The fields of CITATION.cff."""
    fields: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return fields


def bibtex(fields: dict[str, Any]) -> str:
    """The citation as a BibTeX entry."""
    authors = " and ".join(f"{{{author['name']}}}" for author in fields["authors"])
    year = f"{fields['date-released']:%Y}"
    return (
        "```bibtex\n@misc{detainer-analysis,\n"
        f"  title = {{{fields['title']}}},\n  author = {{{authors}}},\n  year = {{{year}}},\n"
        f"  note = {{Version {fields['version']}}}\n}}\n```"
    )
