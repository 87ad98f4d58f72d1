"""Local limits on detainer holds, linked to the records month by month, and how often jails with one declined.

A date is an interval of days, because many sources know the month only or a day by which the limit existed. In a
month a limit is in force (``"yes"``), is not (``"no"``), or the dates do not say (``"uncertain"``). The model compares
places and months; nothing here shows what a policy caused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

# No source dates a limit earlier; what was in force "by" a day may have begun at any time since.
EARLIEST = pd.Timestamp("2000-01-01")
LAST_DAY = {"day": pd.offsets.Day(0), "month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}
PLACE = ["facility", "city", "state"]
LOCAL = ("county jail", "city police or city jail")


# Dates --------------------------------------------------------------------------------------------------


def dated(policies: pd.DataFrame) -> pd.DataFrame:
    """`policies` with the first and the last day on which the change can have come: ``earliest``, ``latest``.

    A day is itself, a month or a year all its days. A limit that a list shows by a day (``is_upper_bound``) may be
    older by any time. Where a list has no June (``june_or_july_2014``), July 2014 may mean June.

    Parameters
    ----------
    policies : pandas.DataFrame
        Rows of ``policy_dates``.
    """
    latest = [day + LAST_DAY[exact] for day, exact in zip(policies["date"], policies["date_precision"], strict=True)]
    june = policies["june_or_july_2014"].eq("yes")
    earliest = policies["date"].mask(june, pd.Timestamp("2014-06-01")).mask(policies["is_upper_bound"].eq("yes"))
    return policies.assign(earliest=earliest.fillna(EARLIEST), latest=pd.DatetimeIndex(latest))


def events(
    policies: pd.DataFrame, links: pd.DataFrame, counties: pd.DataFrame, *, partial: bool = False
) -> pd.DataFrame:
    """Every change that binds the jails of a county or of a city, one row per place bound.

    A county's row binds its county. Rows of states and cities bind what ``data/hand/policy_links.csv`` says.

    Parameters
    ----------
    policies : pandas.DataFrame
        Rows of ``policy_dates``.
    links : pandas.DataFrame
        ``jurisdiction``, ``state``, ``binds``, ``county_fips``, ``not_before``.
    counties : pandas.DataFrame
        ``county_fips`` and ``state``: the counties that a state's rule binds.
    partial : bool
        Whether state rules that limit holds only in part count as limits.

    Returns
    -------
    pandas.DataFrame
        ``unit`` (county FIPS, or state and city as ``"WA/KENT CITY"``), ``change``, ``criteria``, ``earliest``,
        ``latest``, ``is_upper_bound`` and ``source_row``.
    """
    rows = dated(policies).drop(columns="county_fips")
    own = rows.assign(county_fips=policies["county_fips"])
    own = own[own["level"].eq("county")]
    moved = links[links["not_before"].notna()].set_index("county_fips")["not_before"]
    held = own["county_fips"].map(moved)
    own = own[~(own["change"].eq("limits") & own["date"].lt(held))].assign(unit=lambda t: t["county_fips"])
    linked = rows.merge(links[links["level"].ne("county")], on=["jurisdiction", "state", "level"])
    one = linked[linked["binds"].eq("county jails")].assign(unit=lambda t: t["county_fips"])
    wide = ["county jails of the state", *(["county jails of the state, in part"] if partial else [])]
    every = linked[linked["binds"].isin(wide)].drop(columns="county_fips")
    every = every.merge(counties[["county_fips", "state"]].drop_duplicates(), on="state")
    city = linked[linked["binds"].eq("city jails")]
    city = city.assign(unit=city["state"] + "/" + city["jurisdiction"].str.upper().str.removesuffix(" CITY"))
    columns = ["unit", "change", "criteria", "earliest", "latest", "is_upper_bound", "source_row"]
    return pd.concat([own, one, every.assign(unit=lambda t: t["county_fips"]), city])[columns].reset_index(drop=True)


def spells(changes: pd.DataFrame) -> pd.DataFrame:
    """When limits began and ended, one row per unit and spell, each end an interval of days.

    The start is the first dated limit since the last restoration; sources that overlap it narrow it to the days
    that all of them allow. A list that shows the limit by an earlier day moves the last possible day, and, if it
    precedes every dated limit, leaves the start open. The end is the first restoration after the start.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``start_earliest``, ``start_latest``, ``end_earliest``, ``end_latest`` (the last two empty while
        it lasts) and ``criteria`` of the row that gives the start.
    """
    found = []
    for unit, rows in changes.groupby("unit", sort=True):
        after = EARLIEST - pd.Timedelta(days=1)
        while True:
            limits = rows[rows["change"].eq("limits") & rows["latest"].gt(after)]
            if limits.empty:
                break
            start, end, criteria = _start(limits, after)
            ends = rows[rows["change"].eq("restores") & rows["latest"].ge(end)].sort_values(["latest", "earliest"])
            close = ends.iloc[0][["earliest", "latest"]].tolist() if len(ends) else [pd.NaT, pd.NaT]
            found.append((unit, start, end, *close, criteria))
            if ends.empty:
                break
            after = close[1]
    columns = ["unit", "start_earliest", "start_latest", "end_earliest", "end_latest", "criteria"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:5], "datetime64[s]"))


def _start(limits: pd.DataFrame, after: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp, str]:
    bounds = limits.loc[limits["is_upper_bound"].eq("yes"), "latest"]
    exact = limits[limits["is_upper_bound"].eq("no")].sort_values(["latest", "earliest"])
    opening = max(EARLIEST, after + pd.Timedelta(days=1))
    if exact.empty:
        return opening, bounds.min(), limits.sort_values("latest")["criteria"].iloc[0]
    start, end = exact.iloc[0][["earliest", "latest"]]
    for row in exact.itertuples():
        if row.earliest <= end and row.latest >= start:
            start, end = max(start, row.earliest), min(end, row.latest)
    if len(bounds) and bounds.min() < end:
        end = bounds.min()
        start = start if start <= end else opening
    return max(start, opening), end, exact["criteria"].iloc[0]


def unit_of(table: pd.DataFrame, periods: pd.DataFrame) -> pd.Series:
    """Whose limit binds each place: its county's, or its city's where a city jail's city has a limit of its own."""
    city = table["state"].astype("str") + "/" + table["city"].astype("str").str.upper()
    own = table["facility_type"].eq("city police or city jail") & city.isin(set(periods["unit"]))
    return table["county_fips"].astype("object").mask(own, city)


