"""Charts of the sources and of what they cover."""

from __future__ import annotations

import pandas as pd

from detainer_analysis.figures.style import BLUE, GREY, ORANGE, Drawing, bars_only, label_point, open_chart


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
    figure, axes = open_chart(4.4, f"Most of what we know comes from {_PLURAL[top]}", "data/sources.toml")
    axes.barh(wide.index, wide["no"], color=BLUE, label="no caution")
    axes.barh(wide.index, wide["yes"], left=wide["no"], color=ORANGE, label="partisan, repost or third-party copy")
    for position, (plain, care) in enumerate(zip(wide["no"], wide["yes"], strict=True)):
        label_point(axes, plain + care, position, f"{plain + care}" + (f"  ({care} with a caution)" if care else ""))
    axes.set_xlim(0, wide.sum(axis=1).max() * 1.35)
    bars_only(axes)
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
    figure, axes = open_chart(
        6.4,
        f"{late} of {len(data)} tables with dates begin in 2010 or later",
        "data/reported: days that rows are about",
    )
    y = range(len(data))
    axes.hlines(y, data["first"], data["last"] + 1, color=BLUE, linewidth=7)
    for position, (last, rows) in enumerate(zip(data["last"], data["rows"], strict=True)):
        label_point(axes, last + 1, position, f"{rows} rows", fontsize=9, color=GREY)
    axes.set_yticks(list(y), data["table"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(data["first"].min() - 1, data["last"].max() + 5)
    return Drawing(figure, data)
