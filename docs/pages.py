"""The pages of the site that the data determine: notebooks made ready for it, ledger, sources, figures, interface.

Everything is discovered from files: a new notebook, claim, table, source, figure or module needs no change here.
"""

from __future__ import annotations

import base64
import html
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from detainer_analysis import markup, reproduce
from detainer_analysis.data import sources
from detainer_analysis.data.schemas import FOLDERS, LEDGER_SCHEMA
from detainer_analysis.ledger.card import Card, ledger_table
from detainer_analysis.ledger.claim import HOLDS, read_claims
from detainer_analysis.ledger.ledger import check
from detainer_analysis.paths import FIGURES, ROOT, notebooks

DOCS = Path(__file__).parent
# Code, links, headings, HTML and bold labels keep their words; glossary terms are linked elsewhere only.
NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\[[^\]]*\]\([^)]*\)|^#[^\n]*$|<[^>]*>|\*\*[^*]+\*\*", re.M | re.S)
ANSWER = re.compile(r"\*\*Answer (\d+)\.\*\*")


def write(folder: Path) -> None:
    """Write ``notebooks/`` and ``generated/`` below `folder`, replacing what was there."""
    for name in ("notebooks", "generated"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    books = {path: nbformat.read(path, as_version=4) for path in notebooks()}
    cards = [check(name) for name in read_claims()]
    fragments = {
        "notebooks": notebook_table(books),
        "findings": reproduce.findings(ledger_table(cards)).replace("](notebooks/", "](/notebooks/"),
        "ledger": ledger(cards, {path.stem[:2]: path.stem for path in books}),
        "sources": source_list(),
        "figures": contact_sheet(pictures(books)),
        "interface": interface(),
        "tables": table_list(),
        "citation": bibtex(citation()),
    }
    for name, text in fragments.items():
        (folder / "generated" / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    terms = glossary_terms((DOCS / "glossary.md").read_text(encoding="utf-8"))
    for path, book in books.items():
        nbformat.write(for_the_site(book, terms), folder / "notebooks" / path.name)


# Notebooks -------------------------------------------------------------------------------------------


def glossary_terms(page: str) -> list[str]:
    """The terms that the glossary page defines, longest first."""
    block = re.search(r"```\{glossary\}\n(.*?)```", page, re.S)
    assert block, "the page has no glossary"
    return sorted(re.findall(r"^(\S.*)$", block.group(1), re.M), key=len, reverse=True)


def for_the_site(book: NotebookNode, terms: list[str]) -> NotebookNode:
    """A copy of `book` with alt texts, glossary links, links to the ledger, and answers that open on demand."""
    book = nbformat.from_dict(book)
    left, folded = list(terms), False
    cells: list[NotebookNode] = []
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
        for output in cell.get("outputs", []):
            if picture := output.get("metadata", {}).get("image/png"):
                cell.metadata["mystnb"] = {"image": {"alt": picture["alt"]}}
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = _accessible(output.data["text/html"])
        cells.append(cell)
    book.cells = cells + ([_markdown("</details>", len(cells))] if folded else [])
    return book


def _markdown(source: str, number: int) -> NotebookNode:
    # An id of our own: nbformat's are random, and the build is to give the same pages every time.
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=f"fold-{number}")
    return cell


def _link_terms(text: str, left: list[str]) -> str:
    """`text` with the first use of each term linked to the glossary; used terms are taken from `left`."""
    names = {term.lower(): term for term in left}
    pattern = re.compile(rf"(?<![\w-])(?P<term>{'|'.join(map(re.escape, left))})s?(?![\w-])", re.I)

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
    """An empty header cell tells a screen reader of a header that is not there; claim cards link to the ledger."""
    table = re.sub(r"<th>\s*</th>", "<td></td>", table)
    return re.sub(r"(<strong>)([\w-]+)(</strong></caption>)", r'\1<a href="../ledger.html#\2">\2</a>\3', table)


def notebook_table(books: dict[Path, NotebookNode]) -> str:
    """Every notebook with its question and its file to download."""
    lines = ["| question | notebook file |", "|---|---|"]
    for path, book in books.items():
        question = book.cells[0].source.partition("\n")[0].removeprefix("# ")
        lines.append(f"| [{question}](/notebooks/{path.name}) | {{download}}`{path.name} <{_up(path)}>` |")
    return "\n".join(lines)


def _up(path: Path) -> str:
    """`path` as seen from the folder of the site's sources."""
    return f"../{path.relative_to(ROOT).as_posix()}"


# Ledger, sources -------------------------------------------------------------------------------------


def ledger(cards: list[Card], pages: dict[str, str]) -> str:
    """The table of all claims, then a section with the card of each, whose address is the claim's id."""
    columns = ("claim", "published", "repeated right?", "does it hold?", "origins", "but", "claimed by", "notebook")
    head = "".join(f'<th scope="col" aria-sort="none"><button type="button">{name}</button></th>' for name in columns)
    rows = []
    for card in cards:
        claim, source = card.claim, card.registry[card.claim.source]
        cells = (
            f'<a href="#{claim.id}">{html.escape(claim.statement)}</a>',
            html.escape(claim.published),
            card.verdict.repeated,
            f"<strong>{card.verdict.holds}</strong>",
            str(card.verdict.origins),
            html.escape(f"Missing: {claim.missing}." if claim.missing else claim.caveat),
            f'<a href="sources.html#source-{source.id}">{html.escape(source.citation)}</a>',
            f'<a href="notebooks/{pages[claim.notebook]}.html">{claim.notebook}</a>',
        )
        data = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f'<tr data-holds="{card.verdict.holds}">{data}</tr>')
    held = {card.verdict.holds for card in cards}
    options = "".join(f"<option>{name}</option>" for name in HOLDS if name in held)
    table = (
        '<form class="ledger-filter" role="search" aria-label="claims" hidden>'
        '<label>Words in the claim <input type="search" id="ledger-words"></label> '
        f'<label>Does it hold? <select id="ledger-holds"><option value="">all</option>{options}</select></label> '
        '<output id="ledger-count" aria-live="polite"></output></form>'
        '<div class="wide"><table id="ledger"><caption class="visually-hidden">Every claim, what was published,'
        f" whether it is repeated rightly, and whether it holds</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    sections = [
        f"({card.claim.id})=\n### {markup.plain(card.claim.statement)}\n\n"
        f"{markup.raw(card._repr_html_())}\n\n"
        f"Shown in notebook [{card.claim.notebook}](/notebooks/{pages[card.claim.notebook]}.ipynb)."
        f' Permanent link: <a href="#{card.claim.id}">{card.claim.id}</a>'
        for card in cards
    ]
    return f"{markup.raw(table)}\n\n## Claim by claim\n\n" + "\n\n".join(sections)


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
    return markup.raw('<dl class="sources">\n' + "\n".join(lines) + "\n</dl>")


