"""Every claim could have come out otherwise: its rows are moved, removed and joined by another source's."""

import itertools
from datetime import date
from functools import cache

import pandas as pd
import pytest
from pandas.api.types import is_datetime64_any_dtype as holds_days
from pandas.api.types import is_numeric_dtype as holds_numbers

from detainer_analysis import checks
from detainer_analysis.checks import funding
from detainer_analysis.data import sources, tables
from detainer_analysis.data.evidence import pick
from detainer_analysis.intervals import Interval
from detainer_analysis.ledger.claim import HOLDS, REPEATED, WORDS, read_claims
from detainer_analysis.ledger.verdict import judge

pytestmark = pytest.mark.usefixtures("untraced")

LEDGER, REGISTRY = read_claims(), sources.read()
LOAD = cache(tables.load)  # one copy for all checks; they change none
AGAINST = {"disputed", "contradicted"}
SILENT = {"not testable", "not comparable"}
UNQUOTED = {"the account is the source", "source not seen"}
# A source that no claim quotes and no account shares a publisher with.
STRANGER = "census-regions"
OTHER_WORD = {"yes": "no", "no": "yes", "against local government": "for local government"}
# What a row is of; moved, it is a row on something else.
TIMES = ("report", "listed_in", "fiscal_year", "week_start", "month", "period", "period_start", "period_end")
ADDRESS = ("table", "source_row", "source_id", "origin_id")
SAID = ("answer", "offence", "category", "jurisdiction", "outcome", "county_fips")
HOW = ("swapped", "exact", "earlier", "later", "spread", "shrunk", "shifted", "halved")


def found(claim, changed=None, *, seen=None):
    """What the data say with the changed tables, and all others as they are; `seen` is told which tables are read."""

    def load(name):
        if seen is not None:
            seen[name] = LOAD(name).iloc[:0]
        return changed[name] if changed and name in changed else LOAD(name)

    return checks.find(claim.id, load, words=claim.unit == WORDS)


def answers(claim, changed=None):
    verdict = judge(claim, found(claim, changed), REGISTRY)
    return verdict.repeated, verdict.holds


@cache
def today(name):
    """The evidence of today, the verdict on it, and the tables that the check reads, emptied."""
    empty = {}
    evidence = found(LEDGER[name], seen=empty)
    return evidence, judge(LEDGER[name], evidence, REGISTRY), empty


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


def cells(claim, look, value, table):
    """The cells of a row that says exactly `value` where `look` looks, on what the claim is about."""
    row = {key: wanted for key, wanted in claim.scope.items() if key in table}
    row = {key: pd.Timestamp(wanted) if holds_days(table[key]) else wanted for key, wanted in row.items()}
    row |= {column: "day" for column in table if column.endswith("_precision")}
    row |= {column: "exact" for column in table if column.endswith("qualifier")}
    if "unit" in table:
        row["unit"] = look.where.get("unit", claim.scope.get("unit", claim.unit))
    if "fiscal_year" in table and claim.time:
        row["fiscal_year"] = date.fromordinal(int(claim.time.high)).year
    if look.column == "period_start":
        row["period_end"] = value + pd.Timedelta(days=30)
    if look.column == "offence":  # the claim has the offence and how far the case had come
        offence, _, stage = value.rstrip(")").partition(" (")
        return row | {"offence": offence, "charge_or_conviction": stage}
    return row | {look.column: value}


def joined(claim, look, value, table):
    """`table` with one row more, in which a source of another origin states `value` where `look` looks."""
    row = {key: wanted[0] if isinstance(wanted, tuple) else wanted for key, wanted in look.where.items()}
    row |= {"says": "So says a stranger.", "june_or_july_2014": "no", "confidence": "reported"}
    row |= {"source_id": STRANGER, "origin_id": STRANGER, "table": look.table, "source_row": 9_999}
    return with_rows(table, [row | cells(claim, look, value, table)])


