"""Recount: planted truths come out of every layout, a wrong number comes out as a contradiction, and gaps are said."""

import json
import re

import duckdb
import pandas as pd
import pytest

from detainer_analysis import __main__
from detainer_analysis.data import sources, tables
from detainer_analysis.errors import DataError
from detainer_analysis.ledger import recount, recount_report
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.records import DECLINED, fetch, known_places, placed

# The columns of each layout by what they hold, as the release names them; the rest of a release is left away.
LAYOUTS = {
    "NPR's first delivery": {
        "prepared": "Prepare Date",
        "reason": "Detainer Lift Reason",
        "facility": "Detainer Detention Facility",
        "city": "City",
        "state": "State",
    },
    "NPR's second delivery": {
        "prepared": "Prepare Date",
        "reason": "Detainer Lift Reason",
        "reason_2": "Detainer Lift Reason2",
        "code": "Detention Facility Code",
        "facility": "Detention Facility",
    },
    "ICE's workbook of February 2025": {
        "code": "Detention Facility Code",
        "facility": "Detention Facility",
        "prepared": "Detainer Prepare Date",
        "state": "Facility State",
        "area": "Facility AOR",
        "city": "Facility City",
    },
    "ICE's workbook of November 2025": {
        "reason": "Detainer Lift Reason",
        "code": "Detention Facility Code",
        "facility": "Detention Facility",
        "prepared": "Detainer Prepare Date",
        "state": "Facility State",
        "area": "Facility AOR",
        "city": "Facility City",
    },
    "ICE's workbook of March 2026": {
        "reason": "Detainer Lift Reason",
        "facility": "Detainer Facility",
        "code": "Detainer Facility Code",
        "prepared": "Detainer Prepare Date",
        "state": "Facility State",
        "area": "Facility AOR",
        "city": "Facility City",
    },
    "ICE's workbook of August 2026": {
        "reason": "Detainer Lift Reason",
        "code": "Detention Facility Code",
        "facility": "Detention Facility",
        "prepared": "Detainer Prepared Date",
        "area": "AOR",
        "city": "City",
        "state": "State",
    },
    "detainers-latest": {
        "reason": "detainer_lift_reason",
        "code": "detention_facility_code",
        "facility": "detention_facility",
        "prepared": "detainer_prepare_date",
        "state": "facility_state",
        "area": "facility_aor",
        "city": "facility_city",
        "original": "file_original",
    },
    "detainers-latest since August 2026": {
        "reason": "detainer_lift_reason",
        "code": "detention_facility_code",
        "facility": "detention_facility",
        "prepared": "detainer_prepare_date",
        "state": "facility_state",
        "area": "facility_aor",
        "city": "facility_city",
        "original": "file_original",
        "request": "request_type",
    },
    "detainers-historical": {
        "prepared": "prepare_date",
        "reason": "detainer_lift_reason",
        "reason_2": "detainer_lift_reason2",
        "facility": "detention_facility",
        "city": "facility_city",
        "state": "facility_state",
        "original": "file_original",
    },
    # No release has lift dates; ICE's workbooks of another request (2025-ICFO-18038) have such a column.
    "a layout of its own": {
        "prepared": "Detainer Prepare Date",
        "lifted": "Detainer Lift Date",
        "reason": "Detainer Lift Reason",
        "facility": "Detention Facility",
        "city": "Facility City",
        "state": "Facility State",
    },
}
QUICK = [name for name in LAYOUTS if "workbook" not in name]


@pytest.fixture(scope="module")
def jails():
    """One facility for each county, whose name our tables know in that county only."""
    known = known_places.known_places(tables.load)
    once = known.drop_duplicates("facility", keep=False).drop_duplicates("county_fips")
    located = known_places.locate(once[["facility", "city", "state"]], tables.load)
    return located[located["county_fips"].notna()].sort_values("county_fips", ignore_index=True)


def write(path, layout, records, workbook):
    """Records as a file of a layout, with notes below a workbook's table."""
    names = LAYOUTS[layout]
    table = records.assign(area="San Antonio", request="Detainer request").rename(columns=names)[list(names.values())]
    if "workbook" in layout:
        dates = [name for ours, name in names.items() if ours in ("prepared", "lifted")]
        for name in dates:
            table[name] = [None if pd.isna(day) else day.date() for day in table[name]]
        rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
        return workbook(path.with_suffix(".xlsx"), {"Detainers": [["FOIA"], [], list(table), *rows, ["Source: ICE"]]})
    if layout.startswith("NPR"):
        target, mark = path.with_suffix(".csv"), "\t" if "second" in layout else ","
        table[names["prepared"]] = table[names["prepared"]].dt.strftime("%m/%d/%y")
        table.to_csv(target, sep=mark, index=False)
        return target
    target = path.with_suffix(".parquet")
    duckdb.from_df(table).write_parquet(str(target))
    return target


