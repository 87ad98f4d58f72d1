"""Four layouts, one table: the same records read from each give the same counts on each engine."""

import io
import os
import sys
from types import ModuleType, SimpleNamespace

import duckdb
import pandas as pd
import pytest

from detainer_analysis import __main__, records
from detainer_analysis.errors import DataError

ROWS = [
    ("2014-10-01", "I247", "A COUNTY JAIL", "ALPHA", "TEXAS", "Detainer Declined by LEA"),
    ("2014-10-02", "I247", "A COUNTY JAIL", "ALPHA", "TEXAS", "Booked into Detention"),
    ("2014-10-02", "I247", "A COUNTY JAIL", "ALPHA", "TEXAS", "Booked into Detention"),
    ("2015-01-03", "I247D", "B JAIL", "BETA", "OHIO", None),
    ("2015-01-04", "I247N", None, None, None, "Abducted"),
    ("2015-02-28", "I247", "C JAIL", "UNKNOWN", "OHIO", "N/A"),
]
# Spark needs Java and an environment of its own: make test-engines.
ENGINES = ["duckdb", "pandas", *(["spark"] if os.environ.get("DETAINER_TEST_SPARK") else [])]


def us(date, year="%y"):
    day = pd.Timestamp(date)
    return f"{day.month}/{day.day}/{day.strftime(year)}"


def text_lines(header, rows, separator):
    cells = [[("" if cell is None else cell) for cell in row] for row in rows]
    return "\n".join(separator.join(line) for line in [header, *cells]) + "\n"


@pytest.fixture(scope="module", params=["npr-csv", "raw-tabs", "raw-commas", "ddp", "ddp-old"])
def layout(request, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("layout")
    if request.param == "npr-csv":
        header = ["date", "lift_reason", "det_facility", "city", "state", "detainer_type"]
        rows = [(f"{d} 00:00:00", r, f, c, s, t) for d, t, f, c, s, r in ROWS]
        path = tmp_path / "npr.csv"
        path.write_text(text_lines(header, rows, ","), encoding="utf-8")
    elif request.param.startswith("raw"):
        tabs = request.param == "raw-tabs"
        header = [
            "Prepare Date",
            "Detainer Lift Reason",
            "Detainer Detention Facility",
            "City",
            "State",
            "Detainer Type",
        ]
        dates = [us(ROWS[0][0]), us(ROWS[1][0], "%Y"), ROWS[2][0], *(us(row[0]) for row in ROWS[3:])]
        rows = [(when, r, f, c, s, t) for when, (_, t, f, c, s, r) in zip(dates, ROWS, strict=True)]
        path = tmp_path / ("fy15.csv" if tabs else "fy15.txt")
        path.write_text(text_lines(header, rows, "\t" if tabs else ","), encoding="utf-8")
    else:
        old = request.param == "ddp-old"
        frame = pd.DataFrame(ROWS, columns=["d", "t", "f", "c", "s", "r"])
        frame["d"] = pd.to_datetime(frame["d"])
        frame = frame.rename(
            columns={
                "d": "detainer_prepare_date",
                "t": "detainer_type",
                "f": "detention_facility" if old else "detainer_facility",
                "c": "facility_city",
                "s": "facility_state",
                "r": "detainer_lift_reason",
            }
        ).assign(birth_year=1980)
        path = tmp_path / "detainers.parquet"
        duckdb.from_df(frame).write_parquet(str(path))
    return path


@pytest.fixture(scope="module")
def opened(layout):
    return records.open_records(layout)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_layout_gives_the_same_table(layout, opened, engine):
    table = opened.frame(engine).collect("pandas").to_native()
    assert list(table.columns) == list(records.COLUMNS)
    assert [f"{day:%Y-%m-%d}" for day in table["prepared_date"]] == [row[0] for row in ROWS]
    first = 1 if layout.suffix == ".parquet" else 2
    assert list(table["row"]) == list(range(first, first + len(ROWS)))
    assert set(table["file"]) == {layout.name}
    assert table["facility"].isna().tolist() == [False, False, False, False, True, False]
    assert table["city"].isna().tolist() == [False, False, False, False, True, True]
    assert table["lift_reason"].isna().tolist() == [False, False, False, True, False, True]


@pytest.mark.parametrize("engine", ENGINES)
def test_counts_keep_identical_rows_and_both_denominators(opened, engine):
    table = records.count(opened.frame(engine))
    assert table.loc[0, ["detainers", "no_recorded_outcome", "declined"]].tolist() == [6, 2, 1]
    assert table.loc[0, "declined_percent_of_all"] == pytest.approx(100 / 6)
    assert table.loc[0, "declined_percent_of_recorded"] == pytest.approx(25)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("year", {2014: 3, 2015: 3}),
        ("month", {"2014-10": 3, "2015-01": 2, "2015-02": 1}),
        ("state", {"OHIO": 2, "TEXAS": 3, None: 1}),
        ("form", {"I247": 4, "I247D": 1, "I247N": 1}),
        ("reason", {"Abducted": 1, "Booked into Detention": 2, "Detainer Declined by LEA": 1, None: 2}),
    ],
)
def test_groups_are_counted_and_the_missing_group_comes_last(opened, engine, by, expected):
    table = records.count(opened.frame(engine), by)
    keys = [None if pd.isna(key) else key for key in table.iloc[:, 0]]
    assert dict(zip(keys, table["detainers"], strict=True)) == expected
    assert keys == list(expected)


