"""The date in the file is the date, however a tool wrote it and wherever the reader's computer stands."""

import datetime
import os
import subprocess
import sys

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detainer_analysis import records
from detainer_analysis.errors import DataError
from detainer_analysis.records import dates

FORMS = {
    "ISO": "{0:%Y-%m-%d}",
    "ISO with T": "{0:%Y-%m-%dT00:00:00}",
    "ISO with Z": "{0:%Y-%m-%dT23:59:59Z}",
    "ISO with an offset": "{0:%Y-%m-%d} 00:00:00-06:00",
    "ISO with milliseconds": "{0:%Y-%m-%d} 00:00:00.000",
    "slashes, year first": "{0:%Y/%m/%d}",
    "American": "{0.month}/{0.day}/{0:%Y}",
    "American, two digits": "{0:%m/%d/%y}",
    "American with a time": "{0.month}/{0.day}/{0:%y} 0:00",
    "American, 12-hour clock": "{0.month}/{0.day}/{0:%Y} 12:00:00 AM",
    "compact": "{0:%Y%m%d}",
    "compact with a time": "{0:%Y%m%dT000000}",
    "Oracle": "{0:%d-%b-%y}",
    "Oracle with a time": "{0:%d-%b-%y} 12.00.00.000000 AM",
    "SAS": "{0:%d%b%Y}:00:00:00",
    "SQL Server": "{0:%b} {0.day} {0:%Y} 12:00AM",
    "words": "{0:%B} {0.day}, {0:%Y}",
}


def read(text, **options):
    return duckdb.execute(f"SELECT {dates.day('t', **options)} FROM (SELECT ? AS t)", [text]).fetchall()[0][0]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=3, deadline=None)
@given(days=st.lists(st.dates(datetime.date(1990, 1, 1), datetime.date(2050, 1, 1)), min_size=20, max_size=30))
def test_a_day_is_read_from_every_form(form, days):
    texts = {FORMS[form].format(day): day for day in days}
    found = duckdb.execute(f"SELECT t, {dates.day('t')} FROM (SELECT unnest(?) AS t)", [list(texts)]).fetchall()
    assert dict(found) == texts


@settings(max_examples=25, deadline=None)
@given(day=st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1)))
def test_numbers_of_days_are_counted_from_the_workbook_s_own_year(day):
    assert read(f"{(day - datetime.date(1899, 12, 30)).days}.25") == day
    assert read(str((day - datetime.date(1904, 1, 1)).days), since_1904=True) == day


@pytest.mark.parametrize(
    "text", ["06/14/0002 03:10 PM", "2014-02-30", "13/13/2014", "2014-12-31 x", "1419984000", "soon"]
)
def test_what_is_no_day_of_a_detainer_is_not_read(text):
    assert read(text) is None


def write(path, days):
    lines = [f"{day},Lifted,A JAIL" for day in days]
    path.write_text("\n".join(["date,lift_reason,facility", *lines]), encoding="utf-8")
    return path


def test_day_first_is_refused_and_not_guessed(tmp_path):
    path = write(tmp_path / "x.csv", ["01/02/2014", "31/12/2014", "05/06/2014"])
    with pytest.raises(
        DataError, match=r"row 3, column prepared_date: the dates seem to be day/month/year \('31/12/2014'"
    ):
        records.open_records(path)


def test_one_mistyped_date_is_counted_and_said(tmp_path):
    opened = records.open_records(write(tmp_path / "x.csv", ["12/31/2014", "31/31/2014", "1/1/15"]))
    assert opened.accounts[0].unread_examples == [(3, "31/31/2014")]
    assert "note: dates that are there but were not read: 1 (row 3: '31/31/2014')" in records.report(opened)


def test_day_first_beside_month_first_is_a_slip_only_among_a_thousand(tmp_path):
    with pytest.raises(DataError, match=r"row 3, .*: the dates partly seem to be day/month/year \('31/12/2014'"):
        records.open_records(write(tmp_path / "x.csv", ["12/31/2014", "31/12/2014", "1/1/15"]))
    path = write(tmp_path / "x.csv", ["12/31/2014", "31/12/2014", *["1/1/15"] * 998])
    assert records.open_records(path).accounts[0].unread_dates == 1


@pytest.mark.parametrize("column", ["prepared_date", "lifted_date"])
@pytest.mark.parametrize("typed", [True, False])
def test_days_outside_the_years_and_unread_lift_dates_stop_too(tmp_path, column, typed):
    other = "lifted_date" if column == "prepared_date" else "prepared_date"
    path = tmp_path / "x.parquet"

    def made(bad):
        duckdb.sql(
            f"SELECT CAST(if(i < {bad}, '1970-01-01', '2015-01-01') AS {'DATE' if typed else 'VARCHAR'}) AS {column},"
            f" DATE '2015-01-01' AS {other}, 'A' AS facility, 'Lifted' AS lift_reason FROM range(4) t(i)"
        ).write_parquet(str(path))
        return path

    with pytest.raises(DataError, match=rf"row 1, column {column}: 2 of 4 .*dates are not read: '1970-01-01' in row 1"):
        records.open_records(made(2))
    found = records.open_records(made(1)).accounts[0]
    assert (found.unread_dates, found.unread_lift_dates) == ((1, 0) if column == "prepared_date" else (0, 1))
    assert any("not read: 1 (row 1: '1970-01-01')" in doubt for doubt in found.doubts())


@pytest.mark.parametrize(("good", "bad", "stops"), [(1998, 2, False), (1997, 3, True), (1, 2, True)])
def test_more_than_one_unread_date_in_a_thousand_stops(tmp_path, good, bad, stops):
    path = write(tmp_path / "x.csv", ["2014-01-01"] * good + ["soon", "later", "never"][:bad])
    if stops:
        with pytest.raises(DataError, match=r"dates are not read: 'soon' in row .* write them as 2014-12-31"):
            records.open_records(path)
    else:
        assert records.open_records(path).accounts[0].unread_dates == bad


def test_numbers_of_days_in_text_are_said(tmp_path):
    opened = records.open_records(write(tmp_path / "x.csv", ["42004", "42005"]))
    assert "note: dates read as Excel's numbers of days: 2" in records.report(opened)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
def test_a_utc_parquet_file_gives_the_same_days_in_every_zone(tmp_path, zone):
    path = tmp_path / "x.parquet"
    duckdb.sql("SET TimeZone = 'UTC'")
    duckdb.sql(
        "SELECT TIMESTAMPTZ '2015-01-01 00:00:00+00' AS detainer_prepare_date, 'A' AS detention_facility,"
        " 'Lifted' AS detainer_lift_reason"
    ).write_parquet(str(path))
    command = [sys.executable, "-m", "detainer_analysis", "count", str(path), "--by", "month"]
    done = subprocess.run(command, env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1].startswith("2015-01,1,")


def test_a_workbook_that_counts_from_1904(tmp_path, workbook):
    header = ["Prepare Date", "Detainer Lift Reason", "Detention Facility"]
    day = datetime.date(2014, 12, 31)
    number = (day - datetime.date(1904, 1, 1)).days
    path = workbook(
        tmp_path / "x.xlsx", {"S": [header, [day, "Lifted", "A"], [number, "Lifted", "A"]]}, since_1904=True
    )
    assert records.count(records.read(path), "year")["year"].tolist() == [2014]
