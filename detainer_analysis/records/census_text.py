"""The Census Bureau's individual-unit files: one line for each government and item, at fixed positions.

Files for 2013 to 2016 and early releases of 2017 have 34 characters a line and the Bureau's own county codes; later
ones have 32 and FIPS codes. The files say nothing of their layout, so the length of the lines decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pandas as pd

from detainer_analysis.errors import DataError
from detainer_analysis.records.census_lines import DOLLARS_PER_UNIT, UnitLines

END_OF_FILE = "\x1a"  # DOS ends a text with Ctrl-Z
WITHHELD = ("", ".")
DIRECTORY = re.compile(r"\d{12,14}[^\d\s].{20,}")


@dataclass(frozen=True)
class Layout:
    """Where the fields of a line are, as first and last character, counted from 0, the last one left out."""

    government: tuple[int, int]
    item: tuple[int, int]
    amount: tuple[int, int]
    year: tuple[int, int]
    flag: tuple[int, int]
    fips: bool


LAYOUTS = {
    34: Layout((0, 14), (14, 17), (17, 29), (29, 33), (33, 34), fips=False),
    32: Layout((0, 12), (12, 15), (15, 27), (27, 31), (31, 32), fips=True),
}


def read(path: Path, codes: pd.DataFrame) -> UnitLines:
    """The lines of one file, plain or in its zip archive.

    Parameters
    ----------
    path : pathlib.Path
        Individual-unit file (``2017FinEstDAT_...pu.txt`` and the like), or the archive that the Bureau publishes.
    codes : pandas.DataFrame
        ``census_county_codes``, which turns the Bureau's county codes into FIPS codes.

    Raises
    ------
    DataError
        If the file is missing, empty or the directory of governments; has lines of another length, mixes layouts, or
        has a line whose code, item, amount or year cannot be read; or if an archive holds no such file, or several.
    """
    file, content = _content(path)
    if b"\0" in content:
        raise DataError(file, "is not a text file of the Census Bureau: it has zero bytes")
    # Every field is checked below, so that a byte of another alphabet is named with its row.
    text, mark, rest = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1").partition(END_OF_FILE)
    every = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not every[-1]:
        every.pop()
    if rest.strip(END_OF_FILE + "\r\n "):
        raise DataError(file, "has text after the mark that ends it (Ctrl-Z)", row=len(every) + 1)
    filled = {row: line for row, line in enumerate(every, start=1) if line.strip()}
    lines = pd.Series(filled, dtype=str)
    if lines.empty:
        raise DataError(file, "is empty", row=1)
    layout = LAYOUTS[_width(lines, file)]
    set_aside = {"blank": len(every) - len(lines), "end-of-file mark": int(bool(mark))}
    table = _fields(lines, layout, file)
    return UnitLines(_with_county(table, layout, codes), len(every) + bool(mark), set_aside)


def _content(path: Path) -> tuple[str, bytes]:
    """Name and bytes of the text, which may lie in an archive."""
    try:
        content = path.read_bytes()
        if not content.startswith(b"PK\x03\x04"):
            return path.name, content
        with ZipFile(path) as archive:
            members = [name for name in archive.namelist() if re.search(r"(?i)FinEstDAT[^/]*\.txt$", name)]
            if len(members) != 1:
                found = ", ".join(members or archive.namelist())
                raise DataError(path.name, f"must hold one file ...FinEstDAT....txt; it holds {found}; unpack it")
            return f"{path.name}/{members[0]}", archive.read(members[0])
    except OSError as error:
        raise DataError(path.name, f"cannot be read: {error.strerror}") from error
    except BadZipFile as error:
        raise DataError(path.name, f"is a damaged zip archive: {error}") from error


def _width(lines: pd.Series, file: str) -> int:
    """The length that all lines share."""
    lengths = lines.str.len()
    first = lines.index[0]
    width = int(lengths[first])
    if width not in LAYOUTS:
        if DIRECTORY.match(lines[first]):
            raise DataError(
                file, "is the directory of governments, without amounts; take the file ...FinEstDAT....txt", row=first
            )
        raise DataError(
            file, f"the line has {width} characters; known are {' and '.join(map(str, sorted(LAYOUTS)))}", row=first
        )
    other = lengths.ne(width)
    if other.any():
        at = int(other.idxmax())
        why = "two layouts are mixed" if lengths[at] in LAYOUTS else "the file may be cut off"
        raise DataError(file, f"the line has {lengths[at]} characters, those before it {width}: {why}", row=at)
    return width


def _fields(lines: pd.Series, layout: Layout, file: str) -> pd.DataFrame:
    """The fields of all lines, each checked; `lines` is indexed by row."""

    def field(name: str) -> pd.Series:
        return lines.str.slice(*getattr(layout, name)).str.strip()

    table = pd.DataFrame({name: field(name) for name in ("government", "item", "amount", "year", "flag")})
    rules = {
        "government": rf"\d{{{layout.government[1]}}}",
        "item": r"[A-Z0-9]{3}",
        "amount": r"-?\d+|\.?",
        "year": r"(?:19|20)\d\d",
        "flag": r"[!-~]?",
    }
    for column, pattern in rules.items():
        if wrong := [value for value in table[column].unique() if not re.fullmatch(pattern, value)]:
            at = int(table[column].isin(wrong).idxmax())
            raise DataError(file, f"{table[column][at]!r} is not a code of this layout", row=at, column=column)
    return table


def _with_county(table: pd.DataFrame, layout: Layout, codes: pd.DataFrame) -> pd.DataFrame:
    """The lines as `UnitLines` has them."""
    government = table["government"]
    unique = pd.Series(government.unique())
    county = pd.Series((unique.str[:2] + unique.str[3:6]).to_numpy(), unique)
    if not layout.fips:
        county = county.map(codes.set_index(codes["govs_state"] + codes["govs_county"])["county_fips"])
    amount = table["amount"].mask(table["amount"].isin(WITHHELD)).astype("Int64")
    return pd.DataFrame(
        {
            "government": government,
            "government_type": government.map(pd.Series(unique.str[2].to_numpy(), unique)),
            "county_fips": government.map(county),
            "place_fips": None,
            "name": None,
            "population": pd.array([pd.NA] * len(table), dtype="Int64"),
            "fiscal_year": table["year"].astype(int),
            "item": table["item"],
            "amount_usd": amount * DOLLARS_PER_UNIT,
            "flag": table["flag"],
            "source_row": table.index,
        }
    ).reset_index(drop=True)
