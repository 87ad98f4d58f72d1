"""Every claim could have come out otherwise: its rows are moved, removed and joined by another source's."""

from functools import cache

import pandas as pd
import pytest

from detainer_analysis import checks
from detainer_analysis.data import sources, tables
from detainer_analysis.data.evidence import pick
from detainer_analysis.intervals import Interval
from detainer_analysis.ledger.claim import WORDS, read_claims
from detainer_analysis.ledger.verdict import judge

pytestmark = pytest.mark.usefixtures("untraced")

LEDGER, REGISTRY = read_claims(), sources.read()
LOAD = cache(tables.load)  # one copy for all checks; they change none
AGAINST = {"disputed", "contradicted"}
SILENT = {"not testable", "not comparable"}
# A source that no claim quotes and no account shares a publisher with.
STRANGER = "census-regions"
OTHER_WORD = {"yes": "no", "no": "yes"}


def with_tables(changed):
    """A `load` that gives the changed tables, and all others as they are."""
    return lambda name: changed[name] if name in changed else LOAD(name)


def answers(claim, changed=None):
    evidence = checks.find(claim.id, with_tables(changed or {}), words=claim.unit == WORDS)
    verdict = judge(claim, evidence, REGISTRY)
    return verdict.repeated, verdict.holds


@cache
def found(name):
    """The evidence of today, and the tables that the check reads, emptied."""
    read = {}

    def noting(table):
        read[table] = LOAD(table).iloc[:0]
        return LOAD(table)

    return checks.find(name, noting, words=LEDGER[name].unit == WORDS), read


def claimed(claim):
    """A value that says what the claim says."""
    reading = claim.reading()
    if not isinstance(reading, Interval):
        return reading
    middle = reading.low + 1 if reading.high == float("inf") else (reading.low + reading.high) / 2
    return pd.Timestamp.fromordinal(int(middle)) if claim.unit == "date" else middle


def elsewhere(value):
    """`value` scaled, shifted, dated otherwise or swapped."""
    if isinstance(value, str):
        return [OTHER_WORD.get(value, "something else")]
    if isinstance(value, pd.Timestamp):
        return [value + pd.Timedelta(days=1500), value - pd.Timedelta(days=1500)]
    return [value * 3, value / 3, value + 5000]


def joined(claim, look, value, table):
    """`table` with one row more, in which a source of another origin states `value` where `look` looks."""
    row = dict.fromkeys(table.columns, pd.NA)
    row |= {key: wanted[0] if isinstance(wanted, tuple) else wanted for key, wanted in look.where.items()}
    row |= {key: wanted for key, wanted in claim.scope.items() if key in table.columns}
    row |= {column: "day" for column in table.columns if column.endswith("_precision")}
    row |= {column: "exact" for column in table.columns if column.endswith("qualifier")}
    row |= {"unit": row.get("unit") if pd.notna(row.get("unit")) else claim.unit, "says": "So says a stranger."}
    row |= {"june_or_july_2014": "no", "source_id": STRANGER, "origin_id": STRANGER, "confidence": "reported"}
    row |= {look.column: value, "table": look.table, "source_row": 9_999}
    if look.column == "offence":  # the claim has the offence and how far the case had come
        row["offence"], _, row["charge_or_conviction"] = value.rstrip(")").partition(" (")
    added = pd.DataFrame([{column: row.get(column) for column in table.columns}])
    return pd.concat([table.astype(object), added.astype(object)], ignore_index=True).infer_objects()


def moved(table, rows, how):
    """`table` with the numbers, days and words of `rows` moved."""
    here = table["source_row"].isin(rows)
    if how == "removed":
        return table[~here]
    table = table.copy()
    for column in table.columns.difference(["source_row", "rank", "fiscal_year", "report"]):
        values = table[column]
        if how == "exact" and column.endswith("qualifier"):
            table[column] = values.where(~here, "exact")
        elif how in ("scaled", "shrunk", "shifted", "exact") and pd.api.types.is_numeric_dtype(values):
            plain = values.astype(float)
            scale = 1 / 3 if how == "shrunk" else 3
            table[column] = plain.where(~here, plain + 5000 if how == "shifted" else plain * scale)
        elif how == "later" and pd.api.types.is_datetime64_any_dtype(values):
            if not column.startswith(("period", "week")):
                table[column] = values.where(~here, values + pd.Timedelta(days=1500))
        elif how == "swapped" and column in ("answer", "offence", "category", "jurisdiction"):
            table[column] = values.where(~here, values.map(lambda word: OTHER_WORD.get(word, "something else")))
    return table


