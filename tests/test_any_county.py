"""Notebook 08 follows its one line: every cell runs for any county, and a county that is not there is refused."""

import ast
import itertools

import matplotlib as mpl
import nbformat
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.errors import UnknownNameError
from detainer_analysis.figures import display
from detainer_analysis.measures import county as measures
from detainer_analysis.paths import NOTEBOOKS

CELLS = [
    cell.source
    for cell in nbformat.read(NOTEBOOKS / "08-any-county.ipynb", as_version=4).cells
    if cell.cell_type == "code"
]


@pytest.fixture
def run(monkeypatch):
    """All code cells for one county, as a reader runs them; gives the variables they leave and the alt texts."""
    shown = []
    monkeypatch.setattr(display, "display", lambda output, **_: shown.append(output["text/plain"]))
    monkeypatch.delenv("DETAINER_FIGURES", raising=False)

    def execute(county):
        variables = {}
        kept = {f"display.{name}": pd.get_option(f"display.{name}") for name in ("max_colwidth", "max_rows", "width")}
        with pd.option_context(*itertools.chain(*kept.items())), mpl.rc_context():
            exec("\n".join([f"county = {county!r}", *CELLS[1:]]), variables)
        return variables, shown

    return execute


def test_one_line_names_the_county_and_no_other_code_does():
    assert CELLS[0] == 'county = "Hennepin County, MN"'
    for cell in CELLS[1:]:
        words = [node.value for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Constant)]
        assert not [word for word in words if "Hennepin" in str(word) or "27053" in str(word)]


def of_kind(records, money):
    """The first county with, or without, records of fiscal 2015 and rows of the Census Bureau."""
    has = {
        name: set(tables.load(name)["county_fips"].dropna())
        for name in ("places_fy2015", "declines_by_facility", "census_units")
    }
    recorded = has["places_fy2015"] | has["declines_by_facility"]
    codes = tables.load("county_population")["county_fips"]
    return next(code for code in codes if (code in recorded) == records and (code in has["census_units"]) == money)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("records", "money"), [(True, True), (True, False), (False, True)])
def test_every_cell_and_figure_follows_for_counties_of_each_kind(run, records, money):
    code = of_kind(records, money)
    variables, shown = run(code)
    assert variables["county_fips"] == code
    assert len(shown) == 3
    assert all(text.startswith(variables["name"]) for text in shown)
    assert len(variables["profile"]["federal_money"]) > 0 if money else "have no row" in shown[2]
    assert len(variables["profile"]["by_month"]) > 0 if records else "no detainer" in shown[0]


@pytest.mark.parametrize("county", ["Hennepin", "Henepin County, MN", "27054", ""])
def test_a_county_that_is_not_there_is_refused_before_any_figure(run, county):
    with pytest.raises(UnknownNameError, match="no county is called"):
        run(county)


def test_a_county_without_rows_is_refused(run):
    has = measures.with_rows({name: tables.load(name) for name in measures.TABLES})
    code = next(code for code in tables.load("county_population")["county_fips"] if code not in has)
    with pytest.raises(UnknownNameError, match="no county with a row in the tables"):
        run(code)
