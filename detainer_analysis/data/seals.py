"""Seals of what has no schema: entries of the registries, code cells, numbers in prose, packages with their hashes.

`seal` writes them, and the main job where they differ in registries alone, whose entries `changes` shows whole. A test
compares them, so that a changed address or period, a lost cell or another number in a sentence is a failure that names
it.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from detainer_analysis.data import prose, sources
from detainer_analysis.data.cells import read_bytes, read_entries
from detainer_analysis.errors import DataError
from detainer_analysis.files import write_whole
from detainer_analysis.paths import DATA, ROOT, notebooks

FILE = "data/seals.json"
REGISTRIES = ("sources.toml", "claims.toml")
NAMED = 10  # differences in one message
LOCKS = ("requirements.lock", "requirements-spark.lock")


def seals(folder: Path = DATA, texts: list[Path] | None = None) -> dict[str, dict[str, str]]:
    """What is sealed, by file: entries of the registries in `folder`, locked packages, code cells, numbers in prose.

    All have short digests but numbers, which have what shows them (see `prose.sealed`). With `texts`, only these
    notebooks and pages, and no packages.

    Raises
    ------
    DataError
        If a registry cannot be read, or a number in prose is shown by nothing (see `prose.sealed`).
    """
    sources.read(folder)
    found: dict[str, dict[str, str]] = {}
    for name in REGISTRIES:
        entries = read_entries(read_bytes(folder / name, f"data/{name}"), f"data/{name}")
        found[f"data/{name}"] = {key: _digest(entry) for key, entry in entries.items()}
    for path in [ROOT / name for name in LOCKS if texts is None and (ROOT / name).is_file()]:
        packages = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        found[path.name] = {package.partition(" \\\n")[0]: _digest(package) for package in packages}
    for path in [*notebooks(), *prose.pages()] if texts is None else texts:
        name = prose.label(path)
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            found[name] = {f"code cell {n}": _digest(source) for n, source in enumerate(code, 1)}
        found[f"{name}, prose"] = prose.sealed(path, folder)
    return found


def contents(folder: Path = DATA) -> dict[Path, str]:
    """The file of the seals by its path, to be written."""
    return {folder / "seals.json": json.dumps(seals(folder), indent=0, ensure_ascii=False) + "\n"}


def sealed(content: bytes) -> dict[str, dict[str, str]]:
    """The seals in the content of their file.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        found: dict[str, dict[str, str]] = json.loads(content)
    except ValueError as error:
        raise DataError(FILE, f"cannot be read: {error}") from error
    return found


def renew(folder: Path = DATA) -> None:
    """Write the seals, unless prose, a code cell or a package differs from its seal: that, a person has to mean.

    Raises
    ------
    DataError
        If one of these differs; the seals stay as they were.
    """
    [(path, text)] = contents(folder).items()
    lines = differences(sealed(read_bytes(path, FILE)), sealed(text.encode()))
    unmeant = [line for line in lines if not line.startswith(tuple(f"data/{name}: " for name in REGISTRIES))]
    if unmeant:
        more = f"; and {len(unmeant) - NAMED:,} more" if len(unmeant) > NAMED else ""
        named = "; ".join(unmeant[:NAMED])
        raise DataError(FILE, f"is kept, for this is not as sealed: {named}{more}. If it is meant, run: make seal")
    write_whole(path, text)


def differences(sealed: dict[str, dict[str, str]], found: dict[str, dict[str, str]]) -> list[str]:
    """Every entry, cell or number that was changed, lost or added, in words."""
    lines = []
    for file in sorted({*sealed, *found}):
        old, new = sealed.get(file, {}), found.get(file, {})
        lines += [f"{file}: {key} is lost" for key in old if key not in new]
        lines += [f"{file}: {key} is new" for key in new if key not in old]
        lines += [f"{file}: {key} was changed" for key in old if key in new and old[key] != new[key]]
    return lines


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
