"""Stata's files: the needed columns in pieces, as text, so that one rule reads them and those of other formats."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from detainer_analysis.errors import DataError
from detainer_analysis.records import kinds, layouts, narrow
from detainer_analysis.records.contents import Contents, stored, stored_query
from detainer_analysis.records.kinds import literal

_ROWS = 50_000


def contents(connection: Any, path: Path, folder: Path) -> Contents:
    """The table of a Stata file; its names count as a row.

    Raises
    ------
    DataError
        If it cannot be read or has no detainers.
    """
    import pandas as pd

    found = Contents(rows=1)
    parts: list[Path] = []
    try:
        with pd.read_stata(path, iterator=True) as reader:
            header = list(reader.variable_labels())
            _, columns = layouts.find_header([header], path.name)
            names = narrow.names(columns)
            while len(chunk := _chunk(reader, [header[place] for place in names])) or not parts:
                numbers = range(found.rows + 1, found.rows + 1 + len(chunk))
                connection.register("chunk", chunk.set_axis(list(names.values()), axis=1).assign(row=numbers))
                parts.append(stored(folder))
                connection.execute(f"COPY chunk TO {literal(str(parts[-1]))} (FORMAT parquet)")
                connection.unregister("chunk")
                found.rows += len(chunk)
    except (ValueError, OSError, struct.error) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(path.name, f"cannot be read as a Stata file: {error}") from error
    found.leave_out("", 1, kinds.HEADER)
    found.sources.append(narrow.Relation(path.name, stored_query(*parts), columns, header_row=1))
    return found


def _chunk(reader: Any, columns: list[str]) -> Any:
    """The next rows, empty at the end, with cells as text."""
    import pandas as pd

    try:
        chunk = reader.read(_ROWS, columns=columns)
    except StopIteration:
        return pd.DataFrame(columns=columns, dtype="str")
    return chunk.astype("object").where(chunk.notna(), "").map(str).astype("str")
