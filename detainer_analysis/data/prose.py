"""Numbers in prose: every date, count and share in the text of notebooks and pages, with what bears it out.

A typed number goes stale, and a slip changes it unseen. So `seals` keeps each with the words around it and the place
that shows it: an output of its section or notebook, a row of a table or an entry of a registry, or a reason in
``data/prose.toml``. A small number in words ("two answers") stands anywhere, so it is kept with its words alone.
"""

from __future__ import annotations

import json
import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any

from detainer_analysis.data.cells import read_bytes, read_entries
from detainer_analysis.data.schemas import FOLDERS
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA, NOTEBOOKS, ROOT

IN_WORDS, REASONS = "in words", "prose.toml"
CODES = ("county_points", "state_borders", "states")  # tables of coordinates and codes, which no prose states
BESIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
MONTHS = list(month_name)[1:]
TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COUNTS = {name: number for number, name in enumerate((*ONES, "ten", *TEENS), 1)}
COUNTS |= {name: 10 * number for number, name in enumerate(TENS, 1)}
COUNTS |= {"dozen": 12, "hundred": 100, "thousand": 1000, "twice": 2}
PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "tenth": 10}
PARTS |= {"fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
_MONTH, _COUNT, _PART = "|".join(MONTHS), "|".join(COUNTS), "|".join(PARTS)
_DATE = rf"\b(?:\d{{1,2}} )?(?:{_MONTH}) \d{{4}}\b|\b\d{{1,2}} (?:{_MONTH})\b|\b\d{{4}}-\d\d(?:-\d\d)?\b"
TOKEN = re.compile(
    rf"(?P<date>{_DATE}|\b(?:{_MONTH.replace('|May', '')})\b)"
    rf"|(?P<share>(?i:\b(?:{_COUNT})[ -](?:{_PART})s?\b|\b(?:{_COUNT}) (?:in|of) (?:{_COUNT})\b|\b(?:{_PART})s?\b))"
    r"|(?P<number>(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|(?<![\w.,/])-?\d+(?:\.\d+)?(?:e-\d+)?(?:(?![\w-])|(?=-fold\b)))"
    rf"|(?P<word>(?i:\b(?:{_COUNT.removeprefix('one|')}|halved|(?:doubl|tripl|quadrupl)(?:ed?|ing))\b))"
)
# What has a number in it and states none: code, addresses, names of forms, sections and notebooks, fields that the
# site fills in, and the blocks of the README that `reproduce` writes.
NAMES = re.compile(
    r"<!-- (?:answers|findings):.*?<!-- end of \w+ -->|^(`{3,})(?!\{(?:"
    r"glossary|note|tip|hint|warning|important|admonition|dropdown)\}).*?^\1$|^`{3,}[^\n]*$|`[^`]*`|\]\([^)]*\)|\{\{.*?\}\}"
    r"|<[^>]*>|(?<=^##) \d+\. |^ *(?:\*\*)?\d+\. |\*\*(?:Hint|Answer) \d\.\*\*|\b(?:exercise|lesson|section|ISO) \[?\d+"
    r"|\bnotebooks? \[?\d\d\]?|\bsections? \d+(?:(?:,| and| to) \d+)*|^## Notebook \d\d|\[\d\d\]|I-247\w*|OIG-[\d-]+\d",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
Shown = tuple[str, str]  # what a text is called, and the text


def pages() -> list[Path]:
    """The hand-written pages: those of the project and what lies in ``docs``, without what the site writes there."""
    docs = ROOT / "docs"
    written = (docs / "generated", docs / "notebooks", docs / "claims")
    found = [path for path in docs.rglob("*.md") if not any(path.is_relative_to(folder) for folder in written)]
    return [*(ROOT / name for name in BESIDE), *sorted(found)] if docs.is_dir() else []


def label(path: Path) -> str:
    """A notebook or page as messages call it; a copy elsewhere is called as the original."""
    return f"notebooks/{path.name}" if path.suffix == ".ipynb" else path.relative_to(ROOT).as_posix()


def sealed(path: Path, folder: Path = DATA) -> dict[str, str]:
    """Every number in the prose of a notebook or page: its words, with the number in brackets, and what shows it.

    Raises
    ------
    DataError
        If nothing shows a number and no reason is given for it, or a reason is given for a number that is not there.
    """
    name = label(path)
    given = read_entries(read_bytes(folder / REASONS, f"data/{REASONS}"), f"data/{REASONS}").get(name, {})
    found: dict[str, str] = {}
    times: Counter[str] = Counter()
    for text, shown in _notebook(path, folder) if path.suffix == ".ipynb" else _page(path, folder):
        for words, token, kind in _tokens(text):
            times[words] += 1
            key = words if times[words] == 1 else f"{words} ({times[words]})"
            reason = given.get(key, "")
            named = _data(reason, folder)[:1] if re.match(r"\S+\.csv|claims\.toml \[", reason) else []
            found[key] = reason if reason and not named else _borne_out(token, kind, named or shown)
            if not found[key]:
                raise DataError(
                    name, f"nothing shows the number in {key!r}; show it or give a reason in data/{REASONS}"
                )
    for key in given:
        if key not in found:
            raise DataError(f"data/{REASONS}", f"{name} has no number {key!r}")
    return found


def _tokens(text: str) -> Iterator[tuple[str, str, str]]:
    """Each number of a passage with its words, as it stands, and its kind; other numbers in the words become #."""
    text = NAMES.sub(" ", text)
    found = list(TOKEN.finditer(text))
    ends = [0, *(match.end() for match in found)]
    between = [text[end:start] for end, start in zip(ends, [*(match.start() for match in found), None], strict=True)]
    for number, match in enumerate(found):
        before = "#".join(between[max(0, number - 5) : number + 1]).split()[-5:]
        after = "#".join(between[number + 1 : number + 4]).split()[:2]
        yield " ".join([*before, f"[{match[0]}]", *after]), match[0], str(match.lastgroup)


def _borne_out(token: str, kind: str, shown: list[Shown]) -> str:
    """What the first text is called that shows the number; empty if none does."""
    if kind == "word":
        return IN_WORDS
    if kind == "share":
        return _share(token.lower(), shown)
    forms = {_bare(token)} if kind == "number" else _iso(token)
    return next((label for label, text in shown if forms & _values(text)), "")


def _bare(number: str) -> str:
    number = number.replace(",", "")
    return number.rstrip("0").rstrip(".") if "." in number and "e" not in number else number


def _iso(date: str) -> set[str]:
    """A date, a month, or a day without its year as data write them."""
    named = re.fullmatch(rf"(?:(\d{{1,2}}) )?({_MONTH})(?: (\d{{4}}))?", date)
    if not named:
        return {date}
    day = f"-{int(named[1]):02}" if named[1] else ""
    return {f"{named[3] or ''}-{MONTHS.index(named[2]) + 1:02}{day}"}


@lru_cache(maxsize=4096)
def _values(text: str) -> frozenset[str]:
    """The numbers and dates of a text; dates also by month and without their year."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    found = {_bare(number) for number in re.findall(r"-?(?<![\w.])\d+(?:\.\d+)?(?:e-\d+)?", plain)}
    found |= {number.removeprefix("-") for number in found}
    found |= {
        f"{float(number):.{n}f}" for number in found if "." in number for n in range(1, len(number.partition(".")[2]))
    }
    for date in {*re.findall(r"\d{4}-\d\d(?:-\d\d)?", text), *(d for d in re.findall(_DATE, text) for d in _iso(d))}:
        found |= {date, date[:7], date[4:], date[4:7]} if not date.startswith("-") else {date, date[:3]}
    return frozenset(found)


def _share(words: str, shown: list[Shown]) -> str:
    """What shows a share: the same words, or a part or percentage within three points of it."""
    first, last = (words.replace("-", " ").split()[place].removesuffix("s") for place in (0, -1))
    share = COUNTS.get(first, 1) / (PARTS.get(last) or COUNTS[last])
    for label, text in shown:
        if words in text.lower():
            return label
        for number in sorted(_values(text)):
            if (
                re.fullmatch(r"\d{1,2}(\.\d+)?", number)
                and min(abs(float(number) / 100 - share), abs(float(number) - share)) < 0.03
            ):
                return f"{label}: {number}"
    return ""


def _notebook(path: Path, folder: Path) -> Iterator[tuple[str, list[Shown]]]:
    """The text of each section with the outputs of the section, of the page, its code, and the data that it names."""
    prose, outputs, code = _sections(path)
    quoted = [key for key, entry in _entries(folder / "claims.toml").items() if path.name.startswith(entry["notebook"])]
    rest = [*chain(*outputs), ("a line of code", code), *_data("\n".join([code, *prose, *quoted]), folder)]
    for text, own in zip(prose, outputs, strict=True):
        yield text, [*own, *rest]


def _page(path: Path, folder: Path) -> Iterator[tuple[str, list[Shown]]]:
    """The text of each section of a page with the notebooks and data that the section names, then the page."""
    text = read_bytes(path, path.name).decode("utf-8")
    everything = _named(text, folder)
    for section in re.split(r"^(?=#)", text, flags=re.MULTILINE):
        yield section, [*_named(section, folder), *everything]


def _sections(path: Path) -> tuple[list[str], list[list[Shown]], str]:
    """The prose and the outputs of each section of a notebook, and all its code."""
    prose = [""]
    outputs: list[list[Shown]] = [[]]
    code: list[str] = []
    for cell in json.loads(read_bytes(path, path.name))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            code.append(source)
            title = prose[-1].partition("\n")[0].lstrip("# ")
            outputs[-1] += [(f"output under {title!r}", text) for text in _words(cell["outputs"])]
            continue
        for part in re.split(r"^(?=#)", source, flags=re.MULTILINE):
            if part.startswith("#"):
                prose.append(part)
                outputs.append([])
            else:
                prose[-1] += f"\n\n{part}"
    return prose, outputs, "\n".join(code)


def _words(outputs: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What a reader can read of outputs: text, the cells of tables, descriptions of pictures."""
    for output in outputs:
        data = output.get("data", {})
        yield "".join(output.get("text", ""))
        yield unescape(re.sub(r"<[^>]*>", " ", "".join(data.get("text/html") or data.get("text/plain", ""))))
        yield output.get("metadata", {}).get("image/png", {}).get("alt", "")


def _named(text: str, folder: Path) -> list[Shown]:
    """The outputs of the notebooks that a text names, and the data."""
    numbers = dict.fromkeys(re.findall(r"(?:[Nn]otebooks? \[?|notebooks/)(\d\d)", text))
    books = [path for number in numbers for path in NOTEBOOKS.glob(f"{number}-*.ipynb")]
    return [*chain(*(shown for path in books for shown in _sections(path)[1])), *_data(text, folder)]


def _data(text: str, folder: Path) -> list[Shown]:
    """The rows of the tables and the claims that a text names, references, and the dates of every entry."""
    names = set(re.findall(r"[\w-]+", text.replace("_", "-")))
    tables = [
        f"{kind}/{name}.csv"
        for kind in FOLDERS
        for name in FOLDERS[kind]
        if name.replace("_", "-") in names and name not in CODES
    ]
    rows = [(f"data/{file}", read_bytes(folder / file, f"data/{file}").decode("utf-8")) for file in tables]
    claims, sources = folder / "claims.toml", folder / "sources.toml"
    quoted = [
        (f"claims.toml [{key}]", " ; ".join(map(str, entry.values())))
        for key, entry in _entries(claims).items()
        if key in names
    ]
    return [
        *((file, words.replace(",", " ; ")) for file, words in rows),
        *quoted,
        *_references(),
        *_dates(claims),
        *_dates(sources),
    ]


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    return _parsed(read_bytes(path, f"data/{path.name}"), path.name)


@lru_cache(maxsize=4)
def _parsed(content: bytes, name: str) -> dict[str, dict[str, Any]]:
    return read_entries(content, f"data/{name}")


def _dates(path: Path) -> list[Shown]:
    """The dates of every entry of a registry."""
    return _dated(read_bytes(path, f"data/{path.name}"), path.name)


@lru_cache(maxsize=4)
def _dated(content: bytes, name: str) -> list[Shown]:
    return [
        (f"{name} [{key}]", " ; ".join(re.findall(_DATE, " ; ".join(map(str, entry.values())))))
        for key, entry in _parsed(content, name).items()
    ]


def _references() -> Iterator[Shown]:
    for name in ("docs/references.bib", "CITATION.cff", "pyproject.toml"):
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(encoding="utf-8")
