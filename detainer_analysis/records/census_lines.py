"""What every file of the Census Bureau's government finances is turned into: lines of one amount each.

Items: B codes are revenue direct from the federal government, C codes from the state (federal money that passes
through the state is inside), D codes from other local governments, T taxes, A charges, U the rest of general revenue.
Codes: U.S. Census Bureau, Annual Survey of State and Local Government Finances, technical documentation of the
individual-unit files.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

COUNTY, MUNICIPALITY = "1", "2"
GENERAL_REVENUE = "ABCDTU"
# Charges of utilities and liquor stores are not general revenue.
NOT_GENERAL = ("A90", "A91", "A92", "A93", "A94")
DOLLARS_PER_UNIT = 1000


@dataclass(frozen=True)
class UnitLines:
    """What one file holds.

    Parameters
    ----------
    lines : pandas.DataFrame
        One row per amount: ``government`` (code of 12 or 14 digits), ``government_type`` (``"1"`` is a county),
        ``county_fips`` (missing where the code is unknown), ``place_fips``, ``name``, ``population``
        (these three are missing where the layout has none), ``fiscal_year``, ``item``, ``amount_usd`` (missing
        where it is withheld), ``flag`` (``R``: reported; others: imputed or from elsewhere; empty where the file has
        none), ``source_row``.
    rows : int
        Rows of the file, a header left out.
    set_aside : dict of str to int
        Rows that hold no amount, by what they are.
    """

    lines: pd.DataFrame
    rows: int
    set_aside: dict[str, int]

    def account(self, used: pd.DataFrame) -> str:
        """What became of every row of the file, in words.

        Parameters
        ----------
        used : pandas.DataFrame
            The rows of `lines` that were to be added up.
        """
        rows = self.lines["source_row"].nunique()
        ours = self.lines.loc[self.lines["government"].isin(used["government"]), "source_row"].nunique()
        revenue = used["source_row"].nunique()
        counted = used.dropna(subset="amount_usd")["source_row"].nunique()
        aside = {
            "of other governments": rows - ours,
            "not general revenue": ours - revenue,
            "with the amount withheld": revenue - counted,
            **self.set_aside,
        }
        words = ", ".join(f"{number:,} {what}" for what, number in aside.items() if number)
        return f"{self.rows:,} rows: {counted:,} used" + (f"; set aside: {words}" if words else "")


def is_general_revenue(items: pd.Series) -> pd.Series:
    """Which items are part of general revenue."""
    return items.str[0].isin(list(GENERAL_REVENUE)) & ~items.isin(NOT_GENERAL)
