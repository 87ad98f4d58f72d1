"""Reported numbers as intervals: the rules one by one, and the arithmetic on any values."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detainer_analysis.intervals import Interval, describe, exactly
from detainer_analysis.wording import QUALIFIERS, STRICTLY, parse, parse_date, parse_period, reported

READINGS = {
    "206": (206, 206),
    "3,083": (3083, 3083),
    "about 10 percent": (8, 12),
    "about 1.5 percent": (1.2, 1.8),
    "5.1 percent": (5.05, 5.15),
    "56%": (55.5, 56.5),
    "$198 million": (197.5e6, 198.5e6),
    "$89.6 million": (89.55e6, 89.65e6),
    "roughly $1.7 billion": (1.45e9, 1.95e9),
    "2 billion": (1.5e9, 2.5e9),
    "36,000": (35_500, 36_500),
    "approximately 675": (670, 680),
    "around 14,000": (11_500, 16_500),
    "about 50": (40, 60),
    "about 40,000": (32_000, 48_000),
    "about 1,000": (500, 1500),
    "about 2 percent": (1.5, 2.5),
    "nearly 35%": (30, 35),
    "almost 60 percent": (57.5, 60),
    "nearly 8,000": (7000, 8000),
    "more than 29,269": (29_269, math.inf),
    "over 600": (600, math.inf),
    "at least 12": (12, math.inf),
    "more than half": (50, math.inf),
    "thousands": (2000, math.inf),
    "less than 1 percent": (0, 1),
    "fewer than 10": (0, 10),
    "under $1 million": (0, 1e6),
    "up to $92.5 million": (0, 92.5e6),
    "at most 15": (0, 15),
}
READ_STRICTLY = {
    "about 10 percent": (9.5, 10.5),
    "about 1.5 percent": (1.45, 1.55),
    "approximately 675": (674.5, 675.5),
    "about 50": (45, 55),
    "nearly 35%": (34, 35),
    "nearly 8,000": (7000, 8000),
}


@pytest.mark.parametrize(("phrase", "ends"), READ_STRICTLY.items())
def test_a_hedge_read_strictly_is_the_rounding_of_the_number(phrase, ends):
    assert parse(phrase, strict=True) == Interval(*ends)


printed = st.one_of(
    st.integers(1, 10**10).map(lambda n: f"{n:,}"),
    st.tuples(st.integers(0, 999), st.integers(0, 99)).map(lambda n: f"{n[0]}.{n[1] or 1:02} percent"),
    st.integers(1, 100).map(lambda n: f"{n} percent"),
    st.tuples(st.integers(1, 999), st.sampled_from(["thousand", "million", "billion"])).map(
        lambda n: f"${n[0]} {n[1]}"
    ),
)
HEDGES = (*QUALIFIERS[2:], "approximately", "around", "roughly", "almost", "over", "fewer than", "under", "at most")


def width(interval):
    return interval.high - interval.low


@given(printed, st.sampled_from(HEDGES))
def test_a_hedge_never_reads_narrower_than_the_number_without_it(number, hedge):
    """Nor does the strict reading read wider than the loose one, or narrower than the rounding of the number."""
    loose, strict, bare = parse(f"{hedge} {number}"), parse(f"{hedge} {number}", strict=True), parse(number)
    assert strict.within(loose)
    slack = 1e-9 * max(1, abs(bare.high))
    assert width(loose) >= width(bare) - slack
    assert width(strict) >= width(bare) - slack
    if hedge in ("about", "approximately", "around", "roughly"):
        assert bare.within(strict)


@given(
    st.floats(0.01, 1e10).map(lambda value: round(value, 6)),
    st.sampled_from(QUALIFIERS),
    st.sampled_from(["", "percent"]),
)
def test_a_stored_hedge_reads_as_widely(value, qualifier, unit):
    loose, strict = reported(value, qualifier, unit), reported(value, STRICTLY.get(qualifier, qualifier), unit)
    assert strict.within(loose)
    assert value in loose
    rounded = reported(value, "rounded", unit)
    if qualifier not in ("exact", "rounded"):
        assert width(loose) >= min(width(rounded), value) - 1e-6


@pytest.mark.parametrize(("phrase", "ends"), READINGS.items())
def test_a_phrase_reads_as_its_rule_says(phrase, ends):
    assert parse(phrase) == Interval(*ends)


@pytest.mark.parametrize("phrase", ["", "many", "10 to 12", "$", "10 furlongs", "1,00", "about"])
def test_what_is_not_a_number_is_refused_by_name(phrase):
    with pytest.raises(ValueError, match="not a reported number"):
        parse(phrase)


def test_the_seed_sentence_implies_its_total():
    implied = parse("$198 million") / (parse("about 10 percent") / 100)
    assert implied.low == pytest.approx(1.6458e9, rel=1e-3)
    assert implied.high == pytest.approx(2.4813e9, rel=1e-3)


@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_every_qualifier_keeps_the_number_within_its_interval(qualifier):
    assert 645_000_000 in reported(645_000_000, qualifier)


def test_a_stored_value_reads_like_its_phrase():
    assert reported(198e6, "rounded") == parse("$198 million")
    assert reported(10, "about", "percent") == parse("about 10 percent")
    assert reported(50, "about") == parse("about 50")
    assert reported(675, "about") == parse("approximately 675")
    assert reported(645e6, "about") == parse("about $645 million")
    assert reported(0, "rounded") == Interval(-0.5, 0.5)


def test_an_unknown_qualifier_is_refused():
    with pytest.raises(ValueError, match="unknown qualifier 'circa'"):
        reported(5, "circa")


@pytest.mark.parametrize(("low", "high"), [(2, 1), (math.nan, 1), (0, math.nan)])
def test_an_interval_must_have_ends_in_order(low, high):
    with pytest.raises(ValueError, match="from low to high"):
        Interval(low, high)


finite = st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False)


@st.composite
def interval_and_member(draw):
    low, member, high = sorted(draw(st.tuples(finite, finite, finite)))
    return Interval(low, high), member


@given(interval_and_member(), interval_and_member())
def test_arithmetic_contains_every_pointwise_result(first, second):
    (left, a), (right, b) = first, second
    assert a + b in left + right
    assert a - b in left - right
    assert a * b in left * right
    if not right.low <= 0 <= right.high:
        assert a / b in left / right


@given(interval_and_member(), finite)
def test_numbers_work_on_either_side(first, number):
    interval, a = first
    assert number + a in number + interval
    assert number - a in number - interval
    assert number * a in number * interval
    if not interval.low <= 0 <= interval.high:
        assert number / a in number / interval


def test_dividing_by_an_interval_with_zero_has_no_end():
    assert math.isinf((exactly(1) / Interval(0, 2)).high)


@given(interval_and_member(), interval_and_member())
def test_overlap_within_and_hull_agree(first, second):
    left, right = first[0], second[0]
    hull = left.hull(right)
    assert left.within(hull)
    assert right.within(hull)
    assert left.overlaps(right) == right.overlaps(left)
    assert left.overlaps(right) == (max(left.low, right.low) <= min(left.high, right.high))


def test_dates_read_as_the_days_they_cover():
    assert parse_date("2014-06") == Interval(date(2014, 6, 1).toordinal(), date(2014, 6, 30).toordinal())
    assert parse("2016", "date").high - parse("2016", "date").low == 365
    assert parse_date("2018-01-05").low == parse_date("2018-01-05").high


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", "2014-01-01", "2014-12-31"),
        ("2014-01/2017-05", "2014-01-01", "2017-05-31"),
        ("1997 to 2012", "1997-01-01", "2012-12-31"),
        ("2017-02-11 to 2017-02-17", "2017-02-11", "2017-02-17"),
        ("before 2017", "0001-01-01", "2016-12-31"),
        ("before June 2014", "0001-01-01", "2014-05-31"),
    ],
)
def test_a_period_is_all_its_days(text, first, last):
    assert parse_period(text) == Interval(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


@pytest.mark.parametrize("text", ["", "undated", "June 2014", "2018 to 2016", "before 2014 to 2016", "2017-02-31"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_period(text)


@pytest.mark.parametrize("text", ["June 2014", "2014-6", "2014-06-01-01", ""])
def test_other_dates_are_refused(text):
    with pytest.raises(ValueError, match="not an ISO"):
        parse_date(text)


@pytest.mark.parametrize(
    ("interval", "unit", "words"),
    [
        (exactly(3083), "detainers", "3,083 detainers"),
        (exactly(1), "detainers", "1 detainer"),
        (exactly(1), "entries", "1 entry"),
        (Interval(29_269, math.inf), "detainers", "29,269 or more detainers"),
        (Interval(0, 6), "persons", "up to 6 persons"),
        (Interval(1.881e9, 2.089e9), "usd", "1.881 to 2.089 billion dollars"),
        (Interval(89.55e6, 89.65e6), "usd", "89.55 to 89.65 million dollars"),
        (Interval(1e6, math.inf), "usd", "1 million dollars or more"),
        (exactly(572_322), "usd", "572,322 dollars"),
        (Interval(9.5, 10.5), "percent", "9.5 to 10.5 percent"),
        (exactly(56.3106), "percent", "56.31 percent"),
        (parse_date("2014-06"), "date", "2014-06-01 to 2014-06-30"),
        (parse_date("2018-01-05"), "date", "2018-01-05"),
    ],
)
def test_an_interval_is_described_in_words(interval, unit, words):
    assert describe(interval, unit) == words
