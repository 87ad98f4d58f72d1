"""Every claim could have come out otherwise: its rows are moved, removed and joined by another source's."""

import math

import pandas as pd
import pytest

from detainer_analysis import checks
from detainer_analysis.data import sources, tables
from detainer_analysis.ledger.claim import WORDS, read_claims
from detainer_analysis.ledger.ledger import examine

LEDGER = read_claims()
AGAINST = {"disputed", "contradicted"}
# A source that no claim quotes and no account shares a publisher with.
STRANGER = "census-regions"


def answers(claim, load):
    card = examine(claim, load=load)
    return card.verdict.repeated, card.verdict.holds, card.found


def with_tables(changed):
    """A `load` that gives the changed tables, and all others as they are."""
    return lambda name: changed[name] if name in changed else tables.load(name)


def used(claim):
    """The tables that a claim's check reads."""
    read = []
    checks.find(claim.id, lambda name: read.append(name) or tables.load(name), words=claim.unit == WORDS)
    return list(dict.fromkeys(read))


def stated_by_a_stranger(claim, look, value):
    """The table of `look` with one row more, in which a source of another origin states `value`."""
    table = tables.load(look.table)
    row = dict.fromkeys(table.columns, pd.NA)
    row |= {key: wanted[0] if isinstance(wanted, tuple) else wanted for key, wanted in look.where.items()}
    row |= {key: wanted for key, wanted in claim.scope.items() if key in table.columns}
    for column in table.columns:
        if column.endswith("_precision"):
            row[column] = "day"
        if column.endswith("qualifier"):
            row[column] = "exact"
    row |= {"unit": row.get("unit") if pd.notna(row.get("unit")) else claim.unit, "says": "So says a stranger."}
    row |= {"june_or_july_2014": "no"} if "june_or_july_2014" in table.columns else {}
    row |= {"source_id": STRANGER, "origin_id": STRANGER, "confidence": "reported", "table": look.table}
    row |= {look.column: value, "source_row": len(table) + 2}
    if look.column == "offence":  # the claim has the offence and how far the case had come
        row["offence"], _, row["charge_or_conviction"] = value.rstrip(")").partition(" (")
    added = pd.DataFrame([{column: row.get(column) for column in table.columns}])
    return pd.concat([table.astype(object), added.astype(object)], ignore_index=True).infer_objects()


def numbers(claim):
    """A value that says what the claim says, and two that do not."""
    if claim.unit == WORDS:
        return claim.published, "nothing of the kind", "nothing of the kind"
    interval = claim.interval
    middle = interval.low if math.isinf(interval.high) else (interval.low + interval.high) / 2
    if claim.unit == "date":
        day = pd.Timestamp.fromordinal(int(middle))
        return day, day - pd.Timedelta(days=1500), day + pd.Timedelta(days=1500)
    if math.isinf(interval.high):
        return interval.low + 1, interval.low / 10, interval.low / 100
    return middle, interval.low / 10 - 7 if interval.low > 70 else interval.high * 10 + 7, interval.low / 100


@pytest.mark.parametrize("name", LEDGER)
def test_a_stranger_can_support_and_contradict_it_and_silence_leaves_it_untestable(name):
    claim = LEDGER[name]
    today = answers(claim, tables.load)
    found = {today[1]}
    for look in checks.find(name, tables.load, words=claim.unit == WORDS).looks:
        for value in numbers(claim):
            found.add(answers(claim, with_tables({look.table: stated_by_a_stranger(claim, look, value)}))[1])
    silent = answers(claim, with_tables({table: tables.load(table).iloc[:0] for table in used(claim)}))
    assert silent[1] == "not testable"
    assert silent[0] in ("source not seen", "the account is the source")
    assert silent[2] == ""
    assert found & AGAINST, (name, found)
    supported = {"independently stated", "recounted", "within bounds", "in part", "disputed", "shown in the document"}
    assert found & supported, (name, found)


def moved(table, rows, how):
    """`table` with the numbers, days and words of `rows` moved."""
    table = table.copy()
    here = table["source_row"].isin(rows)
    for column in table.columns.difference(["source_row", "rank", "fiscal_year", "report"]):
        values = table[column]
        if how == "removed":
            continue
        if how == "exact" and column.endswith("qualifier"):
            table[column] = values.where(~here, "exact")
        elif how in ("scaled", "shifted", "exact") and pd.api.types.is_numeric_dtype(values):
            plain = values.astype(float)
            table[column] = plain.where(~here, plain + 5000 if how == "shifted" else plain * 3)
        elif (
            how == "later"
            and pd.api.types.is_datetime64_any_dtype(values)
            and not column.startswith(("period", "week"))
        ):
            table[column] = values.where(~here, values + pd.Timedelta(days=1500))
        elif how == "swapped" and column in ("answer", "offence", "category", "jurisdiction"):
            table[column] = values.where(~here, "something else")
    return table[~here] if how == "removed" else table


SPOKEN_FOR = [name for name, claim in LEDGER.items() if examine(claim).verdict.grade != "nothing"]


def test_claims_without_evidence_of_others_are_few_and_said_to_be_untested():
    silent = set(LEDGER) - set(SPOKEN_FOR)
    assert len(silent) < len(LEDGER) / 8
    assert {LEDGER[name].holds for name in silent} <= {"not testable", "not comparable"}


@pytest.mark.parametrize("name", SPOKEN_FOR)
def test_its_own_rows_decide(name):
    """Moving the rows that a claim rests on changes an answer, or what was found."""
    claim = LEDGER[name]
    evidence = checks.find(name, tables.load, words=claim.unit == WORDS)
    today = answers(claim, tables.load)
    outcomes = set()
    for how in ("scaled", "shifted", "exact", "later", "swapped", "removed"):
        changed = {
            table: moved(tables.load(table), set(group["source_row"]), how)
            for table, group in evidence.rows.groupby("table")
        }
        outcomes.add(answers(claim, with_tables(changed)))
    assert outcomes - {today}, name


def test_the_stranger_is_one():
    registry = sources.read()
    assert registry[STRANGER].publisher not in {registry[claim.source].publisher for claim in LEDGER.values()}
    assert STRANGER not in {claim.origin for claim in LEDGER.values()}


def test_more_rows_of_its_own_origin_never_make_an_answer_worse():
    for name, claim in LEDGER.items():
        evidence = checks.find(name, tables.load, words=claim.unit == WORDS)
        card = examine(claim)
        own = [
            item for item in evidence.items if set(item.addresses["origin_id"]) == {claim.origin} and not item.computed
        ]
        if not own or card.verdict.repeated == "altered":
            continue
        table = own[0].addresses["table"].iloc[0]
        twice = pd.concat([tables.load(table), own[0].rows[0].assign(source_row=10_000)], ignore_index=True)
        again = examine(claim, load=with_tables({table: twice}))
        assert (again.verdict.repeated, again.verdict.holds) == (card.verdict.repeated, card.verdict.holds), name