def with_rows(table, rows):
    more = pd.DataFrame(rows).reindex(columns=table.columns)
    floats = {column: float for column, kind in table.dtypes.items() if kind == "Int64"}
    return pd.concat([table.astype(floats), more.astype(table.dtypes.to_dict() | floats)], ignore_index=True)


def moved(table, lines, how):
    """`table` with the numbers, days or words of the lines moved, every second line removed, or their times moved."""
    here = table["source_row"].isin(lines)
    if how == "halved":
        return table[~here | here.cumsum().mod(2).eq(1)]
    order, change = here.cumsum(), {}
    for column in table.columns.difference(ADDRESS):
        values, is_time = table[column], column in TIMES
        if how == "another time":
            another = "week3" if column in ("report", "listed_in") else "2057-02"
            if holds_days(values):
                another = values + pd.Timedelta(days=15_000)
            elif holds_numbers(values):
                another = values + 40
            if is_time:
                change[column] = values.where(~here, another)
        elif holds_days(values):
            if how in ("earlier", "later"):
                days = pd.Timedelta(days=1500 if how == "later" else -1500)
                change[column] = values.where(~here, values + days)
        elif holds_numbers(values):
            if how in ("spread", "exact", "shrunk", "shifted") and not is_time:
                plain = values.astype(float)
                by = {"spread": plain * (order + 1), "shrunk": plain / 30, "shifted": plain + 5000}
                change[column] = plain.where(~here, by.get(how, plain * 3))
        elif how == "exact" and column.endswith("qualifier"):
            change[column] = values.where(~here, "exact")
        elif how == "swapped" and column in SAID:
            change[column] = values.where(~here, values.map(lambda word: OTHER_WORD.get(word, "something else")))
    return table.assign(**change) if change else None


def all_moved(groups, how):
    """The tables that the move changes."""
    every = {table: moved(LOAD(table), lines, how) for table, lines in groups.items()}
    return {table: rows for table, rows in every.items() if rows is not None}


def restated(claim, look, value, lines):
    """The table of `look` with `value` in all its lines that are evidence."""
    table = LOAD(look.table)
    stated = cells(claim, look, value, table)
    changed = table.astype(dict.fromkeys(stated, object))
    changed.loc[table["source_row"].isin(lines), list(stated)] = list(stated.values())
    return changed.infer_objects()


def lines_of(rows):
    """The lines of each table."""
    return {table: set(part["source_row"]) for table, part in rows.groupby("table")}


def lines_in(item):
    return frozenset(zip(item.addresses["table"], item.addresses["source_row"], strict=True))


def by_lines(evidence):
    """What each item says, by its lines."""
    said = {}
    for item in evidence.items:
        said.setdefault(lines_in(item), []).append(item.found)
    return said


def as_groups(lines):
    return {table: {line for name, line in lines if name == table} for table, _ in lines}


def others_than(said, lines, was, now):
    """Whether an item of the lines, or a new one of some of them and of the same tables, says other than `said`."""
    same = {key for key in now if key & lines and key not in was and as_groups(key).keys() == as_groups(lines).keys()}
    return any(now[key] != said for key in now.keys() & {lines} | same)


def turning(claim, before):
    """Which answers would show that the claim can come out otherwise: only those that its rows give today."""
    wanted = {
        "holds": set(HOLDS) - AGAINST if before.holds in AGAINST else AGAINST,
        "repeated": set(REPEATED) - UNQUOTED - {before.repeated},
    }
    return {answer: some for answer, some in wanted.items() if getattr(before, answer) not in SILENT | UNQUOTED}


def still(wanted, claim, after, evidence):
    """What of `wanted` the evidence `after` a move does not give; fewer items than before may only deny."""
    if not wanted:
        return wanted
    verdict = judge(claim, after, REGISTRY)
    fewer = len(after.items) < len(evidence.items)
    allowed = AGAINST | {"altered"} if fewer else {*HOLDS, *REPEATED}
    return {answer: some for answer, some in wanted.items() if getattr(verdict, answer) not in some & allowed}


