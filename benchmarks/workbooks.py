"""Ways to read a workbook as large as the Deportation Data Project's, each in a process of its own.

``python -m benchmarks.workbooks`` writes a workbook of invented rows (610,000 rows and 65 columns take minutes) and
prints the table. Readers that are not installed are left out: ``pip install polars openpyxl`` adds two of them.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from benchmarks.contenders import peak_memory_mib

ROWS, COLUMNS = 610_000, 65
NEEDED = (0, 8, 9, 10, 11, 12)
NAMES = {
    0: "Detainer Prepare Date",
    8: "Detention Facility",
    9: "Facility City",
    10: "Facility State",
    11: "Detainer Lift Reason",
    12: "Detainer Type",
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write(path: Path, rows: int = ROWS) -> None:
    """Write the workbook in a stream, with shared strings as Excel writes them; no row is a real record."""
    words: dict[str, int] = {}

    def cell(place: str, value: str | float) -> str:
        if isinstance(value, float):
            return f'<c r="{place}" s="1"><v>{value}</v></c>'
        return f'<c r="{place}" t="s"><v>{words.setdefault(value, len(words))}</v></c>'

    letters = [chr(65 + n) if n < 26 else chr(64 + n // 26) + chr(65 + n % 26) for n in range(COLUMNS)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for n in range(rows + 1):
                values: list[str | float] = [f"{'Yes' if (n + c) % 3 else 'No'}" for c in range(COLUMNS)]
                if n == 0:
                    values = [NAMES.get(c, f"Column {c}") for c in range(COLUMNS)]
                else:
                    values[0], values[8] = 45000.5 + n % 900, f"SYNTHETIC JAIL {n % 3000}"
                    values[11] = ("Detainer Declined by LEA", "Lifted", "Case Closed")[n % 3]
                cells = "".join(cell(f"{letter}{n + 1}", value) for letter, value in zip(letters, values, strict=True))
                out.write(f'<row r="{n + 1}">{cells}</row>'.encode())
            out.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{word}</t></si>" for word in words)
        relations = f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id='
        parts = {
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
            "</cellXfs></styleSheet>",
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets><sheet name="S" sheetId="1"'
            ' r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{relations}"a" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{_LINKS}/styles" Target="styles.xml"/><Relationship Id="c"'
            f' Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "_rels/.rels": f'{relations}"a" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml"'
            f' ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            f'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            "</Types>",
        }
        for name, text in parts.items():
            archive.writestr(name, text)


def ours(path: Path) -> int:
    """This package: other columns cut out in a stream, the rest through fastexcel and Arrow; with the account."""
    from detainer_analysis import records

    return records.open_records(path).accounts[0].records


def fastexcel(path: Path) -> int:
    """The needed columns by fastexcel alone."""
    import fastexcel as reader

    return reader.read_excel(path).load_sheet(0, use_columns=list(NEEDED), dtypes="string").height


def calamine(path: Path) -> int:
    """python-calamine, row by row."""
    from python_calamine import CalamineWorkbook

    return sum(1 for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows() if row[0]) - 1


def polars(path: Path) -> int:
    """The needed columns by polars, which uses fastexcel."""
    import polars as reader

    return int(reader.read_excel(path, columns=list(NEEDED)).height)


def openpyxl(path: Path) -> int:
    """openpyxl in its read-only mode, row by row."""
    import openpyxl as reader

    sheet = reader.load_workbook(path, read_only=True).worksheets[0]
    return sum(1 for row in sheet.iter_rows(values_only=True) if row[0]) - 1


READERS = {made.__name__: made for made in (ours, fastexcel, calamine, polars, openpyxl)}


def main() -> None:
    """Time every reader that is installed, and print the table."""
    print("| reader | seconds | peak memory, MiB |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "synthetic.xlsx"
        write(file)
        for name in READERS:
            module = {"ours": "fastexcel", "calamine": "python_calamine"}.get(name, name)
            if importlib.util.find_spec(module) is None:
                continue
            command = [sys.executable, "-m", "benchmarks.workbooks", name, str(file)]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            if found["rows"] != ROWS:
                raise SystemExit(f"{name} found {found['rows']} rows of {ROWS}")
            print(f"| {name} | {found['seconds']:.0f} | {found['memory_mib']:,.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        started = time.perf_counter()
        rows = READERS[sys.argv[1]](Path(sys.argv[2]))
        seconds = time.perf_counter() - started
        print(json.dumps({"seconds": seconds, "memory_mib": peak_memory_mib(), "rows": rows}))
    else:
        main()
