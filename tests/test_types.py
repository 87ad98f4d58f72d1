"""The types hold, by the rules in `pyproject.toml`."""

import subprocess
import sys

from detainer_analysis.paths import ROOT


def test_the_checker_of_types_finds_nothing():
    command = [sys.executable, "-m", "pyrefly", "check", "--python-interpreter-path", sys.executable]
    found = subprocess.run([*command, "--output-format", "min-text"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    assert " 0 errors" in found.stderr
