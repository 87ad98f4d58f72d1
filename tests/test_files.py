"""Nothing is ever half written: not by a kill, not by a full disk, and by no writer that goes its own way."""

import ast
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from detainer_analysis import __main__, files
from detainer_analysis.data import sources
from detainer_analysis.paths import DATA, ROOT
from detainer_analysis.records import derive, fetch, reading
from detainer_analysis.reproduce import ANSWERS_END, ANSWERS_START, FINDINGS_END, FINDINGS_START

PACKAGES = [ROOT / "detainer_analysis", ROOT / "benchmarks"]
# Copies of needed columns in a folder of the system's temporary files, and what is only ever read by its maker.
THROWN_AWAY = {"records/mended.py", "records/workbook.py", "records/fetch.py", "synthetic.py", "workbooks.py"}
WRITERS = {"write_text", "write_bytes", "copyfile", "copy2", "move", "touch"}
TABLE_WRITERS = {"to_csv", "to_parquet", "to_json", "savefig", "dump", "write"}


def goes_round(node):
    """Whether a call writes a file by a name, instead of through `files`."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in WRITERS:
        return True
    if called == "open":
        modes = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
        return any(
            isinstance(a, ast.Constant)
            and isinstance(a.value, str)
            and set(a.value) & set("wax+")
            and len(a.value) <= 3
            for a in modes
        )
    if called in TABLE_WRITERS and node.args:
        ours = ast.unparse(node.func).startswith(("datapackage.", "file.", "out.", "target.", "content.", "copy."))
        return not ours and ast.unparse(node.args[0]) not in ("sys.stdout", "file")
    return False


@pytest.mark.parametrize(
    "line",
    [
        "path.write_text('x')",
        "path.write_bytes(b'x')",
        "open(path, 'w')",
        "path.open('wb')",
        "open(path, mode='a')",
        "table.to_csv(path)",
        "figure.savefig(path)",
        "shutil.copyfile(a, b)",
        "json.dump(x, handle)",
        "nbformat.write(book, path)",
    ],
)
def test_a_writer_that_goes_its_own_way_is_seen(line):
    assert any(goes_round(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize("line", ["path.open('rb')", "open(path)", "table.to_csv(index=False)", "t.to_csv(sys.stdout)"])
def test_a_reader_is_none(line):
    assert not any(goes_round(node) for node in ast.walk(ast.parse(line)))


def test_every_file_is_written_by_one_module():
    found = {}
    for package in PACKAGES:
        for path in package.rglob("*.py"):
            label = path.relative_to(package).as_posix()
            lines = [node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8"))) if goes_round(node)]
            if lines and label not in THROWN_AWAY | {"files.py"}:
                found[label] = lines
    assert found == {}


def test_a_failed_write_names_its_file_and_leaves_every_file(tmp_path, monkeypatch):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("old", encoding="utf-8")
    two.mkdir()
    with pytest.raises(OSError, match="two"):
        files.write_together({one: "new", tmp_path / "missing" / "two": "new"})
    assert [one.read_text("utf-8"), sorted(path.name for path in tmp_path.iterdir())] == ["old", ["one", "two"]]


@pytest.mark.parametrize("obstacle", ["folder", "link", "rename"])
def test_files_of_which_one_cannot_take_its_place_are_all_as_they_were(obstacle, tmp_path, monkeypatch):
    first, new, last = (tmp_path / name for name in ("first", "new", "last"))
    first.write_text("old", encoding="utf-8")
    if obstacle == "folder":
        last.mkdir()
    elif obstacle == "link":
        last.symlink_to(tmp_path / "elsewhere")
    else:
        replace, calls = os.replace, []

        def last_fails(part, path):
            calls.append(path)
            if len(calls) == 3:
                raise PermissionError(13, "Permission denied", str(part), None, str(path))
            replace(part, path)

        monkeypatch.setattr(os, "replace", last_fails)
    with pytest.raises(OSError, match=f"{'Permission denied' if obstacle == 'rename' else obstacle}") as raised:
        files.write_together({first: "x", new: "x", last: "x"})
    assert raised.value.filename == str(last)
    assert first.read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir() if path != last) == ["first"]


def test_a_leftover_of_a_killed_run_is_written_over(tmp_path):
    (tmp_path / ".one.part").write_text("half", encoding="utf-8")
    files.write_whole(tmp_path / "one", "ü\n")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ["ü\n".encode()]


# Every job in a child that is killed at its n-th write: when it opens a file, in the middle of the write (the kernel
# kills it for going beyond the limit of a file's size, of which the file gets the first bytes), and when it renames.
JOBS = '''
import dataclasses, hashlib, json, os, shutil, signal, sys
from pathlib import Path
from unittest import mock
import pandas as pd
from resource import RLIM_INFINITY, RLIMIT_FSIZE, setrlimit

folder = Path(sys.argv[1])
work = folder / "work"
os.fsync = lambda _: None  # it is for the power of a machine, which no test cuts
from functools import partial
from detainer_analysis import reproduce as main_job
from detainer_analysis.data import datapackage, seals, tables

def once(call):
    """What a job writes is worked out once and written many times."""
    kept = {}
    def recall(*given):
        key = tuple(map(str, given))
        if key not in kept:
            kept[key] = call(*given)
        return kept[key]
    return recall

for module, name in ((tables, "checksums"), (datapackage, "contents"), (seals, "contents"), (main_job, "check")):
    setattr(module, name, once(getattr(module, name)))

def package(contents=datapackage.contents):
    """The descriptor of our own tables, to be written below the folder."""
    return {work / path.name: text for path, text in contents().items()}

def seal():
    from detainer_analysis import files
    files.write_together({work / "checksums.json": tables.checksums(work), **package()})

def derive():
    from detainer_analysis.records import derive, fetch
    names = ["issued_by_month", "outcomes_by_year", "places_fy2015", "census_units"]
    made = {name: (lambda files, n=n: pd.DataFrame({"a": range(2000 + n)}), ()) for n, name in enumerate(names)}
    with mock.patch.object(derive, "TABLES", made), mock.patch.object(fetch, "fetch_all", lambda keys: {}):
        derive.derive(work)

def fetch():
    from detainer_analysis.data import sources
    from detainer_analysis.records import fetch
    content = b"x" * 5000
    small = dataclasses.replace(sources.read()["npr-detainers-by-month"], file="folder/small.csv",
                                sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    os.environ["DETAINER_MIRROR"], os.environ["DETAINER_CACHE"] = str(folder / "mirror"), str(work)
    with mock.patch.object(sources, "read", lambda folder=None: {"small": small}):
        fetch.fetch("small")

def reproduce():
    from detainer_analysis import paths, reproduce
    from detainer_analysis.data import prose
    async def execute(paths, environment, bar):
        (Path(environment[reproduce.FIGURES_FOLDER]) / "one.svg").write_text("new" * 99)
        return {path: json.dumps({**json.loads(path.read_text()), "metadata": {"new": "x" * 99}}) for path in paths}
    here = {"NOTEBOOKS": work / "notebooks", "FIGURES": work / "figures", "_execute_all": execute,
            "isolate": lambda *_: None, "read_claims": lambda folder: ["hennepin-listed"],
            "HEADLINES": ("hennepin-listed",), "ANSWERED": {"How many?": {"hennepin-listed": "Hennepin"}},
            "print": lambda *_: None, "tqdm": mock.MagicMock(),
            "write_ledger": partial(reproduce.write_ledger, folder=work),
            "write_findings": lambda table, write=reproduce.write_findings: write(table, work / "README.md")}
    with (mock.patch.multiple(reproduce, create=True, **here), mock.patch.object(paths, "NOTEBOOKS", here["NOTEBOOKS"]),
          mock.patch.object(prose, "pages", lambda: []),
          mock.patch.object(datapackage, "contents", package),
          mock.patch.object(seals, "differences", lambda *_: []),
          mock.patch.object(seals, "renew", partial(seals.renew, work))):
        reproduce.run()

events = 0

def arm(at):
    """End this process at the event `at`; the events are the writes below the folder, each opened, cut and renamed."""
    def hook(event, arguments):
        global events
        if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(str(work)):
            if not arguments[2] & (os.O_WRONLY | os.O_RDWR):
                return
        elif not (event == "os.rename" and str(arguments[0]).startswith(str(work))):
            return
        events += 1
        if events == at and event == "open":
            setrlimit(RLIMIT_FSIZE, (100, RLIM_INFINITY))
        elif events == at and mode == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

def attempt(at):
    child = os.fork()
    if not child:
        status = 0
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if mode == "kill" else signal.SIG_IGN)
        arm(at)
        try:
            run()
        except OSError:
            status = 1
        os._exit(status if not at or events >= at else 9)
    return os.waitpid(child, 0)[1]

def state():
    return {str(p.relative_to(work)): p.read_bytes() for p in work.rglob("*") if p.is_file()
            and not p.name.endswith(".part")}

def reset():
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder / "before", work)

found = {}
for run, mode in [(run, mode) for run in (seal, derive, fetch, reproduce) for mode in ("kill", "full")]:
    reset()
    before = state()
    run()  # here, so that the children have all that it imports
    after = state()
    at, ended, broken = 0, 0, []
    while True:
        at += 1
        reset()
        status = attempt(at)
        if status == 9 << 8:
            break
        ended += status != 0
        now = state()
        whole = now == before if mode == "full" and status and run is not reproduce else all(
            now.get(name) in (before.get(name), after.get(name)) for name in {*before, *after})
        if not whole:
            broken.append(at)
        if mode == "kill":
            assert attempt(0) == 0 and state() == after, "the next run does not go on"
    changed = sum(before.get(name) != after[name] for name in after)
    found[f"{run.__name__} {mode}"] = [ended, broken, changed]
print(json.dumps(found))
'''


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a file's size kill a program on Linux")
def test_a_job_that_ends_at_any_write_leaves_every_file_whole(tmp_path):
    before = tmp_path / "before"
    for name in (
        "sources.toml",
        "claims.toml",
        "prose.toml",
        "checksums.json",
        "reported/ddor_breakdowns.csv",
    ):
        (before / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DATA / name, before / name)
    for name in ("notebooks", "figures"):
        (before / name).mkdir()
    (before / "derived").mkdir()
    written = ["datapackage.json", "DICTIONARY.md", "seals.json", "derived/ledger.json", "derived/claims_ledger.csv"]
    written += ["derived/sources.csv"]
    for name in [*written, "figures/one.svg"]:
        (before / name).write_text("old\n" * 100, encoding="utf-8")
    (before / "seals.json").write_text("{}" + " " * 400, encoding="utf-8")
    for name in ("00-one", "01-two"):
        nbformat.write(nbformat.v4.new_notebook(), before / "notebooks" / f"{name}.ipynb")
    (before / "README.md").write_text(
        f"{ANSWERS_START}\n{ANSWERS_END}\n{FINDINGS_START}\nold\n{FINDINGS_END}\n" * 9, encoding="utf-8"
    )
    for folder, content in ((before, b"old" * 100), (tmp_path / "mirror", b"x" * 5000)):
        (folder / "folder").mkdir(parents=True)
        (folder / "folder" / "small.csv").write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", JOBS, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    writes = {"seal": 4, "derive": 6, "fetch": 1, "reproduce": 10}
    kills = {f"{job} kill": [2 * files, [], files] for job, files in writes.items()}
    full = {f"{job} full": [files, [], files] for job, files in writes.items()}
    assert json.loads(run.stdout.splitlines()[-1]) == kills | full


# One line, exit code 1 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "obstacle",
    [
        "file",
        "folder",
        "link to a file",
        "link to nothing",
        "link to itself",
        "file that links to itself",
        "under a file",
    ],
)
def test_something_else_in_the_place_of_the_cache_is_said_in_a_line(obstacle, tmp_path, monkeypatch, capsys):
    key = "npr-detainers-by-month"
    mirror, cache = tmp_path / "mirror", tmp_path / "cache"
    source = sources.read()[key]
    if obstacle == "folder":
        (cache / source.file).mkdir(parents=True)
    elif obstacle == "link to a file":
        (tmp_path / "other").write_text("mine", encoding="utf-8")
        (cache / source.file).parent.mkdir(parents=True)
        (cache / source.file).symlink_to(tmp_path / "other")
    elif obstacle == "link to nothing":
        cache.symlink_to(tmp_path / "nothing" / "there")
    elif obstacle == "link to itself":
        cache.symlink_to(cache)
    elif obstacle == "file that links to itself":
        (cache / source.file).parent.mkdir(parents=True)
        (cache / source.file).symlink_to(cache / source.file)
    elif obstacle == "under a file":
        (tmp_path / "cache").write_text("mine", encoding="utf-8")
        cache = cache / "below"
    else:
        cache.write_text("mine", encoding="utf-8")
    original = mirror / source.file
    original.parent.mkdir(parents=True)
    original.write_bytes(b"abc")
    small = dict(sources.read())
    small[key] = dataclasses.replace(source, bytes=3, sha256=hashlib.sha256(b"abc").hexdigest())
    monkeypatch.setattr(sources, "read", lambda folder=None: small)
    monkeypatch.setenv("DETAINER_MIRROR", str(mirror))
    monkeypatch.setenv("DETAINER_CACHE", str(cache))
    assert __main__.main(["fetch", key]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert ("a loop of symbolic links" in said.err) == ("itself" in obstacle)
    assert not (tmp_path / "other").exists() or (tmp_path / "other").read_text("utf-8") == "mine"


RECORD = "Prepare Date,Detention Facility,State,Detainer Lift Reason\n1/1/2015,HENNEPIN COUNTY ADC,MINNESOTA,Lifted\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("command", ["count FILE", "recount", "fetch", "derive", "--help", "count -h"])
def test_a_full_disk_behind_standard_output_is_said_in_a_line(command, tmp_path, monkeypatch, capfd):
    (tmp_path / "a.csv").write_text(RECORD, encoding="utf-8")
    monkeypatch.setattr(fetch, "fetch", lambda key: tmp_path)
    monkeypatch.setattr(derive, "derive", lambda: {"one": 1})
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert __main__.main([word.replace("FILE", str(tmp_path / "a.csv")) for word in command.split()]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1] == "standard output or a temporary file: No space left on device"
    assert "Traceback" not in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_help_that_nobody_gets_is_said_in_a_line(unbuffered):
    command = [sys.executable, "-m", "detainer_analysis", "--help"]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment, check=False
        )
    assert (run.returncode, run.stderr) == (1, "standard output or a temporary file: No space left on device\n")


@pytest.mark.parametrize("command", ["count", "recount", "policies"])
def test_a_full_folder_of_temporary_files_is_said_in_a_line(command, tmp_path, monkeypatch, capsys):
    def fill(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "a.csv").write_text(RECORD, encoding="utf-8")
    monkeypatch.setattr(reading.tempfile, "mkdtemp", lambda prefix: fill())
    monkeypatch.setattr(fetch, "fetch_all", lambda keys: {})
    assert __main__.main([command, str(tmp_path / "a.csv")]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "standard output or a temporary file: No space left on device\n")


@pytest.mark.parametrize("job", ["seal", "reproduce", "derive", "fetch"])
def test_a_folder_that_may_only_be_read_is_said_in_a_line_and_stays_as_it_was(job, data, monkeypatch, capsys):
    """Root may write everywhere, so the system's refusal is played; what the job would write is not worked out."""

    def refuse(part, _):
        raise PermissionError(30, "Read-only file system", str(part))

    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    for name in ("datapackage.contents", "seals.contents"):
        monkeypatch.setattr(f"detainer_analysis.data.{name}", lambda: {data / "seals.json": ""})
    monkeypatch.setattr("detainer_analysis.data.tables.checksums", lambda *_: "")
    monkeypatch.setattr(derive, "TABLES", {})
    monkeypatch.setattr(derive.derive, "__defaults__", (data,))
    monkeypatch.setattr(__main__, "DATA", data)
    monkeypatch.setattr("detainer_analysis.reproduce.execute", lambda *_, figures: files.write_whole(data / "x", ""))
    monkeypatch.setattr("detainer_analysis.reproduce.isolate", lambda environment, cache: None)
    monkeypatch.setattr(fetch, "fetch", lambda key: files.write_whole(data / key, ""))
    monkeypatch.setattr(os, "replace", refuse)
    assert __main__.main([job, "one"] if job == "fetch" else [job]) == 1
    first = {"seal": "checksums.json", "reproduce": "x", "derive": "derived/recipe.json", "fetch": "one"}[job]
    assert capsys.readouterr().err == f"{data / first}: Read-only file system\n"
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
