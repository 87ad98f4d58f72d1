"""Checks of what is said about the first weekly report."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd

from detainer_analysis.data.evidence import Evidence, Load, as_stated, computed, pick, recounted, stated
from detainer_analysis.intervals import Interval, exactly
from detainer_analysis.measures import report

HENNEPIN = "27053"
WEEK = "week1"
DAYS = pd.Timestamp("2017-01-28"), pd.Timestamp("2017-02-03")
A_MONTH = 4  # reports; a series that ends before was not kept up weekly
FIRST_SUNDAY = pd.Timestamp("2017-01-29")  # the report's week runs from the Saturday before to the Friday after


def issued_3083(load: Load) -> Evidence:
    weeks = load("weekly_prepared")
    week, before = (pick(weeks, week_start=day) for day in (FIRST_SUNDAY, FIRST_SUNDAY - pd.Timedelta(days=7)))

    def shifted() -> tuple[Interval, str]:
        own, earlier = (part["detainers_prepared"].iloc[0] for part in (week, before))
        words = (
            f"{own:,.0f} prepared from Sunday to Saturday. The report's week begins and ends a day earlier; no Saturday"
            " is taken to have more than an average day."
        )
        return report.a_day_earlier(own, earlier), words

    counted = recounted(load, "prepared", *DAYS, counted_by="record", scope="national")
    return _weekly(load, "detainers_issued_nationally") + computed(shifted, week, before) + counted


def issued_more_than_3000(load: Load) -> Evidence:
    return issued_3083(load)


def declined_206(load: Load) -> Evidence:
    placed = pick(load("ddor_declines"), report=WEEK, count_basis=report.ADDS_UP)
    total = int(placed["declined"].sum())
    listed = computed(
        lambda: (Interval(total, math.inf), f"The places that the press names add up to {total}."), placed
    )
    counted = recounted(load, "declined", *DAYS, counted_by="record", day_of="lifted", scope="national")
    return _weekly(load, "declined_detainers_recorded") + listed + counted


def hennepin_declined(load: Load) -> Evidence:
    return stated(load, "ddor_declines", "declined", report=WEEK, county_fips=HENNEPIN)


def hennepin_did_not_honour(load: Load) -> Evidence:
    """Two sides: ICE's report, and the sheriff and others who say that ICE took both men at the jail."""
    turned = {"yes": "no", "no": "yes"}
    return stated(
        load,
        "statements",
        "answer",
        subject="report-wrong-about-hennepin",
        read=lambda row: turned.get(row["answer"], row["answer"]),
    ) + stated(load, "statements", "answer", subject="listed-people-were-released", place="Hennepin County")


def hennepin_drug_conviction(load: Load) -> Evidence:
    return stated(load, "ddor_cases", "offence", report=WEEK, case_group="W1-MN-1", read=_offence)


def hennepin_weapons_charge(load: Load) -> Evidence:
    return stated(load, "ddor_cases", "offence", report=WEEK, case_group="W1-MN-2", read=_offence)


def majority_not_convicted(load: Load) -> Evidence:
    told = {"report": WEEK, "dimension": "charge_vs_conviction"}
    counts = pick(load("ddor_breakdowns"), **told, unit="persons")
    total = pick(load("ddor_weekly_totals"), report=WEEK, measure="declined_detainers_recorded").head(1)

    def divide() -> tuple[Interval, str]:
        charged, every = _sum(counts), _sum(total)
        words = f"{counts['value'].sum():.0f} people with pending charges among {total['value'].iloc[0]:.0f}."
        return charged / every * 100, words

    shares = stated(load, "ddor_breakdowns", "value", read=_share, unit="percent", **told)
    return computed(divide, counts, total) + shares


def hennepin_listed(load: Load) -> Evidence:
    return _listed(load, "Hennepin County, Minnesota")


def ramsey_not_listed(load: Load) -> Evidence:
    return _listed(load, "Ramsey County, Minnesota")


def issued_will_rise(load: Load) -> Evidence:
    totals = pick(load("ddor_weekly_totals"), measure="detainers_issued_nationally")
    first, second, third = (pick(totals, report=week).head(1) for week in (WEEK, "week2", "week3"))
    weeks = load("weekly_prepared")
    later = weeks[weeks["week_start"].gt(FIRST_SUNDAY) & weeks["detainers_prepared"].notna()].head(8)
    start = pick(weeks, week_start=FIRST_SUNDAY)

    def printed(following: pd.DataFrame) -> tuple[str, str]:
        words = f"The reports print {first['value'].iloc[0]:,.0f} and then {following['value'].iloc[0]:,.0f}."
        return _trend(_sum(first), _sum(following)), words

    def counted() -> tuple[str, str]:
        a, b = start["detainers_prepared"].iloc[0], later["detainers_prepared"].mean()
        words = f"Detainers prepared: {a:,.0f} in the week, {b:,.0f} in an average week of the next eight."
        return _trend(exactly(a), exactly(b)), words

    return (
        computed(partial(printed, second), first, second)
        + computed(partial(printed, third), first, third)
        + computed(counted, start, later)
        + stated(load, "statements", "answer", subject="issued-after-the-first-reports")
    )


