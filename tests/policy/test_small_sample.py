"""The corrections are those of closed forms and of statsmodels where both exist, and influence is what it says."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.tools import add_constant

from benchmarks import planted_limits
from detainer_analysis.policy import fit, small_sample


def two_groups(sizes):
    limit = np.repeat([0.0, 1.0], sizes)
    return np.column_stack([np.ones(len(limit)), limit])


@pytest.mark.parametrize("sizes", [(27, 3), (10, 10), (40, 6)])
def test_two_groups_have_the_published_closed_form(sizes):
    """Imbens and Kolesar (2016), section 2: the CR2 error is Welch's, and its degrees of freedom have a formula."""
    zero, one = sizes
    matrix = two_groups(sizes)
    response = np.random.default_rng(1).normal(size=sum(sizes))
    residuals = OLS(response, matrix).fit().resid
    two, _, free = small_sample.corrections(matrix, np.ones(len(matrix)), residuals, np.arange(len(matrix)), 1)
    parts = np.split(response, [zero])
    assert two == pytest.approx(np.sqrt(sum(part.var(ddof=1) / len(part) for part in parts)))
    total = (zero + one) ** 2 * (zero - 1) * (one - 1)
    assert free == pytest.approx(total / (one**2 * (one - 1) + zero**2 * (zero - 1)))


def test_with_clusters_of_one_row_they_are_hc2_and_hc3():
    rng = np.random.default_rng(2)
    matrix = add_constant(rng.normal(size=(60, 3)))
    fitted = OLS(rng.normal(size=60) * (1 + matrix[:, 1] ** 2), matrix).fit()
    two, three, _ = small_sample.corrections(matrix, np.ones(60), fitted.resid, np.arange(60), 2)
    assert (two, three) == pytest.approx((fitted.HC2_se[2], fitted.HC3_se[2]))


def test_balanced_clusters_have_as_many_degrees_of_freedom_as_clusters_less_two():
    matrix = two_groups((40, 40))
    groups = np.repeat(np.arange(16), 5)
    residuals = np.random.default_rng(3).normal(size=80)
    assert small_sample.corrections(matrix, np.ones(80), residuals, groups, 1)[2] == pytest.approx(14)


def test_the_corrections_widen_the_registered_interval():
    records, _ = planted_limits.synthetic_records(4, 40, 2)
    table = small_sample.contrast(fit.estimate(records))
    assert table["standard_error"].is_monotonic_increasing
    assert table.loc["CR2", "degrees_of_freedom"] < table.loc["registered", "degrees_of_freedom"]
    assert table.loc["CR3", "odds_low"] < table.loc["registered", "odds_low"]


@pytest.mark.usefixtures("untraced")
def test_the_jail_that_is_left_out_is_the_one_that_moves_the_estimate_most():
    records, _ = planted_limits.synthetic_records(4, 40, 2)
    found = small_sample.influence(records, 3)
    whole = np.log(fit.margin(fit.estimate(records))["odds_ratio"])
    places = records[["facility", "city", "state"]].drop_duplicates()
    exact = {
        f"{row.facility}, {row.state}": np.log(
            fit.margin(fit.estimate(records[records["facility"].ne(row.facility)]))["odds_ratio"]
        )
        - whole
        for row in places.itertuples()
    }
    assert found.loc[0, "left_out"] == pd.Series(exact).abs().idxmax()
    assert found["change"].tolist() == pytest.approx([exact[name] for name in found["left_out"]])
