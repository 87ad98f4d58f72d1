"""What missing outcomes leave open: both extremes of a rate, and what one named assumption adds.

Without any assumption a missing outcome may have been a decline or not, so a rate lies between the declines over
all detainers and the declines and missing outcomes together over all detainers (Horowitz and Manski 1995,
Econometrica 63, 281-302).
"""

from __future__ import annotations

import pandas as pd

COUNTS = ["detainers", "no_recorded_outcome", "declined"]


def bounds(table: pd.DataFrame) -> pd.DataFrame:
    """Shares of declined detainers in percent, with both extremes of the missing outcomes.

    Parameters
    ----------
    table : pandas.DataFrame
        ``detainers``, ``no_recorded_outcome``, ``declined``; one row a group.

    Returns
    -------
    pandas.DataFrame
        The counts, and ``none_declined`` (no missing outcome was a decline), ``as_recorded`` (missing outcomes were
        declined as often as recorded ones) and ``all_declined`` (every missing outcome was a decline). The first
        and the last are the sharp bounds. Under the assumption that missing outcomes were declined *no more often*
        than recorded ones, the first and the second are.

    Raises
    ------
    ValueError
        If a group has no detainer, or more missing outcomes and declines than detainers.
    """
    counts = table[COUNTS].astype(float)
    total, missing, declined = (counts[name] for name in COUNTS)
    if (total.le(0) | (missing + declined).gt(total)).any():
        raise ValueError("each group needs detainers, and no more missing outcomes and declines than detainers")
    recorded = total - missing
    return table[COUNTS].assign(
        none_declined=declined / total * 100,
        as_recorded=declined / recorded.where(recorded > 0) * 100,
        all_declined=(declined + missing) / total * 100,
    )


def difference(rates: pd.DataFrame, group: str, other: str) -> pd.DataFrame:
    """How far the rate of `group` lies above that of `other`, in percentage points, at the least and at the most.

    Parameters
    ----------
    rates : pandas.DataFrame
        From `bounds`.
    group, other : str
        Two rows of `rates`.

    Returns
    -------
    pandas.DataFrame
        ``low`` and ``high`` under ``"no assumption"`` and under ``"missing declined no more often than recorded"``.
    """
    one, two = rates.loc[group], rates.loc[other]
    rows = {
        assumption: {"low": one["none_declined"] - two[most], "high": one[most] - two["none_declined"]}
        for assumption, most in {
            "no assumption": "all_declined",
            "missing declined no more often than recorded": "as_recorded",
        }.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def tipping_point(rates: pd.DataFrame, group: str, other: str) -> float:
    """The share of `other`'s missing outcomes, in percent, that were declined if its rate reaches the least of `group`.

    The least of `group` has no decline among its missing outcomes.
    """
    one, two = rates.loc[group], rates.loc[other]
    return float((one["none_declined"] / 100 * two["detainers"] - two["declined"]) / two["no_recorded_outcome"] * 100)
