"""The rule: each answer from the smallest set of rows that gives it."""

import pandas as pd
import pytest

from detainer_analysis.data.evidence import Evidence, Item, stated, strictly
from detainer_analysis.data.sources import Source
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.ledger.claim import Claim
from detainer_analysis.ledger.verdict import judge
from detainer_analysis.wording import STRICTLY, reported


def source(key, publisher, kind="newspaper"):
    return Source(key, key, publisher, "2017", "", kind, origin=key)


REGISTRY = {
    key: source(key, publisher, kind)
    for key, publisher, kind in [
        ("account", "The Account", "newspaper"),
        ("account-later", "The Account", "newspaper"),
        ("report", "The Agency", "government"),
        ("report-two", "The Agency", "government"),
        ("copy", "A Copy", "newspaper"),
        ("twin", "A Copy", "newspaper"),
        ("other", "Another", "research"),
        ("third", "A Third", "research"),
        ("scraper", "A Scraper", "aggregator"),
    ]
}


def claim(published="about 10 percent", unit="percent", **changes):
    entry = {"id": "x", "statement": "S.", "source": "account", "origin": "report", "published": published}
    entry |= {"unit": unit, "period": "", "place": "", "notebook": "01", "repeated": "", "holds": "", "found": ""}
    return Claim(**{**entry, **changes})


def item(found, source="other", origin=None, *, computed=False, confidence="reported", table="ddor_cases", **columns):
    """One row of `source`; `origin` may be a tuple, for arithmetic on rows of several."""
    origins = origin if isinstance(origin, tuple) else (origin or source,)
    rows = pd.DataFrame(
        [
            {"table": table, "source_row": n, "source_id": source, "origin_id": key, "confidence": confidence} | columns
            for n, key in enumerate(origins, start=2)
        ]
    )
    return Item(found, "", (rows,), computed)


def judged(*items, **changes):
    return judge(claim(**changes), Evidence(items), REGISTRY)


TEN, TWENTY = exactly(10), exactly(20)
HOLDS = [
    ([], "not testable"),
    ([item(TEN, "copy", "report")], "not testable"),
    ([item(TEN, "account-later")], "not testable"),
    ([item(TEN)], "independently stated"),
    ([item(TEN, computed=True)], "recounted"),
    ([item(TEN, table="places_fy2015", computed=True)], "recounted"),
    ([item(TEN, "report", table="places_fy2015", computed=True)], "recounted from the same data"),
    ([item(TEN, origin=("other", "report"), computed=True)], "within bounds"),
    ([item(Interval(9, 30))], "within bounds"),
    ([item(Interval(9, 30), computed=True), item(TEN, "third", computed=True)], "within bounds"),
    ([item(Interval(9, 30), computed=True), item(TEN, "third", table="places_fy2015", computed=True)], "recounted"),
    ([item(Interval(1, float("inf")))], "not testable"),
    ([item(Interval(20, float("inf")))], "contradicted"),
    ([item(TWENTY)], "contradicted"),
    ([item(TWENTY), item(TEN, "third")], "disputed"),
    ([item(TWENTY), item(Interval(9, 30), "third")], "disputed"),
    ([item(TWENTY), item(Interval(9, 30), "third", computed=True)], "contradicted"),
    ([item(TWENTY, year=2014)], "contradicted"),
    ([item(TWENTY, "copy", "report")], "not testable"),
    ([item(TWENTY, "copy", "report", computed=True)], "not testable"),
    ([item(TEN), item(TWENTY, "copy", "report", computed=True)], "independently stated"),
    ([item(Interval(0, 1e9))], "not testable"),
    ([item(TEN, computed=True), item(exactly(11), computed=True)], "within bounds"),
    ([item(TEN), item(Interval(9, 30), computed=True)], "independently stated"),
    ([item(Interval(1, 29))], "not testable"),
    ([item(Interval(3, 30), computed=True)], "within bounds"),
    ([item(Interval(13, 300))], "contradicted"),
]


@pytest.mark.parametrize(("items", "answer"), HOLDS)
def test_whether_it_holds(items, answer):
    assert judged(*items).holds == answer


