"""The ledger: verdicts follow from evidence by rule, independence is enforced, silent changes fail."""

import math
import sys

import pandas as pd
import pytest

from detainer_analysis import checks
from detainer_analysis.data import sources
from detainer_analysis.data.evidence import Evidence
from detainer_analysis.errors import DataError
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.ledger.claim import VERDICTS, Claim, read_claims
from detainer_analysis.ledger.ledger import VerdictChangedError, check
from detainer_analysis.ledger.verdict import judge

LEDGER = read_claims()
FIRST_ACCOUNTS = {
    "detainer-hold-hours",
    "hennepin-detainer-share",
    "hennepin-jail-inmates",
    "hennepin-stop-2014",
    "sedgwick-stop-2014",
    "hennepin-declined",
    "hennepin-mexican-citizens",
    "hennepin-drug-conviction",
    "hennepin-weapons-charge",
    "majority-not-convicted",
    "issued-more-than-3000",
    "hennepin-listed",
    "ramsey-not-listed",
    "hennepin-federal-dollars",
    "hennepin-federal-share",
    "ramsey-federal-dollars",
    "ramsey-federal-share",
    "hennepin-announcement-2014",
    "nyc-settlement",
    "nyc-thousands-held",
    "jurisdictions-675",
    "detainers-29269",
    "oig-report-date",
    "ten-counties",
    "issued-3083",
    "clark-issued",
    "nassau-issued",
    "cook-issued",
    "top-ten-share",
    "declined-206",
    "earliest-issue-2014",
    "no-europeans",
    "ithaca-latest-policy",
}


def claim(**changes):
    entry = {
        "id": "x",
        "statement": "Ten percent.",
        "source": "paper",
        "origin": "report",
        "published": "about 10 percent",
        "unit": "percent",
        "period": "",
        "place": "",
        "notebook": "01",
        "verdict": "confirmed",
        "found": "",
    }
    return Claim(**{**entry, **changes})


def evidence(basis, low, high, *, source="other", origin="elsewhere"):
    origins = [origin] if isinstance(origin, str) else origin
    rows = pd.DataFrame(
        {"table": "t", "source_row": range(2, len(origins) + 2), "source_id": source, "origin_id": origins}
    )
    return Evidence.of(basis, Interval(low, high), "", rows)


def test_every_check_is_used_by_exactly_one_claim_and_the_reverse():
    assert sorted(checks.collect()) == sorted(checks.name_of(name) for name in LEDGER)


def test_the_ledger_holds_every_claim_of_the_brief():
    assert set(LEDGER) >= FIRST_ACCOUNTS


@pytest.mark.parametrize("name", LEDGER)
def test_the_data_still_say_what_the_ledger_records(name):
    check(name)


@pytest.mark.parametrize("name", LEDGER)
def test_a_card_reads_in_text_and_in_html(name):
    card = check(name)
    text, page = repr(card), card._repr_html_()
    assert text.startswith(card.verdict.upper())
    for word in (card.claim.published, card.found, sources.cite(card.claim.source)):
        assert word.split(",")[0] in text.replace("\n             ", " ")
    assert page.count("<tr>") == page.count("</tr>") >= 5
    assert all(f'href="{url}"' in page for url in [sources.read()[card.claim.source].url] if url)


@pytest.mark.parametrize(
    ("basis", "low", "high", "origin", "verdict"),
    [
        ("recomputed", 10.1, 10.2, "elsewhere", "reproduced"),
        ("recomputed", 10.1, 10.2, "report", "confirmed"),
        ("recomputed", 10.1, 10.2, ["elsewhere", "report"], "consistent"),
        ("recomputed", 10.1, 11.0, "elsewhere", "consistent"),
        ("recomputed", 11.0, 12.0, "elsewhere", "contradicted"),
        ("stated", 10.0, 10.0, "report", "confirmed"),
        ("stated", 10.0, 10.0, "elsewhere", "confirmed"),
        ("stated", 8.0, 10.0, "report", "consistent"),
        ("stated", 12.0, 12.0, "report", "contradicted"),
        ("bounded", 0.0, 10.0, "elsewhere", "consistent"),
        ("bounded", 10.0, 10.1, "elsewhere", "consistent"),
        ("bounded", 20.0, math.inf, "elsewhere", "contradicted"),
    ],
)
def test_the_verdict_follows_from_evidence(basis, low, high, origin, verdict):
    assert judge(claim(), evidence(basis, low, high, origin=origin)) == verdict


def test_nothing_found_is_not_reproducible():
    rows = evidence("stated", 1, 1).rows
    assert judge(claim(), Evidence.of("missing", None, "", rows)) == "not reproducible"


def test_a_claim_is_never_compared_with_itself_alone():
    with pytest.raises(ValueError, match="compared only with the source that makes the claim"):
        judge(claim(), evidence("stated", 10, 10, source="paper"))


