"""Charts of the sources and of what they cover."""

from __future__ import annotations

import textwrap

import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import bars_only, name_rows
from detainer_analysis.figures.style import BLUE, ORANGE


@drawn_at_both_widths
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
    axes.barh(range(len(wide)), wide["no"], color=BLUE)
    axes.barh(range(len(wide)), wide["yes"], left=wide["no"], color=ORANGE)
    all_of = wide.sum(axis=1)
    said = [
        f"{number}" + (f" ({care} with a caution)" if care else "")
        for number, care in zip(all_of, wide["yes"], strict=True)
    ]
    axes.set_xlim(0, all_of.max() * (1.05 if is_narrow() else 1.35))
    bars_only(axes)
    name_rows(axes, wide.index, said, all_of)
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


@drawn_at_both_widths
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
    upwards = data.iloc[::-1]
    axes.barh(range(len(data)), upwards["sources"], color=BLUE)
    axes.tick_params(axis="y", labelsize=9)
    axes.set_xlim(0, data["sources"].max() * 1.12)
    bars_only(axes)
    names = [textwrap.fill(textwrap.shorten(title, 84, placeholder=" ..."), 44) for title in upwards["document"]]
    name_rows(axes, names, [str(value) for value in upwards["sources"]], upwards["sources"])
    return Drawing(figure, data)
