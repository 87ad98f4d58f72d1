"""Seals of what has no schema: entries of the registries, code cells, numbers in prose, packages with their hashes.

`seal` and the main job write them; a test compares them, so that a changed address or period, a lost cell or another
number in a sentence is a failure that names it.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

from detainer_analysis.data import prose
from detainer_analysis.data.cells import read_bytes
from detainer_analysis.paths import DATA, ROOT, notebooks

REGISTRIES = ("sources.toml", "claims.toml")
LOCKS = ("requirements.lock", "requirements-spark.lock")


def seals(folder: Path = DATA, texts: list[Path] | None = None) -> dict[str, dict[str, str]]:
    """What is sealed, by file: entries of the registries in `folder`, locked packages, code cells, numbers in prose.

    All have short digests but numbers, which have what shows them (see `prose.sealed`). With `texts`, only these
    notebooks and pages, and no packages.
    """
    found: dict[str, dict[str, str]] = {}
    for name in REGISTRIES:
        entries = tomllib.loads(read_bytes(folder / name, f"data/{name}").decode("utf-8"))
        found[f"data/{name}"] = {key: _digest(entry) for key, entry in entries.items()}
    for path in [ROOT / name for name in LOCKS if texts is None and (ROOT / name).is_file()]:
        packages = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        found[path.name] = {package.partition(" \\\n")[0]: _digest(package) for package in packages}
    for path in [*notebooks(), *prose.pages()] if texts is None else texts:
        name = prose.label(path)
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            found[name] = {f"code cell {n}": _digest(source) for n, source in enumerate(sources, 1)}
        found[f"{name}, prose"] = prose.sealed(path, folder)
    return found


def contents(folder: Path = DATA) -> dict[Path, str]:
    """The file of the seals by its path, to be written."""
    return {folder / "seals.json": json.dumps(seals(folder), indent=0, ensure_ascii=False) + "\n"}


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