REPEATED = [
    ([], "source not seen"),
    ([item(TEN)], "source not seen"),
    ([item(TEN, "account-later", "report")], "source not seen"),
    ([item(TEN, "copy", "report")], "copies agree"),
    ([item(TEN, "report", confidence="primary")], "primary text agrees"),
    ([item(TWENTY, "copy", "report")], "altered"),
    ([item(TWENTY, "copy", "report"), item(TEN, "third", "report")], "copies disagree"),
    ([item(Interval(5, 40), "copy", "report")], "copies agree"),
    ([item("not stated", "copy", "report")], "source not seen"),
    ([item(TEN, "copy", "report"), item(TWENTY, "report", confidence="primary")], "altered"),
    ([item(Interval(0, 10), "copy", "report")], "altered"),
]


@pytest.mark.parametrize(("items", "answer"), REPEATED)
def test_whether_it_is_repeated_right(items, answer):
    assert judged(*items).repeated == answer


def test_an_account_that_quotes_nobody_is_the_source():
    assert judged(item(TEN), origin="account").repeated == "the account is the source"


OF_2016 = {"period_start": pd.Timestamp("2016-01-01"), "period_end": pd.Timestamp("2016-06-30")}


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ({"fiscal_year": 2016}, "year 2016"),
        ({"period": "2014 to 2016"}, "years 2014 to 2016"),
        ({"month": "2016-11"}, "time 2016-11-01 to 2016-11-30"),
        ({"week_start": pd.Timestamp("2016-12-25")}, "time 2016-12-25 to 2016-12-31"),
        (OF_2016, "time 2016-01-01 to 2016-06-30"),
    ],
)
def test_rows_of_another_time_decide_nothing(time, words):
    """Nor does what is worked out from rows before and after the period, though their span holds it."""
    found = judged(item(TWENTY, **time), period="2017")
    assert (found.holds, found.why) == ("not comparable", f"The evidence has {words} (20 percent).")
    assert judged(item(TWENTY, **time), period="2016").holds == "contradicted"
    assert judged(item(TWENTY, period="undated"), period="2017").holds == "contradicted"
    apart = Item(TWENTY, "", (*item(TWENTY, **time).rows, *item(TWENTY, period="2018").rows), computed=True)
    assert judged(apart, period="2017").why == f"The evidence has {words}, year 2018 (20 percent)."
    assert judged(item(exactly(5), **time), period="2017", published="2017-03", unit="date").holds == "contradicted"


def test_another_year_definition_or_thing_is_named_and_decides_nothing():
    found = judged(item(TWENTY, year=2014), scope={"year": 2017})
    assert (found.holds, found.why) == ("not comparable", "The evidence has year 2014 (20 percent).")
    assert judged(item(TWENTY, year=2014), item(TEN, "third", year=2017), scope={"year": 2017}).holds == (
        "independently stated"
    )
    assert judged(item(TEN, "copy", "report", unit="bookings"), scope={"unit": "people"}).altered == (
        "The document has bookings; the account has about 10 percent."
    )


def test_a_statement_about_a_document_is_settled_by_it():
    primary = item(TEN, "report", confidence="primary")
    assert judged(primary, about="document").holds == "shown in the document"
    assert judged(item(TEN, "copy", "report"), about="document").holds == "not testable"
    assert judged(item(TWENTY, "report", confidence="primary"), about="document").holds == "contradicted"
    assert judged(item(TEN, "copy", "report"), item(TWENTY, "third", "report"), about="document").holds == "disputed"


def test_an_author_who_stands_by_his_document_is_a_side_and_no_second_origin():
    denied, repeated = item("no"), item("yes", "report-two")
    words = {"published": "yes", "unit": "words"}
    assert judged(denied, **words).holds == "contradicted"
    found = judged(denied, repeated, **words)
    assert (found.holds, found.origins) == ("disputed", 1)
    told = judged(denied, item("yes", "account-later", "report-two"), **words)
    assert (told.holds, told.why) == ("disputed", "In agreement: The Agency. Against it (no): Another.")
    assert judged(denied, item("yes", "account-later"), **words).holds == "contradicted"