HOW = ("scaled", "shrunk", "shifted", "exact", "later", "swapped", "removed")


@pytest.mark.parametrize("name", LEDGER)
def test_its_answer_could_have_been_another(name):
    """The outcomes of all moves hold at least today's, one against it, and that nothing can be said."""
    claim, (evidence, empty) = LEDGER[name], found(name)
    today = answers(claim)
    reached = {today}
    groups = {table: set(rows["source_row"]) for table, rows in evidence.rows.groupby("table")}
    for how in HOW if groups else ():
        reached.add(answers(claim, {table: moved(LOAD(table), rows, how) for table, rows in groups.items()}))
    silent = answers(claim, empty)
    assert silent == (
        "the account is the source" if claim.origin == claim.source else "source not seen",
        "not testable",
    )
    value, turned = claimed(claim), set()
    silence = {table: nothing for table, nothing in empty.items() if "source_id" in nothing}  # our own decisions stay
    # A count from a reader's own file is no statement; the tests of `recount` put one to every claim that asks for it.
    for look in (look for look in evidence.looks if look.table != "recounted"):
        alone = answers(claim, silence | {look.table: joined(claim, look, value, empty[look.table])})
        beside = answers(claim, {look.table: joined(claim, look, value, LOAD(look.table))})
        assert alone[1] not in SILENT, f"a row alone that states it where {look} looks does not turn the answer"
        assert beside[1] not in SILENT, f"one row more that states it where {look} looks does not turn the answer"
        turned.add(alone[1])
        others = [joined(claim, look, other, LOAD(look.table)) for other in elsewhere(value)]
        reached |= {alone, beside, *(answers(claim, {look.table: table}) for table in others)}
    holds = {outcome for _, outcome in reached | {silent}}
    assert turned - AGAINST, (name, turned)
    assert {today[1], "not testable"} <= holds
    assert holds & AGAINST, (name, holds)
    if claim.origin != claim.source and today[0] != "source not seen":
        assert {repeated for repeated, _ in reached} - {today[0]}, (name, reached)


@pytest.mark.parametrize("name", LEDGER)
def test_a_table_or_a_source_that_is_missing_is_no_crash(name):
    claim, (evidence, empty) = LEDGER[name], found(name)
    for table, nothing in empty.items():
        answers(claim, {table: nothing})
    sourced = [table for table in empty if "source_id" in LOAD(table)]
    for source in evidence.rows["source_id"].unique():
        answers(claim, {table: LOAD(table)[LOAD(table)["source_id"].ne(source)] for table in sourced})


def test_every_row_that_states_something_is_evidence_of_its_own():
    """A second transcription counts beside the first, whether or not it says the same."""
    for name in LEDGER:
        evidence, _ = found(name)
        stated = [item.addresses for item in evidence.items if not item.computed]
        alone = {(rows["table"].iloc[0], rows["source_row"].iloc[0]) for rows in stated if len(rows) == 1}
        # Of the dates of a limit only the first count: what came later is another limit.
        for look in (look for look in evidence.looks if look.table != "policy_dates"):
            rows = pick(LOAD(look.table), **look.where)
            assert {(look.table, row) for row in rows.loc[rows[look.column].notna(), "source_row"]} <= alone, name


def test_the_stranger_is_one():
    assert REGISTRY[STRANGER].publisher not in {REGISTRY[claim.source].publisher for claim in LEDGER.values()}
    assert STRANGER not in {claim.origin for claim in LEDGER.values()}


@pytest.mark.parametrize("name", LEDGER)
def test_more_rows_of_its_own_origin_never_make_an_answer_worse(name):
    claim, (evidence, _) = LEDGER[name], found(name)
    today = answers(claim)
    own = [item for item in evidence.items if set(item.addresses["origin_id"]) == {claim.origin} and not item.computed]
    if own and today[0] != "altered":
        table = own[0].addresses["table"].iloc[0]
        twice = pd.concat([LOAD(table), own[0].rows[0].assign(source_row=10_000)], ignore_index=True)
        assert answers(claim, {table: twice}) == today
