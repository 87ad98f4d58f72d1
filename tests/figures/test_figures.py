"""Figures draw what they are given, say so in text, and come out the same byte for byte."""

import inspect
import re

import matplotlib as mpl
import pandas as pd
import pytest

from detainer_analysis.figures import (
    display,
    exposure,
    faults,
    funding,
    inspector_general,
    jail,
    ledger,
    liability,
    policy,
    records,
    report,
    sources,
    style,
)
from detainer_analysis.figures.display import show
from detainer_analysis.paths import FIGURES, notebooks

WEEKS = pd.DataFrame({"report": ["week1", "week2", "week3"], "travis": [142, 2, 10], "elsewhere": [64, 45, 55]})
RATES = pd.DataFrame({"low": [49.3, 32.8, 41.4], "high": [81.7, 60.2, 71.6]}, index=WEEKS["report"])
DAY = pd.Timestamp
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


EXAMPLES = {
    "sources_by_kind": lambda: sources.sources_by_kind(
        pd.DataFrame({"kind": ["newspaper", "newspaper", "court"], "care": ["no", "yes", "no"], "sources": [5, 2, 3]})
    ),
    "coverage": lambda: sources.coverage(
        pd.DataFrame({"table": ["a", "b"], "first": [2002, 2008], "last": [2026, 2017], "rows": [10, 20]})
    ),
    "ten_counties": lambda: report.ten_counties(
        pd.DataFrame(
            {
                "jurisdiction": ["Clark County", "Franklin County"],
                "state": ["NV", "PA"],
                "detainers_issued": [51, 5],
                "withdrawn": [False, True],
            }
        ),
        3083,
    ),
    "declines_by_place": lambda: report.declines_by_place(
        pd.DataFrame({"group": ["Travis County, TX", "CO", "not placed"], "declined": [142, 11, 19]}), 206
    ),
    "three_weeks": lambda: report.three_weeks(WEEKS, RATES),
    "ladder": lambda: inspector_general.ladder(
        pd.DataFrame(
            {
                "period_end": [DAY("2014-08-31"), DAY("2015-06-30"), DAY("2015-07-19"), DAY("2017-05-31")],
                "value": [8811.0, 17000.0, 16380.0, 29269.0],
                "qualifier": ["exact", "more than", "exact", "more than"],
                "label": ["first", "CIS, to June 2015", "ICE records, to July 2015", "last"],
            }
        )
    ),
    "last_step": lambda: inspector_general.last_step(
        pd.DataFrame({"assumption": ["refusal share", "pace"], "low": [2551.0, 4756.0], "high": [4355.0, 4756.0]}),
        10623,
    ),
    "decliners": lambda: inspector_general.decliners(
        pd.DataFrame(
            {
                "unit_counted": ["counties", "jurisdictions (Inspector General)"],
                "value": [506.0, 675.0],
                "period_start": [DAY("2014-01-01")] * 2,
                "period_end": [DAY("2015-09-30"), DAY("2017-05-31")],
                "months": [21.0, 41.0],
            }
        )
    ),
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
                "label": ["Hennepin County, 2017", "St. Paul, 2017"],
                "share_low_percent": [9.5, 2.27],
                "share_high_percent": [10.5, 2.29],
                "share_from": ["source", "our division"],
                "highlight": [True, False],
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
    "readings_of_jurisdiction": lambda: inspector_general.readings_of_jurisdiction(
        pd.DataFrame(
            {
                "reading": ["facility", "city", "county"],
                "places": [583, 515, 429],
                "expected": [737, 648, 527],
                "low": [699, 609, 496],
                "high": [775, 687, 559],
            }
        ),
        675.0,
    ),
    "issuance": lambda: records.issuance(
        pd.DataFrame(
            {
                "month": ["2014-01", "2014-02", "2014-12"],
                "detainers": [13893, 13374, 8306],
                "fitted": [1.4e4, None, 8e3],
            }
        ),
        {"Clackamas ruling": "2014-04", "end of Secure Communities": "2014-11"},
    ),
    "outcomes_by_age": lambda: records.outcomes_by_age(
        pd.DataFrame(
            {
                "month": ["2014-10", "2014-11", "2014-12"],
                "none_percent": [64.0, 65.0, 75.0],
                "declined_percent": [10.0, 9.0, 5.0],
                "other_percent": [26.0, 26.0, 20.0],
            }
        )
    ),
    "concentration": lambda: records.concentration(
        pd.DataFrame({"places_percent": [0, 50, 100], "declines_percent": [0.0, 10.0, 100.0]}), 0.87, 41.1
    ),
    "largest_decliners": lambda: records.largest_decliners(
        pd.DataFrame({"place": ["Santa Rita Jail, CA", "Cook County Jail, IL"], "declined": [753, 443]})
    ),
    "before_and_after": lambda: records.before_and_after(
        pd.DataFrame(
            {"jail": ["Hennepin"] * 2, "year": [2013, 2014], "declined": [2, 62], "other_outcomes": [512, 200]}
        )
    ),
    "base_rates": lambda: jail.base_rates(
        pd.DataFrame(
            {
                "label": ["statement", "records"],
                "low": [515.0, 262.0],
                "high": [566.0, 513.0],
                "kind": ["claim", "records"],
            }
        )
    ),
    "detainer_shares": lambda: jail.detainer_shares(
        pd.DataFrame({"label": ["Hennepin", "Ramsey"], "low_percent": [1.45, 0.0], "high_percent": [1.55, 1.0]})
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
    "limit_groups": lambda: policy.limit_groups(
        pd.DataFrame(
            {
                "group": ["limit in force", "limit in force", "none found", "limit later"],
                "month": ["2014-10", "2014-11", "2014-10", "2014-10"],
                "percent_of_all": [29.5, 28.6, 4.5, 0.6],
                "percent_of_recorded": [61.2, 63.7, 14.0, 1.8],
            }
        )
    ),
    "six_counties": lambda: policy.six_counties(
        pd.DataFrame(
            {
                "county_fips": list("abcdef") * 9,
                "month": [f"2014-{month:02d}" for month in range(1, 10) for _ in range(6)],
                "detainers": range(10, 64),
                "recorded": range(5, 59),
                "declined": range(54),
            }
        ),
        {fips: fips for fips in "abcdef"},
    ),
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
    "calibration": lambda: policy.calibration(
        pd.DataFrame({"fitted_percent": [1.0, 10.0, 30.0], "recorded_percent": [1.5, 9.0, 31.0]})
    ),
    "declines_by_limit_year": lambda: policy.declines_by_limit_year(
        pd.DataFrame(
            {
                "group": ["limit began in 2014", "none found"] * 2,
                "year": [2013, 2013, 2014, 2014],
                "declined": [258, 222, 5320, 2020],
                "published_percent": [2.0, 2.0, 46.2, 16.6],
            }
        )
    ),
    "selection_by_reading": lambda: policy.selection_by_reading(
        pd.DataFrame(
            {"reading": ["a", "b"], "planted": [3.0, 3.0], "found": [3.0, 1.9], "low": [2.7, 1.6], "high": [3.4, 2.2]}
        )
    ),
}


@pytest.fixture(params=EXAMPLES)
def drawing(request):
    return EXAMPLES[request.param]()


def test_every_figure_function_has_an_example_and_is_used_in_a_notebook():
    drawn = {
        name
        for subject in (exposure, funding, inspector_general, jail, ledger, liability, policy, records, report, sources)
        for name, function in inspect.getmembers(subject, inspect.isfunction)
        if inspect.signature(function).return_annotation == "Drawing"
    }
    assert drawn == set(EXAMPLES)
    pages = "".join(path.read_text(encoding="utf-8") for path in notebooks())
    assert all(re.search(rf"figures\.{name}\(", pages) for name in drawn)


def test_a_figure_states_its_finding_and_its_source(drawing):
    assert len(drawing.figure.get_suptitle()) > 20
    assert drawing.figure.get_supxlabel().startswith("Source: ")
    assert len(drawing.data)


def test_every_word_of_a_figure_can_be_read(drawing):
    assert faults.faults(drawing.figure) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda axes: axes.annotate("one", (0.5, 0.5)), r"'one' overlaps '(one|two)'|'two' overlaps 'one'"),
        (lambda axes: axes.figure.text(0.99, 0.5, "far away"), "'far away' is clipped"),
        (lambda axes: axes.annotate("tiny", (0.2, 0.2), fontsize=6), "'tiny' is set in 6 points"),
        (lambda axes: axes.annotate("pale", (0.2, 0.2), color=style.PALE), r"'pale' has a contrast of 1\.\d"),
    ],
)
def test_words_that_cannot_be_read_are_named_and_not_shown(spoil, fault, tmp_path):
    figure, axes = style.open_chart(3, "Two words stand in the middle", "nowhere")
    axes.annotate("two", (0.5, 0.5))
    assert faults.faults(figure) == []
    spoil(axes)
    [found] = faults.faults(figure)
    assert re.fullmatch(fault, found)
    with pytest.raises(ValueError, match="figure bad: "):
        show(style.Drawing(figure, WEEKS), "bad", "alt", tmp_path)
    assert list(tmp_path.iterdir()) == []


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


