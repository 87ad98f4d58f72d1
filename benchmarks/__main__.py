"""Time the counts and try the policy estimator on synthetic records; the tables go into README.md beside this file."""

from __future__ import annotations

import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks import planted_limits, series_size, synthetic
from detainer_analysis.errors import DataError
from detainer_analysis.files import write_whole
from detainer_analysis.paths import DATA
from detainer_analysis.records import derive, fetch

HERE = Path(__file__).parent
SIZES = (1_000_000, 10_000_000)
TEXT_SIZES = (1_000_000, 4_000_000)
REPEATS = 3
PLANTED_RUNS = 500
FAST = ("ours", "bare_duckdb")
NAMES = {
    "ours": "this package, DuckDB (default)",
    "bare_duckdb": "bare DuckDB scan, no cleaning",
    "ours_pandas": "this package, pandas",
    "whole_pandas": "pandas reading everything, no cleaning",
    "postgresql": "load into PostgreSQL, then GROUP BY",
}


TEXT_NAMES = {
    "text_count": "this package: one count by year, with the account of every row",
    "text_bare_count": "bare DuckDB scan: the same count",
    "text_counts": "this package: the five counts",
    "text_bare_counts": "bare DuckDB scans: the five counts",
    "text_recount": "this package: `recount`, all claims",
}
PAIRS = {"text_count": "text_bare_count", "text_counts": "text_bare_counts"}


def main() -> None:
    """Run everything, print the tables, and write them down; with the name of a table, that one alone."""
    tables = {
        "speed": ("measured", _speed),
        "text": ("text", _text),
        "policies": ("planted", _planted),
        "series": ("size", series_size.table),
    }
    for name in sys.argv[1:] or tables:
        mark, build = tables[name]
        _write(mark, build())


def _write(mark: str, text: str) -> None:
    before, _, rest = (HERE / "README.md").read_text(encoding="utf-8").partition(f"<!-- {mark} -->\n")
    _, _, after = rest.partition("<!-- end -->")
    write_whole(HERE / "README.md", f"{before}<!-- {mark} -->\n{text}<!-- end -->{after}")
    print(text)


def _planted() -> str:
    lines = [
        "| planted odds ratio | counties | runs | median estimate | intervals that hold it, percent (95% interval) |"
        " intervals without 1, percent |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for planted in (1.0, 4.0):
        for counties in (40, 120):
            row = planted_limits.coverage(planted, PLANTED_RUNS, counties)
            lines.append(
                f"| {planted:g} | {counties} | {PLANTED_RUNS} | {row['median_estimate']:.2f} |"
                f" {row['covered_percent']:.1f} ({row['low']:.1f} to {row['high']:.1f}) | {row['found_percent']:.1f} |"
            )
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines) + "\n"


def _speed() -> str:
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for size in SIZES:
            file = Path(place) / f"synthetic-{size}.parquet"
            synthetic.write(file, size)
            duckdb.sql(f"COPY (FROM read_parquet('{file}')) TO '{file.with_suffix('.csv')}' (HEADER)")
            rows += [{"rows": size, **_timed(name, file)} for name in NAMES if _possible(name)]
            for made in (file, file.with_suffix(".csv")):
                made.unlink()
    table = pd.DataFrame(rows)
    if (table.groupby("rows")["digest"].nunique() != 1).any():
        raise SystemExit(f"the contenders counted different things:\n{table}")
    table["times_ours"] = table["seconds"] / table.groupby("rows")["seconds"].transform("first")
    return _page(table, _derive_seconds())


def _text() -> str:
    """Counts of text files: pairs run in turn, so that what else the machine does slows both alike."""
    lines = [
        "| rows | from a text file (CSV) | seconds | processor seconds | times the bare scan, by the clock |"
        " by the processor | peak memory, MiB |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as place:
        for size in TEXT_SIZES:
            file = Path(place) / f"synthetic-{size}.parquet"
            synthetic.write(file, size)
            duckdb.sql(f"COPY (FROM read_parquet('{file}')) TO '{file.with_suffix('.csv')}' (HEADER)")
            runs = [{name: _run(name, file) for name in TEXT_NAMES} for _ in range(REPEATS)]
            for ours, bare in PAIRS.items():
                if len({run[name]["digest"] for run in runs for name in (ours, bare)}) != 1:
                    raise SystemExit(f"{ours} and {bare} counted different things")
            for name, words in TEXT_NAMES.items():
                clock, worked = (
                    statistics.median(run[name][unit] for run in runs) for unit in ("seconds", "processor_seconds")
                )
                times = [
                    f"{statistics.median(run[name][unit] / run[PAIRS[name]][unit] for run in runs):.1f}"
                    if name in PAIRS
                    else ""
                    for unit in ("seconds", "processor_seconds")
                ]
                memory = max(run[name]["memory_mib"] for run in runs)
                lines.append(
                    f"| {size:,} | {words} | {clock:.2f} | {worked:.2f} | {times[0]} | {times[1]} | {memory:,.0f} |"
                )
                print(lines[-1], file=sys.stderr)
            for made in (file, file.with_suffix(".csv")):
                made.unlink()
    return "\n".join(lines) + f"\n\nMedian of {REPEATS} runs in turn, each in a new process.\n"


def _run(name: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(file)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return found


def _possible(name: str) -> bool:
    there = name != "postgresql" or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not there:
        print("PostgreSQL is left out: it is not installed (Debian: apt install postgresql)", file=sys.stderr)
    return there


def _timed(name: str, file: Path) -> dict[str, object]:
    """The median time and the most memory of a few runs, each in a process of its own."""
    runs = [_run(name, file) for _ in range(REPEATS if name in FAST else 1)]
    print(f"{name} {file.stem}: {[round(run['seconds'], 2) for run in runs]}", file=sys.stderr)
    return {
        "name": name,
        "seconds": statistics.median(run["seconds"] for run in runs),
        "memory_mib": max(run["memory_mib"] for run in runs),
        "digest": runs[0]["digest"],
    }


def _derive_seconds() -> float | None:
    """How long the derived tables take from the records, or nothing if the records cannot be had."""
    try:
        fetch.fetch_all(derive.inputs())
    except DataError as error:
        print(f"derive is left out: {error}", file=sys.stderr)
        return None
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data"
        shutil.copytree(DATA, copy)
        started = time.perf_counter()
        derive.derive(copy)
        return time.perf_counter() - started


def _page(table: pd.DataFrame, derive_seconds: float | None) -> str:
    lines = [
        "| rows | path | seconds | times ours | peak memory, MiB |",
        "|---:|---|---:|---:|---:|",
        *(
            f"| {row.rows:,} | {NAMES[row.name]} | {row.seconds:.2f} | {row.times_ours:.1f} |"
            f" {'' if row.name == 'postgresql' else format(row.memory_mib, ',.0f')} |"
            for row in table.itertuples(index=False)
        ),
        "",
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("duckdb", "narwhals", "pandas"))
        + f"; each run in a new process; DuckDB: median of {REPEATS} runs.",
    ]
    if derive_seconds is not None:
        lines.append(
            f"\n`derive`, from ICE's workbook and NPR's aggregates to the derived tables: {derive_seconds:.1f} s."
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