def window(jails, declined, counties):
    """Detainers on each day of January 2014 to May 2017, some of them declined in so many counties."""
    days = pd.date_range("2014-01-01", "2017-05-31")
    apart = jails.drop_duplicates(["city", "postal"])
    place = apart.iloc[:: len(apart) // counties].iloc[:counties]
    number = pd.RangeIndex(declined + len(days))
    records = place.take(number % counties)[["facility", "city", "state"]].reset_index(drop=True)
    return records.assign(
        prepared=days.take(number % len(days)),
        lifted=days.take(number % len(days)),
        reason=[DECLINED] * declined + [None] * len(days),
        reason_2=None,
        code="C" + (number % counties).astype(str),
        original="npr/detainersfy14_raw.csv",
    )


def week(jails, total=3083, declined=206):
    """The report's first week as it was printed: the listed counties, and the rest anywhere else."""
    listed = tables.load("ddor_section1").query("report == 'week1'").drop_duplicates("county_fips")
    listed = listed[listed["detainers_issued"].notna()]
    here = jails[jails["county_fips"].isin(listed["county_fips"])].set_index("county_fips")
    wanted = listed.set_index("county_fips")["detainers_issued"].reindex(here.index).astype(int)
    elsewhere = jails[~jails["county_fips"].isin(listed["county_fips"])]
    rest = elsewhere.take(pd.RangeIndex(total - wanted.sum()) % len(elsewhere))
    columns = ["facility", "city", "state"]
    records = pd.concat([here.loc[here.index.repeat(wanted), columns], rest[columns]], ignore_index=True)
    number = pd.RangeIndex(total)
    days = pd.date_range("2017-01-28", "2017-02-03").take(number % 7)
    return records.assign(
        prepared=days,
        reason=[DECLINED] * declined + [None] * (total - declined),
        reason_2=None,
        lifted=[pd.Timestamp("2017-02-01")] * declined + [pd.NaT] * (total - declined),
        code="C" + records["facility"].rank(method="dense").astype(int).astype(str),
        original="npr/detainersfy17_raw.csv",
    )


@pytest.fixture
def only(monkeypatch):
    """Ask for some claims only."""

    def ask(*names):
        questions = recount.settled_by_records()
        monkeypatch.setattr(recount, "settled_by_records", lambda: {name: questions[name] for name in names})

    return ask


WEEK = ("issued-3083", "clark-issued", "nassau-issued", "cook-issued", "clark-led", "declined-206", "detainers-29269")
WINDOW = ("detainers-29269", "jurisdictions-675")


def answers(*paths, **options):
    return {answer.claim.id: answer for answer in recount.recount(*paths, **options).answers}


def test_every_claim_that_records_can_settle_says_what_it_would_count():
    found = recount.settled_by_records()
    assert {"issued-3083", "detainers-29269", "jurisdictions-675", "declined-206", "hennepin-detainer-share"} <= set(
        found
    )
    assert set(found) <= set(read_claims())
    assert set(recount_report.NOT_ASKED) <= set(read_claims()) - set(found)
    for questions in found.values():
        assert all(question["period_start"] <= question["period_end"] for question in questions)
    asked = {
        name: (found[name][0]["measure"], found[name][0]["counted_by"]) for name in found if name.startswith("npr-")
    }
    assert asked["npr-declined-2015"] == ("declined", "record")
    assert asked["npr-facilities-2015"] == ("declined", "facility")
    assert found["records-fy2015"][0]["measure"] == "prepared"


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("layout", QUICK)
def test_a_planted_29269_in_675_counties_is_support(layout, jails, tmp_path, workbook, only):
    only(*WINDOW)
    path = write(tmp_path / "x", layout, window(jails, 29_269, 675), workbook)
    found = answers(path)
    assert found["detainers-29269"].after.verdict.holds == "recounted"
    assert found["jurisdictions-675"].after.verdict.holds == "recounted"
    assert found["jurisdictions-675"].after.found == "675 jurisdictions"
    by = set(found["jurisdictions-675"].rows["counted_by"])
    assert by == ({"facility", "county"} if "second" in layout else {"facility", "city", "county"})
    assert set(found["detainers-29269"].rows["day_of"]) == {"prepared"}
    late = "a detainer may be lifted years after its day, and there are no records of 2007-01-01 to 2013-12-31"
    assert found["detainers-29269"].reason == (late if "lifted" in LAYOUTS[layout] else "no column of lift dates")


@pytest.mark.usefixtures("untraced")
def test_a_planted_22000_in_400_counties_contradicts(jails, tmp_path, workbook, only):
    only(*WINDOW)
    path = write(tmp_path / "x", "NPR's second delivery", window(jails, 22_000, 400), workbook)
    whole = recount.recount(path)
    told = whole.published[whole.published["value"].eq(29_269)]
    assert told[["least", "most"]].drop_duplicates().to_numpy().tolist() == [[22_000, 22_000]]
    found = {answer.claim.id: answer for answer in whole.answers}
    for name, number in {"detainers-29269": "22,000 detainers", "jurisdictions-675": "400 jurisdictions"}.items():
        assert found[name].before.verdict.holds in ("within bounds", "not comparable")
        assert found[name].after.verdict.holds == "contradicted"
        assert number in found[name].after.found


@pytest.mark.usefixtures("untraced")
def test_readings_that_differ_leave_room(jails, tmp_path, workbook, only):
    """Where only either lift reason reaches the number, nobody says which is meant: no support, no contradiction."""
    only(*WINDOW)
    records = window(jails, 29_269, 675)
    records.loc[: 9_000 - 1, ["reason", "reason_2"]] = ["Lifted", DECLINED]
    found = answers(write(tmp_path / "x", "NPR's second delivery", records, workbook))["detainers-29269"]
    assert found.rows.set_index("lift_reason_read")["least"].to_dict() == {"first": 20_269, "either": 29_269}
    assert found.after.verdict.holds == "within bounds"
    assert "20,269 detainers declined in your files, by the first lift reason" in "\n".join(
        recount_report.lines(recount.recount(tmp_path / "x.csv"))
    )


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_first_week_comes_out_of_every_layout(layout, jails, tmp_path, workbook, only):
    only(*WEEK)
    told = recount.recount(write(tmp_path / "x", layout, week(jails), workbook))
    found = {answer.claim.id: answer for answer in told.answers}
    assert {name for account in told.opened.accounts for name in account.layouts} == {layout}
    if "city" not in LAYOUTS[layout]:
        assert recount_report.coverage(told)[0] == "county of 3,083 records found by: 100.0% name in our tables"
    assert found["issued-3083"].after.verdict.holds == "recounted"
    assert "3,083 detainers" in found["issued-3083"].after.found
    for name, number in {"clark": 51, "nassau": 38, "cook": 13}.items():
        assert found[f"{name}-issued"].after.verdict.holds == "recounted", name
        assert found[f"{name}-issued"].rows["least"].tolist() == [number]
        assert found[f"{name}-issued"].rows["source_row"].tolist() == [1]
    assert found["clark-led"].after.verdict.holds == "recounted"
    if "lifted" in LAYOUTS[layout]:  # earlier detainers that were lifted in the week are not in these files
        assert found["declined-206"].reason.endswith("there are no records of 2010-01-28 to 2017-01-27")
    else:
        lacking = "lift dates" if "reason" in LAYOUTS[layout] else "lift reasons"
        assert found["declined-206"].reason == f"no column of {lacking}"
    assert not found["declined-206"].covered
    assert found["detainers-29269"].reason == "no records of 2014-01-01 to 2017-01-27"
    assert found["detainers-29269"].after.verdict == found["detainers-29269"].before.verdict


def test_declines_by_the_day_of_lifting_take_the_records_of_the_years_before(jails, tmp_path, workbook, only):
    only("declined-206")
    records = week(jails)
    records.loc[0, "prepared"] = pd.Timestamp("2010-10-16")
    days = pd.date_range("2010-01-28", "2017-01-27")
    before = jails.take(pd.RangeIndex(len(days)) % len(jails))[["facility", "city", "state"]].reset_index(drop=True)
    every = pd.concat([before.assign(prepared=days, lifted=pd.NaT, reason=None), records], ignore_index=True)
    layout = "a layout of its own"
    found = answers(write(tmp_path / "x", layout, every, workbook))["declined-206"]
    assert (found.after.verdict.holds, found.rows["least"].tolist()) == ("recounted", [206])
    some = every[every["prepared"].ge("2017-01-28") | every["state"].eq(before["state"][0])]
    found = answers(write(tmp_path / "y", layout, some, workbook))["declined-206"]
    assert not found.covered
    assert "may be lifted years after its day" in found.reason


def test_records_without_a_county_widen_what_a_county_may_have(jails, tmp_path, workbook, only):
    only("clark-issued", "nassau-issued", "cook-issued")
    records = week(jails)
    home = jails.set_index("facility")["county_fips"].reindex(records["facility"]).to_numpy()
    first = "clark-issued"
    records.loc[records.index[home == "32003"][:20], "facility"] = "OTHER-OTHER FACILITY"
    lost = int((records["facility"] == "OTHER-OTHER FACILITY").sum())
    assert lost == 20
    found = answers(write(tmp_path / "x", "NPR's second delivery", records, workbook))
    for name, number in {"clark-issued": 51, "nassau-issued": 38, "cook-issued": 13}.items():
        row = found[name].rows.iloc[0]
        assert (row["least"], row["most"]) == (number - 20 * (name == first), row["least"] + 20)
        assert found[name].after.verdict.holds == "within bounds"


def test_a_part_of_the_country_and_a_gap_are_said(jails, tmp_path, workbook, only):
    only("issued-3083", "clark-issued", "declined-206", "detainers-29269")
    records = week(jails)
    home = jails.set_index("facility")["postal"].reindex(records["facility"]).to_numpy()
    some = answers(write(tmp_path / "some", "NPR's second delivery", records[home == "NV"], workbook))
    assert some["issued-3083"].reason == "records of 1 state only"
    assert not some["issued-3083"].covered
    assert some["clark-issued"].rows["least"].tolist() == [51]
    late = window(jails, 29_269, 675).query("prepared < '2015-03-01' or prepared > '2015-04-30'")
    gap = answers(write(tmp_path / "gap", "NPR's second delivery", late, workbook))
    assert gap["detainers-29269"].reason == "no records of 2015-03-01 to 2015-04-30"
    bare = records.drop(columns="reason").assign(reason=None)
    path = write(tmp_path / "bare", "NPR's second delivery", bare, workbook)
    text = (
        path.read_text(encoding="utf-8")
        .replace("Detainer Lift Reason\t", "Remark\t")
        .replace("Lift Reason2", "Remark2")
    )
    path.write_text(text, encoding="utf-8")
    assert answers(path)["issued-3083"].covered
    assert answers(path)["declined-206"].reason == "no column of lift reasons"


@pytest.mark.parametrize(
    ("names", "delivery", "start", "end", "origin"),
    [
        (["NPR's first delivery", "NPR's first delivery, fiscal 2015"], "first", "2014", "2016", placed.FIRST_RELEASE),
        (["NPR's second delivery"], "first", "2014", "2016", placed.SECOND_RELEASE),
        (["detainers-historical"], "first", "2014", "2015", placed.FIRST_RELEASE),
        (["detainers-historical"], "second", "2014", "2015", placed.SECOND_RELEASE),
        (["detainers-historical"], "both", "2014", "2015", placed.OWN),
        (["detainers-historical"], "first", "2014", "2016", placed.OWN),
        (["detainers-historical"], "first", "2016", "2017", placed.SECOND_RELEASE),
        (["NPR's second delivery", "detainers-latest"], "first", "2014", "2015", placed.OWN),
        (["a layout of its own"], "first", "2014", "2015", placed.OWN),
    ],
)
def test_the_release_follows_from_the_layouts(names, delivery, start, end, origin):
    assert placed.origin_of(names, delivery, pd.Timestamp(start), pd.Timestamp(end)) == origin
    assert origin in sources.read()


def test_the_command_prints_the_account_and_both_answers(jails, tmp_path, workbook, capsys):
    path = write(tmp_path / "x", "ICE's workbook of March 2026", week(jails), workbook)
    assert __main__.main(["recount", str(path)]) == 0
    printed = capsys.readouterr()
    assert "3,087 rows: 3,083 records; set aside: 2 above the header, 1 header, 1 note" in printed.err
    assert re.search(r"county of 3,083 records found by: \d+\.\d% [\w ]+(, \d+\.\d% [\w ]+)*\n", printed.err)
    assert re.search(r"\n[\w ]+ by month of preparation\n  +(month|none)", printed.out)
    assert "earliest-issue-2014: not asked: " in printed.out
    part = printed.out.partition("issued-3083:")[2].partition("\n\n")[0]
    assert "today:           within bounds, 2,601 to 3,379 detainers" in part
    assert "with your files: recounted" in part
    assert __main__.main(["recount", "--json", str(path)]) == 0
    said = json.loads(capsys.readouterr().out)
    claim = next(claim for claim in said["claims"] if claim["claim"] == "issued-3083")
    assert (claim["covered"], claim["with_your_files"]["holds"]) == (True, "recounted")
    assert said["files"][0] == {
        "file": path.name,
        "layouts": ["ICE's workbook of March 2026"],
        "rows": 3_087,
        "records": 3_083,
        "set_aside": {"above the header": 2, "header": 1, "note": 1},
    }


@pytest.mark.parametrize("command", [["count"], ["recount"], ["recount", "--json"]])
def test_what_steers_a_terminal_is_spelled_out_wherever_a_file_has_it(command, tmp_path, capsys):
    path = tmp_path / "\x1b[2J\u202e.csv"
    lines = ["FOIA *", "Prepare Date,Detention Facility,Facility City,State,Detainer Lift Reason,*note"]
    lines += ["1/1/2015,HENNEPIN * COUNTY ADC,MINNEAPOLIS *,MINNESOTA,Lifted *,", "Total *,,,,,"]
    path.write_text("\n".join(lines).replace("*", "\x1b[31m\u202e") + "\n", encoding="utf-8")
    assert __main__.main([*command, str(path)]) == 0
    printed = capsys.readouterr()
    assert "Lifted \\x1b[31m\\u202e" in printed.err
    assert (printed.out + printed.err).replace("\n", "").isprintable()
    path.write_text("\n".join(lines).replace("*", "\x1b[31m") + "13/45/2015,A,B,OHIO,Lifted,\n", encoding="utf-8")
    assert __main__.main([*command, str(path)]) == 1
    assert capsys.readouterr().err.replace("\n", "").isprintable()


def test_without_a_file_five_lines_name_files_that_can_be_fetched(capsys):
    assert __main__.main(["recount"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    ids = [word for word in lines[4].split() if word.startswith("npr-second-delivery")]
    assert len(ids) == 4
    for key in ids:
        source = sources.read()[key]
        assert source.url.startswith("https://media.githubusercontent.com/media/"), "not the pointer"
        assert key in fetch.datasets()


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("date,facility\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.csv: holds no record"):
        recount.recount(path)


@pytest.mark.usefixtures("untraced")
def test_ices_workbook_and_pennsylvanias_records_for_what_they_cover(downloads):
    found = recount.recount(downloads / "npr-sanctuary-cities" / "raw" / "fy15ytd.xlsx")
    covered = {answer.claim.id: answer for answer in found.answers if answer.covered}
    assert set(covered) == {"records-fy2015", "npr-declined-2015", "npr-facilities-2015"}
    assert {name: answer.rows["least"].tolist() for name, answer in covered.items()} == {
        "records-fy2015": [79_053],
        "npr-declined-2015": [2_785],
        "npr-facilities-2015": [246],
    }
    for answer in covered.values():
        assert answer.after.verdict.holds == "recounted from the same data"
    hennepin = found.months["27053"].set_index("month")
    places = tables.load("outcomes_by_place_fy2015").query("month < '2015' and state == 'MN'")
    county = tables.load("places_fy2015").query("county_fips == '27053'")["facility"]
    places = places[places["facility"].isin(county)]
    assert hennepin["detainers"].to_dict() == places.groupby("month")["detainers"].sum().to_dict()
    told = found.published[found.published["source_id"].eq("deportation-data-project-2025-11-21")]
    assert told[["value", "least"]].to_numpy().tolist() == [[79_053, 79_053]]
    state = recount.recount(downloads / "eads-geocode-pa-detainers" / "pa_detainers.csv")
    assert not any(answer.covered for answer in state.answers)
    assert {answer.reason for answer in state.answers if answer.claim.id == "records-fy2015"} == {
        "records of 1 state only"
    }
    assert state.published.empty
