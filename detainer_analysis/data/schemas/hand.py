"""Our own decisions, each with its reason."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import (
    FACILITY_TYPES,
    choice,
    common,
    count,
    day,
    instead,
    own,
    text,
)

CLAIMED = ("not claimed", "claimed and not blocked", "partly blocked by a court", "blocked by a court")

TABLES: dict[str, DataFrameSchema] = {
    "country_regions": own(
        "Region of each country that an account of the reports names",
        ["country"],
        {
            "country": text("country, named as in the tables"),
            "region": choice(
                "region of the world", "Latin America", "Caribbean", "Asia", "Oceania", "Europe", "Africa"
            ),
            **common("reason"),
        },
    ),
    "states": own(
        "States as ICE's records write them",
        ["name"],
        {
            **common("name", "state"),
            "state_fips": text("two-digit FIPS code, as text", pattern=r"^\d{2}$"),
            **common("reason"),
        },
    ),
    "county_overrides": own(
        "Places whose county the rules do not find",
        ["facility", "city", "state_name"],
        {
            "facility": instead(text("as ICE writes it")),
            "city": instead(text("as ICE writes it")),
            "state_name": text("as ICE writes it"),
            "county_fips": instead(text("five-digit county FIPS code, as text", pattern=r"^\d{5}$")),
            **common("reason"),
        },
    ),
    "census_cities": own(
        "Cities in the table of Census units: those that are a county too, and those that the project names",
        ["place_fips"],
        {
            **common("place_fips"),
            "city": instead(text("city")),
            **common("state"),
            "kind": instead(choice("whether one government is city and county", "city", "city and county")),
            **common("reason"),
        },
    ),
    "facility_types": own(
        "Rules that tell kinds of facility apart by name; the first that matches counts",
        ["order"],
        {
            **common("order"),
            "pattern": text("regular expression, searched for in the name in capitals"),
            "facility_type": instead(choice("kind of facility", *FACILITY_TYPES)),
            **common("reason"),
        },
    ),
    "exposure_steps": own(
        "What federal orders claimed of three counties, and what courts had blocked, from each date on",
        ["place", "date"],
        {
            "place": instead(text("county")),
            "date": instead(day("first day; a date of legal_timeline")),
            "order": instead(
                choice(
                    "the claim on all federal money; on paper: held unconstitutional, blocked elsewhere only",
                    "claimed on paper",
                    *CLAIMED,
                )
            ),
            "jag_conditions": choice("the immigration conditions on Byrne JAG", *CLAIMED),
            **common("reason"),
        },
    ),
    "timeline_events": own(
        "Events that the timeline shows, each a row of another table",
        ["date", "lane", "label"],
        {
            "date": instead(day("when; a date of the table named")),
            "lane": choice("what kind of event", "policies", "rulings", "funding", "payouts"),
            "label": text("words on the chart"),
            "table": choice(
                "where the row is", "policy_dates", "liability_rulings", "legal_timeline", "liability_cases"
            ),
            "reason": instead(text("why it is shown")),
        },
    ),
    "mapping_disagreements": own(
        "Places of fiscal 2015 for which another public list names another county, each decided by hand",
        ["facility", "city", "state"],
        {
            "facility": instead(text("as ICE writes it")),
            "city": instead(text("as ICE writes it")),
            **common("state"),
            "county_before": text("county that our rules gave", pattern=r"^\d{5}$"),
            "county_elsewhere": text("county that the other list names", pattern=r"^\d{5}$"),
            "decision": choice("which of the two is right", "ours", "elsewhere", "open"),
            **common("reason"),
        },
    ),
    "mapping_sample": own(
        "Random sample of 100 mapped places, checked by hand",
        ["facility", "city", "state"],
        {
            "facility": instead(text("as ICE writes it")),
            "city": instead(text("as ICE writes it")),
            **common("state"),
            "county_fips": instead(text("county that the rules give", pattern=r"^\d{5}$")),
            "facility_type": instead(choice("kind that the rules give", *FACILITY_TYPES)),
            "county_right": choice("whether the county is right", "yes", "no"),
            "type_right": choice("whether the kind is right", "yes", "no"),
            **common("reason"),
        },
    ),
    "policy_links": own(
        "Which jails a state's or a city's rule binds, and one county whose list date is wrong",
        ["jurisdiction", "state", "county_fips"],
        {
            "jurisdiction": instead(text("as in policy_dates")),
            **common("state", "level"),
            "binds": choice(
                "the jails that the rule binds",
                "county jails of the state",
                "county jails of the state, in part",
                "county jails",
                "city jails",
                "none",
            ),
            **common("county_fips"),
            "not_before": day("limits dated earlier do not count", required=False),
            **common("reason"),
        },
    ),
    "account_statements": own(
        "Sentence by sentence, what the five accounts say: the claim that checks it, or why no data can",
        ["account", "sentence", "account_says", "checked_by"],
        {
            "account": text("the account; key of data/sources.toml"),
            "sentence": count("which sentence of the account, headline and captions counted", unit="place in the text"),
            "account_says": text("one thing that it says, in our words"),
            "checked_by": text("the claim that checks it; key of data/claims.toml", required=False),
            "reason": instead(text("why no data can check it, where there is no claim", required=False)),
        },
    ),
}
