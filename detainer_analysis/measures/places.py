"""How many facilities the rules of places put on the map, and how often the map is wrong."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.measures.counts import wilson
from detainer_analysis.records.places import UNCLASSIFIED


def coverage(declined: pd.DataFrame) -> pd.Series:
    """How much of the declined records could be placed and classified, in percent.

    Parameters
    ----------
    declined : pandas.DataFrame
        ``declined``, ``located_by``, ``county_fips``, ``facility_type``, ``facility``.
    """
    weight = declined["declined"]
    placed = declined["located_by"].ne("no place")
    real = declined["facility_type"].ne("catch-all") & declined["facility"].notna()
    return pd.Series(
        {
            "declined records": weight.sum(),
            "with a place": weight[placed].sum() / weight.sum() * 100,
            "of these, with a county": weight[placed & declined["county_fips"].notna()].sum()
            / weight[placed].sum()
            * 100,
            "of named facilities, with a kind": weight[real & declined["facility_type"].ne(UNCLASSIFIED)].sum()
            / weight[real].sum()
            * 100,
        }
    )


def error_rate(wrong: int, checked: int) -> pd.Series:
    """Error rate of a checked sample in percent, with its 95 percent Wilson interval.

    Returns
    -------
    pandas.Series
        ``error_percent``, ``low``, ``high``.
    """
    limits = wilson(wrong, checked)
    return pd.Series({"error_percent": wrong / checked * 100, "low": limits.low, "high": limits.high})


def disagreements(decided: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """What the places weigh for which another list names another county.

    Parameters
    ----------
    decided : pandas.DataFrame
        ``facility``, ``city``, ``state`` and ``decision``.
    placed : pandas.DataFrame
        All places, with ``county_fips``, ``detainers`` and ``declined``.

    Returns
    -------
    pandas.DataFrame
        By decision: ``places``, ``detainers``, ``declined``, and both in percent of those of all places with a county.

    Raises
    ------
    ValueError
        If a decided place is not among all places.
    """
    found = decided.merge(placed, on=["facility", "city", "state"], how="left", validate="one_to_one")
    if found["detainers"].isna().any():
        raise ValueError(f"no such place: {found.loc[found['detainers'].isna(), 'facility'].tolist()}")
    weights = found.groupby("decision")[["detainers", "declined"]].sum().astype(int)
    every = placed.loc[placed["county_fips"].notna(), ["detainers", "declined"]].sum()
    shares = (weights / every * 100).astype(float).add_suffix("_percent")
    return pd.concat([found.groupby("decision").size().rename("places"), weights, shares], axis=1)
