"""Charts of federal money in local budgets."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd

from detainer_analysis.figures.canvas import (
    Drawing,
    drawn_at_both_widths,
    fill,
    is_narrow,
    open_chart,
    set_height,
    words_height,
)
from detainer_analysis.figures.rows import bare_rows, name_rows
from detainer_analysis.figures.style import BLUE, PALE, SKY, VERMILION, label_point


@drawn_at_both_widths
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
        budget_shares_title(shares),
        f"Star Tribune; county budgets and reports on them. Grey: as published, {'; '.join(claimed['published'])}",
        measure="The published federal dollars in percent of each total of the county's budget",
    )
    for row in claimed.itertuples():
        inside = data.index[data["county"].eq(row.county)]
        axes.fill_betweenx(
            [inside.min() - 0.45, inside.max() + 0.45], row.low, row.high, color=PALE, linewidth=0, alpha=0.6
        )
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.agrees == "outside" else BLUE
        middle = (row.share_low_percent + row.share_high_percent) / 2
        axes.hlines(position, row.share_low_percent, row.share_high_percent, color=colour, linewidth=6)
        axes.plot(middle, position, "o", color=colour, markersize=6)
    axes.set_xlim(claimed["low"].min() - 0.7, claimed["high"].max() + 0.7)
    axes.xaxis.set_major_formatter(mpl.ticker.PercentFormatter(decimals=0))
    middles = (data["share_low_percent"] + data["share_high_percent"]) / 2
    name_rows(axes, data["label"], [f"{middle:.1f}%" for middle in middles], data["share_high_percent"], xytext=(8, 0))
    return Drawing(figure, data)


def budget_shares_title(shares: pd.DataFrame) -> str:
    """The finding: for how many of each county's totals the published share is wrong."""
    outside = shares["agrees"].eq("outside").groupby(shares["county"], sort=False).agg(["sum", "size"])
    words = [f"{found or 'none'} of {of} totals of {county}" for county, found, of in outside.itertuples()]
    return f"Read strictly, the published share fails for {' and '.join(words)}"


@drawn_at_both_widths
def same_class_shares(rows: pd.DataFrame) -> Drawing:
    """Federal money as a share of the budget, for governments whose figures have one definition.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``label``, ``share_low_percent``, ``share_high_percent``, ``share_from`` (``"source"`` or
        ``"our division"``), ``highlight`` (whether it is one of the two counties of the claim).
    """
    data = rows.sort_values("share_high_percent", kind="stable").reset_index(drop=True)
    ends = data["share_high_percent"].where(lambda high: high.lt(float("inf")), data["share_low_percent"])
    figure, axes = open_chart(
        6.0,
        same_class_title(rows),
        "budgets and reports on them; all federal money, split not stated. Bars: range of the wording; arrow: or more",
        measure="Federal money in percent of the budget: the two counties of the claim (vermilion), others (blue)",
    )
    said = []
    for position, row in enumerate(data.itertuples()):
        colour = VERMILION if row.highlight else BLUE
        low, high = row.share_low_percent, ends[position]
        mark = ">" if row.share_high_percent > high else "o"
        axes.hlines(position, low, high, color=colour, linewidth=6)
        axes.plot((low + high) / 2, position, mark, color=colour, markersize=6)
        share = f"{low:.3g}" if f"{low:.3g}" == f"{high:.3g}" else f"{low:.3g} to {high:.3g}"
        share += "% or more" if mark == ">" else "%"
        said.append(share + (" (our division)" if row.share_from != "source" else ""))
    axes.set_xlim(0, ends.max() * (1.05 if is_narrow() else 1.3))
    axes.xaxis.set_major_formatter(mpl.ticker.PercentFormatter(decimals=0))
    name_rows(axes, data["label"], said, ends, fontsize=9)
    return Drawing(figure, data)


@drawn_at_both_widths
def which_money(rows: pd.DataFrame, published: dict[str, float]) -> Drawing:
    """Two counties' direct federal money and all aid, year by year, beside a published sum.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``county``, ``label``, ``direct_usd`` (federal money for certain; in a budget: all that it calls federal),
        ``ceiling_usd`` (all aid; missing for a budget), ``note``.
    published : dict of str to float
        The published sum of each county, in dollars.
    """
    data = rows.iloc[::-1].reset_index(drop=True)
    heights = pd.Series(data.index, dtype=float) + data["county"].ne(data["county"].shift()).cumsum() * 0.7
    figure, axes = open_chart(
        5.0,
        which_money_title(rows, published),
        "Census Bureau, finances of single governments; adopted budget; Star Tribune",
        measure="Million dollars: coded federal (blue), budgeted (light blue), all aid (grey), published (vermilion)",
    )
    for position, row in zip(heights, data.itertuples(), strict=True):
        if pd.notna(row.ceiling_usd):
            axes.barh(position, row.ceiling_usd / 1e6, color=PALE, height=0.62)
        axes.barh(position, row.direct_usd / 1e6, color=BLUE if pd.notna(row.ceiling_usd) else SKY, height=0.62)
    for county, usd in published.items():
        inside = heights[data["county"].eq(county)]
        top = inside.max() + (1 if is_narrow() else 0.45)
        axes.vlines(usd / 1e6, inside.min() - 0.45, top, color=VERMILION, linewidth=2.5)
        words = f"published: {usd / 1e6:g}"
        label_point(axes, usd / 1e6, top, words, xytext=(0, 3), va="bottom", color=VERMILION, fontsize=9.5)
    axes.set_xlim(0, data["ceiling_usd"].max() / 1e6 * (1.05 if is_narrow() else 1.25))
    axes.set_ylim(heights.min() - 0.6, heights.max() + 0.9)
    ends = data[["direct_usd", "ceiling_usd"]].max(axis=1) / 1e6
    name_rows(axes, data["label"], data["note"], ends, heights, head=16, fontsize=9.5)
    return Drawing(figure, rows)


