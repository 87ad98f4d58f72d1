"""Which files a page may read: a directive that reads another one stops the build."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

DOCS = Path(__file__).parent.parent
READABLE = ("docs", "figures", "notebooks", "data/DICTIONARY.md", "CHANGELOG.md", "CONTRIBUTING.md")


def refuse_foreign_files(app: Sphinx, environment: BuildEnvironment) -> None:
    """Stop before anything is written if a page has read a file that is not of the site."""
    root = DOCS.parent
    allowed = [root / name for name in READABLE] + [Path(app.outdir).parent / "jupyter_execute"]  # pictures
    modules = [root, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()]
    for page, files in environment.dependencies.items():
        for file in files:
            path = (DOCS / file).resolve()
            docstrings = path.suffix == ".py" and any(path.is_relative_to(place) for place in modules)
            if not docstrings and not any(path.is_relative_to(place) for place in allowed):
                raise ExtensionError(f"{page}: a page may not read {path}")
