"""Files are copied or downloaded once, checked, and leave nothing behind when wrong; tables rebuild to the byte."""

import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pandas as pd
import pytest
import requests

from detainer_analysis import __main__
from detainer_analysis.data import sources, tables
from detainer_analysis.data.schemas import DERIVED_SCHEMAS
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA, ROOT
from detainer_analysis.records import derive, fetch, shapes

CONTENT = b"year,count\n2015,3\n"


@pytest.fixture
def dataset(monkeypatch, tmp_path):
    """A registered dataset of a few bytes; `url` and the rest can be replaced."""
    registry = dict(sources.read())
    base = registry["npr-detainers-by-month"]
    small = replace(
        base, id="small", file="folder/small.csv", sha256=hashlib.sha256(CONTENT).hexdigest(), bytes=len(CONTENT)
    )

    def register(**changes):
        registry["small"] = replace(small, **changes)
        return registry["small"]

    register()
    monkeypatch.setattr(sources, "read", lambda folder=None: registry)
    monkeypatch.delenv(fetch.MIRROR, raising=False)
    monkeypatch.setenv("DETAINER_CACHE", str(tmp_path / "cache"))
    return register


@pytest.fixture
def mirror(monkeypatch, tmp_path):
    folder = tmp_path / "mirror"
    (folder / "folder").mkdir(parents=True)
    monkeypatch.setenv(fetch.MIRROR, str(folder))
    return folder / "folder" / "small.csv"


@pytest.fixture
def server():
    """Serves bytes on the loopback address; the body can be set."""
    state = {"body": CONTENT, "hits": 0, "cut": False, "drip": "", "to": "", "go": threading.Event()}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            state["hits"] += 1
            if state["to"]:
                self.send_response(302)
                self.send_header("Location", state["to"])
                self.end_headers()
                return
            headers = f"HTTP/1.0 200 OK\r\nContent-Length: {len(state['body'])}\r\n\r\n".encode()
            chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            if state["drip"] == "headers":
                self.drip(headers)
            elif state["drip"] == "chunks":
                self.wfile.write(chunked)
                self.drip(b"5;" + b"a" * 99)
            elif state["drip"] == "body":
                self.wfile.write(headers)
                self.drip(state["body"])
            elif state["drip"] == "stall":
                self.wfile.write(headers + state["body"][:5])
                state["go"].wait(60)
            else:
                self.wfile.write(headers + (state["body"][:5] if state["cut"] else state["body"]))

        def drip(self, content):
            for byte in content:
                self.wfile.write(bytes([byte]))
                if state["go"].wait(0.1):
                    return

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        state["url"] = f"http://127.0.0.1:{running.server_port}/small.csv"
        yield state
        state["go"].set()
        running.shutdown()


def test_a_file_is_copied_from_the_mirror_and_kept(dataset, mirror):
    mirror.write_bytes(CONTENT)
    path = fetch.fetch("small")
    assert path.read_bytes() == CONTENT
    mirror.unlink()
    assert fetch.fetch("small") == path


def test_a_file_missing_from_the_mirror_is_named(dataset, mirror):
    with pytest.raises(DataError, match="is not in the mirror folder that DETAINER_MIRROR names"):
        fetch.fetch("small")


@pytest.mark.parametrize(
    ("content", "problem"), [(CONTENT * 100, "1,800 bytes, 18"), (CONTENT[::-1], "another checksum")]
)
def test_a_wrong_mirror_file_never_reaches_the_cache(dataset, mirror, content, problem, tmp_path):
    mirror.write_bytes(content)
    with pytest.raises(DataError, match=problem):
        fetch.fetch("small")
    assert not (tmp_path / "cache" / "folder" / "small.csv").exists()


def test_a_file_is_downloaded_once_with_its_checksum(dataset, server):
    dataset(url=server["url"])
    assert fetch.fetch("small").read_bytes() == CONTENT
    fetch.fetch("small")
    assert server["hits"] == 1


def test_a_damaged_cache_is_downloaded_again(dataset, server):
    dataset(url=server["url"])
    fetch.fetch("small").write_bytes(b"damaged")
    assert fetch.fetch("small").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("body", "problem"),
    [(CONTENT * 100, "larger than the 18 bytes registered"), (CONTENT[::-1], "another checksum than registered")],
)
def test_a_wrong_download_leaves_the_cache_clean(dataset, server, body, problem, tmp_path):
    dataset(url=server["url"])
    server["body"] = body
    with pytest.raises(DataError, match=problem):
        fetch.fetch("small")
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_an_interrupted_download_starts_cleanly_again(dataset, server, tmp_path):
    dataset(url=server["url"])
    server["cut"] = True
    with pytest.raises(DataError):
        fetch.fetch("small")
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []
    server["cut"] = False
    assert fetch.fetch("small").read_bytes() == CONTENT


