"""One county in every table: its records, the dates of its rules, the weekly reports on it and its federal money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from detainer_analysis.errors import UnknownNameError
from detainer_analysis.measures import census, missing

TABLES = (
    "census_units",
    "county_population",
    "ddor_corrections",
    "ddor_declines",
    "ddor_policies",
    "ddor_section1",
    "declines_by_facility",
    "outcomes_by_place_fy2015",
    "places_fy2015",
    "policy_dates",
    "states",
)

PLACE = ["facility", "city", "state"]
ADDRESS = ["source_id", "table", "source_row"]

CANNOT_SAY = {
    "by_year": "How many detainers a place received: ICE's aggregate counts a place and year only if it has a decline. "
    "2007 begins in October and 2015 ends on 19 July. A zero means that no decline was recorded at a place that we "
    "could put into this county. Other outcomes have no number where the year has no decline, or where a place that "
    "declined has none on record or shares its name with a place elsewhere.",
    "by_month": "What became of detainers without a recorded outcome: the share declined lies anywhere between the "
    "least and the most. Records without a place, or at a place we could not put into a county, are not here.",
    "by_kind": "Whether a local rule bound the place: federal prisons, US marshals and ICE's own rooms are no local "
    "jails.",
    "policy_dates": "Every rule: a date is here only where a source gave one, and no row does not mean no rule. A rule "
    "of the state may not bind this county.",
    "weekly_reports": "What ICE published, in full: rows are what sources copied from three reports of early 2017, and "
    "some sources repeat one another. Local policies are found by the county's name in the row, which misses cities.",
    "federal_money": "How much of the state's aid began as federal money: direct money is the least, aid from all "
    "other governments the most. In these years the Census Bureau asks a sample, imputes some amounts and codes some "
    "passed-through money as direct.",
}


def names(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """The counties of 2017 as ``"Hennepin County, MN"``, indexed by their five-digit FIPS code."""
    states = tables["states"].set_index("state_fips")["state"]
    counties = tables["county_population"].set_index("county_fips")["county"]
    return counties + ", " + counties.index.str[:2].map(states)


def find(county: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """The FIPS code of a county given by its code or by its name, as in ``"Hennepin County, MN"``.

    Raises
    ------
    UnknownNameError
        If no county has the code or the name; the message says which names come near.
    """
    known = names(tables)
    if county in known.index:
        return county
    found = known.index[known.str.casefold().eq(county.strip().casefold())]
    if len(found) == 0:
        raise UnknownNameError("county", county, known if re.search(r"[^\W\d]", county) else known.index)
    return str(found[0])


def profile(county_fips: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Everything that the tables hold on one county.

    Parameters
    ----------
    county_fips : str
        Five digits.
    tables : mapping of str to pandas.DataFrame
        At least `TABLES`.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables below, without rows where the county has none, and ``cannot_say``: for each of them the number of
        its ``rows`` and what it leaves open (``cannot_say``), indexed by ``table``.

        - ``by_year``: ``year``, ``declined``, ``places`` (that declined) and ``other_outcomes`` (detainers at these
          places with another recorded outcome; missing where one of them has no number). Years without a decline are
          zeros if the county has any record.
        - ``by_month`` and ``by_kind`` (of facility): detainers of October 2014 to July 2015, ``detainers``,
          ``no_recorded_outcome``, ``declined``, and the share declined in percent: ``least_percent`` (no missing
          outcome was a decline), ``of_recorded_percent`` and ``most_percent`` (every one was). A month without a
          detainer has no share.
        - ``policy_dates``: rules of the county, of cities in it and of its state, the oldest first.
        - ``weekly_reports``: what ICE's weekly reports of 2017 and objections to them say: ``report``, ``says``,
          ``place``, ``number``, ``detail``.
        - ``federal_money``: one row a Census year, with the columns of `census.shares` but the code.

    Raises
    ------
    UnknownNameError
        If no county has the code, or the county has no row in any table; the message names counties that have.
    """
    known = names(tables)
    if county_fips not in known.index:
        raise UnknownNameError("county", county_fips, known.index)
    found = {
        name: table.drop(columns="county_fips").reset_index(drop=True)
        for name, table in profiles(known[[county_fips]], tables).items()
    }
    if all(table.empty for table in found.values()):
        near = known[known.index.isin(with_rows(tables))]
        raise UnknownNameError("county with a row in the tables", known[county_fips], near)
    rows = [(name, len(table), CANNOT_SAY[name]) for name, table in found.items()]
    return found | {"cannot_say": pd.DataFrame(rows, columns=["table", "rows", "cannot_say"]).set_index("table")}


