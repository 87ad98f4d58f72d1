"""The same counts, several ways. Each runs alone in a process: ``python contenders.py NAME FILE``.

Prints the seconds it took, on the clock and of the processor, the most memory it had, and a digest of what it counted.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import narwhals  # noqa: F401  # the package imports it late; the time is for reading and counting
import pandas as pd

from detainer_analysis.ledger import recount
from detainer_analysis.records import counting, reading, reasons

COLUMNS = ("detainer_prepare_date", "detainer_type", "detainer_lift_reason", "facility_state")
YEAR, MONTH = "extract(year FROM detainer_prepare_date)", "to_char(detainer_prepare_date, 'YYYY-MM')"
GROUPS = {"year": YEAR, "month": MONTH, "state": "facility_state", "form": "detainer_type"}
GROUPS["reason"] = "detainer_lift_reason"
COUNTS = (
    "count(*), sum(CASE WHEN detainer_lift_reason IS NULL THEN 1 ELSE 0 END), "
    f"sum(CASE WHEN detainer_lift_reason = '{reasons.DECLINED}' THEN 1 ELSE 0 END)"
)
Counted = dict[str, list[list[object]]]


def ours(file: Path) -> Counted:
    """This package, on DuckDB."""
    return _counted(reading.read(file))


def ours_pandas(file: Path) -> Counted:
    """This package, on pandas: everything is read and cleaned in memory."""
    return _counted(reading.read(file, "pandas"))


def _counted(frame: object) -> Counted:
    found = {}
    for group in GROUPS:
        table = counting.count(frame, group)  # pyrefly: ignore[bad-argument-type]
        found[group] = table.iloc[:, :4].astype(object).to_numpy().tolist()
    return found


def bare_duckdb(file: Path) -> Counted:
    """A bare scan: the same counts in SQL, without cleaning, flags or row numbers."""
    return {group: _bare(f"read_parquet('{file}')", group) for group in GROUPS}


def _bare(source: str, group: str) -> list[list[object]]:
    key = GROUPS[group].replace("to_char", "strftime").replace("YYYY-MM", "%Y-%m")
    return [list(row) for row in duckdb.execute(f"SELECT {key} AS k, {COUNTS} FROM {source} GROUP BY k").fetchall()]


def text_count(file: Path) -> Counted:
    """This package on a text file: one count, with the account of every row, as the command ``count`` makes it."""
    opened = reading.open_records(file.with_suffix(".csv"), fields=counting.fields("year"))
    assert opened.accounts[0].records == opened.accounts[0].rows - 1  # all but the header
    return {"year": counting.count(opened.frame(), "year").iloc[:, :4].astype(object).to_numpy().tolist()}


def text_bare_count(file: Path) -> Counted:
    """The same count in SQL on the text file as DuckDB guesses it to be."""
    return {"year": _bare(f"read_csv('{file.with_suffix('.csv')}')", "year")}


def text_counts(file: Path) -> Counted:
    """This package on a text file: all five counts."""
    return _counted(reading.read(file.with_suffix(".csv")))


def text_bare_counts(file: Path) -> Counted:
    """The five counts in SQL on the text file, each a scan of its own."""
    return {group: _bare(f"read_csv('{file.with_suffix('.csv')}')", group) for group in GROUPS}


def text_recount(file: Path) -> Counted:
    """Every claim that records can settle, from a text file."""
    found = recount.recount(file.with_suffix(".csv"))
    return {"answers": [[answer.claim.id, 0, 0, 0] for answer in found.answers]}


def whole_pandas(file: Path) -> Counted:
    """pandas reading every column into memory, then grouping; without cleaning."""
    table = duckdb.read_parquet(str(file)).df()
    when, reason = table["detainer_prepare_date"], table["detainer_lift_reason"]
    table = table.assign(
        year=when.dt.year, month=when.dt.strftime("%Y-%m"), state=table["facility_state"], form=table["detainer_type"]
    ).assign(reason=reason, none=reason.isna(), declined=reason.eq(reasons.DECLINED))
    found = {}
    for group in GROUPS:
        rows = table.groupby(group, dropna=False).agg(n=("none", "size"), none=("none", "sum"), d=("declined", "sum"))
        found[group] = rows.reset_index().astype(object).to_numpy().tolist()
    return found


def postgresql(file: Path) -> Counted:
    """The newsroom path: load a CSV file into PostgreSQL, then the same GROUP BYs. The CSV is made before."""
    text = file.with_suffix(".csv")
    tools = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    with tempfile.TemporaryDirectory() as place:
        if user:
            shutil.chown(place, user)
        cluster = f"{place}/cluster"

        def tool(name: str, *arguments: str, **options: object) -> str:
            done = subprocess.run(  # pyrefly: ignore[no-matching-overload]
                [str(tools / name), *arguments],
                check=True,
                text=True,
                user=user,
                cwd=place,
                stdout=subprocess.PIPE,
                **options,
            )
            return str(done.stdout)

        tool("initdb", "--pgdata", cluster, "--auth", "trust", "--username", "bench")
        tool("pg_ctl", "--pgdata", cluster, "--wait", "--silent", "--log", f"{place}/log", "--options",
             f"-c listen_addresses='' -c unix_socket_directories={place}", "start")  # fmt: skip
        try:
            started = time.perf_counter()
            psql = ("--host", place, "--username", "bench", "--dbname", "postgres", "--quiet", "--no-psqlrc")
            columns = (
                "detainer_prepare_date timestamp, detainer_type text, detainer_lift_reason text,"
                " detainer_facility text, facility_city text, facility_state text, data_source text"
            )
            tool("psql", *psql, "--command", f"CREATE TABLE detainers ({columns})")
            with text.open("rb") as lines:
                tool("psql", *psql, "--command", "COPY detainers FROM STDIN (FORMAT csv, HEADER)", stdin=lines)
            found: Counted = {}
            for group, key in GROUPS.items():
                query = f"SELECT json_agg(t) FROM (SELECT json_build_array({key}, {COUNTS}) t FROM detainers"
                printed = tool("psql", *psql, "--no-align", "--tuples-only", "--command", f"{query} GROUP BY {key}) q")
                found[group] = json.loads(printed)
            found["seconds"] = [[time.perf_counter() - started]]
            return found
        finally:
            tool("pg_ctl", "--pgdata", cluster, "--mode", "fast", "--silent", "stop")


CONTENDERS = {made.__name__: made for made in (ours, bare_duckdb, ours_pandas, whole_pandas, postgresql)}
TEXT_CONTENDERS = {
    made.__name__: made for made in (text_count, text_bare_count, text_counts, text_bare_counts, text_recount)
}


def digest(found: Counted) -> str:
    """A digest of the counts that does not depend on the order of groups or on number types."""
    plain = {
        group: sorted([("" if pd.isna(row[0]) else str(row[0])), *(int(str(n)) for n in row[1:])] for row in rows)
        for group, rows in found.items()
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def peak_memory_mib() -> float:
    """The most memory that this process ever had, from Linux (getrusage would include the parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    started, worked = time.perf_counter(), time.process_time()
    counted = (CONTENDERS | TEXT_CONTENDERS)[sys.argv[1]](Path(sys.argv[2]))
    seconds, processor_seconds = time.perf_counter() - started, time.process_time() - worked
    seconds = counted.pop("seconds", [[seconds]])[0][0]
    told = {"seconds": seconds, "processor_seconds": processor_seconds, "memory_mib": peak_memory_mib()}
    print(json.dumps({**told, "digest": digest(counted)}))
