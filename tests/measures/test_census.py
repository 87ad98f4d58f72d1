"""Shares, ceilings and places among peers: on rows made here, and what the table says of the two counties."""

import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.errors import UnknownNameError
from detainer_analysis.measures import census
from detainer_analysis.wording import parse

HENNEPIN, RAMSEY = "27053", "27123"


@pytest.fixture(scope="module")
def units():
    return tables.load("census_units")


def unit(fips, direct=0, from_state=0, local=0, revenue=100, welfare=(0, 1), **more):
    return {
        "county_fips": fips,
        "state": "MN",
        "kind": "county",
        "fiscal_year": 2018,
        "population": 200_000,
        "federal_direct_usd": direct,
        "state_aid_usd": from_state,
        "local_aid_usd": local,
        "general_revenue_usd": revenue,
        "welfare_federal_usd": welfare[0],
        "welfare_state_usd": welfare[1],
        "federal_repeats": "no",
    } | more


def frame(*rows):
    return pd.DataFrame(rows).astype({"federal_direct_usd": "Int64", "general_revenue_usd": "Int64"})


def test_shares_are_of_general_revenue_and_all_aid_is_the_ceiling():
    found = census.shares(frame(unit("1", 5, 20, 3), unit("2", 0, 0, 0, revenue=0))).to_dict("list")
    assert found["all_aid_usd"] == [28, 0]
    assert found["direct_percent"][0] == pytest.approx(5)
    assert found["all_aid_percent"][0] == pytest.approx(28)
    assert pd.isna(found["direct_percent"][1])


@pytest.mark.parametrize(
    ("welfare", "coding", "percent"),
    [
        ((30, 70), census.AT_SOURCE, 30),
        ((29, 71), census.THROUGH_STATE, 29),
        ((0, 5), census.THROUGH_STATE, 0),
        ((0, 0), census.NO_WELFARE_AID, None),
    ],
)
def test_welfare_coding_says_where_most_welfare_aid_is_booked(welfare, coding, percent):
    row = census.shares(frame(unit("1", welfare=welfare))).iloc[0]
    assert row["welfare_coding"] == coding
    assert (
        pd.isna(row["welfare_federal_percent"])
        if percent is None
        else row["welfare_federal_percent"] == pytest.approx(percent)
    )


def test_what_is_left_of_a_published_sum_was_passed_through():
    rows = frame(unit("1", 40), unit("1", 120, fiscal_year=2019), unit("1", 7, kind="city"))
    found = census.of_county(rows, "1", parse("$100"))
    assert found["passed_through_low_usd"].tolist() == [60, 0]
    assert found["passed_through_high_percent"].tolist() == [60, 0]
    assert found["passed_through_high_usd"].tolist() == [60, 0]


def test_peers_are_large_counties_of_the_year_coded_alike():
    rows = frame(
        unit("1", 9),
        unit("2", 1),
        unit("3", 5, population=100_000),
        unit("4", 5, fiscal_year=2019),
        unit("5", 5, kind="city and county"),
        unit("6", 5, welfare=(1, 1)),
        unit("7", 5, state="WI", federal_repeats="yes"),
    )
    assert census.peers(rows, 2018, census.THROUGH_STATE)["county_fips"].tolist() == ["2", "7", "1"]
    assert census.peers(rows, 2018, census.THROUGH_STATE, "MN")["county_fips"].tolist() == ["2", "1"]
    place = census.position(rows, "1", 2018)
    assert (place["counties"], place["repeats"], place["lower_percent"]) == (3, 1, 100)
    assert place["p50"] == pytest.approx(5)
    assert census.position(rows, "7", 2018)["lower_percent"] == 50
    assert pd.isna(census.position(rows, "6", 2018)["lower_percent"])


@pytest.mark.parametrize(("fips", "year"), [("3", 2018), ("9", 2018), ("1", 2019)])
def test_a_county_that_is_no_peer_has_no_place(fips, year):
    with pytest.raises(KeyError, match="no county of more than 100,000 people in"):
        census.position(frame(unit("1"), unit("3", population=9)), fips, year)


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda rows: census.of_county(rows, "27035", parse("5")), "27053"),
        (lambda rows: census.peers(rows, 2008, census.THROUGH_STATE), "2018"),
        (lambda rows: census.peers(rows, 2018, "through state"), "state"),
        (lambda rows: census.peers(rows, 2018, census.THROUGH_STATE, "MM"), "MN"),
        (lambda rows: census.position(rows, "27035", 2018), "27053"),
    ],
)
def test_a_slip_in_a_name_is_refused_with_what_comes_near(ask, near):
    with pytest.raises(UnknownNameError, match=f"did you mean {near}"):
        ask(frame(unit(HENNEPIN)))


