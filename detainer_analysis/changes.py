"""What changed in the data since a release: every cell and every field of a claim or source, in one table.

A change that is sealed again passes every test by design, so a reviewer has to see it.
"""

from __future__ import annotations

import csv
import io
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from detainer_analysis import markup
from detainer_analysis.data.schemas import ALL_SCHEMAS, FOLDERS
from detainer_analysis.data.seals import REGISTRIES
from detainer_analysis.errors import DataError
from detainer_analysis.paths import ROOT

SHOWN = 40  # changes of one file; of more the table says the number
Change = tuple[str, str, str, str, str]


def table(since: str = "", root: Path = ROOT) -> str:
    """The changes from the commit `since`, by default the last release, to the files as they are, as Markdown.

    Raises
    ------
    DataError
        If there is no release and no commit is named, or git does not know the commit.
    """
    since = since or _git(root, "describe", "--tags", "--abbrev=0").decode().strip()
    _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}")
    lines = [f"Changes of the data since {markup.plain(since)}", ""]
    lines += ["| file | entry | field | before | now |", "|---|---|---|---|---|"]
    for file in _files():
        found = list(_changes(file, _before(root, since, file), _now(root / file)))
        lines += ["| " + " | ".join(markup.plain(cell) for cell in change) + " |" for change in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"| {markup.plain(file)} | and {len(found) - SHOWN:,} more | | | |")
    if len(lines) == 4:
        lines = [f"No change of the data since {markup.plain(since)}."]
    return "\n".join(lines)


def _files() -> list[str]:
    tables = [f"data/{folder}/{name}.csv" for folder, schemas in FOLDERS.items() for name in schemas]
    return [*(f"data/{name}" for name in REGISTRIES), "data/derived/claims_ledger.csv", *tables]


def _git(root: Path, *arguments: str) -> bytes:
    run = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    if run.returncode:
        raise DataError(
            "changes",
            f"git {arguments[0]} found no release or commit to compare with; name one: make changes SINCE=...",
        )
    return run.stdout


def _before(root: Path, since: str, file: str) -> str:
    run = subprocess.run(["git", "-C", str(root), "show", f"{since}:{file}"], capture_output=True, check=False)
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else ""


def _now(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _changes(file: str, before: str, now: str) -> Iterator[Change]:
    """File, entry, field and both values of every difference; an entry that is new or lost is one change."""
    if before == now:
        return
    old, new = (_entries(file, text) for text in (before, now))
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            yield file, key, "", "was there", ""
        elif key not in old:
            yield file, key, "", "", "is new"
        else:
            for field in dict.fromkeys([*old[key], *new[key]]):
                values = old[key].get(field, ""), new[key].get(field, "")
                if values[0] != values[1]:
                    yield file, key, field, *values


def _entries(file: str, text: str) -> dict[str, dict[str, str]]:
    """Entries of a registry by id, or rows of a table by their key; a key that occurs again gets a number."""
    if file.endswith(".toml"):
        read = tomllib.loads(text)
        return {key: {name: str(value) for name, value in entry.items()} for key, entry in read.items()}
    schema = ALL_SCHEMAS.get(Path(file).stem)
    found: dict[str, dict[str, str]] = {}
    times: dict[str, int] = {}
    for row in csv.DictReader(io.StringIO(text)):
        names = [name for name in (schema.unique if schema is not None else ["claim"]) or [] if name in row]
        key = ", ".join(str(row[name]) for name in names)
        times[key] = times.get(key, 0) + 1
        found[key if times[key] == 1 else f"{key} ({times[key]})"] = {name: str(cell) for name, cell in row.items()}
    return found
