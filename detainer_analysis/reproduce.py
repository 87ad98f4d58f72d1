"""The main job: execute every notebook, rebuild figures and derived tables, print the ledger."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

import nbformat
import pandas as pd
from nbclient import NotebookClient
from tqdm import tqdm
from traitlets.config import Config

from detainer_analysis.data import datapackage
from detainer_analysis.errors import DataError
from detainer_analysis.ledger.claim import VERDICTS, read_claims
from detainer_analysis.ledger.ledger import check, ledger_table
from detainer_analysis.paths import DATA, NOTEBOOKS, ROOT

# A reader's own settings would change what a kernel prints or draws.
FOREIGN_SETTINGS = ("MPLBACKEND", "PYTHONWARNINGS", "PYTHONSTARTUP", "MATPLOTLIBRC")
FINDINGS_START, FINDINGS_END = "<!-- findings: written by make reproduce -->", "<!-- end of findings -->"
# Sums in another order differ in the last digits, and threads of several jobs on one machine wait for each other.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
PRIVATE_FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR")


def isolate(environment: MutableMapping[str, str], cache: Path) -> None:
    """Shut the settings of the machine's user out of every kernel started with `environment`.

    Linear algebra gets one thread, whatever the machine has.
    """
    for name in FOREIGN_SETTINGS:
        environment.pop(name, None)
    for name in ONE_THREAD:
        environment[name] = "1"
    for name in PRIVATE_FOLDERS:
        folder = cache / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        environment[name] = str(folder)


def execute(path: Path) -> None:
    """Run one notebook from top to bottom and store it with its outputs and nothing else."""
    notebook = nbformat.read(path, as_version=4)
    # Encryption is asked for where the kernel has it; without the setting each kernel warns on stderr.
    config = Config({"KernelManager": {"transport_encryption": "auto"}})
    client = NotebookClient(
        notebook,
        config=config,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    fold_answers(notebook)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    nbformat.write(notebook, path)


def fold_answers(notebook: nbformat.NotebookNode) -> None:
    """Close the cells that answer an exercise: JupyterLab shows them when the reader opens them."""
    answering = False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            answering = cell.source.startswith("**Answer ")
        elif answering:
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}


def write_ledger(folder: Path = DATA) -> pd.DataFrame:
    """Write ``derived/claims_ledger.csv`` in `folder` and return it."""
    table = ledger_table([check(name, folder) for name in read_claims(folder)])
    target = folder / "derived" / "claims_ledger.csv"
    target.parent.mkdir(exist_ok=True)
    table.to_csv(target, index=False, lineterminator="\n")
    return table


def findings(table: pd.DataFrame) -> str:
    """The ledger as the Markdown table of the README: claim, published, found, verdict, notebook."""
    paths = {path.stem[:2]: path for path in NOTEBOOKS.glob("*.ipynb")}
    lines = ["| claim | published | found | verdict | notebook |", "|---|---|---|---|---|"]
    for row in table.itertuples():
        link = f"[{row.notebook}](notebooks/{paths[row.notebook].name})"
        lines.append(f"| {row.statement} | {row.published} | {row.found} | **{row.verdict}** | {link} |")
    return "\n".join(lines)


def write_findings(table: pd.DataFrame, readme: Path = ROOT / "README.md") -> None:
    """Replace the findings table between the two markers of the README.

    Raises
    ------
    ValueError
        If the README has lost a marker.
    """
    before, start, rest = readme.read_text(encoding="utf-8").partition(FINDINGS_START)
    _, end, after = rest.partition(FINDINGS_END)
    if not (start and end):
        raise ValueError(f"{readme.name} needs the markers {FINDINGS_START} and {FINDINGS_END}")
    readme.write_text(f"{before}{start}\n{findings(table)}\n{end}{after}", encoding="utf-8")


def run() -> None:
    """Execute all notebooks, then write the ledger, the data package and the README's findings; print the verdicts.

    Raises
    ------
    DataError
        If there are no notebooks: an installed package carries none.
    """
    if not NOTEBOOKS.is_dir():
        raise DataError(NOTEBOOKS.name, "there is no such folder here; reproduce runs in a checkout of the project")
    isolate(os.environ, ROOT / ".cache")
    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    with tqdm(notebooks, unit="notebook") as bar:
        for path in bar:
            bar.set_description(path.stem)
            execute(path)
    table = write_ledger()
    write_findings(table)
    datapackage.write()
    width = table["claim"].str.len().max()
    print("\nThe ledger of claims\n")
    for row in table.itertuples():
        print(f"  {row.verdict:<17}{row.claim:<{width + 2}}{row.published} | found: {row.found}")
    counts = table["verdict"].value_counts()
    print("\n  " + ", ".join(f"{counts[name]} {name}" for name in VERDICTS if name in counts))
