"""Kernels that nbval starts ignore the settings of the machine's user and save no figures; only our notebooks count."""

import os

from detainer_analysis.paths import ROOT, notebooks
from detainer_analysis.reproduce import FIGURES_FOLDER, isolate

isolate(os.environ, ROOT / ".cache")
os.environ.pop(FIGURES_FOLDER, None)


def pytest_ignore_collect(collection_path):
    """A reader's own notebook beside ours, such as Untitled.ipynb, is none of the tests'."""
    return True if collection_path.suffix == ".ipynb" and collection_path not in notebooks() else None
