"""The main job: what it writes is what is committed, and it shuts the user's settings out."""

import nbformat
import pytest

from detainer_analysis import __main__, reproduce
from detainer_analysis.ledger.ledger import check, ledger_table
from detainer_analysis.paths import DATA


def test_the_committed_ledger_is_what_the_data_give(data):
    reproduce.write_ledger(data)
    assert (data / "derived" / "claims_ledger.csv").read_text(encoding="utf-8") == (
        DATA / "derived" / "claims_ledger.csv"
    ).read_text(encoding="utf-8")


def test_a_notebook_is_run_and_stored_without_traces(tmp_path):
    path = tmp_path / "page.ipynb"
    cells = [nbformat.v4.new_code_cell("6 * 7"), nbformat.v4.new_code_cell("print('done')")]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    reproduce.execute(path)
    first = path.read_bytes()
    reproduce.execute(path)
    assert path.read_bytes() == first
    stored = nbformat.read(path, as_version=4)
    assert stored.cells[0].outputs[0].data["text/plain"] == "42"
    assert set(stored.metadata) == {"kernelspec"}


def test_settings_of_the_machine_do_not_reach_a_kernel(tmp_path):
    environment = {"MPLBACKEND": "Agg", "PYTHONWARNINGS": "default", "HOME": "kept"}
    reproduce.isolate(environment, tmp_path)
    assert "MPLBACKEND" not in environment
    assert "PYTHONWARNINGS" not in environment
    assert environment["HOME"] == "kept"
    assert all((tmp_path / name.lower()).is_dir() for name in reproduce.PRIVATE_FOLDERS)


def test_the_run_executes_every_notebook_and_prints_the_ledger(monkeypatch, capsys, tmp_path):
    executed = []
    monkeypatch.setattr(reproduce, "execute", lambda path: executed.append(path.stem))
    monkeypatch.setattr(reproduce, "isolate", lambda environment, cache: None)
    monkeypatch.setattr(reproduce, "write_ledger", lambda: ledger_table([check("clark-issued")]))
    monkeypatch.setattr(reproduce, "write_findings", lambda table: None)
    monkeypatch.setattr(reproduce.datapackage, "write", lambda: None)
    assert __main__.main(["reproduce"]) == 0
    assert executed == sorted(executed)
    assert len(executed) >= 5
    printed = capsys.readouterr().out
    assert "confirmed        clark-issued  51 | found: 51 detainers" in printed
    assert printed.rstrip().endswith("1 confirmed")


def test_the_seal_command_writes_checksums_and_descriptor(monkeypatch):
    written = []
    monkeypatch.setattr("detainer_analysis.data.tables.seal", lambda: written.append("checksums"))
    monkeypatch.setattr("detainer_analysis.data.datapackage.write", lambda: written.append("descriptor"))
    assert __main__.main(["seal"]) == 0
    assert written == ["checksums", "descriptor"]


def test_a_readme_without_markers_is_refused(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# Nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="needs the markers"):
        reproduce.write_findings(ledger_table([check("clark-issued")]), readme)


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
    reproduce.fold_answers(notebook)
    assert [bool(cell.metadata) for cell in notebook.cells] == [False, False, True, False, False]
