"""A labelled decision model: what holding and what refusing may cost, from published cases and stated priors.

The model (`simulate`) is a model of published cases under stated priors, not an estimate of any county's liability.

References: Saltelli et al. (2010), Computer Physics Communications 181, 259-270, for the Sobol indices, as
``scipy.stats.sobol_indices`` computes them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from detainer_analysis.measures.counts import wilson
from detainer_analysis.measures.liability import CLASS_SUIT


def priors(costs: pd.DataFrame, data: Mapping[str, pd.DataFrame], hidden: float = 100) -> pd.DataFrame:
    """Ranges of the model's inputs, each built from rows of ``data/``; a reader may overwrite any of them.

    Parameters
    ----------
    costs : pandas.DataFrame
        What `per_person` returns.
    data : mapping
        The tables ``liability_classes``, ``liability_parts``, ``class_suit_counties``, ``places_fy2015``,
        ``outcomes_by_year`` and ``funding_outcomes``, by name.
    hidden : float
        Paid single claims for each one that is published, at most. An assumption: nobody counts them.

    Returns
    -------
    pandas.DataFrame
        Indexed by input: ``low``, ``high``, ``shape`` (``"log-uniform"``: every factor is as likely; ``"uniform"``;
        ``"fixed"`` at `low`) and ``evidence``.
    """
    local = costs[~costs["local_government"].str.startswith("United States")]
    single = local[local["people"].lt(CLASS_SUIT)].dropna(subset="person_low_constant_usd")
    places, suits = data["places_fy2015"], data["class_suit_counties"]
    where_sued = places["county_fips"].isin(suits["county_fips"])
    claims = _one(data["liability_classes"], case_id="roy_la", measure="claims filed")
    eligible = _one(data["liability_classes"], case_id="roy_la", measure="people eligible")
    paid = _one(data["liability_parts"], "amount_usd", case_id="roy_la", part="damages")
    outcomes = data["funding_outcomes"]
    lost = wilson(
        int(_one(outcomes, "jurisdictions", outcome="not cleared")),
        int(_one(outcomes, "jurisdictions", outcome="warned")),
    )
    rate = single["people"].sum() / data["outcomes_by_year"]["detainers"].sum()
    rows = {
        "class_chance": (
            suits["case_id"].nunique() / places["county_fips"].nunique(),
            places.loc[where_sued, "detainers"].sum() / places["detainers"].sum(),
            "class suits over counties with detainers in fiscal 2015; share of detainers in the counties sued",
        ),
        "class_part_paid": (
            claims / eligible,
            1.0,
            "claims filed in Los Angeles; everybody, as in the Suffolk verdict",
        ),
        "class_payment_usd": (
            paid / claims,
            costs.loc["orellana_suffolk", "person_high_constant_usd"],
            "paid per claim in Los Angeles; per person in the Suffolk verdict, under appeal",
        ),
        "class_cost_factor": (
            1.0,
            costs.loc["roy_la", "high_usd"] / paid,
            "nothing on top; Los Angeles: the whole settlement over the payments to claimants",
        ),
        "single_rate": (
            rate,
            hidden * rate,
            f"people in published single cases over detainers issued; {hidden:g} times",
        ),
        "single_payment_usd": (
            single["person_low_constant_usd"].min(),
            single["person_high_constant_usd"].max(),
            "smallest and largest cost per person in single cases",
        ),
        "part_withheld": (lost.low / 100, lost.high / 100, "Wilson interval of the warned that were not cleared"),
    }
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high", "evidence"])
    found.insert(2, "shape", "log-uniform")
    return found


def _one(rows: pd.DataFrame, value: str = "value", **conditions: str) -> float:
    """The first number of the rows that meet all `conditions`."""
    for column, wanted in conditions.items():
        rows = rows[rows[column].eq(wanted)]
    return float(rows[value].iloc[0])


def checked(inputs: pd.DataFrame) -> pd.DataFrame:
    """`inputs` if every range is one.

    Raises
    ------
    ValueError
        If a range is empty, a shape unknown, or a log-uniform range does not lie above zero.
    """
    for name, row in inputs.iterrows():
        low, high, shape = row["low"], row["high"], row["shape"]
        if shape not in ("log-uniform", "uniform", "fixed"):
            raise ValueError(f"{name}: unknown shape {shape!r}")
        if shape != "fixed" and not low < high:
            raise ValueError(f"{name}: a range runs from low to high, not from {low} to {high}")
        if shape == "log-uniform" and low <= 0:
            raise ValueError(f"{name}: a log-uniform range lies above zero, {low} does not")
    return inputs


def _values(inputs: pd.DataFrame, quantiles: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The value of every input at the given quantiles of its prior; a fixed input needs none."""
    found = {}
    for name, row in inputs.iterrows():
        if row["shape"] == "fixed":
            found[name] = np.asarray(row["low"], dtype=float)
        elif row["shape"] == "uniform":
            found[name] = row["low"] + (row["high"] - row["low"]) * quantiles[name]
        else:
            found[name] = row["low"] * (row["high"] / row["low"]) ** quantiles[name]
    return found


