"""Dates become intervals, intervals become months, months become a contrast; and planted contrasts are found."""

import os
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detainer_analysis import __main__
from detainer_analysis.data import tables
from detainer_analysis.paths import ROOT
from detainer_analysis.policy import dates, fit, linking, model
from detainer_analysis.records import fetch
from detainer_analysis.records.reasons import DECLINED

FIRST_LIMITS = ROOT.parent / "shared" / "facts" / "policies" / "county_first_limit.csv"
MIRROR = Path(os.environ.get(fetch.MIRROR) or ROOT.parent / "shared" / "data")
DAY = pd.Timestamp


def changes(*rows):
    made = [
        {"unit": "27053", "change": change, "earliest": DAY(a), "latest": DAY(b), "is_upper_bound": bound}
        for change, a, b, bound in rows
    ]
    return pd.DataFrame(made).assign(criteria="other")


def start(*rows):
    found = dates.spells(changes(*rows)).iloc[0]
    return f"{found['start_earliest']:%Y-%m-%d}", f"{found['start_latest']:%Y-%m-%d}"


@pytest.fixture(scope="module")
def real():
    policies, links, places = (tables.load(name) for name in ("policy_dates", "policy_links", "places_fy2015"))
    records = linking.placed(tables.load("outcomes_by_place_fy2015"), places)
    periods = dates.spells(dates.events(policies, links, places))
    return policies, links, places, periods, linking.link(records, periods)


def test_a_month_or_year_is_all_its_days_and_a_june_without_a_list_is_possible():
    rows = pd.DataFrame(
        {
            "date": pd.to_datetime(["2014-05-01", "2014-07-01", "2012-01-01", "2014-06-24"]),
            "date_precision": ["month", "month", "year", "day"],
            "is_upper_bound": ["no", "no", "no", "yes"],
            "june_or_july_2014": ["no", "yes", "no", "no"],
        }
    )
    found = dates.dated(rows)
    assert found["latest"].dt.strftime("%m-%d").tolist() == ["05-31", "07-31", "12-31", "06-24"]
    assert found["earliest"].dt.strftime("%Y-%m-%d").tolist() == [
        "2014-05-01",
        "2014-06-01",
        "2012-01-01",
        "2000-01-01",
    ]


def test_sources_that_overlap_narrow_the_start():
    month, day = ("limits", "2014-06-01", "2014-07-31", "no"), ("limits", "2014-06-11", "2014-06-11", "no")
    assert start(month, day) == start(day) == ("2014-06-11", "2014-06-11")


def test_a_list_by_an_earlier_day_opens_the_start():
    later = ("limits", "2014-09-01", "2014-09-30", "no")
    assert start(later, ("limits", "2000-01-01", "2014-06-24", "yes")) == ("2000-01-01", "2014-06-24")
    assert start(later, ("limits", "2000-01-01", "2014-09-10", "yes")) == ("2014-09-01", "2014-09-10")


def test_a_restored_limit_ends_and_can_begin_again():
    found = dates.spells(
        changes(
            ("restores", "2013-01-01", "2013-01-01", "no"),
            ("limits", "2014-04-16", "2014-04-16", "no"),
            ("restores", "2015-12-01", "2015-12-31", "no"),
            ("limits", "2016-01-04", "2016-01-04", "no"),
        )
    )
    assert found["start_latest"].dt.year.tolist() == [2014, 2016]
    assert found["end_latest"].isna().tolist() == [False, True]
    months = pd.Series(["2014-04", "2014-05", "2015-12", "2016-01", "2016-02"])
    state = dates.in_force(pd.Series(["27053"] * 5), months, found)
    assert state.tolist() == ["uncertain", "yes", "uncertain", "uncertain", "yes"]


@pytest.mark.usefixtures("untraced")
@given(st.integers(0, 4000), st.integers(0, 500), st.integers(0, 140))
def test_a_wider_interval_never_makes_a_month_more_certain(first, width, month):
    name = str(pd.Period("2006-01", freq="M") + month)
    begin = EPOCH + pd.Timedelta(days=first)
    states = []
    for wider in (0, width):
        spell = dates.spells(changes(("limits", begin, begin + pd.Timedelta(days=wider), "no")))
        states.append(dates.in_force(pd.Series(["27053"]), pd.Series([name]), spell).iloc[0])
    assert states[1] in (states[0], "uncertain")