def test_no_reproduced_claim_uses_rows_of_its_own_origin():
    for name in LEDGER:
        card = check(name)
        if card.verdict == "reproduced":
            assert card.claim.origin not in set(card.evidence.rows["origin_id"]), name


def test_evidence_needs_rows_and_a_matching_basis():
    rows = evidence("stated", 1, 1).rows
    with pytest.raises(ValueError, match="does not go with"):
        Evidence.of("missing", exactly(1), "", rows)
    with pytest.raises(ValueError, match="does not go with"):
        Evidence.of("stated", None, "", rows)
    with pytest.raises(ValueError, match="at least one row"):
        Evidence.of("stated", exactly(1), "", rows.head(0))


# One number changed in the data: the verdict, or what was found, changes with it.
CHANGES = [
    ("issued-3083", "ddor_weekly_totals", "detainers_issued_nationally,3083", "detainers_issued_nationally,3084"),
    ("declined-206", "ddor_weekly_totals", "declined_detainers_recorded,206", "declined_detainers_recorded,207"),
    ("clark-issued", "ddor_section1", "Clark County,NV,32003,51", "Clark County,NV,32003,50"),
    ("top-ten-share", "ddor_section1", "Clark County,NV,32003,51", "Clark County,NV,32003,61"),
    ("majority-not-convicted", "ddor_breakdowns", "pending charges,116", "pending charges,90"),
    ("detainers-29269", "declined_counts", "detainers_declined,29269,more than", "detainers_declined,28269,more than"),
    ("hennepin-federal-share", "federal_share", "199400000,1937430000", "199400000,1137430000"),
    ("ramsey-federal-share", "federal_share", "641000000", "541000000"),
    ("nyc-settlement", "liability_cases", "92500000", "82500000"),
    ("hennepin-stop-2014", "policy_dates", "27053,2014-06-11", "27053,2014-08-11"),
    ("no-europeans", "ddor_breakdowns", "Latin America,95", "Latin America,90"),
    ("oig-report-date", "forms_timeline", "2018-01-05", "2018-01-06"),
]


@pytest.mark.parametrize(("name", "table", "old", "new"), CHANGES, ids=[change[0] for change in CHANGES])
def test_a_changed_number_makes_its_claim_fail(name, table, old, new, data, edit):
    check(name, data)
    edit(table, old, new, reseal=True)
    with pytest.raises(VerdictChangedError, match=rf"entry \[{name}\]"):
        check(name, data)


ENTRY = """
[x]
statement = "S"
source = "fair"
published = "10"
unit = "detainers"
period = ""
place = ""
notebook = "01"
verdict = "confirmed"
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
        (ENTRY.replace("confirmed", "true"), r"column verdict: entry \[x\]: unknown verdict 'true'"),
        (ENTRY.replace("confirmed", "contradicted"), r"column because: entry \[x\]: contradicted needs a reason"),
        (ENTRY.replace("confirmed", "not reproducible"), r"column because.*needs a reason"),
        (ENTRY.replace("fair", "nobody"), r"column source: entry \[x\]: no source has the id 'nobody'"),
        (ENTRY + 'origin = "nobody"\n', r"column origin: entry \[x\]: no source has the id 'nobody'"),
    ],
)
def test_a_broken_ledger_gets_one_clear_error(data, text, problem):
    (data / "claims.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"data/claims.toml.*{problem}"):
        read_claims(data)


@pytest.mark.parametrize("name", ["clrk-issued", "_issued-to", "Evidence", "pd", "stated"])
def test_a_claim_without_a_check_is_named(data, name):
    (data / "claims.toml").write_text(ENTRY.replace("[x]", f"[{name}]"), encoding="utf-8")
    with pytest.raises(DataError, match=rf"data/claims.toml: entry \[{name}\]: no file of .* has a check '"):
        check(name, data)


def test_a_check_in_two_files_is_refused(tmp_path, monkeypatch):
    twin = "def clark_issued(load):\n    return None\n"
    (tmp_path / "twin.py").write_text(twin, encoding="utf-8")
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    with pytest.raises(DataError, match=r"checks\.twin and checks\.report both have a check 'clark_issued'"):
        checks.collect.__wrapped__()
    del sys.modules["detainer_analysis.checks.twin"]


def test_a_claim_that_is_not_in_the_ledger_is_refused_with_the_names_of_all():
    with pytest.raises(KeyError, match=r"no claim is called 'nonsense'; there are detainer-hold-hours"):
        check("nonsense")


def test_a_claim_without_an_origin_has_that_of_its_source(data):
    (data / "claims.toml").write_text(ENTRY, encoding="utf-8")
    assert read_claims(data)["x"].origin == sources.read()["fair"].origin


def test_statements_are_sentences():
    for entry in LEDGER.values():
        assert entry.statement.endswith("."), entry.id
        assert entry.verdict in VERDICTS