def which_money_title(rows: pd.DataFrame, published: dict[str, float]) -> str:
    """The finding: whether each published sum lies above the certain federal money and below all aid, in each year."""
    census = rows[rows["ceiling_usd"].notna()]
    sums = census["county"].map(published)
    if (census["direct_usd"].lt(sums) & census["ceiling_usd"].gt(sums)).all():
        return "Each published sum is more than the Census Bureau codes as federal, and less than all aid"
    return "Not every published sum lies between direct federal money and all aid"


@drawn_at_both_widths
def peers(groups: dict[str, pd.DataFrame], counties: dict[str, float]) -> Drawing:
    """Direct federal shares of large counties coded alike, and where two counties stand among them.

    Parameters
    ----------
    groups : dict of str to pandas.DataFrame
        Rows of `census.peers` by what they have in common; the county of the same position is marked in each.
    counties : dict of str to float
        Name and direct share, in percent, one a group.
    """
    parts, lower = [], []
    for (name, rows), share in zip(groups.items(), counties.values(), strict=True):
        parts.append(pd.DataFrame({"group": name, "direct_percent": rows["direct_percent"]}))
        lower.append(rows["direct_percent"].lt(share).sum() / (len(rows) - 1) * 100)  # of the others
    figure, axes = open_chart(
        4.2,
        f"Among counties coded alike, {_among(list(counties), lower)}",
        "Census Bureau, county governments of more than 100,000 people; each dot a county; 1 in 100 cut off",
        measure="Direct federal money in percent of general revenue",
    )
    for position, (part, (county, share), below) in enumerate(zip(parts, counties.items(), lower, strict=True)):
        spread = part.index * 0.618034 % 1 - 0.5  # multiples of the golden ratio fill a strip evenly
        axes.scatter(part["direct_percent"], position + spread * 0.5, s=12, color=SKY, linewidth=0)
        axes.plot([share, share], [position - 0.3, position + 0.3], color=VERMILION, linewidth=3)
        text = f"{county} {share:.1f}%: {below:.0f}% of the others lie lower"
        words = f"{' '.join(list(groups)[position].split())}: {text}" if is_narrow() else text
        label_point(
            axes,
            0 if is_narrow() else share,
            position + (0.32 if is_narrow() else 0.42),
            fill(words, 40) if is_narrow() else words,
            color=VERMILION,
            xytext=(0, 2),
            va="bottom",
        )
    axes.set_yticks(range(len(parts)), [""] * len(groups) if is_narrow() else list(groups))
    bare_rows(axes)
    if is_narrow():
        set_height(figure, words_height(figure) + 3.8)
    axes.set_ylim(-0.5, len(parts) - (0 if is_narrow() else 0.3))
    axes.set_xlim(-0.3, max(part["direct_percent"].quantile(0.99) for part in parts) * 1.05)
    axes.xaxis.set_major_formatter(mpl.ticker.PercentFormatter(decimals=0))
    return Drawing(figure, pd.concat(parts, ignore_index=True))


def _among(counties: list[str], lower: list[float]) -> str:
    """Each county and whether it is in the lower or upper half or quarter."""
    words = []
    for county, percent in zip(counties, lower, strict=True):
        part = "quarter" if percent < 25 or percent >= 75 else "half"
        words.append(f"{county} is in the {'upper' if percent >= 50 else 'lower'} {part}")
    return ", ".join(words[:-1]) + (" and " if words[1:] else "") + words[-1]


def same_class_title(rows: pd.DataFrame) -> str:
    """The finding: how many other shares of the definition lie below the lowest marked one and above the highest."""
    marked, others = rows[rows["highlight"]], rows[~rows["highlight"]]
    below = int(others["share_high_percent"].lt(marked["share_low_percent"].min()).sum())
    above = int(others["share_low_percent"].gt(marked["share_high_percent"].max()).sum())
    return f"Of {len(others)} other shares of this kind, {below} lie below both counties' and {above} above"
