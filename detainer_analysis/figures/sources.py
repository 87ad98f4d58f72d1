"""Charts of the sources and of what they cover."""

from __future__ import annotations

import textwrap

import pandas as pd

from detainer_analysis.figures.style import BLUE, ORANGE, Drawing, bars_only, label_point, open_chart


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
    total, number = int(wide.to_numpy().sum()), int(wide.loc[top].sum())
    figure, axes = open_chart(
        4.4,
        f"{number} of {total} sources ({number / total:.0%}) are {_PLURAL[top]}; {wide['yes'].sum()} are to be read"
        " with caution (orange)",
        "the registry of sources; a caution: partisan, a repost, or a third party's copy",
        measure="Number of sources by kind of publisher",
    )
    axes.barh(wide.index, wide["no"], color=BLUE, label="no caution")
    axes.barh(wide.index, wide["yes"], left=wide["no"], color=ORANGE, label="with a caution")
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


def shared_origins(origins: pd.DataFrame, most: int = 8) -> Drawing:
    """The documents that most sources repeat.

    Parameters
    ----------
    origins : pandas.DataFrame
        ``document`` (title), ``sources`` (that repeat it), ``rows``.
    most : int
        How many documents to show.
    """
    data = origins.nlargest(most, "sources").reset_index(drop=True)
    first = data.iloc[0]
    figure, axes = open_chart(
        4.6,
        f"{first['sources']} sources repeat one document, and agreement among them is no second count",
        "the registry of sources; documents known only through others are in square brackets",
        measure="Number of sources that repeat a document",
    )
    rows = range(len(data))[::-1]
    axes.barh(rows, data["sources"], color=BLUE)
    for position, value in zip(rows, data["sources"], strict=True):
        label_point(axes, value, position, str(value))
    axes.set_yticks(
        rows, [textwrap.fill(textwrap.shorten(title, 84, placeholder=" ..."), 44) for title in data["document"]]
    )
    axes.tick_params(axis="y", labelsize=9)
    axes.set_xlim(0, data["sources"].max() * 1.12)
    bars_only(axes)
    return Drawing(figure, data)
