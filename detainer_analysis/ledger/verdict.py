"""Two answers on every claim, by rule from properties of the evidence rows, never by hand.

**Repeated right?** Does the account say what the document that it quotes says?

=========================  ==========================================================================
primary text agrees        we read it in the document itself
copies agree               other publishers that quote the document say the same; we did not see the page
copies disagree            some of them say the same, others something else
altered                    the document, or every copy of it, says something else: number, wording or thing
source not seen            nobody but the account quotes the document
the account is the source  it quotes nobody
=========================  ==========================================================================

**Does it hold?** What does evidence of another origin say?

============================  =======================================================================
recounted                     our own count or arithmetic on rows of another origin gives it, and nothing but it
independently stated          a source that does not go back to the same document states it
shown in the document         the statement is about a document, and the document shows it
recounted from the same data  the data that the number was made from give it again
within bounds                 evidence of another origin leaves room for it, from below and above, and no count of
                              records settles it
in part                       evidence of another origin supports part of it, and none denies the rest
disputed                      credible rows say yes and others say no
contradicted                  all evidence of another origin excludes it
not comparable                there is evidence, but of another year, definition or quantity
not testable                  nothing of another origin was found
============================  =======================================================================

The *origin* of a number is the document that it was first stated in. Twenty outlets that repeat one report are one
origin. An account's own rows, and other articles of its publisher that speak for themselves, are no evidence. Another
document of the same author that repeats a statement in words is no second origin; another count of his is.

Rows *compare* with a claim if what its scope names (government, definition, unit) is the same in them, and if the time
that they say they are of meets the claim's period. What is worked out from several rows compares if each of them does.

A bound that does not exclude a number supports it only from both sides: not if it has no upper end, begins at zero, or
ends at more than ten times its beginning, as "1 to 29" does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from detainer_analysis.data.evidence import Evidence, Item, tests_nothing
from detainer_analysis.data.sources import Source
from detainer_analysis.intervals import Interval, describe
from detainer_analysis.ledger.claim import WORDS, Claim

GRADES = (
    "recount",
    "recount of the same data",
    "another origin",
    "primary text",
    "arithmetic on the same document",
    "copies",
    "aggregator",
    "nothing",
)
IN_PART, SILENT = "in part", "not stated"


@dataclass(frozen=True)
class Verdict:
    """The two answers and what they rest on.

    Parameters
    ----------
    repeated, holds : str
        One of ``claim.REPEATED`` and of ``claim.HOLDS``.
    altered, why : str
        What the account changed; who says what where it matters: the sides of a dispute, another scope.
    weighed : tuple of Item
        The items of another origin that decided whether it holds, or the document's where it is about one.
    origins, publishers, copies : int
        Independent origins of what was weighed, documents of one publisher counted once; different publishers of the
        evidence, the account's not counted; publishers that quote the document and agree.
    grade : str
        One of ``GRADES``: the best evidence.
    """

    repeated: str
    holds: str
    altered: str
    why: str
    weighed: tuple[Item, ...]
    origins: int
    publishers: int
    copies: int
    grade: str


def judge(claim: Claim, evidence: Evidence, registry: Mapping[str, Source], *, strict: bool = False) -> Verdict:
    """Both answers on `claim` that `evidence` allows; `strict` reads the hedges of the claim strictly."""
    reading = claim.reading(strict=strict)
    weights = [_Weight(claim, item, reading, registry) for item in evidence.items]
    repeated, altered = _repeated(claim, weights)
    holds, weighed, why = _holds(claim, weights)
    usable = [weight for weight in weights if not weight.differs]
    decided = [weight for weight in usable if any(weight.item is item for item in weighed)]
    origins = {registry[key].publisher for weight in decided for key in weight.foreign}
    account = registry[claim.source].publisher
    copies = {name for weight in _quotes(weights) if weight.agrees for name in weight.publishers} - {account}
    publishers = {registry[key].publisher for weight in weights for key in weight.sources} - {account}
    # What comes from elsewhere and was not weighed, such as a bound from one side, is no grade of the answer.
    grades = [weight.grade for weight in usable if not weight.foreign or any(weight.item is item for item in weighed)]
    grade = min(grades, key=GRADES.index, default="nothing")
    return Verdict(repeated, holds, altered, why, weighed, len(origins), len(publishers), len(copies), grade)


class _Weight:
    """One item, seen from the claim: whose it is, whether it compares, and on which side it stands."""

    def __init__(self, claim: Claim, item: Item, reading: Interval | str, registry: Mapping[str, Source]) -> None:
        account = registry[claim.source].publisher
        self.item, self.reading = item, reading
        self.sources, origins = item.each("source_id"), item.each("origin_id")
        same = {account}
        if isinstance(item.found, str) and not item.computed:
            same.add(registry[claim.origin].publisher)
        self.foreign = [
            key for key in origins if key not in (claim.origin, claim.source) and registry[key].publisher not in same
        ]
        self.independent = len(self.foreign) == len(origins)
        self.own = not self.foreign
        others = {registry[key].publisher for key in origins if key not in (claim.origin, claim.source)}
        self.elsewhere = self.own and bool(others - {account})
        # The account's own words prove nothing about what it repeats; what the author told it elsewhere is not its own.
        alone = all(registry[key].publisher == account for key in self.sources)
        self.self_quote = self.own and alone and not self.elsewhere
        self.aggregator = all(registry[key].kind == "aggregator" for key in self.sources)
        outlets, authors = ({registry[key].publisher for key in keys} for keys in (self.sources, origins))
        self.publishers = outlets - {account} or authors - {account} or {account}
        self.differs = _differences(claim, item)

    @property
    def side(self) -> str:
        """``for``, ``against``, ``in part``, ``room`` (part of the range agrees) or nothing."""
        found, reading = self.item.found, self.reading
        if isinstance(found, str) or isinstance(reading, str):
            if found == SILENT:
                return ""
            return IN_PART if found == IN_PART != reading else "for" if found == reading else "against"
        if not found.overlaps(reading):
            return "against"
        if tests_nothing(found):
            return ""
        return "for" if found.within(reading) else "room"

    @property
    def agrees(self) -> bool:
        """Whether it says what the claim says, or the same more or less exactly."""
        found, reading = self.item.found, self.reading
        if self.differs or isinstance(found, str) or isinstance(reading, str):
            return found == reading and not self.differs
        return found.within(reading) or (not tests_nothing(found) and reading.within(found))

    @property
    def grade(self) -> str:
        if self.item.counted:
            return "recount of the same data" if self.own else "recount"
        if not self.own:
            return "another origin"
        if self.self_quote:
            return "nothing"
        if self.item.computed:
            return "arithmetic on the same document"
        return "primary text" if self.item.primary else "aggregator" if self.aggregator else "copies"


def _quotes(weights: list[_Weight]) -> list[_Weight]:
    """What others say that the document says; the document itself where it was read."""
    quotes = [
        weight
        for weight in weights
        if weight.own and not weight.self_quote and not weight.item.counted and weight.item.found != SILENT
    ]
    return [weight for weight in quotes if weight.item.primary] or quotes


def _repeated(claim: Claim, weights: list[_Weight]) -> tuple[str, str]:
    if claim.origin == claim.source:
        return "the account is the source", ""
    quotes = _quotes(weights)
    agreeing = [weight for weight in quotes if weight.agrees]
    if agreeing and quotes[0].item.primary:
        return "primary text agrees", ""
    if not quotes:
        return "source not seen", ""
    others = [weight for weight in quotes if not weight.agrees and not (agreeing and weight.side == "")]
    if not others:
        return "copies agree", ""
    said = "; ".join(dict.fromkeys(weight.differs[0] if weight.differs else _say(weight, claim) for weight in others))
    if agreeing:
        return "copies disagree", f"Others have {said}: {_names(others)}."
    unit = "" if claim.unit in (WORDS, "date", "usd") or claim.unit in claim.published else f" {claim.unit}"
    return "altered", f"The document has {said}; the account has {claim.published}{unit}."


def _holds(claim: Claim, weights: list[_Weight]) -> tuple[str, tuple[Item, ...], str]:
    document = claim.about == "document"
    comparable = [weight for weight in weights if not weight.differs and not weight.self_quote]
    pool = [weight for weight in comparable if not weight.own or weight.item.counted or document]
    if document and any(weight.own and weight.item.primary for weight in pool):
        pool = [weight for weight in pool if weight.item.primary or not weight.own]
    yes, room, part, no = (
        [weight for weight in pool if weight.side == side] for side in ("for", "room", IN_PART, "against")
    )
    # The author of the document who stands by it elsewhere is no second origin, but he is a side.
    author = [weight for weight in comparable if weight.side == "for" and weight.elsewhere and weight not in pool]
    weighed = tuple(weight.item for weight in pool if weight.side)
    # Bounds that leave room for a number say neither yes nor no; a vague statement of it says yes.
    sides = yes + author + [weight for weight in room if not weight.item.computed]
    if no and (sides or part):
        return "disputed", weighed, _sides(claim, sides, part, no)
    if no:
        return "contradicted", weighed, ""
    if part:
        return "in part", weighed, f"In part: {_names(part)}."
    if room and not yes:
        return "within bounds", weighed, ""
    if yes and (support := _support(yes, room)):
        bounds = [weight for weight in comparable if not isinstance(weight.item.found, str) and not weight.side]
        room_for = "; ".join(dict.fromkeys(_say(weight, claim) for weight in bounds))
        return support, weighed, f"A bound only ({room_for}): {_names(bounds)}." if bounds else ""
    if others := [weight for weight in weights if weight.differs and not weight.own]:
        said: dict[str, list[str]] = {}
        for weight in others:
            said.setdefault(", ".join(weight.differs), []).append(_say(weight, claim))
        named = "; ".join(f"{what} ({', '.join(dict.fromkeys(words))})" for what, words in said.items())
        return "not comparable", (), f"The evidence has {named}."
    return "not testable", (), ""


def _support(yes: list[_Weight], room: list[_Weight]) -> str:
    """How the best of the agreeing evidence supports a claim; copies of its own document alone do not."""
    results = [weight.item for weight in yes if weight.independent and weight.item.computed]
    counts = {item.found for item in results}
    if not any(item.counted for item in results):  # a count of records settles what bounds leave open
        counts |= {weight.item.found for weight in room if counts and weight.item.computed}
    if counts:  # several results that differ bound the number and do not give it
        return "recounted" if len(counts) == 1 else "within bounds"
    if any(weight.independent for weight in yes):
        return "independently stated"
    if any(weight.own and weight.item.counted for weight in yes):
        return "recounted from the same data"
    if any(not weight.own for weight in yes):  # part of the rows go back to the document itself
        return "within bounds"
    return "shown in the document" if any(weight.item.primary for weight in yes) else ""


def _sides(claim: Claim, yes: list[_Weight], part: list[_Weight], no: list[_Weight]) -> str:
    said = "; ".join(dict.fromkeys(_say(weight, claim) for weight in no))
    sides = [f"In agreement: {_names(yes)}."] if yes else []
    sides += [f"In part: {_names(part)}."] if part else []
    return " ".join([*sides, f"Against it ({said}): {_names(no)}."])


def _names(side: list[_Weight]) -> str:
    found = list(dict.fromkeys(name for weight in side for name in sorted(weight.publishers)))
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def _say(weight: _Weight, claim: Claim) -> str:
    found = weight.item.found
    return found if isinstance(found, str) else describe(found, claim.unit)


def _differences(claim: Claim, item: Item) -> list[str]:
    """How the rows differ from the scope of the claim: another year, definition or quantity."""
    found = []
    for column, wanted in claim.scope.items():
        for part in item.rows:
            if column in part:
                values = dict.fromkeys(_plain(value) for value in part[column].tolist() if pd.notna(value))
                name = "" if column == "unit" else f"{column.replace('_', ' ')} "
                found += [f"{name}{value}" for value in values if value != str(wanted)]
    if (mine := claim.time) and claim.unit != "date":  # of a claim on a day the time is itself the question
        before = [time for time in item.times if time.high < mine.low]
        after = [time for time in item.times if time.low > mine.high]
        found += [_when(side[0].hull(*side)) for side in (before, after) if side]
    return found


def _when(time: Interval) -> str:
    """`time` as years where it is whole years."""
    words = describe(time, "date")
    first, _, last = words.partition(" to ")
    if not (first.endswith("01-01") and last.endswith("12-31")):
        return f"time {words}"
    return f"year {first[:4]}" if first[:4] == last[:4] else f"years {first[:4]} to {last[:4]}"


def _plain(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
