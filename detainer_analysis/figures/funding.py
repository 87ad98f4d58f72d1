"""Charts of federal money in local budgets."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.style import BLUE, GREY, INK, PALE, VERMILION, Drawing, label_point, open_chart


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
    figure, axes = open_chart(
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
    figure, axes = open_chart(
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
        label_point(
            axes, high, position, f"{ends}%" + (" (our division)" if row.share_from != "source" else ""), fontsize=9
        )
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
    figure, axes = open_chart(
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