def per_thousand(values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Expected liability in dollars per 1,000 detainers held.

    A hold is part of a class that is paid with chance ``class_chance``; then a part of the held is paid, and the
    suit costs a multiple of what they get. Otherwise a single claim is paid at ``single_rate``.
    """
    in_class = values["class_part_paid"] * values["class_payment_usd"] * values["class_cost_factor"]
    alone = values["single_rate"] * values["single_payment_usd"]
    cost: np.ndarray = values["class_chance"] * in_class + (1 - values["class_chance"]) * alone
    return 1000 * cost


def outcomes(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Liability per 1,000 holds and a year, and the funding that a county can expect to lose a year; dollars."""
    each = per_thousand(values)
    return {
        "liability_per_1000_usd": each,
        "liability_a_year_usd": each * values["holds_a_year"] / 1000,
        "funding_a_year_usd": values["funding_exposed_usd"] * values["part_withheld"],
    }


def simulate(inputs: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """Monte Carlo draws of the model.

    Parameters
    ----------
    inputs : pandas.DataFrame
        `priors`, with the rows ``holds_a_year`` and ``funding_exposed_usd`` added.
    draws : int
        How many.
    seed : int
        Of the random generator.

    Returns
    -------
    pandas.DataFrame
        One row per draw, with the columns of `outcomes`.

    Raises
    ------
    ValueError
        If a range is none (see `checked`).
    """
    quantiles = np.random.default_rng(seed).random((len(inputs), draws))
    values = _values(checked(inputs), dict(zip(inputs.index, quantiles, strict=True)))
    return pd.DataFrame({name: np.broadcast_to(found, draws) for name, found in outcomes(values).items()})


def summary(draws: pd.DataFrame) -> pd.DataFrame:
    """Median, mean and middle 90 percent of every column.

    Returns
    -------
    pandas.DataFrame
        Indexed by column: ``low``, ``median``, ``high`` (5th, 50th, 95th percentile), ``mean``; in dollars.
    """
    table = draws.quantile([0.05, 0.5, 0.95]).T.set_axis(["low", "median", "high"], axis=1)
    return table.assign(mean=draws.mean())


def sobol(inputs: pd.DataFrame, power: int, seed: int) -> pd.DataFrame:
    """Which inputs the answer hangs on: Sobol indices of the logarithm of liability over funding lost.

    The first-order index is the part of the variance that goes if the input were known; the total index adds its
    part in interactions.

    Parameters
    ----------
    inputs : pandas.DataFrame
        As for `simulate`.
    power : int
        2 to this power base points; the model runs (inputs + 2) times as often.
    seed : int
        Of the scrambled Sobol sequence.

    Returns
    -------
    pandas.DataFrame
        Indexed by input that is not fixed, the strongest first: ``first_order``, ``total``.
    """
    names = list(inputs.index[checked(inputs)["shape"].ne("fixed")])

    def answer(points: np.ndarray) -> np.ndarray:
        found = outcomes(_values(inputs, dict(zip(names, points, strict=True))))
        ratio: np.ndarray = np.log10(found["liability_a_year_usd"] / found["funding_a_year_usd"])
        return ratio[np.newaxis]

    uniform = [stats.uniform()] * len(names)
    found = stats.sobol_indices(func=answer, n=2**power, dists=uniform, rng=np.random.default_rng(seed))
    table = pd.DataFrame({"first_order": found.first_order, "total": found.total_order}, index=names)
    return table.sort_values("total", ascending=False, kind="stable")


def if_typical(inputs: pd.DataFrame) -> pd.DataFrame:
    """`inputs` with the bias of the sample assumed away: every hold is paid as the published class suits were."""
    return inputs.assign(
        low=inputs["low"].mask(inputs.index.isin(["class_chance", "class_part_paid"]), 1.0),
        shape=inputs["shape"].mask(inputs.index.isin(["class_chance", "class_part_paid"]), "fixed"),
    )


def if_all_published(inputs: pd.DataFrame) -> pd.DataFrame:
    """`inputs` if the published class suits and single cases were all there are."""
    return inputs.assign(shape=inputs["shape"].mask(inputs.index.isin(["class_chance", "single_rate"]), "fixed"))
