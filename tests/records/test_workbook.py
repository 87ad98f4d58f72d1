"""Workbooks: every sheet is read or said, and columns that are not needed are cut out before anything is parsed."""

import datetime
import json
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from unittest import mock

import duckdb
import pytest

from detainer_analysis import __main__, records
from detainer_analysis.errors import DataError
from detainer_analysis.paths import ROOT
from detainer_analysis.records import archive, files
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
    opened = books._opened
    monkeypatch.setattr(books, "_opened", lambda path: parsed.append(path.name) or opened(path))
    sheets = {name: [HEADER, row("1/1/2015")] for name in ("FY14", "FY15")}
    assert records.open_records(workbook(tmp_path / "x.xlsx", sheets)).accounts[0].records == 2
    assert parsed.count("columns.xlsx") == 2
    assert parsed.count("x.xlsx") == 1  # for the names of the sheets


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


def repacked(path, part, content, declared=None, packing=zipfile.ZIP_DEFLATED):
    """The workbook with other content in a part, of which the archive says another size."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", packing) as target:
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


GRID = [HEADER, row("1/1/2015")]


def test_a_workbook_that_takes_the_memory_is_refused_before_it_is_read(tmp_path, workbook, monkeypatch):
    """Cells far away count wherever the sheet lies in the archive and however its cells and rows are written."""
    path = workbook(tmp_path / "x.xlsx", {"S": GRID})
    plain = path.read_bytes()
    with zipfile.ZipFile(path) as parcel:
        sheet = parcel.read(SHEET)
    known = attacks(path, sheet)
    far = known["far"][1]
    rows = b"<row>" + b"<c/>" * 200 + b"</row>" + b"<row/>" * 1000 + b"<row><c><v>1</v></c></row></sheetData>"
    monkeypatch.setattr(archive, "SMALL_BYTES", 4 << 20)
    monkeypatch.setattr(archive, "SMALL_CELLS", 10_000)
    refused = {
        **known,
        "bomb": (SHEET, sheet + b" " * (5 << 20), None, "unpacks from"),
        "under another name": ("xl/media/sheet.dat", far, None, "spans 17,179,869,184 cells"),
        "small letters": (SHEET, far.replace(b"XFD", b"xfd"), None, "spans 17,179,869,184 cells"),
        "single quotes": (SHEET, far.replace(b'"', b"'"), None, "spans 17,179,869,184 cells"),
        "a prefix": (SHEET, far.replace(b"<c ", b"<x:c ").replace(b"<row", b"<x:row"), None, "spans 17,179,869,184"),
        "no places": (SHEET, sheet.replace(b"</sheetData>", rows), None, "spans 200,800 cells and has 211"),
        "long places": (
            SHEET,
            far.replace(b"1048576", b"9" * 5000).replace(b"XFD", b"A" * 9),
            None,
            "spans 217,180,146,941,819,",
        ),
        "a long text": ("xl/media/x.png", b"\x89" * (2 << 20), None, None),
    }
    for name, (part, content, declared, problem) in refused.items():
        path.write_bytes(plain)
        repacked(path, part, content, declared)
        with pytest.raises(DataError, match=problem) if problem else nullcontext():
            archive.check(path)
            assert problem is None, name
    path.write_bytes(plain)
    repacked(path, SHEET, sheet, packing=zipfile.ZIP_LZMA)
    with pytest.raises(DataError, match=r"x\.xlsx: is a damaged archive: .* is packed in another way than Excel packs"):
        archive.check(path)
    path.write_bytes(plain)
    archive.check(repacked(path, SHEET, sheet, packing=zipfile.ZIP_STORED))
    whole = path.read_bytes()
    place = whole.index(b"PK\x01\x02")  # the first part says that it is longer than the file
    path.write_bytes(whole[: place + 20] + struct.pack("<II", 3 << 20, 3 << 20) + whole[place + 28 :])
    with pytest.raises(DataError, match=r"is a damaged archive: .* is cut off"):
        archive.check(path)


def test_more_columns_or_sheets_than_a_table_has_are_refused_in_a_line(tmp_path, workbook, capsys):
    wide = workbook(tmp_path / "wide.xlsx", {"S": GRID})
    with zipfile.ZipFile(wide) as parcel:
        sheet = parcel.read(SHEET).replace(b"</row></sheetData>", b'<c r="XFD2"><v>1</v></c></row></sheetData>')
    nested = workbook(tmp_path / "nested.xlsx", {"S": GRID})
    for path, problem in (
        (repacked(wide, SHEET, sheet), "wide.xlsx, xl/worksheets/sheet1.xml: spans 16,384 columns"),
        (binary_workbook(tmp_path / "wide.xlsb", (2, 1000)), "wide.xlsb, sheet S: spans 1,001 columns"),
        (workbook(tmp_path / "many.xlsx", {f"S{n}": [] for n in range(201)}), "many.xlsx: has 201 sheets"),
        (repacked(nested, SHEET, sheet.replace(b'r="XFD2"><v>1</v></c>', b"><c>" * 9)), "nested.xlsx: is not an Excel"),
    ):
        assert __main__.main(["count", str(path)]) == 1
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert said.err.startswith(problem)
        assert ".head.xlsx" not in said.err
        assert said.err.strip().isascii()


def test_a_sheet_that_the_engine_cannot_hold_is_said_in_a_line(tmp_path, workbook, monkeypatch):
    fail = mock.Mock(side_effect=duckdb.OutOfMemoryException("no memory\nfor it"))
    path = workbook(tmp_path / "x.xlsx", {"S": GRID})
    for where, name in ((books, "_rows"), (files.narrow, "names")):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, fail)
            with pytest.raises(DataError, match=r"^x\.xlsx: cannot be held as a table \(no memory\)$"):
                records.open_records(path)


def old_workbook(path, corner=None, sheets=1):
    """An .xls: records of BIFF8 in a compound file, whose sectors follow each other."""

    def record(kind, content=b""):
        return struct.pack("<HH", kind, len(content)) + content

    def directory(name, kind, start, size, child=0xFFFFFFFF):
        return (
            (name.encode("utf-16le") + bytes(2)).ljust(64, b"\0")
            + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + struct.pack("<36xIQ", start, size)
        )

    cells = [(r, c, text) for r, line in enumerate(GRID) for c, text in enumerate(line)]
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for r, c, text in [*cells, *([(*corner, "x")] if corner else [])]:
        sheet += record(0x204, struct.pack("<HHHHB", r, c, 0, len(text), 0) + text.encode())
    sheet += record(0x0A)
    names = [f"S{number:02}".encode() for number in range(sheets)]
    start = 20 + 15 * sheets + 4
    book = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    for number, name in enumerate(names):
        book += record(0x85, struct.pack("<IBBBB", start + number * len(sheet), 0, 0, 3, 0) + name)
    book = (book + record(0x0A) + sheet * sheets).ljust(4096, b"\0")
    book += bytes(-len(book) % 512)
    sectors = len(book) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    folder = directory("Root Entry", 5, 0xFFFFFFFE, 0, 1) + directory("Workbook", 2, 2, len(book))
    path.write_bytes(head + table + folder.ljust(512, b"\0") + book)
    return path


def binary_workbook(path, corner=None):
    """An .xlsb: records of BIFF12 in an archive."""

    def record(kind, content=b""):
        ident = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return ident + bytes([len(content) & 0x7F | 0x80, len(content) >> 7]) + content

    def wide(text):
        return struct.pack("<I", len(text)) + text.encode("utf-16le")

    sheet = record(0x81) + record(0x94, struct.pack("<IIII", 0, 1, 0, 4)) + record(0x91)
    lines = [(r, list(enumerate(line))) for r, line in enumerate(GRID)]
    for r, cells in [*lines, *([(corner[0], [(corner[1], "x")])] if corner else [])]:
        sheet += record(0, struct.pack("<I21x", r))
        sheet += b"".join(record(6, struct.pack("<II", c, 0) + wide(text)) for c, text in cells)
    link = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    link += (
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("_rels/.rels", link.format("officeDocument", "xl/workbook.bin"))
        parcel.writestr("xl/_rels/workbook.bin.rels", link.format("worksheet", "worksheets/sheet1.bin"))
        bundle = struct.pack("<II", 0, 1) + wide("r1") + wide("S")
        parcel.writestr(
            "xl/workbook.bin", record(0x83) + record(0x8F) + record(0x9C, bundle) + record(0x90) + record(0x84)
        )
        parcel.writestr("xl/worksheets/sheet1.bin", sheet + record(0x92) + record(0x82))
    return path


# Each file through the program, one after another in one process: status, seconds, and the peak of memory so far.
COUNT = """
import json, os, resource, sys, time
import duckdb, fastexcel  # once, for all children
from detainer_analysis import __main__, records
from detainer_analysis.records import reading
files, parent = sys.argv[1:], os.getpid()
for file in files:
    start, sys.argv = time.monotonic(), ["", "count", file]
    sys.stdout.flush()
    status = __main__.program()
    if os.getpid() != parent:
        sys.stdout.flush()
        os._exit(status)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([status, time.monotonic() - start, peak * 1024]), flush=True)
    print("end", file=sys.stderr, flush=True)
