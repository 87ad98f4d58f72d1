"""Figures on the site: for a screen and for a phone, each with its files and its data as a folded table."""

from __future__ import annotations

import csv
import html
import re
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from detainer_analysis.markup import raw
from detainer_analysis.paths import FIGURES, notebooks
from pages.text import table

SHOWN = re.compile(r'\bshow\([^"]*"([\w-]+)"')
ROWS = 30  # rows of the data that a page shows; the rest is in the file


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


def placed() -> dict[str, str]:
    """Every figure as a page one folder below the top includes it, by name with underscores."""
    books = {path: nbformat.read(path, as_version=4) for path in notebooks()}
    return {name.replace("-", "_"): raw(figure(name, alt, "../")) for name, (alt, _) in pictures(books).items()}


@cache
def figure(name: str, alt: str, up: str) -> str:
    """One figure; `up` leads from its page to the top of the site."""
    png, stem = (FIGURES / f"{name}.png").read_bytes(), f"{up}figures/{name}"
    width, height = struct.unpack(">II", png[16:24])
    files = ", ".join(f'<a href="{stem}.{kind}">{name} as {kind.upper()}</a>' for kind in ("png", "svg", "csv"))
    return (
        f'<figure class="chart"><picture><source media="(max-width: 600px)" srcset="{stem}-narrow.svg">'
        f'<img src="{stem}.png" alt="{html.escape(alt)}" width="{width}" height="{height}" loading="lazy"></picture>'
        f"<details data-pagefind-ignore><summary>Data and files of this figure</summary>"
        f"{_data(name)}<p>{files}</p></details></figure>"
    )


def _data(name: str) -> str:
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    more = f", the first {ROWS} of {len(rows):,} rows" if len(rows) > ROWS else ""
    shown: Iterable[list[str]] = ([html.escape(value) for value in row] for row in rows[:ROWS])
    return table(f"What the figure {name} shows{more}", [column.replace("_", " ") for column in columns], shown)


def maps(shown: dict[str, tuple[str, Path]]) -> str:
    """The figures of the county page."""
    return "\n\n".join(raw(figure(name, shown[name][0], "")) for name in ("declines-by-county", "shares-by-county"))


def contact_sheet(shown: dict[str, tuple[str, Path]]) -> str:
    """Every figure, small, with its notebook, its data and its files."""
    return "\n\n".join(
        f"(figure-{name})=\n### {name}\n\n{raw(figure(name, alt, ''))}\n\n"
        f"[Notebook {path.stem[:2]}](/notebooks/{path.name})"
        for name, (alt, path) in shown.items()
    )
