"""The descriptor of the tables is valid, complete, current, and readable without this package."""

import frictionless
import pandas as pd
import pytest

from detainer_analysis.data import datapackage, sources, tables
from detainer_analysis.data.schemas import ALL_SCHEMAS, WRITTEN
from detainer_analysis.paths import DATA


@pytest.fixture(scope="module")
def package():
    return frictionless.Package(str(DATA / "datapackage.json"))


def test_the_descriptor_is_the_one_that_schemas_and_files_give():
    for path, text in datapackage.contents().items():
        assert path.read_text(encoding="utf-8") == text, path.name


@pytest.mark.usefixtures("untraced")
def test_every_table_is_valid_under_the_descriptor(package):
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_every_table_has_a_resource_and_the_reverse(package):
    assert {resource.name.replace("-", "_") for resource in package.resources} == {*ALL_SCHEMAS, *WRITTEN}


def faults(data):
    """What a validator says of the Section I rows, by the kind of fault."""
    resource = frictionless.Package(str(data / "datapackage.json")).get_resource("ddor-section1")
    return {kind for (kind,) in resource.validate().flatten(["type"])}


def test_the_descriptor_notices_what_the_schema_forbids(data, edit):
    edit("ddor_section1", ",NV,", ",nv,")
    assert "constraint-error" in faults(data)


@pytest.mark.usefixtures("untraced")
def test_the_descriptor_notices_a_changed_file_and_a_county_that_is_none(data, edit):
    edit("ddor_section1", ",32003,", ",32999,")
    assert faults(data) == {"hash-count", "foreign-key"}
    edit("ddor_section1", ",usa-today-2017-03-25,", ",usa-today-2017,")
    assert faults(data) == {"byte-count", "hash-count", "foreign-key"}
    edit("ddor_section1", "", "\n")
    assert faults(data) >= {"byte-count", "hash-count"}


def test_every_source_that_a_row_names_is_a_row_of_the_table_of_sources(package):
    named = {
        (resource.name, field)
        for resource in package.resources
        for key in resource.schema.foreign_keys
        for field in key["fields"]
        if key["reference"]["resource"] in ("sources", "")
    }
    columns = {*datapackage.NAMES} - {"state", "county_fips"}
    every = {(resource.name, name) for resource in package.resources for name in resource.schema.field_names}
    assert named == {(table, name) for table, name in every if name in columns} - {("sources", "source_id")}
    table = pd.read_csv(DATA / "derived" / "sources.csv", dtype=str, keep_default_na=False).set_index("source_id")
    for key, source in sources.read().items():
        row = table.loc[key]
        assert (row["source_title"], row["publisher"], row["url"]) == (source.title, source.publisher, source.url)
        assert (row["origin_id"] or key, row["caution"], row["note"]) == (source.origin, source.caution, source.note)
    assert len(table) == len(sources.read())


def test_a_column_that_may_name_more_than_the_other_table_does(data):
    for name, column in datapackage.NAMES_MORE:
        other, key = datapackage.NAMES[column]
        codes, known = (pd.read_csv(tables.path(*where), dtype=str) for where in ((name, DATA), (other, DATA)))
        assert not codes[column].dropna().isin(known[key]).all(), name


@pytest.mark.parametrize(("name", "schema"), {**ALL_SCHEMAS, **WRITTEN}.items())
def test_every_column_says_what_it_means(name, schema):
    assert f"/{name}.csv\n" in (DATA / "DICTIONARY.md").read_text(encoding="utf-8")
    assert schema.title
    dictionary = (DATA / "DICTIONARY.md").read_text(encoding="utf-8")
    for column, promise in schema.columns.items():
        assert promise.description
        assert f"| `{column}` |" in dictionary