"""


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="macOS and Windows set no limit to the memory of a program, so the reader would take it all",
)
def test_a_workbook_that_takes_the_memory_is_refused_in_a_line_within_ten_seconds_and_a_gigabyte(tmp_path, workbook):
    files, problems = [], []
    for name in ("bomb", "liar", "far", "turned", "long"):
        path = workbook(tmp_path / f"{name}.xlsx", {"S": GRID})
        with zipfile.ZipFile(path) as parcel:
            part, content, declared, problem = attacks(path, parcel.read(SHEET))[name]
        files.append(repacked(path, part, content, declared))
        problems.append(problem)
    files += [
        old_workbook(tmp_path / "far.xls", (65_535, 255)),
        old_workbook(tmp_path / "sheets.xls", (65_535, 255), sheets=90),
        binary_workbook(tmp_path / "far.xlsb", (1_048_575, 16_383)),
        binary_workbook(tmp_path / "middle.xlsb", (1_048_575, 99)),
    ]
    problems += ["or has a cell far from its table"] * 4
    command = [sys.executable, "-c", COUNT, *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    for line, problem, said in zip(run.stdout.splitlines(), problems, run.stderr.split("end\n"), strict=False):
        status, seconds, peak = json.loads(line)
        assert (status, said.count("\n")) == (1, 1), said
        assert problem in said
        assert peak < 1 << 30
        assert seconds < 30  # other tests run at the same time; alone it takes one second
    assert run.stdout.count("\n") == len(files)


@pytest.mark.parametrize(("make", "ending"), [(old_workbook, "xls"), (binary_workbook, "xlsb")])
def test_an_old_or_binary_workbook_is_read(make, ending, tmp_path):
    assert records.open_records(make(tmp_path / f"x.{ending}")).accounts[0].records == 1


def test_a_reader_that_panics_or_has_no_memory_is_said_in_a_line(tmp_path, monkeypatch, capsys):
    path = old_workbook(tmp_path / "x.xls")
    panic = type("PanicException", (BaseException,), {})
    for error, said in (
        (panic("a\nb"), "x.xls: is damaged; its reader failed (a)"),
        (MemoryError(), "needs more memory"),
    ):
        monkeypatch.setattr("fastexcel.read_excel", mock.Mock(side_effect=error))
        assert __main__.main(["count", str(path)]) == 1
        printed = capsys.readouterr()
        assert (printed.out, printed.err.count("\n")) == ("", 1)
        assert said in printed.err


def test_the_memory_of_a_reader_is_in_proportion_to_its_workbooks(tmp_path, monkeypatch):
    """ICE's workbook of 610,000 rows and 65 columns takes 0.7 GB, as a binary one some 2.5 GB."""
    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: asked.append(limits[0]))
    old, new = tmp_path / "x.xls", tmp_path / "x.xlsb"
    old.write_bytes(bytes(1000))
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("xl/worksheets/sheet1.bin", bytes(40 << 20))
    __main__._limit_memory([old])
    __main__._limit_memory([new])
    assert asked == [(900 << 20) + 10_000, (900 << 20) + (400 << 20)]
    __main__._limit_memory([])
    assert len(asked) == 2
    cells = 610_000 * 65
    assert (900 << 20) + 10 * cells * 10 > cells * 2 * 32  # ten bytes a cell in the file, a rectangle and Arrow's copy