# Figures, interface, tables, citation ----------------------------------------------------------------


def pictures(books: dict[Path, NotebookNode]) -> dict[str, tuple[str, Path]]:
    """Name of each committed figure: its alt text and the notebook that shows it."""
    names = {path.read_bytes(): path.stem for path in FIGURES.glob("*.png")}
    found = {}
    for path, book in books.items():
        for cell in book.cells:
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    name = names[base64.b64decode(output.data["image/png"])]
                    found[name] = (output.metadata["image/png"]["alt"], path)
    return found


def contact_sheet(shown: dict[str, tuple[str, Path]]) -> str:
    """Every figure, small, with its alt text, its notebook, and the vector and data files."""
    parts = []
    for name, (alt, path) in shown.items():
        files = ", ".join(f"{{download}}`{kind} <{_up(FIGURES / name)}.{kind}>`" for kind in ("png", "svg", "csv"))
        parts.append(
            f"(figure-{name})=\n### {name}\n\n![{markup.plain(alt)}]({_up(FIGURES / name)}.png)\n\n"
            f"{markup.plain(alt)} [Notebook {path.stem[:2]}](/notebooks/{path.name}). Files: {files}"
        )
    return "\n\n".join(parts)


def interface() -> str:
    """The documentation of every module of the package."""
    package = ROOT / "detainer_analysis"
    files = sorted(path.relative_to(package).with_suffix("") for path in package.rglob("*.py"))
    modules = [".".join(file.parts) for file in files if not file.stem.startswith("__")]
    return "\n\n".join(
        f"## {name}\n\n```{{eval-rst}}\n.. automodule:: detainer_analysis.{name}\n   :members:\n```" for name in modules
    )


def table_list() -> str:
    """Every table with what it holds and where it lies."""
    lines = ["| table | folder | holds |", "|---|---|---|"]
    for folder, group in FOLDERS.items():
        lines += [f"| `{name}` | {folder} | {schema.title} |" for name, schema in group.items()]
    lines.append(f"| `claims_ledger` | derived | {LEDGER_SCHEMA.title} |")
    return "\n".join(lines)


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
