"""Files as people have them: workbooks made by hand, and a table of records in any text form."""

import datetime
import os
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from detainer_analysis.paths import ROOT
from detainer_analysis.records import fetch

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@pytest.fixture(scope="session")
def downloads():
    """The folder with the public downloads, where this machine has one."""
    folder = Path(os.environ.get(fetch.MIRROR) or ROOT.parent / "shared" / "data")
    if not (folder / "npr-sanctuary-cities" / "raw" / "fy15ytd.xlsx").is_file():
        pytest.skip(f"no local mirror of the public downloads at {folder}; set {fetch.MIRROR} to one")
    return folder


@pytest.fixture(scope="session")
def workbook():
    """Write a workbook: `sheets` maps names to rows; a date becomes a number that is shown as a date."""
    return _workbook


def _cell(value, row, column, since_1904, references):
    place = f' r="{chr(65 + column)}{row}"' if references else ""
    if value is None:
        return f'<c{place} s="1"/>'
    if isinstance(value, datetime.date):
        zero = datetime.date(1904, 1, 1) if since_1904 else datetime.date(1899, 12, 30)
        return f'<c{place} s="1"><v>{(value - zero).days}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c{place}><v>{value}</v></c>"
    return f'<c{place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _workbook(path, sheets, *, hidden=(), since_1904=False, references=True):
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
        f'<workbookPr date1904="{int(since_1904)}"/><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{i}" r:id="s{i}" state="{"hidden" if name in hidden else "visible"}"/>'
            for i, name in enumerate(sheets, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="st"'
        f' Type="{LINKS}/styles" Target="styles.xml"/>'
        + "".join(
            f'<Relationship Id="s{i}" Type="{LINKS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        + "</Relationships>",
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        "</Types>",
    }
    for i, rows in enumerate(sheets.values(), start=1):
        lines = "".join(
            f'<row r="{n}">' + "".join(_cell(v, n, c, since_1904, references) for c, v in enumerate(row)) + "</row>"
            for n, row in enumerate(rows, start=1)
            if row
        )
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as content:
        for name, text in parts.items():
            content.writestr(name, text)
    return path