@pytest.mark.parametrize("place", ["headers", "chunks", "body"])
def test_a_slow_drip_ends_wherever_it_is(place, dataset, server, monkeypatch, tmp_path):
    """Each byte comes within the time limit of a socket; the whole would take two seconds and more."""
    dataset(url=server["url"])
    server["drip"] = place
    monkeypatch.setattr(fetch, "WAIT_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(DataError, match=r"small\.csv: comes too slowly \(\d+ bytes so far\)"):
        fetch.fetch("small")
    assert time.monotonic() - start < 1.5
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


DOWNLOAD = """
import dataclasses, sys
from detainer_analysis.data import sources
from detainer_analysis.records import fetch
url, digest, size = sys.argv[1:]
small = dataclasses.replace(sources.read()["npr-detainers-by-month"], file="folder/small.csv", url=url,
                            sha256=digest, bytes=int(size))
sources.read = lambda folder=None: {"small": small}
fetch.fetch("small")
"""


def test_a_download_that_is_killed_leaves_nothing_under_the_files_name(dataset, server, tmp_path):
    source = dataset(url=server["url"])
    server["drip"] = "stall"
    command = [sys.executable, "-c", DOWNLOAD, source.url, source.sha256, str(source.bytes)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=ROOT)
    while not list((tmp_path / "cache" / "folder").glob("*")):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert not (tmp_path / "cache" / source.file).exists()
    server["drip"] = ""
    assert fetch.fetch("small").read_bytes() == CONTENT


@pytest.mark.parametrize("to", ["file:///etc/hostname", "ftp://127.0.0.1/a", "javascript:1"])
def test_a_redirect_leads_to_the_web_only(dataset, server, to):
    dataset(url=server["url"])
    server["to"] = to
    with pytest.raises(DataError, match="cannot be downloaded"):
        fetch.fetch("small")


@pytest.mark.parametrize("inside", ["folder", "folder/small.csv"])
def test_a_link_in_the_cache_is_not_followed_out_of_it(inside, dataset, mirror, tmp_path):
    mirror.write_bytes(CONTENT)
    outside = tmp_path / "mine"
    outside.mkdir()
    (outside / "small.csv").write_bytes(b"mine")
    link = tmp_path / "cache" / inside
    link.parent.mkdir(parents=True)
    link.symlink_to(outside if inside == "folder" else outside / "small.csv")
    with pytest.raises(DataError, match="a symbolic link leads out of the cache"):
        fetch.fetch("small")
    assert (outside / "small.csv").read_bytes() == b"mine"


def test_being_offline_says_what_to_do(dataset, monkeypatch):
    def offline(*_, **__):
        raise requests.ConnectionError("no route")

    monkeypatch.setattr(requests, "get", offline)
    with pytest.raises(
        DataError, match="When offline, put the file into a folder and name that folder in DETAINER_MIRROR"
    ):
        fetch.fetch("small")


def test_an_unknown_dataset_is_refused_by_the_command(capsys):
    assert __main__.main(["fetch", "nonsense"]) == 1
    assert "no dataset has the id 'nonsense'; known: " in capsys.readouterr().err


def test_the_fetch_command_prints_the_path(dataset, mirror, capsys):
    mirror.write_bytes(CONTENT)
    assert __main__.main(["fetch", "small"]) == 0
    assert capsys.readouterr().out.strip().endswith("small.csv")


def test_every_dataset_says_where_it_lies_and_under_which_licence():
    for key in fetch.datasets():
        source = sources.read()[key]
        assert source.url.startswith("https://")
        assert len(source.sha256) == 64
        assert source.bytes > 0
        assert source.licence
        assert source.file


def test_the_recipe_names_every_derived_table_and_its_bytes():
    recipe = json.loads((DATA / "derived" / "recipe.json").read_text(encoding="utf-8"))
    assert set(recipe["tables"]) == set(DERIVED_SCHEMAS) == set(derive.TABLES)
    assert set(recipe["inputs"]) == set(derive.inputs())
    for name, entry in recipe["tables"].items():
        content = tables.path(name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert len(tables.load(name)) == entry["rows"]
    for key, entry in recipe["inputs"].items():
        assert entry["sha256"] == sources.read()[key].sha256


def test_every_derived_table_is_rebuilt_byte_for_byte(untraced, data, monkeypatch, tmp_path, capsys, downloads):
    monkeypatch.setenv(fetch.MIRROR, str(downloads))
    monkeypatch.setenv("DETAINER_CACHE", str(tmp_path / "cache"))
    lacking = {key for key in derive.inputs() if not (downloads / sources.read()[key].file).is_file()}
    assert lacking <= {shapes.SHAPES}  # a package of npm, not in every mirror; test_shapes.py reads a small one
    held = {name: entry for name, entry in derive.TABLES.items() if not lacking & set(entry[1])}
    monkeypatch.setattr(derive, "TABLES", held)
    shutil.rmtree(data / "derived")
    derive.derive(data)
    again, recipe = (json.loads((folder / "derived" / "recipe.json").read_text("utf-8")) for folder in (data, DATA))
    assert again["tables"] == {name: recipe["tables"][name] for name in held}
    assert again["inputs"] == {key: entry for key, entry in recipe["inputs"].items() if key not in lacking}
    for name in held:
        path = data / "derived" / f"{name}.csv"
        assert path.read_bytes() == (DATA / "derived" / path.name).read_bytes(), name


def test_the_derive_command_reports_rows(monkeypatch, capsys):
    monkeypatch.setattr(derive, "derive", lambda: {"issued_by_month": 94})
    assert __main__.main(["derive"]) == 0
    assert "issued_by_month.csv: 94 rows" in capsys.readouterr().out


# What must come out, to the row --------------------------------------------------------------------------


def test_the_workbook_has_79053_records_and_5501_declines():
    outcomes = tables.load("outcomes_fy2015")
    assert outcomes["detainers"].sum() == 79_053
    assert outcomes.loc[outcomes["lift_reason"].isna(), "detainers"].sum() == 52_263
    assert outcomes.loc[outcomes["lift_reason"].eq("Detainer Declined by LEA"), "detainers"].sum() == 5_501
    places = tables.load("places_fy2015")
    assert places[["detainers", "no_recorded_outcome", "declined"]].sum().tolist() == [79_053, 52_263, 5_501]
    assert places["facility"].dropna().nunique() == 2_496


def test_days_and_weeks_add_up_to_the_workbook():
    days, weeks = tables.load("outcomes_by_day_fy2015"), tables.load("jails_by_week_fy2015")
    counted = ["detainers", "no_recorded_outcome", "declined"]
    assert days[counted].sum().tolist() == [79_053, 52_263, 5_501]
    assert days["booked"].sum() == 15_877
    assert days["day"].tolist() == pd.date_range("2014-10-01", "2015-07-19").tolist()
    by_month = days.groupby(days["day"].dt.strftime("%Y-%m"))["detainers"].sum()
    assert by_month.to_dict() == tables.load("outcomes_fy2015").groupby("month")["detainers"].sum().to_dict()
    places = tables.load("places_fy2015")
    jails = places[places["facility_type"].eq("county jail")].fillna({"county_fips": ""})
    found = weeks.fillna({"county_fips": ""}).groupby("county_fips")[counted].sum()
    assert found.equals(jails.groupby("county_fips")[counted].sum())
    assert weeks["week"].dt.day_of_week.eq(0).all()


def test_the_months_of_the_workbook_are_those_of_the_aggregate():
    workbook = tables.load("outcomes_fy2015").groupby("month")["detainers"].sum()
    aggregate = tables.load("issued_by_month").set_index("month")["detainers"]
    assert workbook.to_dict() == aggregate.loc["2014-10":].to_dict()


def test_the_weeks_of_both_deliveries_are_those_of_the_workbook_and_of_the_series():
    """Where a week was printed for both deliveries together, the workbook is the first and the series the second."""
    days = tables.load("outcomes_by_day_fy2015")
    sunday = days["day"] - pd.to_timedelta((days["day"].dt.day_of_week + 1) % 7, unit="D")
    workbook = days.groupby(sunday)["detainers"].sum().loc["2014-10-05":"2015-07-12"]
    weeks = tables.load("weekly_prepared").set_index("week_start").reindex(workbook.index)
    assert len(weeks) == 41
    assert weeks["basis"].eq("printed less the first delivery").all()
    assert (weeks["records_printed"] - workbook == weeks["detainers_prepared"]).all()
    # Two deliveries of the same weeks, two years apart: the second has a few more.
    assert (weeks["detainers_prepared"] - workbook).between(-3, 38).all()


def test_all_years_add_up_to_what_was_published():
    years = tables.load("outcomes_by_year")
    declined = years[years["lift_reason"].eq("Detainer Declined by LEA")].set_index("year")["detainers"]
    assert years["detainers"].sum() == 1_814_828
    assert years.loc[years["lift_reason"].isna(), "detainers"].sum() == 827_923
    assert declined.tolist() == [11, 64, 66, 121, 279, 942, 2_378, 13_595, 2_785]


def test_the_246_declining_places_of_2015_are_those_of_the_aggregate_exactly():
    ours = tables.load("declines_fy2015")
    ours = ours[ours["month"].ge("2015-01")].fillna({"city": "", "state": "", "facility": ""})
    theirs = tables.load("declines_by_facility").query("year == 2015").fillna({"city": "", "state": "", "facility": ""})
    key = ["facility", "city", "state"]
    assert ours.groupby(key)["declined"].sum().to_dict() == theirs.set_index(key)["declined"].to_dict()
    assert len(theirs) == 246


def test_the_years_of_hennepins_jail_fit_its_total_over_the_release():
    rates = tables.load("jail_base_rates")
    total = rates[rates["period"].eq("2007-10 to 2015-07-19")].set_index("measure")["value"]
    years = tables.load("declines_by_facility").query("facility == 'HENNEPIN COUNTY ADC'")
    assert years["declined"].sum() == total["detainers declined at the main jail"]
    recorded = total["detainers on record at the main jail"]
    recorded -= total["detainers without a recorded outcome at the main jail"]
    assert years[["declined", "other_outcomes"]].sum().sum() <= recorded
