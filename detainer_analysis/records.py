"""ICE's detainer records: four released layouts read as one lazy table, and counted on any engine.

A record is one detainer. The layouts differ in file format and in column names, not in meaning, so one list
of names (`NAMES`) covers them: ICE's fiscal 2015 workbook, NPR's CSV files, the yearly text files of NPR's
archive, and the Deportation Data Project's parquet files, old and new.

Reading is the engine's work and differs; everything after it is written once with Narwhals and runs on
pandas, DuckDB and Spark alike. Rows are flagged, never dropped: identical rows are different people.
"""

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
DECLINED = "Detainer Declined by LEA"
LIFT_REASONS = (
    DECLINED,
    "Alien Not Subject to Deportation",
    "Booked into Detention",
    "Case Closed",
    "Died",
    "Duplicate",
    "Early Release",
    "ICE Temporary Resource Constraint",
    "Insufficient Notice to ICE",
    "Judicial Review",
    "Lifted",
    "Lifted - Lack of Funds",
    "Lifted - Lack of Space",
    "No longer in State, Local, or Federal Custody",
    "Noncitizen Not Amenable to Removal",
    "Not Amenable to Removal",
    "Prosecutorial Discretion",
    "Superseding - New Form Issued",
    "Transferred",
    "United States Citizen Interviewed",
    "USC or Presumptive Claim to US Citizenship",
)
MISSING = ("", "NA", "N/A", "NULL", "UNK", "UNKNOWN")
DATE_FORMATS = ("%m/%d/%y", "%m/%d/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
ENGINES = ("duckdb", "pandas", "spark")
GROUPS = ("year", "month", "state", "form", "reason")


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


def with_flags(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """`frame` with one flag per doubt: ``declined``, ``no_recorded_outcome``, ``unknown_reason``, ``no_date``,
    ``no_place`` (1 or 0).

    ``no_recorded_outcome`` may mean that the person was still in custody, that nobody told ICE, or that the
    record was not updated.
    """
    reason, facility = nw.col("lift_reason"), nw.col("facility")
    return frame.with_columns(
        declined=_flag(reason == DECLINED),
        no_recorded_outcome=_flag(reason.is_null()),
        unknown_reason=_flag(~reason.is_in(LIFT_REASONS) & ~reason.is_null()),
        no_date=_flag(nw.col("prepared_date").is_null()),
        no_place=_flag(facility.is_null() | nw.col("state").is_null()),
    )


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def count(frame: nw.LazyFrame[Any], *by: str) -> pd.DataFrame:
    """Detainers, missing outcomes and declines by group.

    Parameters
    ----------
    frame : narwhals.LazyFrame
        As from `read`.
    *by : str
        Any of ``GROUPS``, or of the columns of `read`; none for one row in all.

    Returns
    -------
    pandas.DataFrame
        The groups, ``detainers``, ``no_recorded_outcome``, ``declined``, ``declined_percent_of_all`` and
        ``declined_percent_of_recorded`` (of detainers with a recorded outcome); sorted by group, missing last.
    """
    keys = {"year": "year", "month": "month", "state": "state", "form": "form", "reason": "lift_reason"}
    columns = [keys.get(name, name) for name in by]
    date, reason = nw.col("prepared_date"), nw.col("lift_reason")
    made = {"year": date.dt.year(), "month": date.dt.truncate("1mo"), "everything": nw.lit("all")}
    table = (
        frame.with_columns(
            no_recorded_outcome=_flag(reason.is_null()),
            declined=_flag(reason == DECLINED),
            **{name: made[name] for name in columns or ["everything"] if name in made},
        )
        .group_by(columns or ["everything"])
        .agg(
            detainers=nw.len(),
            no_recorded_outcome=nw.col("no_recorded_outcome").sum(),
            declined=nw.col("declined").sum(),
        )
        .collect("pandas")
        .to_native()
    )
    table = table.sort_values(columns or ["everything"], na_position="last", ignore_index=True)
    numbers = ["detainers", "no_recorded_outcome", "declined"]
    table = table[[*columns, *numbers]].astype(dict.fromkeys(numbers, "int64"))
    if "month" in columns:
        table["month"] = pd.to_datetime(table["month"]).dt.strftime("%Y-%m")
    for column in columns:
        table[column] = table[column].astype("Int64" if column == "year" else "str")
    recorded = table["detainers"] - table["no_recorded_outcome"]
    return table.assign(
        declined_percent_of_all=table["declined"] / table["detainers"] * 100,
        declined_percent_of_recorded=table["declined"] / recorded.where(recorded > 0) * 100,
    )


def unknown_reasons(frame: nw.LazyFrame[Any]) -> list[str]:
    """Lift reasons that are not in ``LIFT_REASONS``, in alphabetical order."""
    reasons = frame.select("lift_reason").unique().collect("pandas").to_native()["lift_reason"].dropna()
    return sorted(set(reasons) - set(LIFT_REASONS))


# Columns -----------------------------------------------------------------------------------------------


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


# Reading, engine by engine ------------------------------------------------------------------------------


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
