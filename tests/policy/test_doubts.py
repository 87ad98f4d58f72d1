"""What undated limits, months and counties do to the estimate, by hand and on planted records."""

import pandas as pd
import pytest

from benchmarks import planted_limits
from detainer_analysis.policy import doubts, fit


def jails(*rows):
    names = ["facility", "limit", "group", "month", "detainers", "no_recorded_outcome", "declined"]
    return pd.DataFrame(rows, columns=names).assign(city="X", state="CA")


def test_a_suspect_has_no_limit_and_declined_most_of_enough_outcomes():
    table = jails(
        ("A", "no", "", "2015-01", 100, 40, 50),
        ("A", "no", "", "2015-02", 10, 5, 5),
        ("B", "no", "", "2015-01", 100, 40, 20),
        ("C", "yes", "", "2015-01", 100, 0, 100),
        ("D", "no", "", "2015-01", 10, 0, 10),
        ("E", "no", "", "2015-01", 10, 10, 0),
    )
    found = doubts.suspects(table, percent=80, least=50)
    assert found.index.tolist() == [("A", "X", "CA")]
    assert found.iloc[0].tolist() == pytest.approx([110, 65, 55, 55 / 65 * 100])


def test_each_row_counts_one_more_jail_as_limited():
    records, _ = planted_limits.synthetic_records(4, 40, 2)
    never = records.groupby("facility")["limit"].apply(lambda limit: limit.eq("no").all())
    place = records[records["facility"].eq(never[never].index[0])].iloc[0]
    found = doubts.recoded(records, [(place["facility"], place["city"], place["state"])])
    here = records["facility"].eq(place["facility"])
    again = fit.margin(fit.estimate(records.assign(limit=records["limit"].mask(here, "yes"))))
    assert found["odds_ratio"].tolist() == pytest.approx(
        [fit.margin(fit.estimate(records))["odds_ratio"], again["odds_ratio"]]
    )


def test_months_that_are_alike_have_no_spread_and_the_last_part_of_a_month_is_left_out():
    table = jails(
        ("A", "no", "level", "2015-01", 100, 0, 10),
        ("A", "no", "level", "2015-02", 50, 0, 5),
        ("A", "no", "level", "2015-03", 10, 0, 10),
        ("B", "yes", "falls", "2015-01", 100, 0, 60),
        ("B", "yes", "falls", "2015-02", 100, 0, 40),
        ("B", "yes", "falls", "2015-03", 10, 0, 0),
    )
    found = doubts.by_month(table)
    assert found.loc["level"].tolist() == pytest.approx([10, 10, 10, 10, 0])
    assert found.loc["falls", ["first_percent", "last_percent"]].tolist() == [60, 40]
    assert found.loc["falls", "spread"] == pytest.approx(2 * 10**2 / 25)


def test_counties_that_follow_the_model_misfit_by_about_one():
    records, _ = planted_limits.synthetic_records(1, 120, 7)
    fitted = fit.estimate(records)
    found = doubts.misfit_by_county(fitted)
    assert found["pearson"].is_monotonic_decreasing
    assert found["pearson"].mean() > 2  # a jail keeps its rank, so counties resemble themselves
    share = fit.predictions(fitted)
    exact = fitted.rows.assign(declined=share * fitted.rows["trials"])
    assert doubts.misfit_by_county(fit.Estimate(**{**vars(fitted), "rows": exact}))["pearson"].max() < 1e-12
