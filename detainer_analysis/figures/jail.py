"""Charts of one jail's bookings and detainers."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.style import BLUE, VERMILION, Drawing, label_point, open_chart


def missing_needed(rows: pd.DataFrame, statement: str) -> Drawing:
    """Which share of a jail's outcomes would have to be missing if a statement held, beside the shares on record.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``low_percent``, ``high_percent``, ``kind`` (``"needed"`` or ``"on record"``).
    statement : str
        Whose number it is, for the title.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        3.6,
        _needed_title(rows, statement),
        "Hennepin County sheriff (press, 2014); ICE records via NPR and ICE's fiscal 2015 workbook",
    )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.kind == "needed" else BLUE
        axes.hlines(position, row.low_percent, row.high_percent, color=colour, linewidth=8)
        axes.plot([row.low_percent, row.high_percent], [position, position], "|", color=colour, markersize=14)
        label_point(axes, row.high_percent, position, _range(row.low_percent, row.high_percent), xytext=(9, 0))
    axes.set_yticks(range(len(data)), data["label"])
    axes.set_ylim(-0.6, len(data) - 0.4)
    axes.set_xlim(-1, 100)
    axes.set_xlabel("outcomes missing, percent of detainers")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, rows)


def _range(low: float, high: float) -> str:
    return f"{low:.0f}%" if f"{low:.0f}" == f"{high:.0f}" else f"{low:.0f} to {high:.0f}%"


def _needed_title(rows: pd.DataFrame, statement: str) -> str:
    """Every range that the statement needs, as it is drawn."""
    needed = rows[rows["kind"].eq("needed")]
    parts = [
        f"{_range(row.low_percent, row.high_percent).removesuffix('%')} percent of the outcomes of {row.label}"
        for row in needed.itertuples()
    ]
    return f"{statement} needs {' and '.join(parts)} to be missing"


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
        f"In {len(data)} counties with a published share, at most {data['high_percent'].max():.2f} percent of bookings"
        " had a detainer",
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
