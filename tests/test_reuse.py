"""The tables reach people who have no checkout: from a wheel, and by way of datapackage.json in R."""

import json
import shutil
import subprocess
import sys
import venv

import pytest

from detainer_analysis.data import cells, tables
from detainer_analysis.data.schemas import FOLDERS
from detainer_analysis.paths import DATA, ROOT

SCRIPT = ROOT / "docs" / "reuse.py"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The Python of a fresh environment that has the wheel, and the dependencies of this one, but no checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    venv.create(folder / "fresh", with_pip=False)
    python = folder / "fresh" / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    ours, theirs = (
        subprocess.run([name, "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
        for name in (sys.executable, python)
    )
    [wheel] = folder.glob("*.whl")
    shutil.unpack_archive(wheel, theirs, "zip")
    # A .pth file within a folder that a .pth file names is not read, so the editable install stays out.
    with open(f"{theirs}/dependencies.pth", "w", encoding="utf-8") as file:
        file.write(ours)
    return python


def test_the_ten_lines_of_the_reuse_page_load_every_table_without_a_checkout(installed, tmp_path):
    assert len([line for line in SCRIPT.read_text(encoding="utf-8").splitlines() if line]) - 1 <= 10
    done = subprocess.run([installed, "-c", SCRIPT.read_text("utf-8")], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    printed = [line.split()[:3] for line in done.stdout.splitlines()]
    for folder in ("reported", "derived"):
        for name in FOLDERS[folder]:
            assert [folder, name, str(len(tables.load(name)))] in printed
    assert "TOP-TEN-SHARE" in done.stdout


def test_an_installed_package_says_that_it_has_no_notebooks_to_reproduce(installed, tmp_path):
    command = [installed, "-m", "detainer_analysis", "reproduce"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("notebooks: there is no such folder here")
    assert len(done.stderr.splitlines()) == 1


def test_the_installed_package_is_that_of_the_wheel(installed, tmp_path):
    ask = "from detainer_analysis.paths import DATA; print(DATA)"
    found = subprocess.run([installed, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert str(installed.parent.parent) in found


def test_r_reads_every_table_with_the_types_of_the_data_package(tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("R is not on this machine (Debian: apt-get install r-base-core r-cran-jsonlite)")
    program = (ROOT / "docs" / "reuse.R").read_text(encoding="utf-8") + (
        "cat(toJSON(lapply(tables, function(t) list(rows = nrow(t), types = sapply(t, function(c) class(c)[[1]])))),"
        f' file = "{tmp_path / "seen.json"}")'
    )
    done = subprocess.run(["Rscript", "-e", program], cwd=ROOT, capture_output=True, text=True, check=False)
    if "there is no package called" in done.stderr:
        pytest.skip("R has no jsonlite (Debian: apt-get install r-cran-jsonlite)")
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    classes = {"string": "character", "number": "numeric", "integer": "integer", "date": "Date"}
    for resource in package["resources"]:
        table = seen[resource["name"]]
        assert table["rows"] == [len(cells.read_rows(DATA / resource["path"], resource["path"])) - 1]
        assert table["types"] == [classes[field["type"]] for field in resource["schema"]["fields"]]
