"""Revenue of every local government, from a file of the Census Bureau's government finances in any known layout.

The Census of Governments (years that end in 2 and 7: all counties) and the Annual Survey (other years: a sample)
publish one file a year; see `census_text` for the Bureau's own and `census_tables` for re-tabulations.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from detainer_analysis.errors import DataError
from detainer_analysis.records import census_text
from detainer_analysis.records.census_lines import COUNTY, UnitLines, is_general_revenue

KEY = ["government", "fiscal_year"]
KINDS = {"B": "federal_direct_usd", "C": "state_aid_usd", "D": "local_aid_usd"}
# Single items that the questions of this project turn on.
SINGLE = {
    "A36": "hospital_charges_usd",
    "B42": "health_federal_usd",
    "B79": "welfare_federal_usd",
    "C79": "welfare_state_usd",
}


def read(path: Path, codes: pd.DataFrame) -> UnitLines:
    """What one file holds, in the layout that its name or its first bytes show.

    Parameters
    ----------
    path : pathlib.Path
        ``.RData``, ``.parquet``, or the Bureau's text file, plain or zipped.
    codes : pandas.DataFrame
        ``census_county_codes``, which turns the Bureau's county codes into FIPS codes.

    Raises
    ------
    DataError
        If the file cannot be read; see the readers.
    """
    kind = path.suffix.lower()
    if kind not in (".rdata", ".rda", ".parquet"):
        return census_text.read(path, codes)
    from detainer_analysis.records import census_tables  # needs the extra "records"

    return census_tables.read_parquet(path) if kind == ".parquet" else census_tables.read_rdata(path)


def revenue_lines(lines: pd.DataFrame, file: str = "individual-unit file") -> pd.DataFrame:
    """The lines of general revenue, of which every government has each item once a year.

    Raises
    ------
    DataError
        If a government repeats an item.
    """
    rows = lines[is_general_revenue(lines["item"])]
    twice = rows.duplicated([*KEY, "item"])
    if twice.any():
        first = rows[twice].iloc[0]
        problem = f"the government has this item twice (item {first['item']})"
        raise DataError(file, problem, row=int(first["source_row"]), column="amount")
    return rows


def revenue(rows: pd.DataFrame) -> pd.DataFrame:
    """Revenue of every government, in dollars.

    A sum with a withheld amount in it is left empty. Negative amounts (losses of interest, corrections) are added as
    they stand.

    Parameters
    ----------
    rows : pandas.DataFrame
        What `revenue_lines` returns.

    Returns
    -------
    pandas.DataFrame
        Sorted by code, one row per government and year: ``government``, ``government_type``, ``county_fips``,
        ``place_fips``, ``name``, ``population``, ``fiscal_year``, ``federal_direct_usd``, ``state_aid_usd``,
        ``local_aid_usd``, ``general_revenue_usd``, ``hospital_charges_usd``, ``health_federal_usd``,
        ``welfare_federal_usd``, ``welfare_state_usd``, ``withheld_amounts``, ``flags`` (every flag
        of the lines summed), ``federal_flags`` (those of the lines of direct federal revenue).
    """
    letters = rows["item"].str[0]
    groups = {"general_revenue_usd": rows["item"].notna()}
    groups |= {name: letters.eq(letter) for letter, name in KINDS.items()}
    groups |= {name: rows["item"].eq(item) for item, name in SINGLE.items()}
    first = rows.drop_duplicates(KEY).set_index(KEY)
    table = first[["government_type", "county_fips", "place_fips", "name", "population"]]
    for name, chosen in groups.items():
        found = rows[chosen].groupby(KEY)["amount_usd"]
        sums = found.sum().mask(found.count().ne(found.size()))
        table[name] = sums.reindex(table.index[~table.index.isin(sums.index)].union(sums.index), fill_value=0)
    table["withheld_amounts"] = rows["amount_usd"].isna().groupby([rows[name] for name in KEY]).sum()
    for name, chosen in (("flags", rows), ("federal_flags", rows[letters.eq("B")])):
        table[name] = chosen.groupby(KEY)["flag"].agg(lambda flags: "".join(sorted(set(flags))))
    return table.fillna({"federal_flags": ""}).sort_index().reset_index()


def counties(path: Path, codes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Revenue of the county governments in one file.

    Cities that are counties too (Denver, San Francisco) are municipalities to the Bureau, and not among them.

    Returns
    -------
    tuple of pandas.DataFrame and list of str
        ``government``, ``county_fips``, ``county``, ``fiscal_year``, the sums in dollars, ``withheld_amounts`` and
        ``flags`` (see `revenue`); and what became of every row of the file, in sentences.
    """
    contents = read(path, codes)
    rows = revenue_lines(contents.lines[contents.lines["government_type"].eq(COUNTY)], path.name)
    names = codes.drop_duplicates("county_fips").set_index("county_fips")["county"]
    table = revenue(rows)
    table["county"] = table["county_fips"].map(names)
    columns = ["government", "county_fips", "county", "fiscal_year", *KINDS.values(), "general_revenue_usd"]
    return table[[*columns, "withheld_amounts", "flags"]], _words(path.name, contents, rows, table)


def _words(file: str, contents: UnitLines, rows: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """What a reader must know of the rows: how many were used, which amounts are withheld or negative."""
    words = [f"{file}: {contents.account(rows)}"]
    for unit in table[table["withheld_amounts"].gt(0)].itertuples():
        words.append(
            f"{file}: {unit.county} ({unit.government}), {unit.fiscal_year}: amounts withheld: {unit.withheld_amounts};"
            " the sums they belong to are left empty"
        )
    if negative := int(rows["amount_usd"].lt(0).sum()):
        words.append(f"{file}: negative amounts, added as they stand: {negative}")
    return words
