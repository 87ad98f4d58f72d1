"""The Inspector General's total by other routes: each sum by hand, bounds that hold, rows that are named."""

import pandas as pd
import pytest

from detainer_analysis.checks import inspector_general as checks
from detainer_analysis.data import tables
from detainer_analysis.data.evidence import Evidence, Item
from detainer_analysis.intervals import Interval
from detainer_analysis.measures import inspector_general

DAY = pd.Timestamp
WEEKS = pd.DataFrame(
    {
        "week_start": pd.to_datetime(["2015-01-04", "2015-01-11", "2015-01-18", "2015-01-25"]),
        "records_printed": [90, 20, 30, 40],
        "detainers_prepared": pd.array([None, 20, 30, 40], dtype="Int64"),
        "basis": ["two deliveries together", "one delivery alone", "read from a drawing", "read from a drawing"],
    }
)


@pytest.fixture(scope="module")
def declined():
    return tables.load("declined_counts")


def ends(evidence):
    found = inspector_general.number(evidence)
    return found.low, found.high


@pytest.mark.parametrize(
    ("first", "last", "low", "high", "rows"),
    [
        ("2015-01-11", "2015-01-17", 20, 20, 1),
        ("2015-01-11", "2015-01-24", 49, 51, 2),  # a drawing is read to plus or minus one
        ("2015-01-12", "2015-01-24", 29, 51, 2),  # six days of a week count from none to all of it
        ("2015-01-10", "2015-01-17", 20, 110, 2),  # undivided deliveries bound from above
    ],
)
def test_weeks_inside_count_whole_and_weeks_on_the_border_from_none_to_all(first, last, low, high, rows):
    found, used = inspector_general.prepared(WEEKS, DAY(first), DAY(last))
    assert (found.low, found.high, len(used)) == (low, high, rows)


def test_a_whole_week_without_a_count_is_an_error():
    with pytest.raises(ValueError, match="from 2015-01-04 to 2015-01-17 are not all counted"):
        inspector_general.prepared(WEEKS, DAY("2015-01-04"), DAY("2015-01-17"))


def test_the_denominator_is_months_and_weeks_and_holds_the_annual_counts():
    months, weeks = tables.load("issued_by_month"), tables.load("weekly_prepared")
    evidence = inspector_general.issued(months, weeks)
    first = months[months["month"].between("2014-01", "2014-09")]["detainers"].sum()
    whole = weeks[weeks["week_start"].between("2014-10-05", "2017-05-21")]
    drawn = 36
    assert first == 118_449
    assert ends(evidence)[0] == first + whole["detainers_prepared"].sum() - drawn
    assert 387_000 in inspector_general.number(evidence)
    assert set(evidence.rows["table"]) == {"issued_by_month", "weekly_prepared"}
    # TRAC counts each whole fiscal year inside the window from its own copy of the records.
    for year, trac in ((2015, 97_045), (2016, 85_720)):
        found, _ = inspector_general.prepared(weeks, *inspector_general.fiscal_year(year).values())
        assert found.low < trac < found.high


def test_the_restated_route_is_the_sum_by_hand_and_the_ledger_uses_it(declined):
    low = 18_646 + 3_623 + (8_170 - 7_232)
    assert ends(inspector_general.restated(declined)) == (low, low + 7_232) == (23_207, 30_439)
    assert inspector_general.restated(declined).items[0].found in [
        item.found for item in checks.detainers_29269(tables.load).items
    ]


def test_the_early_routes_are_the_sums_by_hand(declined):
    pace = Interval(45, 106)
    tribune = ends(inspector_general.tribune_and_reports(declined, pace))
    assert tribune == pytest.approx((18_646 + 609 / 7 * 45, 18_646 + 609 / 7 * 106))
    herald = ends(inspector_general.herald(declined, pace))
    years = 10_701 + 8_546 + 2_008
    assert herald == pytest.approx((years - 2_378 + 243 / 7 * 45, years + 243 / 7 * 106))
    weeks = tables.load("weekly_prepared")
    trac = ends(inspector_general.trac(declined, weeks, 0.8))
    rest, _ = inspector_general.prepared(weeks, DAY("2015-12-01"), DAY("2017-05-31"))
    assert trac == pytest.approx((16_296 - 2_378 + rest.low * 0.015, 16_296 / 0.8 + rest.high * 0.025), abs=1)
    records = ends(inspector_general.by_day_prepared(declined, tables.load("issued_counts"), weeks))
    later, _ = inspector_general.prepared(weeks, DAY("2015-07-20"), DAY("2017-05-31"))
    assert records == pytest.approx((16_380, 16_380 + later.high * 2_785 / 49_653), abs=1)


def test_rows_of_another_measure_or_scope_change_no_route(declined):
    """Each with another number, above and below the rows that are meant."""
    weeks, issued = tables.load("weekly_prepared"), tables.load("issued_counts")

    def amid_others(table):
        others = [
            table.assign(value=7, **{column: other})
            for column, other in {"measure": "refusals", "scope": "county"}.items()
        ]
        return pd.concat([*others, table, *others], ignore_index=True)

    pace, more, more_issued = Interval(45, 106), amid_others(declined), amid_others(issued)
    for route in (
        lambda declined, _: inspector_general.restated(declined),
        lambda declined, _: inspector_general.tribune_and_reports(declined, pace),
        lambda declined, _: inspector_general.herald(declined, pace),
        lambda declined, _: inspector_general.trac(declined, weeks, 0.8),
        lambda declined, issued: inspector_general.by_day_prepared(declined, issued, weeks),
    ):
        assert ends(route(more, more_issued)) == ends(route(declined, issued))


def test_the_table_says_what_each_route_lacks():
    evidence = {
        name: Evidence(
            (Item(Interval(50, high), "a sum", (pd.DataFrame([["t", 2, "s", "o"]], columns=COLUMNS),), True),)
        )
        for name, high in zip(inspector_general.ROUTES, (80, 100, 125, 200, 50), strict=True)
    }
    table = inspector_general.compare(evidence, 100)
    assert table["growth_needed_percent"].tolist() == [25, 0, 0, 0, 100]
    assert table["rows"].eq("t.csv 2").all()


COLUMNS = ["table", "source_row", "source_id", "origin_id"]


def test_a_word_is_no_number():
    with pytest.raises(TypeError, match="not a number: yes"):
        inspector_general.number(Evidence((Item("yes", "", (), True),)))


def test_fiscal_2016_grew_by_four_fifths(declined):
    found = inspector_general.revision(declined)
    assert found["value"].tolist() == [2_008, 3_623]
    assert found["growth_percent"].round(1).tolist() == [0, 80.4]
