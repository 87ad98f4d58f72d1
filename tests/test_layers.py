"""Data flows one way; this is the list of who may import whom."""

import ast
import subprocess
import sys

import nbformat
import pytest

from detainer_analysis.paths import ROOT

MAY_IMPORT = {
    "__init__": set(),
    "paths": set(),
    "errors": set(),
    "intervals": set(),
    "schemas": {"intervals"},
    "sources": {"errors", "paths"},
    "tables": {"errors", "paths", "schemas", "sources"},
    "measures": {"intervals"},
    "claims": {"errors", "intervals", "paths", "sources", "tables", "checks"},
    "census_finance": {"errors"},
    "funding": {"intervals"},
    "liability": {"intervals", "measures"},
    "checks": {"claims", "funding", "intervals", "measures"},
    "figures": {"paths"},
    "datapackage": {"paths", "schemas"},
    "records": {"errors"},
    "places": {"measures"},
    "richness": {"intervals"},
    "series": set(),
    "fetch": {"errors", "sources"},
    "derive": {"errors", "fetch", "paths", "places", "records", "sources", "tables"},
    "policies": set(),
    "policy_simulation": {"policies"},
    "reproduce": {"claims", "datapackage", "errors", "paths"},
    "__main__": {
        "census_finance",
        "datapackage",
        "derive",
        "errors",
        "fetch",
        "funding",
        "policies",
        "records",
        "reproduce",
        "tables",
    },
}
PACKAGE = ROOT / "detainer_analysis"


def imports(module):
    flat = PACKAGE / f"{module}.py"
    files = [flat] if flat.exists() else sorted((PACKAGE / module).glob("*.py"))
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.ImportFrom) and node.module == "detainer_analysis":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("detainer_analysis."):
            yield node.module.split(".")[1]


def test_every_module_has_its_place():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {path.stem for path in PACKAGE.glob("*.py")} | folders == set(MAY_IMPORT)


@pytest.mark.parametrize("module", MAY_IMPORT)
def test_a_module_imports_only_what_lies_before_it(module):
    assert set(imports(module)) <= MAY_IMPORT[module] | {module}


@pytest.mark.parametrize(
    "module",
    ["measures", "funding", "liability", "places", "policies", "policy_simulation", "richness", "series"],
)
def test_a_measure_reads_no_file(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"read_csv", "read_text", "read_bytes", "to_csv", "write_text"}


def test_what_notebooks_import_needs_no_part_of_the_extra():
    pages = (ROOT / "notebooks").glob("*.ipynb")
    lines = {
        line
        for page in pages
        for cell in nbformat.read(page, as_version=4).cells
        if cell.cell_type == "code"
        for line in cell.source.splitlines()
        if line.startswith(("import ", "from "))
    }
    program = (
        "import sys\n"
        "sys.modules |= dict.fromkeys(['duckdb', 'narwhals', 'pooch', 'python_calamine', 'pyspark'])\n"
        + "\n".join(sorted(lines))
    )
    assert any("tables" in line for line in lines)
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
