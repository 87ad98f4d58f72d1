"""Aggregates that our code builds from records, without a person in them."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    FACILITY_TYPES,
    PLACE,
    balance,
    choice,
    common,
    count,
    day,
    instead,
    number,
    own,
    text,
    year,
)

TABLES: dict[str, DataFrameSchema] = {
    "outcomes_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by month, form and lift reason, from ICE's workbook",
        ["month", "form", "lift_reason"],
        {
            **common("month", "form", "lift_reason", "detainers"),
        },
        "ice-detainers-fy2015",
    ),
    "places_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by place, from ICE's workbook",
        ["facility", "city", "state"],
        {
            **PLACE,
            **common("detainers", "no_recorded_outcome", "declined"),
        },
        "ice-detainers-fy2015",
    ),
    "declines_fy2015": own(
        "Declined detainers of fiscal 2015 (to 19 July 2015) by month and place, from ICE's workbook",
        ["month", "facility", "city", "state"],
        {
            **common("month"),
            **PLACE,
            "declined": instead(count("declined detainers", unit="detainers")),
        },
        "ice-detainers-fy2015",
    ),
    "issued_by_month": own(
        "Detainers prepared per month, October 2007 to July 2015, from NPR's aggregate of ICE's records",
        ["month"],
        {
            **common("month", "detainers"),
        },
        "npr-detainers-by-month",
    ),
    "outcomes_by_year": own(
        "Detainers by calendar year of preparation and lift reason, from NPR's aggregate of ICE's records",
        ["year", "lift_reason"],
        {
            **common("year", "lift_reason", "detainers"),
        },
        "npr-detainers-by-reason",
    ),
    "declines_by_facility": own(
        "Declined detainers by place and calendar year of preparation, from NPR's aggregate of ICE's records",
        ["year", "facility", "city", "state"],
        {
            **common("year"),
            **PLACE,
            "declined": instead(count("declined detainers", unit="detainers")),
            "other_outcomes": count(
                "detainers with another recorded outcome; empty where there is none, or where the name is shared",
                unit="detainers",
                required=False,
            ),
        },
        "npr-declines-by-facility",
    ),
    "census_county_codes": own(
        "Counties by the Census Bureau's older government codes, which its finance files before 2017 use",
        ["govs_state", "govs_county"],
        {
            "govs_state": text("two-digit government code of the state", pattern=r"^\d{2}$"),
            "govs_county": text("three-digit government code of the county", pattern=r"^\d{3}$"),
            "county_fips": instead(text("five-digit county FIPS code, as text", pattern=r"^\d{5}$")),
            **common("county"),
        },
        "census-county-codes",
    ),
    "county_population": own(
        "Residents of every county on 1 July 2017, as the Census Bureau estimates them",
        ["county_fips", "year"],
        {
            "county_fips": instead(text("five-digit county FIPS code, as text", pattern=r"^\d{5}$")),
            "county": instead(text("name")),
            "year": instead(year("year of the estimate")),
            "residents": count("residents", unit="persons"),
        },
        "census-county-population",
    ),
    "county_points": own(
        "Where every county of 2017 lies on a map: the middle of its largest part, in Albers' projection with Alaska"
        " and Hawaii moved below, from the upper left corner; all of it is 1,015 wide and 594 high",
        ["county_fips"],
        {
            "county_fips": instead(text("five-digit county FIPS code, as text", pattern=r"^\d{5}$")),
            **common("x", "y"),
        },
        "us-atlas",
    ),
    "state_borders": own(
        "Borders of states on the map of county_points, each once, thinned",
        ["line", "point"],
        {
            "line": count("number of the line", unit="lines"),
            "point": count("number of the point on its line", unit="points"),
            **common("x", "y"),
        },
        "us-atlas",
    ),
    "census_units": own(
        "Revenue of county governments, of cities that are counties too and of named cities, fiscal 2013 to 2016 and"
        " 2018 to 2020; in these years the Census Bureau asks a sample, and a government without an amount has no row",
        ["county_fips", "place_fips", "fiscal_year"],
        {
            "county_fips": instead(text("five-digit FIPS code of the county it lies in, as text", pattern=r"^\d{5}$")),
            "place_fips": instead(
                text("seven-digit FIPS code of a city; empty for a county", required=False, pattern=r"^\d{7}$")
            ),
            **common("fiscal_year", "census_id"),
            **common("name", "state"),
            "kind": instead(choice("kind of government", "county", "city and county", "city")),
            "population": count(
                "people as the file gives them; 2016 and 2018 mostly repeat the estimate of 2015", unit="persons"
            ),
            **common("federal_direct_usd", "state_aid_usd", "local_aid_usd", "general_revenue_usd"),
            "hospital_charges_usd": number("charges of hospitals (item A36), part of general revenue", unit="dollars"),
            "health_federal_usd": balance(
                "federal money for health and hospitals (item B42), part of federal revenue; of a city with a hospital"
                " it can be most of it",
                unit="dollars",
            ),
            "welfare_federal_usd": balance(
                "welfare aid coded federal (item B79), part of federal revenue; Chicago is below zero in 2019",
                unit="dollars",
            ),
            "welfare_state_usd": balance(
                "welfare aid coded state (item C79), part of revenue from the state", unit="dollars"
            ),
            "federal_flags": text(
                "every flag of the amounts of direct federal revenue, R: reported, others: imputed or from elsewhere;"
                " empty where there is no amount, and before 2019, whose copies have no flags",
                required=False,
            ),
            "federal_repeats": choice(
                "whether direct federal revenue is that of the government's year before, to the dollar and not zero, so"
                " that it may be carried forward; empty in the first year",
                "yes",
                "no",
                required=False,
            ),
            "coding_change": choice(
                "welfare aid coded anew since the year before: items B79 and C79 trade at least a quarter of their sum,"
                " which stays within a tenth and is a million dollars or more",
                "to federal",
                "to state",
                required=False,
            ),
        },
        "census-individual-units",
    ),
    "outcomes_by_place_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by month, place and form, from ICE's workbook",
        ["month", "facility", "city", "state", "form"],
        {
            **common("month"),
            "form": instead(choice("form, in short", "I-247", "I-247A", "I-247D", "I-247N", "I-247X", "other")),
            **{name: PLACE[name] for name in ("facility", "city", "state")},
            **common("detainers", "no_recorded_outcome", "declined"),
        },
        "ice-detainers-fy2015",
    ),
    "outcomes_by_day_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) by day of preparation, from ICE's workbook",
        ["day"],
        {
            "day": day("day on which the detainers were prepared"),
            **common("detainers", "no_recorded_outcome", "declined"),
            "booked": count("of these, booked into ICE detention", unit="detainers"),
        },
        "ice-detainers-fy2015",
    ),
    "jails_by_week_fy2015": own(
        "Detainers of fiscal 2015 (to 19 July 2015) at county jails by week of preparation and county",
        ["week", "county_fips"],
        {
            "week": day("Monday of the week; the first week has only five days of fiscal 2015"),
            **common("county_fips", "detainers", "no_recorded_outcome", "declined"),
        },
        "ice-detainers-fy2015",
    ),
    "outcomes_pennsylvania": own(
        "Detainers of Pennsylvania, October 2007 to July 2015, by month, county and kind of facility",
        ["month", "county_fips", "facility_type"],
        {
            **common("month", "county_fips", "facility_type", "detainers", "no_recorded_outcome", "declined"),
            "booked_into_detention": count("of these, booked into ICE detention", unit="detainers"),
        },
        "pennsylvania-detainers",
    ),
    "recounted": own(
        "Counts of a file of records that a reader has, as `recount` makes them; empty in the repository",
        [
            *("measure", "counted_by", "lift_reason_read", "day_of", "scope", "county_fips", "facility_type"),
            *("period_start", "period_end"),
        ],
        {
            "measure": instead(choice("what was counted", "prepared", "declined")),
            "counted_by": choice("each of what counts once", "record", "facility", "city", "county", "agency code"),
            "lift_reason_read": choice(
                "which of a record's two lift reasons may be the decline", "first", "either", required=False
            ),
            "day_of": choice("which day must be in the period", "prepared", "lifted"),
            "scope": instead(choice("whose records", "national", "county", "no county")),
            **common("county_fips"),
            "facility_type": instead(
                choice("kind of facility, where only one kind counts", *FACILITY_TYPES, required=False)
            ),
            "period_start": instead(day("first day of the period")),
            "period_end": instead(day("last day of the period")),
            "least": count("what the records show", unit="see counted_by"),
            "most": count(
                "the same with every record that has no county, where that can add to it", unit="see counted_by"
            ),
            "count_in_words": text("what it is, in a sentence"),
        },
        "your-file",
    ),
}
