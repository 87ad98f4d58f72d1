"""A caption for every table that has none: the passage it stands in, and what its columns and rows are."""

from __future__ import annotations

import html
import re

PART = re.compile(
    r"<h(?P<level>[1-6])\b[^>]*>(?P<heading>.*?)</h[1-6]>"
    r"|<p><strong>(?P<lead>(?!Hint)[^<]*[.:?])</strong>|<details class=\"answer\"><summary>(?P<answer>.*?)</summary>"
    r"|<table\b[^>]*>(?!\s*<caption)(?P<head>(?:\s*<thead>.*?</thead>)?)",
    re.DOTALL,
)
WRITTEN = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
NUMBER = re.compile(r"^[\d.,-]+$")
NAMED = 4  # columns that a caption names


def captioned(page: str) -> str:
    """`page` with a caption, for those who do not see where a table stands, in every table without one."""
    passage, section = "", 0
    taken = {_text(caption) for caption in WRITTEN.findall(page)}

    def add(found: re.Match[str]) -> str:
        nonlocal passage, section
        if found["heading"] is not None:
            passage, section = re.sub(r"^\d+\. ", "", _text(found["heading"])), int(found["level"])
        elif found["lead"] or found["answer"]:
            passage = _text(found["lead"] or found["answer"]).rstrip(".:") if section > 1 else passage
        else:
            words = (" " if passage.endswith("?") else ": ").join(filter(None, (passage, _of_head(found["head"]))))
            again = sum(other.partition("; table ")[0] == words for other in taken)
            words += f"; table {again + 1}" if again else ""
            taken.add(words)
            caption = f'<caption class="visually-hidden" data-pagefind-ignore>{html.escape(words)}</caption>'
            return found[0].removesuffix(found["head"]) + caption + found["head"]
        return found[0]

    return PART.sub(add, page)


def _of_head(head: str) -> str:
    """What a table's head names: ``"declined, recorded, by year"``, or ``"a column for each month, by county"``."""
    rows = [
        [_text(cell).replace("_", " ") for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr\b.*?</tr>", head, re.DOTALL)
    ]
    # The last row of a head of several names what the rows are; the first cell of the others, what the columns are.
    by = [name for name in rows.pop() if name] if len(rows) > 1 and not rows[-1][-1] else []
    each = [row.pop(0) for row in rows if row and row[0] and (by or all(map(NUMBER.match, row[1:])))]
    names = list(dict.fromkeys(name for row in rows for name in row if name))
    if not names or each or all(map(NUMBER.match, names)):
        said = f"a column for each {each[-1]}" if each else ", ".join(names)
    else:
        more = len(names) - NAMED
        said = ", ".join(names[:NAMED]) + (f" and {more} more column{'s' if more > 1 else ''}" if more > 0 else "")
    return ", ".join(filter(None, (said, f"by {_listed(by)}" if by else "")))


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _text(marked: str) -> str:
    """Words without markup and links to themselves."""
    bare = re.sub(r"<a [^>]*headerlink.*?</a>|<[^>]+>", "", marked, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())
