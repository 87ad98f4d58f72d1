"""Words of the data on pages: whatever they hold, they stay words."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """`text` for a line of Markdown that shows just these characters.

    Markdown ends a block at a line break, so white space becomes single spaces. Directives, roles, HTML, links,
    footnotes, tables, code and attributes begin with one of the characters that get a backslash.
    """
    return re.sub(r"([\\*_`\[\]<>{}|&$~^])", r"\\\1", " ".join(text.split()))


def raw(html: str) -> str:
    """Markdown that passes `html` through as it is; what stands in it cannot end the block."""
    longest = max((len(run) for run in re.findall("`+", html)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{raw}} html\n{html}\n{fence}"
