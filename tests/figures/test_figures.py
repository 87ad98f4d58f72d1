"""Figures draw what they are given, say so in text, and come out the same byte for byte."""

import inspect
import re
from dataclasses import replace
from functools import cache

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from detainer_analysis.figures import (
    canvas,
    county,
    display,
    exposure,
    faults,
    funding,
    inspector_general,
    jail,
    ledger,
    liability,
    maps,
    policy,
    records,
    report,
    sources,
    style,
)
from detainer_analysis.figures.display import show
from detainer_analysis.intervals import Interval
from detainer_analysis.paths import FIGURES, notebooks

WEEKS = pd.DataFrame(
    {
        "report": ["week1", "week2", "week3"],
        "declined": [206, 47, 65],
        "travis": [142, 2, 10],
        "elsewhere": [64, 45, 55],
        "kept": [54, 45, 55],
    }
)
COUNTIES = pd.DataFrame(
    {
        "jurisdiction": ["Clark County", "Franklin County"],
        "state": ["NV", "PA"],
        "detainers_issued": [51, 5],
        "expected": [34.6, 0.2],
        "withdrawn": [False, True],
    }
)
ROUTES = pd.DataFrame(
    {"route": ["early", "restated"], "vintage": ["2015", "2017"], "low": [20_000, 23_000], "high": [24_000, 30_000]}
)
READINGS = pd.DataFrame(
    {
        "reading": ["facility", "city", "county"],
        "places": [583, 515, 506],
        "uncorrected": [737, 648, 597],
        "expected": [828, 726, 650],
        "low": [674, 593, 558],
        "high": [1244, 1085, 902],
    }
)
DAY = pd.Timestamp
PLACES = pd.DataFrame(
    {
        "place": ["Ventura, CA", "Los Angeles, CA", "Clark, NV", "Santa Barbara, CA", "Small, IA"],
        "detainers": [634, 1775, 304, 283, 2],
        "declined": [492, 331, 225, 210, 2],
        "raw_percent": [77.6, 18.6, 74.0, 74.2, 100.0],
    }
)
NEEDED = pd.DataFrame(
    {
        "label": ["2013", "on record"],
        "low_percent": [0.2, 51.2],
        "high_percent": [9.1, 51.2],
        "kind": ["needed", "on record"],
    }
)
WHICH = pd.DataFrame(
    {
        "county": ["Hennepin", "Hennepin", "Ramsey"],
        "label": ["Hennepin, Census 2016", "Hennepin, budget 2017", "Ramsey, Census 2018"],
        "direct_usd": [78.5e6, 199.4e6, 79.9e6],
        "ceiling_usd": [681e6, None, 221e6],
        "note": ["78.5 of 681", "199.4", "79.9 of 221"],
    }
)
STEPS = pd.DataFrame(
    {
        "place": ["Hennepin County"] * 4 + ["Ramsey County"],
        "date": [*map(DAY, ("2017-01-25", "2017-04-25", "2017-07-25", "2018-08-01", "2025-08-12"))],
        "left": [
            "all federal money",
            "nothing",
            "Byrne JAG",
            "all federal money, on paper",
            "part of all federal money",
        ],
    }
)
EXPOSED = pd.DataFrame(
    {
        "county": ["Hennepin", "Hennepin", "Ramsey"],
        "scenario": ["all federal money", "blocked by a court", "Byrne JAG and SCAAP"],
        "high_usd": [198.5e6, 0.0, 998e3],
        "high_usd_per_resident": [158.96, None, 1.83],
    }
)
AGAINST = pd.DataFrame(
    {
        "label": ["Los Angeles County", "Suffolk County", "own part of JAG"],
        "kind": ["liability", "liability", "funding"],
        "low_usd": [0.0, 3e7, 1.4e3],
        "high_usd": [4e5, 7e7, 5.7e5],
    }
)


COUNTY_MONEY = pd.DataFrame(
    {
        "fiscal_year": [2019, 2020],
        "direct_percent": [3.0, 2.0],
        "all_aid_percent": [29.1, 25.8],
        "welfare_coding": "state",
        "federal_flags": "R",
        "federal_repeats": "no",
    }
)


