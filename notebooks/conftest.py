"""Kernels that nbval starts ignore the settings of the machine's user and never touch the committed figures."""

import os

from detainer_analysis.paths import ROOT
from detainer_analysis.reproduce import isolate

isolate(os.environ, ROOT / ".cache")
os.environ["DETAINER_FIGURES"] = str(ROOT / ".cache" / "figures")