EPOCH = DAY("2006-01-01")


@pytest.mark.skipif(not FIRST_LIMITS.is_file(), reason="no local copy of the independent list of first limits")
def test_first_limits_agree_with_an_independent_list(real):
    policies, links, places, *_ = real
    own = dates.spells(dates.events(policies[policies["level"].eq("county")], links, places))
    first = own.drop_duplicates("unit").set_index("unit")
    theirs = pd.read_csv(FIRST_LIMITS, dtype=str).set_index("county_fips")
    day = pd.to_datetime(theirs["first_limit_date"], format="mixed")
    assert set(first.index) == set(theirs.index)
    agrees = first["start_earliest"].le(day) & first["start_latest"].ge(day)
    # Onondaga: one source says 2012, ICE's list July 2014; we keep the earlier, the list the later.
    assert agrees[~agrees].index.tolist() == ["36067"]


def test_travis_county_has_no_limit_in_the_records_and_hennepin_has(real):
    *_, linked = real
    states = linked[linked["facility_type"].eq("county jail")].groupby("county_fips")["limit"].unique()
    assert states["48453"].tolist() == ["no"]
    assert states["27053"].tolist() == states["36005"].tolist() == ["yes"]


def test_every_rule_of_a_state_or_city_is_decided_once(real):
    policies, links, *_ = real
    wide = policies.loc[policies["level"].ne("county"), ["jurisdiction", "state", "level"]].drop_duplicates()
    assert set(wide.itertuples(index=False, name=None)) == set(
        links.loc[links["level"].ne("county"), ["jurisdiction", "state", "level"]].itertuples(index=False, name=None)
    )


def test_every_record_is_in_one_row_of_the_coverage(real):
    *_, linked = real
    assert linking.coverage(linked)["detainers"].sum() == 79_053
    assert len(linked) == len(tables.load("outcomes_by_place_fy2015"))


def test_the_counts_by_place_are_those_of_the_other_tables(real):
    _, _, places, _, linked = real
    for column in ("detainers", "no_recorded_outcome", "declined"):
        sums = linked.fillna({"facility": "", "city": "", "state": ""}).groupby(dates.PLACE)[column].sum()
        theirs = places.fillna({"facility": "", "city": "", "state": ""}).set_index(dates.PLACE)[column]
        assert sums.eq(theirs.reindex(sums.index)).all()


def two_by_two():
    """Two states with four jails each: a fifth declined without a limit, three fifths with one, unevenly by jail."""
    shares = [("no", 10), ("no", 30), ("yes", 55), ("yes", 65)]
    rows = [(state, f"{state}{n}", limit, by) for state in ("TX", "CA") for n, (limit, by) in enumerate(shares)]
    return pd.DataFrame(
        [
            {
                "facility": jail, "city": "X", "state": state, "county_fips": jail, "facility_type": "county jail",
                "month": "2015-01", "form": "I-247", "limit": limit, "criteria": "other",
                "detainers": 100, "no_recorded_outcome": 10, "declined": declined,
            }
            for state, jail, limit, declined in rows
        ]
    )  # fmt: skip


def test_the_estimate_is_the_odds_ratio_of_a_table_done_by_hand():
    found = fit.margin(fit.estimate(two_by_two()))
    assert found["odds_ratio"] == pytest.approx((60 / 40) / (20 / 80))
    assert found[["without_percent", "with_percent", "points"]].tolist() == pytest.approx([20, 60, 40])
    recorded = fit.margin(fit.estimate(two_by_two(), replace(model.MAIN, denominator="recorded")))
    assert recorded["odds_ratio"] == pytest.approx((60 / 30) / (20 / 70))


def test_shares_have_both_denominators():
    found = linking.shares(two_by_two(), "limit").set_index("limit")
    assert found["percent_of_all"].tolist() == [20, 60]
    assert found["percent_of_recorded"].tolist() == pytest.approx([20 / 0.9, 60 / 0.9])