def weeks(limit, none):
    """Sixteen weeks of two groups of jails whose share of a thousand detainers changes every four weeks."""
    monday = pd.date_range("2014-10-06", periods=4 * len(limit), freq="7D")
    shares = {"limit in force throughout": limit, "none in force": none}
    rows = [
        (group, day, 1000, 10 * share[week // 4]) for group, share in shares.items() for week, day in enumerate(monday)
    ]
    return pd.DataFrame(rows, columns=["group", "week", "detainers", "declined"])


LIMIT_YEARS = pd.DataFrame(
    {
        "group": ["limit began in 2014", "none found"] * 2,
        "year": [2013, 2013, 2014, 2014],
        "declined": [258, 222, 5320, 2020],
    }
)
RATIOS = pd.DataFrame(
    {
        "kind": ["2014", "earlier years", "parts"],
        "ratio": [2.3, 1.2, 2.8],
        "low": [1.3, 0.7, 1.5],
        "high": [3.7, 2.2, 5.3],
    },
    index=pd.Index(["2013 to 2014", "2012 to 2013", "California"], name="comparison"),
)
ORDER_MONTHS = pd.DataFrame(
    {
        "month": [f"2014-{month:02d}" for month in range(1, 8)],
        "detainers": [40, 60, 50, 20, 30, 40, 30],
        "declined": [0, 3, 0, 9, 20, 20, 10],
        "booked_into_detention": [20, 30, 25, 5, 2, 1, 0],
    }
)
JAIL_DAYS = pd.DataFrame(
    {
        "month": ["2016-11", "2016-12", "2017-01", "2017-02", "2017-03"],
        "Travis County": pd.array([5000, 6000, None, 3000, 4000], dtype="Int64"),
        "elsewhere": pd.array([80_000, 80_000, None, 88_000, 90_000], dtype="Int64"),
    }
)
LIMIT_MONTHS = pd.DataFrame(
    {
        "group": ["limit in force", "none found", "limit later"] * 2,
        "month": ["2014-10"] * 3 + ["2014-11"] * 3,
        "percent_of_all": [29.5, 4.5, 0.6, 12.0, 5.7, 1.0],
        "percent_of_recorded": [61.2, 14.0, 1.8, 45.0, 15.0, 2.0],
    }
)
STATES = pd.DataFrame(
    {"odds_ratio": [0.3, 5.0, 1296.0], "low": [0.15, 1.1, 1.5], "high": [0.7, 25.0, 1e6]},
    index=pd.Index(["CA", "NY", "IL"], name="state"),
)
MAPPED = pd.DataFrame(
    {
        "county_fips": ["06037", "27053", "48453"],
        "x": [100.0, 580.0, 500.0],
        "y": [330.0, 160.0, 500.0],
        "detainers": [1000, 40, 9],
        "declined": [600, 0, 5],
    }
)
BORDERS = pd.DataFrame(
    {"line": [0, 0, 1, 1], "point": [0, 1, 0, 1], "x": [0, 900.0, 50, 1000], "y": [0, 20.0, 580, 590]}
)
EXAMPLES = {
    "declines_by_county": lambda: maps.declines_by_county(MAPPED, BORDERS),
    "shares_by_county": lambda: maps.shares_by_county(MAPPED, BORDERS),
    "sources_by_kind": lambda: sources.sources_by_kind(
        pd.DataFrame({"kind": ["newspaper", "newspaper", "court"], "care": ["no", "yes", "no"], "sources": [5, 2, 3]})
    ),
    "shared_origins": lambda: sources.shared_origins(
        pd.DataFrame({"document": ["Weekly report", "A list"], "sources": [81, 3], "rows": [241, 4]})
    ),
    "ten_counties": lambda: report.ten_counties(COUNTIES),
    "declines_by_place": lambda: report.declines_by_place(
        pd.DataFrame({"group": ["Travis County, TX", "CO", "not placed"], "declined": [142, 11, 19]}), 206
    ),
    "three_weeks": lambda: report.three_weeks(WEEKS, 0.19),
    "routes": lambda: inspector_general.routes(ROUTES, 29_269.0),
    "budget_shares": lambda: funding.budget_shares(
        pd.DataFrame(
            {
                "county": ["Hennepin", "Ramsey", "Ramsey"],
                "label": ["Hennepin, 2017", "Ramsey, 2016", "Ramsey, 2017"],
                "share_low_percent": [10.2, 13.9, 12.9],
                "share_high_percent": [10.3, 14.0, 13.0],
                "agrees": ["inside", "inside", "outside"],
            }
        ),
        pd.DataFrame(
            {
                "county": ["Hennepin", "Ramsey"],
                "published": ["about 10 percent", "about 14 percent"],
                "low": [9.5, 13.5],
                "high": [10.5, 14.5],
            }
        ),
    ),
    "same_class_shares": lambda: funding.same_class_shares(
        pd.DataFrame(
            {
                "label": ["Hennepin County, 2017", "St. Paul, 2017", "San Francisco, 2025"],
                "share_low_percent": [9.5, 2.27, 18.2],
                "share_high_percent": [10.5, 2.29, float("inf")],
                "share_from": ["source", "our division", "our division"],
                "highlight": [True, False, False],
            }
        )
    ),
    "which_money": lambda: funding.which_money(WHICH, {"Hennepin": 198e6, "Ramsey": 89.6e6}),
    "peers": lambda: funding.peers(
        {
            "coded state": pd.DataFrame({"direct_percent": [0.0, 1.0, 2.0, 3.0, 9.0]}),
            "coded federal": pd.DataFrame({"direct_percent": [3.0, 5.0, 11.6, 12.0]}),
        },
        {"Hennepin": 3.0, "Ramsey": 11.6},
    ),
    "standing": lambda: exposure.standing(STEPS, DAY("2026-02-01")),
    "exposure": lambda: exposure.exposure(EXPOSED),
    "liability_against_funding": lambda: liability.liability_against_funding(AGAINST),
    "cost_per_person": lambda: liability.cost_per_person(
        pd.DataFrame(
            {
                "label": ["New York City", "Suffolk County", "Anoka County", "Lehigh County"],
                "group": ["settled, class", "verdict under appeal", "decided by a court", "settled, single"],
                "low_usd": [0.0, 166_172.0, 331_000.0, 129_000.0],
                "high_usd": [4_747.0, 166_172.0, 331_000.0, 129_000.0],
            }
        ),
        2025,
    ),
    "readings_of_jurisdiction": lambda: inspector_general.readings_of_jurisdiction(READINGS, (670.0, 680.0)),
    "issuance": lambda: records.issuance(
        pd.DataFrame(
            {
                "month": ["2014-01", "2014-02", "2014-12"],
                "detainers": [13893, 13374, 8306],
                "fitted": [1.4e4, None, 8e3],
            }
        ),
        {"Clackamas ruling": "2014-04-11", "end of Secure Communities": "2014-11-20"},
    ),
    "prepared_by_week": lambda: records.prepared_by_week(
        pd.DataFrame(
            {
                "week_start": pd.date_range("2016-11-06", periods=30, freq="7D"),
                "detainers_prepared": [1600, 1700] * 6 + [3000, 2900] * 9,
            }
        ),
        pd.DataFrame({"period_start": pd.to_datetime(["2017-01-28", "2017-02-04"]), "value": [3083.0, 2825.0]}),
    ),
    "declined_by_week": lambda: records.declined_by_week(weeks([30, 30, 20, 12], [4, 5, 4, 4])),
    "placebo_dates": lambda: records.placebo_dates(
        pd.Series([-20.0, 5.0, -9.0], index=["2010-01", "2010-02", "2010-03"]),
        pd.DataFrame(
            {"change_percent": [-8.0, -21.0], "low": [-19.0, -32.0], "high": [4.0, -8.0]},
            index=["ruling", "memorandum"],
        ),
    ),
    "funnel": lambda: records.funnel(PLACES, pd.DataFrame({"detainers": PLACES["detainers"], "low": 0, "high": 50}), 9),
    "missing_needed": lambda: jail.missing_needed(NEEDED, "The statement"),
    "recorded_by_year": lambda: jail.recorded_by_year(
        pd.DataFrame({"year": [2012, 2013], "recorded": [645, 514]}), Interval(515, 565)
    ),
    "answers": lambda: ledger.answers(pd.Series({"recounted": 3, "disputed": 24, "not testable": 2})),
    "rests_on": lambda: ledger.rests_on(
        pd.DataFrame(
            {
                "account": ["NBC", "NBC", "other sources"],
                "rests_on": ["copies of it", "our own count", "nothing that compares"],
                "claims": [5, 1, 4],
            }
        )
    ),
    "records_by_month": lambda: county.records_by_month(
        pd.DataFrame(
            {
                "month": ["2014-10", "2014-11"],
                "detainers": [16, 26],
                "no_recorded_outcome": [2, 8],
                "declined": [4, 8],
            }
        ),
        "Hennepin County, MN",
    ),
    "declines_by_year": lambda: county.declines_by_year(
        pd.DataFrame({"year": [2013, 2014], "declined": [2, 63]}), "Hennepin County, MN"
    ),
    "federal_money": lambda: county.federal_money(COUNTY_MONEY, "Hennepin County, MN"),
    "limit_groups": lambda: policy.limit_groups(LIMIT_MONTHS),
    "specification_curve": lambda: policy.specification_curve(
        pd.DataFrame(
            {
                "specification": ["main", "other", "late"],
                "planned": [True, True, False],
                "odds_ratio": [0.8, 2.0, 8.0],
                "odds_low": [0.3, 1.0, 4.0],
                "odds_high": [2.5, 4.0, 16.0],
            }
        ),
        "main",
    ),
    "declines_by_limit_year": lambda: policy.declines_by_limit_year(LIMIT_YEARS),
    "ratios_of_ratios": lambda: policy.ratios_of_ratios(RATIOS),
    "philadelphia": lambda: policy.philadelphia(ORDER_MONTHS, "2014-04"),
    "travis_jail_days": lambda: policy.travis_jail_days(JAIL_DAYS, "2017-02"),
    "states": lambda: policy.states(STATES, pd.Series({"odds_ratio": 2.0, "low": 0.5, "high": 8.0})),
}


@pytest.fixture(params=EXAMPLES, scope="module")
def drawing(request):
    """One of the figures, which draws itself for a phone once for all tests."""
    drawn = EXAMPLES[request.param]()
    return replace(drawn, narrow=cache(drawn.narrow))


def test_every_figure_function_has_an_example_and_is_used_in_a_notebook():
    drawn = {
        name
        for subject in (
            county,
            exposure,
            funding,
            inspector_general,
            jail,
            ledger,
            liability,
            maps,
            policy,
            records,
            report,
            sources,
        )
        for name, function in inspect.getmembers(subject, inspect.isfunction)
        if inspect.signature(function).return_annotation == "Drawing"
    }
    assert drawn == set(EXAMPLES)
    pages = "".join(path.read_text(encoding="utf-8") for path in notebooks())
    assert all(re.search(rf"(figures|maps)\.{name}\(", pages) for name in drawn)


def test_a_figure_states_its_finding_and_its_source(drawing):
    assert len(drawing.figure.get_suptitle()) > 20
    assert drawing.figure.get_supxlabel().startswith("Source: ")
    assert len(drawing.data)


def title(drawing):
    return drawing.figure.get_suptitle().replace("\n", " ")


def test_titles_of_policy_figures_follow_their_data():
    """Each title is drawn again from data at the other extreme, and says the other thing."""
    assert "21-fold in 2014" in title(policy.declines_by_limit_year(LIMIT_YEARS))
    assert "2-fold in 2014" in title(policy.declines_by_limit_year(LIMIT_YEARS.assign(declined=[10, 10, 20, 30])))
    assert "grew 2.3 times as much" in title(policy.ratios_of_ratios(RATIOS))
    assert "no difference can be told" in title(policy.ratios_of_ratios(RATIOS))
    assert "earlier years differ too" in title(policy.ratios_of_ratios(RATIOS.assign(low=1.1)))
    assert "2 percent" in title(policy.philadelphia(ORDER_MONTHS, "2014-04"))
    assert "50 percent after it" in title(policy.philadelphia(ORDER_MONTHS, "2014-04"))
    assert "fell 50 percent in Travis" in title(policy.travis_jail_days(JAIL_DAYS, "2017-02"))
    assert "rose 10 percent" in title(policy.travis_jail_days(JAIL_DAYS, "2017-02"))
    turned = JAIL_DAYS.rename(columns={"elsewhere": "Travis County", "Travis County": "elsewhere"})
    assert "rose 10 percent in Travis" in title(policy.travis_jail_days(turned, "2017-02"))
    assert "30 percent of the detainers of 2014-10 and 12 of 2014-11" in title(policy.limit_groups(LIMIT_MONTHS))
    assert "4.5 to 5.7 throughout" in title(policy.limit_groups(LIMIT_MONTHS))
    mean = pd.Series({"odds_ratio": 2.0, "low": 0.5, "high": 8.0})
    assert "In 2 of 3 states" in title(policy.states(STATES, mean))
    assert "only in CA clearly less" in title(policy.states(STATES, mean))
    assert "clearly less in 3" in title(policy.states(STATES.assign(high=0.9), mean))
    rows = EXAMPLES["specification_curve"]().data
    assert "from 0.8 to 8" in title(policy.specification_curve(rows, "main"))


def test_a_county_without_rows_gets_a_chart_that_says_so():
    months = pd.DataFrame(columns=["month", "detainers", "no_recorded_outcome", "declined"])
    for empty in (
        county.records_by_month(months, "Here"),
        county.declines_by_year(pd.DataFrame(columns=["year", "declined"]), "Here"),
        county.federal_money(COUNTY_MONEY.iloc[:0], "Here"),
    ):
        assert faults.faults(empty.figure) == []
        assert [text.get_text() for text in empty.figure.axes[0].texts] == ["no row, which is not the same as zero"]
        assert re.search(r"\bno\b", empty.figure.get_suptitle())


@pytest.mark.parametrize("width", [30, 40, 72])
def test_no_line_of_a_title_is_a_word_alone(width):
    title = "Of 583 places two hold half of all the declines, and the ten that decline the most hold most of them all"
    lines = canvas.fill(title, width).split("\n")
    assert " ".join(lines) == title
    assert max(map(len, lines)) <= width
    assert all(" " in line for line in lines)


def test_the_subtitle_stands_between_title_and_chart():
    figure, axes = canvas.open_chart(3, "A finding", "somebody's data", measure="Detainers by month")
    FigureCanvasAgg(figure).draw()
    title, measure = (
        next(text for text in figure.findobj(Text) if text.get_text() == words)
        for words in ("A finding", "Detainers by month")
    )
    assert title.get_window_extent().y0 >= measure.get_window_extent().y1 - 1
    assert axes.get_window_extent().y1 < measure.get_window_extent().y0


def test_the_projects_name_is_in_every_picture_and_no_file_is_a_source(drawing):
    line = " ".join(drawing.figure.get_supxlabel().split())
    assert line.endswith(f"| {canvas.PROJECT}")
    assert re.search(r"\w+\.(csv|toml|py)|data/|policy_dates|[a-z]+_[a-z]+", line) is None


def test_every_word_of_a_figure_can_be_read_on_a_screen_and_on_a_phone(drawing, untraced):
    assert faults.faults(drawing.figure) == []
    phone = drawing.narrow()
    assert faults.faults(phone) == []
    smallest = min(text.get_fontsize() for text in phone.findobj(Text) if text.get_text() and text.get_visible())
    assert smallest * faults.PHONE / (phone.get_figwidth() * 72) >= 12
    assert display.facts(phone).count(" marks") == display.facts(drawing.figure).count(" marks")
    assert not canvas.is_narrow()


def on_white(axes):
    axes.axvline(0.31)  # a value that crosses the rows may stand behind words
    axes.annotate("boxed", (0.3, 0.8), ha="center", va="center", bbox={"facecolor": "white", "edgecolor": "none"})


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda axes: axes.annotate("one", (0.5, 0.5)), r"'one' overlaps '(one|two)'|'two' overlaps 'one'"),
        (lambda axes: axes.figure.text(0.99, 0.5, "far away"), "'far away' is clipped"),
        (lambda axes: axes.annotate("tiny", (0.2, 0.2), fontsize=6), "'tiny' is set in 6 points"),
        (lambda axes: axes.annotate("pale", (0.2, 0.2), color=style.PALE), r"'pale' has a contrast of 1\.\d"),
        (lambda axes: axes.figure.suptitle("A last line\nalone"), r"'A last line\\nalone' ends in a line of one word"),
        (lambda axes: canvas.measure_of(axes.figure).set_text(""), "there is no subtitle with measure and unit"),
        (lambda axes: (axes.plot(0.3, 0.8, "o"), on_white(axes)), "'boxed' covers a mark"),
        (lambda axes: (axes.hlines(0.8, 0.2, 0.4), on_white(axes)), "'boxed' covers a mark"),
        (lambda axes: (axes.barh([0.8], [0.4], 0.1), on_white(axes)), "'boxed' covers a mark"),
    ],
)
def test_words_that_cannot_be_read_are_named_and_not_shown(spoil, fault, tmp_path):
    figure, axes = canvas.open_chart(3, "Two words stand in the middle", "nowhere", "Words")
    axes.annotate("two", (0.5, 0.5))
    assert faults.faults(figure) == []
    spoil(axes)
    [found] = faults.faults(figure)
    assert re.fullmatch(fault, found)
    with pytest.raises(ValueError, match="figure bad: "):
        show(canvas.Drawing(figure, WEEKS), "bad", "alt", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_small_type_on_a_phone_and_a_long_alt_text_are_refused(tmp_path):
    drawing = EXAMPLES["three_weeks"]()
    phone = drawing.narrow()
    phone.axes[0].annotate("tiny", (0.2, 0.99), xycoords="axes fraction", fontsize=8, va="top")
    assert [found for found in faults.faults(phone) if "tiny" in found] == ["'tiny' is set in 11.4 pixels on a phone"]
    with pytest.raises(ValueError, match=r"the alt text has 38. characters, more than 300"):
        show(drawing, "long", "a" * 300, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_phones_figure_has_the_data_of_the_screens():
    wide, phone = ranked(EXAMPLES["ten_counties"]().figure), ranked(EXAMPLES["ten_counties"]().narrow())
    assert wide == phone == [5, 51]


def ranked(figure):
    return [bar.get_width() for bar in figure.axes[0].containers[0]]


def test_looking_for_faults_leaves_the_figure_as_it_was(tmp_path):
    looked, fresh = EXAMPLES["three_weeks"](), EXAMPLES["three_weeks"]()
    faults.faults(looked.figure)
    show(looked, "looked", "", tmp_path)
    show(fresh, "fresh", "", tmp_path)
    assert (tmp_path / "looked.png").read_bytes() == (tmp_path / "fresh.png").read_bytes()


def test_contrast_is_that_of_the_guideline():
    assert faults.contrast("black", "white") == pytest.approx(21)
    assert faults.contrast("#777777", "white") == pytest.approx(4.48, abs=0.005)
    for colour in (style.INK, style.GREY, style.BLUE, style.VERMILION):
        assert faults.contrast(colour, "white") >= 4.5
    for colour in style.HOLDS_COLOURS.values():
        assert max(faults.contrast(colour, "white"), faults.contrast(colour, style.INK)) >= 4.5


def test_the_facts_change_when_the_data_do():
    other = WEEKS.assign(travis=[141, 2, 10])
    assert display.facts(report.three_weeks(WEEKS, 0.19).figure) != display.facts(
        report.three_weeks(other, 0.19).figure
    )
    assert "9 marks" in display.facts(report.three_weeks(WEEKS, 0.19).figure)


@pytest.mark.parametrize(
    ("limit", "none", "says"),
    [
        ([30, 0, 90, 12], [4, 9, 0, 4], "share fell from 30 to 12 percent; none in force: 4 percent first and last"),
        ([10, 1, 1, 20], [4, 4, 4, 2], "share rose from 10 to 20 percent; none in force: declined share fell from 4"),
    ],
)
def test_the_title_of_the_weeks_says_what_the_first_and_the_last_weeks_do(limit, none, says):
    assert says in title(records.declined_by_week(weeks(limit, none)))


def test_the_title_of_issuance_names_the_peak_and_what_is_left_of_it():
    months = pd.DataFrame({"month": ["2014-01", "2014-02", "2014-03"], "detainers": [10, 200, 50], "fitted": 1.0})
    assert title(records.issuance(months, {})) == (
        "ICE prepared most detainers in February 2014; in March 2014 there were 25 percent as many"
    )


@pytest.mark.parametrize(("change", "count"), [(-21.0, 0), (-8.0, 2), (5.0, 3), (-20.0, 1)])
def test_the_title_of_the_placebos_counts_changes_of_either_sign(change, count):
    event = pd.DataFrame({"change_percent": [change], "low": [change], "high": [change]}, index=["ruling"])
    placebos = pd.Series([-20.0, 5.0, -9.0], index=list("abc"))
    assert title(records.placebo_dates(placebos, event)).endswith(f"as large as at the ruling: {count}")


def test_the_title_of_the_funnel_counts_the_places_above_it_and_what_they_hold():
    limits = pd.DataFrame({"detainers": PLACES["detainers"], "low": 0.0, "high": [50.0, 50, 80, 80, 100]})
    assert title(records.funnel(PLACES, limits, 9.0)) == (
        "1 of 5 places decline more often than chance allows; they got 21 percent of the detainers and made 39 percent"
        " of the declines"
    )


def test_the_titles_of_the_jail_follow_the_data():
    assert title(jail.missing_needed(NEEDED, "It")) == "It needs 0 to 9 percent of the outcomes of 2013 to be missing"
    years = pd.DataFrame({"year": [2012, 2013], "recorded": [645, 514]})
    assert title(jail.recorded_by_year(years, Interval(515, 565))).startswith("Only in 2012 (vermilion)")
    assert title(jail.recorded_by_year(years, Interval(600, 700))).startswith("In no year")


def test_the_title_of_the_sources_gives_the_share_of_the_largest_kind():
    counts = pd.DataFrame(
        {"kind": ["newspaper", "newspaper", "court"], "care": ["no", "yes", "no"], "sources": [3, 1, 6]}
    )
    assert title(sources.sources_by_kind(counts)).startswith("6 of 10 sources (60%) are courts; 1 ")


def test_the_facts_of_an_empty_chart_say_so():
    figure, _ = canvas.open_chart(3, "Nothing is drawn here", "nowhere", "Nothing")
    assert display.facts(figure) == "0 marks, sums none, 0 labels"


def test_show_saves_where_the_tests_say_and_displays_alt_text(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(display, "display", lambda data, **kind: shown.append((data, kind)))
    monkeypatch.setenv("DETAINER_FIGURES", str(tmp_path / "elsewhere"))
    show(report.three_weeks(WEEKS, 0.19), "weeks", "Three weeks.")
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == {
        "weeks.png",
        "weeks.svg",
        "weeks-narrow.svg",
        "weeks.csv",
    }
    [(output, settings)] = shown
    alt = "Outside Travis County the three weeks cannot be told apart: 45 to 64 declines each. Three weeks."
    assert output["text/plain"].startswith(f"{alt}\n[9 marks")
    assert settings["metadata"]["image/png"]["alt"] == alt


def test_outside_the_main_job_a_figure_is_shown_and_nothing_is_saved(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(display, "display", lambda data, **kind: shown.append(data["text/plain"]))
    monkeypatch.delenv("DETAINER_FIGURES", raising=False)
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in FIGURES.iterdir()}
    drawing = report.three_weeks(WEEKS.assign(travis=[1, 2, 3]), 0.19)
    show(drawing, "three-weeks", "Three weeks.")
    display.preview(drawing.figure)
    assert shown[0].startswith(f"{shown[1]}. Three weeks.")
    assert list(tmp_path.iterdir()) == []
    assert {path: path.read_bytes() for path in FIGURES.iterdir()} == before


def test_the_plotted_data_are_what_was_given():
    assert report.three_weeks(WEEKS, 0.19).data["travis"].tolist() == [142, 2, 10]
    assert report.ten_counties(COUNTIES).data["detainers_issued"].tolist() == [5, 51]


def test_a_users_matplotlib_settings_do_not_change_a_figure(tmp_path):
    show(EXAMPLES["three_weeks"](), "a", "", tmp_path)
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9}):
        show(EXAMPLES["three_weeks"](), "b", "", tmp_path)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("value", "words"), [(1e9, "$1 billion"), (2.5e6, "$2.5 million"), (1e5, "$100 thousand"), (12, "$12")]
)
def test_dollars_are_written_in_words(value, words):
    assert style.dollars_in_words(value) == words


