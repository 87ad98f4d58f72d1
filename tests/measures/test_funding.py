"""Shares compare only within a definition, totals follow from sentences, exposure from assumptions."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detainer_analysis.data import tables
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.measures import exposure, funding
from detainer_analysis.wording import parse

SHARES = pd.DataFrame(
    {
        "county_fips": ["1", "1", "1", "2", "1"],
        "fiscal_year": [2016, 2016, 2017, 2017, 2015],
        "fiscal_year_as_stated": ["2016", "2016 again", "2017", "2017", "2015"],
        "total_stage": "adopted",
        "basis": "budget",
        "funds": ["not stated", "not stated", "not stated", "not stated", "operating"],
        "total_usd": [641e6, 641e6, 691.2e6, 5e6, 600e6],
        "source_id": "s",
    }
)
COUNTY = exposure.Assumptions(
    all_federal=Interval(90, 110),
    justice_and_homeland=Interval(5, 20),
    jag=exactly(2),
    scaap=Interval(0, 1),
    budget=exactly(1000),
    residents=50,
)


def test_budget_totals_are_those_of_the_county_and_years_without_repeats():
    assert list(funding.budget_totals(SHARES, "1")["total_usd"]) == [641e6, 691.2e6]
    assert list(funding.budget_totals(SHARES, "1", (2015, 2016))["total_usd"]) == [600e6, 641e6]


def test_a_department_s_total_is_not_the_county_s():
    department = SHARES.head(1).assign(funds="one department", total_usd=1e6)
    assert list(funding.budget_totals(pd.concat([SHARES, department]), "1")["total_usd"]) == [641e6, 691.2e6]


def test_a_claimed_share_is_inside_or_outside_each_total():
    totals = funding.budget_totals(SHARES, "1")
    found = funding.shares_of(parse("$89.6 million"), totals, parse("about 14 percent", strict=True))
    assert list(found["agrees"]) == ["inside", "outside"]
    low, high = found["share_low_percent"].tolist(), found["share_high_percent"].tolist()
    assert low == pytest.approx([89.55 / 641.5 * 100, 89.55 / 691.25 * 100])
    assert high == pytest.approx([89.65 / 640.5 * 100, 89.65 / 691.15 * 100])
    wide = funding.shares_of(Interval(80e6, 95e6), totals.head(1), parse("about 14 percent", strict=True))
    assert list(wide["agrees"]) == ["overlaps"]


def test_the_seed_sentences_imply_their_totals():
    assert 640e6 in funding.implied_total("$89.6 million", "about 14 percent")
    assert 800e6 not in funding.implied_total("$89.6 million", "about 14 percent")
    possible = funding.implied_total("$198 million", "about 10 percent")
    assert (possible.low / 1e9, possible.high / 1e9) == pytest.approx((1.646, 2.481), abs=0.001)


@given(st.floats(1e8, 4e9))
def test_a_total_is_implied_if_some_reading_of_dollars_and_share_gives_it(total):
    dollars, share = parse("$198 million"), parse("about 10 percent")
    ratios = dollars / total * 100
    assert (total in funding.implied_total("$198 million", "about 10 percent")) == ratios.overlaps(share) or min(
        abs(ratios.high - share.low), abs(ratios.low - share.high)
    ) < 1e-9


def test_the_census_share_is_the_published_benchmark():
    census = funding.direct_share(tables.load("census_county_finance")).set_index("state")
    benchmarks = tables.load("funding_benchmarks")
    direct = benchmarks[
        benchmarks["benchmark"].eq("direct federal aid share of general revenue")
        & benchmarks["level"].eq("county governments")
    ].set_index("geography")["value"]
    assert round(census.loc["US", "direct_federal_percent"], 2) == direct["United States"]
    assert round(census.loc["MN", "direct_federal_percent"], 2) == direct["Minnesota"]


# Definitions ------------------------------------------------------------------------------------------


def defined(**parts):
    same = {"federal_scope": "direct", "medicaid_hospital": "out", "basis": "budget", "funds": "operating"}
    return same | parts


def test_figures_compare_only_if_all_parts_are_the_same():
    rows = pd.DataFrame(
        [defined(), defined(basis="revenue"), defined(funds="not stated"), defined(funds="not stated", basis="revenue")]
    )
    found = funding.against(rows, rows.iloc[0])
    assert list(found["compares"]) == ["yes", "no", "unknown", "no"]
    assert found["why"].iloc[1] == "basis: revenue against budget"
    assert "funds" in found["why"].iloc[2]
    assert "funds" not in found["why"].iloc[3]


def test_every_federal_figure_has_a_whole_definition_and_totals_have_theirs():
    shares = tables.load("federal_share")
    has_money = shares["federal_usd"].notna() | shares["share_percent"].notna()
    parts = shares[list(funding.DEFINITION_PARTS)]
    assert parts[has_money].notna().all(axis=None)
    assert parts.loc[~has_money, ["basis", "funds"]].notna().all(axis=None)
    assert shares.loc[~has_money, "federal_scope"].isna().all()


def test_the_published_shares_do_not_compare_with_the_census():
    shares, benchmarks = tables.load("federal_share"), tables.load("funding_benchmarks")
    census = benchmarks[benchmarks["federal_scope"].notna()]
    assert funding.against(census, shares.iloc[0])["compares"].eq("no").all()


def test_a_share_is_the_source_s_or_our_division_or_left_out():
    rows = pd.DataFrame(
        {
            "share_percent": [10.0, None, None, None],
            "share_qualifier": ["about", None, None, None],
            "federal_usd": [5.0, 20.0, 7.0, 20.0],
            "federal_qualifier": [None, None, None, "up to"],
            "total_usd": [None, 100.0, None, 100.0],
        }
    )
    found = funding.stated_or_computed(rows)
    assert list(found["share_from"]) == ["source", "our division", "our division"]
    assert found["share_low_percent"].iloc[2] == 0, "up to 20 may be nothing"
    assert (found["share_low_percent"].iloc[0], found["share_high_percent"].iloc[0]) == (8.0, 12.0)
    assert 20.0 in Interval(found["share_low_percent"].iloc[1], found["share_high_percent"].iloc[1])


# Exposure ---------------------------------------------------------------------------------------------


def test_exposure_is_dollars_share_and_dollars_per_resident():
    table = exposure.exposure(COUNTY).set_index("scenario")
    assert list(table.index) == list(exposure.SCENARIOS)
    assert table.loc[exposure.PROGRAMS, ["low_usd", "high_usd"]].tolist() == [2, 3]
    assert table.loc[exposure.ALL, ["share_low_percent", "share_high_percent"]].tolist() == pytest.approx([9, 11])
    assert table.loc[exposure.ALL, "high_usd_per_resident"] == pytest.approx(2.2)


@pytest.mark.parametrize(
    ("order", "jag", "left", "high"),
    [
        ("claimed and not blocked", "claimed and not blocked", "all federal money", 110),
        ("claimed on paper", "claimed and not blocked", "all federal money, on paper", 110),
        ("blocked by a court", "claimed and not blocked", "Byrne JAG", 2),
        ("blocked by a court", "blocked by a court", "nothing", 0),
        ("not claimed", "not claimed", "nothing", 0),
        ("partly blocked by a court", "not claimed", "part of all federal money", 110),
    ],
)
def test_what_is_left_follows_from_claims_and_courts(order, jag, left, high):
    steps = pd.DataFrame(
        {"date": [pd.Timestamp("2017-01-25")], "order": [order], "jag_conditions": [jag], "reason": ["r"]}
    )
    row = exposure.standing(steps, COUNTY).iloc[0]
    assert (row["left"], row["high_usd"]) == (left, high)
    assert row["low_usd"] == (90 if left == "all federal money" else 0 if left != "Byrne JAG" else 2)


def test_every_step_of_exposure_is_a_date_of_the_legal_timeline():
    steps, timeline = tables.load("exposure_steps"), tables.load("legal_timeline")
    assert set(steps["date"]) <= set(timeline["date"])
    assert all(group["date"].is_monotonic_increasing for _, group in steps.groupby("place"))


def test_days_are_those_of_the_claim_on_all_money_until_the_next_step_or_the_end():
    steps = pd.DataFrame(
        {
            "place": ["A", "A", "B"],
            "date": pd.to_datetime(["2017-01-25", "2017-04-25", "2025-01-20"]),
            "left": [exposure.ALL, "nothing", exposure.ALL],
        }
    )
    found = exposure.days_standing(steps, pd.Timestamp("2025-01-30"))
    assert found["days"].tolist() == [90, 10]
    assert (found.columns.tolist(), found.index.tolist()) == (["place", "begin", "days"], [0, 1])
    assert exposure.days_standing(steps.assign(left=exposure.ON_PAPER), pd.Timestamp("2025-01-30")).empty
