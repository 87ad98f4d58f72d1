"""The released layouts give the same counts; columns of one field are joined or refused, never chosen between."""

import datetime

import duckdb
import pandas as pd
import pytest

from detainer_analysis import __main__, records
from detainer_analysis.errors import DataError
from detainer_analysis.records import layouts, mended

DECLINED, BOOKED = records.DECLINED, "Booked into Detention"
# Day, lift reason, facility: three records, one declined.
ROWS = [("2014-12-31", DECLINED, "A JAIL"), ("2015-01-01", BOOKED, "A JAIL"), ("2015-01-02", None, "B JAIL")]
SECOND_HEADER = [
    *("Prepare Date", "Active Yes No", "Detainer Lift Reason", "Detainer Lift Reason Code", "Detainer Lift Reason2"),
    *("Detainer Lift Reason 2 Code", "Area of Responsibility", "Site", "Detention Facility Code", "Detention Facility"),
    *("ERO Citizenship", "Birth Date", "Alien File Number", "Subject Id"),
]
RAW = ["Birth Date", "Alien File Number", "Gender"]
HEADERS = {
    "NPR's first delivery": (
        "txt",
        ["Prepare Date", "Detainer Lift Reason", "Detainer Detention Facility", "City", "State"],
    ),
    "NPR's first delivery, fiscal 2015": (
        "txt",
        ["Prepare Date", "Detainer Type", "Detainer Detention Facility", "State", "City", "Detainer Lift Reason"],
    ),
    "NPR's second delivery": ("csv", SECOND_HEADER),
    "ICE's workbook of February 2025": (
        "xlsx",
        ["Detainer Prepare Date", "Facility State", "Facility AOR", "Detention Facility", "Facility City", *RAW],
    ),
    "ICE's workbook of November 2025": (
        "xlsx",
        [*RAW, "Detainer Prepare Date", "Facility AOR", "Detention Facility", "Detainer Lift Reason", "Detainer Type"],
    ),
    "ICE's workbook of March 2026": (
        "xlsx",
        ["Detainer Prepare Date", *RAW, "Detainer Facility", "Detainer Facility Code", "Detainer Lift Reason"],
    ),
    "ICE's workbook of August 2026": (
        "xlsx",
        [*RAW, "AOR", "Detainer Prepared Date", "City", "State", "Detention Facility", "Detainer Lift Reason"],
    ),
    "detainers-latest": (
        "parquet",
        ["detainer_prepare_date", "detention_facility", "detainer_lift_reason", "file_original", "birth_year"],
    ),
    "detainers-latest since August 2026": (
        "parquet",
        ["detainer_prepare_date", "detention_facility", "detainer_lift_reason", "file_original", "request_type"],
    ),
    "detainers-historical": (
        "parquet",
        ["prepare_date", "detainer_lift_reason", "detention_facility", "detainer_detention_facility", "file_original"],
    ),
}


def cells(header, day, reason, facility, private="PRIVATE"):
    """One row under any header: the three fields where they belong, something private in every other column."""
    columns = layouts.columns(header)
    row = [private] * len(header)
    for ours, places in columns.places.items():
        for place in places:
            row[place] = {"prepared_date": day, "lift_reason": reason, "facility": facility}.get(ours)
    return row


@pytest.fixture(params=list(HEADERS))
def layout(request, tmp_path, workbook):
    ending, header = HEADERS[request.param]
    path = tmp_path / f"file.{ending}"
    if ending == "xlsx":
        above = [["U.S. Immigration and Customs Enforcement"], ["FOIA"], [], [], ["Source"], []]
        rows = [cells(header, datetime.date.fromisoformat(day), reason, jail) for day, reason, jail in ROWS]
        workbook(
            path, {"FY14": [*above, header, *rows[:1]], "FY15": [*above, header, *rows[1:]], "Codes": [["a", "b"]]}
        )
    elif ending == "parquet":
        rows = [cells(header, day, reason, jail) for day, reason, jail in ROWS]
        frame = pd.DataFrame(rows, columns=header)
        frame[header[0]] = pd.to_datetime(frame[header[0]])
        duckdb.from_df(frame).write_parquet(str(path))
    else:
        mark = "\t" if ending == "csv" else ","
        rows = [
            header,
            *(cells(header, f"{day[5:7]}/{day[8:]}/{day[2:4]}", reason, jail) for day, reason, jail in ROWS),
        ]
        path.write_text("".join(mark.join(cell or "" for cell in row) + "\n" for row in rows), encoding="utf-8")
    return request.param, path


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_every_layout_gives_the_same_counts(layout, engine):
    name, path = layout
    opened = records.open_records(path)
    assert set(opened.accounts[0].layouts) == {name}
    table = records.count(opened.frame(engine), "year").set_index("year")
    assert table["detainers"].to_dict() == {2014: 1, 2015: 2}
    if name == "ICE's workbook of February 2025":
        assert table["declined"].isna().all()
        assert "note: no column of lift reasons; outcomes are not counted" in records.report(opened)
    else:
        assert table["declined"].to_dict() == {2014: 1, 2015: 0}
        assert table["no_recorded_outcome"].to_dict() == {2014: 0, 2015: 1}


