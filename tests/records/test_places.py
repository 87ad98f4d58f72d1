"""Places: rules on small lists, and the hand-checked sample of the real ones."""

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from detainer_analysis.data import sources, tables
from detainer_analysis.measures.places import coverage, disagreements, error_rate
from detainer_analysis.records import derive, known_places, places

STATES = pd.DataFrame({"name": ["MINNESOTA", "VIRGINIA"], "state": ["MN", "VA"], "state_fips": ["27", "51"]})
COUNTIES = places.county_names(
    pd.DataFrame(
        [("27", "27053", "Hennepin County"), ("51", "51059", "Fairfax County"), ("51", "51600", "Fairfax city")],
        columns=["state_fips", "county_fips", "county"],
    )
)
CITIES = places.city_names(
    pd.DataFrame(
        [("27", "27123", "ST. PAUL CITY", 2), ("27", "27999", "ST PAUL TOWNSHIP", 3)],
        columns=["state_fips", "county_fips", "place", "type_code"],
    )
)
OVERRIDES = pd.DataFrame(
    [("HENNIPEN COUNTY WORKHOUSE", "PLYMOUTH", "MINNESOTA", "27053")], columns=[*places.KEY, "county_fips"]
)


def locate(*rows):
    return places.locate(pd.DataFrame(rows, columns=places.KEY), STATES, OVERRIDES, COUNTIES, CITIES)


@pytest.mark.parametrize(
    ("row", "how", "fips"),
    [
        (("HENNIPEN COUNTY WORKHOUSE", "PLYMOUTH", "MINNESOTA"), "hand", "27053"),
        (("HENNEPIN CO. ADC", "MINNEAPOLIS", "MINNESOTA"), "facility name", "27053"),
        (("RAMSEY ADC ANNEX, SPM", "ST PAUL", "MINNESOTA"), "city", "27123"),
        (("RAMSEY ADC ANNEX, SPM", "Saint Paul", "MINNESOTA"), "city", "27123"),
        (("ADULT JAIL", "FAIRFAX", "VIRGINIA"), "city named as a county", "51059"),
        (("HENNEPIN COUNTY JAIL", "NOWHERE", "VIRGINIA"), "not found", None),
        (("OTHER-OTHER FACILITY", None, None), "no place", None),
    ],
)
def test_a_place_is_located_by_the_first_rule_that_fits(row, how, fips):
    found = locate(row).iloc[0]
    assert found["located_by"] == how
    assert (found["county_fips"] or None) == fips


def test_a_name_in_another_state_is_another_place():
    both = locate(("HENNEPIN CO. ADC", "X", "MINNESOTA"), ("HENNEPIN CO. ADC", "X", "VIRGINIA"))
    assert both["located_by"].tolist() == ["facility name", "not found"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("St. Cloud", "SAINT CLOUD"),
        ("FT WORTH", "FORT WORTH"),
        ("Doña Ana", "DONA ANA"),
        ("Prince George's", "PRINCE GEORGES"),
        ("E", "E"),
    ],
)
def test_names_are_made_plain(text, clean):
    assert places.plain(text) == clean


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("HENNEPIN COUNTY ADC", "county jail"),
        ("OKALOOSA COUNTY D.O.C.", "county jail"),
        ("BUTNER FED.CORR.INST.", "federal prison"),
        ("US MARSHALS SERVICE", "US marshals"),
        ("WASCO STATE PRISON", "state prison"),
        ("GLENDALE POLICE DEPT", "city police or city jail"),
        ("SAN BERNADINO HOLD ROOM", "ICE facility"),
        ("HENNEPIN CO. MEDICAL CENT", "hospital"),
        ("NASELLE YOUTH CAMP", "juvenile facility"),
        ("OTHER-OTHER FACILITY", "catch-all"),
        ("LOS CUST CASE", "unclassified"),
        ("1ST CHOICE INNS", "unclassified"),
        (None, "unclassified"),
    ],
)
def test_a_facility_has_the_kind_of_the_first_rule(name, kind):
    assert places.classify(pd.Series([name], dtype=object), tables.load("facility_types")).tolist() == [kind]


@pytest.mark.parametrize("name", ["declines_by_facility", "places_fy2015"])
def test_97_percent_of_declines_with_a_place_get_a_county(name):
    found = coverage(tables.load(name))
    assert found["of these, with a county"] >= 97
    assert found["of named facilities, with a kind"] >= 97


