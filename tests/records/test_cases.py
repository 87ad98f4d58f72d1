"""Files from public bug reports, kept outside the project: each comes out as the list of cases says.

They stand for their kinds, which the other tests make for themselves; this one shows that none slips back. It opens
some 80 files and so takes a few seconds, where there is such a folder.
"""

import json
import os
import re
import time
from pathlib import Path

import pytest

from detainer_analysis import __main__, records
from detainer_analysis.errors import DataError
from detainer_analysis.paths import ROOT

FOLDER = Path(os.environ.get("DETAINER_CASES") or ROOT.parent / "shared" / "cases")
SIX = {2024: (1, 0, 1), 2025: (5, 1, 1)}
# Detainers, without outcome, declined by year, or what the refusal says, where the list of cases says it in words.
COUNTED = {
    **dict.fromkeys(("detainers-latest.dta", "old_excel.xls", "npr.csv.gz", "npr.csv", "declined_other_case.csv"), SIX),
    **dict.fromkeys(("total_row_at_end.xlsx", "total_line.csv"), SIX),
    "two_years_concatenated_new_column.csv": {2014: (5, 0, 0), 2015: (7, 0, 0)},
    "tabs_by_chance.csv.gz": {2024: (1, 0, 1), 2025: (35, 1, 1)},
    "dates_mixed_one_bad.csv": {2025: (5, 1, 1), None: (1, 0, 1)},
    "missing_words.csv": {2024: (1, 0, 1), 2025: (5, 4, 1)},
    "glob/detainers1.csv": {2024: (1, 0, 1), 2025: (1, 0, 0)},  # beside detainers[1].csv, which is meant
    "header_only.csv": {},
}
REFUSED = {
    **{f"detainers{end}": f"{end[end.index('.') :]} is not read; .*parquet" for end in ("-latest.sav", ".json")},
    "detainers-latest.feather": r"\.feather is not read; .*parquet",
    "npr.csv.zip": "unpack it",
    "unquoted_comma_in_facility.csv": "row 5: .*separator in a name",
    "one_long_row.csv": "row 5: .*separator in a name",
    "partitioned": "there is no such file",  # a folder; the list of cases has none
    "lfs_pointer.parquet": r"pointer of Git LFS.*media\.githubusercontent\.com",
    "html_error.csv": "no table; it begins with '<!DOCTYPE",
}
# The shares of Hennepin and Ramsey, from federal sources directly; empty where an amount is withheld or there is none.
SHARES = {
    **dict.fromkeys(("iuf_suppressed_W_blank.txt", "iuf_suppressed_W_dot.txt"), ("10.0000", "")),
    **dict.fromkeys(("iuf_zero_padded.txt", "iuf_left_justified.txt"), ("10.0000",)),
    "iuf_two_years_one_government.txt": ("0.0000", "100.0000"),
    "iuf_zero_general_revenue.txt": ("",),
}


@pytest.fixture(scope="module")
def cases():
    if not (FOLDER / "cases.json").is_file():
        pytest.skip(f"no list of cases at {FOLDER}; set DETAINER_CASES to a folder that has one")
    return json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("untraced")
def test_every_case_of_records_comes_out_as_it_should(cases):
    seen = set()
    for case in cases:
        for name in case["files"]:
            if "revenue" in str(case["observed"]):
                continue
            seen.add(name)
            if name in REFUSED:
                with pytest.raises(DataError, match=re.compile(REFUSED[name], re.DOTALL)):
                    records.open_records(FOLDER / "files" / name)
                continue
            said = {
                int(year): (count["detainers"], count["no_recorded_outcome"], count["declined"])
                for year, count in case.get("expected_by_year", {}).items()
            }
            opened = records.open_records(FOLDER / "files" / name)
            for engine in ("duckdb", "pandas"):
                table = records.count(opened.frame(engine), "year")
                found = {
                    (year if year == year else None): counts  # not a number, where there is no date
                    for year, *counts in table.astype({"year": "float"}).iloc[:, :4].itertuples(index=False)
                }
                assert found == {year: list(counts) for year, counts in COUNTED.get(name, said).items()}, (name, engine)
    assert seen >= COUNTED.keys() | REFUSED.keys()
    assert len(seen) >= 69


def test_a_day_is_the_same_in_every_time_zone(cases, monkeypatch):
    path = FOLDER / "files" / next(case["files"][0] for case in cases if case["id"] == "R01")
    for zone in ("America/Los_Angeles", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            table = records.count(records.read(path), "year")
        finally:
            monkeypatch.undo()
            time.tzset()
        assert table["detainers"].tolist() == [1, 5]


@pytest.mark.usefixtures("untraced")
def test_every_case_of_revenue_comes_out_as_it_should(cases, capsys):
    files = [name for case in cases if "revenue" in str(case["observed"]) for name in case["files"]]
    assert len(files) >= 18
    for name in files:
        code = __main__.main(["revenue", str(FOLDER / "files" / name)])
        said = capsys.readouterr()
        if name == "Fin_PID_2022.txt":
            assert (code, said.out) == (1, "")
            assert "is the directory of governments" in said.err
            continue
        header, *rows = (line.split(",") for line in said.out.splitlines())
        shares = tuple(row[header.index("direct_federal_percent")] for row in rows)
        assert (code, name, shares) == (0, name, SHARES.get(name, ("10.0000", "25.0000")))
        assert "rows: " in said.err