def profiles(counties: pd.Series, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of `profile` for several counties at once, each row behind its ``county_fips``.

    Parameters
    ----------
    counties : pandas.Series of str
        Names by FIPS code, all of `names` or some.
    tables : mapping of str to pandas.DataFrame
        At least `TABLES`.
    """
    outcomes = _outcomes(counties.index, tables)
    return {
        "by_year": _by_year(_of(tables["declines_by_facility"], counties), tables, outcomes["county_fips"]),
        "by_month": _by_month(outcomes, tables["outcomes_by_place_fy2015"]["month"]),
        "by_kind": _counted(outcomes, "facility_type"),
        "policy_dates": _policy_dates(counties, tables),
        "weekly_reports": _weekly_reports(counties, tables),
        "federal_money": _federal_money(_of(tables["census_units"], counties)),
    }


def with_rows(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """FIPS codes that a row of a table names, the list of counties itself left out."""
    keyed = [table for name, table in tables.items() if "county_fips" in table and name != "county_population"]
    return {str(code) for table in keyed for code in table["county_fips"].dropna()}


def _of(table: pd.DataFrame, counties: pd.Series) -> pd.DataFrame:
    return table[table["county_fips"].isin(counties.index)]


def _outcomes(codes: pd.Index, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Counts of fiscal 2015 by month and place, of the places in the counties."""
    places = tables["places_fy2015"]
    inside = places.loc[places["county_fips"].isin(codes), [*PLACE, "facility_type", "county_fips"]]
    outcomes = tables["outcomes_by_place_fy2015"]
    near = outcomes[outcomes["facility"].isin(inside["facility"])]
    return near.merge(inside, on=PLACE, how="inner", validate="many_to_one")


def _counted(outcomes: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sums by county and one column with both extremes of the share declined."""
    shares = missing.bounds(outcomes.groupby(["county_fips", by], observed=True)[missing.COUNTS].sum())
    labels = {"none_declined": "least_percent", "as_recorded": "of_recorded_percent", "all_declined": "most_percent"}
    return shares.rename(columns=labels).reset_index()


def _by_month(outcomes: pd.DataFrame, months: pd.Series) -> pd.DataFrame:
    """Every month of the records, if a county has a record in one; a month without a detainer has no share."""
    table = _counted(outcomes, "month").set_index(["county_fips", "month"])
    table = _filled(table, table.index.unique("county_fips"), sorted(months.unique()))
    counts = table[missing.COUNTS].fillna(0).astype("int64")
    return table.assign(**counts).reset_index()


def _by_year(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], recorded: pd.Series) -> pd.DataFrame:
    """Every year of the records for counties with a record in any; without a decline in it a year is zero."""
    grouped = rows.groupby(["county_fips", "year"])
    table = pd.DataFrame(
        {
            "declined": grouped["declined"].sum(),
            "places": grouped.size(),
            "other_outcomes": grouped["other_outcomes"].sum(min_count=1),
        }
    )
    unknown = rows[rows["other_outcomes"].isna()].set_index(["county_fips", "year"]).index
    table["other_outcomes"] = table["other_outcomes"].mask(table.index.isin(unknown))
    known = tables["declines_by_facility"]["year"]
    years = range(known.min(), known.max() + 1) if len(known) else []
    table = _filled(table, pd.Index(sorted({*rows["county_fips"], *recorded})), years)
    table[["declined", "places"]] = table[["declined", "places"]].fillna(0)
    return table.astype({"declined": "int64", "places": "int64", "other_outcomes": "Int64"}).reset_index()


def _filled(table: pd.DataFrame, counties: pd.Index, steps: Iterable[object]) -> pd.DataFrame:
    """A row for every county and step of time."""
    return table.reindex(pd.MultiIndex.from_product([counties, steps], names=table.index.names))


def _policy_dates(counties: pd.Series, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    dates, states = tables["policy_dates"], tables["states"].set_index("state_fips")["state"]
    columns = ["jurisdiction", "level", "date", "date_precision", "change", "criteria", "is_upper_bound", *ADDRESS]
    of_state = dates.loc[dates["level"].eq("state"), ["state", *columns]]
    bound = pd.DataFrame({"county_fips": counties.index, "state": counties.index.str[:2].map(states)})
    rows = pd.concat([_of(dates, counties), bound.merge(of_state, on="state")])[["county_fips", *columns]]
    once = rows.drop_duplicates(["county_fips", "source_row"])  # a state that is a county, too
    return once.sort_values(["date", "source_row"], kind="stable", ignore_index=True)


def _weekly_reports(counties: pd.Series, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the four tables of the weekly reports in one form."""
    named = _named(tables["ddor_policies"], counties)
    parts = [
        _said(tables["ddor_section1"], counties, "detainers issued", "jurisdiction", "detainers_issued", "note"),
        _said(tables["ddor_declines"], counties, "detainers declined", "place", "declined", "later_status"),
        _said(tables["ddor_corrections"], counties, "correction or objection", "place", None, "objection"),
        _said(named.assign(report=named["listed_in"]), counties, "has a policy", "jurisdiction", None, "criteria"),
    ]
    return pd.concat(parts, ignore_index=True).sort_values("report", kind="stable", ignore_index=True)


def _named(policies: pd.DataFrame, counties: pd.Series) -> pd.DataFrame:
    """The policies whose jurisdiction is called like a county of its state, once for each such county."""
    split = counties.str.rsplit(", ", n=1, expand=True)
    known = pd.DataFrame({"county": split[0], "state": split[1]}).rename_axis("county_fips").reset_index()
    pairs = policies.merge(known, on="state")
    called = [
        re.search(rf"\b{re.escape(county)}\b", jurisdiction) is not None
        for county, jurisdiction in zip(pairs["county"], pairs["jurisdiction"], strict=True)
    ]
    return pairs[pd.Series(called, index=pairs.index, dtype=bool)]


def _said(
    table: pd.DataFrame, counties: pd.Series, says: str, place: str, number: str | None, detail: str
) -> pd.DataFrame:
    rows = _of(table, counties)
    numbers = rows[number] if number else pd.Series(pd.NA, index=rows.index)
    said = rows[["county_fips", "report"]].assign(says=says, place=rows[place], number=numbers.astype("Int64"))
    return said.join(rows[ADDRESS]).assign(detail=rows[detail])


def _federal_money(units: pd.DataFrame) -> pd.DataFrame:
    own = census.shares(units[units["kind"].ne("city")]).sort_values("fiscal_year", kind="stable", ignore_index=True)
    return own[["county_fips", *(column for column in own if column != "county_fips")]]
