"""Small ways of writing text and tables that several pages share."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from detainer_analysis.markup import raw
from detainer_analysis.paths import ROOT


def up(path: Path) -> str:
    """`path` as seen from the folder of the site's sources."""
    return f"../{path.relative_to(ROOT).as_posix()}"


def block(text: str) -> str:
    """Text to be copied, with a button for it, whatever it holds."""
    return raw(f'<div class="highlight"><pre>{html.escape(text)}</pre></div>')


def cell(value: object) -> str:
    """One cell of a table as text: no `nan`, no `.0`, days without a time."""
    if not isinstance(value, (str, list)) and pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """An HTML table with a caption and a scope on every header; cells are HTML already, the first heads its row."""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{value}</td>" for value in row[1:])}</tr>' for row in rows
    )
    return (
        f'<div class="wide"><table class="plain"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def structured(data: dict[str, Any]) -> str:
    """Statements of schema.org as a script that only software reads."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
