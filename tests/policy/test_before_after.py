"""The ratio of ratios is that of a table done by hand, and its bootstrap is fixed and honest."""

import numpy as np
import pandas as pd
import pytest

from detainer_analysis.data import tables
from detainer_analysis.policy import before_after, dates
from detainer_analysis.policy.before_after import LIMITED, NONE_FOUND

NAMES = ("policy_dates", "policy_links", "places_fy2015", "declines_by_facility")


@pytest.fixture(scope="module")
def real():
    policies, links, places, declines = (tables.load(name) for name in NAMES)
    changes = dates.events(policies, links, places)
    periods = dates.spells(changes)
    others = before_after.shown_by_others(changes, policies)
    return (policies, changes, others), periods, declines, before_after.by_county(declines, periods)


def counties(limited, none):
    rows = [("CA", LIMITED, *pair) for pair in limited] + [("TX", NONE_FOUND, *pair) for pair in none]
    return pd.DataFrame(rows, columns=["state", "group", 2013, 2014])


def test_the_ratio_is_that_of_four_sums():
    found = before_after.ratio_of_ratios(counties([(1, 5), (3, 15)], [(2, 4), (2, 4)]), 2013, 2014)
    assert found["ratio"] == pytest.approx((20 / 4) / (8 / 4))
    assert found[["limit_before", "limit_after", "none_before", "none_after"]].tolist() == [4, 20, 4, 8]
    assert (found["low"], found["high"]) == pytest.approx((2.5, 2.5))  # every county grows alike


def test_the_bootstrap_draws_counties_and_draws_the_same_ones_again():
    table = counties([(1, 5), (3, 40), (2, 2)], [(2, 4), (2, 9), (9, 9)])
    found, again = (before_after.ratio_of_ratios(table, 2013, 2014) for _ in range(2))
    assert found.equals(again)
    assert found["low"] < found["ratio"] < found["high"]


@pytest.mark.parametrize("planted", [1.0, 3.0])
def test_intervals_hold_a_planted_ratio_at_about_their_rate(planted, monkeypatch):
    monkeypatch.setattr(before_after, "DRAWS", 400)
    rng = np.random.default_rng(20_260_112)
    held = 0
    for _ in range(100):
        sides = []
        for growth in (3 * planted, 3):
            size = np.exp(rng.normal(0, 1, 100))
            own = np.exp(rng.normal(-0.125, 0.5, 100))  # counties grow unlike; the mean factor is one
            sides.append(list(zip(rng.poisson(3 * size), rng.poisson(3 * size * growth * own), strict=True)))
        found = before_after.ratio_of_ratios(counties(*sides), 2013, 2014)
        held += found["low"] <= planted <= found["high"]
    assert 86 <= held <= 100


def test_every_decline_of_the_two_groups_is_counted_once(real):
    _, periods, declines, found = real
    first = periods.drop_duplicates("unit")
    other = first.loc[first[["start_earliest", "start_latest"]].apply(lambda c: c.dt.year).ne(2014).any(axis=1), "unit"]
    jails = declines[declines["facility_type"].eq("county jail") & declines["county_fips"].notna()]
    jails = jails[~jails["county_fips"].isin(other)]
    assert len(other)
    assert found[2014].sum() == jails.loc[jails["year"].eq(2014), "declined"].sum()
    assert set(found.index) == set(jails["county_fips"])


def test_the_published_aggregate_holds_no_jail_year_without_a_decline(real):
    assert real[2]["declined"].min() == 1


def test_a_county_whose_limit_began_in_another_year_is_in_neither_group(real):
    _, periods, _, found = real
    assert "17031" in set(periods["unit"])  # Cook, 2011
    assert "17031" not in found.index
    assert found.loc["27053", "group"] == LIMITED


def test_a_limit_on_the_list_of_ice_alone_is_not_shown_by_others(real):
    (policies, changes, others), *_ = real
    origin = changes["source_row"].map(policies.set_index("source_row")["origin_id"])
    assert origin.notna().all()  # rules of states and cities keep the address of their row
    sources = origin[changes["change"].eq("limits")].groupby(changes["unit"]).agg(set)
    alone = set(sources[sources.eq({before_after.ICE_LIST})].index)
    assert alone
    assert not alone & others
    assert "27053" in others


def test_earlier_years_and_parts_are_compared_as_named(real):
    (_, _, others), *_, found = real
    table = before_after.comparisons(found, others)
    parts = found["state"].eq("CA")
    assert table.loc["California", "limit_after"] == found.loc[parts & found["group"].eq(LIMITED), 2014].sum()
    assert table.loc["2010 to 2011", "none_before"] == found.loc[found["group"].eq(NONE_FOUND), 2010].sum()
    lists = ["limits shown by other sources", "limits on ICE's list only"]
    assert table.loc[lists, "limit_counties"].sum() == table.loc["2013 to 2014", "limit_counties"]
    assert (table["low"] < table["ratio"]).all()


def test_leaving_out_the_largest_starts_from_the_whole(real):
    found = before_after.without_largest(real[3], 2)
    whole = before_after.ratio_of_ratios(real[3], 2013, 2014)
    assert found[0] == pytest.approx(whole["ratio"])
    one = before_after.without_largest(counties([(1, 5), (3, 15), (1, 1)], [(2, 4), (2, 6)]), 1)
    assert one[1] == pytest.approx((6 / 2) / (4 / 2))


def test_the_years_are_the_sums_of_the_counties():
    table = before_after.by_year(counties([(1, 5), (3, 15)], [(2, 4)]))
    assert table["declined"].tolist() == [4, 20, 2, 4]
