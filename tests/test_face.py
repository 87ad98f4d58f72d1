"""What a newcomer meets first: a short list of names, quick to import, that refuse a slip and suggest the word."""

import subprocess
import sys

import pytest

import detainer_analysis
from detainer_analysis.data import tables
from detainer_analysis.errors import UnknownNameError
from detainer_analysis.measures import funding, report
from detainer_analysis.paths import ROOT

RUN = "import sys, time; t = time.perf_counter(); import detainer_analysis; print(time.perf_counter() - t, {})"


def run(words):
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(words)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.split()


def test_it_is_imported_in_less_than_half_a_second_and_without_pandas():
    seconds, heavy = run("'pandas' in sys.modules")
    assert float(seconds) < 0.5
    assert heavy == "False"


def test_completion_shows_what_a_reader_wants_and_all_of_it_is_there():
    assert run("*dir(detainer_analysis)")[1:] == ["check", "claims", "describe", "load", "preview", "show", "tables"]
    for name in detainer_analysis.__all__:
        assert callable(getattr(detainer_analysis, name))
        assert getattr(detainer_analysis, name).__doc__


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        detainer_analysis.nonsense  # noqa: B018  the look-up is what is tested


def test_tables_and_claims_list_what_load_and_check_take():
    assert set(detainer_analysis.tables().index) == set(tables.ALL_SCHEMAS)
    assert list(detainer_analysis.tables().columns) == ["title", "folder"]
    assert set(detainer_analysis.tables()["folder"]) == {"reported", "hand", "derived"}
    assert "declined-206" in detainer_analysis.claims().index
    assert list(detainer_analysis.claims().columns) == ["statement", "published", "repeated", "holds"]


def test_a_table_is_described_column_by_column():
    found = detainer_analysis.describe("ddor_section1")
    assert list(found.index) == list(tables.ALL_SCHEMAS["ddor_section1"].columns)
    assert found.loc["detainers_issued", "unit"] == "detainers"
    assert not found.loc["state", "may_be_empty"]


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        (lambda: detainer_analysis.load("ddor_section_1"), "did you mean ddor_section1"),
        (lambda: detainer_analysis.describe("ddor_sectoin1"), "did you mean ddor_section1"),
        (lambda: detainer_analysis.check("declined-205"), "did you mean declined-206"),
        (lambda: report.section1(detainer_analysis.load("ddor_section1"), "week 1"), "did you mean week1"),
        (lambda: report.placed(detainer_analysis.load("ddor_declines"), "weak1"), "did you mean week1"),
        (lambda: funding.budget_totals(detainer_analysis.load("federal_share"), "27035"), "did you mean 27053"),
    ],
)
def test_a_slip_is_refused_with_the_names_that_come_near(ask, hint):
    with pytest.raises(UnknownNameError, match=hint):
        ask()
