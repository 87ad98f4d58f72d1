"""Charts of local limits and declines."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    SKY,
    VERMILION,
    Drawing,
    label_point,
    open_chart,
    open_panels,
)

_GROUPS = {"limit in force": BLUE, "limit later": ORANGE, "none found": GREY}


_RECORDS_AND_DATES = "ICE's fiscal 2015 workbook; data/reported/policy_dates.csv"


def limit_groups(rows: pd.DataFrame) -> Drawing:
    """Decline share of county jails by month and by limit, once of all detainers and once of recorded outcomes.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group``, ``month``, ``percent_of_all``, ``percent_of_recorded``.
    """
    figure, grid = open_panels(
        1,
        2,
        4.2,
        "County jails where a limit was in force declined more, by either denominator, in every month",
        _RECORDS_AND_DATES,
    )
    months = sorted(rows["month"].unique())
    for axes, (column, name) in zip(
        grid[0],
        {"percent_of_all": "of all detainers", "percent_of_recorded": "of recorded outcomes"}.items(),
        strict=True,
    ):
        for group, colour in _GROUPS.items():
            line = rows[rows["group"].eq(group)].set_index("month")[column].reindex(months)
            axes.plot(range(len(months)), line, "o-", color=colour, markersize=4, label=group)
        axes.set_title(f"declined, percent {name}", fontsize=11, fontweight="normal")
        axes.set_xticks(range(0, len(months), 3), [months[n] for n in range(0, len(months), 3)])
    grid[0][0].set_ylim(0, rows["percent_of_recorded"].max() * 1.05)
    grid[0][0].legend(frameon=False, loc="upper right")
    return Drawing(figure, rows)


def six_counties(rows: pd.DataFrame, titles: dict[str, str]) -> Drawing:
    """Detainers, recorded outcomes and declines of six counties' jails by month.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``county_fips``, ``month``, ``detainers``, ``recorded``, ``declined``.
    titles : dict
        Title of each county's chart, by FIPS.
    """
    figure, grid = open_panels(
        2,
        3,
        5.4,
        "In five of the six counties a limit was in force throughout; only in Travis none was",
        _RECORDS_AND_DATES,
    )
    months = sorted(rows["month"].unique())
    styles = {"detainers": (PALE, "all"), "recorded": (SKY, "recorded outcome"), "declined": (VERMILION, "declined")}
    for axes, (fips, title) in zip(grid.flat, titles.items(), strict=True):
        here = rows[rows["county_fips"].eq(fips)].set_index("month").reindex(months).fillna(0)
        total = max(here["detainers"].sum(), 1)
        for column, (colour, label) in styles.items():
            axes.plot(range(len(months)), here[column] / total * 100, color=colour, linewidth=2.2, label=label)
        axes.set_title(title, fontsize=10, fontweight="normal")
        axes.set_xticks([0, 4, 8], [months[0], months[4], months[8]], fontsize=9)
    for axes in grid[:, 0]:
        axes.set_ylabel("percent of the county's\ndetainers in all months", fontsize=9)
    grid[0][0].legend(frameon=False, fontsize=8.5)
    return Drawing(figure, rows)


def specification_curve(rows: pd.DataFrame, main: str) -> Drawing:
    """Odds ratio of a decline, with its interval, under every specification.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``specification``, ``planned``, ``odds_ratio``, ``odds_low``, ``odds_high``, ordered.
    main : str
        Name of the main estimate.
    """
    figure, axes = open_chart(
        7.0,
        "The main estimate leaves both directions open; it turns on which Californian counties count as limited",
        _RECORDS_AND_DATES,
    )
    for position, row in enumerate(rows.itertuples()):
        colour = VERMILION if row.specification == main else BLUE if row.planned else ORANGE
        axes.hlines(position, row.odds_low, row.odds_high, color=colour, linewidth=2)
        axes.plot(row.odds_ratio, position, "o", color=colour, markersize=6)
        label_point(axes, 36, position, f"{row.odds_ratio:.2f}", fontsize=9)
    axes.axvline(1, color=GREY, linewidth=1, linestyle="--")
    axes.set_xscale("log")
    axes.set_xticks([0.25, 0.5, 1, 2, 4, 8, 16, 32], ["1/4", "1/2", "1", "2", "4", "8", "16", "32"])
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set_xlim(0.14, 72)
    axes.set_yticks(range(len(rows)), rows["specification"])
    axes.set_xlabel("odds ratio with a limit in force, and its 95 percent interval")
    for colour, label in ((VERMILION, "main estimate"), (BLUE, "planned alternative"), (ORANGE, "added afterwards")):
        axes.plot([], [], "o-", color=colour, label=label)
    axes.legend(loc="upper left", edgecolor="none", framealpha=1, fontsize=9.5)
    return Drawing(figure, rows)


def calibration(rows: pd.DataFrame) -> Drawing:
    """Fitted against recorded shares declined, in ten equal parts of the detainers.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``fitted_percent``, ``recorded_percent``.
    """
    figure, axes = open_chart(4.2, "Part by part, the fitted shares lie close to the recorded ones", _RECORDS_AND_DATES)
    end = float(rows[["fitted_percent", "recorded_percent"]].max().max()) * 1.05
    axes.plot([0, end], [0, end], color=PALE)
    axes.plot(rows["fitted_percent"], rows["recorded_percent"], "o", color=BLUE)
    axes.set_xlabel("declined by the model, percent of a tenth of the detainers")
    axes.set_ylabel("declined in the records, percent")
    return Drawing(figure, rows)


def declines_by_limit_year(rows: pd.DataFrame) -> Drawing:
    """Declines of county jails by year, and the share on the published rows, by group.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group``, ``year``, ``declined``, ``published_percent``.
    """
    figure, axes = open_chart(
        4.2,
        "Recorded declines rose in 2014 most where a limit began that year; the share on published rows misleads",
        "NPR's aggregate of ICE's records; data/reported/policy_dates.csv. 2015 to 19 July",
    )
    figure.delaxes(axes)
    grid = figure.subplots(1, 2, sharex=True)
    colours = dict(zip(sorted(rows["group"].unique()), (BLUE, GREY), strict=True))
    for chart, (column, name) in zip(
        grid,
        {"declined": "declines (complete)", "published_percent": "percent, published rows only"}.items(),
        strict=True,
    ):
        for group, here in rows.groupby("group"):
            chart.plot(here["year"], here[column], "o-", color=colours[group], label=group)
        chart.set_title(name, fontsize=11, fontweight="normal")
        chart.set_ylim(bottom=0)
    grid[0].legend(frameon=False)
    return Drawing(figure, rows)


def selection_by_reading(rows: pd.DataFrame) -> Drawing:
    """Ratio after to before that each reading of simulated jail-years finds, against the planted ratio.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``reading``, ``planted``, ``found``, ``low``, ``high``.
    """
    figure, axes = open_chart(
        3.6,
        "If jail-years without a decline are missing, a planted rise looks much smaller than it is",
        "simulation with a fixed seed; no row is a real record",
    )
    readings = list(dict.fromkeys(rows["reading"]))[::-1]
    for row in rows.itertuples():
        position = readings.index(row.reading)
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=3)
        axes.plot(row.found, position, "o", color=BLUE)
        axes.plot(row.planted, position, "|", color=VERMILION, markersize=22, markeredgewidth=2)
        axes.annotate(f"{row.found:.2f}", (row.found, position), xytext=(0, 9), textcoords="offset points", ha="center")
    axes.plot([], [], "|", color=VERMILION, markersize=12, markeredgewidth=2, label="planted")
    axes.legend(frameon=False, loc="upper center")
    axes.set_yticks(range(len(readings)), readings)
    axes.set_ylim(-0.6, len(readings) - 0.3)
    axes.set_xlim(0, rows["high"].max() * 1.1)
    axes.set_xlabel("share declined after, over share declined before")
    return Drawing(figure, rows)
