"""The page of all figures."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat import NotebookNode

from detainer_analysis.markup import plain
from detainer_analysis.paths import FIGURES
from pages.text import up

SHOWN = re.compile(r'\bshow\([^"]*"([\w-]+)"')


def pictures(books: dict[Path, NotebookNode]) -> dict[str, tuple[str, Path]]:
    """Name of each figure: its alt text and the notebook that shows it."""
    found: dict[str, tuple[str, Path]] = {}
    for path, book in books.items():
        for cell in book.cells:
            outputs = [output.get("metadata", {}) for output in cell.get("outputs", [])]
            alts = [facts["image/png"]["alt"] for facts in outputs if "image/png" in facts]
            names = [name for name in SHOWN.findall(cell.source) if (FIGURES / f"{name}.png").is_file()]
            found |= {name: (alt, path) for name, alt in zip(names, alts, strict=False)}
    return found


def contact_sheet(shown: dict[str, tuple[str, Path]]) -> str:
    """Every figure, small, with its notebook, and the vector and data files."""
    parts = []
    for name, (alt, path) in shown.items():
        files = ", ".join(
            f"{{download}}`{name} as {kind} <{up(FIGURES / name)}.{kind}>`" for kind in ("png", "svg", "csv")
        )
        parts.append(
            f"(figure-{name})=\n### {name}\n\n![{plain(alt)}]({up(FIGURES / name)}.png)\n\n"
            f"[Notebook {path.stem[:2]}](/notebooks/{path.name}). Files: {files}"
        )
    return "\n\n".join(parts)
