"""Command line: ``python -m detainer_analysis reproduce`` and ``python -m detainer_analysis seal``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m detainer_analysis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("reproduce", help="execute all notebooks, rebuild figures and tables, print the ledger")
    commands.add_parser("seal", help="accept a meant change of data/: write checksums and the data dictionary")
    command = parser.parse_args(arguments).command
    if command == "reproduce":
        from detainer_analysis import reproduce

        reproduce.run()
    else:
        from detainer_analysis import datapackage, tables

        tables.seal()
        datapackage.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