def test_no_column_of_a_person_leaves_the_reader(layout, tmp_path):
    opened = records.open_records(layout[1])
    assert set(opened.frame("pandas").collect_schema().names()) <= set(records.COLUMNS)
    held = opened.connection.execute(f"SELECT * FROM ({opened.query})").fetchall()
    assert not any("PRIVATE" in str(cell) for row in held for cell in row)
    copies = [path for path in opened.folder.rglob("*") if path.is_file()]
    assert all(path.suffix in (".parquet", ".xlsx") for path in copies)
    for copy in opened.folder.rglob("*.parquet"):
        assert not any("PRIVATE" in str(row) for row in duckdb.read_parquet(str(copy)).fetchall())


@pytest.mark.parametrize("odd", ["\n", '"PRIVATE" x', "regular"])
def test_not_even_the_copy_of_an_odd_text_file_has_a_column_of_a_person(odd, tmp_path, monkeypatch):
    """A program that is killed leaves behind what it copied."""
    path, copies = tmp_path / "file.txt", []
    header, real = [*HEADERS["NPR's second delivery"][1], "Note"], mended.text_query
    rows = [cells(header, day, reason, jail) for day, reason, jail in ROWS]
    text = ["\t".join(cell or "" for cell in row) for row in [header, *rows]]
    strange = {"\n": "", "regular": "\t".join(["2/30/2015", *[""] * (len(header) - 1)])}
    path.write_text("\n".join([*text, strange.get(odd, text[1].replace("PRIVATE", odd)), ""]), encoding="utf-8")

    def query(copy, *arguments, **options):
        copies.append(copy.read_text(encoding="utf-8"))
        return real(copy, *arguments, **options)

    monkeypatch.setattr(mended, "text_query", query)
    assert records.open_records(path).accounts[0].records >= len(ROWS)
    assert not any("PRIVATE" in copy for copy in copies)
    assert len(copies) == (odd != "regular")


def test_parquet_columns_of_a_person_are_not_read_from_disk(tmp_path):
    """DuckDB's plan for the widest question names the columns that it scans."""
    path = tmp_path / "file.parquet"
    header = ["detainer_prepare_date", "detention_facility", "detainer_lift_reason", "birth_year", "unique_identifier"]
    duckdb.from_df(pd.DataFrame([["2015-01-01", "A", None, "1980", "x"]], columns=header)).write_parquet(str(path))
    opened = records.open_records(path)
    plan = str(opened.connection.execute(f"EXPLAIN SELECT * FROM ({opened.query})").fetchall())
    assert "detention_facility" in plan
    assert "birth_year" not in plan
    assert "unique_identifier" not in plan