def test_every_saved_figure_is_shown_by_a_notebook_and_the_reverse():
    pages = "".join(path.read_text(encoding="utf-8") for path in notebooks())
    shown = set(re.findall(r'show\(drawing, \\"([a-z-]+)\\"', pages))
    files = {f"{name}{end}" for name in shown for end in (".png", ".svg", "-narrow.svg", ".csv")}
    assert {path.name for path in FIGURES.iterdir()} == files


def finding(drawn):
    return drawn.figure.get_suptitle().replace("\n", " ")


@pytest.mark.parametrize(
    ("expected", "withdrawn", "title"),
    [
        (
            [34.6, 0.2],
            [False, True],
            "2 of 2 listed counties lie above what older records lead to expect; ICE withdrew 1",
        ),
        (
            [60.0, 5.0],
            [True, True],
            "0 of 2 listed counties lie above what older records lead to expect; ICE withdrew 2",
        ),
    ],
)
def test_the_title_of_the_ten_counties_counts_them(expected, withdrawn, title):
    assert finding(report.ten_counties(COUNTIES.assign(expected=expected, withdrawn=withdrawn))) == title


def test_the_title_of_the_places_is_about_travis_also_where_another_group_is_larger():
    groups = pd.DataFrame({"group": ["CO", "Travis County, TX", "not placed"], "declined": [60, 20, 20]})
    assert "accounts for 20% of the 100 declines" in finding(report.declines_by_place(groups, 100))


