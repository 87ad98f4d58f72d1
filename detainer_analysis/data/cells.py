"""The cells of a CSV file and the entries of a registry, or one error that says where the file is broken."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

from detainer_analysis.errors import DataError

HEADER_ROWS = 1
# What was read last from each of some hundred files: caches are keyed by bytes, and hash those of one object once.
_LAST: dict[Path, bytes] = {}
_MOST = 200


def read_bytes(path: Path, file: str) -> bytes:
    """The content of `path`, which messages call `file`.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(file, f"cannot be read: {error.strerror}") from error
    last = _LAST.get(path)
    if last is not None and last == content:
        return last
    if len(_LAST) >= _MOST:
        _LAST.clear()
    _LAST[path] = content
    return content


def read_entries(content: bytes, file: str) -> dict[str, dict[str, Any]]:
    """The fields of every entry of a TOML file.

    Raises
    ------
    DataError
        If `content` is not UTF-8 or not TOML, has a line that stands in no entry, or a character that steers.
    """
    try:
        entries = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(file, f"cannot be read: {error}") from error
    for key, entry in entries.items():
        if not isinstance(entry, dict):
            raise DataError(file, f"{key!r} stands in no entry")
        for name, value in entry.items():
            words = [*value, *value.values()] if isinstance(value, dict) else [value]
            for sign in filter(None, (_steering(word) for word in [key, name, *words] if isinstance(word, str))):
                raise DataError(file, f"entry [{key}]: has {sign}, which does not print", column=name)
    return entries


def _steering(text: str) -> str:
    """The first character that steers a terminal or the order of letters instead of being shown, by its number."""
    return next((f"U+{ord(sign):04X}" for sign in text if not sign.isprintable() and sign != "\n"), "")


def read_rows(content: bytes, file: str) -> list[list[str]]:
    """The cells of a CSV file, the header first.

    Raises
    ------
    DataError
        If `content` is not UTF-8, starts with a byte order mark, has a row with too few or too many fields, or a
        character that steers a terminal or the order of letters.
    """
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line = before.rsplit("\n", 1)[-1]
        header = before.split("\n", 1)[0].split(",")
        at = min(len(next(csv.reader([line]), [""])) - 1, len(header) - 1)
        raise DataError(
            file, f"is not UTF-8 at byte {error.start}", row=before.count("\n") + 1, column=header[max(at, 0)]
        ) from error
    rows: list[list[str]] = []
    try:
        rows += csv.reader(io.StringIO(decoded, newline=""), strict=True)
    except csv.Error as error:
        raise DataError(file, f"is cut off or badly quoted: {error}", row=len(rows) + 1) from error
    if not rows:
        raise DataError(file, "is empty", row=1)
    if decoded.startswith("\ufeff"):
        raise DataError(file, "starts with a byte order mark; save it as UTF-8 without one", row=1)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            last = rows[0][min(len(row), len(rows[0])) - 1] if row else rows[0][0]
            raise DataError(
                file,
                f"has {len(row)} fields, the header has {len(rows[0])}; the file may be cut off",
                row=number,
                column=last,
            )
    if not decoded.replace("\n", "").replace("\r", "").isprintable():
        for number, row in enumerate(rows, start=1):
            for column, cell in zip(rows[0], row, strict=True):
                if sign := _steering(cell):
                    raise DataError(file, f"has {sign}, which does not print", row=number, column=column)
    return rows
