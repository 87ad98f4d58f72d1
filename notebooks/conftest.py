"""Kernels that nbval starts ignore the settings of the machine's user; in `make test` they are copies of one.

What they draw is compared with figures/. Only our notebooks count.
"""

import atexit
import contextlib
import functools
import os
import re
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager

from detainer_analysis.kernels import CAN_COPY, FIGURES_FOLDER, copier, isolate
from detainer_analysis.paths import FIGURES, ROOT, notebooks

isolate(os.environ, ROOT / ".cache")
DRAWN = Path(mkdtemp(prefix="figures-"))
atexit.register(rmtree, DRAWN, ignore_errors=True)
os.environ.pop(FIGURES_FOLDER, None)
ENDED = contextlib.ExitStack()
atexit.register(ENDED.close)
# Pictures are the same to the byte under the lock only; their data are the same everywhere.
LOCKED = all(
    f"\n{name}=={version(name)} " in f"\n{(ROOT / 'requirements.lock').read_text(encoding='utf-8')}"
    for name in ("matplotlib", "numpy", "pandas")
)


@functools.cache
def one_copier():
    """Reads the libraries when the first notebook starts, once for each process that runs notebooks."""
    return ENDED.enter_context(copier(os.environ))


class CopiedKernel(KernelManager):
    """Starts a kernel as a copy of a program that has read the libraries."""

    def __init__(self, **settings):
        super().__init__(**settings)
        one_copier().serve(self)


# Of one process only, as in `make test-range`, each kernel starts alone, as a reader's does.
if CAN_COPY and "PYTEST_XDIST_WORKER" in os.environ and nbval.kernel.KernelManager is KernelManager:
    nbval.kernel.KernelManager = CopiedKernel


def pytest_ignore_collect(collection_path):
    """A reader's own notebook beside ours, such as Untitled.ipynb, is none of the tests'."""
    return True if collection_path.suffix == ".ipynb" and collection_path not in notebooks() else None


def differing(drawn, committed, *, pictures):
    """Names of the files in `drawn` that are not the committed ones to the byte; pictures only if asked."""
    kinds = {".csv", ".png", ".svg"} if pictures else {".csv"}
    files = [path for path in sorted(drawn.iterdir()) if path.suffix in kinds]
    found = [path.name for path in files if not (committed / path.name).is_file()]
    return found + [
        path.name
        for path in files
        if (committed / path.name).is_file() and path.read_bytes() != (committed / path.name).read_bytes()
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """The first cell starts its notebook's kernel, which saves figures in a folder of ours."""
    os.environ[FIGURES_FOLDER] = str(DRAWN)
    try:
        return (yield)
    finally:
        del os.environ[FIGURES_FOLDER]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """The cell that drew another figure than the committed one fails."""
    report = yield
    if call.when == "call" and report.passed and item.path.suffix == ".ipynb":
        if found := differing(DRAWN, FIGURES, pictures=LOCKED):
            report.outcome = "failed"
            report.longrepr = f"figures/ holds another {', '.join(found)} than the notebook draws; run: make reproduce"
        for path in DRAWN.iterdir():
            if re.fullmatch(r"\w[\w-]*\.(csv|png|svg)", path.name):  # not one that is being written
                path.unlink()
    return report
