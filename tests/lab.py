"""Every notebook, opened in JupyterLab and run there; `make test-lab` runs this, `make test` does not.

It takes about ten seconds a notebook, and `make test` recomputes every output by way of nbval already. What this
adds is the program that readers use: each notebook opens, runs without an error, and gives the ledger's answers.
"""

import contextlib
import html
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from detainer_analysis.kernels import isolate
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.paths import NOTEBOOKS, ROOT, notebooks

TOKEN = "reader"
LEDGER_HEAD = "<th>repeated</th>\n      <th>holds</th>\n      <th>found</th>"
RUN = """async () => {
  const app = window.jupyterapp, widget = app.shell.currentWidget;
  await app.commands.execute('notebook:run-all-cells');
  return widget.content.model.toJSON().cells.filter(cell => cell.cell_type === 'code');
}"""
CONNECTED = """name => {
  const widget = window.jupyterapp?.shell.currentWidget;
  return widget?.context?.path === name && widget.context.isReady
    && widget.sessionContext.session?.kernel?.connectionStatus === 'connected';
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that serves a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, folder / "notebooks", ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"DETAINER_FIGURES": str(folder / "figures"), "HOME": str(folder)}
    isolate(environment, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    command += [
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--notebook-dir={folder / 'notebooks'}",
        "--KernelSpecManager.kernel_dirs=[]",  # kernels of this interpreter only
    ]
    address = f"http://127.0.0.1:{port}"
    with (
        open(folder / "log", "w", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,
    ):
        for _ in range(120):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api?token={TOKEN}").close()
                break
            time.sleep(0.5)
        yield address
        server.terminate()


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", [path.name for path in notebooks()])
def test_a_notebook_runs_in_jupyterlab_with_the_ledgers_answers(lab, page, name):
    page.goto(f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
    page.wait_for_function(CONNECTED, arg=name, timeout=60_000)
    cells = page.evaluate(RUN)
    assert page.locator("mjx-container").count() == 0  # a dollar sign is money here
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    ledger = read_claims()
    texts = [html.unescape(str(output.get("data", {}).get("text/html"))) for output in outputs]
    shown = {
        found[1]: found[2]
        for text in texts
        for found in re.finditer(
            r"<caption[^>]*><strong>([\w-]+)</strong>.*?does it hold\?</th><td[^>]*>([a-z ]+), by", text, re.S
        )
    }
    mine = {key for key, claim in ledger.items() if name.startswith(claim.notebook)}
    assert name.startswith("09") or set(shown) >= mine
    assert shown == {key: ledger[key].holds for key in shown}
    whole = [
        re.findall(r"<td>(.*?)</td>", row) for text in texts if LEDGER_HEAD in text for row in text.split("<tr>")[1:]
    ]
    answers = {key: claim.holds for key, claim in ledger.items()} if name.startswith("09") else {}
    assert {row[0]: row[4] for row in whole} == answers
