"""Charts of ICE's records."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd

from detainer_analysis.figures.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    VERMILION,
    Drawing,
    bars_only,
    label_point,
    open_chart,
)


def issuance(months: pd.DataFrame, breaks: dict[str, str]) -> Drawing:
    """Detainers per month, with the fit of a segmented regression where there is one.

    Parameters
    ----------
    months : pandas.DataFrame
        ``month`` (``YYYY-MM``), ``detainers``, ``fitted`` (missing outside the window of the fit).
    breaks : dict
        Name to month (``YYYY-MM``).
    """
    when = pd.PeriodIndex(months["month"], freq="M").to_timestamp()
    figure, axes = open_chart(
        4.6,
        "ICE prepared fewer detainers each year from 2011 on; two events fall into that decline",
        "ICE records via NPR, by month of preparation; line: segmented regression since October 2011",
    )
    axes.plot(when, months["detainers"], "o", color=BLUE, markersize=4)
    axes.plot(when, months["fitted"], color=INK, linewidth=1.5)
    for (name, month), height in zip(breaks.items(), (0.95, 0.84, 0.73), strict=False):
        at = pd.Timestamp(month)
        axes.axvline(at, color=VERMILION, linewidth=1.2)
        axes.annotate(
            name,
            (at, height),
            xycoords=("data", "axes fraction"),
            xytext=(-5, 0),
            textcoords="offset points",
            ha="right",
            color=VERMILION,
            fontsize=9.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    axes.set_ylim(0, 34000)
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylabel("detainers prepared in the month")
    return Drawing(figure, months)


def outcomes_by_age(shares: pd.DataFrame) -> Drawing:
    """Share of detainers with no outcome, declined and with another outcome, by month of preparation.

    Parameters
    ----------
    shares : pandas.DataFrame
        ``month``, ``none_percent``, ``declined_percent``, ``other_percent``.
    """
    figure, axes = open_chart(
        4.4,
        "Two in three outcomes are missing at any age of the record; newer ones hold fewer declines",
        "ICE workbook for fiscal 2015, released July 2015; percent of detainers prepared in the month",
    )
    bottom = pd.Series(0.0, index=shares.index)
    parts = {
        "none_percent": (PALE, "no outcome", INK),
        "declined_percent": (VERMILION, "declined", "white"),
        "other_percent": (BLUE, "another outcome", "white"),
    }
    for column, (colour, name, ink) in parts.items():
        axes.bar(shares["month"], shares[column], bottom=bottom, color=colour, width=0.85)
        middle = len(shares) // 2
        for position in (0, middle, len(shares) - 1):
            value = shares[column].iloc[position]
            axes.annotate(
                f"{value:.0f}%",
                (position, bottom.iloc[position] + value / 2),
                ha="center",
                va="center",
                color=ink,
                fontsize=9.5,
            )
        axes.annotate(
            name,
            (len(shares) - 0.45, bottom.iloc[-1] + shares[column].iloc[-1] / 2),
            va="center",
            color=INK if colour == PALE else colour,
            fontsize=9.5,
            annotation_clip=False,
        )
        bottom = bottom + shares[column]
    axes.set_xlim(-0.6, len(shares) + 1.3)
    axes.set_ylim(0, 101)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", length=0, labelsize=9)
    return Drawing(figure, shares)


def concentration(curve: pd.DataFrame, gini: float, top_ten: float) -> Drawing:
    """Lorenz curve of declines among places that declined.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``places_percent``, ``declines_percent``.
    gini, top_ten : float
        Gini coefficient; share of the ten largest decliners in percent.
    """
    figure, axes = open_chart(
        4.8,
        f"Ten places account for {top_ten:.0f} percent of the declines that have a place",
        "ICE records via NPR, declined detainers prepared January 2014 to July 2015",
    )
    axes.plot([0, 100], [0, 100], color=PALE)
    axes.plot(curve["places_percent"], curve["declines_percent"], color=BLUE, linewidth=2.5)
    axes.annotate("if all places declined alike", (46, 50), rotation=28, color=GREY, ha="center", fontsize=9.5)
    axes.annotate(f"Gini coefficient {gini:.2f}", (72, 12), color=BLUE, ha="right")
    axes.set_xlabel("places, from the fewest declines to the most, cumulative percent")
    axes.set_ylabel("declines, cumulative percent")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    return Drawing(figure, curve)


def largest_decliners(places: pd.DataFrame) -> Drawing:
    """Dot plot of the places with the most declines.

    Parameters
    ----------
    places : pandas.DataFrame
        ``place``, ``declined``; largest first.
    """
    data = places.iloc[::-1].reset_index(drop=True)
    figure, axes = open_chart(
        6.0,
        "Most of the largest decliners are county jails in California",
        "ICE records via NPR, declined detainers prepared January 2014 to July 2015; names as ICE writes them",
    )
    y = range(len(data))
    axes.hlines(y, 0, data["declined"], color=PALE, linewidth=1.5)
    axes.plot(data["declined"], y, "o", color=BLUE, markersize=8)
    for position, value in enumerate(data["declined"]):
        label_point(axes, value, position, f"{value:,.0f}", xytext=(9, 0))
    axes.set_yticks(list(y), data["place"], fontsize=9.5)
    axes.set_xlim(0, data["declined"].max() * 1.12)
    bars_only(axes)
    return Drawing(figure, data)


def before_and_after(years: pd.DataFrame) -> Drawing:
    """Declined and other recorded outcomes by year for a few jails.

    Parameters
    ----------
    years : pandas.DataFrame
        ``jail``, ``year``, ``declined``, ``other_outcomes``.
    """
    jails = list(dict.fromkeys(years["jail"]))
    figure, axes = open_chart(
        4.4,
        "At both jails that stopped in June 2014, recorded declines rise in that year and others fall",
        "ICE records via NPR, by year of preparation; 2015 to 19 July; numbers: declined / other recorded outcomes",
    )
    labels, data = [], []
    for jail in jails:
        rows = years[years["jail"].eq(jail)]
        for row in rows.itertuples():
            labels.append(f"{jail} {row.year}")
            data.append((row.declined, row.other_outcomes))
    y = np.arange(len(labels))[::-1]
    declined, other = (np.array(part, dtype=float) for part in zip(*data, strict=True))
    share = declined / (declined + other) * 100
    axes.barh(y, share, color=[VERMILION if int(label[-4:]) >= 2014 else BLUE for label in labels])
    for position, percent, (refused, rest) in zip(y, share, data, strict=True):
        label_point(axes, percent, position, f"{percent:.1f}%  ({refused:.0f} / {rest:.0f})")
    axes.set_yticks(y, labels)
    axes.set_xlim(0, 60)
    bars_only(axes)
    return Drawing(figure, years)
