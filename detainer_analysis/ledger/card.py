"""A claim, its evidence and the two answers on one card."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Item
from detainer_analysis.data.sources import Source
from detainer_analysis.intervals import Interval, describe
from detainer_analysis.ledger.claim import WORDS, Claim
from detainer_analysis.ledger.verdict import Verdict

SHOWN = 5  # rows and sources that a card shows before it folds the rest
SIDE_BY_SIDE = 3  # results that `found` lists one by one; of more on one side it gives the range
SIDES = ("disputed", "contradicted", "in part")  # where some of what was found disagrees, all of it is listed
NOTHING = {"not comparable": "nothing that compares"}  # why nothing was found, where it is not that nobody else said it


@dataclass(frozen=True, repr=False)
class Card:
    """A claim and what the data say of it, readable in a notebook and in a terminal.

    Parameters
    ----------
    claim, evidence : Claim, Evidence
        What was said; what the data say.
    verdict, strict : Verdict
        The answers by the rule, and with hedges read strictly.
    registry : mapping of str to Source
        The sources by id.
    """

    claim: Claim
    evidence: Evidence
    verdict: Verdict
    strict: Verdict
    registry: Mapping[str, Source]

    @cached_property
    def record(self) -> dict[str, Any]:
        """The row of `ledger_table`."""
        claim, verdict = self.claim, self.verdict
        return {
            "claim": claim.id,
            "statement": claim.statement,
            "published": claim.published,
            "unit": claim.unit,
            "claimed_by": claim.source,
            "repeated": verdict.repeated,
            "holds": verdict.holds,
            "found": self.found,
            "origins": verdict.origins,
            "publishers": verdict.publishers,
            "best_evidence": verdict.grade,
            "repeated_strictly": self.strict.repeated,
            "holds_strictly": self.strict.holds,
            "why": " ".join(filter(None, (verdict.altered, verdict.why))),
            "missing": claim.missing,
            "caveat": claim.caveat,
            "rows": self.evidence.addresses,
            "evidence_sources": "; ".join(dict.fromkeys(self.evidence.rows["source_id"])),
            "notebook": claim.notebook,
            "told": claim.told,
            "answered": claim.answered,
        }

    @property
    def depends(self) -> bool:
        """Whether an answer depends on how a hedge ("about") is read."""
        return (self.verdict.repeated, self.verdict.holds) != (self.strict.repeated, self.strict.holds)

    @property
    def found(self) -> str:
        """What evidence of another origin says, in the claim's unit; empty where there are copies only."""
        if self.verdict.holds in ("not comparable", "not testable"):
            return ""
        said = list(dict.fromkeys(self.say(item) for item in self.verdict.weighed))
        numbers = [item.found for item in self.verdict.weighed if isinstance(item.found, Interval)]
        if len(said) > SIDE_BY_SIDE and len(numbers) == len(self.verdict.weighed) and self.verdict.holds not in SIDES:
            return f"{describe(numbers[0].hull(*numbers), self.claim.unit)} in {len(said)} results"
        return "; ".join(said)

    def say(self, item: Item) -> str:
        """What one item says, in the claim's unit."""
        if isinstance(item.found, str):
            return item.found
        own = item.rows[0].get("unit", pd.Series([self.claim.unit])).iloc[0]
        counted = not item.computed and self.claim.unit in (self.claim.scope.get("unit"), own) and isinstance(own, str)
        return describe(item.found, own if counted else self.claim.unit)

    @property
    def copies(self) -> str:
        """What the quotations of the document amount to, in words."""
        n = self.verdict.copies
        outlets = f"{n} other publisher{'s' if n != 1 else ''}"
        return {
            "primary text agrees": "the document itself says so",
            "copies agree": f"the same in {outlets}; we did not see the page itself",
            "copies disagree": f"the same in {outlets}. {self.verdict.altered}",
            "altered": self.verdict.altered,
            "source not seen": "no other quotation of the document was found",
            "the account is the source": "nobody is quoted",
        }[self.verdict.repeated]

    @property
    def rests_on(self) -> str:
        """How many independent origins decided whether it holds, and how many publishers the evidence has."""
        counted = [(self.verdict.origins, "independent origin"), (self.verdict.publishers, "other publisher")]
        return ", ".join(f"{n} {name}{'s' if n != 1 else ''}" for n, name in counted)

    def lines(self) -> list[tuple[str, str]]:
        """The card as labels and texts, in the order in which a reader needs them."""
        claim, verdict = self.claim, self.verdict
        known = "" if claim.unit == WORDS else f" [{describe(claim.interval, claim.unit)}]"
        lines = [
            ("repeated right?", f"{verdict.repeated}: {self.copies}"),
            ("does it hold?", f"{verdict.holds}. {verdict.why}".strip()),
            ("claim", claim.statement),
            ("published", f"{claim.published}{known}"),
            ("found", self.found or NOTHING.get(verdict.holds, "nothing of another origin")),
            ("rests on", f"{self.rests_on}; best evidence: {verdict.grade}"),
        ]
        if self.depends:
            strict = f"{self.strict.repeated}; {self.strict.holds}. {self.strict.why}".strip()
            lines.append(("read strictly", f"with every hedge of claim and evidence read strictly: {strict}"))
        lines += [("missing", claim.missing)] if claim.missing else []
        lines += [("but", claim.caveat)] if claim.caveat else []
        return lines

    def rows(self) -> list[str]:
        """Files and lines of the evidence, run by run; neighbouring lines are one run."""
        return re.findall(r"[^,;]+[,;]?", self.evidence.addresses) or ["none"]

    def notes(self) -> list[str]:
        """What each item of evidence is, with its source."""
        shown: dict[str, None] = {}
        for item in self.evidence.items:
            keys = item.each("source_id")
            cited = "; ".join(self.registry[key].citation for key in keys[:3])
            more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
            words = f" {item.shows}" if item.shows else ""
            shown[f"{self.say(item)}.{words} ({cited}{more})"] = None
        return list(shown)

    def __repr__(self) -> str:
        rows, notes = self.rows(), self.notes()
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        lines = [*self.lines(), ("rows", "".join(rows[:SHOWN]) + more)]
        lines += [("claimed by", self.registry[self.claim.source].citation)]
        lines += [("evidence", note) for note in notes[:SHOWN]]
        lines += [("", f"and {len(notes) - SHOWN} more")] if len(notes) > SHOWN else []
        wrapped = [
            textwrap.fill(f"{label:<17}{value}", 100, initial_indent="  ", subsequent_indent=" " * 19)
            for label, value in lines
        ]
        return "\n".join([self.claim.id.upper(), *wrapped])

    def _repr_html_(self) -> str:
        rows = [(label, html.escape(value)) for label, value in self.lines()]
        lines, notes = self.rows(), [f"<li>{html.escape(note)}</li>" for note in self.notes()]
        rows.append(("rows", "".join(lines[:SHOWN]) + _folded("".join(lines[SHOWN:]), len(lines) - SHOWN)))
        rows.append(("claimed by", _link(self.registry[self.claim.source])))
        more = _folded(f"<ul>{''.join(notes[SHOWN:])}</ul>", len(notes) - SHOWN)
        rows += [("evidence", f"<ul>{''.join(notes[:SHOWN])}</ul>{more}")] if notes else []
        body = "".join(
            f'<tr><th scope="row" style="text-align:left;vertical-align:top">{label}</th>'
            f'<td style="text-align:left">{value}</td></tr>'
            for label, value in rows
        )
        # The two other classes tell MathJax, in JupyterLab and elsewhere, that a dollar sign is money.
        return (
            '<table class="claim tex2jax_ignore mathjax_ignore">'
            f'<caption style="text-align:left"><strong>{html.escape(self.claim.id)}</strong></caption>'
            f"<tbody>{body}</tbody></table>"
        )


def _folded(content: str, number: int) -> str:
    return f"<details><summary>{number} more</summary>{content}</details>" if number > 0 else ""


def _link(source: Source) -> str:
    name = html.escape(source.title)
    linked = f'<a href="{html.escape(source.url)}">{name}</a>' if source.url else name
    return f"{linked}, {html.escape(source.citation)}"


def ledger_table(cards: Iterable[Card]) -> pd.DataFrame:
    """The ledger as a table, one row per claim, in ledger order.

    Returns
    -------
    pandas.DataFrame
        The columns of ``data.schemas.LEDGER_SCHEMA``.
    """
    return pd.DataFrame([card.record for card in cards])


def ledger_document(cards: Iterable[Card]) -> list[dict[str, Any]]:
    """The ledger for other software: each row of `ledger_table` with its items of evidence, one by one."""
    return [
        {
            **card.record,
            "evidence": [
                {
                    "found": card.say(item),
                    "shows": item.shows,
                    "computed": item.computed,
                    "rows": item.addresses[["table", "source_row", "source_id", "origin_id"]].to_dict("records"),
                }
                for item in card.evidence.items
            ],
        }
        for card in cards
    ]
