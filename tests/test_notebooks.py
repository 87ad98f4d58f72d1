"""Every notebook keeps one shape, was run from top to bottom, and states only numbers that it shows."""

import ast
import json
import re
from html.parser import HTMLParser

import nbformat
import pytest

from detainer_analysis.data import sources
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.paths import NOTEBOOKS, notebooks
from detainer_analysis.reproduce import ANSWER_LINE

pytestmark = pytest.mark.usefixtures("untraced_module")
PATHS = notebooks()
FIXED_NAMES = {
    "00-sources-and-coverage",
    "01-inaugural-report",
    "02-inspector-general",
    "03-federal-funding-share",
    "09-claims-ledger",
}


@pytest.fixture(params=PATHS, ids=[path.stem for path in PATHS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def outputs(notebook):
    return json.dumps([cell.outputs for cell in code(notebook)])


def test_the_fixed_names_are_there():
    assert {path.stem for path in PATHS} >= FIXED_NAMES


def test_every_cell_was_run_in_order(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_nothing_was_printed_to_stderr_and_nothing_failed(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            assert output.get("name") != "stderr"
            assert output.output_type != "error"


def test_outputs_name_no_machine_and_no_memory_address(notebook):
    text = re.sub(r'"image/png": "[^"]*"', "", outputs(notebook))
    assert re.search(r"0x[0-9a-f]{6,}|/home/|/root/|/Users/|/tmp/|ipykernel_", text) is None


def test_outputs_show_plain_numbers(notebook):
    assert "np.float64(" not in outputs(notebook)
    assert "np.int64(" not in outputs(notebook)


class Texts(HTMLParser):
    """The pieces of text of a page in which MathJax looks for mathematics."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.ignored = [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.ignored = "mathjax_ignore" in (dict(attrs).get("class") or "")

    def handle_endtag(self, tag):
        self.ignored = self.ignored and tag != "table"

    def handle_data(self, data):
        if not self.ignored:
            self.texts.append(data)


def test_two_dollar_signs_are_money_and_not_mathematics(notebook):
    """JupyterLab and GitHub set what stands between two of them as a formula, and JupyterLab escaped ones too."""
    for block in re.split(r"\n\s*\n|\n(?=[-\d])", re.sub(r"`[^`]*`", "", prose(notebook))):
        assert block.count("$") <= 1, 'write "dollars"'
    for output in [output for cell in code(notebook) for output in cell.outputs]:
        texts = Texts("".join(output.get("data", {}).get("text/html", ""))).texts
        assert [text for text in texts if text.count("$") > 1] == [], 'set "display.html.use_mathjax" to False'


def test_cells_hold_no_definitions_magics_or_tricks(notebook):
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef), cell.source
        assert re.search(r"^\s*[%!]|;\s*$|filterwarnings|sys\.path|# NBVAL|raises-exception", cell.source, re.M) is None
        assert not cell.metadata.get("tags")


def test_cells_are_short(notebook):
    for cell in code(notebook):
        assert len(cell.source.removeprefix(ANSWER_LINE).strip().splitlines()) <= 16, cell.source


def test_the_title_is_a_question_and_the_answer_follows(notebook):
    title, _, rest = notebook.cells[0].source.partition("\n")
    assert title.startswith("# ")
    assert title.endswith("?")
    answer = rest.strip().split("\n\n")[0]
    assert answer.startswith("**Answer.** ")
    assert 2 <= len(re.findall(r"[.!](?:\s|$)", answer.removeprefix("**Answer.** "))) <= 3


def test_it_says_what_it_cannot_show_and_sets_three_exercises_with_answers(notebook):
    text = prose(notebook)
    assert "## What this cannot show" in text
    assert re.findall(r"^(\d)\. ", text.partition("## Exercises")[2], re.M)[:3] == ["1", "2", "3"]
    assert [f"**Answer {n}.**" in text for n in (1, 2, 3)] == [True] * 3


def test_it_shows_at_least_two_figures_with_alt_text(notebook):
    pictures = [output for cell in code(notebook) for output in cell.outputs if "image/png" in output.get("data", {})]
    assert len(pictures) >= 2
    for picture in pictures:
        alt = picture.metadata["image/png"]["alt"]
        assert len(alt) > 40
        assert picture.data["text/plain"].startswith(alt)


def test_alt_texts_of_the_reviewed_notebooks_are_short():
    for path in [path for path in PATHS if path.stem in HINTED]:
        for output in [output for cell in code(nbformat.read(path, as_version=4)) for output in cell.outputs]:
            assert len(output.get("metadata", {}).get("image/png", {}).get("alt", "")) < 300


def test_every_claim_is_checked_in_the_notebook_that_the_ledger_names():
    for name, claim in read_claims().items():
        page = next(path for path in PATHS if path.stem.startswith(claim.notebook))
        source = "".join(cell.source for cell in code(nbformat.read(page, as_version=4)))
        assert f'"{name}"' in source or claim.notebook == "09", name


def test_the_last_notebook_shows_the_whole_ledger():
    page = outputs(nbformat.read(NOTEBOOKS / "09-claims-ledger.ipynb", as_version=4))
    assert all(name in page for name in read_claims())


def test_the_first_notebook_shows_every_source():

    page = outputs(nbformat.read(NOTEBOOKS / "00-sources-and-coverage.ipynb", as_version=4))
    assert all(key in page for key in sources.read())


def test_the_file_holds_no_trace_of_the_run(notebook):
    assert set(notebook.metadata) == {"kernelspec"}
    assert all(set(cell.metadata) <= {"jupyter"} for cell in notebook.cells)


def test_each_answer_is_a_cell_that_is_closed_until_the_reader_opens_it(notebook):
    """What an answer computes is in code cells; the line above them may introduce, not give away."""
    answers, closed = {}, []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            answer = re.match(r"\*\*Answer (\d)\.\*\*(.*)", cell.source, re.S)
            current = answers.setdefault(answer[1], []) if answer else None
            assert not answer or re.search(r"\d", answer[2]) is None, cell.source
        elif current is not None:
            current.append(cell)
        if cell.metadata.get("jupyter"):
            closed.append(cell)
    assert list(answers) == ["1", "2", "3"]
    assert all(answers.values())
    assert closed == [cell for cells in answers.values() for cell in cells]
    assert all(cell.metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True} for cell in closed)
    assert all(cell.source.startswith(f"{ANSWER_LINE}\n") for cell in closed), "JupyterLab shows the first line"


HINTED = {path.stem for path in PATHS}
EXERCISE = re.compile(r"^(\d)\. .+?\*\*Hint (\d)\.\*\* \S", re.M | re.S)


def test_the_notebooks_named_have_hints():
    assert {path.stem for path in PATHS if "**Hint 1.**" in path.read_text(encoding="utf-8")} >= HINTED


def test_each_exercise_has_a_hint_a_cell_to_work_in_and_an_answer_with_its_reasoning(notebook):
    """A notebook with hints keeps this order for each exercise; notebooks without any have the older form."""
    if "**Hint " not in prose(notebook):
        return
    cells = notebook.cells
    asked = [
        number
        for number, cell in enumerate(cells)
        if EXERCISE.search(cell.source.partition("## Exercises")[2] or cell.source)
    ]
    assert len(asked) == 3
    for exercise, number in enumerate(asked, start=1):
        text = cells[number].source
        numbers = EXERCISE.search(text.partition("## Exercises")[2] or text).groups()
        assert numbers == (str(exercise), str(exercise))
        work, answer, solution = cells[number + 1 : number + 4]
        assert work.cell_type == "code"
        assert all(line.startswith("#") for line in work.source.splitlines()), "the cell to work in is empty"
        assert work.outputs == []
        assert not work.metadata.get("jupyter"), "the cell to work in is open"
        assert answer.source.startswith(f"**Answer {exercise}.**")
        assert solution.cell_type == "code"
        words = " ".join("".join(output.get("text", "")) for output in solution.outputs).split()
        assert len(words) >= 12, "an answer gives its reasoning, not a number alone"
    ends = [cells[number + 3] for number in asked]
    assert [cell.metadata.get("jupyter") for cell in ends] == [{"source_hidden": True, "outputs_hidden": True}] * 3


def test_no_small_number_is_printed_with_more_than_two_digits(notebook):
    """P-values, above all: 9.18e-30 says no more than "below 0.001"."""
    if "**Hint " not in prose(notebook):
        return
    shown = re.sub(r'"image/png": "[^"]*"', "", outputs(notebook))
    assert re.findall(r"\d\.\d{2,}e-\d+|(?<![\d.])0\.000\d{3,}", shown) == []
