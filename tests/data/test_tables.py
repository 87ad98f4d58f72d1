"""Every table loads; every kind of damage gets one error that names the file, the row and the column."""

import csv
import io
import json
import re

import pandas as pd
import pytest

from detainer_analysis.data import cells, tables
from detainer_analysis.data.schemas import ALL_SCHEMAS, HAND_SCHEMAS, SCHEMAS, WRITTEN
from detainer_analysis.data.schemas.columns import COMMON, PROVENANCE
from detainer_analysis.errors import DataError, printable
from detainer_analysis.paths import DATA

ROW = "week1,1,Clark County,NV,32003,51,usa-today-2017-03-25"


@pytest.mark.parametrize("name", ALL_SCHEMAS)
def test_every_table_loads_and_every_row_has_its_address(name):
    table = tables.load(name)
    assert len(table) or name == "recounted", "only what a reader counts has no row here"
    assert list(table["source_row"]) == list(range(2, len(table) + 2))
    assert set(table["table"]) <= {name}


def test_every_file_has_a_schema_and_every_schema_a_file():
    files = {path.stem for folder in ("reported", "hand", "derived") for path in (DATA / folder).glob("*")}
    assert files == {*ALL_SCHEMAS, *WRITTEN, "ledger", "recipe"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_row_of_a_reported_table_has_an_origin(name):
    assert tables.load(name)["origin_id"].notna().all()


def test_checksums_list_every_table_and_nothing_else():
    sealed = json.loads((DATA / "checksums.json").read_text(encoding="utf-8"))
    assert set(sealed) == {f"data/{tables.path(n).parent.name}/{n}.csv" for n in ALL_SCHEMAS}


def test_the_hand_table_gives_a_reason_for_every_decision():
    for name in HAND_SCHEMAS:
        table = tables.load(name)
        decided = table[table["checked_by"].isna()] if "checked_by" in table else table  # a claim needs no reason
        assert decided["reason"].str.len().gt(0).all()


def test_an_unknown_table_is_refused_with_the_names_of_all():
    with pytest.raises(KeyError, match="no table is called 'nonsense'; there are ddor_weekly_totals"):
        tables.load("nonsense")


DAMAGE = {
    "one value changed": (ROW, ROW.replace(",51,", ",52,"), 2, "detainers_issued", "differs from the sealed data"),
    "text in a number column": (ROW, ROW.replace(",51,", ",fifty,"), 2, "detainers_issued", "'fifty' is not of type"),
    "a fraction of a detainer": (ROW, ROW.replace(",51,", ",51.5,"), 2, "detainers_issued", "'51.5' is not of type"),
    "a negative number": (ROW, ROW.replace(",51,", ",-51,"), 2, "detainers_issued", "does not pass greater_than"),
    "an unknown state": (ROW, ROW.replace(",NV,", ",NX,"), 2, "state", "'NX' does not pass isin"),
    "a bad county code": (ROW, ROW.replace(",32003,", ",3203,"), 2, "county_fips", "does not pass str_matches"),
    "a missing source": (ROW, ROW.replace("usa-today-2017-03-25", "nobody"), 2, "source_id", "no source has the id"),
    "a required cell emptied": (ROW, ROW.replace("Clark County", ""), 2, "jurisdiction", "must not be empty"),
    "a cell too few": (ROW, ROW.replace(",51,", ","), 2, "confidence", "has 10 fields, the header has 11"),
    "a cell too many": (ROW, ROW.replace(",51,", ",51,51,"), 2, "note", "has 12 fields, the header has 11"),
    "an escape sequence": (ROW, ROW.replace("Clark", "\x1b[2JClark"), 2, "jurisdiction", "has U+001B, which does not"),
    "letters turned round": (ROW, ROW.replace("Clark", "\u202eklarC"), 2, "jurisdiction", "has U+202E, which does not"),
    "a renamed column": ("detainers_issued", "issued", 1, "detainers_issued", "the column is missing"),
    "a new column name": ("report,rank", "report,extra", 1, "rank", "the column is missing"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_by_file_row_and_column(kind, data, edit):
    old, new, row, column, problem = DAMAGE[kind]
    edit("ddor_section1", old, new)
    with pytest.raises(DataError) as caught:
        tables.load("ddor_section1", data)
    error = caught.value
    assert (error.file, error.row, error.column) == ("data/reported/ddor_section1.csv", row, column)
    assert problem in error.problem
    assert str(error).startswith(f"data/reported/ddor_section1.csv, row {row}, column {column}: ")


def test_an_extra_column_is_named(data):
    path = tables.path("ddor_section1", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(f"{line},{'x' if n else 'mood'}" for n, line in enumerate(lines)), encoding="utf-8")
    with pytest.raises(DataError, match="row 1, column mood: the schema has no such column"):
        tables.load("ddor_section1", data)


def test_a_dropped_row_is_found_where_it_was(data):
    path = tables.path("ddor_section1", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:4] + lines[5:]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"row 5, column report: 1 row\(s\) fewer than sealed"):
        tables.load("ddor_section1", data)


def test_a_file_cut_off_between_rows_is_found_at_its_end(data):
    path = tables.path("ddor_section1", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:10]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"row 11, column report: {len(lines) - 10} row\(s\) fewer"):
        tables.load("ddor_section1", data)


def test_a_file_cut_off_within_a_row_is_found_there(data):
    path = tables.path("ddor_section1", data)
    content = path.read_text(encoding="utf-8")
    path.write_text(content[: content.index("Cook County")], encoding="utf-8")
    with pytest.raises(DataError, match="row 4, column jurisdiction: has 3 fields"):
        tables.load("ddor_section1", data)


@pytest.mark.parametrize("rest", ["", "\n4,5\n6,7\n", '"y\n4,5\n6,7\n'])
def test_a_quote_that_is_cut_off_or_out_of_place_is_named_by_its_own_row(rest):
    with pytest.raises(DataError, match=r"^file, row 3: is cut off or badly quoted: "):
        cells.read_rows(f'a,b\n1,2\n3,"x{rest}'.encode(), "file")


def test_an_added_row_is_found(data):
    path = tables.path("ddor_section1", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    extra = lines[1].replace("Clark County", "Lark County")
    path.write_text("\n".join([*lines, extra]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"row {len(lines) + 1}, column report: 1 row\(s\) more"):
        tables.load("ddor_section1", data)


def test_a_duplicate_key_is_named(data):
    path = tables.path("ddor_section1", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="row 2, column jurisdiction: the key repeats that of another row"):
        tables.load("ddor_section1", data)


def test_a_broken_encoding_is_named(data):
    path = tables.path("ddor_section1", data)
    path.write_bytes(path.read_bytes().replace(b"Nassau County", b"Nass\xe4u County", 1))
    with pytest.raises(DataError, match="row 3, column jurisdiction: is not UTF-8 at byte"):
        tables.load("ddor_section1", data)


def test_an_empty_and_a_missing_file_are_named(data):
    path = tables.path("ddor_section1", data)
    path.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"ddor_section1.csv, row 1: is empty"):
        tables.load("ddor_section1", data)
    path.unlink()
    with pytest.raises(DataError, match=r"ddor_section1.csv: cannot be read: No such file"):
        tables.load("ddor_section1", data)


def test_all_bad_cells_are_named_in_one_error(data, edit):
    edit("ddor_section1", ROW, ROW.replace(",NV,", ",NX,").replace(",51,", ",many,"))
    with pytest.raises(DataError) as caught:
        tables.load("ddor_section1", data)
    assert "row 2, column detainers_issued" in str(caught.value)
    assert "also row 2, column state" in str(caught.value)


DAYS = ("1066-10-14", "01/28/2017", "28-1-2017", "2017-02-30", "9999-99-99", "2017", "2017-01-28T00:00", "2017-1-2")
NUMBERS = ("1_12", "\u0661\u0662", " 12", "12 ")
SEALED, REGISTRY = ((DATA / name).read_bytes() for name in ("checksums.json", "sources.toml"))
ESCAPES = "\x1b[31m\x07\u202e"


def begins(name):
    """The first three rows of a table, as text."""
    rows = cells.read_rows(tables.path(name).read_bytes(), name)[:4]
    return pd.DataFrame(rows[1:], columns=rows[0])[list(ALL_SCHEMAS[name].columns)].reindex(range(3)).fillna("")


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("name", ALL_SCHEMAS)
def test_a_day_or_number_in_another_form_is_named_in_every_column(name):
    frame = begins(name)
    for column, kind in ALL_SCHEMAS[name].columns.items():
        day = "datetime" in str(kind.dtype)
        complaint = "is not a day from 1900-01-01 to " if day else f"is not of type {kind.dtype}"
        for value in DAYS if day else () if "str" in str(kind.dtype) else NUMBERS:
            wrong = frame.copy()
            wrong.loc[1, column] = value
            with pytest.raises(DataError, match=re.escape(f"row 3, column {column}: {value!r} {complaint}")):
                tables._typed(wrong, ALL_SCHEMAS[name], name)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("name", [name for name in ALL_SCHEMAS if name != "recounted"])  # which has no row here
def test_an_error_is_short_and_cannot_steer_a_terminal(name):
    """Every cell holds what moves a terminal, or a name does, or two columns change names."""
    header, *rows = cells.read_rows(tables.path(name).read_bytes(), name)[:51]
    hostile = [[ESCAPES] * len(header)] * len(rows)
    damaged = [(header, hostile), ([*header[:-1], ESCAPES], rows), ([header[1], header[0], *header[2:]], rows)]
    for title, body in damaged:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([title, *body])
        with pytest.raises(DataError) as caught:
            tables._loaded(name, out.getvalue().encode(), SEALED, REGISTRY)
        lines = str(caught.value).splitlines()
        assert len(lines) <= 11
        assert len(str(caught.value)) < 5_000
        assert "".join(lines).isprintable()


def test_an_error_names_ten_cells_and_counts_the_others(data, edit):
    edit("county_population", "county_fips,county", "county,county_fips")
    with pytest.raises(DataError) as caught:
        tables.load("county_population", data)
    lines = str(caught.value).splitlines()
    assert len(lines) == 11
    assert re.fullmatch(r"  and \d,\d{3} more cells", lines[-1])
    assert printable("a\x1b]0;x\x07\u202eb\n") == "a\\x1b]0;x\\x07\\u202eb\n"


@pytest.mark.parametrize("column", ["source_id", "origin_id"])
@pytest.mark.parametrize("row", [2, 5, 9])
def test_a_source_that_is_not_registered_is_named_in_its_own_row(column, row, data):
    path = tables.path("declined_counts", data)
    rows = cells.read_rows(path.read_bytes(), "x")
    rows[row - 1][rows[0].index(column)] = "nobody"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    with pytest.raises(DataError, match=f"row {row}, column {column}: no source has the id 'nobody'"):
        tables.load("declined_counts", data)


def test_a_sealed_change_loads(data, edit):
    edit("ddor_section1", ROW, ROW.replace(",51,", ",52,"))
    (data / "checksums.json").write_text(tables.checksums(data), encoding="utf-8")
    assert tables.load("ddor_section1", data)["detainers_issued"].iloc[0] == 52


def test_a_table_without_checksums_says_how_to_make_them(data):
    (data / "checksums.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"ddor_section1.csv: has no checksums; run: python -m detainer_analysis seal"):
        tables.load("ddor_section1", data)


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"data/reported/ddor_section1.csv": {}}'])
def test_checksums_that_cannot_be_used_are_named(data, text):
    (data / "checksums.json").unlink()
    if text is not None:
        (data / "checksums.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"^data/checksums.json: cannot be used: "):
        tables.load("ddor_section1", data)


def test_checksums_that_contradict_themselves_are_blamed_and_not_the_table(data):
    sealed = json.loads((data / "checksums.json").read_text(encoding="utf-8"))
    sealed["data/reported/ddor_section1.csv"]["rows"][4] = "0" * 12
    (data / "checksums.json").write_text(json.dumps(sealed), encoding="utf-8")
    with pytest.raises(DataError, match=r"row 5.*data/checksums.json itself is damaged"):
        tables.load("ddor_section1", data)


def test_a_repeated_column_is_refused_although_it_is_sealed(data, reseal):
    path = tables.path("ddor_section1", data)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(f"{line},{'x' if n else 'note'}" for n, line in enumerate(lines)), encoding="utf-8")
    reseal("ddor_section1")
    with pytest.raises(DataError, match="row 1, column note: the header names the column twice"):
        tables.load("ddor_section1", data)


def test_a_byte_order_mark_is_named(data):
    path = tables.path("ddor_section1", data)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    with pytest.raises(DataError, match="row 1: starts with a byte order mark"):
        tables.load("ddor_section1", data)


def test_dollars_without_an_end_are_refused_although_they_are_sealed(data, reseal):
    path = tables.path("federal_share", data)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, "federal_usd"] = "inf"
    frame.to_csv(path, index=False)
    reseal("federal_share")
    with pytest.raises(DataError, match=r"row 2, column federal_usd: 'inf' does not pass less_than"):
        tables.load("federal_share", data)


def test_blank_origins_come_from_the_registry():
    totals = tables.load("ddor_weekly_totals")
    assert set(totals.loc[totals["report"].eq("week2"), "origin_id"]) == {"ice-ddor-week-2"}
    assert pd.api.types.is_datetime64_any_dtype(totals["period_start"])


def test_a_file_that_is_read_again_gives_what_it_holds_now(tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "_MOST", 2)
    cells._LAST.clear()
    files = [tmp_path / name for name in "abc"]  # one more than are kept
    for content in (b"one", b"two", b"one"):
        for file in files:
            file.write_bytes(content)
            first = cells.read_bytes(file, "x")
            assert first == content
            assert cells.read_bytes(file, "x") is first
            assert len(cells._LAST) <= 2


def test_a_table_is_read_once_for_its_content_and_anew_for_another(data, edit, reseal, monkeypatch):
    typed = []
    plain = tables._typed
    monkeypatch.setattr(tables, "_typed", lambda *arguments: typed.append(arguments[2]) or plain(*arguments))
    path = tables.path("ddor_section1", data)
    path.write_bytes(path.read_bytes())
    first = tables.load("ddor_section1", data)
    first["detainers_issued"] = 0
    assert tables.load("ddor_section1", data)["detainers_issued"].iloc[0] == 51
    assert len(typed) <= 1
    edit("ddor_section1", ROW, ROW.replace(",51,", ",52,"))
    reseal("ddor_section1")
    assert tables.load("ddor_section1", data)["detainers_issued"].iloc[0] == 52
    sources = data / "sources.toml"
    sources.write_text(
        sources.read_text(encoding="utf-8").replace("[usa-today-2017-03-25]", "[usa-today]"), encoding="utf-8"
    )
    with pytest.raises(DataError, match="no source has the id 'usa-today-2017-03-25'"):
        tables.load("ddor_section1", data)


def means(column):
    checks = [(check.name, check.statistics, check.error) for check in column.checks]  # a used check differs from a new
    return column.dtype, column.nullable, column.description, column.metadata, checks


def test_a_column_name_means_one_thing_unless_a_table_says_instead():
    every = [*ALL_SCHEMAS.values(), *WRITTEN.values()]
    names = [column for schema in every for column in schema.columns]
    for schema in every:
        for name, column in schema.columns.items():
            other = (column.metadata or {}).get("instead")
            if names.count(name) > 1 and not other:
                assert means(column) == means(COMMON.get(name) or PROVENANCE[name]), f"{schema.title}: {name}"
            assert not other or name in COMMON, f"{schema.title}: {name}"
    assert {name for name in COMMON if names.count(name) < 2} == set()
