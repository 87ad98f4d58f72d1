"""What one county's page shows is in the tables, all of it, and a county without rows is refused."""

import functools

import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.errors import UnknownNameError
from detainer_analysis.measures import county

HENNEPIN, BRONX = "27053", "36005"


@functools.cache  # not at import, which every worker does
def loaded():
    return {name: tables.load(name) for name in county.TABLES}


@pytest.fixture(scope="module")
def hennepin():
    return county.profile(HENNEPIN, loaded())


def replaced(**changed):
    return loaded() | changed


@pytest.mark.parametrize("given", ["27053", "Hennepin County, MN", " hennepin county, mn "])
def test_a_county_is_found_by_code_and_by_name(given):
    assert county.find(given, loaded()) == HENNEPIN


@pytest.mark.parametrize(
    ("given", "near"),
    [("Hennepin", "Hennepin County, MN"), ("Santa Clara, CA", "Santa Clara County, CA"), ("27054", "27")],
)
def test_a_misspelt_county_is_refused_with_one_that_comes_near(given, near):
    with pytest.raises(UnknownNameError, match=f"no county is called '{given}'; did you mean .*{near}"):
        county.find(given, loaded())


def test_a_word_that_is_near_to_nothing_does_not_list_three_thousand_counties():
    with pytest.raises(UnknownNameError, match=r"and 3,131 more$"):
        county.find("xx", loaded())


def test_names_are_those_of_one_county_each():
    names = county.names(loaded())
    assert names.is_unique
    assert names.notna().all()
    assert names["22071"] == "Orleans Parish, LA"


def test_a_county_without_a_row_is_refused_with_counties_that_have_one():
    nowhere = {name: table.iloc[:0] for name, table in loaded().items() if name not in ("county_population", "states")}
    places = loaded()["places_fy2015"]
    nowhere |= {"places_fy2015": places[places["county_fips"].eq(HENNEPIN)]}
    with pytest.raises(UnknownNameError, match=r"in the tables is called 'Goodhue County, MN'; .*Hennepin County, MN"):
        county.profile("27049", replaced(**nowhere))


def test_the_counts_by_year_are_those_of_the_aggregate(hennepin):
    rows = loaded()["declines_by_facility"]
    own = rows[rows["county_fips"].eq(HENNEPIN)]
    found = hennepin["by_year"].set_index("year")
    assert found["declined"].sum() == own["declined"].sum() > 0
    assert found.index.tolist() == list(range(2007, 2016))
    assert found["places"].sum() == len(own)


def test_other_outcomes_are_missing_where_one_place_has_no_number():
    places = pd.DataFrame(
        {"county_fips": HENNEPIN, "year": [2010, 2010, 2011], "declined": 1, "other_outcomes": [5, None, 7]}
    )
    found = county.profile(HENNEPIN, replaced(declines_by_facility=places))["by_year"].set_index("year")
    assert found["other_outcomes"].isna().tolist() == [True, False]
    assert found.loc[2011, "other_outcomes"] == 7


def test_months_and_kinds_hold_each_record_of_the_county_once(hennepin):
    places = loaded()["places_fy2015"]
    own = places[places["county_fips"].eq(HENNEPIN)]
    for table in ("by_month", "by_kind"):
        for column in ("detainers", "no_recorded_outcome", "declined"):
            assert hennepin[table][column].sum() == own[column].sum() > 0


def test_the_share_declined_lies_within_its_bounds(hennepin):
    for row in pd.concat([hennepin["by_month"], hennepin["by_kind"]]).itertuples():
        assert row.least_percent == pytest.approx(row.declined / row.detainers * 100)
        assert row.most_percent == pytest.approx((row.declined + row.no_recorded_outcome) / row.detainers * 100)


def test_a_month_without_a_detainer_is_a_zero_without_a_share():
    found = county.profile("01001", loaded())["by_month"]
    assert found["month"].tolist() == sorted(loaded()["outcomes_by_place_fy2015"]["month"].unique())
    assert found["detainers"].eq(0).any()
    assert found["least_percent"].isna().tolist() == found["detainers"].eq(0).tolist()


def test_policies_are_those_of_county_and_state_in_order(hennepin):
    found = hennepin["policy_dates"]
    assert found["date"].is_monotonic_increasing
    assert set(found["level"]) == {"county", "state"}
    assert found["jurisdiction"].str.contains("Hennepin|Minnesota").all()


def test_a_countys_policies_are_its_own_and_its_states():
    dates = tables.load("policy_dates")
    of_states = set(dates.loc[dates["level"].eq("state") & dates["state"].eq("CA"), "source_row"])
    found = county.profile("06037", loaded())["policy_dates"]
    assert of_states
    assert set(found.loc[found["level"].eq("state"), "source_row"]) == of_states


def test_rows_of_the_weekly_reports_lead_to_their_lines(hennepin):
    found = hennepin["weekly_reports"]
    assert found["says"].tolist() == ["detainers declined", "correction or objection"]
    for row in found.itertuples():
        line = loaded()[row.table].set_index("source_row").loc[row.source_row]
        assert line["source_id"] == row.source_id
        assert line["place"] == row.place
    travis = county.profile("48453", loaded())["weekly_reports"]
    assert {"detainers declined", "has a policy"} <= set(travis["says"])


def test_federal_money_is_of_the_county_and_not_of_its_cities(hennepin):
    money = hennepin["federal_money"]
    assert set(money["name"]) == {"HENNEPIN COUNTY"}
    assert money["fiscal_year"].is_unique
    assert money["direct_percent"].le(money["all_aid_percent"]).all()


def test_a_county_without_records_has_no_zeros():
    bare = replaced(**{name: loaded()[name].iloc[:0] for name in ("declines_by_facility", "places_fy2015")})
    profile = county.profile(HENNEPIN, bare)
    assert [len(profile[name]) for name in ("by_year", "by_month", "by_kind")] == [0, 0, 0]
    assert profile["cannot_say"]["rows"].tolist()[:3] == [0, 0, 0]


def test_a_borough_of_new_york_has_records_and_no_money_of_its_own():
    profile = county.profile(BRONX, loaded())
    assert len(profile["by_month"]) > 0
    assert profile["federal_money"].empty


def test_every_table_says_what_it_cannot_say(hennepin):
    said = hennepin["cannot_say"]
    assert list(said.index) == [name for name in hennepin if name != "cannot_say"]
    assert said["rows"].tolist() == [len(hennepin[name]) for name in said.index]
    assert said["cannot_say"].str.len().gt(40).all()


@pytest.mark.usefixtures("untraced")
def test_a_county_alone_has_the_rows_that_it_has_among_all():
    names = county.names(loaded())
    everywhere = county.profiles(names, loaded())
    for fips in (HENNEPIN, BRONX, "11001", "48453"):  # the District's policies are those of a state and of a county
        for name, table in county.profile(fips, loaded()).items():
            if name != "cannot_say":
                own = everywhere[name].query("county_fips == @fips").drop(columns="county_fips")
                pd.testing.assert_frame_equal(own.reset_index(drop=True), table)
                assert "source_row" not in table or not table.duplicated(["table", "source_row"]).any()
