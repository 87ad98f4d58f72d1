"""What the site says of the project itself: its sources, modules, citation, and which function makes which exhibit."""

from __future__ import annotations

import ast
import html
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from nbformat import NotebookNode

import detainer_analysis
from detainer_analysis.data import sources
from detainer_analysis.markup import raw
from detainer_analysis.paths import ROOT
from pages.figures import SHOWN

METHODS = Path(__file__).parent.parent / "methods.md"


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
        page = f"[notebook {path.stem[:2]}](/notebooks/{path.name})"
        for cell in book.cells:
            drawn = re.findall(r"^drawing = ([\w.]+)\(", cell.source, re.M)
            for name, function in zip(SHOWN.findall(cell.source), drawn, strict=False):
                lines.append(f"| figure [{name}](#figure-{name}) | {page} | `{function}` |")
            for name in re.findall(r'\bcheck\("([\w-]+)"\)', cell.source):
                lines.append(f'| claim [{name}](/claims/{name}.md) | {page} | `check("{name}")` |')
    return "\n".join(lines)


def interface(books: dict[Path, NotebookNode]) -> str:
    """The documentation of the modules that notebooks import and the methods name; `help` has the others."""
    package = ROOT / "detainer_analysis"
    code = "\n".join(cell.source for book in books.values() for cell in book.cells if cell.cell_type == "code")
    named = {getattr(detainer_analysis, name).__module__ for name in detainer_analysis.__all__}
    for module, names in re.findall(r"^from (detainer_analysis[\w.]*) import (.+)$", code, re.M):
        named |= {module} | {f"{module}.{name.split()[0]}" for name in names.split(", ")}
    for module in re.findall(r"`([a-z_.]+)\.\w+`", METHODS.read_text(encoding="utf-8")):
        named.add(f"detainer_analysis.{module}")
    files = sorted(path.relative_to(ROOT).with_suffix("") for path in package.rglob("*.py"))
    modules = [name for name in (".".join(file.parts) for file in files) if name in named]
    return "\n\n".join(
        f"## {name.removeprefix('detainer_analysis.')}\n\n```{{eval-rst}}\n.. automodule:: {name}\n"
        f"   :members: {', '.join(_defined(ROOT / name.replace('.', '/')))}\n```"
        for name in modules
    )


def _defined(module: Path) -> list[str]:
    """The public functions and classes of a module; autodoc would load and read all that it imports, too."""
    path = module.with_suffix(".py") if module.with_suffix(".py").is_file() else module / "__init__.py"
    parts = ast.parse(path.read_text(encoding="utf-8")).body
    return [part.name for part in parts if isinstance(part, ast.FunctionDef | ast.ClassDef) and part.name[0] != "_"]


@cache
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
