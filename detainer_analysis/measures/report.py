"""The first weekly reports of declined detainers: places, totals and how the weeks compare."""

from __future__ import annotations

import math

import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats

from detainer_analysis.errors import require
from detainer_analysis.intervals import Interval, exactly

ADDS_UP = ("exact", "minimum", "derived")


def placed(declines: pd.DataFrame, report: str) -> pd.DataFrame:
    """Rows of ``ddor_declines`` for one report that add up without counting anybody twice.

    Component rows (part of another row), conflicting rows and state totals are left out.

    Raises
    ------
    UnknownNameError
        If no row is about the report.
    """
    require("report", report, declines["report"])
    return declines[declines["report"].eq(report) & declines["count_basis"].isin(ADDS_UP)]


def section1(table: pd.DataFrame, report: str) -> pd.DataFrame:
    """One row of ``ddor_section1`` per jurisdiction with a known number, in rank order.

    Raises
    ------
    UnknownNameError
        If no row is about the report.
    """
    require("report", report, table["report"])
    rows = table[table["report"].eq(report) & table["detainers_issued"].notna()]
    return rows.drop_duplicates(["jurisdiction", "state"]).sort_values("rank", kind="stable")


def with_corrections(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """`rows` of one report with ``withdrawn``: whether ICE later said that the entry was wrong.

    Only corrections by ICE itself count (kind ``"ICE correction"``), matched by county FIPS code.
    """
    wrong = corrections.loc[corrections["kind"].eq("ICE correction"), ["report", "county_fips"]]
    keys = set(wrong.itertuples(index=False, name=None))
    own = zip(rows["report"], rows["county_fips"], strict=True)
    return rows.assign(withdrawn=[key in keys for key in own])


def by_state(rows: pd.DataFrame, recorded: int) -> pd.DataFrame:
    """Declines by state, with Travis County on its own and the part of `recorded` that no row places.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `placed`.
    recorded : int
        Declines recorded in the report.

    Returns
    -------
    pandas.DataFrame
        ``group`` and ``declined``, largest first; the groups add up to `recorded`.
    """
    group = rows["state"].where(rows["place"].ne("Travis County"), "Travis County, TX")
    group = group.replace("TX", "rest of Texas")
    counts = rows.groupby(group)["declined"].sum().astype(int)
    counts["not placed"] = recorded - counts.sum()
    return counts.rename_axis("group").reset_index().sort_values("declined", ascending=False, kind="stable")


def weekly(totals: pd.DataFrame, declines: pd.DataFrame) -> pd.DataFrame:
    """Declines of the three reports, split into Travis County and everywhere else.

    Returns
    -------
    pandas.DataFrame
        One row per report: ``report``, ``issued``, ``declined``, ``travis``, ``elsewhere``; in detainers.
    """
    national = totals[totals["measure"].isin(["detainers_issued_nationally", "declined_detainers_recorded"])]
    # The report itself comes before accounts of it; "primary" sorts before "reported".
    first = national.sort_values("confidence", kind="stable").drop_duplicates(["report", "measure"])
    wide = first.pivot(index="report", columns="measure", values="value")
    travis = declines[declines["place"].eq("Travis County") & declines["count_basis"].eq("exact")]
    found = pd.DataFrame(
        {
            "issued": wide["detainers_issued_nationally"].astype(int),
            "declined": wide["declined_detainers_recorded"].astype(int),
            "travis": travis.set_index("report")["declined"].astype(int),
        }
    )
    return found.assign(elsewhere=found["declined"] - found["travis"]).reset_index()


def weekly_panel(weeks: pd.DataFrame) -> pd.DataFrame:
    """The table of `weekly` with one row per report and place: ``report``, ``place``, ``declined``."""
    split = weeks[["report", "travis", "elsewhere"]]
    return split.melt("report", var_name="place", value_name="declined")


def policy_day_models(panel: pd.DataFrame) -> pd.DataFrame:
    """Poisson regressions of weekly declines, without and with Travis County's policy day.

    Three models, fitted by maximum likelihood (``statsmodels`` GLM, log link): a rate for each place; the
    same times a factor for each report; a rate for each place and one indicator for Travis County in the
    first report.

    Returns
    -------
    pandas.DataFrame
        Indexed by model: ``parameters``, ``deviance``, ``degrees_of_freedom``, ``p_value`` (chi-square test of
        the deviance) and ``dispersion`` (Pearson chi-square over degrees of freedom, about 1 if Poisson).
    """
    data = panel.assign(policy_day=(panel["place"].eq("travis") & panel["report"].eq("week1")).astype(float))
    formulas = {
        "a rate for each place": "declined ~ place",
        "... times a factor for each report": "declined ~ place + report",
        "a rate for each place, and the policy day": "declined ~ place + policy_day",
    }
    rows = {}
    for name, formula in formulas.items():
        fit = smf.glm(formula, data, family=sm.families.Poisson()).fit()
        rows[name] = {
            "parameters": len(fit.params),
            "deviance": fit.deviance,
            "degrees_of_freedom": int(fit.df_resid),
            "p_value": stats.chi2.sf(fit.deviance, fit.df_resid),
            "dispersion": fit.pearson_chi2 / fit.df_resid,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def named_countries(breakdowns: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Countries that an account names with a number of people, with their region.

    Raises
    ------
    KeyError
        If a country has no region in `regions`.
    """
    rows = breakdowns[breakdowns["dimension"].eq("citizenship") & breakdowns["unit"].eq("persons")]
    region = regions.set_index("country")["region"]
    unknown = sorted(set(rows["category"]) - set(region.index))
    if unknown:
        raise KeyError(f"data/hand/country_regions.csv has no row for {', '.join(unknown)}")
    return rows.assign(region=rows["category"].map(region))


def share_of_listed(listed: pd.Series, rows: pd.DataFrame) -> tuple[Interval, str] | None:
    """The listed counties' part of a reader's detainers, without and with those that have no county.

    Parameters
    ----------
    listed : pandas.Series
        FIPS codes of the counties.
    rows : pandas.DataFrame
        ``scope``, ``county_fips``, ``least`` and ``most`` of the table ``recounted``.

    Returns
    -------
    tuple of Interval and str, or None
        The share in percent and a sentence; nothing where the counties or the total were not counted.
    """
    if (counted := _listed_counties(listed, rows)) is None:
        return None
    total, nowhere = counted["least"].sum(), rows[rows["scope"].eq("no county")]["least"].sum()
    every = rows[rows["scope"].eq("national")]["least"].iloc[0]
    words = f"{total:,} of {every:,} in your files; {nowhere:,} have no county."
    return Interval(total, min(total + nowhere, every)) / exactly(every) * 100, words


def rank_among_listed(listed: pd.Series, county_fips: str, rows: pd.DataFrame) -> tuple[Interval, str] | None:
    """The rank of a county among those listed, by the detainers in a reader's file (see `share_of_listed`)."""
    counted = _listed_counties(listed, rows)
    if counted is None or county_fips not in counted.index:
        return None
    own, others = counted.loc[county_fips], counted.drop(county_fips)
    best, worst = (others["least"] > own["most"]).sum(), (others["most"] > own["least"]).sum()
    return Interval(1 + best, 1 + worst), f"{own['least']:,} in your files; rank among the {len(counted)} listed."


def _listed_counties(listed: pd.Series, rows: pd.DataFrame) -> pd.DataFrame | None:
    """``least`` and ``most`` of each listed county; a county without a record has at most those without a county."""
    nowhere, every = rows[rows["scope"].eq("no county")], rows[rows["scope"].eq("national")]
    if listed.empty or nowhere.empty or every.empty or not every["least"].iloc[0]:
        return None
    found = rows[rows["scope"].eq("county")].set_index("county_fips")[["least", "most"]]
    none = {"least": 0, "most": nowhere["least"].iloc[0]}
    return found.reindex(listed.drop_duplicates()).fillna(none).astype(int)


def a_day_earlier(week: float, before: float) -> Interval:
    """A week's count, if it began and ended a day earlier.

    Parameters
    ----------
    week, before : float
        The counts of the week and of the one before.

    Returns
    -------
    Interval
        As long as no last day of a week has more than an average day.
    """
    return Interval(math.floor(week - week / 7), math.ceil(week + before / 7))
