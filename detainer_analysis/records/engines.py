"""The narrow table on the three engines that count: DuckDB in the process, pandas, and Spark."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

ENGINES = ("duckdb", "pandas", "spark")


def connection() -> Any:
    """A new connection to the one database of this process: its views and tables are its own, as all are temporary."""
    return _database(os.getpid()).cursor()


@cache
def _database(process: int) -> Any:
    """To start a database takes longer than to read a small file; a fork of the process cannot use its parent's."""
    import duckdb

    return duckdb.connect()


def frame(connection: Any, query: str, engine: str, folder: Path) -> nw.LazyFrame[Any]:
    """A query's rows as a lazy table of an engine.

    One reader, DuckDB, has read the file for all three, so that they can differ in nothing but in counting.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the query can be run.
    query : str
        SQL.
    engine : str
        One of ``ENGINES``; for Spark the session that is active, else a local one.
    folder : pathlib.Path
        Where the rows are handed over to Spark, as parquet.
    """
    import narwhals as nw

    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}; known: {', '.join(ENGINES)}")
    if engine == "duckdb":
        native = connection.sql(query)
    elif engine == "pandas":
        native = connection.sql(query).df()
    else:
        from pyspark.sql import SparkSession

        target = folder / "spark.parquet"
        connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
        native = SparkSession.builder.getOrCreate().read.parquet(str(target))
    made: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    return made