@pytest.mark.parametrize(("p_value", "words"), [(0.05, "cannot be told apart"), (0.049, "differ")])
def test_the_title_of_the_weeks_follows_the_test_and_names_both_extremes(p_value, words):
    weeks = WEEKS.assign(elsewhere=[64, 45, 80], kept=[54, 31, 55])
    assert finding(report.three_weeks(weeks, p_value)) == (
        f"Outside Travis County the three weeks {words}: 31 to 80 declines each"
    )


@pytest.mark.parametrize(
    ("published", "title"),
    [
        (24_000, "2 of 2 routes leave room for 24,000: early; restated"),
        (24_001, "1 of 2 routes leaves room for 24,001: restated"),
        (30_001, "0 of 2 routes leave room for 30,001"),
    ],
)
def test_the_title_of_the_routes_names_those_that_reach_the_total(published, title):
    assert finding(inspector_general.routes(ROUTES, published)) == title


@pytest.mark.parametrize(("published", "count"), [((670, 673), 2), ((670, 674), 3), ((902, 902), 3), ((903, 950), 2)])
def test_the_title_of_the_readings_counts_the_intervals_that_hold_the_number(published, count):
    assert f"under {count} of 3 readings" in finding(inspector_general.readings_of_jurisdiction(READINGS, published))