def in_force(units: pd.Series, months: pd.Series, periods: pd.DataFrame) -> pd.Series:
    """Whether a limit was in force all month: ``"yes"``, ``"no"`` or ``"uncertain"``.

    The month of the change itself is uncertain, since only some of its days lie after it.

    Parameters
    ----------
    units, months : pandas.Series
        The unit, and the month as ``YYYY-MM``, of each row.
    periods : pandas.DataFrame
        From `spells`.
    """
    keys = pd.DataFrame({"unit": units.astype("object"), "month": months})
    pairs = keys.dropna().drop_duplicates().merge(periods, on="unit")
    first = pd.to_datetime(pairs["month"] + "-01")
    last = first + pd.offsets.MonthEnd(0)
    sure = pairs["start_latest"].le(first) & (pairs["end_earliest"].isna() | pairs["end_earliest"].gt(last))
    maybe = pairs["start_earliest"].le(last) & (pairs["end_latest"].isna() | pairs["end_latest"].ge(first))
    level = pairs.assign(level=sure.astype(int) + maybe.astype(int)).groupby(["unit", "month"])["level"].max()
    joined = keys.join(level, on=["unit", "month"])["level"].fillna(0).astype(int)
    return joined.map({0: "no", 1: "uncertain", 2: "yes"})