@pytest.mark.parametrize("name", LEDGER)
def test_its_own_rows_turn_it(name):
    """Without any stranger: moved, they turn what they gave, item by item; removed, they give nothing."""
    claim, (evidence, before, empty) = LEDGER[name], today(name)
    nothing = "the account is the source" if claim.origin == claim.source else "source not seen"
    assert answers(claim, empty) == (nothing, "not testable")
    groups, was, runs = lines_of(evidence.rows), by_lines(evidence), []
    wanted, waiting = turning(claim, before), dict(was)
    for how in HOW:
        if not wanted and not waiting:
            return
        if run := all_moved(groups, how):
            runs.append(run)
            after = found(claim, run)
            wanted, now = still(wanted, claim, after, evidence), by_lines(after)
            waiting = {lines: said for lines, said in waiting.items() if not others_than(said, lines, was, now)}
    looks = [look for look in evidence.looks if look.table in groups]
    values = (claimed(claim), elsewhere(claimed(claim))[0])
    stated = [{look.table: restated(claim, look, value, groups[look.table])} for look in looks for value in values]
    for run in itertools.chain(stated, (run | one for run in runs for one in stated)):
        if wanted:
            wanted = still(wanted, claim, found(claim, run), evidence)
    assert not wanted, "its own rows, moved, do not turn it"
    # A check that does not read the lines of an item says the same, however they are moved.
    for lines, said in waiting.items():
        alone = (by_lines(found(claim, all_moved(as_groups(lines), how))) for how in HOW)
        assert any(others_than(said, lines, was, now) for now in alone), (lines, said)


@pytest.mark.parametrize("name", LEDGER)
def test_every_part_of_what_is_worked_out_is_read(name):
    """The rows of one part alone, moved, give another result: the sum of a share, say, or its total."""
    claim, (evidence, _, _) = LEDGER[name], today(name)
    was, items_with = by_lines(evidence), {}
    for item in (item for item in evidence.items if len(item.rows) > 1):
        for part in item.rows:
            items_with.setdefault((part["table"].iloc[0], frozenset(part["source_row"])), set()).add(lines_in(item))
    for (table, lines), waiting in items_with.items():
        for how in HOW:
            if waiting and (run := all_moved({table: lines}, how)):
                now = by_lines(found(claim, run))
                waiting -= {item for item in waiting if others_than(was[item], item, was, now)}
        assert not waiting, f"what is worked out from rows of {table} does not read them: {sorted(lines)}"


@pytest.mark.parametrize("name", [name for name, claim in LEDGER.items() if claim.unit == WORDS])
def test_an_answer_that_is_worked_out_is_one_of_a_few_words(name):
    claim, (evidence, _, _) = LEDGER[name], today(name)
    answers = {"yes", "no", "not stated", "rise", "flat", "fall"}
    if {item.found for item in evidence.items if item.computed} <= answers:  # else it is a name
        for run in filter(None, (all_moved(lines_of(evidence.rows), how) for how in HOW)):
            assert {item.found for item in found(claim, run).items if item.computed} <= answers


def swapped_qualifiers(table, lines):
    """`table` with another qualifier in all hedges of the lines."""
    other = {"more than": "exact", "at least": "exact"}
    here, hedges = table["source_row"].isin(lines), [column for column in table if column.endswith("qualifier")]
    return table.assign(
        **{
            column: table[column].mask(here, table[column].map(lambda word: other.get(word, "more than")))
            for column in hedges
        }
    )


@pytest.mark.parametrize("name", [name for name, claim in LEDGER.items() if claim.unit not in (WORDS, "date")])
def test_the_rows_own_qualifiers_are_read(name):
    """Of every number that rests on a row with a qualifier, stated or worked out: another one gives another number."""
    evidence = today(name)[0]
    hedged = {t: lines for t, lines in lines_of(evidence.rows).items() if any(c.endswith("qualifier") for c in LOAD(t))}
    now = by_lines(found(LEDGER[name], {t: swapped_qualifiers(LOAD(t), lines) for t, lines in hedged.items()}))
    for lines, said in by_lines(evidence).items():
        assert now.get(lines) != said or hedged.keys().isdisjoint(as_groups(lines)), (lines, said)


