"""Charts of what holds have cost, and of what that is against money lost."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import name_rows
from detainer_analysis.figures.style import (
    BLUE,
    GREEN,
    ORANGE,
    VERMILION,
    dollars_in_words,
    dollars_rounded,
    log_dollar_axis,
)


@drawn_at_both_widths
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
        f"court papers, settlements and news, fees included where known; dollars of {year} (BLS)",
        measure="Dollars a person held, by case and year; log scale",
    )
    left, said = 150.0, []
    for position, row in enumerate(data.itertuples()):
        colour = colours[row.group]
        if row.low_usd == 0:
            axes.hlines(position, left, row.high_usd, color=colour, linewidth=2, linestyle=":")
        axes.plot(row.high_usd, position, "o", color=colour, markersize=8)
        said.append(("up to " if row.low_usd == 0 else "") + dollars_rounded(row.high_usd))
    log_dollar_axis(axes)
    axes.set_xlim(left, data["high_usd"].max() * (2 if is_narrow() else 15))
    name_rows(axes, data["label"], said, data["high_usd"], head=70, xytext=(8, 0))
    for name, colour in colours.items():
        axes.plot([], [], "o", color=colour, label=name)
    axes.legend(loc="upper left" if is_narrow() else "lower right", frameon=False, fontsize=9.5)
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


@drawn_at_both_widths
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
        "court papers, settlements, budgets and news; 2017 dollars",
        measure="Dollars a year: all holds paid for (blue), lost by refusing (orange); log scale",
    )
    left, said = 300.0, []
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
        said.append(("up to " if open_below else "") + dollars_in_words(float(f"{row.high_usd:.2g}")))
    log_dollar_axis(axes)
    axes.set_xlim(left, data["high_usd"].max() * (2 if is_narrow() else 60))
    name_rows(axes, data["label"], said, data["high_usd"], xytext=(8, 0), fontsize=9.5)
    return Drawing(figure, data)


def against_title(rows: pd.DataFrame) -> str:
    """The finding: whether either side is the larger whatever case and loss are taken, by their upper ends."""
    paid, lost = (rows.loc[rows["kind"].eq(kind), "high_usd"] for kind in ("liability", "funding"))
    if paid.min() > lost.max():
        return "Paying for every hold costs more than every loss of money considered"
    if paid.max() < lost.min():
        return "Paying for every hold costs less than every loss of money considered"
    return "Which costs more, holding or refusing, depends on the case taken as typical and on the money lost"
