"""The descriptor of the tables is valid, complete, current, and readable without this package."""

import frictionless
import pytest

from detainer_analysis.data import datapackage, tables
from detainer_analysis.data.schemas import ALL_SCHEMAS, LEDGER_SCHEMA
from detainer_analysis.paths import DATA

PACKAGE = frictionless.Package(str(DATA / "datapackage.json"))


def test_the_descriptor_is_the_one_that_the_schemas_give(tmp_path):
    datapackage.write(tmp_path)
    for name in ("datapackage.json", "DICTIONARY.md"):
        assert (tmp_path / name).read_text(encoding="utf-8") == (DATA / name).read_text(encoding="utf-8")


def test_every_table_is_valid_under_the_descriptor():
    report = PACKAGE.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_every_table_has_a_resource_and_the_reverse():
    assert {resource.name.replace("-", "_") for resource in PACKAGE.resources} == {*ALL_SCHEMAS, "claims_ledger"}


def test_the_descriptor_notices_what_the_schema_forbids(data):
    path = tables.path("ddor_section1", data)
    path.write_text(path.read_text(encoding="utf-8").replace(",NV,", ",NX,", 1), encoding="utf-8")
    assert not frictionless.Package(str(data / "datapackage.json")).validate().valid


@pytest.mark.parametrize(("name", "schema"), [*ALL_SCHEMAS.items(), ("claims_ledger", LEDGER_SCHEMA)])
def test_every_column_says_what_it_means(name, schema):
    assert f"/{name}.csv\n" in (DATA / "DICTIONARY.md").read_text(encoding="utf-8")
    assert schema.title
    dictionary = (DATA / "DICTIONARY.md").read_text(encoding="utf-8")
    for column, promise in schema.columns.items():
        assert promise.description
        assert f"| `{column}` |" in dictionary