def earliest_issue_2014(load: Load) -> Evidence:
    return stated(load, "ddor_breakdowns", "date", report=WEEK, dimension="earliest_issue_date")


def no_europeans(load: Load) -> Evidence:
    week1 = pick(load("ddor_breakdowns"), report=WEEK, scope="all 206", dimension="citizenship")
    share = pick(week1, category="Latin America")
    declined = pick(load("ddor_weekly_totals"), report=WEEK, measure="declined_detainers_recorded").head(1)
    regions = load("country_regions").set_index("country")["region"]
    named = pick(week1, unit="persons")
    elsewhere = named[~named["category"].map(regions).isin(["Latin America", "Caribbean"])]
    known = named[named["category"].map(regions).eq("Europe")]

    def bounds() -> tuple[Interval, str]:
        at_least = as_stated(share.iloc[0], "value").low
        outside = float(np.floor(_sum(declined).high * (100 - at_least) / 100))
        left = outside - _sum(elsewhere).low
        words = (
            f"At least {at_least:.0f} percent are from Latin America, so at most {outside:,.0f} are not;"
            f" {', '.join(elsewhere['category'])} account for {elsewhere['value'].sum():.0f}. The citizenship of the"
            f" other {left:,.0f} is in no account."
        )
        least = _sum(known).low
        return Interval(least, max(least, left)), words

    europe = tuple(regions.index[regions.eq("Europe")])
    reports = (WEEK, "related")  # lists of the same weeks by a county's jail are evidence, other weekly reports are not
    dimensions = ("citizenship", "place_of_birth")
    told = stated(load, "ddor_breakdowns", "value", report=reports, dimension=dimensions, category=europe)
    return computed(bounds, share, declined, elsewhere) + told


def ithaca_latest_policy(load: Load) -> Evidence:
    policies = load("ddor_policies")
    dated = policies[policies["listed_in"].eq(WEEK) & policies["enacted_date_precision"].isin(["day", "month"])]
    latest = dated[dated["enacted_date"].eq(dated["enacted_date"].max())]

    def last() -> tuple[str, str]:
        return ", ".join(latest["jurisdiction"]), f"The latest of {len(dated)} dated entries that accounts name."

    return stated(load, "statements", "answer", subject="section3-first-entry") + computed(last, latest)


def ithaca_code_changed(load: Load) -> Evidence:
    return stated(load, "statements", "date", subject="ithaca-policy-adopted")


def report_released(load: Load) -> Evidence:
    return stated(load, "ddor_events", "date", report=WEEK, event="published")


def reporting_period_start(load: Load) -> Evidence:
    """The week as other reports of it give it."""
    return stated(load, "ddor_weekly_totals", "period_start", report=WEEK, measure="detainers_issued_nationally")


def offences_listed(load: Load) -> Evidence:
    return stated(load, "statements", "answer", subject="offences-listed")


def detainer_needs_arrest_and_probable_cause(load: Load) -> Evidence:
    """Statements made before the last text that was read came into force say nothing on it."""
    said = pick(load("statements"), subject="detainer-needs-arrest-and-probable-cause")
    in_force = pick(said, confidence="primary")["date"].max()
    return stated(
        load,
        "statements",
        "answer",
        subject="detainer-needs-arrest-and-probable-cause",
        read=lambda row: "not stated" if pd.notna(row["date"]) and row["date"] < in_force else row["answer"],
    )


def enforcement_memos_released(load: Load) -> Evidence:
    return stated(load, "statements", "date", subject="enforcement-memos-day", answer="released")


def reports_are_weekly(load: Load) -> Evidence:
    published = pick(load("ddor_weekly_totals"), report="series", measure="weekly_reports_published")

    def few() -> tuple[str, str]:
        count = _sum(published)
        answer = "no" if count.high < A_MONTH else "yes" if count.low >= A_MONTH else "not stated"
        return answer, f"{published['value'].iloc[0]:.0f} reports were published, then no more."

    return stated(load, "statements", "answer", subject="reports-are-weekly") + computed(few, published)


def _weekly(load: Load, measure: str) -> Evidence:
    return stated(load, "ddor_weekly_totals", "value", report=WEEK, measure=measure)


def _listed(load: Load, place: str) -> Evidence:
    return stated(load, "ddor_breakdowns", "value", report=WEEK, dimension="listed", category=place)


def _share(row: pd.Series) -> Interval:
    """A share of people, which ends at 100 percent."""
    found = as_stated(row, "value", "percent")
    return Interval(min(found.low, 100), min(found.high, 100))


def _offence(row: pd.Series) -> str:
    """The offence and how far the case had come; any weapon is a weapon."""
    kind = "weapon" if "weapon" in row["offence"] else row["offence"]
    return f"{kind} ({row['charge_or_conviction']})"


def _sum(rows: pd.DataFrame) -> Interval:
    """Their sum, each with its own qualifier."""
    return sum((as_stated(row, "value") for _, row in rows.iterrows()), exactly(0))


def _trend(before: Interval, after: Interval) -> str:
    """Within 5 percent is flat; nothing where the qualifiers leave it open."""
    ratio, flat = after / before, Interval(0.95, 1.05)
    if ratio.within(flat):
        return "flat"
    return "not stated" if ratio.overlaps(flat) else "rise" if ratio.low > flat.high else "fall"