def test_part_of_a_truth_is_a_side_of_its_own():
    found = judged(item("no"), item("in part", "third"), published="yes", unit="words")
    assert found.why == "In part: A Third. Against it (no): Another."


def test_copies_are_counted_where_they_agree():
    found = judged(item(TEN, "copy", "report"), item(TWENTY, "third", "report"), item(TWENTY, "account", "report"))
    assert (found.copies, found.altered) == (1, "Others have 20 percent: A Third.")


WORDS = [
    ("yes", "independently stated"),
    ("no", "contradicted"),
    ("in part", "in part"),
    ("not stated", "not testable"),
]


@pytest.mark.parametrize(("answer", "holds"), WORDS)
def test_a_claim_in_words(answer, holds):
    assert judged(item(answer), published="yes", unit="words").holds == holds


def test_the_same_author_repeating_words_is_no_second_origin_but_another_count_of_his_is():
    again = item("yes", "report-two")
    assert judged(again, published="yes", unit="words").holds == "not testable"
    assert judged(item(TEN, "report-two")).holds == "independently stated"


def test_the_sides_of_a_dispute_are_named():
    assert judged(item(TWENTY), item(TEN, "third")).why == "In agreement: A Third. Against it (20 percent): Another."


def test_origins_and_publishers_are_counted_once():
    found = judged(item(TEN, "copy", "report"), item(TEN, "twin", "report"), item(TEN), item(TEN, "third", "other"))
    assert (found.origins, found.publishers) == (1, 3)
    assert judged(item(TEN, "report"), item(TEN, "report-two"), origin="account").origins == 1, "one agency"


GRADES = [
    (item(TEN, table="places_fy2015", computed=True), "recount"),
    (item(TEN, "report", table="places_fy2015", computed=True), "recount of the same data"),
    (item(TEN), "another origin"),
    (item(TEN, "report", confidence="primary"), "primary text"),
    (item(TEN, "copy", "report", computed=True), "arithmetic on the same document"),
    (item(TEN, "copy", "report"), "copies"),
    (item(TEN, "scraper", "report"), "aggregator"),
    (item(TEN, "account"), "nothing"),
]


@pytest.mark.parametrize(("one", "grade"), GRADES)
def test_the_best_evidence_is_named(one, grade):
    assert judged(one).grade == grade


def test_a_hedge_of_the_claim_is_read_in_two_ways():
    near = Evidence((item(exactly(11.5)),))
    assert judge(claim(), near, REGISTRY).holds == "independently stated"
    assert judge(claim(), near, REGISTRY, strict=True).holds == "contradicted"


@pytest.mark.parametrize(
    ("qualifier", "value", "loose", "strict"),
    [
        ("about", 11.0, Interval(8.8, 13.2), Interval(10.5, 11.5)),
        ("nearly", 11.0, Interval(8.8, 11), Interval(10, 11)),
        ("rounded", 11.0, Interval(10.5, 11.5), Interval(10.5, 11.5)),
    ],
)
def test_a_hedge_of_the_evidence_is_read_in_two_ways(qualifier, value, loose, strict):
    def load(_):
        row = {"table": "counts", "source_row": 2, "source_id": "other", "origin_id": "other"}
        return pd.DataFrame([row | {"value": value, "qualifier": qualifier, "unit": "percent"}])

    for read, expected in ((load, loose), (strictly(load), strict)):
        (found,) = stated(read, "counts", "value").items
        assert found.found == expected
    assert stated(load, "counts", "value").hedged == (qualifier != "rounded")


@pytest.mark.parametrize(("qualifier", "side"), [("more than", "more than 29"), ("less than", "less than 29")])
def test_read_strictly_more_and_less_leave_the_number_itself_out(qualifier, side):
    same = Evidence((item(exactly(29)),))
    words = {"published": side, "unit": "detainers"}
    assert judge(claim(**words), same, REGISTRY).holds == "independently stated"
    assert judge(claim(**words), same, REGISTRY, strict=True).holds == "contradicted"
    assert exactly(29).within(reported(29, qualifier))
    assert not exactly(29).overlaps(reported(29, STRICTLY[qualifier]))
