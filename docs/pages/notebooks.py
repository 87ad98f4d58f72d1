"""Notebooks made ready for the site: folded code, glossary links, answers that open on demand."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pages.figures import SHOWN, figure
from pages.text import up

# Code, links, headings, HTML and bold labels keep their words; glossary terms are linked elsewhere only.
NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\[[^\]]*\]\([^)]*\)|^#[^\n]*$|<[^>]*>|\*\*[^*]+\*\*", re.M | re.S)
ANSWER = re.compile(r"\*\*Answer (\d+)\.\*\*")
# Words that are mostly used in another sense than the glossary's: "the report claims".
UNLINKED = {"claim"}
LONG = 20  # rows of a table that a page shows without being asked


def glossary_terms(page: str) -> list[str]:
    """The terms that the glossary page defines, longest first."""
    block = re.search(r"```\{glossary\}\n(.*?)```", page, re.S)
    assert block, "the page has no glossary"
    terms = re.findall(r"^([^\s:].*)$", block.group(1), re.M)
    return sorted(terms, key=len, reverse=True)


def for_the_site(book: NotebookNode, terms: list[str]) -> NotebookNode:
    """A copy of `book` with folded code, figures for any screen, glossary links, and answers that open on demand.

    Code that shows nothing is folded together with the next that does, so that no bar stands above nothing.
    """
    book = nbformat.from_dict(book)
    left, folded = [term for term in terms if term not in UNLINKED], False
    cells: list[NotebookNode] = []
    ahead: list[NotebookNode] = []
    for cell in book.cells:
        answer = cell.cell_type == "markdown" and ANSWER.match(cell.source)
        if answer:
            cells += [_markdown("</details>", len(cells))] if folded else []
            cells.append(_markdown(f'<details class="answer"><summary>Answer {answer.group(1)}</summary>', len(cells)))
            cell.source = cell.source[answer.end() :].strip()
            folded = True
        elif cell.cell_type == "markdown" and folded:
            cells.append(_markdown("</details>", len(cells)))
            folded = False
        if cell.cell_type == "markdown":
            cell.source = _link_terms(cell.source, left)
        elif not folded and cell.outputs:
            cell.source = "\n\n".join([*(before.source for before in ahead), cell.source])
            cell.metadata.setdefault("tags", []).append("hide-input")
            ahead = []
        elif not folded and cell.source.count("\n") > 2:
            ahead.append(cell)
            continue
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = _accessible(output.data["text/html"])
            if picture := output.get("metadata", {}).pop("image/png", None):
                (name,) = SHOWN.findall(cell.source)
                output.data = {"text/html": figure(name, picture["alt"], "../")}
        cells.append(cell)
    book.cells = cells + ([_markdown("</details>", len(cells))] if folded else []) + ahead
    return book


def _markdown(source: str, number: int) -> NotebookNode:
    # An id of our own: nbformat's are random, and the build is to give the same pages every time.
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=f"fold-{number}")
    return cell


def _link_terms(text: str, left: list[str]) -> str:
    """`text` with the first use of each term linked to the glossary; used terms are taken from `left`."""
    names = {term.lower(): term for term in left}
    pattern = re.compile(rf"(?<![\w-])(?P<term>{'|'.join(map(re.escape, left))})s?(?![\w-]| number)", re.I)

    def link(match: re.Match[str]) -> str:
        term = names[match["term"].lower()]
        if term not in left:
            return match.group()
        left.remove(term)
        return f"{{term}}`{match.group()} <{term}>`"

    parts, end = [], 0
    for gap in NOT_PROSE.finditer(text):
        parts += [pattern.sub(link, text[end : gap.start()]), gap.group()]
        end = gap.end()
    return "".join([*parts, pattern.sub(link, text[end:])]) if names else text


def _accessible(table: str) -> str:
    """Scopes for a screen reader, a link from a claim's card to its page, a long table folded."""
    table = re.sub(r"<th>\s*</th>", "<td></td>", table)
    table = re.sub(r"(<strong>)([\w-]+)(</strong></caption>)", r'\1<a href="../claims/\2.html">\2</a>\3', table)
    if 'class="dataframe"' not in table:
        return table
    head, body, rest = table.partition("<tbody>")
    head, body = head.replace("<th>", '<th scope="col">'), rest.replace("<th>", '<th scope="row">')
    table = head + "<tbody>" + body
    rows = body.count("<tr")
    if rows > LONG:
        return f'<details class="long"><summary>Table of {rows} rows</summary>{table}</details>'
    return table


def notebook_table(books: dict[Path, NotebookNode]) -> str:
    """Every notebook with its question and its file to download."""
    lines = ["| question | notebook file |", "|---|---|"]
    for path, book in books.items():
        question = book.cells[0].source.partition("\n")[0].removeprefix("# ")
        lines.append(f"| [{question}](/notebooks/{path.name}) | {{download}}`{path.name} <{up(path)}>` |")
    return "\n".join(lines)
