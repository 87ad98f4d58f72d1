"""Charts of measures. Each function draws one finding and returns the figure with the data it drew.

`show` is the only way a notebook puts a figure on a page: it saves PNG, SVG and the plotted data under
``figures/``, and displays the picture with its alt text. The text form of that output states facts of what
was drawn, read back from the figure, so that nbval, which does not compare pictures, compares those.
"""

from __future__ import annotations

import base64
import io
import os
import textwrap
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from detainer_analysis.paths import FIGURES

# Okabe and Ito's colours, told apart by readers with any common colour-vision deficiency; vermilion is darker
# than theirs (#D55E00), so that white words on it, and words in it on white, have enough contrast.
BLUE, ORANGE, GREEN, VERMILION, SKY = "#0072B2", "#E69F00", "#009E73", "#C04F00", "#56B4E9"
INK, GREY, PALE = "#222222", "#767676", "#C9C9C9"
VERDICT_COLOURS = {
    "reproduced": BLUE,
    "confirmed": SKY,
    "consistent": GREEN,
    "contradicted": VERMILION,
    "not reproducible": PALE,
}
STYLE = {
    "axes.edgecolor": GREY,
    "axes.grid": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "figure.dpi": 120,
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "savefig.dpi": 120,
    "svg.fonttype": "path",
    "svg.hashsalt": "detainer-analysis",
    "text.color": INK,
}
WIDTH = 8.0


@dataclass(frozen=True)
class Drawing:
    """A closed figure and the tidy table of what it shows."""

    figure: Figure
    data: pd.DataFrame


def _canvas(height: float, title: str, source: str, width: float = WIDTH) -> tuple[Figure, Axes]:
    """An empty chart whose title states the finding, with a source line below."""
    mpl.rcdefaults()
    sns.set_theme(style="ticks", rc=STYLE)
    figure, axes = plt.subplots(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.1))
    figure.suptitle(textwrap.fill(title, int(9 * width)), x=0.01, ha="left", fontsize=13, fontweight="bold")
    figure.supxlabel(f"Source: {source}", x=0.01, ha="left", fontsize=8.5, color=GREY)
    plt.close(figure)
    return figure, axes


def _label(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    settings: dict[str, Any] = {"va": "center", "ha": "left", "xytext": (5, 0), "textcoords": "offset points"} | style
    axes.annotate(text, (x, y), **settings)


def _bars_only(axes: Axes) -> None:
    """No value axis: the bars carry their numbers."""
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])


# Notebook 00 ------------------------------------------------------------------------------------------


def sources_by_kind(counts: pd.DataFrame) -> Drawing:
    """Number of sources by kind, those to use with care set apart.

    Parameters
    ----------
    counts : pandas.DataFrame
        ``kind``, ``care`` (``"no"`` or ``"yes"``), ``sources``.
    """
    wide = counts.pivot(index="kind", columns="care", values="sources").fillna(0).astype(int)
    wide = wide.loc[wide.sum(axis=1).sort_values().index]
    top = wide.sum(axis=1).idxmax()
    figure, axes = _canvas(4.4, f"Most of what we know comes from {_PLURAL[top]}", "data/sources.toml")
    axes.barh(wide.index, wide["no"], color=BLUE, label="no caution")
    axes.barh(wide.index, wide["yes"], left=wide["no"], color=ORANGE, label="partisan, repost or third-party copy")
    for position, (plain, care) in enumerate(zip(wide["no"], wide["yes"], strict=True)):
        _label(axes, plain + care, position, f"{plain + care}" + (f"  ({care} with a caution)" if care else ""))
    axes.set_xlim(0, wide.sum(axis=1).max() * 1.35)
    _bars_only(axes)
    axes.legend(loc="lower right", frameon=False)
    return Drawing(figure, counts)


_PLURAL = {
    "newspaper": "newspapers",
    "government": "governments",
    "broadcaster": "broadcasters",
    "advocacy": "advocacy groups",
    "research": "research groups",
    "court": "courts",
    "reference": "reference works",
    "dataset": "datasets",
    "aggregator": "aggregators",
}


