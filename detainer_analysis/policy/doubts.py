"""How far the comparison of fiscal 2015 moves with undated limits, over the months and from county to county."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.policy.dates import PLACE
from detainer_analysis.policy.fit import Estimate, estimate, margin, predictions


def suspects(jails: pd.DataFrame, percent: float, least: int) -> pd.DataFrame:
    """Jails without a limit found that declined at least `percent` of `least` or more recorded outcomes.

    Returns
    -------
    pandas.DataFrame
        Indexed by facility, city and state: ``detainers``, ``recorded``, ``declined``, ``percent_of_recorded``;
        most declines first.
    """
    sums = jails[jails["limit"].eq("no")].groupby(PLACE)[["detainers", "no_recorded_outcome", "declined"]].sum()
    recorded = sums["detainers"] - sums["no_recorded_outcome"]
    share = sums["declined"] / recorded.where(recorded > 0) * 100
    table = sums.assign(recorded=recorded, percent_of_recorded=share)
    chosen = table[recorded.ge(least) & share.ge(percent)]
    columns = ["detainers", "recorded", "declined", "percent_of_recorded"]
    return chosen.sort_values("declined", ascending=False, kind="stable")[columns]


def recoded(linked: pd.DataFrame, places: list[tuple[str, str, str]]) -> pd.DataFrame:
    """The main estimate with jails counted as limited, one more in each row, in the order given.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``counted as limited`` (the jail added; first none): ``odds_ratio``, ``odds_low``, ``odds_high``.
    """
    table, rows = linked, {"none: as registered": margin(estimate(linked))}
    for facility, city, state in places:
        here = (table[PLACE] == [facility, city, state]).all(axis=1)
        table = table.assign(limit=table["limit"].mask(here, "yes"))
        rows[f"{facility}, {state}"] = margin(estimate(table))
    found = pd.DataFrame.from_dict(rows, orient="index")[["odds_ratio", "odds_low", "odds_high"]]
    return found.astype(float).rename_axis("counted as limited")


def by_month(jails: pd.DataFrame) -> pd.DataFrame:
    """Whether the share declined changed over the months, for jails with a limit in force and without one.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``group``: ``first_percent``, ``last_percent`` (the first month and the last whole one),
        ``lowest_percent``, ``highest_percent`` of all detainers, and ``spread``: Pearson's statistic of declines by
        month over its degrees of freedom, one if months differ by chance alone and detainers are independent.
    """
    rows = []
    for name, part in jails.groupby("group"):
        sums = part.groupby("month")[["declined", "detainers"]].sum().iloc[:-1]
        total = sums["declined"].sum() / sums["detainers"].sum()
        expected = sums["detainers"] * total
        spread = ((sums["declined"] - expected) ** 2 / (expected * (1 - total))).sum() / (len(sums) - 1)
        share = sums["declined"] / sums["detainers"] * 100
        rows.append(
            {
                "group": name,
                "first_percent": share.iloc[0],
                "last_percent": share.iloc[-1],
                "lowest_percent": share.min(),
                "highest_percent": share.max(),
                "spread": spread,
            }
        )
    return pd.DataFrame(rows).set_index("group").astype(float)


def misfit_by_county(fitted: Estimate) -> pd.DataFrame:
    """Fitted and recorded declines of every county whose count the model expects to vary by more than one.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``county``: ``detainers``, ``fitted``, ``declined``, ``pearson``, the squared difference over the
        variance of independent detainers, which is one on average if the model is right.
    """
    share = predictions(fitted)
    rows = fitted.rows.assign(
        fitted=share * fitted.rows["trials"], variance=share * (1 - share) * fitted.rows["trials"]
    )
    sums = rows.groupby("county")[["trials", "fitted", "declined", "variance"]].sum()
    sums = sums[sums["variance"].gt(1)].rename(columns={"trials": "detainers"})
    pearson = (sums["declined"] - sums["fitted"]) ** 2 / sums["variance"]
    return sums.assign(pearson=pearson).drop(columns="variance").sort_values("pearson", ascending=False)
