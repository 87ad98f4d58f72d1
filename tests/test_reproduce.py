"""The main job: what it writes is what is committed, and it shuts the user's settings out."""

import json
import multiprocessing
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import CellExecutionError

from detainer_analysis import __main__, kernels, paths, reproduce
from detainer_analysis.errors import DataError
from detainer_analysis.ledger.card import ledger_table
from detainer_analysis.ledger.ledger import check
from detainer_analysis.paths import DATA, FIGURES, NOTEBOOKS, ROOT


def write_notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.usefixtures("untraced")
def test_the_committed_ledger_is_what_the_data_give(data):
    reproduce.write_ledger(reproduce.all_cards(data), data)
    assert (data / "derived" / "claims_ledger.csv").read_text(encoding="utf-8") == (
        DATA / "derived" / "claims_ledger.csv"
    ).read_text(encoding="utf-8")


def test_a_notebook_is_run_and_stored_without_traces(tmp_path):
    first, second = (
        write_notebook(
            tmp_path / name, "import os; open(os.environ['DETAINER_FIGURES'] + '/a.svg', 'w').write('a')", "1"
        )
        for name in ("one.ipynb", "two.ipynb")
    )
    reproduce.execute(first, second, figures=tmp_path / "pictures")
    assert (tmp_path / "pictures" / "a.svg").read_text("utf-8") == "a"
    assert first.read_bytes() == second.read_bytes()
    stored = nbformat.read(first, as_version=4)
    assert [cell.outputs[0].data["text/plain"] for cell in stored.cells] == ["1", "1"]
    assert set(stored.metadata) == {"kernelspec"}


def test_a_failing_cell_stops_the_run_and_leaves_the_file(tmp_path):
    path = write_notebook(tmp_path / "page.ipynb", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        reproduce.execute(path)
    assert [path.read_bytes(), *tmp_path.iterdir()] == [before, path]


def test_a_copied_kernel_does_what_one_does_that_starts_alone(tmp_path):
    """What a library asks for when it is read, and what a kernel owes to how it was started."""
    cells = [
        "import os, subprocess, sys, pandas as pd, matplotlib.pyplot",
        "pd.DataFrame([range(60)], columns=[f'a column of {number}' for number in range(60)])",
        "subprocess.run([sys.executable, '-c', 'raise SystemExit(3)']).returncode",
        "os.getcwd(), os.getpid() == os.getpgrp(), sys.path, sys.argv[1:2], __name__, matplotlib.get_backend()",
        "matplotlib.pyplot.plot([1, 2]);",
        "[pair for pair in sorted(os.environ.items()) if pair[0] != 'JPY_PARENT_PID']",
    ]
    alone, copied, other = (write_notebook(tmp_path / name, *cells) for name in ("a.ipynb", "b.ipynb", "c.ipynb"))
    reproduce.execute(alone)
    reproduce.execute(copied, other)
    assert copied.read_bytes() == other.read_bytes() == alone.read_bytes()


# The main job on notebooks that take their time, in a process group of its own.
JOB = """
import os, signal, sys
from pathlib import Path
from detainer_analysis import __main__, reproduce
os.setsid()
os.dup2(os.open(f"{folder}/log", os.O_WRONLY), 2)
os.environ["IPYTHONDIR"] = f"{folder}/ipython"
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
__main__._COMMANDS["reproduce"] = lambda _: reproduce.execute(*map(Path, books))
sys.exit(__main__.main(["reproduce"]))
"""
# Jobs are copies of one process that has read the libraries.
JOBS = multiprocessing.get_context("forkserver" if kernels.CAN_COPY else "spawn")


def runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def started(folder):
    return [int(path.name) for path in (folder / "started").iterdir()]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_the_job_at_once_with_its_kernels_at_any_moment(tmp_path):
    """Each job is interrupted at another moment: seconds after its bar appears, or after its second kernel runs.

    The last is killed; its kernels notice that a little later.
    """
    if kernels.CAN_COPY:
        JOBS.set_forkserver_preload(["detainer_analysis.__main__", "detainer_analysis.reproduce"])
    jobs = []
    for number, moment in enumerate([(0.0, 0), (0.3, 0), (0.8, 0), (0.0, 2), (0.5, 2)]):
        folder = tmp_path / str(number)
        startup = folder / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (folder / "started").mkdir()
        (startup / "00.py").write_text(f"import os; open(f'{folder}/started/{{os.getpid()}}', 'w').close()", "utf-8")
        books = [write_notebook(folder / name, "import time; time.sleep(99)") for name in ("a.ipynb", "b.ipynb")]
        before = [book.read_bytes() for book in books]
        (folder / "log").touch()
        told = {"folder": str(folder), "books": [*map(str, books)]}
        process = JOBS.Process(target=exec, args=(JOB, told), daemon=True)  # ended with the tests, if they end early
        process.start()
        jobs.append((folder, moment, process, books, before))
    for folder, (seconds, number), process, books, before in jobs:
        while b"0/2" not in (folder / "log").read_bytes() or len(started(folder)) < min(number, kernels.processors()):
            assert process.is_alive(), (folder / "log").read_text("utf-8")
            time.sleep(0.02)
        time.sleep(seconds)
        killed = process is jobs[-1][2]
        os.kill(process.pid, signal.SIGKILL if killed else signal.SIGINT)
        process.join(5)
        assert process.exitcode == (-signal.SIGKILL if killed else 130), (folder / "log").read_text("utf-8")
        for _ in range(200 if killed else 1):
            if not any(map(runs, started(folder))):
                break
            time.sleep(0.05)
        assert not any(map(runs, started(folder)))
        assert [book.read_bytes() for book in books] == before
        assert not list(folder.glob(".*"))


@pytest.fixture
def foreign_kernel(tmp_path, monkeypatch):
    """The kernel of another environment, on Jupyter's path under the name of ours; it cannot start."""
    folder = tmp_path / "foreign" / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {"argv": [sys.executable, "-c", "raise SystemExit('foreign')"], "display_name": "P", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "foreign"))
    assert KernelSpecManager().get_kernel_spec("python3").argv == spec["argv"]


