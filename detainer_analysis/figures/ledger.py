"""Charts of the two answers of the ledger."""

from __future__ import annotations

from functools import partial

import pandas as pd

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.faults import contrast
from detainer_analysis.figures.rows import bars_only, name_rows
from detainer_analysis.figures.style import BLUE, GREEN, HOLDS_COLOURS, INK, PALE, SKY

# What a claim rests on, from the grade of its best evidence.
RESTS_ON = {
    "recount": "our own count",
    "recount of the same data": "our own count",
    "another origin": "another origin",
    "primary text": "the quoted document",
    "arithmetic on the same document": "the quoted document",
    "copies": "copies of it",
    "aggregator": "copies of it",
    "nothing": "nothing that compares",
}
_COLOURS = {
    "our own count": BLUE,
    "another origin": GREEN,
    "the quoted document": SKY,
    "copies of it": "#F0C878",
    "nothing that compares": PALE,
}


@drawn_at_both_widths
def answers(counts: pd.Series) -> Drawing:
    """Number of claims by what evidence of another origin says.

    Parameters
    ----------
    counts : pandas.Series
        Number of claims, indexed by the answer to "does it hold?", in the order of the rule.
    """
    data = counts.rename_axis("holds").reset_index(name="claims").iloc[::-1]
    silent = int(counts.reindex(["not testable", "not comparable"]).fillna(0).sum())
    against = int(counts.reindex(["disputed", "contradicted"]).fillna(0).sum())
    figure, axes = open_chart(
        4.6,
        f"Of {counts.sum()} claims {against} are disputed or contradicted, and {silent} cannot be tested",
        "the ledger of claims",
        measure="Number of claims by what evidence of another origin says",
    )
    axes.barh(range(len(data)), data["claims"], color=[HOLDS_COLOURS[name] for name in data["holds"]])
    axes.set_xlim(0, counts.max() * 1.1)
    bars_only(axes)
    name_rows(axes, data["holds"], [str(value) for value in data["claims"]], data["claims"])
    return Drawing(figure, data)


@drawn_at_both_widths
def rests_on(counts: pd.DataFrame) -> Drawing:
    """What the claims of each account rest on, one bar an account.

    Parameters
    ----------
    counts : pandas.DataFrame
        ``account``, ``rests_on`` (one of the values of ``RESTS_ON``), ``claims``; accounts in the order of the chart.
    """
    wide = counts.pivot(index="account", columns="rests_on", values="claims").fillna(0).astype(int)
    wide = wide.reindex(list(dict.fromkeys(counts["account"]))[::-1])[[name for name in _COLOURS if name in wide]]
    alone = int(wide.reindex(columns=["the quoted document", "copies of it"]).fillna(0).to_numpy().sum())
    figure, axes = open_chart(
        4.8,
        f"{alone} of {wide.to_numpy().sum()} claims rest on the quoted document alone, or on copies of it",
        "the ledger of claims",
        measure="Number of claims of each account by their best evidence",
    )
    start = pd.Series(0, index=wide.index)
    for name in wide:
        axes.barh(range(len(wide)), wide[name], left=start, color=_COLOURS[name], label=name)
        for position, (count, left) in enumerate(zip(wide[name], start, strict=True)):
            if count > (1 if is_narrow() else 0):  # a phone has no room for the number of a single claim
                ink = max("white", INK, key=partial(contrast, _COLOURS[name]))
                axes.annotate(str(count), (left + count / 2, position), ha="center", va="center", color=ink)
        start = start + wide[name]
    bars_only(axes)
    name_rows(axes, wide.index, head=80)
    if is_narrow():
        axes.legend(loc="upper left", frameon=False, fontsize=9.5)
    else:
        axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.02), ncols=3, frameon=False, fontsize=9.5)
    return Drawing(figure, counts)
