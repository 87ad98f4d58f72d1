"""Checksums that find the very cell that changed.

A changed value can still fit its schema. One digest per row and one per column name the cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from detainer_analysis.errors import DataError


@dataclass(frozen=True)
class Digests:
    """Short digests of every row and every column of a file (first twelve hex digits of SHA-256)."""

    rows: list[str]
    columns: list[str]


_SEALED = TypeAdapter(dict[str, Digests])


def digests(rows: list[list[str]]) -> Digests:
    """The digests of `rows`, the header among them."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Digests([_digest(row) for row in rows], [_digest(column) for column in columns])


def _digest(cells: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:12]


@lru_cache(maxsize=4)
def _read(sealed: bytes) -> dict[str, Digests]:
    return _SEALED.validate_json(sealed)


def verify(file: str, rows: list[list[str]], sealed: bytes) -> None:
    """Compare `rows` of `file` with the content of ``checksums.json``.

    Raises
    ------
    DataError
        If a row or a cell differs, is missing or was added, or ``checksums.json`` cannot be used; the message
        says how to accept the change.
    """
    try:
        expected = _read(sealed)[file]
    except KeyError as error:
        raise DataError(file, "has no checksums; run: python -m detainer_analysis seal") from error
    except ValidationError as error:
        why = " ".join(str(error).split("\n")[:3])
        raise DataError("data/checksums.json", f"cannot be used: {why}") from error
    ours = digests(rows)
    if ours == expected:
        return
    pairs = zip(ours.rows, expected.rows, strict=False)
    first = next((n for n, (new, old) in enumerate(pairs, start=1) if new != old), None)
    first = first or min(len(ours.rows), len(expected.rows)) + 1
    lost = len(expected.rows) - len(ours.rows)
    changed = [column for column, new, old in zip(rows[0], ours.columns, expected.columns, strict=False) if new != old]
    if lost > 0:
        problem = f"{lost} row(s) fewer than sealed; the first difference is here"
    elif lost < 0:
        problem = f"{-lost} row(s) more than sealed; the first difference is here"
    elif not changed:
        problem = "agrees with the sealed columns and not with the sealed row: data/checksums.json itself is damaged"
    else:
        problem = f"differs from the sealed data in {', '.join(changed)}"
    raise DataError(
        file,
        f"{problem}. If the change is meant, run: python -m detainer_analysis seal",
        row=first,
        column=changed[0] if changed else rows[0][0],
    )