def test_doubts_are_flagged_and_no_row_is_dropped(opened):
    table = records.with_flags(opened.frame()).collect("pandas").to_native()
    assert len(table) == len(ROWS)
    assert table["unknown_reason"].tolist() == [0, 0, 0, 0, 1, 0]
    assert table["no_place"].tolist() == [0, 0, 0, 0, 1, 0]
    assert table["no_date"].sum() == 0


def test_unknown_reasons_and_columns_are_reported(layout, opened):
    assert records.unknown_reasons(opened.frame()) == ["Abducted"]
    assert opened.accounts[0].unknown_reasons == {"Abducted": 1}
    assert opened.accounts[0].ignored == (["birth_year"] if layout.suffix == ".parquet" else [])


def test_a_date_that_cannot_be_read_is_missing_not_lost(tmp_path):
    path = tmp_path / "fy15.txt"
    path.write_text(
        "Prepare Date,Detainer Lift Reason,Detainer Detention Facility\n31/31/15,Lifted,A\n", encoding="utf-8"
    )
    for engine in ENGINES:
        table = records.count(records.read(path, engine), "year")
        assert table["detainers"].tolist() == [1]
        assert table["year"].isna().all()


HEADER = ("Prepare Date", "Detainer Type", "Detainer Detention Facility", "State", "City", "Detainer Lift Reason")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_workbook_is_read_by_its_first_sheet(tmp_path, workbook, engine):
    path = tmp_path / "book.xlsx"
    workbook(path, {"S": [HEADER, ("2014-10-01", "I247", "A", "TEXAS", "X", "Lifted")]})
    table = records.read(path, engine).collect("pandas").to_native()
    assert table["state"].tolist() == ["TEXAS"]