def test_ices_largest_workbook_is_far_from_the_limits_of_an_archive(tmp_path, workbook, monkeypatch):
    """610,000 rows of 65 columns, one in five filled: both limits are shares, so a part of the rows shows it."""
    monkeypatch.setattr(archive, "SMALL_BYTES", 0)
    monkeypatch.setattr(archive, "SMALL_CELLS", 0)
    monkeypatch.setattr(archive, "EMPTY_PER_CELL", archive.EMPTY_PER_CELL / 5)
    monkeypatch.setattr(archive, "HIGHEST_RATIO", archive.HIGHEST_RATIO / 2)
    lines = [
        [datetime.date(2015, 1, 1), "Lifted", "COUNTY JAIL", number % 7, "M", *[None] * 20] for number in range(2000)
    ]
    path = workbook(tmp_path / "x.xlsx", {"S": lines})
    with zipfile.ZipFile(path) as parcel:
        sheet = parcel.read(SHEET)
    archive.check(repacked(path, SHEET, sheet))


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_ends_the_program_ends_its_reader_and_no_copy_stays(number, tmp_path, monkeypatch):
    (tmp_path / "x.csv").write_text("Prepare Date,Facility\n2015-01-01,A\n", encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    program = (
        "import os, signal, sys, time, pathlib\nfrom detainer_analysis import __main__\n"
        "from detainer_analysis.records import open_records\n"
        f"signal.signal({int(number)}, signal.SIG_DFL)\n"  # ignored where the tests run without a terminal
        "__main__._COMMANDS['count'] = lambda _: (open_records(pathlib.Path(sys.argv[2])),"
        " print(os.getpid(), flush=True), time.sleep(30))\n"
        "sys.exit(__main__.program())"
    )
    command = [sys.executable, "-c", program, "count", str(tmp_path / "x.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        child = int(run.stdout.readline())
        assert [*(tmp_path / "temporary").iterdir()]
        run.send_signal(number)
        assert run.wait(10) == 128 + number
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    assert not [*(tmp_path / "temporary").iterdir()]
