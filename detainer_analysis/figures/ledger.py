"""Charts of the verdicts."""

from __future__ import annotations

from functools import partial

import pandas as pd

from detainer_analysis.figures.faults import contrast
from detainer_analysis.figures.style import INK, VERDICT_COLOURS, Drawing, bars_only, label_point, open_chart


def verdicts(counts: pd.Series) -> Drawing:
    """Number of claims per verdict.

    Parameters
    ----------
    counts : pandas.Series
        Number of claims, indexed by verdict, in the order of the ledger's rules.
    """
    data = counts.rename_axis("verdict").reset_index(name="claims").iloc[::-1]
    figure, axes = open_chart(
        3.4,
        f"{counts['confirmed']} of {counts.sum()} claims can be confirmed,"
        f" {counts['reproduced']} recomputed from other rows",
        "data/claims.toml, checked against data/reported",
    )
    axes.barh(data["verdict"], data["claims"], color=[VERDICT_COLOURS[name] for name in data["verdict"]])
    for position, value in enumerate(data["claims"]):
        label_point(axes, value, position, str(value))
    axes.set_xlim(0, counts.max() * 1.1)
    bars_only(axes)
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
    figure, axes = open_chart(
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
    bars_only(axes)
    axes.legend(loc="center right", frameon=False, fontsize=9.5)
    axes.set_xlim(0, start.max() * 1.6)
    return Drawing(figure, counts)