@cache
def dated(table):
    """The lines that say of which time they are."""
    times = [column for column in TIMES if column in LOAD(table)]
    return set(LOAD(table).dropna(subset=times, how="all")["source_row"]) if times else set()


@pytest.mark.parametrize("name", [name for name, claim in LEDGER.items() if claim.unit != "date"])
def test_rows_of_another_time_say_nothing(name):
    """Of another report, week, month, year or period they are not weighed, and no quotation of the document."""
    claim, (evidence, _, empty) = LEDGER[name], today(name)
    groups = {table: dated(table) for table in empty if dated(table)}
    if not groups:
        return
    verdict = judge(claim, found(claim, all_moved(groups, "another time")), REGISTRY)
    assert all(
        lines.isdisjoint(groups.get(table, ()))
        for item in verdict.weighed
        for table, lines in lines_of(item.addresses).items()
    )
    if all(lines <= dated(table) for table, lines in lines_of(evidence.rows).items()):
        assert verdict.holds in SILENT
        assert verdict.repeated in UNQUOTED | {"altered"}


@pytest.mark.parametrize("name", LEDGER)
def test_rows_on_another_matter_say_nothing(name):
    """A stranger's, of another measure or subject, above and below the rows that are meant."""
    claim, (evidence, _, _) = LEDGER[name], today(name)
    changed = {}
    for table, lines in lines_of(evidence.rows).items():
        rows = LOAD(table)
        matters = {column: "another matter" for column in ("measure", "subject") if column in rows}
        if matters:
            other = rows[rows["source_row"].isin(lines)]
            for how in ("swapped", "shifted"):  # its words, its numbers
                other = other if (said := moved(other, lines, how)) is None else said
            other = other.assign(**matters)
            above, below = (
                other.assign(source_row=range(start, start + len(other)), source_id=STRANGER, origin_id=STRANGER)
                for start in (20_000, 30_000)
            )
            changed[table] = pd.concat([above, rows, below], ignore_index=True)
    assert [item.found for item in found(claim, changed).items] == [item.found for item in evidence.items]


@pytest.mark.parametrize("name", LEDGER)
def test_a_strangers_row_turns_it(name):
    """A source of another origin that states the number, alone or beside today's rows, and one that denies it."""
    claim, (evidence, before, empty) = LEDGER[name], today(name)
    silence = {table: nothing for table, nothing in empty.items() if "source_id" in nothing}  # our own decisions stay
    value, holds = claimed(claim), {before.holds}
    for look in (look for look in evidence.looks if look.table != "recounted"):
        alone = answers(claim, silence | {look.table: joined(claim, look, value, empty[look.table])})[1]
        beside = answers(claim, {look.table: joined(claim, look, value, LOAD(look.table))})[1]
        assert {alone, beside}.isdisjoint(SILENT), f"one row more that states it where {look} looks does not turn it"
        others = [joined(claim, look, other, LOAD(look.table)) for other in elsewhere(value)]
        denied = [answers(claim, {look.table: table})[1] for table in others]
        assert set(denied) & AGAINST, f"no row that states something else where {look} looks denies it"
        holds |= {alone}
    assert holds - AGAINST


