"""The individual-unit file in both layouts, written here in its true form, and what must not pass."""

import re
import zipfile

import pandas as pd
import pytest

from detainer_analysis import __main__
from detainer_analysis.data import tables
from detainer_analysis.errors import DataError
from detainer_analysis.records import census_finance

OLD, NEW = 34, 32
HENNEPIN_OLD, HENNEPIN_NEW = "24102702700000", "271053000000"


def line(government, item, thousands, year=2017, flag="R"):
    return f"{government}{item}{thousands:>12}{year}{flag}"


def write(tmp_path, *lines, name="2017FinEstDAT.txt", end="\n"):
    path = tmp_path / name
    path.write_text("".join(f"{text}{end}" for text in lines), encoding="latin-1", newline="")
    return path


def revenue(path, codes):
    """Revenue of all governments of a file."""
    return census_finance.revenue(census_finance.revenue_lines(census_finance.read(path, codes).lines))


@pytest.fixture(scope="module")
def codes():
    return tables.load("census_county_codes")


@pytest.fixture(params=[HENNEPIN_OLD, HENNEPIN_NEW], ids=["34 characters", "32 characters"])
def government(request):
    return request.param


def test_b_items_are_summed_and_thousands_become_dollars(tmp_path, codes, government):
    path = write(
        tmp_path,
        line(government, "B01", 5),
        line(government, "B79", 100, flag="I"),
        line(government, "C79", 900),
        line(government, "D89", 10),
        line(government, "T01", 2000),
        line(government, "A61", 300),
        line(government, "A91", 777),
        line(government, "U20", 4),
        line(government, "E01", 888),
    )
    found = census_finance.counties(path, codes)[0].iloc[0]
    assert (found["county_fips"], found["county"]) == ("27053", "HENNEPIN")
    assert found["federal_direct_usd"] == 105_000
    assert found["state_aid_usd"] == 900_000
    assert found["local_aid_usd"] == 10_000
    assert found["general_revenue_usd"] == 3_319_000
    assert found["flags"] == "IR"
    assert found["fiscal_year"] == 2017


def test_only_type_1_is_a_county(tmp_path, codes):
    path = write(tmp_path, line(HENNEPIN_OLD, "B01", 1), line("24202702000000", "B01", 2))
    assert len(census_finance.counties(path, codes)[0]) == 1
    assert len(revenue(path, codes)) == 2


