"""Every physical row of a file is accounted for: records and rows set aside add up, on every engine."""

import csv
import gzip
import io
import os
import subprocess
import sys
from contextlib import nullcontext

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detainer_analysis import __main__, records
from detainer_analysis.data import sources
from detainer_analysis.errors import DataError
from detainer_analysis.records import account, archive, files, lines, text

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:"
KNOWN = next(source for source in sources.read().values() if source.sha256)
HEADER = ["Prepare Date", "Detainer Lift Reason", "Detention Facility", "State"]
# A row of each kind, as (cells, what becomes of it).
KINDS = {
    "records": ["1/31/2015", "Lifted", 'JAIL "A", NORTH', "OHIO"],
    "record with a line break": ["2015-01-31", "Died", "B\nJAIL", "OHIO"],
    "record that begins with #": ["2015-01-31", "Detainer Declined by LEA", "#1 JAIL", ""],
    "record without a date": ["", "Lifted", "C JAIL", ""],
    "redacted record": ["(b)(6)", "(b)(6), (b)(7)(C)", "(b)(7)(E)", "(b)(6)"],
    "blank": ["", "", "", ""],
    "total": ["Grand Total", "", "12", ""],
    "note": ["(1) Data are preliminary.", "", "", ""],
    "repeated header": HEADER,
}


def written(rows, mark=",", end="\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


# Spark needs Java and an environment of its own: make test-engines.
ENGINES = ["duckdb", "pandas", *(["spark"] if os.environ.get("DETAINER_TEST_SPARK") else [])]


@pytest.mark.usefixtures("untraced")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.sampled_from(sorted(KINDS)), max_size=12),
    above=st.lists(st.just(["ICE"]), max_size=6),
    mark=st.sampled_from(text.DELIMITERS),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    packed=st.booleans(),
)
def test_the_parts_add_up_whatever_the_file_is_like(tmp_path, kinds, above, mark, end, encoding, quoting, packed):
    rows = [*above, HEADER, *(KINDS[kind] for kind in kinds)]
    content = written(rows, mark, end, quoting).encode(encoding)
    path = tmp_path / ("x.CSV.gz" if packed else "x.CSV")
    path.write_bytes(gzip.compress(content) if packed else content)
    opened = records.open_records(path)
    found = opened.accounts[0]
    assert found.rows == len(rows)
    expected = {"header": 1, "above the header": len(above)}
    for kind in ("blank", "total", "note", "repeated header"):
        expected[kind] = kinds.count(kind)
    assert {kind: count for kind, count in found.set_aside.items() if count} == {k: n for k, n in expected.items() if n}
    assert found.records + found.set_aside.total() == found.rows
    assert len(found.listed) == found.set_aside.total()
    numbers = [row for _, row, _, _ in found.listed]
    frames = {engine: opened.frame(engine) for engine in ("duckdb", "pandas")}
    kept = frames["pandas"].collect("pandas").to_native()["row"].tolist()
    assert sorted(numbers + kept) == list(range(1, len(rows) + 1))
    for frame in frames.values():
        assert records.count(frame)["detainers"].sum() == found.records
    assert found.redacted_reasons == kinds.count("redacted record")
    assert found.without_date == kinds.count("redacted record") + kinds.count("record without a date")


@pytest.mark.parametrize("mark", text.DELIMITERS)
def test_a_regular_file_goes_to_duckdb_as_it_is_under_any_delimiter(mark, tmp_path, monkeypatch):
    monkeypatch.setattr(files.mended, "tables", None)  # the slow way of all other files
    facilities = [f'JAIL "A"{mark} NORTH\nWING', f"B JAIL{mark} SOUTH"]  # six quotes and two
    path = tmp_path / "x.csv"
    rows = [["1/31/2015", "Lifted", facility, "OHIO"] for facility in facilities]
    path.write_text(written([HEADER, *rows], mark), encoding="utf-8")
    assert records.read(path, "pandas").collect("pandas").to_native()["facility"].tolist() == facilities


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_engines_count_every_kind_of_row_alike(tmp_path, engine):
    path = tmp_path / "x.csv"
    path.write_text(written([["ICE"], HEADER, *KINDS.values()]), encoding="utf-8")
    opened = records.open_records(path)
    for by in ([], *([group] for group in records.GROUPS)):
        expected, table = (records.count(opened.frame(name), *by) for name in ("duckdb", engine))
        pd.testing.assert_frame_equal(table, expected, check_dtype=False)


