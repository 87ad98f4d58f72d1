"""The ledger: two answers by rule from the rows, every one of which could have come out otherwise."""

import ast
import inspect
import itertools
import json
import re
import sys
from functools import cache

import nbformat
import pytest

from detainer_analysis import checks
from detainer_analysis.data import sources, tables
from detainer_analysis.data.evidence import Evidence, as_stated, pick
from detainer_analysis.data.schemas import LEDGER_SCHEMA
from detainer_analysis.errors import DataError
from detainer_analysis.intervals import Interval
from detainer_analysis.ledger.card import ledger_document, ledger_table
from detainer_analysis.ledger.claim import HOLDS, REPEATED, WORDS, open_in, read_claims
from detainer_analysis.ledger.ledger import VerdictChangedError, check, claims
from detainer_analysis.paths import DATA, notebooks

LEDGER = read_claims()
card_of = cache(check)
SEEDS = {
    "nbc-news-2014-06",
    "star-tribune-2017-03",
    "route-fifty-2017-03",
    "cnsnews-2018-01-26",
    "nyc-settlement-account-2025",
}


def test_every_check_is_used_and_every_number_has_one():
    used = {checks.name_of(name) for name in LEDGER}
    assert set(checks.collect()) <= used
    subjects = set(tables.load("statements")["subject"])
    for name, claim in LEDGER.items():
        assert checks.name_of(name) in checks.collect() or (claim.unit == WORDS and name in subjects), name


@pytest.mark.usefixtures("untraced")
def test_every_subject_of_the_statements_speaks_to_a_claim():
    used = set()
    for name in LEDGER:
        used |= {look.where.get("subject") for look in card_of(name).evidence.looks}
    # What these say is context: a second count of the jail's people, and facts about places beyond a claim.
    context = {"hennepin-36000-meaning", "europeans-in-the-first-report", "section3-order", "later-policies-exist"}
    context |= {"winneshiek-honoured-detainers"}
    assert set(tables.load("statements")["subject"]) - used == context


def test_every_sentence_of_the_accounts_has_a_claim_or_a_reason():
    said = tables.load("account_statements")
    assert set(said["account"]) == SEEDS
    assert (said["checked_by"].notna() ^ said["reason"].notna()).all(), (
        "either a claim, or the reason why there is none"
    )
    assert set(said["checked_by"].dropna()) <= set(LEDGER)
    for account, rows in said.groupby("account"):
        own = {name for name, claim in LEDGER.items() if claim.source == account}
        assert own <= set(rows["checked_by"]), "a claim of the account that no sentence of it makes"
        shared = {LEDGER[name].source for name in rows["checked_by"].dropna()}
        assert shared <= SEEDS, "a claim of a source that is no account"
        assert rows["sentence"].is_monotonic_increasing
        assert set(rows["sentence"]) == set(range(1, rows["sentence"].max() + 1)), "a sentence is left out"


def test_the_ledger_in_the_repository_is_what_the_data_say():
    """Answers, what was found, the rows used, each piece of evidence: all that readers and other software take."""
    table, document = ((DATA / "derived" / name).read_text("utf-8") for name in ("claims_ledger.csv", "ledger.json"))
    cards = [card_of(name) for name in LEDGER]
    assert ledger_table(cards).to_csv(index=False, lineterminator="\n") == table
    assert json.loads(json.dumps(ledger_document(cards), default=int)) == json.loads(document)["claims"]


def test_the_cards_of_the_notebooks_are_what_the_data_give():
    """To the letter, as text and as a page."""
    shown = {
        output.data["text/plain"].partition("\n")[0].lower(): output.data
        for path in notebooks()
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "text/plain" in output.get("data", {})
    }
    cards = {name: shown[name] for name in LEDGER if name in shown}
    assert len(cards) > len(LEDGER) / 3
    for name, data in cards.items():
        assert (data["text/plain"], data["text/html"]) == (repr(card_of(name)), card_of(name)._repr_html_())


@pytest.mark.parametrize(("unit", "low", "high"), [("percent", 8, 12), ("people", 5, 15)])
def test_a_hedge_is_read_in_the_unit_of_its_row(unit, low, high):
    row = {"value": 10.0, "qualifier": "about", "unit": unit}
    assert as_stated(row, "value") == Interval(low, high)


def test_what_a_claim_leaves_open_is_what_is_missing_or_else_its_caveat():
    assert open_in("the year's file.", "But.") == "Missing: the year's file."
    assert (open_in("", "But."), open_in("", "")) == ("But.", "")