@pytest.mark.parametrize("width", [OLD, NEW])
def test_the_published_figures_of_42_governments_come_back_from_either_layout(tmp_path, codes, width):
    rows = tables.load("census_direct_federal")
    rows = rows[rows["fiscal_year"].eq(2017)]
    own = codes.set_index(codes["govs_state"] + codes["govs_county"])["county_fips"]
    lines, wanted = [], {}
    for row in rows.itertuples():
        fips = own[row.census_id[:2] + row.census_id[3:6]]
        key = row.census_id if width == OLD else f"{fips[:2]}{row.census_id[2]}{fips[2:]}{row.census_id[6:9]}000"
        thousands = int(row.direct_federal_usd) // 1000
        lines += [line(key, "B50", thousands // 3), line(key, "B89", thousands - thousands // 3)]
        wanted[key] = int(row.direct_federal_usd)
    found = revenue(write(tmp_path, *lines), codes)
    assert dict(zip(found["government"], found["federal_direct_usd"], strict=True)) == wanted
    stated = rows.dropna(subset="county_fips").set_index("census_id")["county_fips"]
    if width == OLD:
        mapped = found.set_index("government")["county_fips"]
        assert mapped[stated.index].tolist() == stated.tolist()


def test_the_published_sums_by_state_come_back(tmp_path, codes):
    state = tables.load("census_county_finance").set_index("state").loc["MN"]
    own = int(state["general_revenue_usd"] - state["federal_direct_usd"] - state["state_aid_usd"])
    own -= int(state["local_aid_usd"])
    parts = {
        "B79": int(state["federal_direct_usd"]),
        "C79": int(state["state_aid_usd"]),
        "D89": int(state["local_aid_usd"]),
        "T01": own,
    }
    lines = []
    for item, dollars in parts.items():
        half = dollars // 2000
        lines += [line(HENNEPIN_NEW, item, half), line("271123000000", item, dollars // 1000 - half)]
    found, _ = census_finance.counties(write(tmp_path, *lines), codes)
    sums = found[["federal_direct_usd", "state_aid_usd", "general_revenue_usd"]].sum()
    assert sums.tolist() == [state[name] for name in sums.index]
    assert found["county"].tolist() == ["HENNEPIN", "RAMSEY"]


def test_windows_line_ends_are_read_alike(tmp_path, codes):
    plain = census_finance.read(write(tmp_path, line(HENNEPIN_OLD, "B01", 1), name="a.txt"), codes)
    windows = census_finance.read(write(tmp_path, line(HENNEPIN_OLD, "B01", 1), name="b.txt", end="\r\n"), codes)
    assert plain.lines.equals(windows.lines)


def test_an_unknown_county_code_loses_nothing(tmp_path, codes):
    found, _ = census_finance.counties(write(tmp_path, line("24199900000000", "B01", 7)), codes)
    assert found["federal_direct_usd"].tolist() == [7000]
    assert found["county_fips"].isna().all()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(HENNEPIN_OLD, "B01", 1), line(HENNEPIN_NEW, "B01", 1)], "row 2: .*34.*two layouts are mixed"),
        ([line(HENNEPIN_OLD, "B01", 1), line(HENNEPIN_OLD, "B01", 1)[:20]], "row 2: .*cut off"),
        (["too short"], "row 1: the line has 9 characters"),
        ([line("2410270270000X", "B01", 1)], "row 1, column government"),
        ([line(HENNEPIN_OLD, "B01", "1.5")], "row 1, column amount"),
        ([line(HENNEPIN_OLD, "b-1", 1)], "row 1, column item"),
        ([line(HENNEPIN_OLD, "B01", 1, year="20X7")], "row 1, column year"),
        ([line(HENNEPIN_OLD, "B01", 1), line(HENNEPIN_OLD, "B01", 2)], "row 2, column amount: .*twice"),
        ([], "row 1: is empty"),
        (["", "  "], "row 1: is empty"),
        ([line(HENNEPIN_OLD, "B01", 1), "", line(HENNEPIN_OLD, "B01", "x")], "row 3, column amount: 'x'"),
        ([line(HENNEPIN_OLD, "B\xe9 ", 1)], "row 1, column item"),
        ([line(HENNEPIN_OLD, "B01", 1), f"\x1a{line(HENNEPIN_OLD, 'B01', 1)}"], "row 2: has text after the mark"),
        ([line(HENNEPIN_OLD, "B01", "\0")], "is not a text file of the Census Bureau: it has zero bytes"),
        (["271053000000HENNEPIN COUNTY                   99053"], "row 1: is the directory of governments.*FinEstDAT"),
    ],
)
def test_what_must_not_pass_names_file_row_and_column(tmp_path, codes, lines, message):
    path = write(tmp_path, *lines)
    with pytest.raises(DataError, match=f"^{re.escape(path.name)}[,:] {message}"):
        census_finance.counties(path, codes)


def test_a_missing_file_is_named(tmp_path, codes):
    with pytest.raises(DataError, match="cannot be read"):
        census_finance.read(tmp_path / "none.txt", codes)


GOOD = (line(HENNEPIN_NEW, "B79", 100), line(HENNEPIN_NEW, "T01", 900))


@pytest.mark.parametrize(
    ("text", "set_aside"),
    [
        ("{0}\n{1}\n", ""),
        ("{0}\r\n{1}", ""),
        ("{0}\r{1}\r", ""),
        ("\ufeff{0}\n{1}\n", ""),
        ("{0}\n{1}\n\n", "1 blank"),
        ("\n{0}\n   \n{1}\n", "2 blank"),
        ("{0}\r\n{1}\r\n\x1a", "1 end-of-file mark"),
        ("{0}\n{1}\n\n\x1a\x1a\n", "1 blank, 1 end-of-file mark"),
    ],
)
def test_every_row_of_a_text_has_a_word_and_the_sums_stay(tmp_path, codes, text, set_aside):
    path = tmp_path / "2022FinEstDAT.txt"
    path.write_text(text.format(*GOOD), encoding="utf-8", newline="")
    found, words = census_finance.counties(path, codes)
    assert found[["federal_direct_usd", "general_revenue_usd"]].to_numpy().tolist() == [[100_000, 1_000_000]]
    rows = 2 + sum(int(number) for number in re.findall(r"\d+", set_aside))
    assert words == [f"{path.name}: {rows} rows: 2 used" + (f"; set aside: {set_aside}" if set_aside else "")]


