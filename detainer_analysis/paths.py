"""Where the project keeps its files."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
# An installed package carries the data; in a checkout they lie beside the package.
DATA = PACKAGE / "data" if (PACKAGE / "data").is_dir() else ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"
