"""The main job: execute every notebook, rebuild figures and derived tables, print the ledger."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pandas as pd
from nbclient import NotebookClient
from tqdm import tqdm

from detainer_analysis import background, markup
from detainer_analysis.data import datapackage, seals
from detainer_analysis.errors import DataError
from detainer_analysis.files import write_together, write_whole
from detainer_analysis.kernels import CAN_COPY, FIGURES_FOLDER, Copier, OwnKernel, copier, isolate, processors
from detainer_analysis.ledger.card import Card, ledger_document, ledger_table
from detainer_analysis.ledger.claim import HOLDS, REPEATED, WORDS, open_in, read_claims
from detainer_analysis.ledger.ledger import check
from detainer_analysis.paths import DATA, FIGURES, NOTEBOOKS, ROOT, notebooks

FINDINGS_START, FINDINGS_END = "<!-- findings: written by make reproduce -->", "<!-- end of findings -->"
# What the project exists for, in the order of the README; at most ten.
HEADLINES = (
    "declined-206",
    "issued-3083",
    "top-ten-share",
    "issued-will-rise",
    "jurisdictions-675",
    "detainers-29269",
    "hennepin-federal-dollars",
    "ramsey-federal-dollars",
    "hennepin-jail-inmates",
    "listed-people-were-released",
)
ANSWERS_START, ANSWERS_END = "<!-- answers: written by make reproduce -->", "<!-- end of answers -->"
# The three questions that the project exists for, each with its claims and their short names.
ANSWERED = {
    "How many detainers did jails decline in ICE's first weekly report?": {
        "declined-206": "206 declined",
        "issued-3083": "of 3,083 issued",
    },
    "Did about 675 jurisdictions decline more than 29,269 detainers?": {
        "jurisdictions-675": "approximately 675 jurisdictions",
        "detainers-29269": "more than 29,269 detainers",
    },
    "How much of two counties' budgets is federal money?": {
        "hennepin-federal-share": "Hennepin, about 10 percent",
        "ramsey-federal-share": "Ramsey, about 14 percent",
    },
}
ANSWER_LINE = "# The answer: open this cell to read it."


class Loop(asyncio.SelectorEventLoop):
    """An event loop that leaves Ctrl-C to Python: nbclient would take it for itself, and the job would go on."""

    def add_signal_handler(self, *_: Any) -> None:  # pyrefly: ignore[bad-override]
        """Refuse, as in a thread or on Windows; nbclient goes on without."""
        raise NotImplementedError


def execute(*paths: Path, figures: Path | None = None) -> None:
    """Run notebooks from top to bottom and store each with its outputs and nothing else.

    As many run at a time as there are processors, in the given order. A kernel ends with its notebook, whether that
    was finished, failed or was interrupted. Figures are saved in the folder `figures`, if one is given. Nothing is
    written before all have run: one that fails leaves every notebook and figure as it was.
    """
    with (
        TemporaryDirectory() as drawn,
        tqdm(total=len(paths), unit="notebook") as bar,
        asyncio.Runner(loop_factory=Loop) as runner,
    ):
        environment = dict(os.environ) | ({FIGURES_FOLDER: drawn} if figures else {})
        try:
            contents: dict[Path, str | bytes] = dict(runner.run(_execute_all(paths, environment, bar)))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        if figures:
            figures.mkdir(exist_ok=True)
            contents |= {figures / path.name: path.read_bytes() for path in Path(drawn).iterdir()}
    write_together(contents)


async def _execute_all(paths: Sequence[Path], environment: dict[str, str], bar: tqdm) -> dict[Path, str]:
    free, done = asyncio.Semaphore(processors()), {}

    async def one(path: Path, copied: Copier | None) -> None:
        async with free:
            with TemporaryDirectory() as sockets:
                done[path] = await _execute(path, OwnKernel(Path(sockets), copied), environment)
        bar.set_description(path.stem)
        bar.update()

    several = CAN_COPY and len(paths) > 1
    with copier(environment) if several else contextlib.nullcontext() as copied:
        async with asyncio.TaskGroup() as group:
            for path in paths:
                group.create_task(one(path, copied))
    return done


async def _execute(path: Path, kernel: OwnKernel, environment: dict[str, str]) -> str:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        km=kernel,
        timeout=300,
        record_timing=False,
        coalesce_streams=True,  # how a busy machine cuts what is printed into pieces is no output
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        await client.async_execute(cleanup_kc=True, env=environment)
    except Exception:
        task = asyncio.current_task()
        if task and task.cancelling():  # nbclient takes an interruption for the death of the kernel
            raise asyncio.CancelledError from None
        raise
    finally:
        if kernel.has_kernel:  # interrupted before nbclient had it
            await kernel.shutdown_kernel(now=True)
    fold_answers(notebook)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    text: str = nbformat.writes(notebook)
    return text + "\n"


def _code_cells(path: Path) -> int:
    return sum(cell.cell_type == "code" for cell in nbformat.read(path, as_version=4).cells)


def fold_answers(notebook: nbformat.NotebookNode) -> None:
    """Close the cells that answer an exercise: JupyterLab shows them when the reader opens them.

    Of a closed cell it shows the first line, so that is a comment that gives nothing away.
    """
    answering = False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            answering = cell.source.startswith("**Answer ")
        elif answering:
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
            if not cell.source.startswith(ANSWER_LINE):
                cell.source = f"{ANSWER_LINE}\n{cell.source}"


def all_cards(folder: Path = DATA) -> list[Card]:
    """The cards of all claims, in the order of the ledger."""
    return [check(name, folder) for name in read_claims(folder)]


def write_ledger(cards: Sequence[Card], folder: Path = DATA) -> pd.DataFrame:
    """Write ``claims_ledger.csv`` and ``ledger.json`` below ``derived`` in `folder`; returns the table."""
    table, target = ledger_table(cards), folder / "derived"
    target.mkdir(exist_ok=True)
    document = {"version": version("detainer-analysis"), "claims": ledger_document(cards)}
    write_together(
        {
            target / "claims_ledger.csv": table.to_csv(index=False, lineterminator="\n"),
            target / "ledger.json": json.dumps(document, indent=1, ensure_ascii=False, default=int) + "\n",
        }
    )
    return table


def findings(table: pd.DataFrame) -> str:
    """The claims that matter most as the Markdown table of the README, each with its two answers and its doubt."""
    paths = {path.stem[:2]: path for path in notebooks()}
    rows = table.set_index("claim").reindex([name for name in HEADLINES if name in set(table["claim"])])
    lines = ["| claim | repeated right? | does it hold? | but | notebook |", "|---|---|---|---|---|"]
    for row in rows.itertuples():
        link = f"[{row.notebook}](notebooks/{paths[row.notebook].name})"
        found = f". {row.why}" if row.unit == WORDS and row.why else f": {row.found}" if row.found else ""
        said = [markup.plain(words) for words in (row.statement, found, open_in(row.missing, row.caveat))]
        lines.append(f"| {said[0]} | {row.repeated} | **{row.holds}**{said[1]} | {said[2]} | {link} |")
    return "\n".join(lines)


def answers(table: pd.DataFrame) -> str:
    """The questions of `ANSWERED` as a Markdown list: each claim with its two answers and its doubt."""
    rows = table.fillna("").set_index("claim")
    lines = []
    for question, claims in ANSWERED.items():
        lines.append(f"- **{question}**")
        for claim, name in claims.items():
            row = rows.loc[claim]
            found = f", {markup.plain(row['found'])}" if row["found"] else ""
            doubt = markup.plain(open_in(row["missing"], row["caveat"]))
            lines.append(f"  - *{name}*: **{row['holds']}**{found} ({row['repeated']}). {doubt}".rstrip())
    return "\n".join(lines)


def write_findings(table: pd.DataFrame, readme: Path = ROOT / "README.md") -> None:
    """Replace the three answers and the table of findings between their markers in the README.

    Raises
    ------
    ValueError
        If the README has lost a marker.
    """
    text = readme.read_text(encoding="utf-8")
    for start, end, block in (
        (ANSWERS_START, ANSWERS_END, answers(table)),
        (FINDINGS_START, FINDINGS_END, findings(table)),
    ):
        before, opened, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not (opened and closed):
            raise ValueError(f"{readme.name} needs the markers {start} and {end}")
        text = f"{before}{start}\n{block}\n{end}{after}"
    write_whole(readme, text)


def run() -> None:
    """Execute all notebooks, then write the ledger, the data package and the README's findings; print the answers.

    Raises
    ------
    DataError
        If there are no notebooks (an installed package carries none), or, at the end, `seals.renew` refuses.
    """
    if not NOTEBOOKS.is_dir():
        raise DataError(NOTEBOOKS.name, "there is no such folder here; reproduce runs in a checkout of the project")
    isolate(os.environ, ROOT / ".cache")
    cards = background.begin(all_cards)
    # The longest first, so that none is waited for.
    execute(*sorted(notebooks(), key=_code_cells, reverse=True), figures=FIGURES)
    write_findings(table := write_ledger(cards.result()))
    write_together(datapackage.contents())
    width = table["claim"].str.len().max()
    print("\nThe ledger of claims\n")
    for row in table.itertuples():
        print(f"  {row.claim:<{width + 2}}{row.repeated:<26}{row.holds:<30}{row.published} | found: {row.found or '-'}")
    for column, order in (("repeated", REPEATED), ("holds", HOLDS)):
        counts = table[column].value_counts()
        print("\n  " + ", ".join(f"{counts[name]} {name}" for name in order if name in counts))
    seals.renew()
