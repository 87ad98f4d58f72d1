"""Charts of what holds have cost, and of the decision model."""

from __future__ import annotations

import textwrap

import pandas as pd

from detainer_analysis.figures.style import (
    BLUE,
    GREEN,
    ORANGE,
    PALE,
    VERMILION,
    Drawing,
    bars_only,
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
    classes = data.loc[data["group"].eq("settled, class"), "high_usd"].max()
    single = data.loc[data["group"].eq("settled, single"), "high_usd"].min()
    figure, axes = open_chart(
        6.4,
        f"Settled class suits cost up to {dollars_rounded(classes)} a person held, single settlements"
        f" {dollars_rounded(single)} and more",
        f"liability_cases.csv, fees included where known; dollars of {year} (BLS). Log scale",
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


def liability_against_funding(rows: pd.DataFrame) -> Drawing:
    """Ranges of the decision model: yearly liability under three readings of the sample, and funding lost.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``kind`` (``"liability"`` or ``"funding"``), ``low``, ``median``, ``high`` in dollars a year.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        3.8,
        "MODEL: which risk is larger depends on what the published cases stand for",
        "decision model of notebook 06, 5th to 95th percentile of its draws. Log scale",
    )
    for position, row in enumerate(data.itertuples()):
        colour = ORANGE if row.kind == "funding" else BLUE
        axes.hlines(position, row.low, row.high, color=colour, linewidth=8)
        axes.plot(row.median, position, "o", color="white", markeredgecolor=colour, markeredgewidth=2, markersize=9)
        axes.annotate(
            f"{_short(row.low)} to {_short(row.high)}, median {_short(row.median)}",
            (row.median, position),
            xytext=(0, 10),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    log_dollar_axis(axes)
    axes.set_ylim(-0.4, len(data) - 0.4)
    axes.set_xlim(data["low"].min() / 30, data["high"].max() * 10)
    axes.set_xlabel("dollars a year, one county")
    axes.set_yticks(range(len(data)), data["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def _short(value: float) -> str:
    """Dollars to two significant digits: ``"$1.2 million"``."""
    return dollars_in_words(float(f"{value:.2g}"))


def sensitivity(indices: pd.DataFrame) -> Drawing:
    """Sobol indices of the decision model.

    Parameters
    ----------
    indices : pandas.DataFrame
        Indexed by input: ``first_order``, ``total``.
    """
    data = indices.iloc[::-1]
    first = indices.index[0].replace("_usd", "").replace("_", " ")
    figure, axes = open_chart(
        4.2,
        f"MODEL: {indices['total'].iloc[0]:.0%} of the answer's variance hangs on one input, {first}",
        "Sobol indices (Saltelli 2010, SciPy) of the log of liability over funding lost",
    )
    axes.barh(range(len(data)), data["total"], color=PALE, label="with interactions")
    axes.barh(range(len(data)), data["first_order"], height=0.45, color=BLUE, label="alone")
    for position, value in enumerate(data["total"]):
        label_point(axes, value, position, f"{value:.0%}")
    axes.set_yticks(range(len(data)), [name.replace("_usd", "").replace("_", " ") for name in data.index])
    axes.set_xlim(0, 1.1 * data["total"].max())
    bars_only(axes)
    axes.legend(loc="lower right", frameon=False)
    return Drawing(figure, data.rename_axis("input").reset_index())


def timeline(events: pd.DataFrame) -> Drawing:
    """Policies, rulings, funding threats and payouts from 2008 to 2026, from the top down, narrow for a phone.

    Parameters
    ----------
    events : pandas.DataFrame
        ``date``, ``lane`` (``"policies"``, ``"rulings"``, ``"funding"``, ``"payouts"``), ``label``.
    """
    data = events.sort_values("date", kind="stable").reset_index(drop=True)
    lanes = {"policies": BLUE, "rulings": GREEN, "funding": ORANGE, "payouts": VERMILION}
    figure, axes = open_chart(
        9.6,
        "Rulings and policies of 2014 came first, payouts of millions from 2020 on",
        "hand/timeline_events.csv, which names\nthe table of each event",
        width=4.4,
    )
    for place, (name, colour) in enumerate(lanes.items()):
        at = (place % 2 * 0.5, -1.8 + place // 2 * 0.75)
        axes.plot(*at, "o", color=colour, markersize=8, clip_on=False)
        label_point(axes, *at, name, xytext=(11, 0), fontsize=10.5, fontweight="bold")
    for position, row in enumerate(data.itertuples()):
        colour = lanes[row.lane]
        axes.plot(0, position, "o", color=colour, markersize=8, clip_on=False)
        axes.annotate(
            f"{row.date:%Y}", (0, position), xytext=(-10, 0), textcoords="offset points", ha="right", va="center"
        )
        axes.annotate(
            textwrap.fill(row.label, 38),
            (0, position),
            xytext=(11, 0),
            textcoords="offset points",
            va="center",
            fontsize=10.5,
            linespacing=1.0,
        )
    axes.vlines(0, 0, len(data) - 1, color=PALE, linewidth=2, zorder=0)
    axes.set_ylim(len(data) - 0.4, -2.1)
    axes.set_xlim(-0.14, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_axis_off()
    return Drawing(figure, data)
