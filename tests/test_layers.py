"""Data flows one way: the order of the folders is stated here, everything else is read from the files."""

import ast
import functools
import re
import subprocess
import sys

import nbformat
import pytest

from detainer_analysis.paths import ROOT, notebooks

pytestmark = pytest.mark.usefixtures("untraced_module")
PACKAGE = ROOT / "detainer_analysis"
# Each floor imports from those before it. Modules beside the folders are the ground (before all) or the roof.
FLOORS = ("data", "records", "measures", "policy", "checks", "ledger", "figures")
ROOF = ("changes", "reproduce", "__main__", "__init__")
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
PURE = [path for path in MODULES if path.parent.name in ("measures", "policy")]


def name(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


KNOWN = {name(module) for module in MODULES}


def height(module):
    """0 for the ground, then the floors, and the roof above them."""
    first = module.partition(".")[0]
    if first in FLOORS:
        return FLOORS.index(first) + 1
    return len(FLOORS) + 1 if module in ROOF else 0


def imports(path):
    """Every module of the package that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("detainer_analysis") for alias in node.names), "write from ... import"
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write the whole name"
            if (node.module or "").partition(".")[0] == "detainer_analysis":
                base = node.module.partition(".")[2]
                for alias in node.names:
                    whole = f"{base}.{alias.name}".lstrip(".")
                    yield whole if whole in KNOWN else base


@functools.cache  # not at import, which every worker does
def graph():
    return {name(path): set(imports(path)) - {name(path)} for path in MODULES}


def test_every_folder_is_a_floor():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in MODULES if path.parent != PACKAGE}
    assert folders == set(FLOORS)


@pytest.mark.parametrize("module", [name(path) for path in MODULES])
def test_a_module_imports_nothing_from_a_floor_above(module):
    if module == "__init__":  # names where the public face lives, for readers and type checkers
        return
    assert {other for other in graph()[module] if height(other) > height(module)} == set()


def test_no_import_leads_back():
    def below(module, way):
        assert module not in way, f"a circle: {' -> '.join([*way, module])}"
        for other in graph()[module]:
            below(other, [*way, module])

    for module in graph():
        below(module, [])


def test_modules_are_short():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {module: lines for module, lines in lengths.items() if lines > 300} == {}
    assert sum(lines < 200 for lines in lengths.values()) > len(lengths) / 2


def test_each_folder_says_in_a_sentence_what_belongs_there():
    for folder in {path.parent for path in MODULES} - {PACKAGE}:
        words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert words.partition("\n")[0].endswith("."), folder


def test_the_map_of_the_house_names_every_floor_from_the_top_down():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    house = text.partition("## The house")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)/` \|", house, re.M) == list(reversed(FLOORS))
    beside = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert beside == set(re.findall(r"`(\w+)`", house.partition("Beside the folders: ")[2]))


@pytest.mark.parametrize("path", PURE, ids=name)
def test_a_measure_reads_no_file(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"read_csv", "read_text", "read_bytes", "to_csv", "write_text"}


def test_what_notebooks_import_needs_no_part_of_the_extra():
    lines = {
        line
        for page in notebooks()
        for cell in nbformat.read(page, as_version=4).cells
        if cell.cell_type == "code"
        for line in cell.source.splitlines()
        if line.startswith(("import ", "from "))
    }
    program = (
        "import sys\n"
        "sys.modules |= dict.fromkeys(['duckdb', 'narwhals', 'pooch', 'python_calamine', 'rdata', 'pyspark'])\n"
        + "\n".join(sorted(lines))
    )
    assert any("load" in line for line in lines)
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