def test_a_listed_county_that_was_not_asked_stays_in_the_list():
    listed = pd.DataFrame({"jurisdiction": ["A", "B"], "state": "MN", "county_fips": ["1", "2"]})
    found = census.of_counties(frame(unit("1", 5)), listed, [2018, 2019])
    assert found["jurisdiction"].tolist() == ["A", "A", "B", "B"]
    assert found["direct_percent"].notna().tolist() == [True, False, False, False]


def test_states_compare_once_welfare_aid_is_left_out():
    rows = frame(unit("1", 6, welfare=(4, 4)), unit("2", 2), unit("3", 3, state="CA"), unit("4", 9, kind="city"))
    found = census.of_states(rows).set_index("state")
    assert found["counties"].to_dict() == {"CA": 1, "MN": 2, "US": 3}
    assert found["at_source"].to_dict() == {"CA": 0, "MN": 1, "US": 1}
    assert found.loc["MN", "direct_percent"] == pytest.approx(4)
    assert found.loc["MN", "direct_without_welfare_percent"] == pytest.approx(2)
    assert found["welfare_percent_of_direct"].round(3).to_dict() == {"CA": 0, "MN": 50, "US": 36.364}


# What the table says -----------------------------------------------------------------------------------


def test_hennepin_had_less_than_half_of_198_million_directly(units):
    found = census.of_county(units, HENNEPIN, parse("$198 million"))
    before = found[found["fiscal_year"].le(2018)]
    assert before["federal_direct_usd"].agg(["min", "max"]).tolist() == [73_439_000, 94_648_000]
    assert before["passed_through_low_percent"].min() == pytest.approx(52.1, abs=0.05)
    assert before["passed_through_high_percent"].max() == pytest.approx(63.0, abs=0.05)
    assert before["all_aid_usd"].min() == 681_238_000


def test_nearly_all_of_89_6_million_was_passed_through_ramseys_state(units):
    found = census.of_county(units, RAMSEY, parse("$89.6 million")).set_index("fiscal_year")
    early = found.loc[2013:2016]
    assert early["passed_through_low_percent"].min() == pytest.approx(94.2, abs=0.05)
    assert early["passed_through_high_percent"].max() == pytest.approx(96.8, abs=0.05)
    assert found.loc[2018, "federal_direct_usd"] * 1.12 == pytest.approx(89_600_000, rel=0.005)


def test_minnesotas_large_counties_coded_at_the_source_lie_where_ramsey_does(units):
    found = census.peers(units, 2018, census.AT_SOURCE, "MN")
    assert len(found) == 9
    assert found["direct_percent"].agg(["min", "median", "max"]).round(2).tolist() == [6.73, 11.03, 12.52]


def test_section_one_counties_differ_from_nothing_to_a_twelfth(units):
    section = tables.load("ddor_section1").query("report == 'week1'").drop_duplicates("county_fips")
    found = census.of_counties(units, section, [2016])
    assert len(found) == 10
    percent = found.set_index(["jurisdiction", "state"])["direct_percent"].round(2).dropna().to_dict()
    assert percent == {
        ("Clark County", "NV"): 5.20,
        ("Nassau County", "NY"): 0.53,
        ("Cook County", "IL"): 2.93,
        ("Montgomery County", "IA"): 0.0,
        ("Snohomish County", "WA"): 2.85,
        ("Washington County", "OR"): 4.72,
        ("Alachua County", "FL"): 1.44,
        ("Franklin County", "PA"): 8.38,
    }


def test_minnesota_stands_out_by_its_coding_alone(units):
    found = census.of_states(units).set_index(["state", "fiscal_year"])
    nation, minnesota = found.loc["US"], found.loc["MN"]
    assert (minnesota["direct_percent"] / nation["direct_percent"]).between(1.3, 2.3).all()
    without = minnesota["direct_without_welfare_percent"] / nation["direct_without_welfare_percent"]
    assert without.between(0.8, 1.12).all()