@pytest.mark.parametrize(
    "header",
    [
        ["Detainer Lift Reason", "Detention Facility", "Detainer Prepare Date"],
        ["Detention Facility Code", "Detention Facility", "Detainer Prepare Date"],
        ["Detention Facility", "Detainer Lift Reason", "Detainer Prepare Date"],
    ],
)
def test_a_note_alone_in_the_first_column_is_no_record(tmp_path, header):
    """Below a table a note stands in its first column, which in ICE's workbooks is a reason or a place."""
    path = tmp_path / "x.csv"
    notes = ["Source: ICE", "(1) Data are preliminary", "* Redacted", "Data as of 1 June", "x" * 99]
    first = "Lifted" if "Reason" in header[0] else "ST. JOHN JAIL"
    rows = [header, [first, "Lifted", "1/1/2015"], [first, "", ""], *([note, "", ""] for note in notes)]
    path.write_text(written(rows), encoding="utf-8")
    assert records.open_records(path).accounts[0].summary() == "8 rows: 2 records; set aside: 1 header, 5 note"


def test_a_jail_alone_in_its_row_is_no_note_and_a_note_cut_at_its_commas_is_one(tmp_path):
    path = tmp_path / "x.csv"
    rows = [HEADER, KINDS["records"], ["", "", "Cook County Jail No. 5.", ""], ["Source: ICE", " obtained by FOIA"]]
    path.write_text(written(rows), encoding="utf-8")
    assert records.open_records(path).accounts[0].summary() == "4 rows: 2 records; set aside: 1 header, 1 note"
    path.write_text(written([*rows, ["a jail", "Died"]]), encoding="utf-8")  # cut too, and begins like no note
    with pytest.raises(DataError, match="row 5: has 2 cells under a header of 4; is a line broken in two"):
        records.open_records(path)


WIDE = ["Prepare Date", "Lift Reason", "Facility", "City", "State", "Lift Date"]
LONELY = {  # rows with few cells and no day of preparation, by what they are
    "records": [
        *(",Case Closed,,,,", ",DETAINER DECLINED BY LEA,,,,", ",Declined,,,,", ",(b)(6),,,,", "unknown,Died,,,,"),
        *(
            ",,A JAIL,,,",
            ",,,CHICAGO,ILLINOIS,",
            ",,,,,1/2/2015",
            ",,,,,2015-02-30",
            ",,,,,31-DEC-2014",
            "(1),Died,,,,",
        ),
        *("2/30/2014,,,,,", "20141345,,,,,", "(b)(6),,,,,", "1899-01-01,,,,,", "(1),Died,,,,"),
    ],
    "note": [
        *("Source: ICE,,,,,", ",,Data as of 1 June,,,", ",Note: Declined by hand,,,,", "12,,,,,", ",,,,OHIO,"),
        "Source: ICE,,,by FOIA,,",
    ],
    "total": ["Total,,12,,,", ",Died,Total: 7,,,"],
    "blank": [",,,,,", " ,,\u00a0,,,"],
}


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("odd", ["", "2015-01-01,Lifted,A,,,,\n"])
def test_a_row_with_a_reason_or_a_day_is_a_record_whatever_it_lacks(tmp_path, monkeypatch, engine, odd):
    monkeypatch.setattr(account, "_UNREAD_PER_RECORD", 1)
    path = tmp_path / "x.csv"
    for kind, rows in LONELY.items():
        path.write_text("\n".join([",".join(WIDE), "2015-01-01,Lifted,A,,,", odd + "\n".join(rows)]), encoding="utf-8")
        opened = records.open_records(path)
        found, others = opened.accounts[0], len(rows) * (kind != "records")
        assert found.set_aside == {"header": 1} | ({kind: others} if others else {}), found.listed
        assert records.count(opened.frame(engine))["detainers"].sum() == found.records == found.rows - 1 - others
        expected = {"Declined": 1} if kind == "records" else {}
        assert found.unknown_reasons == expected


