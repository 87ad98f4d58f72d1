"""A seeded sample of mutants, and how many of them the unit tests notice: `make mutants`, not part of the test run.

mutmut changes one thing in a function (a comparison, a number, an argument, a word) and runs the tests that reach the
function. A mutant that no test notices shows a hole, or does what the original does; `mutants.toml` lists the latter,
each with its reason. Once its survivors have tests, a sample no longer says how many others there are: take another
seed. What is not in a plain function, such as a property or a table of constants, is not changed.

As a plugin of pytest this module hides the copies that mutmut puts beside each function from code that looks for
functions by name, lets nothing be remembered from one test to the next, and lets quick files of tests run first: the
first failure ends the run of a mutant.
"""

import fnmatch
import inspect
import json
import random
import re
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

SIZE, SEED, WANTED_PERCENT = 300, 20, 90
# Exit codes of a mutant's tests: one failed, pytest itself ended, the time ran out.
TOO_LATE = {24, 36, 152, -24}
NOTICED = {1, 2, 3} | TOO_LATE
# The tests could not be collected, as where a table cannot be loaded; of many mutants it means a broken set-up.
NOT_COLLECTED, MOST_NOT_COLLECTED = 255, 1 / 3
_members = inspect.getmembers


def _without_copies(*arguments):
    return [(name, found) for name, found in _members(*arguments) if "__mutmut_" not in name]


inspect.getmembers = _without_copies


def pytest_collection_modifyitems(items):
    """Quick files first, by the time that mutmut took for their tests; a file stays together for its fixtures."""
    measured = Path("mutmut-stats.json")
    took = json.loads(measured.read_text(encoding="utf-8"))["duration_by_test"] if measured.exists() else {}
    seconds = Counter()
    for item in items:
        seconds[item.path] += took.get(item.nodeid, 0)
    items.sort(key=lambda item: (seconds[item.path], str(item.path)))


def pytest_runtest_setup():
    """What one test has worked out is worked out anew for the next: mutmut sees which tests reach a function."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("tests.", "detainer_analysis.ledger", "detainer_analysis.measures")):
            for remembered in vars(module).values():
                if hasattr(remembered, "cache_clear"):
                    remembered.cache_clear()


def every_mutant():
    """The names of all mutants, in the order of files and lines."""
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.file_utils import walk_mutatable_files
    from mutmut.utils.format_utils import get_mutant_name

    files = sorted(walk_mutatable_files())
    return [
        get_mutant_name(file, name)
        for file in files
        for name in mutate_file_contents(str(file), file.read_text(encoding="utf-8")).mutant_names
    ]


def change(name):
    """The lines that a mutant takes out and puts in."""
    from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant

    lines = get_diff_for_mutant(name, path=find_mutant(name).path).splitlines()[2:]
    return tuple("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")


def reason(name, listed):
    """Why a mutant does what the original does, if it is listed: its lines are the same without a pattern."""
    old, new = change(name)
    for entry in listed:
        same = re.sub(entry["same_without"], "", old) == re.sub(entry["same_without"], "", new)
        if same and fnmatch.fnmatch(name, entry["mutants"]):
            return entry["reason"]
    return None


def main():
    """Run the sample; print what nobody notices and the score of each floor; fail below the wanted score."""
    from mutmut.mutation.diff_apply import find_mutant
    from statsmodels.stats.proportion import proportion_confint

    def judged(names):
        subprocess.run(["mutmut", "run", *names], check=True)
        return {name: find_mutant(name).exit_code_by_key[name] for name in names}

    start = time.monotonic()
    places = every_mutant()
    sample = random.Random(SEED).sample(places, SIZE)
    codes = judged(sample)
    if late := [name for name, code in codes.items() if code in TOO_LATE]:  # on a busy machine without a fault
        codes |= judged(late)
    if list(codes.values()).count(NOT_COLLECTED) > MOST_NOT_COLLECTED * SIZE:
        sys.exit("The tests of most mutants could not be collected, so nothing was measured; run pytest in mutants/")
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["equivalent"]
    kinds = Counter()
    for name, code in codes.items():
        floor = name.removeprefix("detainer_analysis.").partition(".")[0]
        kind = "noticed" if code in {*NOTICED, NOT_COLLECTED} else "equivalent" if reason(name, listed) else "missed"
        kinds[floor, kind] += 1
        if kind == "missed":
            print(name, *change(name), sep="\n  ")
    for floor in sorted({floor for floor, _ in kinds}):
        print(f"{floor:<12}", ", ".join(f"{kinds[floor, kind]} {kind}" for kind in ("noticed", "missed", "equivalent")))
    noticed, missed = (sum(n for (_, kind), n in kinds.items() if kind == which) for which in ("noticed", "missed"))
    score = 100 * noticed / (noticed + missed)
    low, high = (100 * end for end in proportion_confint(noticed, noticed + missed, method="wilson"))
    print(f"{noticed} of {noticed + missed} mutants are noticed, equivalents left out: {score:.1f} percent")
    print(f"95 percent interval for all of {len(places):,} mutants: {low:.1f} to {high:.1f} percent (Wilson)")
    print(f"It took {(time.monotonic() - start) / 60:.0f} minutes")
    sys.exit(score < WANTED_PERCENT)


if __name__ == "__main__":
    main()