def test_a_decline_in_either_lift_reason_counts_and_both_counts_are_printed(tmp_path, capsys):
    path = tmp_path / "detainersfy14.csv"
    rows = [("Lifted", DECLINED), (DECLINED, ""), ("", ""), ("Case Closed", "")]
    lines = [SECOND_HEADER, *(["1/2/14", "", a, "", b, "", "", "", "C", "A JAIL", "", "", "", ""] for a, b in rows)]
    path.write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    assert __main__.main(["count", str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1].startswith("4,1,2,")
    assert "declined by the first lift reason: 1; by either, as counted: 2" in printed.err


def historical(path):
    rows = [
        ("2008-01-01", "npr/lea-detainers-FY08_raw.txt"),
        ("2014-01-01", "npr/lea-detainers-FY13_14_raw.txt"),
        ("2014-01-01", "npr/detainersfy14_raw.csv"),
        ("2014-01-01", "npr/detainersfy14_raw.csv"),
        ("2016-01-01", "npr/detainersfy16_raw.csv"),
    ]
    frame = pd.DataFrame(rows, columns=["prepare_date", "file_original"]).assign(
        prepare_date=lambda t: pd.to_datetime(t["prepare_date"]), detention_facility="A", detainer_lift_reason="Lifted"
    )
    duckdb.from_df(frame).write_parquet(str(path))
    return path


@pytest.mark.parametrize(("delivery", "expected"), [("first", 3), ("second", 4), ("both", 5)])
def test_days_that_two_deliveries_hold_are_counted_once(tmp_path, delivery, expected):
    path = historical(tmp_path / "h.parquet")
    assert records.count(records.read(path, delivery=delivery)).loc[0, "detainers"] == expected
    opened = records.open_records(path, delivery=delivery)
    assert records.count(opened.frame()).loc[0, "detainers"] == expected
    account = opened.accounts[0]
    assert account.records == expected
    assert account.set_aside.total() == 5 - expected
    assert "both of NPR's deliveries" in opened.notes[0]


def test_two_deliveries_in_two_files_are_found_too(tmp_path):
    first = tmp_path / "lea.txt"
    first.write_text(",".join(HEADERS["NPR's first delivery"][1]) + "\n1/1/14,Lifted,A,X,OHIO\n", encoding="utf-8")
    second = tmp_path / "fy14.csv"
    second.write_text("\t".join(SECOND_HEADER) + "\n1/1/14\t\tLifted\t\t\t\t\t\tC\tA\t\t\t\t\n", encoding="utf-8")
    opened = records.open_records(first, second)
    assert [account.records for account in opened.accounts] == [1, 0]
    assert opened.accounts[1].set_aside["of the other delivery"] == 1


@pytest.mark.parametrize(("delivery", "months"), [
    ("first", {"2014-01": 1, "2014-10": 1, "2014-11": 1, "2015-02": 1, "2016-02": 1}),
    ("second", {"2014-01": 1, "2014-10": 2, "2014-11": 1, "2015-02": 1, "2016-02": 1}),
    ("both", {"2014-01": 1, "2014-10": 3, "2014-11": 1, "2015-02": 1, "2016-02": 1}),
])  # fmt: skip
def test_what_one_delivery_alone_holds_is_kept_also_of_files_of_one_name(tmp_path, capsys, delivery, months):
    """Before, after and between the days of both; the two files may have one name in two folders."""
    paths = [tmp_path / folder / "x.csv" for folder in ("a", "b")]
    header, days = HEADERS["NPR's first delivery"][1], (["10/5/14", "2/5/15"], ["1/5/14", *["10/5/14"] * 2, "11/5/14"])
    for path in paths:
        path.parent.mkdir()
    paths[0].write_text("\n".join([",".join(header), *(f"{day},Lifted,A,X,OHIO" for day in days[0])]))
    ends = "\t\tLifted\t\t\t\t\t\tC\tA\t\t\t\t\t"
    paths[1].write_text("\n".join(["\t".join(SECOND_HEADER), *(day + ends for day in [*days[1], "2/5/16"])]))
    command = ["count", *map(str, paths), "--by", "month", "--delivery", delivery]
    assert __main__.main(command) == 0
    printed = capsys.readouterr()
    assert {line[:7]: int(line.split(",")[1]) for line in printed.out.splitlines()[1:]} == months
    assert "records of 1 day between 2014-10-05 and 2014-10-05" in printed.err


def test_columns_of_one_field_are_joined_where_they_do_not_disagree(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "date,lift_reason,facility,city,facility_city\n2015-01-01,Lifted,A,,X\n2015-01-01,Lifted,A,Y,y\n",
        encoding="utf-8",
    )
    assert records.count(records.read(path), "city")["city"].tolist() == ["X", "Y"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_columns_of_one_field_that_disagree_are_refused(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    lines = "date,lift_reason,facility,Lift Reason\n2015-01-01,Lifted,A,Lifted\n2015-01-01,Lifted,A,Died\n"
    plain = tmp_path / "plain.csv"
    plain.write_text(lines, encoding="utf-8")
    path.write_text(lines, encoding="utf-8")
    if ending == "parquet":
        duckdb.read_csv(str(plain), all_varchar=True).write_parquet(str(path))
    with pytest.raises(DataError, match=r"'lift_reason' and 'Lift Reason' could both .* disagree .*DIED / LIFTED"):
        records.open_records(path)


def test_files_with_and_without_reasons_and_a_file_twice_are_refused(tmp_path):
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    a.write_text("date,facility,lift_reason\n2015-01-01,A,Lifted\n", encoding="utf-8")
    b.write_text("date,facility\n2015-01-01,A\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.csv: has no lift reasons, but other files have"):
        records.open_records(a, b)
    with pytest.raises(DataError, match=r"a\.csv: is named twice"):
        records.open_records(a, a)


def test_a_copy_is_refused_and_days_of_two_files_are_said(tmp_path):
    """The same bytes under another name; the same records in another form cannot be told from other records."""
    a, b, c = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    text = "date,facility,lift_reason\n2015-01-01,A,Lifted\n2015-01-03,A,Lifted\n,A,Lifted\n"
    for path, encoding in ((a, "utf-8"), (b, "utf-8"), (c, "utf-16")):
        path.write_text(text, encoding=encoding)
    with pytest.raises(DataError, match=r"b\.csv: has the same bytes as .*a\.csv"):
        records.open_records(a, c, b)
    assert records.open_records(a, c).notes == [
        "a.csv and c.csv both hold records of 2 days between 2015-01-01 and 2015-01-03; if they are the same records,"
        " these count twice"
    ]
    c.write_text(text.replace("2015", "2016"), encoding="utf-8")
    assert records.open_records(a, c).notes == []