def test_the_claims_of_an_account_stand_together():
    accounts = [claim.source for claim in LEDGER.values()]
    assert sum(one != other for one, other in itertools.pairwise(accounts)) == len(set(accounts)) - 1


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("name", LEDGER)
def test_a_card_reads_in_text_and_in_html(name):
    """The data still say what the ledger records, and the card says it in the order in which a reader needs it."""
    card = card_of(name)
    text, page = re.sub(r"\s+", " ", repr(card)), card._repr_html_()
    assert text.startswith(name.upper())
    for word in (card.claim.published, card.verdict.repeated, card.verdict.holds, sources.cite(card.claim.source)):
        assert word in text
    labels = [label for label, _ in card.lines()]
    order = ["repeated right?", "does it hold?", "claim", "published", "found", "rests on", "read strictly", "missing"]
    assert labels == [label for label in [*order, "but"] if label in labels]
    assert set(labels) >= set(order[:6])
    counts = (card.verdict.origins, card.verdict.publishers)
    assert re.findall(r"(\d+) (?:independent origin|other publisher)s?\b", card.rests_on) == [str(n) for n in counts]
    assert f"best evidence: {card.verdict.grade}" in text
    assert ("read strictly" in labels) == card.depends
    assert page.count("<tr>") == page.count("</tr>") >= 7
    assert page.count("<li>") == page.count("</li>") == len(card.notes())
    assert page.count("<details>") == (len(card.notes()) > 5) + (len(card.rows()) > 5)
    assert "".join(card.rows()) == (card.evidence.addresses or "none")
    assert all(f'href="{url}"' in page for url in [sources.read()[card.claim.source].url] if url)


def test_a_check_holds_no_published_number():
    for name, claim in LEDGER.items():
        function = checks.collect().get(checks.name_of(name))
        if claim.unit == WORDS or function is None:
            continue
        if claim.unit == "date":  # a filter that holds the claimed day lets no other day be found
            assert claim.published not in inspect.getsource(function).partition("):")[2], name
            continue
        numbers = {
            node.value for node in ast.walk(ast.parse(inspect.getsource(function))) if isinstance(node, ast.Constant)
        }
        assert float(claim.interval.low) not in {n for n in numbers if isinstance(n, int | float)} - {0, 1}, name


def test_a_check_types_no_label_into_rows():
    """What a scope may ask for follows from the rows' own columns: no column is filled with one word for all rows."""
    for module in {inspect.getmodule(function) for function in checks.collect().values()}:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "assign":
                assert not any(isinstance(keyword.value, ast.Constant) for keyword in node.keywords), ast.unparse(node)


def test_federal_money_compares_by_one_rule():
    """The same government, money, funds or total, and Medicaid where the account speaks of it: as its own row says."""
    shares, registry = tables.load("federal_share"), sources.read()
    governments = {"New York, NY": "city and county", "Cambridge, MA": "city"}
    tested = set()
    for name, claim in LEDGER.items():
        for look in (look for look in card_of(name).evidence.looks if look.table == "federal_share"):
            rows = pick(shares, **{column: wanted for column, wanted in look.where.items() if column != "fiscal_year"})
            rows = rows[rows[look.column].between(claim.interval.low, claim.interval.high)]
            told = [registry[key].publisher == registry[claim.source].publisher for key in rows["source_id"]]
            own = rows[told].iloc[0]
            scope = {part: own[part] for part in ("federal_scope", "funds" if claim.unit == "usd" else "basis")}
            scope["government"] = governments.get(claim.place, "county")
            if own["medicaid_hospital"] == "in":
                scope |= {"medicaid_hospital": "in", "government": "county with its hospital"}
            assert claim.scope == scope, name
            tested.add(name)
    assert tested == {name for name, claim in LEDGER.items() if claim.notebook == "03"}


def test_an_answer_says_what_is_missing_and_found_is_empty_where_there_are_copies_only():
    for name in LEDGER:
        card = card_of(name)
        said = [card.say(item) for item in card.verdict.weighed]
        if card.verdict.holds in ("disputed", "contradicted", "in part"):
            assert card.found == "; ".join(dict.fromkeys(said)), (name, "what disagrees is found, too")
        if card.verdict.holds in ("not testable", "not comparable"):
            assert card.found == "", name
            assert dict(card.lines())["found"].startswith("nothing"), name
        if card.verdict.repeated == "copies agree":
            assert re.fullmatch(r"the same in \d+ other publishers?; we did not see the page itself", card.copies)
        if card.verdict.holds == "not testable":
            assert card.claim.missing, name
        if card.verdict.holds in ("disputed", "not comparable", "in part"):
            assert card.verdict.why, name


def test_the_table_and_the_document_have_every_claim():
    cards = [card_of(name) for name in list(LEDGER)[:5]]
    table = ledger_table(cards)
    assert list(table.columns) == list(LEDGER_SCHEMA.columns)
    for row, entry in zip(table.itertuples(), ledger_document(cards), strict=True):
        assert entry["claim"] == row.claim
        assert {"origins", "publishers", "best_evidence", "told", "answered"} <= set(entry)
        assert [{"table", "source_row", "source_id", "origin_id"}] * len(entry["evidence"][0]["rows"]) == [
            set(found) for found in entry["evidence"][0]["rows"]
        ]
    assert list(claims().index) == list(LEDGER)