def test_a_kernel_of_another_environment_is_never_started(foreign_kernel, tmp_path):
    path = write_notebook(tmp_path / "page.ipynb", "import sys; sys.executable")
    reproduce.execute(path)
    [output] = nbformat.read(path, as_version=4).cells[0].outputs
    assert output.data["text/plain"] == repr(sys.executable)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", path]
    nbval = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in nbval.stdout, nbval.stdout
    environment = dict(os.environ)
    kernels.isolate(environment, tmp_path / "cache")  # as JupyterLab gets it in tests/lab.py
    assert "JUPYTER_PATH" not in environment


@pytest.mark.parametrize(
    "stray",
    [
        "Untitled.ipynb",
        "Untitled1.ipynb",
        "draft.ipynb",
        "01-inaugural-report-Copy1.ipynb",
        "01-inaugural-report (copy).ipynb",
        ".ipynb_checkpoints/01-inaugural-report-checkpoint.ipynb",
    ],
)
def test_a_readers_own_notebook_beside_ours_enters_nothing(stray, tmp_path, monkeypatch):
    for path in [*paths.notebooks(), NOTEBOOKS / "conftest.py"]:
        shutil.copy(path, tmp_path)
    (tmp_path / stray).parent.mkdir(exist_ok=True)
    write_notebook(tmp_path / stray, "1 / 0")
    ours = [tmp_path / path.name for path in paths.notebooks()]
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    assert paths.notebooks() == ours
    ignored = runpy.run_path(NOTEBOOKS / "conftest.py")["pytest_ignore_collect"] if "/" not in stray else None
    assert ignored is None or (ignored(tmp_path / stray), ignored(ours[0])) == (True, None)


def test_the_linter_leaves_a_readers_own_notebook_alone(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "notebooks").mkdir()
    names = [path.name for path in paths.notebooks()]
    for name in [*names, "Untitled.ipynb", "01-inaugural-report-Copy1.ipynb", "01-inaugural-report (copy).ipynb"]:
        write_notebook(tmp_path / "notebooks" / name, "x=1")
    command = [sys.executable, "-m", "ruff", "check", "--show-files", "."]
    seen = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert sorted(Path(line).name for line in seen.splitlines() if line.endswith(".ipynb")) == names


def test_two_notebooks_with_one_number_are_refused(tmp_path, monkeypatch):
    for name in ("01-one.ipynb", "01-two.ipynb"):
        write_notebook(tmp_path / name)
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    with pytest.raises(DataError, match=r"01-two\.ipynb: the number 01 is that of 01-one\.ipynb"):
        paths.notebooks()


