"""The tables described for other software and for readers, written from the schemas.

``data/datapackage.json`` follows the Frictionless Data Package and Table Schema specifications
(https://specs.frictionlessdata.io); the data dictionary is the same content as a page.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pandera.pandas import Column, DataFrameSchema

from detainer_analysis.data import sources
from detainer_analysis.data.schemas import FOLDERS, WRITTEN
from detainer_analysis.paths import DATA

TYPES = {"string": "string", "float64": "number", "Int64": "integer", "datetime64": "date"}
TITLE = "Published figures about declined ICE detainers"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
# Columns that name a row of another table, by their name; and where one holds codes that the other table lacks.
NAMES = {
    "state": ("states", "state"),
    "county_fips": ("county_population", "county_fips"),
    **dict.fromkeys(("source_id", "origin_id", "claimed_by", "account"), ("sources", "source_id")),
}
NAMES_MORE = {
    ("census_county_finance", "state"),  # US, for the sum of all
    ("census_county_codes", "county_fips"),  # of all years, also of boroughs and counties that are no more
    ("census_units", "county_fips"),  # Connecticut's planning regions, which took the place of counties in 2022
    ("places_fy2015", "county_fips"),  # Bedford, a city of Virginia until 2013
}


def describe(folder: Path = DATA, new: Mapping[Path, str] | None = None) -> dict[str, Any]:
    """The data package descriptor of all tables that `folder` has, or will have once `new` is written.

    Each has the size and the SHA-256 hash of its file.
    """
    return {
        "name": "detainer-analysis",
        "title": TITLE,
        "version": version("detainer-analysis"),
        "profile": "tabular-data-package",
        "licenses": [LICENCE],
        "resources": [
            _resource(folder, f"{group}/{name}.csv", name, schema, new or {})
            for group, schemas in FOLDERS.items()
            for name, schema in [*schemas.items(), *(WRITTEN.items() if group == "derived" else ())]
        ],
    }


def sources_table(folder: Path = DATA) -> str:
    """The registry of sources of `folder` as CSV, so that a column that names a source has a table to name it in."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(WRITTEN["sources"].columns)
    for source in sources.read(folder).values():
        origin = source.origin if source.origin != source.id else ""
        where = (source.carrier, source.date, source.url, source.kind, origin, source.caution, source.note)
        rows.writerow((source.id, source.title, source.publisher, *where))
    return file.getvalue()


def _resource(folder: Path, path: str, name: str, schema: DataFrameSchema, new: Mapping[Path, str]) -> dict[str, Any]:
    content = new[folder / path].encode() if folder / path in new else (folder / path).read_bytes()
    fields = [_field(column, promise) for column, promise in schema.columns.items()]
    table: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if schema.unique is not None and len(schema.unique) < len(fields) and _required(schema):
        table["primaryKey"] = list(schema.unique)
    if keys := list(_foreign_keys(name, schema)):
        table["foreignKeys"] = keys
    return {
        "name": name.replace("_", "-"),
        "title": schema.title,
        "path": path,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": table,
    }


def _foreign_keys(name: str, schema: DataFrameSchema) -> Iterator[dict[str, Any]]:
    for column, (table, key) in NAMES.items():
        if column in schema.columns and (name, column) != (table, key) and (name, column) not in NAMES_MORE:
            resource = "" if name == table else table.replace("_", "-")  # empty: this table itself
            yield {"fields": [column], "reference": {"resource": resource, "fields": [key]}}


def _required(schema: DataFrameSchema) -> bool:
    """A primary key of the specification may not contain a column that can be empty."""
    return not any(schema.columns[column].nullable for column in schema.unique or [])


def _field(name: str, column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    for check in column.checks:
        stats = check.statistics
        if check.name == "isin":
            constraints["enum"] = list(stats["allowed_values"])
        elif check.name == "greater_than_or_equal_to":
            constraints["minimum"] = stats["min_value"]
        elif check.name == "str_matches":
            constraints["pattern"] = stats["pattern"]
        elif check.name == "in_range":
            ends = (stats["min_value"], stats["max_value"])
            low, high = (end if isinstance(end, int) else f"{end:%Y-%m-%d}" for end in ends)
            constraints |= {"minimum": low, "maximum": high}
    kind = TYPES[str(column.dtype).partition("[")[0]]
    field: dict[str, Any] = {"name": name, "type": kind, "description": column.description}
    if column.metadata and "unit" in column.metadata:
        field["unit"] = column.metadata["unit"]
    if constraints:
        field["constraints"] = constraints
    return field


def dictionary(package: dict[str, Any]) -> str:
    """The data dictionary of a descriptor as a Markdown page."""
    lines = [
        "# Data dictionary",
        "",
        f"Version {package['version']}. Written by `make reproduce` from `detainer_analysis/data/schemas`; every table"
        " is checked against it on each load. Empty cells mean that the source does not say. `load` adds `table` and"
        " `source_row`, and to a derived table `source_id` and `origin_id`. The ledger of claims is not loaded but"
        " written: `check` makes each of its rows.",
    ]
    for resource in package["resources"]:
        key = resource["schema"].get("primaryKey")
        lines += ["", f"## {resource['path']}", "", f"{resource['title']}."]
        lines += [f"Key: {', '.join(f'`{column}`' for column in key)}."] if key else []
        for names in resource["schema"].get("foreignKeys", []):
            [column], other = names["fields"], names["reference"]
            lines += [f"`{column}` is `{other['fields'][0]}` of `{other['resource'].replace('-', '_')}`."]
        lines += ["", "| column | type | unit | may be empty | meaning |", "|---|---|---|---|---|"]
        for field in resource["schema"]["fields"]:
            constraints = field.get("constraints", {})
            allowed = constraints.get("enum", [])
            values = f" One of: {', '.join(allowed)}." if 0 < len(allowed) <= 12 else ""
            empty = "no" if constraints.get("required") else "yes"
            meaning = field["description"][0].upper() + field["description"][1:]
            lines.append(
                f"| `{field['name']}` | {field['type']} | {field.get('unit', '')} | {empty} | {meaning}.{values} |"
            )
    return "\n".join(lines) + "\n"


def contents(folder: Path = DATA) -> dict[Path, str]:
    """``datapackage.json``, ``DICTIONARY.md`` and the table of sources of `folder` by their paths, to be written."""
    tables = {folder / "derived" / "sources.csv": sources_table(folder)}
    package = describe(folder, tables)
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    return {
        folder / "datapackage.json": text,
        folder / "DICTIONARY.md": dictionary(package),
        **tables,
    }