def link(table: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Records by month, place and form with ``unit``, ``limit`` (in force that month), ``group`` and ``criteria``.

    The group is ``"limit in force"``, ``"uncertain"``, ``"limit later"`` or ``"none found"``; none found is not the
    same as none.
    """
    units = unit_of(table, periods)
    limit = in_force(units, table["month"], periods)
    start = periods.groupby("unit")["start_latest"].max()
    later = units.map(start).gt(pd.to_datetime(table["month"] + "-01") + pd.offsets.MonthEnd(0))
    group = limit.map({"yes": "limit in force", "uncertain": "uncertain"}).fillna("none found")
    criteria = periods.groupby("unit")["criteria"].first()
    return table.assign(
        unit=units,
        limit=limit,
        group=group.mask(limit.eq("no") & later, "limit later"),
        criteria=units.map(criteria),
    )


def coverage(linked: pd.DataFrame) -> pd.DataFrame:
    """How the records link to limits: every record in exactly one row, the doubtful kinds apart."""
    kind, found = linked["facility_type"], linked["county_fips"].notna()
    limited = linked["limit"].ne("no")
    link = pd.Series("county jail, no limit found", index=linked.index)
    link = link.mask(kind.eq("county jail") & limited, "county jail, limit in force or uncertain")
    link = link.mask(kind.eq("city police or city jail"), "city jail, no limit found")
    link = link.mask(
        kind.eq("city police or city jail") & limited, "ambiguous: city jail where a limit binds the county"
    )
    cities = linked["unit"].astype("str").str.contains("/")
    link = link.mask(kind.eq("city police or city jail") & limited & cities, "city jail, the city's own limit")
    link = link.mask(~kind.isin(LOCAL), "not a local jail: no local limit binds it")
    link = link.mask(kind.eq("unclassified"), "ambiguous: kind of facility unknown")
    link = link.mask(~found, "no county: cannot be linked")
    sums = linked.groupby(link)[["detainers", "no_recorded_outcome", "declined"]].sum()
    places = linked.drop_duplicates(PLACE).groupby(link)[["facility"]].size().rename("places")
    return (
        sums.join(places).rename_axis("link").assign(percent_of_all=sums["detainers"] / sums["detainers"].sum() * 100)
    )


def shares(table: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Detainers, recorded outcomes and declines by group, with declines as a share of all and of recorded."""
    sums = table.groupby(list(by), sort=True)[["detainers", "no_recorded_outcome", "declined"]].sum().reset_index()
    recorded = sums["detainers"] - sums["no_recorded_outcome"]
    return sums.assign(
        recorded=recorded,
        percent_of_all=sums["declined"] / sums["detainers"] * 100,
        percent_of_recorded=sums["declined"] / recorded.where(recorded > 0) * 100,
    )


# Model --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Specification:
    """One way to ask the question; the defaults are the main estimate, fixed before the model was first run.

    Parameters
    ----------
    denominator : str
        ``"all"`` detainers, or those with a ``"recorded"`` outcome.
    uncertain : str
        What to do with months in which a limit may or may not be in force: ``"left out"``, ``"in force"``,
        ``"not in force"``.
    form : str
        ``"effects"`` of the form type, ``"I-247 only"`` or ``"ignored"``.
    subset : str
        ``"county jails"``, ``"local jails"`` (with city jails) or ``"all located"`` (with effects of the kind).
    area : str
        ``"state"`` effects or ``"none"``.
    limits : str
        ``"any"`` limit, or only ``"strict"`` ones (judicial warrant, or none honoured).
    cluster : str
        Errors clustered by ``"county"`` or by ``"facility"``.
    estimator : str
        ``"GLM"`` or ``"GEE"`` (exchangeable working correlation within the cluster).
    without : str
        Postal code of a state to leave out; none by default.
    weight : str
        What weighs alike: ``"detainers"``, or ``"counties"``, each by its share of its county's detainers.
    """

    denominator: str = "all"
    uncertain: str = "left out"
    form: str = "effects"
    subset: str = "county jails"
    area: str = "state"
    limits: str = "any"
    cluster: str = "county"
    estimator: str = "GLM"
    without: str = ""
    weight: str = "detainers"


MAIN = Specification()
ALTERNATIVES = {
    "main estimate": MAIN,
    "recorded outcomes only": replace(MAIN, denominator="recorded"),
    "uncertain months count as in force": replace(MAIN, uncertain="in force"),
    "uncertain months count as not in force": replace(MAIN, uncertain="not in force"),
    "form I-247 only": replace(MAIN, form="I-247 only"),
    "form ignored": replace(MAIN, form="ignored"),
    "strict limits only": replace(MAIN, limits="strict"),
    "city jails too": replace(MAIN, subset="local jails"),
    "all located facilities": replace(MAIN, subset="all located"),
    "clusters are facilities": replace(MAIN, cluster="facility"),
    "GEE by county": replace(MAIN, estimator="GEE"),
    "recorded, GEE by facility": replace(MAIN, denominator="recorded", estimator="GEE", cluster="facility"),
    "no state effects": replace(MAIN, area="none"),
    "recorded, no state effects": replace(MAIN, denominator="recorded", area="none"),
    "recorded, city jails too": replace(MAIN, denominator="recorded", subset="local jails"),
}


# Added after the main estimate was seen, to find out what it hangs on; the curve marks them.
AFTERWARDS = {
    "every county weighs alike": replace(MAIN, weight="counties"),
    "California left out": replace(MAIN, without="CA"),
    "recorded, California left out": replace(MAIN, denominator="recorded", without="CA"),
}


@dataclass(frozen=True)
class Estimate:
    """A fitted model: coefficients, their cluster-robust covariance, and what it was fitted to.

    Parameters
    ----------
    coefficients : pandas.Series
        Log odds ratios, by name of the column; ``"limit"`` is the contrast of interest.
    covariance : numpy.ndarray
        Cluster-robust covariance of the coefficients.
    design, rows : pandas.DataFrame
        The design matrix, and the rows it stands for.
    clusters : int
        Number of clusters; intervals use Student's t with one degree of freedom fewer.
    """

    coefficients: pd.Series
    covariance: np.ndarray
    design: pd.DataFrame
    rows: pd.DataFrame
    clusters: int


def placed(outcomes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """`outcomes` by month, place and form, with each place's ``county_fips`` and ``facility_type`` from `places`."""
    known = places[[*PLACE, "county_fips", "facility_type"]]
    return outcomes.merge(known, on=PLACE, how="left", validate="many_to_one")


def by_year(declines: pd.DataFrame, periods: pd.DataFrame, began: int = 2014) -> pd.DataFrame:
    """Declines of county jails by year, for counties whose limit began in one year and those without any found.

    The published aggregate has a row for a jail and year only if the jail declined, so a missing row means no
    decline: declines are complete. Other outcomes are known for published rows only, so the share is not.

    Parameters
    ----------
    declines : pandas.DataFrame
        Rows of ``declines_by_facility``.
    periods : pandas.DataFrame
        From `spells`.
    began : int
        Year in which the limit began, both ends of its interval.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``year``, ``jails_published``, ``declined``, ``other_outcomes`` and
        ``published_percent``: declined of recorded outcomes on the published rows that have both counts.
    """
    first = periods.drop_duplicates("unit").set_index("unit")
    same = first[first["start_earliest"].dt.year.eq(began) & first["start_latest"].dt.year.eq(began)].index
    jails = declines[declines["facility_type"].eq("county jail") & declines["county_fips"].notna()]
    group = pd.Series(pd.NA, index=jails.index, dtype="object")
    group = group.mask(jails["county_fips"].isin(same), f"limit began in {began}")
    group = group.mask(~jails["county_fips"].isin(first.index), "none found")
    rows = jails.assign(group=group).dropna(subset="group")
    both = rows["other_outcomes"].notna()
    rows = rows.assign(both_declined=rows["declined"].where(both, 0), other_outcomes=rows["other_outcomes"].fillna(0))
    sums = rows.groupby(["group", "year"]).agg(
        jails_published=("facility", "size"),
        declined=("declined", "sum"),
        other_outcomes=("other_outcomes", "sum"),
        both_declined=("both_declined", "sum"),
    )
    total = sums["both_declined"] + sums["other_outcomes"]
    sums["published_percent"] = (sums["both_declined"] / total * 100).astype(float)
    return sums.drop(columns="both_declined").reset_index()


def prepare(linked: pd.DataFrame, specification: Specification = MAIN) -> pd.DataFrame:
    """The rows that a specification uses: ``declined`` of ``trials``, ``limit`` (0 or 1), effects and ``cluster``.

    Levels of an effect without a decline, or with nothing else, predict perfectly and have no finite coefficient;
    they carry no information on the contrast and are left out (see `separated`).
    """
    rows = _chosen(linked, specification)
    while True:
        bad = separated(rows, effects(specification))
        if bad.empty:
            return rows.reset_index(drop=True)
        for effect, level in bad[["effect", "level"]].itertuples(index=False):
            rows = rows[rows[effect].ne(level)]


def _chosen(linked: pd.DataFrame, specification: Specification) -> pd.DataFrame:
    kinds = {"county jails": LOCAL[:1], "local jails": LOCAL}.get(specification.subset)
    rows = linked[linked["county_fips"].notna() & linked["state"].ne(specification.without)]
    rows = rows if kinds is None else rows[rows["facility_type"].isin(kinds)]
    if specification.form == "I-247 only":
        rows = rows[rows["form"].eq("I-247")]
    strict = rows["criteria"].isin(["judicial warrant", "none honored"])
    limit = rows["limit"] if specification.limits == "any" else rows["limit"].where(strict, "no")
    rows = rows.assign(
        limit=limit.replace(
            "uncertain", {"in force": "yes", "not in force": "no"}.get(specification.uncertain, "uncertain")
        )
    )
    rows = rows[rows["limit"].ne("uncertain")]
    missing = rows["no_recorded_outcome"] if specification.denominator == "recorded" else 0
    rows = rows.assign(
        trials=rows["detainers"] - missing,
        limit=rows["limit"].eq("yes").astype(float),
        county=rows["county_fips"],
        place=rows["facility"].astype("str") + "|" + rows["city"].astype("str") + "|" + rows["state"].astype("str"),
    )
    rows["cluster"] = rows["county"] if specification.cluster == "county" else rows["place"]
    return rows[rows["trials"].gt(0)]


def effects(specification: Specification) -> list[str]:
    """Columns whose levels get an effect of their own."""
    return [
        "month",
        *(["form"] if specification.form == "effects" else []),
        *([specification.area] if specification.area != "none" else []),
        *(["facility_type"] if specification.subset != "county jails" else []),
    ]


def separated(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Levels in which no detainer or every detainer was declined: ``effect``, ``level``, ``trials``, ``declined``."""
    found = []
    for column in columns:
        sums = rows.groupby(column)[["trials", "declined"]].sum()
        bad = sums[sums["declined"].eq(0) | sums["declined"].eq(sums["trials"])]
        found += [
            (column, level, row.trials, row.declined) for level, row in zip(bad.index, bad.itertuples(), strict=True)
        ]
    return pd.DataFrame(found, columns=["effect", "level", "trials", "declined"])


def design(rows: pd.DataFrame, specification: Specification = MAIN) -> pd.DataFrame:
    """Design matrix: constant, limit, and indicators of every level but the largest of each effect."""
    parts = [pd.DataFrame({"constant": 1.0, "limit": rows["limit"]}, index=rows.index)]
    for effect in effects(specification):
        size = rows.groupby(effect)["trials"].sum().sort_values(ascending=False, kind="stable")
        wide = pd.get_dummies(rows[effect], prefix=effect, prefix_sep=" ", dtype=float)
        parts.append(wide.drop(columns=f"{effect} {size.index[0]}"))
    return pd.concat(parts, axis=1)


def estimate(linked: pd.DataFrame, specification: Specification = MAIN) -> Estimate:
    """Binomial regression (logit link) of declines on a limit in force, with cluster-robust errors.

    The generalized linear model weighs every detainer alike and corrects the covariance for resemblance within
    clusters (Liang and Zeger 1986, Biometrika 73, 13-22; ``statsmodels`` GLM with ``cov_type="cluster"``). GEE also
    weighs by an exchangeable correlation of the detainers of a cluster, with the same robust covariance.

    Raises
    ------
    ValueError
        If limits do not vary among the rows, fewer than two clusters are left, or the fit does not converge.
    """
    rows = prepare(linked, specification)
    if rows["limit"].nunique() < 2 or rows["cluster"].nunique() < 2:
        raise ValueError("the contrast needs rows with and without a limit, in two clusters or more")
    matrix = design(rows, specification)
    groups = rows["cluster"].astype("category").cat.codes.to_numpy()
    total = rows.groupby("county")["trials"].transform("sum") if specification.weight == "counties" else 1
    counts = np.column_stack([rows["declined"] / total, (rows["trials"] - rows["declined"]) / total])
    fit = sm.GLM(counts, matrix, family=sm.families.Binomial()).fit(cov_type="cluster", cov_kwds={"groups": groups})
    if specification.estimator == "GEE":
        fit = _gee(rows, matrix, fit.params)
    if not fit.converged:
        raise ValueError("the fit did not converge; a level may predict nearly perfectly")
    coefficients = pd.Series(np.asarray(fit.params), index=matrix.columns)
    return Estimate(coefficients, np.asarray(fit.cov_params()), matrix, rows, rows["cluster"].nunique())


def _gee(rows: pd.DataFrame, matrix: pd.DataFrame, start: pd.Series) -> Any:
    """GEE on the share of each row, weighted by its detainers, so that correlation is that of a cluster's rows."""
    order = np.argsort(rows["cluster"].to_numpy(), kind="stable")
    model = sm.GEE(
        (rows["declined"] / rows["trials"]).to_numpy(float)[order],
        matrix.to_numpy()[order],
        groups=rows["cluster"].to_numpy()[order],
        weights=rows["trials"].to_numpy(float)[order],
        family=sm.families.Binomial(),
        cov_struct=sm.cov_struct.Exchangeable(),
    )
    return model.fit(start_params=start.to_numpy())


def margin(fitted: Estimate) -> pd.Series:
    """The contrast as an odds ratio and as an average marginal effect, each with its 95 percent interval.

    The average marginal effect is the mean over all detainers of the predicted share with a limit minus the
    predicted share without, everything else as recorded; its error comes from the delta method.

    Returns
    -------
    pandas.Series
        ``odds_ratio``, ``odds_low``, ``odds_high``; ``without_percent``, ``with_percent``; ``points``,
        ``points_low``, ``points_high`` (percentage points); ``p_value``; ``detainers``, ``declined``, ``clusters``,
        ``clusters_with_limit``.
    """
    rows, names = fitted.rows, list(fitted.coefficients.index)
    beta, weight = fitted.coefficients.to_numpy(), rows["trials"].to_numpy(float)
    at = names.index("limit")
    level, slope = {}, {}
    for value in (0.0, 1.0):
        matrix = fitted.design.assign(limit=value).to_numpy()
        share = 1 / (1 + np.exp(-(matrix @ beta)))
        level[value] = np.average(share, weights=weight)
        slope[value] = np.average(matrix * (share * (1 - share))[:, None], weights=weight, axis=0)
    gradient = slope[1.0] - slope[0.0]
    quantile = stats.t.ppf(0.975, fitted.clusters - 1)
    effect, error = level[1.0] - level[0.0], float(np.sqrt(gradient @ fitted.covariance @ gradient))
    log_odds, log_error = beta[at], float(np.sqrt(fitted.covariance[at, at]))
    return pd.Series(
        {
            "odds_ratio": np.exp(log_odds),
            "odds_low": np.exp(log_odds - quantile * log_error),
            "odds_high": np.exp(log_odds + quantile * log_error),
            "without_percent": 100 * level[0.0],
            "with_percent": 100 * level[1.0],
            "points": 100 * effect,
            "points_low": 100 * (effect - quantile * error),
            "points_high": 100 * (effect + quantile * error),
            "p_value": 2 * stats.t.sf(abs(log_odds / log_error), fitted.clusters - 1),
            "detainers": rows["trials"].sum(),
            "declined": rows["declined"].sum(),
            "clusters": fitted.clusters,
            "clusters_with_limit": rows.loc[rows["limit"].eq(1), "cluster"].nunique(),
        }
    )


def curve(tables: dict[bool, pd.DataFrame]) -> pd.DataFrame:
    """Every specification's contrast, from the smallest to the largest.

    Parameters
    ----------
    tables : dict
        Linked records by whether state laws that limit in part count as limits.

    Returns
    -------
    pandas.DataFrame
        ``specification``, ``planned`` (before the main estimate was seen), `margin`.
    """
    runs = [(name, True, tables[False], chosen) for name, chosen in ALTERNATIVES.items()]
    runs.append(("state laws that limit in part count", True, tables[True], MAIN))
    runs += [(name, False, tables[False], chosen) for name, chosen in AFTERWARDS.items()]
    rows = [
        {"specification": name, "planned": planned, **margin(estimate(table, chosen))}
        for name, planned, table, chosen in runs
    ]
    return pd.DataFrame(rows).sort_values("odds_ratio", ignore_index=True)


def predictions(fitted: Estimate) -> pd.Series:
    """Fitted share declined of every row."""
    shares_fitted = 1 / (1 + np.exp(-(fitted.design @ fitted.coefficients)))
    return pd.Series(shares_fitted, name="fitted")


def calibration(fitted: Estimate, groups: int = 10) -> pd.DataFrame:
    """Fitted against recorded shares in `groups` equal parts of the detainers, ordered by the fitted share.

    Returns
    -------
    pandas.DataFrame
        ``part``, ``detainers``, ``fitted_percent``, ``recorded_percent``.
    """
    rows = fitted.rows.assign(fitted=predictions(fitted)).sort_values("fitted", kind="stable")
    middle = rows["trials"].cumsum() - rows["trials"] / 2
    rows["part"] = np.ceil(middle / rows["trials"].sum() * groups).astype(int)
    sums = (
        rows.assign(expected=rows["fitted"] * rows["trials"]).groupby("part")[["trials", "expected", "declined"]].sum()
    )
    return pd.DataFrame(
        {
            "detainers": sums["trials"],
            "fitted_percent": sums["expected"] / sums["trials"] * 100,
            "recorded_percent": sums["declined"] / sums["trials"] * 100,
        }
    ).reset_index()


def influence(linked: pd.DataFrame, jails: int = 10, specification: Specification = MAIN) -> pd.DataFrame:
    """The contrast with each of the largest jails left out: `margin`, with ``left_out``, ordered by size."""
    rows = prepare(linked, specification)
    size = rows.groupby(PLACE)["trials"].sum().nlargest(jails)
    found = []
    for facility, city, state in size.index:
        rest = linked[~(linked[PLACE] == [facility, city, state]).all(axis=1)]
        found.append({"left_out": f"{facility}, {state}", **margin(estimate(rest, specification))})
    return pd.DataFrame(found)


def score_bootstrap(linked: pd.DataFrame, *, draws: int = 1999, seed: int = 20_260_105) -> pd.Series:
    """Wild cluster score bootstrap of no association in the main estimate, for few or uneven clusters.

    The model is fitted without the limit; the scores of whole clusters get random signs, and the studentized
    score is compared with its distribution under those signs (Kline and Santos 2012, Journal of Econometric
    Methods 1, 23-41).

    Returns
    -------
    pandas.Series
        ``statistic``, ``p_value``, ``clusters``.
    """
    rows = prepare(linked, MAIN)
    matrix = design(rows, MAIN)
    rest = matrix.drop(columns="limit")
    counts = np.column_stack([rows["declined"], rows["trials"] - rows["declined"]])
    share = np.asarray(sm.GLM(counts, rest, family=sm.families.Binomial()).fit().fittedvalues)
    weight = rows["trials"].to_numpy() * share * (1 - share)
    # The part of the limit that the other columns do not predict, weighted as the model weighs.
    slope = sm.WLS(matrix["limit"], rest, weights=weight).fit()
    part = slope.resid.to_numpy() * (rows["declined"] - rows["trials"] * share).to_numpy()
    scores = pd.Series(part).groupby(rows["cluster"].to_numpy()).sum().to_numpy()
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(draws, len(scores)))
    found = _studentized(scores[None, :])[0]
    drawn = _studentized(signs * scores)
    p_value = (1 + (np.abs(drawn) >= abs(found) - 1e-12).sum()) / (draws + 1)
    return pd.Series({"statistic": found, "p_value": p_value, "clusters": len(scores)})


def _studentized(scores: np.ndarray) -> np.ndarray:
    sums: np.ndarray = scores.sum(axis=1) / np.sqrt((scores**2).sum(axis=1))
    return sums
