"""Where the project keeps its files."""

import re
from itertools import pairwise
from pathlib import Path

from detainer_analysis.errors import DataError

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
# An installed package carries the tables; in a checkout they lie beside the package.
SHIPPED = PACKAGE / "shipped"
DATA = SHIPPED if SHIPPED.is_dir() else ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"


def notebooks() -> list[Path]:
    """The project's notebooks in their order: a number of two digits, then small words joined by hyphens.

    Any other file beside them, such as ``Untitled.ipynb``, JupyterLab's copies and checkpoints, is the reader's own.

    Raises
    ------
    DataError
        If two notebooks have one number, by which claims name their notebook.
    """
    names = re.compile(r"\d\d(-[a-z0-9]+)+\.ipynb")
    found = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if names.fullmatch(path.name))
    for first, second in pairwise(found):
        if first.name[:2] == second.name[:2]:
            raise DataError(f"notebooks/{second.name}", f"the number {second.name[:2]} is that of {first.name} already")
    return found
