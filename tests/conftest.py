"""Fixtures that several test modules share."""

import contextlib
import functools
import gc
import http.server
import json
import os
import runpy
import shutil
import sys
import threading
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import pytest

# No library that takes long to read: the process that only starts workers reads this file too.
from detainer_analysis import kernels
from detainer_analysis.paths import DATA

OFFLINE = str(Path(__file__).parent / "offline")
# Headless, as root, without a look-up of the network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--in-process-gpu"]
# Libraries that tests read, so large that coverage would be felt if it followed them.
LARGE = ("duckdb", "frictionless", "hypothesis.strategies", "matplotlib.pyplot", "nbclient", "pandera.pandas", "rdata")
LARGE += ("scipy.stats", "sphinx.application", "statsmodels.formula.api")
# Modules that take a minute or wait for another program: they start first, so that no worker ends with one alone.
LONG = (
    "tests/test_site.py",
    "tests/records/test_fetch_and_derive.py",
    "tests/test_contributing.py",
    "notebooks/07-policy-and-declines.ipynb",
    "notebooks/04-detainers-in-the-records.ipynb",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One worker for each processor that this process may use; one more would read everything once more."""
    return kernels.processors()


def pytest_configure(config):
    """No test, kernel or program that a test starts reaches the network.

    Coverage follows the tests into their workers, but not into what they start.
    """
    if OFFLINE not in os.environ.get("PYTHONPATH", "").split(os.pathsep):  # `make test` sets it
        os.environ["PYTHONPATH"] = os.pathsep.join([OFFLINE, *filter(None, [os.environ.get("PYTHONPATH")])])
        runpy.run_path(f"{OFFLINE}/sitecustomize.py")
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
        # Python 3.11 may end a thread at its start if coverage begins to follow another one at the same time; a page
        # whose picture such a thread should have served waits for ever.
        threading.settrace(None)
        gc.set_threshold(50_000, 20, 50)  # to look for what nobody holds takes long among all that tests have read
        if sys.gettrace():
            with _untraced():
                for library in LARGE:
                    import_module(library)


def pytest_collection_modifyitems(items):
    places = {module: place for place, module in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONG)))


@contextlib.contextmanager
def _untraced():
    """What coverage does not follow: it would take half as long again, and others run the same lines."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture
def untraced():
    with _untraced():
        yield


@pytest.fixture(scope="module")
def untraced_module():
    with _untraced():
        yield


@pytest.fixture(scope="module")
def browser():
    """The Chromium of this machine, or the one that the environment variable CHROMIUM names.

    One for each module: while it is open, no other event loop, such as that of a kernel, can run.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def data(tmp_path):
    """A scratch copy of the data folder, to tamper with."""
    return shutil.copytree(DATA, tmp_path / "data")


def _swapped(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.fixture(scope="session")
def swapped():
    """A text with `new` in the place of the first `old`, which must be there."""
    return _swapped


@pytest.fixture
def reseal(data):
    """Accept the change of one table of the scratch copy."""
    from detainer_analysis.data import cells, checksums, tables

    def accept(name):
        path = tables.path(name, data)
        sealed = json.loads((data / "checksums.json").read_text(encoding="utf-8"))
        file = f"data/{path.parent.name}/{path.name}"
        sealed[file] = asdict(checksums.digests(cells.read_rows(path.read_bytes(), file)))
        (data / "checksums.json").write_text(json.dumps(sealed), encoding="utf-8")

    return accept


@pytest.fixture
def edit(data):
    """Change the words of a table, by its name, or of another file of the scratch copy."""
    from detainer_analysis.data import tables

    def change(name, old, new):
        path = data / name if "." in name else tables.path(name, data)
        path.write_text(_swapped(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")

    return change


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, *_):
        """Be silent."""


class Server(http.server.ThreadingHTTPServer):
    """Lets a browser that asks for many files at once wait, on a busy machine too."""

    request_queue_size = 128


@contextlib.contextmanager
def served(folder):
    """The address of a server of a folder on this machine; scripts that are modules do not run from files."""
    handler = functools.partial(Quiet, directory=str(folder))
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def serve():
    return served