def test_the_same_data_give_the_same_bytes(drawing, tmp_path, request, capsys):
    name = request.node.callspec.params["drawing"]
    again = EXAMPLES[name]()
    for folder, picture in (("one", drawing), ("two", again)):
        show(picture, name, "alt", tmp_path / folder)
    for ending in ("png", "svg", "csv"):
        assert (tmp_path / "one" / f"{name}.{ending}").read_bytes() == (
            tmp_path / "two" / f"{name}.{ending}"
        ).read_bytes()


def test_the_facts_change_when_the_data_do():
    other = WEEKS.assign(travis=[141, 2, 10])
    assert display.facts(report.three_weeks(WEEKS, RATES).figure) != display.facts(
        report.three_weeks(other, RATES).figure
    )
    assert "12 marks" in display.facts(report.three_weeks(WEEKS, RATES).figure)


def test_the_facts_of_an_empty_chart_say_so():
    figure, _ = style.open_chart(3, "Nothing is drawn here", "nowhere")
    assert display.facts(figure) == "0 marks, sums none, 0 labels"


def test_show_saves_where_the_tests_say_and_displays_alt_text(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(display, "display", lambda data, **kind: shown.append((data, kind)))
    monkeypatch.setenv("DETAINER_FIGURES", str(tmp_path / "elsewhere"))
    show(report.three_weeks(WEEKS, RATES), "weeks", "Three weeks.")
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == {"weeks.png", "weeks.svg", "weeks.csv"}
    [(output, settings)] = shown
    alt = "Outside Travis County the three weeks look alike. Three weeks."
    assert output["text/plain"].startswith(f"{alt}\n[12 marks")
    assert settings["metadata"]["image/png"]["alt"] == alt


def test_outside_the_main_job_a_figure_is_shown_and_nothing_is_saved(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(display, "display", lambda data, **kind: shown.append(data["text/plain"]))
    monkeypatch.delenv("DETAINER_FIGURES", raising=False)
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in FIGURES.iterdir()}
    drawing = report.three_weeks(WEEKS.assign(travis=[1, 2, 3]), RATES)
    show(drawing, "three-weeks", "Three weeks.")
    display.preview(drawing.figure)
    assert shown[0].startswith(f"{shown[1]}. Three weeks.")
    assert list(tmp_path.iterdir()) == []
    assert {path: path.read_bytes() for path in FIGURES.iterdir()} == before


def test_the_plotted_data_are_what_was_given():
    assert report.three_weeks(WEEKS, RATES).data["travis"].tolist() == [142, 2, 10]
    assert report.ten_counties(
        pd.DataFrame({"jurisdiction": ["A", "B"], "state": "NV", "detainers_issued": [2, 1], "withdrawn": False}), 10
    ).data["detainers_issued"].tolist() == [1, 2]


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
    assert {path.stem for path in FIGURES.iterdir()} == shown
    assert {path.suffix for path in FIGURES.iterdir()} == {".png", ".svg", ".csv"}


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
