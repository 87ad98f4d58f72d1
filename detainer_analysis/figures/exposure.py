"""Charts of federal money that an order could have reached."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd

from detainer_analysis.figures.style import (
    BLUE,
    ORANGE,
    PALE,
    SKY,
    VERMILION,
    Drawing,
    dollars_in_words,
    log_dollar_axis,
    open_chart,
)


def exposure(rows: pd.DataFrame) -> Drawing:
    """Money exposed under each scenario, on a logarithmic axis.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``county``, ``scenario``, ``low_usd``, ``high_usd``.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    ends = data.groupby("county")["high_usd"].agg(["max", "min"])
    factor = int((ends["max"] / ends["min"]).min())
    figure, axes = open_chart(
        4.2,
        f"What was exposed depends on the reading of the order, by a factor of {factor} or more",
        "Star Tribune; Hennepin County budget and board; City of Saint Paul (grants_at_risk.csv). Log scale",
    )
    for position, row in enumerate(data.itertuples()):
        colour = BLUE if row.county == "Hennepin" else ORANGE
        axes.hlines(position, row.low_usd, row.high_usd, color=colour, linewidth=7)
        axes.plot(row.high_usd, position, "o", color=colour, markersize=7)
        axes.annotate(
            row.text, (row.high_usd, position), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9.5
        )
    log_dollar_axis(axes)
    axes.set_xlim(1e5, 3e9)
    axes.set_yticks(range(len(data)), data["county"] + ": " + data["scenario"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def standing(steps: pd.DataFrame, last: pd.Timestamp) -> Drawing:
    """What federal orders claimed of three counties and courts had not blocked, over time.

    Parameters
    ----------
    steps : pandas.DataFrame
        ``place``, ``date``, ``left`` (see `funding.standing`).
    last : pandas.Timestamp
        Where the chart ends.
    """
    colours = {"all": VERMILION, "part": ORANGE, "Byrne": SKY, "nothing": PALE}
    words = {
        "all": "all federal money",
        "part": "part of it",
        "Byrne": "Byrne JAG only",
        "nothing": "nothing claimed, or all of it blocked",
    }
    figure, axes = open_chart(
        3.9,
        "The claim on all federal money stood for months in 2017, then on paper, then again in 2025",
        "legal_timeline.csv, read by exposure_steps.csv; on paper: held unconstitutional, blocked in California only",
    )
    places = list(dict.fromkeys(steps["place"]))
    for row, place in enumerate(reversed(places)):
        own = steps[steps["place"].eq(place)]
        ends = [*own["date"].iloc[1:], last]
        for step, end in zip(own.itertuples(), ends, strict=True):
            colour = colours[step.left.split()[0]]
            axes.barh(row, end - step.date, left=step.date, height=0.55, color=colour, edgecolor="white")
    axes.set_yticks(range(len(places)), list(reversed(places)))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(pd.Timestamp("2016-10-01"), last)
    axes.set_ylim(-0.5, len(places) + 0.4)
    handles = [mpl.patches.Patch(color=colours[name], label=text) for name, text in words.items()]
    axes.legend(handles=handles, loc="upper center", ncols=2, frameon=False, fontsize=9)
    return Drawing(figure, steps[["place", "date", "left"]])


def tornado(table: pd.DataFrame, base: float, inputs: dict[str, tuple[str, str]], title: str) -> Drawing:
    """How far each input alone moves an answer in dollars, on a logarithmic axis.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by input, the strongest first: ``at_low``, ``at_high``; an answer of zero is drawn at the left edge.
    base : float
        The answer with every input at its base.
    inputs : dict
        Words for the low and high value of each input.
    title : str
        The finding.
    """
    data = table.iloc[::-1]
    floor = 10 ** np.floor(np.log10(data[["at_low", "at_high"]].where(lambda values: values > 0).min().min()) - 1)
    figure, axes = open_chart(3.9, title, "federal_share.csv, grants_at_risk.csv, funding_outcomes.csv. Log scale")
    for position, (name, row) in enumerate(data.iterrows()):
        ends = sorted((max(row["at_low"], floor), max(row["at_high"], floor)))
        axes.hlines(position, *ends, color=BLUE, linewidth=9)
        low, high = inputs[str(name)]
        nothing = " (nothing left)" if min(row["at_low"], row["at_high"]) <= 0 else ""
        short = ends[0] > base / 10
        at: dict[str, Any] = (
            {"xytext": (-5, 0), "ha": "right", "va": "center"} if short else {"xytext": (0, 9), "ha": "left"}
        )
        axes.annotate(low + nothing, (ends[0], position), textcoords="offset points", fontsize=9, **at)
        if ends[1] > base:
            axes.annotate(high, (ends[1], position), xytext=(5, 0), textcoords="offset points", fontsize=9, va="center")
    axes.axvline(base, color=VERMILION, linewidth=1.6)
    axes.annotate(
        dollars_in_words(base),
        (base, len(data) - 0.3),
        xytext=(-5, 0),
        textcoords="offset points",
        ha="right",
    )
    log_dollar_axis(axes)
    axes.set_xlim(floor, base * 12)
    axes.set_ylim(-0.5, len(data))
    axes.set_yticks(range(len(data)), [str(name) for name in data.index])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data[["low", "high", "at_low", "at_high"]].rename_axis("input").reset_index())
