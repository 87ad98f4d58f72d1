"""What the project is made of: every package is locked with its hashes, and no step reaches the network unasked."""

import re
import socket
import subprocess
import tomllib

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from detainer_analysis import reproduce
from detainer_analysis.paths import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# Wheels and a source archive of each package; one hash alone is a package that has nothing else.
PIN = re.compile(r"^([\w.\[\]-]+)==(\S+)(?: ;[^\\]*)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def wanted():
    """Every requirement of pyproject.toml that `make lock` resolves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]

    def group(name):
        for entry in groups[name]:
            yield from group(entry["include-group"]) if isinstance(entry, dict) else [entry]

    return [Requirement(line) for line in [*project["project"]["dependencies"], *group("dev")]]


def faults(lock):
    """What keeps a lock from being the whole of pyproject.toml with hashes, in words."""
    pins, found, open_pin, hashed = {}, [], None, 0
    for number, line in enumerate([*lock.splitlines(), ""], start=1):
        if pin := PIN.match(line):
            found += [f"{open_pin} has no hash"] if open_pin and not hashed else []
            open_pin, hashed = pin[1], 0
            pins.setdefault(canonicalize_name(re.sub(r"\[.*\]", "", pin[1])), []).append(pin[2])
        elif HASH.match(line):
            hashed += 1
            if not line.endswith("\\") and lock.splitlines()[number:] and not PIN.match(lock.splitlines()[number]):
                found.append(f"line {number}: a package without a pin follows")
        elif line.strip():
            found.append(f"line {number} is no pin and no hash: {line.strip()}")
        elif open_pin and not hashed:
            found.append(f"{open_pin} has no hash")
    for requirement in wanted():
        versions = pins.get(canonicalize_name(requirement.name), [])
        if not versions:
            found.append(f"{requirement.name} is not in the lock")
        elif not all(SpecifierSet(str(requirement.specifier)).contains(version) for version in versions):
            found.append(f"{requirement.name} {versions} is not {requirement.specifier}")
    return found


def needed():
    """Packages that the installed ones need and the lock lacks; extras and other platforms left out."""
    from importlib.metadata import PackageNotFoundError, distribution

    pins = {canonicalize_name(re.split(r"[=\[]", line)[0]) for line in LOCK.splitlines() if PIN.match(line)}
    for name in sorted(pins):
        try:
            lines = distribution(name).requires or []
        except PackageNotFoundError:  # of another platform
            continue
        for requirement in map(Requirement, lines):
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if applies and canonicalize_name(requirement.name) not in pins:
                yield f"{name} needs {requirement.name}"


def test_the_lock_is_whole():
    assert faults(LOCK) == []
    assert list(needed()) == []


@pytest.mark.parametrize("name", ["pandas", "statsmodels", "matplotlib", "duckdb"])
def test_a_package_or_its_hashes_less_is_named(name):
    start = LOCK.index(f"\n{name}==") + 1
    end = LOCK.index("\n", start) + 1
    after = next(match.start() for match in re.finditer(r"^[\w.]", LOCK, re.M) if match.start() > start)
    assert f"{name} is not in the lock" in faults(LOCK[:start] + LOCK[after:])
    assert f"{name} has no hash" in faults(LOCK[:end] + LOCK[after:])
    assert any(
        name in fault for fault in faults(LOCK[:start] + re.sub("==[^ ]+", "==0.0.1", LOCK[start:end]) + LOCK[end:])
    )


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
STRANGER = re.compile(r"\$\{\{[^}]*github\.(event|head_ref)")  # words of a stranger


def values(node, key):
    """What a key has, wherever it stands in a parsed document."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in entries:
        yield from [value] if name == key else []
        yield from values(value, key)


def dangers(text):
    """What a workflow may do beyond reading, and which foreign code or words it would run."""
    workflow = yaml.safe_load(text)
    found = [] if workflow.get("permissions") == {"contents": "read"} else ["may do more than read"]
    # A job that may do more says so where a reviewer looks for it: in the list of this test.
    found += [f"{name} has permissions of its own" for name, job in workflow["jobs"].items() if "permissions" in job]
    # YAML 1.1 reads the key `on` as true.
    found += ["runs for a stranger"] * ("pull_request_target" in str(workflow.get(True, workflow.get("on", ""))))
    used = list(values(workflow, "uses"))
    found += [f"{action} has no commit" for action in used if not re.search(r"@[0-9a-f]{40}$", str(action))]
    found += [f"{line.strip()} has no version" for line in re.findall(r".*@[0-9a-f]{40}(?! # v\d).*", text)]
    found += [f"runs words of a stranger: {line}" for line in values(workflow, "run") if STRANGER.search(str(line))]
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_no_more(path):
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "danger"),
    [
        ("run: make citation", "run: |\n          echo ${{ github.event.pull_request.title }}", "runs words of a"),
        ("run: make citation", "run: >-\n          echo ${{format(github.head_ref)}}", "runs words of a stranger"),
        ("- run: make citation", "- 'uses': evil/action@main", "evil/action@main has no commit"),
        ("- run: make citation", '- {"uses": evil/action}', "evil/action has no commit"),
        ("contents: read", "contents: write", "may do more than read"),
        ("    runs-on", "    'permissions': write-all\n    runs-on", "test has permissions of its own"),
        ("pull_request:", "pull_request_target:", "runs for a stranger"),
        ("# v5.1.0", "", "has no version"),
    ],
)
def test_a_tampered_workflow_is_refused_however_it_is_written(old, new, danger, swapped):
    assert WORKFLOWS
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    assert any(danger in found for found in dangers(swapped(text, old, new)))


REACH = """
import socket
for reach in (lambda: socket.create_connection(("192.0.2.1", 80), 1), lambda: socket.getaddrinfo("example.org", 80),
              lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 80))):
    try:
        reach()
    except OSError as error:
        assert "the tests may not reach" in str(error), error
    else:
        raise AssertionError("the network is there")
print("refused")
"""


def test_no_test_and_no_kernel_reaches_the_network(tmp_path):
    """Every test runs so, those that execute notebooks and write the ledger among them; here it is tried."""
    with pytest.raises(OSError, match="the tests may not reach"):
        socket.create_connection(("192.0.2.1", 80), 1)
    path = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(REACH, id="reach")]), path)
    reproduce.execute(path)
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == "refused\n"


def test_an_audit_without_a_network_says_so_and_checks_nothing():
    """Nothing listens at port 9 of this machine."""
    run = subprocess.run(
        ["make", "audit", "ADVISORIES=http://127.0.0.1:9"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode
    said = "No network: http://127.0.0.1:9 cannot be reached, so nothing was checked."
    assert said in run.stdout.splitlines()


def test_mutation_knows_files_that_are_there():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    named = [*settings["only_mutate"], *settings["pytest_add_cli_args_test_selection"], *settings["also_copy"]]
    assert [pattern for pattern in named if not list(ROOT.glob(pattern))] == []