def test_the_coverage_worked_by_hand():
    found = coverage(
        pd.DataFrame(
            {
                "declined": [50, 30, 15, 5],
                "located_by": ["city", "city", "no place", "city"],
                "county_fips": ["27053", None, None, "27123"],
                "facility_type": ["jail", "catch-all", "jail", "unclassified"],
                "facility": ["A", "B", None, "D"],
            }
        )
    )
    assert found.tolist() == pytest.approx([100, 85, 55 / 85 * 100, 50 / 55 * 100])


def test_the_checked_sample_is_the_one_that_the_seed_draws():
    checked = tables.load("mapping_sample")
    drawn = derive.sample(tables.load("declines_by_facility"))
    columns = ["facility", "city", "state", "county_fips", "facility_type"]
    pd.testing.assert_frame_equal(checked[columns], drawn[columns], check_dtype=False)
    assert len(checked) == 100


def test_the_error_rate_has_a_wilson_interval():
    rate = error_rate(4, 100)
    assert rate["error_percent"] == 4
    assert rate["low"] == pytest.approx(1.57, abs=0.01)
    assert rate["high"] == pytest.approx(9.84, abs=0.01)


def test_every_override_is_used():
    keys = set(tables.load("county_overrides")["facility"])
    assert keys <= {
        name for table in ("declines_by_facility", "places_fy2015") for name in tables.load(table)["facility"]
    }


def test_every_decision_on_a_disagreement_is_what_the_tables_of_places_say():
    decided, now = tables.load("mapping_disagreements"), tables.load("places_fy2015")
    both = decided.merge(now, on=["facility", "city", "state"], validate="one_to_one")
    assert len(both) == len(decided)
    wanted = both["county_before"].mask(both["decision"].eq("elsewhere"), both["county_elsewhere"])
    assert (both["county_fips"] == wanted).all()
    weighed = disagreements(decided, now)
    assert weighed["places"].sum() == len(decided)
    assert weighed["detainers"].sum() == both["detainers"].sum()
    assert weighed.loc["elsewhere", "detainers_percent"] < weighed.loc["open", "detainers_percent"]
    with pytest.raises(ValueError, match="no such place"):
        disagreements(decided.assign(city="NOWHERE"), now)


def test_a_code_ends_in_the_state_of_its_facility_or_in_none(downloads):
    path = downloads / sources.read()["ice-facility-list-2015"].file
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Facility List - Main").to_python()
    listed = pd.DataFrame(rows, columns=header)
    codes = listed.rename(columns={"History.Detention.Facility.Code": "facility_code"})
    coded = known_places._coded(codes, tables.load("states"))
    assert [len(coded), int(coded.notna().sum()), int(coded.eq(listed["State"]).sum())] == [209, 193, 193]


def test_places_without_a_city_are_placed_by_a_name_of_one_county_only():
    now = tables.load("places_fy2015")
    again = known_places.locate(now[["facility", "city", "state"]], tables.load)
    assert again["county_fips"].fillna("").tolist() == now["county_fips"].fillna("").tolist()
    bare = known_places.locate(now[["facility"]].assign(city=pd.NA, state=pd.NA), tables.load)
    known = known_places.known_places(tables.load)
    several = known.groupby("facility")["county_fips"].nunique().loc[lambda counties: counties.gt(1)].index
    assert bare.loc[bare["facility"].isin(several), "county_fips"].isna().all()
    found = bare["county_fips"].notna()
    assert found.mean() > 0.8
    assert bare.loc[found, "located_by"].eq(known_places.NAME).all()
    several = now["facility"].isin(several) & now["state"].notna()
    coded = bare.drop(columns=["postal", "county_fips"]).assign(facility_code="ABC" + now["state"].astype("object"))
    told = known_places.locate(coded, tables.load)
    placed = now["county_fips"].notna() & told["county_fips"].notna()
    assert told.loc[placed, "county_fips"].eq(now.loc[placed, "county_fips"]).all()
    assert placed[several].mean() > 0.9
    assert now.loc[placed, "detainers"].sum() / now["detainers"].sum() > 0.86
    elsewhere = coded[bare["county_fips"].notna() & now["state"].ne("AK")].assign(facility_code="ABCAK")
    again = known_places.locate(elsewhere, tables.load)  # a name that only other states have
    assert again["county_fips"].dropna().str.startswith("02").all()
    assert again["postal"].eq("AK").all()
