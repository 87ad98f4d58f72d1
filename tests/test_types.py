"""The types hold. Among the tests, the checker runs beside them; alone before them, it would leave a processor idle."""

import subprocess
import sys

from detainer_analysis.paths import ROOT


def test_mypy_finds_nothing():
    found = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.startswith("Success")
