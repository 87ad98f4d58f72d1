"""Charts of local limits and declines."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.canvas import (
    Drawing,
    drawn_at_both_widths,
    is_narrow,
    open_chart,
    open_panels,
    set_height,
    words_height,
)
from detainer_analysis.figures.rows import label_months, name_rows
from detainer_analysis.figures.style import BLUE, GREY, INK, ORANGE, PALE, SKY, VERMILION, label_point
from detainer_analysis.policy.before_after import LIMITED, NONE_FOUND

_GROUPS = {"limit in force": BLUE, "limit later": ORANGE, "none found": GREY}


_RECORDS_AND_DATES = "ICE's fiscal 2015 workbook; dates of limits from laws, news and lists"


_YEARS_AND_DATES = "NPR's aggregate of ICE's records; dates of limits from laws, news and lists"


@drawn_at_both_widths
def declines_by_limit_year(rows: pd.DataFrame) -> Drawing:
    """Declines of county jails by year and group on a scale of ratios.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group``, ``year``, ``declined``; whole years.
    """
    wide = rows.pivot(index="year", columns="group", values="declined")
    growth = wide.iloc[-1] / wide.iloc[-2]
    figure, axes = open_chart(
        4.2,
        f"Recorded declines grew {growth[LIMITED]:.0f}-fold in {wide.index[-1]} where a limit began that year,"
        f" {growth[NONE_FOUND]:.0f}-fold where none was found",
        _YEARS_AND_DATES,
        measure="Recorded declines of county jails by year of preparation; log scale",
    )
    for group, colour in {LIMITED: BLUE, NONE_FOUND: GREY}.items():
        axes.plot(wide.index, wide[group], "o-", color=colour, label=group)
        above = {"va": "bottom", "ha": "right", "xytext": (0, 5)} if is_narrow() and group == LIMITED else {}
        label_point(axes, wide.index[-1], wide[group].iloc[-1], f"{wide[group].iloc[-1]:,}", color=colour, **above)
    axes.set_yscale("log")
    axes.set_yticks([10, 100, 1000, 10_000], ["10", "100", "1,000", "10,000"])
    axes.yaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set_ylim(15, 100_000 if is_narrow() else 12_000)
    axes.set_xlim(wide.index[0] - 0.2, wide.index[-1] + 0.6)
    axes.set_xticks(wide.index)
    axes.legend(frameon=False, loc="upper left")
    return Drawing(figure, rows)


@drawn_at_both_widths
def ratios_of_ratios(rows: pd.DataFrame) -> Drawing:
    """How many times more declines grew where a limit began, by comparison, with intervals.

    Parameters
    ----------
    rows : pandas.DataFrame
        Indexed by ``comparison``: ``kind``, ``ratio``, ``low``, ``high``.
    """
    main, earlier = rows[rows["kind"].eq("2014")].iloc[0], rows[rows["kind"].eq("earlier years")]
    quiet = (earlier["low"].le(1) & earlier["high"].ge(1)).all()
    figure, axes = open_chart(
        4.4,
        f"Declines grew {main['ratio']:.1f} times as much where a limit began in 2014; "
        + ("in earlier years no difference can be told" if quiet else "earlier years differ too"),
        _YEARS_AND_DATES,
        measure="Ratio of ratios of declines, 95 percent interval, log scale: 2014 (vermilion), its parts (blue)",
    )
    colours = {"2014": VERMILION, "earlier years": GREY, "parts": BLUE}
    for position, (_, row) in enumerate(rows.iloc[::-1].iterrows()):
        axes.hlines(position, row["low"], row["high"], color=colours[row["kind"]], linewidth=2.5)
        axes.plot(row["ratio"], position, "o", color=colours[row["kind"]], markersize=7)
    axes.axvline(1, color=GREY, linewidth=1, linestyle="--")
    axes.set_xscale("log")
    axes.set_xticks([0.25, 0.5, 1, 2, 4, 8], ["1/4", "1/2", "1", "2", "4", "8"])
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set_xlim(0.22, 8.5 if is_narrow() else 13)
    upwards = rows.iloc[::-1]
    name_rows(axes, upwards.index, [f"{ratio:.2f}" for ratio in upwards["ratio"]], [9] * len(rows), fontsize=10)
    return Drawing(figure, rows.reset_index()[["comparison", "kind", "ratio", "low", "high"]])


@drawn_at_both_widths
def philadelphia(rows: pd.DataFrame, order: str) -> Drawing:
    """What became of the detainers sent to Philadelphia's jails, by month of preparation.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``month``, ``detainers``, ``declined``, ``booked_into_detention``; whole months in order.
    order : str
        Month of the mayor's order.
    """
    before, after = (rows[rows["month"].lt(order)], rows[rows["month"].gt(order)])
    shares = [part["declined"].sum() / part["detainers"].sum() * 100 for part in (before, after)]
    figure, axes = open_chart(
        4.2,
        f"In Philadelphia {shares[0]:.0f} percent of the detainers of the months before the order were declined,"
        f" {shares[1]:.0f} percent after it",
        "Pennsylvania's part of ICE's records",
        measure="Detainers to the city's jails and police by month of preparation; declined in vermilion",
    )
    styles = {
        "detainers": (PALE, "all detainers"),
        "booked_into_detention": (SKY, "booked into ICE detention"),
        "declined": (VERMILION, "declined"),
    }
    for column, (colour, label) in styles.items():
        axes.plot(range(len(rows)), rows[column], "o-", markersize=4, color=colour, label=label)
    at = rows["month"].tolist().index(order)
    axes.axvline(at, ymax=0.66 if is_narrow() else 1, color=INK, linewidth=1, linestyle="--")
    axes.set_ylim(0, rows["detainers"].max() * (1.9 if is_narrow() else 1.12))
    label_point(
        axes,
        at,
        0.64 if is_narrow() else 1,
        "order of the mayor",
        xycoords=("data", "axes fraction"),
        xytext=(5 if is_narrow() else -5, 0),
        ha="left" if is_narrow() else "right",
        va="top",
        fontsize=9.5,
    )
    label_months(axes, rows["month"])
    axes.legend(frameon=False, loc="upper right")
    return Drawing(figure, rows)


@drawn_at_both_widths
def travis_jail_days(rows: pd.DataFrame, began: str) -> Drawing:
    """Days in jail of people with a detainer in Travis County and in the rest of Texas, against a month before.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``month``, ``Travis County``, ``elsewhere``: days; a month without figures is empty.
    began : str
        First month of the county's new rule.
    """
    before = rows[rows["month"].lt(began)].dropna().iloc[-1]
    here = rows[rows["month"].eq(began)].iloc[0]
    change = {place: (here[place] / before[place] - 1) * 100 for place in ("Travis County", "elsewhere")}
    verb = {place: f"{'fell' if value < 0 else 'rose'} {abs(value):.0f} percent" for place, value in change.items()}
    figure, axes = open_chart(
        4.2,
        f"From {before['month']} to {began} the jail days of people with a detainer {verb['Travis County']} in Travis"
        f" County; elsewhere in Texas they {verb['elsewhere']}",
        "Texas Commission on Jail Standards; January 2017 is missing",
        measure=f"Jail days of people with a detainer by month, {before['month']} is 100",
    )
    for place, colour in {"Travis County": VERMILION, "elsewhere": GREY}.items():
        line = rows[place].astype(float) / before[place] * 100
        axes.plot(range(len(rows)), line, "o-", markersize=4, color=colour, label=place)
    at = rows["month"].tolist().index(began)
    axes.axvline(at, ymax=0.7 if is_narrow() else 1, color=INK, linewidth=1, linestyle="--")
    axes.set_ylim(0, 165 if is_narrow() else None)
    label_point(axes, at, 8, "new rule of 1 February", fontsize=9.5)
    label_months(axes, rows["month"])
    axes.legend(frameon=False, loc="upper left" if is_narrow() else "lower left")
    return Drawing(figure, rows)


@drawn_at_both_widths
def limit_groups(rows: pd.DataFrame) -> Drawing:
    """Decline share of county jails by month and by limit, once of all detainers and once of recorded outcomes.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group``, ``month``, ``percent_of_all``, ``percent_of_recorded``.
    """
    months = sorted(rows["month"].unique())
    share = rows.pivot(index="month", columns="group", values="percent_of_all")
    limit, none = share["limit in force"], share["none found"]
    figure, panels = open_panels(
        2,
        4.2,
        f"Jails with a limit declined {limit.iloc[0]:.0f} percent of the detainers of {months[0]} and"
        f" {limit.iloc[-1]:.0f} of {months[-1]}; without one it was {none.min():.1f} to {none.max():.1f} throughout",
        _RECORDS_AND_DATES,
        measure="Declined detainers in percent, by month of preparation and by the limit on the jail",
    )
    names = {"percent_of_all": "of all detainers", "percent_of_recorded": "of recorded outcomes"}
    for axes, (column, name) in zip(panels, names.items(), strict=True):
        for group, colour in _GROUPS.items():
            line = rows[rows["group"].eq(group)].set_index("month")[column].reindex(months)
            axes.plot(range(len(months)), line, "o-", color=colour, markersize=4, label=group)
        axes.set_title(f"percent {name}", fontsize=11, fontweight="normal")
        label_months(axes, months)
    panels[0].set_ylim(0, rows["percent_of_recorded"].max() * 1.05)
    panels[0].legend(frameon=False, loc="upper right")
    return Drawing(figure, rows)


@drawn_at_both_widths
def states(rows: pd.DataFrame, pooled: pd.Series) -> Drawing:
    """Odds ratio of every state, with its interval, and the mean of the states.

    Parameters
    ----------
    rows : pandas.DataFrame
        Indexed by ``state``: ``odds_ratio``, ``low``, ``high``.
    pooled : pandas.Series
        ``odds_ratio``, ``low``, ``high``.
    """
    rows = rows.sort_values("odds_ratio")
    below = rows[rows["high"].lt(1)].index
    figure, axes = open_chart(
        6.2,
        f"In {rows['odds_ratio'].gt(1).sum()} of {len(rows)} states jails with a limit declined more often; "
        + (f"only in {below[0]} clearly less" if len(below) == 1 else f"clearly less in {len(below)}"),
        _RECORDS_AND_DATES,
        measure="Odds ratio of a decline with a limit in force, 95 percent interval (cut at 1/20 and 300), log scale",
    )
    for position, row in enumerate(rows.itertuples(), start=1):
        colour = VERMILION if row.high < 1 else BLUE
        axes.hlines(position, max(row.low, 0.05), min(row.high, 300), color=colour, linewidth=2)
        axes.plot(row.odds_ratio if row.odds_ratio < 300 else 300, position, "o", color=colour, markersize=5)
        label_point(axes, 420, position, f"{row.odds_ratio:,.1f}", fontsize=9)
    axes.hlines(0, pooled["low"], pooled["high"], color=INK, linewidth=4)
    axes.plot(pooled["odds_ratio"], 0, "D", color=INK, markersize=8)
    label_point(axes, 420, 0, f"{pooled['odds_ratio']:.1f}", fontsize=9)
    axes.axvline(1, color=GREY, linewidth=1, linestyle="--")
    axes.set_xscale("log")
    axes.set_xticks([0.1, 1, 10, 100], ["1/10", "1", "10", "100"])
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set_xlim(0.045, 2000)
    axes.set_yticks(range(len(rows) + 1), ["mean", *rows.index])
    if is_narrow():
        set_height(figure, words_height(figure) + 0.24 * (len(rows) + 2))
    return Drawing(figure, rows.reset_index()[["state", "odds_ratio", "low", "high"]])


@drawn_at_both_widths
def specification_curve(rows: pd.DataFrame, main: str) -> Drawing:
    """Odds ratio of a decline, with its interval, under every specification.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``specification``, ``planned``, ``odds_ratio``, ``odds_low``, ``odds_high``, ordered.
    main : str
        Name of the main estimate.
    """
    ends = rows["odds_ratio"].iloc[[0, -1]].tolist()
    figure, axes = open_chart(
        7.0,
        f"Which states and which limits count moves the odds ratio from {ends[0]:.2g} to {ends[1]:.2g}",
        _RECORDS_AND_DATES,
        measure="Odds ratio of a decline with a limit in force, 95 percent interval, log scale",
    )
    for position, row in enumerate(rows.itertuples()):
        colour = VERMILION if row.specification == main else BLUE if row.planned else ORANGE
        axes.hlines(position, row.odds_low, row.odds_high, color=colour, linewidth=2)
        axes.plot(row.odds_ratio, position, "o", color=colour, markersize=6)
    axes.axvline(1, color=GREY, linewidth=1, linestyle="--")
    axes.set_xscale("log")
    axes.set_xticks([0.25, 0.5, 1, 2, 4, 8, 16, 32], ["1/4", "1/2", "1", "2", "4", "8", "16", "32"])
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set_xlim(0.14, 33 if is_narrow() else 72)
    said = [f"{ratio:.2f}" for ratio in rows["odds_ratio"]]
    name_rows(axes, rows["specification"], said, [36] * len(rows), head=75, fontsize=9)
    for colour, label in ((VERMILION, "main estimate"), (BLUE, "planned alternative"), (ORANGE, "added afterwards")):
        axes.plot([], [], "o-", color=colour, label=label)
    axes.legend(loc="upper left", edgecolor="none", framealpha=1, fontsize=9.5)
    return Drawing(figure, rows)