def test_settings_of_the_machine_do_not_reach_a_kernel(tmp_path):
    environment = {"MPLBACKEND": "Agg", "PYTHONWARNINGS": "default", "HOME": "kept"}
    kernels.isolate(environment, tmp_path)
    assert "MPLBACKEND" not in environment
    assert "PYTHONWARNINGS" not in environment
    assert environment["HOME"] == "kept"
    assert all((tmp_path / name.lower()).is_dir() for name in kernels.PRIVATE_FOLDERS)


def test_the_run_executes_every_notebook_and_prints_the_ledger(monkeypatch, capsys, tmp_path):
    executed = []
    monkeypatch.setattr(reproduce, "execute", lambda *paths, figures: executed.extend((*paths, figures)))
    monkeypatch.setattr(reproduce, "isolate", lambda environment, cache: None)
    monkeypatch.setattr(reproduce, "all_cards", lambda: [check("clark-issued")])
    monkeypatch.setattr(reproduce, "write_ledger", ledger_table)
    monkeypatch.setattr(reproduce, "write_findings", lambda table: None)
    monkeypatch.setattr(reproduce, "write_together", lambda contents: None)
    monkeypatch.setattr("detainer_analysis.data.seals.renew", lambda: executed.append("renewed"))
    assert __main__.main(["reproduce"]) == 0
    assert executed.pop() == "renewed"
    assert executed.pop() == FIGURES  # in the main job only
    assert sorted(executed) == paths.notebooks()
    printed = capsys.readouterr().out
    assert "  clark-issued  copies agree              not comparable                51 | found: -" in printed
    assert printed.rstrip().endswith("1 not comparable")


def test_the_seal_command_writes_checksums_and_descriptor(monkeypatch):
    written = {}
    monkeypatch.setattr("detainer_analysis.files.write_together", written.update)
    assert __main__.main(["seal"]) == 0
    assert {path: path.read_text("utf-8") for path in written} == written
    sealed = {"checksums.json", "datapackage.json", "DICTIONARY.md", "seals.json", "sources.csv"}
    assert {path.name for path in written} == sealed


def test_a_readme_without_markers_is_refused(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# Nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="needs the markers"):
        reproduce.write_findings(pd.read_csv(DATA / "derived" / "claims_ledger.csv", dtype=str).fillna(""), readme)


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit):
        __main__.main(["publish"])
    assert "invalid choice: 'publish'" in capsys.readouterr().err


def test_only_the_code_that_answers_an_exercise_is_folded():
    cells = [
        nbformat.v4.new_code_cell("1"),
        nbformat.v4.new_markdown_cell("**Answer 1.**"),
        nbformat.v4.new_code_cell("2"),
        nbformat.v4.new_markdown_cell("More."),
        nbformat.v4.new_code_cell("3"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    for _ in range(2):  # again changes nothing
        reproduce.fold_answers(notebook)
        assert [bool(cell.metadata) for cell in notebook.cells] == [False, False, True, False, False]
        assert [cell.source for cell in notebook.cells][2:] == [f"{reproduce.ANSWER_LINE}\n2", "More.", "3"]


def test_a_reader_cannot_break_anything(tmp_path):
    """A notebook changed and run by hand leaves figures, tables and the README as they were."""
    folders = [path for folder in (FIGURES, DATA) for path in sorted(folder.rglob("*")) if path.is_file()]
    before = {path: path.read_bytes() for path in [*folders, ROOT / "README.md"]}
    text = (NOTEBOOKS / "08-any-county.ipynb").read_text(encoding="utf-8")
    copy = tmp_path / "08-any-county.ipynb"
    copy.write_text(text.replace("Hennepin County, MN", "Ramsey County, MN"), encoding="utf-8")
    reproduce.execute(copy)
    assert "Ramsey County, MN, FIPS code 27123" in copy.read_text(encoding="utf-8")
    for folder in (FIGURES, DATA):
        assert {path for path in folder.rglob("*") if path.is_file()} <= set(before)
    assert {path: path.read_bytes() for path in before} == before
    assert [path.name for path in tmp_path.iterdir()] == [copy.name]


def test_make_lab_opens_the_whole_project_and_not_the_notebooks_alone():
    command = re.search(r"^lab: .*\n\t(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)[1]
    words = shlex.split(re.sub(r"\$\(if .*\)\)?$", "", command))
    assert words[1:3] == ["lab", "."]
    assert "--LabApp.default_url=/lab/tree/notebooks" in words
