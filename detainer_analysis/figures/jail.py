"""Charts of one jail's bookings and detainers."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.style import BLUE, VERMILION, Drawing, open_chart


def base_rates(rows: pd.DataFrame) -> Drawing:
    """Detainers a year at one jail, as implied by a statement and as the records bound it.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``low``, ``high``, ``kind`` (``"claim"`` or ``"records"``).
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        4.0,
        "The sheriff's 1.5 percent fits the records of 2013; it lies above those of 2014 and 2015",
        "Hennepin County sheriff (NBC News, 2014); ICE records via NPR and ICE's fiscal 2015 workbook",
    )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.kind == "claim" else BLUE
        axes.hlines(position, row.low, row.high, color=colour, linewidth=8)
        axes.plot([row.low, row.high], [position, position], "|", color=colour, markersize=12)
        axes.annotate(
            f"{row.low:,.0f} to {row.high:,.0f}",
            (row.high, position),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(data)), data["label"])
    axes.set_ylim(-0.6, len(data) - 0.4)
    axes.set_xlim(0, data["high"].max() * 1.3)
    axes.set_xlabel("detainers a year")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def detainer_shares(rows: pd.DataFrame) -> Drawing:
    """Detainers as a share of bookings at several jails, each from its own source.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``low_percent``, ``high_percent``.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        3.4,
        "Where a share of bookings is known, one to two in a hundred or fewer had a detainer",
        "Hennepin and Ramsey sheriffs (press, 2014); University of Washington study of Pierce County",
    )
    for position, row in enumerate(data.itertuples()):
        axes.hlines(position, row.low_percent, row.high_percent, color=BLUE, linewidth=8)
        text = (
            f"{row.low_percent:.2f} to {row.high_percent:.2f}%"
            if row.low_percent
            else f"less than {row.high_percent:g}%"
        )
        axes.annotate(text, (row.high_percent, position), xytext=(8, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(data)), data["label"])
    axes.set_ylim(-0.6, len(data) - 0.4)
    axes.set_xlim(0, 2.2)
    axes.set_xlabel("bookings with a detainer, percent")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)
