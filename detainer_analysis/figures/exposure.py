"""Charts of federal money that an order could have reached."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import bars_only, name_rows
from detainer_analysis.figures.style import BLUE, ORANGE, PALE, SKY, VERMILION, dollars_in_words
from detainer_analysis.measures.exposure import ALL, ON_PAPER, days_standing


@drawn_at_both_widths
def exposure(rows: pd.DataFrame) -> Drawing:
    """The most that each reading of an order exposes, in dollars and per resident.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``county``, ``scenario``, ``high_usd``, ``high_usd_per_resident``.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        4.4,
        exposure_title(rows),
        "Star Tribune; Hennepin County budget and board; City of Saint Paul",
        measure="Dollars a year at the most, and dollars a resident: Hennepin County (blue), Ramsey County (orange)",
    )
    said = []
    for position, row in enumerate(data.itertuples()):
        axes.barh(position, row.high_usd / 1e6, color=BLUE if row.county == "Hennepin" else ORANGE, height=0.62)
        usd, each = row.high_usd / 1e6, row.high_usd_per_resident
        text = f"{usd:.{0 if usd >= 10 else 1}f} million, {each:.{0 if each >= 10 else 2}f} a resident"
        said.append(text if row.high_usd else "nothing")
    axes.set_xlim(0, data["high_usd"].max() / 1e6 * (1.05 if is_narrow() else 1.9))
    bars_only(axes)
    name_rows(axes, data["county"] + ": " + data["scenario"], said, data["high_usd"] / 1e6, fontsize=9.5)
    return Drawing(figure, data)


def exposure_title(rows: pd.DataFrame) -> str:
    """The finding: the least and the most dollars that the readings expose, for the county with the largest sum."""
    largest = rows.loc[rows["high_usd"].idxmax()]
    low = rows.loc[rows["county"].eq(largest["county"]), "high_usd"].min()
    least = "nothing" if low == 0 else dollars_in_words(float(f"{low:.3g}"))
    most = dollars_in_words(float(f"{largest['high_usd']:.3g}"))
    return f"What {largest['county']} County had exposed runs from {least} to {most}, by the reading of the order"


@drawn_at_both_widths
def standing(steps: pd.DataFrame, last: pd.Timestamp) -> Drawing:
    """What federal orders claimed of three counties and courts had not blocked, over time.

    Parameters
    ----------
    steps : pandas.DataFrame
        ``place``, ``date``, ``left`` (see `measures.exposure.standing`).
    last : pandas.Timestamp
        Where the chart ends.
    """
    looks: dict[str, dict[str, Any]] = {
        ALL: {"facecolor": VERMILION, "edgecolor": "white"},
        ON_PAPER: {"facecolor": "white", "edgecolor": VERMILION, "hatch": "////"},
        f"part of {ALL}": {"facecolor": ORANGE, "edgecolor": "white"},
        "Byrne JAG": {"facecolor": SKY, "edgecolor": "white"},
        "nothing": {"facecolor": PALE, "edgecolor": "white"},
    }
    words = {
        ALL: "all federal money",
        ON_PAPER: "all of it on paper: held unconstitutional,\nthe order against it binds in California only",
        f"part of {ALL}": "part of it",
        "Byrne JAG": "Byrne JAG only",
        "nothing": "nothing claimed, or all of it blocked",
    }
    figure, axes = open_chart(
        4.4,
        standing_title(steps, last),
        "rulings and orders of 2017 to 2026; our reading of each step, with its reason",
        measure="What federal orders claimed of each county and no court had blocked, by day",
    )
    places = list(dict.fromkeys(steps["place"]))
    for row, place in enumerate(reversed(places)):
        own = steps[steps["place"].eq(place)]
        ends = [*own["date"].iloc[1:], last]
        for step, end in zip(own.itertuples(), ends, strict=True):
            axes.barh(row, end - step.date, left=step.date, height=0.55, **looks[step.left])
    axes.set_xlim(pd.Timestamp("2016-10-01"), last)
    axes.set_ylim(-0.5, len(places) + 0.9)
    name_rows(axes, places[::-1], head=110)
    axes.xaxis.set_major_locator(mdates.YearLocator(3 if is_narrow() else 1))
    handles = [mpl.patches.Patch(label=words[name], **look) for name, look in looks.items()]
    axes.legend(handles=handles, loc="upper left", ncols=1 if is_narrow() else 2, frameon=False, fontsize=9)
    return Drawing(figure, steps[["place", "date", "left"]])


def standing_title(steps: pd.DataFrame, last: pd.Timestamp) -> str:
    """The finding: for how many days the claim on all federal money stood, by the year in which a spell began."""
    spells = days_standing(steps, last)
    parts = []
    for year, days in spells.groupby(spells["begin"].dt.year)["days"]:
        span = f"{days.min()} to {days.max()}" if days.max() > days.min() else f"{days.min()}"
        parts.append(f"{span} days from {spells.loc[days.index, 'begin'].min():%B} {year}")
    return f"The claim on all federal money stood unblocked for {' and '.join(parts)}"
