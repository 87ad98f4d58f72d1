"""Where the project keeps its files."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
# An installed package carries the tables; in a checkout they lie beside the package.
SHIPPED = PACKAGE / "shipped"
DATA = SHIPPED if SHIPPED.is_dir() else ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"