@pytest.mark.parametrize("blank", ["", "."])
def test_a_withheld_amount_is_said_and_empties_only_its_own_sums(tmp_path, codes, blank):
    withheld = line("271123000000", "B89", blank, flag="W")
    path = write(tmp_path, *GOOD, line("271123000000", "B79", 50), line("271123000000", "C79", 7), withheld)
    found, words = census_finance.counties(path, codes)
    hennepin, ramsey = found.to_dict("records")
    assert (hennepin["federal_direct_usd"], hennepin["withheld_amounts"]) == (100_000, 0)
    assert pd.isna(ramsey["federal_direct_usd"])
    assert pd.isna(ramsey["general_revenue_usd"])
    assert (ramsey["state_aid_usd"], ramsey["withheld_amounts"]) == (7_000, 1)
    assert words[0].endswith("5 rows: 4 used; set aside: 1 with the amount withheld")
    assert "RAMSEY (271123000000), 2017: amounts withheld: 1" in words[1]


def test_negative_amounts_are_added_and_said(tmp_path, codes):
    path = write(tmp_path, *GOOD, line(HENNEPIN_NEW, "U20", -12), line(HENNEPIN_NEW, "X08", -5))
    found, words = census_finance.counties(path, codes)
    assert found["general_revenue_usd"].tolist() == [988_000]
    assert words[0].endswith("4 rows: 3 used; set aside: 1 not general revenue")
    assert words[1].endswith("negative amounts, added as they stand: 1")


def archive(tmp_path, **members):
    path = tmp_path / "2022_Individual_Unit_File.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name, text in members.items():
            target.writestr(f"2022 folder/{name}.txt", text)
    return path


def test_the_bureaus_archive_is_read_as_it_is(tmp_path, codes):
    path = archive(tmp_path, **{"2022FinEstDAT_pu": "\n".join(GOOD), "Fin_PID_2022": "names"})
    found, words = census_finance.counties(path, codes)
    assert found["federal_direct_usd"].tolist() == [100_000]
    assert words == [f"{path.name}: 2 rows: 2 used"]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Fin_PID_2022": "names"}, "must hold one file ...FinEstDAT....txt; it holds 2022 folder/Fin_PID_2022.txt"),
        ({"2021FinEstDAT": "", "2022FinEstDAT": ""}, "must hold one file"),
    ],
)
def test_an_archive_of_something_else_is_refused(tmp_path, codes, members, message):
    with pytest.raises(DataError, match=message):
        census_finance.read(archive(tmp_path, **members), codes)


def test_a_damaged_archive_is_named(tmp_path, codes):
    zipped = tmp_path / "file.zip"
    zipped.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(DataError, match="is a damaged zip archive"):
        census_finance.read(zipped, codes)


def test_the_command_prints_every_county_with_its_shares(tmp_path, capsys):
    path = write(tmp_path, *GOOD, "")
    assert __main__.main(["revenue", str(path)]) == 0
    printed = capsys.readouterr()
    header, row = printed.out.splitlines()
    found = dict(zip(header.split(","), row.split(","), strict=True))
    assert found["county_fips"] == "27053"
    assert found["federal_direct_usd"] == "100000"
    assert found["direct_federal_percent"] == "10.0000"
    assert printed.err == f"{path.name}: 3 rows: 2 used; set aside: 1 blank\n"
    assert __main__.main(["revenue", str(tmp_path / "none.txt")]) == 1
    assert "none.txt" in capsys.readouterr().err


def test_a_county_without_revenue_has_no_share(tmp_path, capsys):
    path = write(tmp_path, line(HENNEPIN_NEW, "B79", 0), line(HENNEPIN_NEW, "T01", 0))
    assert __main__.main(["revenue", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(",0,R,,")