def test_an_empty_sheet_is_refused(tmp_path, workbook):
    path = tmp_path / "book.xlsx"
    workbook(path, {"S": []})
    with pytest.raises(DataError, match="the sheets that can be seen are empty"):
        records.read(path)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_workbook_that_is_really_html_is_refused_with_its_beginning(tmp_path, engine):
    path = tmp_path / "book.xlsx"
    path.write_text("<html><body>Not found</body></html>", encoding="utf-8")
    with pytest.raises(DataError, match=r"is not an Excel workbook .*it begins with '<html><body>"):
        records.read(path, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_parquet_file_that_was_cut_off_is_refused(tmp_path, engine):
    path = tmp_path / "detainers.parquet"
    duckdb.from_df(pd.DataFrame({"a": range(1000)})).write_parquet(str(path))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"detainers\.parquet: cannot be read as parquet"):
        records.read(path, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_column_is_named(tmp_path, engine):
    path = tmp_path / "x.csv"
    path.write_text("date,city\n2015-01-01,X\n", encoding="utf-8")
    with pytest.raises(DataError, match="column facility: no column"):
        records.read(path, engine)


def test_a_missing_file_and_an_unknown_engine_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv: there is no such file"):
        records.read(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="unknown engine 'abacus'"):
        records.read(tmp_path / "none.csv", "abacus")
    path = tmp_path / "x.csv"
    path.write_text("date,lift_reason,det_facility\n2015-01-01,Lifted,A\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unknown engine 'abacus'; known: duckdb, pandas, spark"):
        records.open_records(path).frame("abacus")


def test_the_count_command_prints_csv_and_notes(tmp_path, capsys):
    path = tmp_path / "npr.csv"
    path.write_text(
        "date,lift_reason,det_facility,city,state,mood\n2015-01-01,Abducted,A,X,OHIO,good\n", encoding="utf-8"
    )
    assert __main__.main(["count", str(path), "--by", "state", "--engine", "pandas"]) == 0
    printed = capsys.readouterr()
    table = pd.read_csv(io.StringIO(printed.out))
    assert table.columns.tolist() == [
        "state",
        "detainers",
        "no_recorded_outcome",
        "declined",
        "declined_percent_of_all",
        "declined_percent_of_recorded",
    ]
    assert table["detainers"].tolist() == [1]
    assert "columns not used: mood" in printed.err
    assert "not seen before, counted as recorded: Abducted" in printed.err


def test_the_count_command_names_a_bad_file(tmp_path, capsys):
    assert __main__.main(["count", str(tmp_path / "none.csv")]) == 1
    assert "none.csv: there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(("engine", "module"), [("duckdb", "duckdb"), ("spark", "pyspark")])
def test_a_missing_engine_is_named_and_not_the_file(engine, module, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "x.csv"
    path.write_text("Prepare Date,Detainer Lift Reason,Detainer Detention Facility\n", encoding="utf-8")
    assert __main__.main(["count", "--engine", engine, str(path)]) == 1
    printed = capsys.readouterr().err
    assert f"'{module}'" in printed or f"import of {module}" in printed
    assert "x.csv" not in printed
    assert "detainer-analysis[records]" in printed


def test_spark_is_handed_the_rows_as_parquet(tmp_path, monkeypatch):
    """Without Spark, what it is given: a stand-in reads the file that a session would read."""
    session = SimpleNamespace(read=SimpleNamespace(parquet=lambda path: duckdb.read_parquet(path).df()))
    builder = SimpleNamespace(getOrCreate=lambda: session)
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    stand_in = SimpleNamespace(SparkSession=SimpleNamespace(builder=builder))
    monkeypatch.setitem(sys.modules, "pyspark.sql", stand_in)
    path = tmp_path / "npr.csv"
    path.write_text(text_lines(["date", "det_facility"], [("2015-01-02", "A, B"), ("", "C")], "|"), encoding="utf-8")
    table = records.read(path, "spark").collect("pandas").to_native()
    assert table["facility"].tolist() == ["A, B", "C"]
    assert table["prepared_date"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2015-01-02", ""]


@pytest.mark.parametrize("by", [[], ["state"]])
def test_a_count_of_the_needed_columns_is_the_count_of_all(layout, opened, by):
    thin = records.open_records(layout, fields=records.fields(*by))
    assert thin.accounts == opened.accounts
    pd.testing.assert_frame_equal(records.count(thin.frame(), *by), records.count(opened.frame(), *by))
    if layout.suffix != ".parquet":
        copied = {name for copy in thin.folder.rglob("*.parquet") for name in duckdb.read_parquet(str(copy)).columns}
        assert copied == {"prepared_date_0", "lift_reason_0", *(f"{name}_0" for name in records.fields(*by))}


def test_where_a_row_has_no_day_every_column_says_what_it_is(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "Prepare Date,Detainer Lift Reason,Facility\n1/1/2015,Lifted,A\n,,B JAIL\n,,Source: ICE\n,,\n", encoding="utf-8"
    )
    thin, whole = records.open_records(path, fields=records.fields()), records.open_records(path)
    assert thin.accounts == whole.accounts
    assert thin.accounts[0].summary() == "5 rows: 2 records; set aside: 1 header, 1 blank, 1 note"
