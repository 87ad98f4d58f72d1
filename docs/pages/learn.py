"""What the pages for learning print: numbers of the primer, the handouts and the answer key, and all exercises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
from nbformat import NotebookNode

from detainer_analysis.data.tables import load
from detainer_analysis.intervals import describe
from detainer_analysis.ledger.claim import read_claims
from detainer_analysis.ledger.ledger import check
from detainer_analysis.markup import plain
from detainer_analysis.measures import counts, missing
from pages import counted

ONE, OTHER = {"CA": "California", "FL": "Florida"}.items()
QUESTION = re.compile(r"^(\d)\. (.+?)(?=\n\n|\Z)", re.M | re.S)


def numbers() -> dict[str, Any]:
    """For the placeholders of the primer, the handouts and the answer key."""
    places, strict = load("places_fy2015"), check("ramsey-federal-share")
    states = missing.bounds(places.groupby("state")[missing.COUNTS].sum())
    return {
        "records": _said(missing.bounds(places[missing.COUNTS].sum().to_frame().T).iloc[0]),
        "one_state": _said(states.loc[ONE[0]]) | {"name": ONE[1]},
        "other_state": _said(states.loc[OTHER[0]]) | {"name": OTHER[1]},
        "ratio": _ratios(states),
        "week": _week(),
        "total": {county: _total(county) for county in ("hennepin", "ramsey")},
        "strict": {"ramsey_federal_share": strict.strict.holds if strict.depends else strict.verdict.holds},
    }


def _said(row: pd.Series) -> dict[str, str]:
    """Counts and shares of one group in words."""
    recorded, declined = row["detainers"] - row["no_recorded_outcome"], row["declined"]
    return {
        "detainers": f"{row['detainers']:,.0f}",
        "missing": f"{row['no_recorded_outcome']:,.0f}",
        "recorded": f"{recorded:,.0f}",
        "declined": f"{declined:,.0f}",
        "kept": f"{recorded - declined:,.0f}",
        "of_all": f"{row['none_declined']:.0f}",
        "of_recorded": f"{row['as_recorded']:.0f}",
        "at_most": f"{row['all_declined']:.0f}",
        "odds": f"{declined / (recorded - declined):.2f}",
    }


def _ratios(states: pd.DataFrame) -> dict[str, str]:
    one, other = states.loc[ONE[0]], states.loc[OTHER[0]]
    odds = [row["declined"] / (row["detainers"] - row["no_recorded_outcome"] - row["declined"]) for row in (one, other)]
    return {
        "of_all": f"{one['none_declined'] / other['none_declined']:.1f}",
        "of_recorded": f"{one['as_recorded'] / other['as_recorded']:.1f}",
        "odds": f"{odds[0] / odds[1]:.1f}",
    }


def _week() -> dict[str, str]:
    count = int(counted.first_week()["elsewhere_week1"])
    rate = counts.poisson_rates(pd.Series({"week1": count})).loc["week1"]
    return {
        "count": f"{count}",
        "low": f"{rate['low']:.0f}",
        "high": f"{rate['high']:.0f}",
        "swing": f"{count**0.5:.0f}",
    }


def _total(county: str) -> str:
    """The budgets that fit the dollars and the share which the newspaper prints."""
    claims = read_claims()
    dollars, share = (claims[f"{county}-federal-{what}"].interval for what in ("dollars", "share"))
    return describe(dollars / (share / 100) / 1e6, "million dollars")


def exercises(books: dict[Path, NotebookNode]) -> str:
    """The questions of all notebooks, with a link to where hints, an empty cell and the answer are."""
    parts = []
    for path, book in books.items():
        prose = "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
        asked = prose.partition("\n## Exercises\n")[2].partition("\n## ")[0]
        title = book.cells[0].source.partition("\n")[0].removeprefix("# ")
        link = f'<a href="notebooks/{path.stem}.html#exercises">Hints and answers in notebook {path.stem[:2]}</a>'
        lines = [f"{number}. {' '.join(question.split())}" for number, question in QUESTION.findall(asked)]
        parts.append("\n".join([f"## {plain(title)}", "", *lines, "", link]))
    return "\n\n".join(parts)
