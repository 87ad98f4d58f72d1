"""From a reader's files of records to the ledger's two answers, by the ledger's own rule.

The checks say with their looks at the table ``recounted`` what they would count; `records.recounting` counts it; the
same checks and the same rule then judge with these rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from detainer_analysis.data import tables
from detainer_analysis.data.evidence import Load
from detainer_analysis.errors import DataError
from detainer_analysis.ledger.card import Card
from detainer_analysis.ledger.claim import WORDS, Claim, read_claims
from detainer_analysis.ledger.ledger import examine
from detainer_analysis.records import placed, reading, recounting

YEAR_OF_THE_STOPS = "2014-01-01", "2014-12-31"
MEASURES = {"detainers_declined": "declined", "detainers_issued": "prepared", "detainer_records": "prepared"}


@dataclass(frozen=True)
class Answer:
    """One claim before and after a reader's files.

    Parameters
    ----------
    claim : Claim
        What was said.
    rows : pandas.DataFrame
        The rows of ``recounted`` that were counted for it; empty where the files do not cover it.
    reason : str
        Why there are none, or which readings are missing.
    before, after : Card
        The claim as the repository's data judge it, and with the rows.
    """

    claim: Claim
    rows: pd.DataFrame
    reason: str
    before: Card
    after: Card

    @property
    def covered(self) -> bool:
        """Whether the files say anything about it."""
        return not self.rows.empty


@dataclass(frozen=True)
class Recount:
    """All that a reader's files say.

    Parameters
    ----------
    opened : Records
        The files with their accounts.
    places : pandas.DataFrame
        ``located_by``, ``places``, ``records`` and ``declined``.
    answers : list of Answer
        One for each claim that records can settle, in ledger order.
    months : dict of pandas.DataFrame
        By county: detainers by month through the year of the stops.
    published : pandas.DataFrame
        National counts of the tables whose period the files cover, each beside the files' own count.
    """

    opened: reading.Records
    places: pd.DataFrame
    answers: list[Answer]
    months: dict[str, pd.DataFrame]
    published: pd.DataFrame


def recount(*paths: Path, delivery: str = "first", step: Callable[[str], None] = lambda _: None) -> Recount:
    """Count files of records, and judge every claim that they can settle.

    Parameters
    ----------
    *paths : pathlib.Path
        As for `open_records`.
    delivery : str
        Which of NPR's two to keep.
    step : callable
        Told what is being done, for a bar of progress.

    Raises
    ------
    DataError
        If a file cannot be read or holds no record.
    """
    from detainer_analysis.checks import policy

    step("reading")
    opened = reading.open_records(*paths, delivery=delivery)
    if not sum(found.records for found in opened.accounts):
        raise DataError(paths[0].name, "holds no record")
    step("placing")
    load = cache(tables.load)  # one copy for all checks; they change none
    counter = placed.prepare(opened, delivery, load)
    answers = []
    for name, questions in settled_by_records().items():
        step(name)
        answers.append(_answer(read_claims()[name], questions, counter, load))
    step("months")
    months = {
        fips: recounting.by_month(counter, fips, *YEAR_OF_THE_STOPS) for fips in (policy.HENNEPIN, policy.SEDGWICK)
    }
    step("published counts")
    coverage = counter.places.groupby("located_by")[["records", "declined"]].sum()
    coverage.insert(0, "places", counter.places.groupby("located_by").size())
    return Recount(opened, coverage.reset_index(), answers, months, _published(counter, load))


@cache
def settled_by_records() -> dict[str, list[recounting.Question]]:
    """What each check would count that looks at the table ``recounted``, by the claim's id."""
    from detainer_analysis import checks

    found = {}
    for claim in read_claims().values():
        looks = checks.find(claim.id, tables.load, words=claim.unit == WORDS).looks
        if questions := [look.where for look in looks if look.table == "recounted"]:
            found[claim.id] = questions
    return found


@cache
def _before(name: str) -> Card:
    return examine(read_claims()[name])


def _answer(claim: Claim, questions: list[recounting.Question], counter: placed.Counter, load: Load) -> Answer:
    parts, reasons = zip(*(recounting.answer(counter, question) for question in questions), strict=True)
    rows = pd.concat(parts, ignore_index=True).assign(source_row=lambda table: range(1, len(table) + 1))

    def with_rows(name: str) -> pd.DataFrame:
        return rows if name == "recounted" else load(name)

    before = _before(claim.id)
    after = before if rows.empty else examine(claim, load=with_rows)
    return Answer(claim, rows, "; ".join(filter(None, dict.fromkeys(reasons))), before, after)


def _published(counter: placed.Counter, load: Load) -> pd.DataFrame:
    """Published national counts of detainers whose period the files cover, beside the files' own."""
    columns = ["measure", "period_start", "period_end", "value", "qualifier", "source_id"]
    told = pd.concat([load(name)[[*columns, "scope"]] for name in ("declined_counts", "issued_counts")])
    told = told[told["scope"].eq("national") & told["measure"].isin(MEASURES)].dropna(subset=["period_end"])
    first, last = counter.ask("SELECT min(prepared) AS low, max(prepared) AS high FROM records").iloc[0]
    slack = pd.Timedelta(days=recounting.LONGEST_GAP_DAYS)
    told = told[told["period_start"].ge(first - slack) & told["period_end"].le(last + slack)][columns]
    rows = []
    for row in told.sort_values(["period_start", "period_end", "measure"]).to_dict("records"):
        question = {"measure": MEASURES[row["measure"]], "day_of": "prepared", "scope": "national"}
        counted, _ = recounting.answer(counter, {**question, **{key: row[key] for key in columns[1:3]}})
        if not counted.empty:
            rows.append({**row, "least": counted["least"].min(), "most": counted["most"].max()})
    return pd.DataFrame(rows, columns=[*columns, "least", "most"])