def test_uncertain_months_follow_the_rule():
    table = two_by_two()
    table.loc[3, "limit"] = "uncertain"
    limits = {
        rule: model.prepare(table, replace(model.MAIN, uncertain=rule))["limit"].tolist()
        for rule in ("left out", "in force", "not in force")
    }
    assert limits == {
        "left out": [0, 0, 1, 0, 0, 1, 1],
        "in force": [0, 0, 1, 1, 0, 0, 1, 1],
        "not in force": [0, 0, 1, 0, 0, 0, 1, 1],
    }


def test_a_state_without_a_decline_is_named_and_left_out():
    table = pd.concat([two_by_two(), two_by_two().assign(state="NY", declined=0)], ignore_index=True)
    chosen = table.assign(trials=table["detainers"])
    assert model.separated(chosen, ["state"])["level"].tolist() == ["NY"]
    assert set(model.prepare(table)["state"]) == {"TX", "CA"}


def test_without_variation_there_is_no_estimate():
    with pytest.raises(ValueError, match="with and without a limit"):
        fit.estimate(two_by_two().assign(limit="no"))


def test_fitted_declines_add_up_to_the_recorded_ones(real):
    *_, linked = real
    fitted = fit.estimate(linked)
    total = (fit.predictions(fitted) * fitted.rows["trials"]).sum()
    assert total == pytest.approx(fitted.rows["declined"].sum(), rel=1e-6)


@pytest.mark.usefixtures("untraced")
def test_the_delta_method_agrees_with_simulated_coefficients(real):
    *_, linked = real
    fitted = fit.estimate(linked)
    found = fit.margin(fitted)
    keep = np.random.default_rng(3).multivariate_normal(fitted.coefficients, fitted.covariance, 300)
    weight = fitted.rows["trials"].to_numpy(float)
    points = []
    for beta in keep:
        levels = [1 / (1 + np.exp(-(fitted.design.assign(limit=v).to_numpy() @ beta))) for v in (0.0, 1.0)]
        points.append(100 * np.average(levels[1] - levels[0], weights=weight))
    assert np.std(points) == pytest.approx((found["points_high"] - found["points_low"]) / 3.92, rel=0.25)


@pytest.mark.usefixtures("untraced")
def test_other_weights_and_subsets_run_and_say_what_they_use(real):
    *_, linked = real
    rows = {name: model.prepare(linked, chosen) for name, chosen in model.ALTERNATIVES.items()}
    assert set(rows["city jails too"]["facility_type"]) == set(dates.LOCAL)
    assert set(rows["form I-247 only"]["form"]) == {"I-247"}
    assert rows["strict limits only"]["limit"].sum() < rows["main estimate"]["limit"].sum()
    assert "CA" not in set(model.prepare(linked, model.AFTERWARDS["California left out"])["state"])


@pytest.mark.usefixtures("untraced")
def test_the_curve_holds_every_specification(real, monkeypatch):
    *_, linked = real
    monkeypatch.setattr(fit, "ALTERNATIVES", {"main estimate": model.MAIN})
    found = fit.curve({False: linked, True: linked})
    assert set(found["specification"]) == {"main estimate", "state laws that limit in part count", *model.AFTERWARDS}
    assert found["odds_ratio"].is_monotonic_increasing


@pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no local mirror of the public downloads; set {fetch.MIRROR} to one")
def test_a_file_in_the_layout_of_the_full_history_takes_the_same_path(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(fetch.MIRROR, str(MIRROR.resolve()))
    monkeypatch.setenv("DETAINER_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "detainers.parquet"
    write_layout(file)
    assert __main__.main(["policies", str(file)]) == 0
    shown = dict(line.split(",") for line in capsys.readouterr().out.splitlines()[1:])
    assert float(shown["odds_low"]) > 1
    assert (float(shown["detainers"]), float(shown["clusters"])) == (23 * 10 * 4, 4)


def write_layout(file):
    """Invented detainers of four jails, two with a limit from June 2014, in the Deportation Data Project's layout."""
    jails = [
        ("HENNEPIN COUNTY JAIL", "MINNEAPOLIS", "MINNESOTA", 6),
        ("WASECA COUNTY JAIL", "WASECA", "MINNESOTA", 1),
        ("SEDGWICK COUNTY JAIL", "WICHITA", "KANSAS", 5),
        ("SALINE COUNTY JAIL", "SALINA", "KANSAS", 1),
    ]
    rows = []
    for facility, city, state, after in jails:
        for month in pd.period_range("2013-06", periods=24, freq="M"):
            if str(month) == "2014-06":
                continue
            declines = after if str(month) > "2014-06" else 1
            for number in range(10):
                reason = DECLINED if number < declines else "Booked into Detention" if number < 8 else None
                rows.append((month.start_time, "I-247 Detainer" if number else None, reason, facility, city, state))
    names = ["detainer_prepare_date", "detainer_type", "detainer_lift_reason", "detainer_facility", "facility_city"]
    frame = pd.DataFrame(rows, columns=[*names, "facility_state"])
    duckdb.from_df(frame).write_parquet(str(file))


def test_a_county_stays_in_one_group_over_all_months():
    periods = pd.DataFrame(
        {
            "unit": ["01001", "01003"],
            "start_earliest": pd.to_datetime(["2014-01-01", "2014-11-05"]),
            "start_latest": pd.to_datetime(["2014-01-31", "2014-11-05"]),
            "end_earliest": pd.NaT,
            "end_latest": pd.NaT,
        }
    )
    units = pd.Series(["01001", "01003", "01005", None, "01001"])
    groups = linking.cohorts(units, ["2014-10", "2014-11", "2014-12"], periods)
    assert groups[:3].tolist() == ["limit in force throughout", "changing or uncertain", "none in force"]
    assert pd.isna(groups[3])
    assert groups[4] == groups[0]
    assert linking.cohorts(units, ["2014-10"], periods)[1] == "none in force"
    assert linking.cohorts(units, ["2014-12"], periods)[1] == "limit in force throughout"


def test_overlapping_limits_start_at_the_later_beginning_and_the_earlier_end():
    wide, other = ("limits", "2014-01-01", "2014-06-30", "no"), ("limits", "2014-03-01", "2014-12-31", "no")
    assert start(wide, other) == start(other, wide) == ("2014-03-01", "2014-06-30")


def test_a_limit_after_a_restored_one_begins_after_it_at_the_earliest():
    rows = [
        ("limits", "2012-01-01", "2012-01-31", "no"),
        ("restores", "2013-05-10", "2013-05-20", "no"),
        ("limits", "2013-01-01", "2014-12-31", "no"),
    ]
    found = dates.spells(changes(*rows))
    assert found["start_earliest"].dt.strftime("%Y-%m-%d").tolist() == ["2012-01-01", "2013-05-21"]


def test_records_of_a_place_that_is_not_listed_are_kept_without_a_county():
    outcomes = pd.DataFrame({"facility": ["A", "B"], "city": ["X", "Y"], "state": ["MN", "MN"], "detainers": [3, 4]})
    places = pd.DataFrame(
        {"facility": ["A"], "city": ["X"], "state": ["MN"], "county_fips": ["27053"], "facility_type": ["county jail"]}
    )
    found = linking.placed(outcomes, places)
    assert found["detainers"].tolist() == [3, 4]
    assert found["county_fips"].fillna("none").tolist() == ["27053", "none"]


def test_a_limit_to_come_is_later_although_an_earlier_one_has_ended():
    rows = [("limits", "2009-01-01", "2009-01-01", "no"), ("restores", "2010-01-01", "2010-01-01", "no")]
    periods = dates.spells(changes(*rows, ("limits", "2015-01-01", "2015-01-01", "no")))
    table = pd.DataFrame({"month": ["2009-06", "2014-12", "2015-01", "2015-02"], "county_fips": "27053"})
    linked = linking.link(table.assign(state="MN", city="X", facility_type="county jail"), periods)
    assert linked["group"].tolist() == ["limit in force", "limit later", "limit in force", "limit in force"]
