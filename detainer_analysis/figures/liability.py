"""Charts of what holds have cost, and of what that is against money lost."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.style import (
    BLUE,
    GREEN,
    ORANGE,
    VERMILION,
    Drawing,
    dollars_in_words,
    dollars_rounded,
    label_point,
    log_dollar_axis,
    open_chart,
)


def cost_per_person(rows: pd.DataFrame, year: int) -> Drawing:
    """Cost of each case per person held, kinds of sums told apart.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``group`` (``"settled, single"``, ``"settled, class"``, ``"decided by a court"``,
        ``"verdict under appeal"``), ``low_usd``, ``high_usd``; a low of zero marks a ceiling.
    year : int
        Year whose dollars they are.
    """
    colours = {
        "settled, single": BLUE,
        "settled, class": ORANGE,
        "decided by a court": GREEN,
        "verdict under appeal": VERMILION,
    }
    data = rows.sort_values("high_usd", kind="stable").reset_index(drop=True)
    figure, axes = open_chart(
        6.4,
        cost_title(data),
        f"court papers, settlements and news, fees included where known; dollars of {year} (BLS). Log scale",
    )
    left = 150.0
    for position, row in enumerate(data.itertuples()):
        colour = colours[row.group]
        if row.low_usd == 0:
            axes.hlines(position, left, row.high_usd, color=colour, linewidth=2, linestyle=":")
        axes.plot(row.high_usd, position, "o", color=colour, markersize=8)
        text = ("up to " if row.low_usd == 0 else "") + dollars_rounded(row.high_usd)
        label_point(axes, row.high_usd, position, text, xytext=(8, 0))
    for height, (name, colour) in zip((6.2, 5.1, 4.0, 2.9), colours.items(), strict=True):
        axes.plot(left * 1.4, height, "o", color=colour, markersize=8)
        label_point(axes, left * 1.4, height, name, xytext=(8, 0))
    log_dollar_axis(axes)
    axes.set_xlim(left, 6e6)
    axes.set_yticks(range(len(data)), data["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def cost_title(rows: pd.DataFrame) -> str:
    """The finding: whether the largest settled class suit cost less a person than the least single settlement."""
    of = rows["group"]
    classes, single = rows.loc[of.eq("settled, class"), "high_usd"], rows.loc[of.eq("settled, single"), "high_usd"]
    if classes.max() < single.min():
        return (
            f"Settled class suits cost up to {dollars_rounded(classes.max())} a person held, single settlements"
            f" {dollars_rounded(single.min())} and more"
        )
    return "Costs a person held of settled class suits and of single settlements overlap"


def liability_against_funding(rows: pd.DataFrame) -> Drawing:
    """Dollars a year if every hold were paid for as in each published case, and dollars a year that refusing loses.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``kind`` (``"liability"`` or ``"funding"``), ``low_usd`` (zero where only the upper end is known),
        ``high_usd``.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        4.4,
        against_title(rows),
        "court papers, settlements, budgets and news; 2017 dollars. Log scale",
    )
    left = 300.0
    for position, row in enumerate(data.itertuples()):
        colour = ORANGE if row.kind == "funding" else BLUE
        open_below = row.low_usd <= left
        axes.hlines(
            position,
            max(row.low_usd, left),
            row.high_usd,
            color=colour,
            linewidth=2 if open_below else 7,
            linestyle=":" if open_below else "-",
        )
        axes.plot(row.high_usd, position, "o", color=colour, markersize=8)
        text = ("up to " if open_below else "") + dollars_in_words(float(f"{row.high_usd:.2g}"))
        label_point(axes, row.high_usd, position, text, xytext=(8, 0), fontsize=9.5)
    log_dollar_axis(axes)
    axes.set_xlim(left, data["high_usd"].max() * 60)
    axes.set_xlabel("dollars a year. Blue: all holds paid for; orange: lost")
    axes.set_yticks(range(len(data)), data["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def against_title(rows: pd.DataFrame) -> str:
    """The finding: whether either side is the larger whatever case and loss are taken, by their upper ends."""
    paid, lost = (rows.loc[rows["kind"].eq(kind), "high_usd"] for kind in ("liability", "funding"))
    if paid.min() > lost.max():
        return "Paying for every hold costs more than every loss of money considered"
    if paid.max() < lost.min():
        return "Paying for every hold costs less than every loss of money considered"
    return "Which costs more, holding or refusing, depends on the case taken as typical and on the money lost"
