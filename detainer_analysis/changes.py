"""What changed since a release, in one table: every cell, field, number in prose, code cell and package.

A change that is sealed again passes every test by design, so a reviewer has to see it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from detainer_analysis import markup
from detainer_analysis.data import prose, seals
from detainer_analysis.data.cells import read_bytes, read_entries, read_rows
from detainer_analysis.data.schemas import ALL_SCHEMAS, FOLDERS
from detainer_analysis.errors import DataError
from detainer_analysis.paths import ROOT

Change = tuple[str, str, str, str, str]


def table(since: str = "", root: Path = ROOT) -> str:
    """The changes from the commit `since`, by default the last release, to the files as they are, as Markdown.

    The last release is the last tag; without one, the last commit that changed the version in ``pyproject.toml``.

    Raises
    ------
    DataError
        If there is no release and no commit is named, git does not know the commit, or a file cannot be read.
    """
    since, named = (since, since) if since else _release(root)
    if not _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}"):
        raise _cannot_compare(f"there is no commit {since}")
    lines = [f"Changes of the data since {markup.plain(named)}", ""]
    lines += ["| file | entry | field | before | now |", "|---|---|---|---|---|"]
    for file in _files():
        found = _changes(file, _git(root, "show", f"{since}:{file}"), _now(root, file))
        lines += ["| " + " | ".join(markup.plain(cell) for cell in change) + " |" for change in found]
    if len(lines) == 4:
        lines = [f"No change of the data since {markup.plain(named)}."]
    return "\n".join(lines)


def _release(root: Path) -> tuple[str, str]:
    """The last release, as git knows it and as readers are told."""
    tag = _git(root, "describe", "--tags", "--abbrev=0").decode().strip()
    if tag:
        return tag, tag
    whole = _git(root, "rev-parse", "--is-shallow-repository") == b"false\n"  # else any commit may come last
    found = _git(root, "log", "-1", "--format=%h", "-G^version = ", "--", "pyproject.toml") if whole else b""
    if not found:
        raise _cannot_compare("there is no release")
    commit = found.decode().strip()
    return commit, f"{commit}, the last change of the version in pyproject.toml, because no release has a tag"


def _files() -> list[str]:
    tables = [f"data/{folder}/{name}.csv" for folder, schemas in FOLDERS.items() for name in schemas]
    registries = [f"data/{name}" for name in (*seals.REGISTRIES, prose.REASONS)]
    return [*registries, "data/derived/claims_ledger.csv", *tables, seals.FILE]


def _cannot_compare(problem: str) -> DataError:
    return DataError("changes", f"{problem} to compare with; name one: make changes SINCE=...")


def _git(root: Path, *arguments: str) -> bytes:
    """What git prints; nothing if it fails."""
    run = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    return run.stdout if run.returncode == 0 else b""


def _now(root: Path, file: str) -> bytes:
    return read_bytes(root / file, file) if (root / file).exists() else b""


def _changes(file: str, before: bytes, now: bytes) -> Iterator[Change]:
    """File, entry, field and both values of every difference; an entry that is new or lost is one change."""
    if before == now:
        return
    old, new = (_entries(file, content) for content in (before, now))
    for key in dict.fromkeys([*old, *new]):
        if key not in old or key not in new:
            yield file, key, "all", _whole(old.get(key)), _whole(new.get(key))
            continue
        for field in dict.fromkeys([*old[key], *new[key]]):
            values = old[key].get(field, ""), new[key].get(field, "")
            if values[0] != values[1]:
                yield file, key, field, *values


def _whole(entry: Mapping[str, str] | None) -> str:
    """All that an entry says, in one cell."""
    return "" if entry is None else "; ".join(f"{name}: {value}" for name, value in entry.items() if value) or "empty"


def _entries(file: str, content: bytes) -> dict[str, dict[str, str]]:
    """Fields of a registry's entries, cells of a table's rows by their key, or seals but those of the registries.

    A key that occurs again gets a number.
    """
    if not content:
        return {}
    if file == seals.FILE:
        read = seals.sealed(content)
        return {key: entry for key, entry in read.items() if not key.endswith(seals.REGISTRIES)}
    if file.endswith(".toml"):
        entries = read_entries(content, file)
        return {key: {name: str(value) for name, value in entry.items()} for key, entry in entries.items()}
    schema = ALL_SCHEMAS.get(Path(file).stem)
    found: dict[str, dict[str, str]] = {}
    times: dict[str, int] = {}
    header, *rows = read_rows(content, file)
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        names = [name for name in (schema.unique if schema is not None else ["claim"]) or [] if name in row]
        key = ", ".join(row[name] for name in names)
        times[key] = times.get(key, 0) + 1
        found[key if times[key] == 1 else f"{key} ({times[key]})"] = row
    return found
