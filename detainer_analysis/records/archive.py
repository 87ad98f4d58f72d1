"""Workbooks are archives: what one unpacks to is measured before a reader that trusts it takes the memory.

The reader holds a sheet as a full rectangle, so that one cell in the last corner takes 400 GB and ends the program.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from detainer_analysis.errors import DataError

CHUNK_BYTES = 1 << 20
HIGHEST_RATIO = 200  # sheets of records pack to a tenth or a twentieth
SMALL_BYTES = 64 << 20  # unpacked, at any ratio
MOST_SHEETS, MOST_COLUMNS = 200, 1000  # ICE's widest file has some 70 columns
EMPTY_PER_CELL, SMALL_CELLS = 50, 1_000_000  # a rectangle may be this much larger than the cells in it
_CELL, _ROW = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,4})\d'), re.compile(rb'<row\b[^>]*?\br="(\d+)"')


def check(path: Path) -> None:
    """Refuse a workbook that unpacks to far more than it holds.

    Raises
    ------
    DataError
        If the archive is damaged, a part has another size than it declares or packs too well for a table, a cell is
        longer than a megabyte, or a sheet has more than ``MOST_COLUMNS`` or is a nearly empty rectangle too large to be
        held.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
        declared, packed = sum(part.file_size for part in parts), path.stat().st_size
        if declared > max(SMALL_BYTES, HIGHEST_RATIO * packed):
            raise DataError(path.name, f"unpacks from {packed:,} to {declared:,} bytes, which no table of records does")
        for part in parts:
            if part.filename.startswith("xl/media/"):
                continue
            _check_part(path, part)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError) as error:
        raise DataError(path.name, f"is a damaged archive: {error}") from error


def _check_part(path: Path, part: zipfile.ZipInfo) -> None:
    where = f"{path.name}, {part.filename}"
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    text = part.filename.endswith(".xml")
    size, cells, last_row, letters, rest = 0, 0, 0, {b"A"}, b""
    for chunk in _unpacked(path, part):
        size += len(chunk)
        if size > part.file_size:
            raise DataError(where, f"is larger than the {part.file_size:,} bytes that the archive declares")
        if text and len(chunk) == CHUNK_BYTES and b"<" not in chunk:
            raise DataError(where, "has a cell of more than a megabyte; Excel holds 32,767 characters")
        if sheet:
            whole = rest + chunk
            cells += chunk.count(b"<c")
            letters |= set(_CELL.findall(whole))
            last_row = max([last_row, *map(int, _ROW.findall(whole))])
            rest = chunk[-200:]
    width = max(map(_number, letters))
    area = last_row * width
    if area > SMALL_CELLS + EMPTY_PER_CELL * cells:
        raise DataError(where, f"spans {area:,} cells and has {cells:,}; remove what stands far from the table")
    check_width(where, width)


def check_width(where: str, columns: int) -> None:
    """Refuse more columns than a table of records has."""
    if columns > MOST_COLUMNS:
        raise DataError(where, f"spans {columns:,} columns; remove what stands far from the table")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _unpacked(path: Path, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a part as it really is; `zipfile` stops at the declared size."""
    with path.open("rb") as file:
        file.seek(part.header_offset)
        header = file.read(30)
        name, extra = struct.unpack("<HH", header[26:30])
        file.seek(name + extra, 1)
        left, unpack = part.compress_size, zlib.decompressobj(-15)
        while left > 0:
            read = file.read(min(left, CHUNK_BYTES))
            if not read:
                raise zipfile.BadZipFile(f"{part.filename} is cut off")
            left -= len(read)
            if part.compress_type == zipfile.ZIP_STORED:
                yield read
                continue
            if part.compress_type != zipfile.ZIP_DEFLATED:
                raise NotImplementedError(f"{part.filename} is packed in another way than Excel packs")
            while read:
                yield unpack.decompress(read, CHUNK_BYTES)
                read = unpack.unconsumed_tail