# One number changed in the data: an answer, or what was found, changes with it.
CHANGES = [
    ("issued-3083", "ddor_weekly_totals", "detainers_issued_nationally,3083", "detainers_issued_nationally,3084"),
    ("top-ten-share", "ddor_section1", "Clark County,NV,32003,51", "Clark County,NV,32003,61"),
    ("majority-not-convicted", "ddor_breakdowns", "pending charges,116", "pending charges,90"),
    ("detainers-29269", "declined_counts", "detainers_declined,3623", "detainers_declined,1623"),
    ("hennepin-federal-share", "federal_share", "199400000,,1937430000", "199400000,,1137430000"),
    ("suffolk-class-size", "liability_classes", "people held,674,exact,persons,,", "people held,774,exact,persons,,"),
    ("hennepin-stop-2014", "policy_dates", "27053,2014-06-11", "27053,2014-08-11"),
    ("oig-report-date", "forms_timeline", "2018-01-05", "2018-01-06"),
]


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(("name", "table", "old", "new"), CHANGES, ids=[change[0] for change in CHANGES])
def test_a_changed_number_makes_its_claim_fail(name, table, old, new, data, edit, reseal):
    check(name, data)
    edit(table, old, new)
    reseal(table)
    with pytest.raises(VerdictChangedError, match=rf"entry \[{name}\]"):
        check(name, data)


def test_the_entries_that_ice_took_back_are_evidence_on_the_share_of_the_list():
    assert "ddor_corrections" in set(check("top-ten-share").evidence.rows["table"])


ENTRY = """
[x]
statement = "S"
source = "fair"
published = "10"
unit = "detainers"
period = ""
place = ""
notebook = "01"
repeated = "copies agree"
holds = "within bounds"
found = "10"
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[x", "cannot be read"),
        (ENTRY.replace('unit = "detainers"\n', ""), r"column unit: entry \[x\]: Field required"),
        (ENTRY.replace('"10"\nunit', "10\nunit"), r"column published: entry \[x\]: Input should be a valid string"),
        (ENTRY + 'mood = "good"\n', r"column mood: entry \[x\]: Unexpected"),
        (ENTRY.replace('"10"\nunit', '"ten or so"\nunit'), r"entry \[x\]: not a reported number: 'ten or so'"),
        (ENTRY.replace("within bounds", "true"), r"column holds: entry \[x\]: unknown answer 'true'"),
        (ENTRY.replace("copies agree", "yes"), r"column repeated: entry \[x\]: unknown answer 'yes'"),
        (ENTRY.replace("within bounds", "not testable"), r"column missing: entry \[x\]: say what is missing"),
        *(
            (ENTRY + f'told = "{told}"\n', r"column told: entry \[x\]: say on which day")
            for told in ("in May", "2026-06", "2026-06-31")
        ),
        (ENTRY + 'answered = "We stand by it."\n', r"column told: entry \[x\]: say on which day"),
        *(
            (
                ENTRY.replace('period = ""', f'period = "{period}"'),
                rf"column period: entry \[x\]: '{period}' is no year",
            )
            for period in ("2017-02-31", "2017-06/2017-02-28", "2018 to 2016", "before 2017-13", "before Juny 2017")
        ),
        (ENTRY + 'about = "me"\n', r"column about: entry \[x\]: unknown answer 'me'"),
        (ENTRY.replace("fair", "nobody"), r"column source: entry \[x\]: no source has the id 'nobody'"),
        (ENTRY + 'origin = "nobody"\n', r"column origin: entry \[x\]: no source has the id 'nobody'"),
    ],
)
def test_a_broken_ledger_gets_one_clear_error(data, text, problem):
    (data / "claims.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"data/claims.toml.*{problem}"):
        read_claims(data)


@pytest.mark.parametrize("name", ["clrk-issued", "pd", "stated"])
def test_a_claim_without_a_check_is_named(data, name):
    (data / "claims.toml").write_text(ENTRY.replace("[x]", f"[{name}]"), encoding="utf-8")
    with pytest.raises(DataError, match=rf"data/claims.toml: entry \[{name}\]: no file of .* has a check '"):
        check(name, data)


def test_a_check_in_two_files_is_refused(tmp_path, monkeypatch):
    twin = "def clark_issued(load):\n    return None\n"
    (tmp_path / "twin.py").write_text(twin, encoding="utf-8")
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    with pytest.raises(DataError, match=r"checks\.twin and checks\.section1 both have a check 'clark_issued'"):
        checks.collect.__wrapped__()
    del sys.modules["detainer_analysis.checks.twin"]


def test_a_claim_that_is_not_in_the_ledger_is_refused():
    with pytest.raises(KeyError, match="no claim is called 'xyz'; there are detainer-hold-hours"):
        check("xyz")


def test_a_claim_without_an_origin_has_that_of_its_source(data):
    (data / "claims.toml").write_text(ENTRY, encoding="utf-8")
    assert read_claims(data)["x"].origin == sources.read()["fair"].origin


def test_statements_are_sentences_and_answers_are_those_of_the_rule():
    for entry in LEDGER.values():
        assert re.search(r"\.\"?$", entry.statement), entry.id
        assert entry.repeated in REPEATED
        assert entry.holds in HOLDS
        assert (entry.told, entry.answered) == ("", ""), "nobody has been told of an error so far"


def test_the_evidence_of_a_claim_adds_up():
    assert (Evidence() + Evidence()).items == ()
    assert Evidence().addresses == ""
