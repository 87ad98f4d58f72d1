"""Every table as a file to download, beside its dictionary, and all of them in one archive."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

from detainer_analysis.data.datapackage import LICENCE, TITLE
from detainer_analysis.data.schemas import FOLDERS, WRITTEN
from detainer_analysis.markup import raw
from detainer_analysis.paths import DATA, ROOT
from pages.about import citation
from pages.text import structured, table

BESIDE = ("README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md")  # what an archive of tables carries besides data/
DESCRIPTIONS = ("DICTIONARY.md", "datapackage.json", "sources.toml", "claims.toml", "derived/ledger.json")
CAVEATS = """Before you quote a number from these tables

- Rows of reported/ are what sources say, not what we counted. Conflicting sources stay side by side: do not add them.
- confidence says whether we read the document itself (primary) or somebody's report of it.
- Many outlets repeat one document: origin_id says which. Their agreement confirms the copying only.
- derived/ holds counts of ICE's records. Two in three have no recorded outcome there; a missing outcome is not a zero.
- An empty cell means that the source does not say.
"""


def every_table() -> dict[str, tuple[Path, str]]:
    """Name of every table: its file and what it holds, in the order of the dictionary."""
    return {
        name: (DATA / folder / f"{name}.csv", str(schema.title))
        for folder, group in [*FOLDERS.items(), ("derived", WRITTEN)]
        for name, schema in group.items()
    }


def table_list() -> str:
    """Every table with its file and its dictionary, what it holds and its size."""
    rows = []
    for name, (path, title) in every_table().items():
        where = path.relative_to(DATA).as_posix()
        anchor = re.sub(r"[^a-z0-9]+", "-", where)
        breaking = name.replace("_", "_<wbr>")
        lines = path.read_text(encoding="utf-8").count("\n") - 1
        rows.append(
            [
                f'<a href="data/{where}" download>{breaking}.csv</a><br><a href="dictionary.html#{anchor}">'
                f'<span class="visually-hidden">{name}: </span>its columns</a>',
                html.escape(title),
                f"{lines:,}",
            ]
        )
    return raw(table("Every table of the project", ["file and dictionary", "holds", "lines"], rows) + dataset())


def dataset() -> str:
    """The whole data package as schema.org's Dataset, which search engines for data read."""
    fields = citation()
    return structured(
        {
            "@type": "Dataset",
            "name": TITLE,
            "description": "Published statistics about declined ICE detainers, row by row with their sources, counts"
            " of ICE's records, and a ledger of press claims with two answers each.",
            "version": fields["version"],
            "datePublished": f"{fields['date-released']}",
            "license": LICENCE["path"],
            "isAccessibleForFree": True,
            "keywords": fields["keywords"],
            "creator": {"@type": "Organization", "name": fields["authors"][0]["name"]},
            "spatialCoverage": "United States",
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": name}
                for name, kind in (("tables.zip", "application/zip"), ("ledger.json", "application/json"))
            ],
        }
    )


def write(folder: Path) -> None:
    """Copy every table below `folder`, with the archive of all and the ledger as JSON; the same bytes every time."""
    files = [path.relative_to(DATA).as_posix() for path, _ in every_table().values()]
    for name in (*files, "DICTIONARY.md", "datapackage.json", "sources.toml"):
        target = folder / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((DATA / name).read_bytes())
    (folder / "ledger.json").write_bytes((DATA / "derived" / "ledger.json").read_bytes())
    with zipfile.ZipFile(folder / "tables.zip", "w") as archive:
        contents = {"CAVEATS.txt": CAVEATS.encode()}
        contents |= {name: (ROOT / name).read_bytes() for name in BESIDE}
        contents |= {f"data/{name}": (DATA / name).read_bytes() for name in (*files, *DESCRIPTIONS)}
        for name, content in contents.items():
            entry = zipfile.ZipInfo(f"detainer-analysis/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
