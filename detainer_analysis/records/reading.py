"""Any release of ICE's detainer records as one lazy table."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from detainer_analysis.errors import DataError

NAMES = {
    "prepared_date": ("prepare date", "date", "detainer_prepare_date"),
    "form": ("detainer type", "detainer_type"),
    "facility": ("detainer detention facility", "det_facility", "detainer_facility", "detention_facility"),
    "city": ("city", "facility_city"),
    "state": ("state", "facility_state"),
    "lift_reason": ("detainer lift reason", "lift_reason", "detainer_lift_reason"),
}


REQUIRED = ("prepared_date", "facility", "lift_reason")


COLUMNS = (*NAMES, "source", "source_row")


MISSING = ("", "NA", "N/A", "NULL", "UNK", "UNKNOWN")


DATE_FORMATS = ("%m/%d/%y", "%m/%d/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")


ENGINES = ("duckdb", "pandas", "spark")


def read(path: Path, engine: str = "duckdb") -> nw.LazyFrame[Any]:
    """One file of detainer records as a lazy table.

    Parameters
    ----------
    path : pathlib.Path
        ``.xlsx`` (one sheet, header in row 1), ``.csv``, ``.txt`` or ``.tsv`` (comma or tab), or ``.parquet``.
    engine : str
        One of ``ENGINES``: DuckDB embedded in the process (the default), pandas, or the Spark session that is
        active, else a local one.

    Returns
    -------
    narwhals.LazyFrame
        ``prepared_date`` (timestamp), ``form``, ``facility``, ``city``, ``state``, ``lift_reason`` (text, null
        where missing), ``source`` (file name) and ``source_row`` (the header is row 1; on Spark an increasing
        number that is not consecutive). Columns that the layout has beyond these are ignored.

    Raises
    ------
    DataError
        If the file is missing, is not what its ending says, is cut off, or lacks a required column.
    """
    file = path.name
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}; known: {', '.join(ENGINES)}")
    if not path.is_file():
        raise DataError(file, "there is no such file")
    try:
        native, header = _READERS[engine](path)
    except (DataError, ModuleNotFoundError):
        raise
    except Exception as error:  # every reader has errors of its own
        raise DataError(file, f"cannot be read as {path.suffix.lstrip('.')}: {_first_line(error)}") from error
    found = _found(header, file)
    frame = nw.from_native(_DATES[engine](native, found["prepared_date"])).lazy()
    clean = [
        _text(found[name]).alias(name) if name in found else _nothing(name) for name in NAMES if name != "prepared_date"
    ]
    chosen: nw.LazyFrame[Any] = frame.select(
        nw.col("prepared_date"), *clean, nw.lit(file).alias("source"), nw.col("source_row").cast(nw.Int64)
    )
    return chosen


def ignored_columns(path: Path) -> list[str]:
    """Columns of a file that `read` leaves out."""
    known = {name for names in NAMES.values() for name in names}
    return [name for name in _header(path) if name.strip().lower() not in known]


def _found(header: list[str], file: str) -> dict[str, str]:
    """Which column of the file holds which of ours."""
    lower = {name.strip().lower(): name for name in header}
    found = {ours: lower[name] for ours, names in NAMES.items() for name in names if name in lower}
    for name in REQUIRED:
        if name not in found:
            wanted = " or ".join(repr(n) for n in NAMES[name])
            shown = ", ".join(repr(column) for column in header[:8])
            raise DataError(file, f"no column {wanted}; row 1 has {shown}", row=1, column=name)
    return found


def _text(column: str) -> nw.Expr:
    value = nw.col(column).cast(nw.String).str.strip_chars()
    upper = value.str.to_uppercase()
    # One comparison each: DuckDB plans is_in as a join, which it then cannot leave out for an unused column.
    missing = nw.any_horizontal(*(upper == word for word in MISSING), ignore_nulls=False)
    return nw.when(~missing).then(value)


def _nothing(name: str) -> nw.Expr:
    return nw.lit(None, dtype=nw.String).alias(name)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _header(path: Path) -> list[str]:
    if path.suffix == ".xlsx":
        return [str(cell) for cell in _workbook(path)[0]]
    if path.suffix == ".parquet":
        import duckdb

        return list(duckdb.read_parquet(str(path)).columns)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return next(csv.reader(lines, delimiter=_delimiter(path)), [])


def _delimiter(path: Path) -> str:
    """The archive names its tab-separated files .csv and its comma-separated ones .txt, so the content decides."""
    with path.open("rb") as content:
        first = content.readline()
    return "\t" if first.count(b"\t") > first.count(b",") else ","


def _workbook(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, ZipError

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (CalamineError, ZipError, OSError) as error:
        start = path.read_bytes()[:40].decode("utf-8", "replace").strip()
        raise DataError(
            path.name, f"is not an Excel workbook ({_first_line(error)}); it begins with {start!r}"
        ) from error
    if not rows:
        raise DataError(path.name, "the first sheet is empty", row=1)
    return rows


def _sheet(path: Path) -> pd.DataFrame:
    rows = _workbook(path)
    cells = [[None if cell == "" else str(cell) for cell in row] for row in rows[1:]]
    return pd.DataFrame(cells, columns=[str(cell) for cell in rows[0]], dtype=object)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(source_row=range(2, len(frame) + 2))


def _read_duckdb(path: Path) -> tuple[Any, list[str]]:
    import duckdb

    if path.suffix == ".xlsx":
        frame = _sheet(path)
        return duckdb.from_df(_numbered(frame)), list(frame.columns)
    if path.suffix == ".parquet":
        rows = duckdb.read_parquet(str(path), file_row_number=True)
        return rows.select("*, file_row_number + 2 AS source_row"), [c for c in rows.columns if c != "file_row_number"]
    rows = duckdb.read_csv(str(path), header=True, all_varchar=True, delimiter=_delimiter(path), quotechar='"')
    return rows.select("*, row_number() OVER () + 1 AS source_row"), list(rows.columns)


def _read_pandas(path: Path) -> tuple[Any, list[str]]:
    if path.suffix == ".xlsx":
        frame = _sheet(path)
    elif path.suffix == ".parquet":
        import duckdb

        frame = duckdb.read_parquet(str(path)).df()
    else:
        frame = pd.read_csv(path, sep=_delimiter(path), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return _numbered(frame), list(frame.columns)


def _read_spark(path: Path) -> tuple[Any, list[str]]:
    from pyspark.sql import SparkSession, functions

    spark = SparkSession.builder.getOrCreate()
    if path.suffix == ".xlsx":
        frame = _sheet(path)
        schema = ", ".join(f"`{column}` string" for column in frame.columns)
        rows = spark.createDataFrame(list(frame.itertuples(index=False, name=None)), schema)
    elif path.suffix == ".parquet":
        rows = spark.read.parquet(str(path))
    else:
        rows = spark.read.csv(str(path), header=True, sep=_delimiter(path), quote='"', escape='"')
    return rows.withColumn("source_row", functions.monotonically_increasing_id() + 2), list(rows.columns)


def _dates_duckdb(rows: Any, column: str) -> Any:
    name = '"' + column.replace('"', '""') + '"'
    if str(rows.types[rows.columns.index(column)]).startswith(("DATE", "TIMESTAMP")):
        parsed = f"CAST({name} AS TIMESTAMP)"
    else:
        formats = ", ".join(f"'{form}'" for form in DATE_FORMATS)
        text = f"TRIM(CAST({name} AS VARCHAR))"
        parsed = f"COALESCE(TRY_STRPTIME({text}, [{formats}]), TRY_CAST({text} AS TIMESTAMP))"
    rest = ", ".join('"' + c.replace('"', '""') + '"' for c in rows.columns if c != "prepared_date")
    return rows.select(f"{rest}, {parsed} AS prepared_date")


def _dates_pandas(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    if pd.api.types.is_datetime64_any_dtype(rows[column]):
        return rows.assign(prepared_date=rows[column].astype("datetime64[us]"))
    text = rows[column].astype("str").str.strip()
    parsed = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    for form in DATE_FORMATS:
        parsed = parsed.fillna(pd.to_datetime(text, format=form, errors="coerce").astype("datetime64[us]"))
    return rows.assign(prepared_date=parsed)


def _dates_spark(rows: Any, column: str) -> Any:
    from pyspark.sql import functions

    # Java's patterns for DATE_FORMATS; a two-digit year needs two letters exactly.
    patterns = ("M/d/yy", "M/d/yyyy", "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss")
    text = functions.trim(functions.col(f"`{column}`").cast("string"))
    tries = [functions.try_to_timestamp(text, functions.lit(pattern)) for pattern in patterns]
    return rows.withColumn(
        "prepared_date", functions.coalesce(*tries, functions.col(f"`{column}`").try_cast("timestamp"))
    )


_READERS: dict[str, Callable[[Path], tuple[Any, list[str]]]] = {
    "duckdb": _read_duckdb,
    "pandas": _read_pandas,
    "spark": _read_spark,
}


_DATES: dict[str, Callable[[Any, str], Any]] = {
    "duckdb": _dates_duckdb,
    "pandas": _dates_pandas,
    "spark": _dates_spark,
}