def test_no_cell_of_a_person_is_printed(tmp_path, capsys):
    path = tmp_path / "x.csv"
    person = ["A123456789", "DOE JANE", "1980-02-03", "2014-01-05", "Lifted"]
    for header in ([], [["Alien Number", "Name", "Birth Date", "Prepare Date", "Facility"]]):
        path.write_text(written([person, *header, person]), encoding="utf-8")
        assert __main__.main(["count", str(path), "--explain"]) == (not header)
        printed = capsys.readouterr().err
        assert "row 1" in printed
        assert not any(cell in printed for cell in person[:3])


def test_count_prints_what_became_of_each_row_and_lists_them(tmp_path, capsys):
    path = tmp_path / "x.csv"
    path.write_text(written([["ICE"], HEADER, *KINDS.values()]), encoding="utf-8")
    assert __main__.main(["count", str(path), "--explain"]) == 0
    printed = capsys.readouterr().err.splitlines()
    assert printed[0] == (
        "11 rows: 5 records; set aside: 1 above the header, 1 header, 1 blank, 1 note, 1 repeated header, 1 total"
    )
    assert "row 1: above the header: ICE" in printed
    assert "note: records without a readable date: 2" in printed
    assert "note: records with a redacted lift reason, counted as without one: 1" in printed
    assert any(line.startswith("row 9: total: Grand Total") for line in printed)


def test_an_account_that_does_not_add_up_is_refused():
    with pytest.raises(DataError, match="3 rows, but 1 records and 1 rows set aside"):
        account.Account("x.csv", [], 3, 1, account.Counter(blank=1)).check()