@pytest.mark.parametrize(
    ("title", "true", "changed", "otherwise"),
    [
        (
            lambda rows: funding.which_money_title(rows, {"Hennepin": 198e6, "Ramsey": 89.6e6}),
            WHICH,
            WHICH.assign(direct_usd=[198e6, 199.4e6, 79.9e6]),
            "Not every",
        ),
        (
            funding.budget_shares_title,
            pd.DataFrame({"county": ["A", "A", "B"], "agrees": ["inside", "overlaps", "inside"]}),
            pd.DataFrame({"county": ["A", "A", "B"], "agrees": ["inside", "outside", "inside"]}),
            "fails for 1 of 2 totals of A and none of 1 totals of B",
        ),
        (
            funding.same_class_title,
            pd.DataFrame(
                {"share_low_percent": [1.0, 3.0], "share_high_percent": [2.0, 4.0], "highlight": [False, True]}
            ),
            pd.DataFrame(
                {"share_low_percent": [5.0, 3.0], "share_high_percent": [6.0, 4.0], "highlight": [False, True]}
            ),
            "0 lie below both counties' and 1 above",
        ),
        (exposure.exposure_title, EXPOSED, EXPOSED[EXPOSED["high_usd"] > 0], r"from \$198 million to \$198 million"),
        (
            lambda steps: exposure.standing_title(steps, DAY("2026-02-01")),
            STEPS,
            STEPS.assign(date=STEPS["date"].mask(STEPS["left"].eq("nothing"), DAY("2017-04-24"))),
            "for 89 days from January 2017",
        ),
        (liability.against_title, AGAINST, AGAINST.assign(high_usd=[4e6, 7e7, 5.7e5]), "costs more than every loss"),
        (liability.against_title, AGAINST, AGAINST.assign(high_usd=[4e5, 5e5, 5.7e5]), "costs less than every loss"),
        (
            liability.cost_title,
            pd.DataFrame({"group": ["settled, class", "settled, single"], "high_usd": [4_747.0, 30_100.0]}),
            pd.DataFrame({"group": ["settled, class", "settled, single"], "high_usd": [34_747.0, 30_100.0]}),
            "overlap",
        ),
    ],
)
def test_a_title_about_money_changes_with_the_data(title, true, changed, otherwise):
    assert re.search(otherwise, title(changed))
    assert not re.search(otherwise, title(true))