@pytest.mark.parametrize("name", LEDGER)
def test_a_readers_own_count_turns_it(name):
    """One that gives the number is weighed, and one that gives another contradicts it."""
    claim, (evidence, _, _) = LEDGER[name], today(name)
    looks = [look for look in evidence.looks if look.table == "recounted"]
    if not looks:  # no record can settle it
        return
    (look,) = looks
    listed = pick(LOAD("ddor_section1"), report="week1").sort_values("rank")["county_fips"].drop_duplicates().to_list()

    def counted(total, order=1):
        row = {key: wanted[0] if isinstance(wanted, tuple) else wanted for key, wanted in look.where.items()}
        row |= {"table": "recounted", "source_row": 9_999, "source_id": STRANGER, "count_in_words": "So many."}
        row = {"origin_id": STRANGER} | row
        rows = [row | {"least": total, "most": total}]
        if isinstance(look.where["scope"], tuple):  # counties in the order of the report, or the other way round
            parts = [round(total * 2 / len(listed) * (n + 0.5) / len(listed)) for n in range(len(listed))][::-order]
            each = [("county", fips, n) for fips, n in zip(listed, parts, strict=True)]
            each += [("no county", pd.NA, 0), ("national", pd.NA, 100_000)]
            rows = [row | {"scope": what, "county_fips": fips, "least": n, "most": n} for what, fips, n in each]
        after = found(claim, {"recounted": with_rows(LOAD("recounted"), rows)})
        item = next(item for item in after.items if "recounted" in set(item.addresses["table"]))
        return item.found, judge(claim, after, REGISTRY).holds

    value = claimed(claim)
    if claim.unit == "percent":  # how many that share is, follows from what many are
        many = counted(10_000)[0]
        value = round(10_000 * value / ((many.low + many.high) / 2))
    elif claim.unit == "rank":
        value = 10_000
    assert counted(value)[1] not in SILENT | AGAINST
    assert {counted(value * 3)[1], counted(value / 3, order=-1)[1]} & AGAINST


@pytest.mark.parametrize("name", LEDGER)
def test_a_table_or_a_source_that_is_missing_is_no_crash(name):
    claim, (evidence, _, empty) = LEDGER[name], today(name)
    for table, nothing in empty.items():
        found(claim, {table: nothing})
    sourced = [table for table in empty if "source_id" in LOAD(table)]
    for source in evidence.rows["source_id"].unique():
        found(claim, {table: LOAD(table)[LOAD(table)["source_id"].ne(source)] for table in sourced})


@pytest.mark.parametrize("name", LEDGER)
def test_every_row_that_states_something_is_evidence_of_its_own(name):
    """A second transcription counts beside the first, whether or not it says the same; so would a row left out."""
    claim, (evidence, _, _) = LEDGER[name], today(name)

    def alone(evidence):
        stated = [item.addresses for item in evidence.items if not item.computed]
        return {(rows["table"].iloc[0], rows["source_row"].iloc[0]) for rows in stated if len(rows) == 1}

    for look in evidence.looks:
        rows = pick(LOAD(look.table), **look.where)
        stating = {(look.table, line) for line in rows.loc[rows[look.column].notna(), "source_row"]}
        # Of the dates of a limit only the first count: what came later is another limit, unless it had come then.
        for line in stating - alone(evidence):
            as_claimed = {look.table: restated(claim, look, claimed(claim), {line[1]})}
            assert line in alone(found(claim, as_claimed))


def test_the_stranger_is_one():
    assert REGISTRY[STRANGER].publisher not in {REGISTRY[claim.source].publisher for claim in LEDGER.values()}
    assert STRANGER not in {claim.origin for claim in LEDGER.values()}


@pytest.mark.parametrize("name", LEDGER)
def test_more_rows_of_its_own_origin_never_make_an_answer_worse(name):
    claim, (evidence, before, _) = LEDGER[name], today(name)
    own = [item for item in evidence.items if set(item.addresses["origin_id"]) == {claim.origin} and not item.computed]
    if own and before.repeated != "altered":
        table = own[0].addresses["table"].iloc[0]
        twice = pd.concat([LOAD(table), own[0].rows[0].assign(source_row=10_000)], ignore_index=True)
        assert answers(claim, {table: twice}) == (before.repeated, before.holds)


@pytest.mark.parametrize("name", ["ramsey-federal-dollars", "miami-dade-federal-dollars"])
def test_a_check_that_does_not_read_its_rows_is_caught(name, monkeypatch):
    monkeypatch.setattr(funding, "_between", lambda rows: (Interval(1, 1e15), "Whatever the rows say."))
    today.cache_clear()
    with pytest.raises(AssertionError, match=r"census_units|do not turn it"):
        test_its_own_rows_turn_it(name)
    today.cache_clear()