def test_an_engine_that_counts_another_number_is_refused(tmp_path, capsys, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text(written([HEADER, KINDS["records"]]), encoding="utf-8")
    counted = records.count
    monkeypatch.setattr(records, "count", lambda *a: counted(*a).assign(detainers=0))
    assert __main__.main(["count", str(path)]) == 1
    assert "duckdb counted 0 of 1 records" in capsys.readouterr().err


def test_several_files_are_counted_together_and_accounted_for_one_by_one(tmp_path, capsys):
    names = []
    for name, kinds in (("a.csv", ["records", "blank"]), ("b.txt", ["records", "records"])):
        (tmp_path / name).write_text(written([HEADER, *(KINDS[kind] for kind in kinds)]), encoding="utf-8")
        names.append(str(tmp_path / name))
    assert __main__.main(["count", *names]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1].startswith("3,")
    assert "a.csv: 3 rows: 1 records; set aside: 1 header, 1 blank" in printed.err
    assert "b.txt: 3 rows: 2 records" in printed.err


def test_years_joined_end_to_end_keep_their_own_columns(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "Prepare Date,Detainer Lift Reason,Facility\n1/1/2014,Lifted,A\n"
        "Prepare Date,Facility,Detainer Type,Detainer Lift Reason\n1/1/2015,B,I247D,Died\n",
        encoding="utf-8",
    )
    table = records.read(path).collect("pandas").to_native()
    assert table[["facility", "lift_reason"]].to_numpy().tolist() == [["A", "Lifted"], ["B", "Died"]]
    assert table["form"].isna().tolist() == [True, False]


@pytest.mark.parametrize("last", ["2015-03-01,B,2015-01-02,Died", "2015-03-01,B,2015-01-02,Died\na note"])
def test_a_header_of_the_same_width_in_another_order_is_never_read_under_the_first(tmp_path, workbook, last):
    path = tmp_path / "x.csv"
    header = ["Prepare Date", "Facility", "Lift Date", "Lift Reason"]
    swapped = [header[place] for place in (2, 1, 0, 3)]
    lines = [",".join(header), "2014-01-02,A,,Lifted", ",".join(swapped), last]
    path.write_text("\n".join(lines), encoding="utf-8")
    table = records.count(records.read(path), "year")
    assert table["detainers"].tolist() == [1, 1]
    for other in (
        swapped,
        [header[place] for place in (0, 1, 3, 2)],
        ["Facility", "Prepare Date", "Sex", "Lift Reason"],
    ):
        path = workbook(tmp_path / "x.xlsx", {"S": [header, ["1/2/2014", "A", "", "Lifted"], other]})
        with pytest.raises(DataError, match="row 3: is a header whose columns are not those of the header in row 1"):
            records.open_records(path)


def test_a_field_that_only_some_parts_have_is_no_field_of_the_file(tmp_path, workbook):
    path = tmp_path / "x.csv"
    path.write_text(
        "Prepare Date,Facility,State\n1/1/2014,A,OHIO\nPrepare Date,Facility\n1/1/2015,B\n", encoding="utf-8"
    )
    assert records.open_records(path).fields == {"prepared_date", "facility"}
    path.write_text(
        "Prepare Date,Facility\n1/1/2014,A\nPrepare Date,Facility,Lift Reason\n1/1/2015,B,Died\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="the part below row 1 has no lift reasons, but another has; count them apart"):
        records.open_records(path)
    sheets = {"S": [HEADER, KINDS["records"]], "Pivot": [["Date", "Facility"], ["1/1/2015", "A"]]}
    with pytest.raises(DataError, match="the sheet Pivot has no lift reasons"):
        records.open_records(workbook(tmp_path / "x.xlsx", sheets))


def test_a_header_alone_is_no_record(tmp_path, capsys):
    path = tmp_path / "x.csv"
    path.write_text(written([HEADER]), encoding="utf-8")
    assert __main__.main(["count", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("0,0,0")


def test_head_gets_its_line_and_no_traceback(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(written([HEADER, *[[f"{m}/1/{y}", "", "A", ""] for y in range(1990, 2090) for m in range(1, 13)]]))
    command = f"{sys.executable} -m detainer_analysis count {path} --by month | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_letters_are_known_without_a_mark(encoding, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("Prepare Date,Detention Facility\n1/1/2015,A\n".encode(encoding))
    assert list(text.rows(path, text.form(path)))[1] == ["1/1/2015", "A"]


def test_line_ends_in_a_cell_stay_as_they_are(tmp_path):
    (tmp_path / "x.csv").write_bytes(b'Prepare Date,Detention Facility\r\n1/1/2015,"A\r\nB"\r\n')
    path = tmp_path / "x.csv"
    assert list(text.rows(path, text.form(path)))[1] == ["1/1/2015", "A\r\nB"]


def test_duckdb_is_not_trusted_to_have_found_every_row(tmp_path, monkeypatch):
    """Where its reader finds another number of rows than the file has, the file is read row by row."""
    path = tmp_path / "x.csv"
    path.write_text(written([HEADER, KINDS["records"], KINDS["records"]]), encoding="utf-8")
    real = text.form(path)
    monkeypatch.setattr(text, "form", lambda _: text.Form(real.encoding, real.delimiter, True, True, 9, real.newline))
    assert records.open_records(path).accounts[0].rows == 3


@pytest.mark.parametrize(("lines", "problem"), [
    ("1/1/2015,Lifted,ST. JOHN, JAIL,OHIO", r"row 2: has 5 cells under a header of 4; is a separator in a name"),
    ('1/1/2015,Lifted,ST. "JOHN, JAIL" A,OHIO', r"row 2: has 5 cells under a header of 4; is a separator in a name"),
    ("1/1/2015,Lifted,ST.\nJOHN,OHIO", r"row 2: has 3 cells under a header of 4; is a line broken in two"),
    ('1/1/2015,Lifted,"A JAIL,OHIO\n1/1/2015,Lifted,B "JAIL",OHIO\n1/1/2015,Lifted,C", OHIO', r"row \d: "),
    ("1/1/2015,Lifted,A,OHIO\n1/1/2015;Lifted;B;OHIO", r"row 3: has its cells between ';', unlike the rows above"),
])  # fmt: skip
def test_a_broken_row_is_named(tmp_path, lines, problem):
    path = tmp_path / "x.csv"
    path.write_text(f"{','.join(HEADER)}\n{lines}\n", encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        records.open_records(path)


@pytest.mark.parametrize(("lines", "records_found"), [
    ("1/1/2015,Lifted,A 6\" JAIL,OHIO\n1/1/2015,Lifted,B,OHIO", 2),
    ('1/1/2015,Lifted,"A JAIL,OHIO\n1/1/2015,Lifted,B,OHIO', 2),
    ("1/1/2015,Lifted,A,OHIO,\n1/1/2015,Lifted,B,OHIO,,", 2),
    ("1/1/2015,Lifted,A\0JAIL,OHIO\n1/1/2015,Lifted,B,OHIO\n\x1a", 2),
    ("1/1/2015,Lifted,A,OHIO\r1/1/2015,Lifted,B,OHIO\x1a", 2),
    ("Date issued,Why lifted,Where,State\n1/1/2015,Lifted,B,OHIO", 1),
])  # fmt: skip
def test_odd_rows_are_read(tmp_path, lines, records_found):
    path = tmp_path / "x.csv"
    path.write_bytes(f"{','.join(HEADER)}\n{lines}".encode())
    opened = records.open_records(path)
    assert opened.accounts[0].records == records_found
    assert opened.frame("pandas").collect("pandas").to_native()["lift_reason"].eq("Lifted").all()


def test_a_first_record_with_a_word_for_a_day_is_no_explanation_of_the_header(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(written([HEADER, ["pending", "Lifted", "A", "OHIO"], KINDS["records"]]), encoding="utf-8")
    found = records.open_records(path).accounts[0]
    assert (found.records, found.unread_examples) == (2, [(2, "pending")])


def test_dates_that_can_be_read_both_ways_are_said_and_refused_between_semicolons(tmp_path):
    path = tmp_path / "x.csv"
    both = [HEADER, ["3/4/2015", "Lifted", "A", ""], ["5/5/2015", "Lifted", "A", ""]]
    said = "prepared_date: 1 dates read as month/day/year, though none of them shows that they are"
    for mark, rows, doubts in ((",", both, [said]), (";", both, None), (";", [*both, KINDS["records"]], [])):
        path.write_text(written(rows, mark), encoding="utf-8")
        if doubts is None:
            with pytest.raises(DataError, match="between semicolons, dates such as 1/2/2014"):
                records.open_records(path)
        else:
            assert records.open_records(path).accounts[0].doubts() == doubts


def test_reasons_are_known_whatever_their_case_and_spaces(tmp_path):
    path = tmp_path / "x.csv"
    said = ["DETAINER DECLINED BY LEA", " Detainer  Declined by LEA ", "Detainer\u00a0Declined by LEA", "nan", "."]
    path.write_text(written([HEADER, *[["1/1/2015", reason, "A", ""] for reason in said]]), encoding="utf-8")
    table = records.count(records.read(path))
    assert table.loc[0, ["detainers", "no_recorded_outcome", "declined"]].tolist() == [5, 2, 3]


def test_the_named_file_and_no_other(tmp_path):
    for name, count in (("x[1].csv", 1), ("x1.csv", 2), ("x?.parquet", 1), ("xa.parquet", 2)):
        plain = tmp_path / "plain.csv"
        plain.write_text(written([HEADER, *[KINDS["records"]] * count]), encoding="utf-8")
        if name.endswith("csv"):
            plain.rename(tmp_path / name)
        else:
            duckdb.read_csv(str(plain), all_varchar=True).write_parquet(str(tmp_path / "made"))
            (tmp_path / "made").rename(tmp_path / name)
    for name in ("x[1].csv", "x?.parquet"):
        assert records.open_records(tmp_path / name).accounts[0].records == 1


@pytest.mark.parametrize(("name", "content", "problem"), [
    ("x.csv", b"", "the file is empty"),
    ("x.csv", b"\xff\xfe", "no column 'prepare date' or"),
    ("x.csv", b"<!DOCTYPE html><title>Sign in</title>", "is no table; it begins with '<!DOCTYPE html>"),
    ("x.csv", b"a,b\n", r"in row 1; row 1 has"),
    ("x.csv", b"<HTML>", "is no table; it begins with '<HTML>'"),
    ("x.csv", b"<?xml version='1.0'?>", "is no table; it begins with "),
    ("x.csv", b'{"a": 1}', "is no table; it begins with "),
    ("x.csv", b"[1]", "is no table; it begins with "),
    ("x.csv", b"date,facility\n2015-01-01,\x81\x8d\n", "is neither UTF-8 nor Windows-1252"),
    ("x.parquet", POINTER + b"0\n", "pointer of Git LFS"),
    ("x.csv.gz", gzip.compress(bytes(99), mtime=0)[:-9], r"x\.csv\.gz: cannot be unpacked \(Compressed file ended"),
    ("x.csv", gzip.compress(b"date\n", mtime=0) + b"garbage", r"x\.csv: cannot be unpacked \(Not a gzipped file"),
    ("x.csv", b"\x1f\x8b\x08" + b"\0" * 7 + b"\xff" * 9, r"x\.csv: cannot be unpacked \(Error -3"),
    ("x.csv", POINTER + KNOWN.sha256.encode(), f"is at {KNOWN.url}$"),
    ("x.sav", b"$FL2", r"\.sav is not read; download or save it as \.parquet"),
    ("x.zip", b"PK", r"\.zip is not read; unpack it"),
    ("x.dta", b"no", "cannot be read as a Stata file"),
])  # fmt: skip
def test_what_is_not_read_is_refused_in_one_line(tmp_path, capsys, name, content, problem):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=problem):
        records.open_records(path)
    assert __main__.main(["count", str(path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


NAMES = b"Prepare Date,Detention Facility\n"


@pytest.mark.parametrize(("name", "content", "problem"), [
    ("x.csv", NAMES + b"a" * 3000, "has a line of more than 1,024"),
    ("x.csv", NAMES + b'"' * 3000, "has a line of more than 1,024"),
    ("x.csv", (NAMES.decode() + "a" * 3000).encode("utf-16"), "has a line of more than 1,024"),
    ("x.csv.gz", gzip.compress(NAMES + b"a" * 3000, mtime=0), "has a line of more than 1,024"),
    ("x.csv.gz", gzip.compress(NAMES + b"\n" * 90_000, mtime=0), "unpacks to more than"),
    ("x.csv", b"\r".join([NAMES.strip(), *[b"1/1/2015,A"] * 900]), None),
    ("x.csv", NAMES + b'1/1/2015,"A"\n' * 900, None),
])  # fmt: skip
def test_a_line_or_a_packed_file_that_no_table_has_is_refused(tmp_path, monkeypatch, name, content, problem):
    monkeypatch.setattr(lines, "LONGEST_LINE", 1 << 10)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 1 << 8)
    monkeypatch.setattr(archive, "SMALL_BYTES", 1 << 12)
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=problem) if problem else nullcontext():
        assert records.open_records(path).accounts[0].records == 900


def test_only_files_on_this_computer_are_read(tmp_path):
    with pytest.raises(DataError, match="is a folder"):
        records.open_records(tmp_path)
    with pytest.raises(DataError, match="download it first"):
        records.open_records(files.Path("https://example.org/x.csv"))
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(DataError, match="there is no such file"):
        records.open_records(tmp_path / "loop.csv")


def test_a_stata_file_is_read(tmp_path):
    path = tmp_path / "x.DTA"
    frame = pd.DataFrame(
        {"detainer_prepare_date": pd.to_datetime(["2015-01-01"]), "facility": ["A"], "birth_year": [1]}
    )
    frame.assign(detainer_lift_reason="Lifted").to_stata(path, write_index=False)
    opened = records.open_records(path)
    assert records.count(opened.frame(), "year")["year"].tolist() == [2015]
    assert opened.accounts[0].ignored == ["birth_year"]
    frame.drop(columns="facility").to_stata(path, write_index=False)
    with pytest.raises(DataError, match=r"^x\.DTA, row 1, column facility: no column"):
        records.open_records(path)


@pytest.mark.parametrize("value", ['Jail, "The Farm"', "a,b,c", '"', "", "a'b", "tab\there"])
def test_a_value_comes_back_from_the_copy_as_it_was(value, tmp_path):
    """Delimiter and quote of the copy that Python writes and DuckDB reads."""
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Prepare Date", "Detention Facility", "State"])
        writer.writerows([["1/1/2015", value, "TEXAS"], ["a note"]])  # the short row takes the slow path
        writer.writerow(["1/3/2015", value, "TEXAS"])
    found = records.open_records(path)
    got = found.connection.execute(f"SELECT facility FROM ({found.query}) WHERE state = 'TEXAS'").fetchall()
    assert [row[0] or "" for row in got] == [value.strip()] * 2
