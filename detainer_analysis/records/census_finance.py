"""Revenue of every local government, from the Census Bureau's individual-unit files.

The Census of Governments (years that end in 2 and 7: all counties) and the Annual Survey (other years: a sample)
publish one text file a year, one line for each government and item, at fixed positions. Files for 2013 to 2016 and
early releases of 2017 have 34 characters a line and the Bureau's own county codes; later ones have 32 and FIPS codes.
The files say nothing of their layout, so the length of the lines decides.

Items: B codes are revenue direct from the federal government, C codes from the state (federal money that passes
through the state is inside), D codes from other local governments, T taxes, A charges, U the rest of general revenue.
Layouts and codes: U.S. Census Bureau, Annual Survey of State and Local Government Finances, technical documentation
of the individual-unit files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from detainer_analysis.errors import DataError

COUNTY = "1"
GENERAL_REVENUE = "ABCDTU"
# Charges of utilities and liquor stores are not general revenue.
NOT_GENERAL = ("A90", "A91", "A92", "A93", "A94")
DOLLARS_PER_UNIT = 1000


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


def read(path: Path) -> pd.DataFrame:
    """The lines of one file.

    Parameters
    ----------
    path : pathlib.Path
        Individual-unit file (``2017FinEstDAT_...pu.txt`` and the like), unpacked.

    Returns
    -------
    pandas.DataFrame
        One row per line: ``government`` (code of 12 or 14 digits), ``government_type`` (``"1"`` is a county),
        ``census_state`` and ``census_county`` (FIPS codes in files of 32 characters, the Bureau's own in files of
        34, as ``fips`` says), ``item``, ``amount_usd``, ``fiscal_year``, ``flag`` (``R``: reported; others: imputed
        or from elsewhere), ``source_row``.

    Raises
    ------
    DataError
        If the file is missing or empty, has lines of another length, mixes layouts, or has a line whose code, item,
        amount or year cannot be read.
    """
    file = path.name
    try:
        lines = pd.Series(path.read_text(encoding="ascii").splitlines(), dtype=str)
    except OSError as error:
        raise DataError(file, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(file, f"is not a text file of the Census Bureau: byte {error.start} is not ASCII") from error
    if lines.empty:
        raise DataError(file, "is empty", row=1)
    width = _width(lines, file)
    layout = LAYOUTS[width]

    def field(name: str) -> pd.Series:
        return lines.str.slice(*getattr(layout, name)).str.strip()

    government = field("government")
    text = pd.DataFrame({"item": field("item"), "amount": field("amount"), "fiscal_year": field("year")})
    digits = layout.government[1]
    rules = {
        "government": (government, rf"\d{{{digits}}}"),
        "item": (text["item"], r"[A-Z0-9]{3}"),
        "amount": (text["amount"], r"-?\d+"),
        "year": (text["fiscal_year"], r"(?:19|20)\d\d"),
    }
    for column, (values, pattern) in rules.items():
        wrong = ~values.str.fullmatch(pattern)
        if wrong.any():
            at = int(wrong.idxmax())
            raise DataError(file, f"{values[at]!r} is not a code of this layout", row=at + 1, column=column)
    return pd.DataFrame(
        {
            "government": government,
            "government_type": government.str[2],
            "census_state": government.str[:2],
            "census_county": government.str[3:6],
            "fips": layout.fips,
            "item": text["item"],
            "amount_usd": text["amount"].astype("int64") * DOLLARS_PER_UNIT,
            "fiscal_year": text["fiscal_year"].astype(int),
            "flag": field("flag"),
            "source_row": range(1, len(lines) + 1),
        }
    )


def _width(lines: pd.Series, file: str) -> int:
    """The length that all lines share."""
    lengths = lines.str.len()
    width = int(lengths[0])
    if width not in LAYOUTS:
        raise DataError(
            file, f"the line has {width} characters; known are {' and '.join(map(str, sorted(LAYOUTS)))}", row=1
        )
    other = lengths.ne(width)
    if other.any():
        at = int(other.idxmax())
        why = "two layouts are mixed" if lengths[at] in LAYOUTS else "the file may be cut off"
        raise DataError(file, f"the line has {lengths[at]} characters, those before it {width}: {why}", row=at + 1)
    return width


def revenue(lines: pd.DataFrame, codes: pd.DataFrame, file: str = "individual-unit file") -> pd.DataFrame:
    """Revenue of every government, in dollars.

    Parameters
    ----------
    lines : pandas.DataFrame
        What `read` returns.
    codes : pandas.DataFrame
        ``census_county_codes``, which turns the Bureau's county codes into FIPS codes.
    file : str
        Name for error messages.

    Returns
    -------
    pandas.DataFrame
        Sorted by code, one row per government and year: ``government``, ``government_type``, ``county_fips`` (empty
        where the code is not in `codes`), ``county``, ``fiscal_year``, ``federal_direct_usd``, ``state_aid_usd``,
        ``local_aid_usd``, ``general_revenue_usd``, ``flags`` (every flag of the lines summed).

    Raises
    ------
    DataError
        If a revenue item is negative, or a government repeats an item.
    """
    rows = lines[lines["item"].str[0].isin(list(GENERAL_REVENUE)) & ~lines["item"].isin(NOT_GENERAL)]
    key = ["government", "fiscal_year"]
    for wrong, problem in (
        (rows["amount_usd"].lt(0), "revenue is negative"),
        (rows.duplicated([*key, "item"]), "the government has this item twice"),
    ):
        if wrong.any():
            first = rows[wrong].iloc[0]
            raise DataError(file, f"{problem} (item {first['item']})", row=int(first["source_row"]), column="amount")
    kinds = {"B": "federal_direct_usd", "C": "state_aid_usd", "D": "local_aid_usd"}
    sums = rows.pivot_table(
        index=key, columns=rows["item"].str[0].map(kinds).fillna("own_usd"), values="amount_usd", aggfunc="sum"
    )
    sums = sums.reindex(columns=[*kinds.values(), "own_usd"]).fillna(0).astype("int64")
    sums["general_revenue_usd"] = sums.sum(axis=1)
    sums["flags"] = rows.groupby(key)["flag"].agg(lambda flags: "".join(sorted(set(flags))))
    first = rows.drop_duplicates(key).set_index(key)[["government_type", "census_state", "census_county", "fips"]]
    table = _with_county(first.join(sums).reset_index(), codes)
    columns = ["government", "government_type", "county_fips", "county", "fiscal_year"]
    return table[[*columns, *kinds.values(), "general_revenue_usd", "flags"]]


def _with_county(table: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """`table` with the FIPS code and name of the county."""
    own = codes.set_index(codes["govs_state"] + codes["govs_county"])["county_fips"]
    names = codes.drop_duplicates("county_fips").set_index("county_fips")["county"]
    code = table["census_state"] + table["census_county"]
    fips = code.where(table["fips"], code.map(own))
    return table.assign(county_fips=fips, county=fips.map(names))


def counties(path: Path, codes: pd.DataFrame) -> pd.DataFrame:
    """Revenue of the county governments in one file; see `revenue`.

    Cities that are counties too (Denver, San Francisco) are municipalities to the Bureau, and not among them.
    """
    lines = read(path)
    table = revenue(lines[lines["government_type"].eq(COUNTY)], codes, path.name)
    return table.drop(columns="government_type").reset_index(drop=True)