def coverage(periods: pd.DataFrame) -> Drawing:
    """The years that each table covers.

    Parameters
    ----------
    periods : pandas.DataFrame
        ``table``, ``first``, ``last`` (years), ``rows``.
    """
    data = periods.sort_values(["first", "last", "table"], ascending=False, kind="stable")
    late = int(data["first"].ge(2010).sum())
    figure, axes = _canvas(
        6.4,
        f"{late} of {len(data)} tables with dates begin in 2010 or later",
        "data/reported: days that rows are about",
    )
    y = range(len(data))
    axes.hlines(y, data["first"], data["last"] + 1, color=BLUE, linewidth=7)
    for position, (last, rows) in enumerate(zip(data["last"], data["rows"], strict=True)):
        _label(axes, last + 1, position, f"{rows} rows", fontsize=9, color=GREY)
    axes.set_yticks(list(y), data["table"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(data["first"].min() - 1, data["last"].max() + 5)
    return Drawing(figure, data)


# Notebook 01 ------------------------------------------------------------------------------------------


def ten_counties(rows: pd.DataFrame, national: int) -> Drawing:
    """Detainers issued to the ten counties of Section I, the entries that ICE withdrew set apart.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``jurisdiction``, ``state``, ``detainers_issued``, ``withdrawn``.
    national : int
        Detainers issued in the country in the same week.
    """
    data = rows[["jurisdiction", "state", "detainers_issued", "withdrawn"]].iloc[::-1]
    kept = data.loc[~data["withdrawn"], "detainers_issued"].sum()
    figure, axes = _canvas(
        4.8,
        f"ICE withdrew four of its ten counties: {kept} of {national:,} detainers remain",
        "ICE, Declined Detainer Outcome Report for 28 January to 3 February 2017, by press accounts;\n"
        "correction posted by ICE. Detainers issued, not declined.",
    )
    names = data["jurisdiction"] + ", " + data["state"]
    colours = [PALE if gone else BLUE for gone in data["withdrawn"]]
    axes.barh(names, data["detainers_issued"], color=colours)
    for position, (count, gone) in enumerate(zip(data["detainers_issued"], data["withdrawn"], strict=True)):
        _label(axes, count, position, f"{count}" + ("  withdrawn by ICE" if gone else ""))
    axes.set_xlim(0, data["detainers_issued"].max() * 1.15)
    _bars_only(axes)
    return Drawing(figure, data)


def declines_by_place(rows: pd.DataFrame, recorded: int) -> Drawing:
    """Declines of one report by state, Travis County apart, with the part that no account places.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group`` and ``declined``; the group ``"not placed"`` closes the gap to `recorded`.
    recorded : int
        Declines recorded in the report.
    """
    data = rows.sort_values("declined", kind="stable")
    share = data["declined"].max() / recorded
    figure, axes = _canvas(
        5.0,
        f"Travis County, Texas, accounts for {share:.0%} of the {recorded} declines of the first week",
        "press accounts of ICE's report for 28 January to 3 February 2017",
    )
    colours = [
        VERMILION if group.startswith("Travis") else PALE if group == "not placed" else BLUE for group in data["group"]
    ]
    axes.barh(data["group"], data["declined"], color=colours)
    for position, count in enumerate(data["declined"]):
        _label(axes, count, position, str(count))
    axes.set_xlim(0, data["declined"].max() * 1.1)
    _bars_only(axes)
    return Drawing(figure, data)


def three_weeks(weeks: pd.DataFrame, rates: pd.DataFrame) -> Drawing:
    """Declines of the three reports, Travis County apart, with Poisson intervals for everywhere else.

    Parameters
    ----------
    weeks : pandas.DataFrame
        ``report``, ``travis``, ``elsewhere``.
    rates : pandas.DataFrame
        Indexed by report: ``low`` and ``high`` of the rate elsewhere.
    """
    figure, axes = _canvas(
        4.4,
        "Outside Travis County the three weeks look alike",
        "press accounts of ICE's three weekly reports; bars: exact 95% Poisson intervals for elsewhere",
    )
    labels = ["28 Jan to 3 Feb", "4 to 10 Feb", "11 to 17 Feb 2017"]
    axes.bar(labels, weeks["elsewhere"], width=0.55, color=BLUE)
    axes.bar(labels, weeks["travis"], width=0.55, bottom=weeks["elsewhere"], color=VERMILION)
    axes.vlines(np.arange(len(weeks)) - 0.2, rates["low"], rates["high"], color=INK, linewidth=1.6)
    for position, (here, there) in enumerate(zip(weeks["travis"], weeks["elsewhere"], strict=True)):
        axes.annotate(f"{there} elsewhere", (position, there / 2), ha="center", va="center", color="white")
        axes.annotate(
            f"{here} Travis County",
            (position, there + here / 2 if here > 20 else there + here + 18),
            ha="center",
            va="center",
            color="white" if here > 20 else VERMILION,
        )
    axes.set_ylabel("detainers recorded as declined")
    axes.set_ylim(0, 215)
    axes.tick_params(axis="x", length=0)
    return Drawing(figure, weeks.assign(low=rates["low"].to_numpy(), high=rates["high"].to_numpy()))


# Notebook 02 ------------------------------------------------------------------------------------------


def ladder(rungs: pd.DataFrame) -> Drawing:
    """Published totals of declined detainers since January 2014, by the last day they cover.

    Parameters
    ----------
    rungs : pandas.DataFrame
        ``period_end``, ``value``, ``qualifier``, ``label``.
    """
    figure, axes = _canvas(
        4.8,
        "The published totals rise in the right order, but do not count the same thing",
        "see the table of sources in notebook 02; hollow marks are lower bounds",
    )
    starts = pd.Timestamp("2014-01-01")
    path = rungs[~rungs["label"].str.contains("June 2015")]
    axes.plot([starts, *path["period_end"]], [0, *path["value"]], color=PALE, linewidth=1.5, zorder=1)
    for row in rungs.itertuples():
        bound = row.qualifier == "more than"
        axes.plot(
            row.period_end,
            row.value,
            "o",
            markersize=9,
            markeredgewidth=2,
            color=BLUE,
            markerfacecolor="white" if bound else BLUE,
        )
        # Rungs that are lower bounds are labelled to the left, the others below and to the right.
        left = bound
        crowded = "ICE records" in row.label
        axes.annotate(
            f"{'more than ' if bound else ''}{row.value:,.0f}\n{row.label}",
            (row.period_end, row.value),
            xytext=(-12, 4) if left else (12, -26 if crowded else 2),
            textcoords="offset points",
            ha="right" if left else "left",
            va="bottom" if left else "top",
            fontsize=9.5,
        )
    axes.set_ylim(0, 34000)
    axes.set_xlim(starts, pd.Timestamp("2017-10-01"))
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylabel("detainers declined since January 2014")
    return Drawing(figure, rungs[["period_end", "value", "qualifier", "label"]])


def last_step(table: pd.DataFrame, found: float) -> Drawing:
    """Declines that recorded refusals suggest for the last twenty months, against the ladder's last step.

    Parameters
    ----------
    table : pandas.DataFrame
        ``assumption``, ``low``, ``high``.
    found : float
        Declines in the step, at least.
    """
    data = table.iloc[::-1].reset_index(drop=True)
    figure, axes = _canvas(
        3.9,
        f"Other records suggest fewer than the last step's {found:,.0f} declines",
        "Texas Tribune and Inspector General totals; TRAC refusal share; ICE weekly reports",
    )
    for position, row in enumerate(data.itertuples()):
        middle = (row.low + row.high) / 2
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=7)
        axes.plot(middle, position, "o", color=BLUE, markersize=8)
        text = f"{row.low:,.0f}" if row.high - row.low < 1 else f"{row.low:,.0f} to {row.high:,.0f}"
        axes.annotate(text, (middle, position), xytext=(0, 10), textcoords="offset points", ha="center", fontsize=9.5)
    axes.axvline(found, color=VERMILION, linewidth=2)
    axes.annotate(
        f"{found:,.0f} or more",
        (found, len(data) - 0.45),
        xytext=(-6, 0),
        textcoords="offset points",
        color=VERMILION,
        ha="right",
        va="center",
    )
    axes.set_yticks(range(len(data)), data["assumption"])
    axes.set_ylim(-0.6, len(data) - 0.2)
    axes.set_xlim(0, found * 1.1)
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("declines from October 2015 to May 2017")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def decliners(table: pd.DataFrame) -> Drawing:
    """Counts of places that declined, by unit and period.

    Parameters
    ----------
    table : pandas.DataFrame
        ``unit_counted``, ``value``, ``period_start``, ``period_end``, ``months``.
    """
    data = table.sort_values("period_end", ascending=False, kind="stable").reset_index(drop=True)
    figure, axes = _canvas(
        4.0,
        "675 could be counties, agencies or facility names: each count is of that size",
        "Texas Tribune (via FAIR), ICE records (via NPR), TRAC, DHS OIG-18-36",
    )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if "Inspector" in row.unit_counted else BLUE
        axes.hlines(position, row.period_start, row.period_end, color=colour, linewidth=7)
        axes.annotate(
            f"{row.value:,.0f} in {row.months:.0f} months",
            (row.period_end, position),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(data)), data["unit_counted"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(pd.Timestamp("2013-12-01"), pd.Timestamp("2019-09-01"))
    return Drawing(figure, data)


def readings_of_jurisdiction(table: pd.DataFrame, published: float) -> Drawing:
    """Places expected under each reading of "jurisdiction", with intervals, against the published number.

    Parameters
    ----------
    table : pandas.DataFrame
        ``reading``, ``places`` (in hand), ``expected``, ``low``, ``high``.
    published : float
        The Inspector General's number.
    """
    data = table.iloc[::-1].reset_index(drop=True)
    figure, axes = _canvas(
        4.2,
        "Of three readings only cities hold 675; facility names give more, counties fewer",
        "ICE records 2014 to July 2015 (via NPR); Chao extrapolation, 95% bootstrap intervals; OIG-18-36",
    )
    axes.axvline(published, color=VERMILION, linewidth=2)
    axes.annotate(
        f"published: about {published:.0f}",
        (published, -0.5),
        xytext=(6, 0),
        textcoords="offset points",
        color=VERMILION,
        va="center",
    )
    for position, row in enumerate(data.itertuples()):
        axes.plot(row.places, position, "o", color=BLUE, markerfacecolor="white", markeredgewidth=2, markersize=9)
        axes.hlines(position, row.low, row.high, color=BLUE, linewidth=6)
        axes.plot(row.expected, position, "o", color=BLUE, markersize=8)
        axes.annotate(
            f"{row.places:.0f} in hand",
            (row.places, position),
            xytext=(0, -18),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            color=GREY,
        )
        axes.annotate(
            f"{row.expected:.0f} expected",
            (row.expected, position),
            xytext=(0, 12),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
        )
    axes.set_yticks(range(len(data)), data["reading"])
    axes.set_ylim(-0.7, len(data) - 0.2)
    axes.set_xlim(380, 850)
    axes.set_xlabel("places with at least one decline")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


# Notebook 03 ------------------------------------------------------------------------------------------


def budget_shares(shares: pd.DataFrame, claimed: pd.DataFrame) -> Drawing:
    """The claimed federal dollars as a share of every documented budget total.

    Parameters
    ----------
    shares : pandas.DataFrame
        ``county``, ``label``, ``share_low_percent``, ``share_high_percent``, ``agrees``.
    claimed : pandas.DataFrame
        ``county``, ``low``, ``high``: the interval of the published share.
    """
    data = shares.iloc[::-1].reset_index(drop=True)
    figure, axes = _canvas(
        4.6,
        "Both published shares hold for most budget totals, not for all",
        "Star Tribune; county budgets and reports on them (federal_share.csv). Band: the published share",
    )
    for row in claimed.itertuples():
        inside = data.index[data["county"].eq(row.county)]
        axes.fill_betweenx(
            [inside.min() - 0.45, inside.max() + 0.45], row.low, row.high, color=PALE, linewidth=0, alpha=0.6
        )
        axes.annotate(
            f"published: {row.published}",
            (row.high, inside.to_numpy().mean()),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=GREY,
        )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.agrees == "outside" else BLUE
        middle = (row.share_low_percent + row.share_high_percent) / 2
        axes.hlines(position, row.share_low_percent, row.share_high_percent, color=colour, linewidth=6)
        axes.plot(middle, position, "o", color=colour, markersize=6)
        axes.annotate(
            f"{middle:.1f}%",
            (row.share_low_percent, position),
            xytext=(-7, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
    axes.set_yticks(range(len(data)), data["label"])
    axes.set_xlim(8.5, 18.5)
    axes.set_xlabel("claimed federal dollars, percent of the budget total")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def same_class_shares(rows: pd.DataFrame) -> Drawing:
    """Federal money as a share of the budget, for governments whose figures have one definition.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``share_low_percent``, ``share_high_percent``, ``share_from`` (``"source"`` or
        ``"our division"``), ``highlight`` (whether it is one of the two counties of the claim).
    """
    data = rows.sort_values("share_high_percent", kind="stable").reset_index(drop=True)
    figure, axes = _canvas(
        6.0,
        "Within one definition, 10 and 14 percent are neither high nor low",
        "federal_share.csv: all federal money, split not stated, of a budget. Bars: range of the wording",
    )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.highlight else BLUE
        low, high = row.share_low_percent, row.share_high_percent
        axes.hlines(position, low, high, color=colour, linewidth=6)
        axes.plot((low + high) / 2, position, "o", color=colour, markersize=6)
        ends = f"{low:.3g}" if f"{low:.3g}" == f"{high:.3g}" else f"{low:.3g} to {high:.3g}"
        _label(axes, high, position, f"{ends}%" + (" (our division)" if row.share_from != "source" else ""), fontsize=9)
    axes.set_yticks(range(len(data)), data["label"])
    axes.set_xlim(0, data["share_high_percent"].max() * 1.3)
    axes.set_xlabel("federal money, percent of the budget")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def direct_by_state(census: pd.DataFrame) -> Drawing:
    """County governments' direct federal revenue by state, one definition for all.

    Parameters
    ----------
    census : pandas.DataFrame
        ``state`` (``"US"`` for all), ``direct_federal_percent`` of general revenue.
    """
    data = census[["state", "direct_federal_percent"]].sort_values("direct_federal_percent", kind="stable")
    states = data[data["state"].ne("US")].reset_index(drop=True)
    national = float(data.loc[data["state"].eq("US"), "direct_federal_percent"].iloc[0])
    here = states.loc[states["state"].eq("MN"), "direct_federal_percent"].iloc[0]
    above = int(states["direct_federal_percent"].lt(here).sum())
    figure, axes = _canvas(
        4.2,
        f"County governments of {above} states rely less on direct federal money than Minnesota's",
        "Census of Governments 2017, county governments; federal money passed through a state is not in it",
    )
    marked = states["state"].isin(["MN", "CA", "NY"])
    axes.vlines(states.index, 0, states["direct_federal_percent"], color=[VERMILION if m else PALE for m in marked])
    axes.scatter(
        states.index, states["direct_federal_percent"], color=[VERMILION if m else BLUE for m in marked], zorder=3
    )
    for position, row in states[marked].iterrows():
        text = f"{row['state']} {row['direct_federal_percent']:.2f}%"
        below = row["direct_federal_percent"] < national and position > len(states) / 3
        axes.annotate(
            text,
            (position, row["direct_federal_percent"]),
            xytext=(7, -14) if below else (-6, 8),
            textcoords="offset points",
            ha="left" if below else "right",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1} if below else None,
        )
    axes.axhline(national, color=INK, linewidth=1, linestyle=":")
    axes.annotate(
        f"all county governments {national:.2f}%",
        (0, national),
        xytext=(0, 5),
        textcoords="offset points",
        fontsize=9.5,
    )
    axes.set_xlim(-len(states) / 5, len(states))
    axes.set_xticks([])
    axes.set_ylabel("direct federal revenue,\npercent of general revenue")
    axes.set_xlabel("states, smallest share first")
    return Drawing(figure, data)


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
    figure, axes = _canvas(
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
    _log_dollars(axes)
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
    figure, axes = _canvas(
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
    figure, axes = _canvas(3.9, title, "federal_share.csv, grants_at_risk.csv, funding_outcomes.csv. Log scale")
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
        _dollars(base),
        (base, len(data) - 0.3),
        xytext=(-5, 0),
        textcoords="offset points",
        ha="right",
    )
    _log_dollars(axes)
    axes.set_xlim(floor, base * 12)
    axes.set_ylim(-0.5, len(data))
    axes.set_yticks(range(len(data)), [str(name) for name in data.index])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data[["low", "high", "at_low", "at_high"]].rename_axis("input").reset_index())


def _dollars(value: float, _: object = None) -> str:
    """Dollars in words: ``"$1.5 million"``."""
    for power, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if value >= power:
            return f"${value / power:g} {name}"
    return f"${value:g}"


def _ticks(value: float, _: object = None) -> str:
    """Dollars for an axis: ``"$10k"``, ``"$1M"``."""
    for power, name in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= power:
            return f"${value / power:g}{name}"
    return f"${value:g}"


def _log_dollars(axes: Axes) -> None:
    """A logarithmic axis of dollars with one label for each power of ten."""
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(_ticks))
    axes.minorticks_off()


def _rounded(value: float) -> str:
    """Dollars to three significant digits: ``"$331,000"``."""
    return f"${float(f'{value:.3g}'):,.0f}"


# Notebook 04 ------------------------------------------------------------------------------------------


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
    figure, axes = _canvas(
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
    figure, axes = _canvas(
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
    figure, axes = _canvas(
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
    figure, axes = _canvas(
        6.0,
        "Most of the largest decliners are county jails in California",
        "ICE records via NPR, declined detainers prepared January 2014 to July 2015; names as ICE writes them",
    )
    y = range(len(data))
    axes.hlines(y, 0, data["declined"], color=PALE, linewidth=1.5)
    axes.plot(data["declined"], y, "o", color=BLUE, markersize=8)
    for position, value in enumerate(data["declined"]):
        _label(axes, value, position, f"{value:,.0f}", xytext=(9, 0))
    axes.set_yticks(list(y), data["place"], fontsize=9.5)
    axes.set_xlim(0, data["declined"].max() * 1.12)
    _bars_only(axes)
    return Drawing(figure, data)


def before_and_after(years: pd.DataFrame) -> Drawing:
    """Declined and other recorded outcomes by year for a few jails.

    Parameters
    ----------
    years : pandas.DataFrame
        ``jail``, ``year``, ``declined``, ``other_outcomes``.
    """
    jails = list(dict.fromkeys(years["jail"]))
    figure, axes = _canvas(
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
        _label(axes, percent, position, f"{percent:.1f}%  ({refused:.0f} / {rest:.0f})")
    axes.set_yticks(y, labels)
    axes.set_xlim(0, 60)
    _bars_only(axes)
    return Drawing(figure, years)


# Notebook 05 ------------------------------------------------------------------------------------------


def base_rates(rows: pd.DataFrame) -> Drawing:
    """Detainers a year at one jail, as implied by a statement and as the records bound it.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``low``, ``high``, ``kind`` (``"claim"`` or ``"records"``).
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = _canvas(
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
    figure, axes = _canvas(
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


# Notebook 06 ------------------------------------------------------------------------------------------


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
    figure, axes = _canvas(
        6.4,
        f"Settled class suits cost up to {_rounded(classes)} a person held, single settlements"
        f" {_rounded(single)} and more",
        f"liability_cases.csv, fees included where known; dollars of {year} (BLS). Log scale",
    )
    left = 150.0
    for position, row in enumerate(data.itertuples()):
        colour = colours[row.group]
        if row.low_usd == 0:
            axes.hlines(position, left, row.high_usd, color=colour, linewidth=2, linestyle=":")
        axes.plot(row.high_usd, position, "o", color=colour, markersize=8)
        text = ("up to " if row.low_usd == 0 else "") + _rounded(row.high_usd)
        _label(axes, row.high_usd, position, text, xytext=(8, 0))
    for height, (name, colour) in zip((6.2, 5.1, 4.0, 2.9), colours.items(), strict=True):
        axes.plot(left * 1.4, height, "o", color=colour, markersize=8)
        _label(axes, left * 1.4, height, name, xytext=(8, 0))
    _log_dollars(axes)
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
    figure, axes = _canvas(
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
    _log_dollars(axes)
    axes.set_ylim(-0.4, len(data) - 0.4)
    axes.set_xlim(data["low"].min() / 30, data["high"].max() * 10)
    axes.set_xlabel("dollars a year, one county")
    axes.set_yticks(range(len(data)), data["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return Drawing(figure, data)


def _short(value: float) -> str:
    """Dollars to two significant digits: ``"$1.2 million"``."""
    return _dollars(float(f"{value:.2g}"))


def sensitivity(indices: pd.DataFrame) -> Drawing:
    """Sobol indices of the decision model.

    Parameters
    ----------
    indices : pandas.DataFrame
        Indexed by input: ``first_order``, ``total``.
    """
    data = indices.iloc[::-1]
    first = indices.index[0].replace("_usd", "").replace("_", " ")
    figure, axes = _canvas(
        4.2,
        f"MODEL: {indices['total'].iloc[0]:.0%} of the answer's variance hangs on one input, {first}",
        "Sobol indices (Saltelli 2010, SciPy) of the log of liability over funding lost",
    )
    axes.barh(range(len(data)), data["total"], color=PALE, label="with interactions")
    axes.barh(range(len(data)), data["first_order"], height=0.45, color=BLUE, label="alone")
    for position, value in enumerate(data["total"]):
        _label(axes, value, position, f"{value:.0%}")
    axes.set_yticks(range(len(data)), [name.replace("_usd", "").replace("_", " ") for name in data.index])
    axes.set_xlim(0, 1.1 * data["total"].max())
    _bars_only(axes)
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
    figure, axes = _canvas(
        9.6,
        "Rulings and policies of 2014 came first, payouts of millions from 2020 on",
        "hand/timeline_events.csv, which names\nthe table of each event",
        width=4.4,
    )
    for place, (name, colour) in enumerate(lanes.items()):
        at = (place % 2 * 0.5, -1.8 + place // 2 * 0.75)
        axes.plot(*at, "o", color=colour, markersize=8, clip_on=False)
        _label(axes, *at, name, xytext=(11, 0), fontsize=10.5, fontweight="bold")
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


# Notebook 07 ------------------------------------------------------------------------------------------

_GROUPS = {"limit in force": BLUE, "limit later": ORANGE, "none found": GREY}
_RECORDS_AND_DATES = "ICE's fiscal 2015 workbook; data/reported/policy_dates.csv"


def _panels(rows: int, columns: int, height: float, title: str, source: str) -> tuple[Figure, np.ndarray]:
    """A grid of charts that share their axes, under one title, with a source line below."""
    figure, axes = _canvas(height, title, source)
    figure.delaxes(axes)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    return figure, grid


def limit_groups(rows: pd.DataFrame) -> Drawing:
    """Decline share of county jails by month and by limit, once of all detainers and once of recorded outcomes.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``group``, ``month``, ``percent_of_all``, ``percent_of_recorded``.
    """
    figure, grid = _panels(
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
    figure, grid = _panels(
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
    figure, axes = _canvas(
        7.0,
        "The main estimate leaves both directions open; it turns on which Californian counties count as limited",
        _RECORDS_AND_DATES,
    )
    for position, row in enumerate(rows.itertuples()):
        colour = VERMILION if row.specification == main else BLUE if row.planned else ORANGE
        axes.hlines(position, row.odds_low, row.odds_high, color=colour, linewidth=2)
        axes.plot(row.odds_ratio, position, "o", color=colour, markersize=6)
        _label(axes, 36, position, f"{row.odds_ratio:.2f}", fontsize=9)
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
    figure, axes = _canvas(4.2, "Part by part, the fitted shares lie close to the recorded ones", _RECORDS_AND_DATES)
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
    figure, axes = _canvas(
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
    figure, axes = _canvas(
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


# Notebook 09 ------------------------------------------------------------------------------------------


def verdicts(counts: pd.Series) -> Drawing:
    """Number of claims per verdict.

    Parameters
    ----------
    counts : pandas.Series
        Number of claims, indexed by verdict, in the order of the ledger's rules.
    """
    data = counts.rename_axis("verdict").reset_index(name="claims").iloc[::-1]
    figure, axes = _canvas(
        3.4,
        f"{counts['confirmed']} of {counts.sum()} claims can be confirmed,"
        f" {counts['reproduced']} recomputed from other rows",
        "data/claims.toml, checked against data/reported",
    )
    axes.barh(data["verdict"], data["claims"], color=[VERDICT_COLOURS[name] for name in data["verdict"]])
    for position, value in enumerate(data["claims"]):
        _label(axes, value, position, str(value))
    axes.set_xlim(0, counts.max() * 1.1)
    _bars_only(axes)
    return Drawing(figure, data)


def verdicts_by_account(counts: pd.DataFrame) -> Drawing:
    """Verdicts of each press account, one bar per account.

    Parameters
    ----------
    counts : pandas.DataFrame
        ``account``, ``verdict``, ``claims``, ``later`` (whether it is not one of the five first accounts);
        accounts in the order of the chart.
    """
    wide = counts.pivot(index="account", columns="verdict", values="claims").fillna(0).astype(int)
    wide = wide.loc[list(dict.fromkeys(counts["account"]))[::-1]]
    against = int(wide.get("contradicted", pd.Series(dtype=int)).sum())
    figure, axes = _canvas(
        4.4,
        f"{against} of {wide.to_numpy().sum()} claims are contradicted, none of the first five accounts"
        if not counts.loc[~counts["later"], "verdict"].eq("contradicted").any()
        else f"{against} of {wide.to_numpy().sum()} claims are contradicted",
        "data/claims.toml, checked against data/reported",
    )
    start = pd.Series(0, index=wide.index)
    for verdict in [name for name in VERDICT_COLOURS if name in wide]:
        axes.barh(wide.index, wide[verdict], left=start, color=VERDICT_COLOURS[verdict], label=verdict)
        for position, (count, left) in enumerate(zip(wide[verdict], start, strict=True)):
            if count:
                ink = max("white", INK, key=partial(contrast, VERDICT_COLOURS[verdict]))
                axes.annotate(str(count), (left + count / 2, position), ha="center", va="center", color=ink)
        start = start + wide[verdict]
    _bars_only(axes)
    axes.legend(loc="center right", frameon=False, fontsize=9.5)
    axes.set_xlim(0, start.max() * 1.6)
    return Drawing(figure, counts)


# Saving and showing -----------------------------------------------------------------------------------


def show(drawing: Drawing, name: str, alt: str, folder: Path | None = None) -> None:
    """Save a drawing and display it in a notebook.

    Parameters
    ----------
    drawing : Drawing
        What to show.
    name : str
        File name without an ending; PNG, SVG and the plotted data (CSV) get it.
    alt : str
        What the picture shows, for readers who do not see it; the title, which states the finding, comes first.
    folder : pathlib.Path, optional
        Where to save; by default ``figures/``, or the folder in the environment variable
        ``DETAINER_FIGURES``, which the tests set so that they never touch the committed files.

    Raises
    ------
    ValueError
        If the drawing has `faults`; nothing is saved then.
    """
    target = folder or Path(os.environ.get("DETAINER_FIGURES", FIGURES))
    picture, vector = io.BytesIO(), io.BytesIO()
    # Creation dates and version strings would change the bytes from run to run.
    drawing.figure.savefig(picture, format="png", metadata={"Software": None})
    drawing.figure.savefig(vector, format="svg", metadata={"Date": None, "Creator": None})
    if found := faults(drawing.figure):
        raise ValueError(f"figure {name}: {'; '.join(found)}")
    target.mkdir(parents=True, exist_ok=True)
    (target / f"{name}.png").write_bytes(picture.getvalue())
    (target / f"{name}.svg").write_bytes(vector.getvalue())
    drawing.data.to_csv(target / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    encoded = base64.b64encode(picture.getvalue()).decode()
    finding = drawing.figure.get_suptitle().replace("\n", " ")
    words = f"{finding}. {alt}"
    output = {"image/png": encoded, "text/plain": f"{words}\n[{facts(drawing.figure)}]"}
    display(output, metadata={"image/png": {"alt": words}}, raw=True)


def faults(figure: Figure) -> list[str]:
    """What keeps a reader from reading the words of a figure; empty if nothing does.

    Every word that is drawn is measured with the renderer: it must lie on the canvas, touch no other words, be
    set in 8 points or more, and differ from what lies under it by a contrast ratio of 4.5 or more (WCAG 2.2,
    success criterion 1.4.3).
    """
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = [text for text in figure.findobj(Text) if _is_drawn(text, figure)]
    boxes = [text.get_window_extent().padded(-1) for text in drawn]
    inks = [text.get_alpha() for text in drawn]
    for text in drawn:
        text.set_alpha(0)  # hidden words would change the layout
    canvas.draw()
    for text, ink in zip(drawn, inks, strict=True):
        text.set_alpha(ink)
    ground = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    height, width = ground.shape[:2]
    found = []
    for number, (text, box) in enumerate(zip(drawn, boxes, strict=True)):
        words = repr(text.get_text())
        if box.x0 < -2 or box.y0 < -2 or box.x1 > width + 2 or box.y1 > height + 2:
            found.append(f"{words} is clipped")
        if (points := float(text.get_fontsize())) < 8:
            found.append(f"{words} is set in {points:g} points")
        found += [
            f"{words} overlaps {other.get_text()!r}"
            for other, place in zip(drawn[number + 1 :], boxes[number + 1 :], strict=True)
            if box.overlaps(place)
        ]
        under = ground[max(int(box.y0), 0) : int(box.y1) + 1, max(int(box.x0), 0) : int(box.x1) + 1].reshape(-1, 3)
        colours, times = np.unique(under, axis=0, return_counts=True)
        ratio = contrast(text.get_color(), tuple(colours[times.argmax()])) if len(under) else np.inf
        if ratio < 4.5:
            found.append(f"{words} has a contrast of {ratio:.1f}")
    return found


def _is_drawn(text: Text, figure: Figure) -> bool:
    """Whether there are words; matplotlib keeps, but does not draw, tick labels beyond the limits of an axis."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if text is tick.label1 and not low <= tick.get_loc() <= high:
                    return False
    return bool(text.get_text()) and text.get_visible()


def contrast(colour: Any, other: Any) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""

    def luminance(value: Any) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(value)]
        return float(np.dot(parts, [0.2126, 0.7152, 0.0722]))

    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def facts(figure: Figure) -> str:
    """What is drawn, in one line: per axes the number of marks, the sums of their positions and the labels.

    Read back from the artists (lines, points, bars, bands), so swapping x and y, changing a value or
    drawing other data changes the text, while another version of matplotlib does not.
    """
    parts = []
    for axes in figure.axes:
        points = _points(axes)
        sums = ", ".join(f"{value:.4g}" for value in np.abs(points).sum(axis=0)) if len(points) else "none"
        words = sum(bool(text.get_text()) for text in axes.texts)
        parts.append(f"{len(points)} marks, sums {sums}, {words} labels")
    return "; ".join(parts)


def _points(axes: Axes) -> np.ndarray:
    found: list[Any] = [line.get_xydata() for line in axes.lines]
    for collection in axes.collections:
        found += [path.vertices for path in collection.get_paths()]
    found += [
        [[bar.get_x() + bar.get_width(), bar.get_y() + bar.get_height()]]
        for bar in axes.patches
        if isinstance(bar, mpl.patches.Rectangle)
    ]
    if not found:
        return np.empty((0, 2))
    points: np.ndarray = np.concatenate([np.reshape(part, (-1, 2)) for part in found]).astype(float)
    finite: np.ndarray = points[np.isfinite(points).all(axis=1)]
    return finite
