"""Rebuild the compendium, or count detainers in a file of your own."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from detainer_analysis.errors import DataError, printable
from detainer_analysis.paths import DATA

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import SupportsWrite

try:
    import resource
except ModuleNotFoundError:  # Windows
    resource = None

# Where this package is, jsonschema, which reads notebooks, compiles 38 grammars for addresses in other scripts: 1.3 s.
sys.modules["rfc3987_syntax"] = None  # pyrefly: ignore[unsupported-operation]

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls")
ENDING = (signal.SIGTERM, signal.SIGHUP) if hasattr(signal, "SIGHUP") else ()
READER_BYTES, READER_BYTES_PER_BYTE = 900 << 20, 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    try:
        try:
            options = _parser().parse_args(arguments)
            _COMMANDS[options.command](options)
        finally:  # after the help, too
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has what it wanted
        _give_up_output()
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:  # a full disk, a checkout that may only be read, something else in a file's place
        place = error.filename or "standard output or a temporary file"
        _say(f"{place}: {error.strerror or error}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:
            _give_up_output()
        return 1
    except MemoryError:
        _say(f"{' '.join(map(str, arguments or sys.argv[1:]))}: needs more memory than there is", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(
            f"{error}. The record-level commands need: pip install 'detainer-analysis[records]';"
            " --engine spark needs pyspark too",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130  # as shells report it
    return 0


def _say(*lines: str, file: SupportsWrite[str] | None = None) -> None:
    """Print lines; what steers a terminal is spelled out, for they may hold words of a file."""
    print(printable("\n".join(lines)), file=file)


def _print_csv(table: pd.DataFrame) -> None:
    spelled = table.map(lambda cell: printable(cell) if isinstance(cell, str) else cell)
    spelled.to_csv(sys.stdout, index=False, float_format="%.4f", lineterminator="\n")


def _give_up_output() -> None:
    """Python flushes standard output at its end; what failed once would fail again, with a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose help reaches its reader or fails: that of `argparse` drops the error of a full disk."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help."""
        print(self.format_help(), end="", file=file or sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m detainer_analysis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("reproduce", help="execute all notebooks, rebuild figures and tables, print the ledger")
    commands.add_parser("seal", help="accept a meant change of data/: write checksums and the data dictionary")
    commands.add_parser("derive", help="rebuild data/derived from the records (fetches them first)")
    fetch = commands.add_parser("fetch", help="download datasets into the user's cache and check them")
    fetch.add_argument("ids", nargs="*", metavar="ID", help="all that derive needs, if none is given")
    count = commands.add_parser("count", help="count detainers and declines in a file of records, as CSV")
    count.add_argument("files", type=Path, nargs="+", metavar="FILE")
    count.add_argument("--by", choices=("year", "month", "state", "form", "reason"), help="one group per row")
    count.add_argument("--engine", choices=("duckdb", "pandas", "spark"), default="duckdb")
    count.add_argument("--explain", action="store_true", help="list the rows that are set aside, on standard error")
    recount = commands.add_parser("recount", help="what files of records say about every claim that records can settle")
    recount.add_argument("files", type=Path, nargs="*", metavar="FILE", help="none: which files settle what")
    recount.add_argument("--json", action="store_true", help="for other software")
    for command in (count, recount):
        deliveries = ("first", "second", "both")
        command.add_argument("--delivery", choices=deliveries, default="first", help="which of NPR's two")
    revenue = commands.add_parser("revenue", help="county revenue in a finance file of the Census Bureau, as CSV")
    revenue.add_argument("file", type=Path, metavar="FILE")
    policies = commands.add_parser("policies", help="the main estimate of notebook 07 on a file of records, as CSV")
    policies.add_argument("file", type=Path, metavar="FILE")
    changes = commands.add_parser("changes", help="cells, claims and answers that changed since a release, as Markdown")
    changes.add_argument("since", nargs="?", default="", metavar="COMMIT", help="the last release, if none is named")
    return parser


def _reproduce(_: argparse.Namespace) -> None:
    from detainer_analysis import reproduce

    reproduce.run()


def _seal(_: argparse.Namespace) -> None:
    from detainer_analysis.data import datapackage, seals, tables
    from detainer_analysis.files import write_together
    from detainer_analysis.ledger.claim import read_claims

    read_claims()
    write_together({DATA / "checksums.json": tables.checksums(), **datapackage.contents(), **seals.contents()})


def _derive(_: argparse.Namespace) -> None:
    from detainer_analysis.records import derive

    for name, rows in derive.derive().items():
        print(f"data/derived/{name}.csv: {rows:,} rows")


def _fetch(options: argparse.Namespace) -> None:
    from detainer_analysis.records import derive, fetch

    for key in options.ids or derive.inputs():
        try:
            _say(str(fetch.fetch(key)))
        except KeyError as error:
            raise DataError("data/sources.toml", str(error.args[0])) from error


def _count(options: argparse.Namespace) -> None:
    from detainer_analysis import records

    by = [options.by] if options.by else []
    opened = records.open_records(*options.files, delivery=options.delivery, fields=records.fields(*by))
    table = records.count(opened.frame(options.engine), *by)
    counted, found = int(table["detainers"].sum()), sum(account.records for account in opened.accounts)
    if counted != found:
        raise DataError(options.files[0].name, f"{options.engine} counted {counted} of {found} records")
    _say(*records.report(opened, explain=options.explain), file=sys.stderr)
    _print_csv(table)


def _recount(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from detainer_analysis import records
    from detainer_analysis.ledger import recount, recount_report

    if not options.files:
        _say(*recount_report.advice())
        return
    with tqdm(disable=None, bar_format="{desc} [{elapsed}]") as bar:  # none where standard error is no terminal
        found = recount.recount(*options.files, delivery=options.delivery, step=bar.set_description_str)
    _say(*records.report(found.opened), *recount_report.coverage(found), file=sys.stderr)
    if options.json:
        print(json.dumps(recount_report.document(found), indent=2))
    else:
        _say(*recount_report.lines(found))


def _revenue(options: argparse.Namespace) -> None:
    from detainer_analysis.data import tables
    from detainer_analysis.measures import funding
    from detainer_analysis.records import census_finance

    table, words = census_finance.counties(options.file, tables.load("census_county_codes"))
    _print_csv(funding.direct_share(table))
    _say(*words, file=sys.stderr)


def _policies(options: argparse.Namespace) -> None:
    from detainer_analysis.data import tables
    from detainer_analysis.policy import dates, fit, linking
    from detainer_analysis.records import derive, fetch, lists

    files = {derive.WORKBOOK: options.file, **fetch.fetch_all([lists.COUNTIES, lists.CITIES])}
    records = derive.outcomes_by_place(files)
    changes = dates.events(tables.load("policy_dates"), tables.load("policy_links"), records)
    joined = linking.link(records, dates.spells(changes))
    try:
        found = fit.margin(fit.estimate(joined))
    except ValueError as error:
        raise DataError(options.file.name, str(error)) from error
    found.rename_axis("measure").rename("value").to_csv(sys.stdout, float_format="%.4f", lineterminator="\n")


def _changes(options: argparse.Namespace) -> None:
    from detainer_analysis import changes

    _say(changes.table(options.since))


_COMMANDS = {
    "reproduce": _reproduce,
    "seal": _seal,
    "derive": _derive,
    "fetch": _fetch,
    "count": _count,
    "recount": _recount,
    "revenue": _revenue,
    "policies": _policies,
    "changes": _changes,
}


def _silence_readers() -> None:
    """Keep standard error for Python's own words: a reader that aborts writes lines of its own there."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _limit_memory(books: Sequence[Path]) -> None:
    """Let the reader take memory in proportion to the workbooks: it holds a sheet as a rectangle to its last cell.

    A table of records in an old or binary workbook takes up to six bytes for each of its content; `archive` looks into
    the others before they are read.
    """
    if not books or resource is None:
        return
    size = sum(_unpacked_bytes(path) for path in books if path.is_file())
    limit, highest = READER_BYTES + READER_BYTES_PER_BYTE * size, resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, highest))


def _unpacked_bytes(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return path.stat().st_size


def program() -> int:
    """Run `main`, a command on files in a child: where the reader of a file aborts, this process can still say so.

    Who ends this process ends the child too, and no copy of what a child read stays.
    """
    if not hasattr(os, "fork") or sys.argv[1:2] not in (["count"], ["recount"], ["policies"], ["revenue"]):
        return main()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # until both processes know what to do
    if not (child := os.fork()):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        _silence_readers()
        _limit_memory([Path(word) for word in sys.argv[2:] if word.lower().endswith(WORKBOOKS)])
        return main()
    before = {number: signal.signal(number, lambda number, _: os.kill(child, number)) for number in ENDING}
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    while True:
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            break
        except KeyboardInterrupt:  # the child has it too and says so
            continue
    for number, handler in before.items():
        signal.signal(number, handler)
    for left in Path(tempfile.gettempdir()).glob(f"detainers-{child}-*") if status < 0 else ():
        shutil.rmtree(left, ignore_errors=True)
    if -status in ENDING:
        return 128 - status  # as shells report it
    if status < 0 and -status in (signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS):
        _say(
            f"{' '.join(sys.argv[2:])}: the reader ended ({signal.strsignal(-status)}); the file is damaged, larger"
            " than the memory of this computer, or has a cell far from its table",
            file=sys.stderr,
        )
    return status if status >= 0 else 1


if __name__ == "__main__":
    sys.exit(program())
