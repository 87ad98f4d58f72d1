"""Workbooks: every sheet is read or said, and columns that are not needed are cut out before anything is parsed."""

import datetime
import random
import struct
import subprocess
import sys
import time
import zipfile

import pytest

from detainer_analysis import records
from detainer_analysis.errors import DataError
from detainer_analysis.paths import ROOT
from detainer_analysis.records import workbook as books

HEADER = ["Birth Date", "Prepare Date", "Alien File Number", "Detainer Lift Reason", "Detention Facility"]


def row(day, reason="Lifted", jail="A"):
    return ["PRIVATE", day, "PRIVATE", reason, jail]


def test_hidden_sheets_and_sheets_without_records_are_said(tmp_path, workbook):
    day = datetime.date(2015, 1, 1)
    path = workbook(
        tmp_path / "x.xlsx",
        {
            "FY15": [HEADER, row(day), [], row(day), ["", "Total", "", "", "2"]],
            "Copy": [HEADER, row(day)],
            "Codes": [["a", "b"], ["c"]],
            "Empty": [],
        },
        hidden=("Copy",),
    )
    found = records.open_records(path).accounts[0]
    assert found.records == 2
    assert found.set_aside == {
        "header": 1,
        "blank": 1,
        "total": 1,
        "on the hidden sheet 'Copy'": 2,
        "on the sheet 'Codes'": 2,
    }
    assert found.rows == 9


@pytest.mark.parametrize("references", [True, False])
def test_a_sheet_is_read_with_and_without_the_places_of_its_cells(tmp_path, workbook, references):
    days = [datetime.date(2015, 1, 1), "1/2/2015", 42007]
    path = workbook(tmp_path / "x.xlsx", {"S": [HEADER, *map(row, days)]}, references=references)
    table = records.read(path).collect("pandas").to_native()
    assert [f"{day:%d}" for day in table["prepared_date"]] == ["01", "02", "03"]
    assert table["row"].tolist() == [2, 3, 4]


def test_each_sheet_of_several_is_cut(tmp_path, workbook, monkeypatch):
    parsed = []
    load = books._load
    monkeypatch.setattr(books, "_load", lambda path, *rest: parsed.append(path.name) or load(path, *rest))
    sheets = {name: [HEADER, row("1/1/2015")] for name in ("FY14", "FY15")}
    assert records.open_records(workbook(tmp_path / "x.xlsx", sheets)).accounts[0].records == 2
    assert parsed.count("columns.xlsx") == 2
    assert "x.xlsx" not in parsed


def test_a_table_that_does_not_begin_at_the_first_cell(tmp_path, workbook):
    header = [None, None, *HEADER, "", "checked by hand"]
    path = workbook(tmp_path / "x.xlsx", {"S": [[], [], header, [None, None, *row("1/1/2015"), None, "x"]]})
    table = records.read(path).collect("pandas").to_native()
    assert table[["facility", "row"]].to_numpy().tolist() == [["A", 4]]


def test_other_columns_are_cut_out_in_a_stream(tmp_path, workbook, monkeypatch):
    monkeypatch.setattr(books, "CHUNK_BYTES", 64)
    path = workbook(tmp_path / "x.xlsx", {"S": [HEADER, *[row("1/1/2015")] * 30], "Other": [["PRIVATE"]]})
    target = tmp_path / "cut.xlsx"
    assert books.cut(path, target, "xl/worksheets/sheet1.xml", {"B", "D", "E"}, None)
    with zipfile.ZipFile(target) as copy:
        assert not any(b"PRIVATE" in copy.read(name) for name in copy.namelist())
        assert copy.read("xl/worksheets/sheet1.xml").count(b"Lifted") == 30


def test_the_copy_is_removed_once_it_is_read(tmp_path, workbook):
    opened = records.open_records(workbook(tmp_path / "x.xlsx", {"S": [HEADER, row("1/1/2015")]}))
    assert not list(opened.folder.rglob("*.xlsx"))


def test_a_workbook_without_a_header_says_what_is_missing(tmp_path, workbook):
    path = workbook(tmp_path / "x.xlsx", {"S": [["FOIA"], ["Prepare Date", "Gender"], ["1/1/2015", "x"]]})
    with pytest.raises(DataError, match=r"row 2, column facility: no column .* in the first 3 rows; row 2 has"):
        records.open_records(path)


# Workbooks that take the memory -----------------------------------------------------------------------


def repacked(path, part, content, declared=None):
    """The workbook with other content in a part, of which the archive says another size."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    if declared is not None:
        data = path.read_bytes()
        path.write_bytes(data.replace(struct.pack("<I", len(content)), struct.pack("<I", declared)))
    return path


SHEET = "xl/worksheets/sheet1.xml"


def attacks(path, sheet):
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    turned = far.replace(b'<c r="XFD1048576"', b'<c s="0" r="XFD1048576"')
    long = b"<sst><si><t>" + random.Random(1).randbytes(3 << 19).hex().encode() + b"</t></si></sst>"
    return {
        "bomb": (SHEET, sheet.replace(b"</sheetData>", b" " * (100 << 20) + b"</sheetData>"), None, "unpacks from"),
        "liar": (SHEET, sheet + b" " * (1 << 20), len(sheet), "larger than the"),
        "far": (SHEET, far, None, "spans 17,179,869,184 cells"),
        "turned": (SHEET, turned, None, "spans 17,179,869,184 cells"),
        "long": ("xl/sharedStrings.xml", long, None, "a cell of more than a megabyte"),
    }


@pytest.mark.parametrize("name", ["bomb", "liar", "far", "turned", "long"])
def test_a_workbook_that_takes_the_memory_is_refused_in_a_line(name, tmp_path, workbook):
    path = workbook(tmp_path / "x.xlsx", {"S": [HEADER, row("1/1/2015")]})
    with zipfile.ZipFile(path) as archive:
        part, content, declared, problem = attacks(path, archive.read(SHEET))[name]
    repacked(path, part, content, declared)
    memory = "import resource; resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30));"
    program = f"{memory} import runpy; runpy.run_module('detainer_analysis', run_name='__main__')"
    start = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", program, "count", path], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1), run.stderr
    assert problem in run.stderr
    assert time.monotonic() - start < 60  # other tests run at the same time; alone it takes two seconds


def test_a_reader_that_aborts_is_said_in_a_line(tmp_path):
    program = (
        "import os, sys\nfrom detainer_analysis import __main__\n"
        "__main__._COMMANDS['count'] = lambda _: os.abort()\nsys.exit(__main__.program())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, "count", "x.xlsx"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert "x.xlsx: the reader ended (Aborted)" in run.stderr
