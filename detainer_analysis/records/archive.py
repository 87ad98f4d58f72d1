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
HIGHEST_RATIO = 200  # records pack to a tenth or a thirtieth, in a sheet and as text
SMALL_BYTES = 64 << 20  # unpacked, at any ratio
MOST_SHEETS, MOST_COLUMNS = 200, 1000  # ICE's widest file has some 70 columns
EMPTY_PER_CELL, SMALL_CELLS = 50, 1_000_000  # a rectangle may be this much larger than the cells in it
# Tags of cells and rows with their places, which a writer may leave out, also behind a prefix.
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>](?:[^>]*?\br=[\"']([A-Za-z]+)\d)?")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>](?:[^>]*?\br=[\"']0*(\d{1,9}))?")
_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<")


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
        if declared > most_bytes(packed):
            raise DataError(path.name, f"unpacks from {packed:,} to {declared:,} bytes, which no table of records does")
        for part in parts:
            _check_part(path, part)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError) as error:
        raise DataError(path.name, f"is a damaged archive: {error}") from error


def most_bytes(packed: int) -> int:
    """How many bytes of records so many packed ones may unpack to."""
    return max(SMALL_BYTES, HIGHEST_RATIO * packed)


def _check_part(path: Path, part: zipfile.ZipInfo) -> None:
    """Refuse a part by its content: a workbook may keep its sheets and texts under any name."""
    where = f"{path.name}, {part.filename}"
    size, text, cells, last_row, rows_without_place, width, rest = 0, False, 0, 0, 0, 0, b""
    for chunk in _unpacked(path, part):
        text = text or (size == 0 and _XML.match(chunk) is not None)
        size += len(chunk)
        if size > part.file_size:
            raise DataError(where, f"is larger than the {part.file_size:,} bytes that the archive declares")
        if not text:
            continue
        if len(chunk) == CHUNK_BYTES and b"<" not in chunk and not part.filename.startswith("xl/media/"):
            raise DataError(where, "has a cell of more than a megabyte; Excel holds 32,767 characters")
        whole, start, tail = (rest + chunk).rpartition(b"<")
        rest = (start + tail)[-CHUNK_BYTES:]
        found, rows = _CELL.findall(whole), _ROW.findall(whole)
        cells += len(found)
        last_row = max([last_row, *(int(row) for row in rows if row)])
        rows_without_place += rows.count(b"")
        width = max([width, *map(_number, set(found))])
        if b"" in found:
            width = max([width, *(len(_CELL.findall(row)) for row in _ROW.split(whole) if row)])
    area = (last_row + rows_without_place) * width
    if area > SMALL_CELLS + EMPTY_PER_CELL * cells:
        raise DataError(where, f"spans {area:,} cells and has {cells:,}; remove what stands far from the table")
    check_width(where, width)


def check_width(where: str, columns: int) -> None:
    """Refuse more columns than a table of records has."""
    if columns > MOST_COLUMNS:
        raise DataError(where, f"spans {columns:,} columns; remove what stands far from the table")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
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
