"""Charts of one jail's bookings and detainers."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import name_rows, no_value_axis
from detainer_analysis.figures.style import BLUE, INK, PALE, VERMILION, label_point
from detainer_analysis.intervals import Interval


@drawn_at_both_widths
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
        measure="Missing outcomes in percent of detainers: needed (vermilion), on record (blue)",
    )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.kind == "needed" else BLUE
        axes.hlines(position, row.low_percent, row.high_percent, color=colour, linewidth=8)
        axes.plot([row.low_percent, row.high_percent], [position, position], "|", color=colour, markersize=14)
    axes.set_ylim(-0.6, len(data) - 0.4)
    axes.set_xlim(-1, 100)
    axes.xaxis.set_major_formatter(mpl.ticker.PercentFormatter(decimals=0))
    said = [_range(row.low_percent, row.high_percent) for row in data.itertuples()]
    name_rows(axes, data["label"], said, data["high_percent"], xytext=(9, 0))
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


@drawn_at_both_widths
def recorded_by_year(rows: pd.DataFrame, implied: Interval) -> Drawing:
    """Detainers on record at a jail by year, against the number that a statement stands for.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``year``, ``recorded`` (detainers with an outcome, a lower bound of the year).
    implied : Interval
        Detainers in a year if the statement held.
    """
    above = rows["recorded"].gt(implied.high)
    years = " and ".join(rows.loc[above, "year"].astype(str)) or "no year"
    figure, axes = open_chart(
        4.0,
        f"Only in {years} (vermilion) are more detainers on record than the sheriff's number allows"
        if above.any()
        else "In no year are more detainers on record than the sheriff's number allows",
        "ICE records via NPR; Hennepin County sheriff (press, 2014). 2015 to 19 July",
        measure="Detainers with a recorded outcome by year, at the least; missing outcomes would come on top",
    )
    axes.axhspan(implied.low, implied.high, color=PALE, linewidth=0)
    whose = "" if is_narrow() else "the sheriff's number, "
    words = f"{whose}{implied.low:.0f} to {implied.high:.0f} a year"
    label_point(axes, len(rows) - 0.45, implied.high, words, ha="right", va="bottom", xytext=(0, 3))
    axes.bar(range(len(rows)), rows["recorded"], color=above.map({True: VERMILION, False: BLUE}), width=0.6)
    top = max(rows["recorded"].max(), implied.high) * 1.12
    for position, value in enumerate(rows["recorded"]):
        inside = value > top / 5
        at, colour = (0, "white") if inside else (value, INK)
        label_point(axes, position, at, f"{value:,}", ha="center", va="bottom", xytext=(0, 6), color=colour)
    axes.set_xticks(range(len(rows)), rows["year"])
    axes.set_xlim(-0.6, len(rows) - 0.4)
    axes.set_ylim(0, top)
    no_value_axis(axes)
    return Drawing(figure, rows)
