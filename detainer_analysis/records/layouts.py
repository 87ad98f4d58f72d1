"""Column names: which column of a released file holds which field, in every layout of ICE's detainer records."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from detainer_analysis.errors import DataError

# Names as `normal` writes them. Sources: the releases themselves and the Deportation Data Project's scripts.
NAMES = {
    "prepared_date": ("prepare_date", "detainer_prepare_date", "detainer_prepared_date", "prepared_date", "date"),
    "lifted_date": ("detainer_lift_date", "detainer_lifted_date", "lift_date", "lifted_date"),
    "lift_reason": ("detainer_lift_reason", "lift_reason"),
    "lift_reason_2": ("detainer_lift_reason2", "detainer_lift_reason_2", "lift_reason2", "lift_reason_2"),
    "facility": ("detainer_detention_facility", "det_facility", "detainer_facility", "detention_facility", "facility"),
    "facility_code": ("detention_facility_code", "detainer_facility_code", "det_facility_code", "facility_code"),
    "city": ("city", "facility_city"),
    "county": ("county", "facility_county"),
    "state": ("state", "facility_state"),
    "area_of_responsibility": ("area_of_responsibility", "facility_aor", "aor"),
    "form": ("detainer_type", "form"),
    "agency_code": ("detainer_lea_code", "lea_code", "agency_code"),
    "delivered_in": ("file_original",),
}
DATES = ("prepared_date", "lifted_date")
REASONS = ("lift_reason", "lift_reason_2")
TEXTS = tuple(name for name in NAMES if name not in (*DATES, "delivered_in"))
REQUIRED = ("prepared_date", "facility")
SEARCHED_ROWS = 20

FIRST, SECOND = "first", "second"
# The layouts by what only they have; the first that fits is the layout.
_LAYOUTS = (
    ("detainers-historical", ("prepare_date", "file_original")),
    ("detainers-latest since August 2026", ("detainer_prepare_date", "file_original", "request_type")),
    ("detainers-latest", ("detainer_prepare_date", "file_original")),
    ("NPR's second delivery", ("prepare_date", "detainer_lift_reason2")),
    ("NPR's first delivery, fiscal 2015", ("prepare_date", "detainer_detention_facility", "detainer_type")),
    ("NPR's first delivery", ("prepare_date", "detainer_detention_facility")),
    ("ICE's workbook of August 2026", ("detainer_prepared_date", "aor")),
    ("ICE's workbook of March 2026", ("detainer_prepare_date", "detainer_facility")),
    ("ICE's workbook of November 2025", ("detainer_prepare_date", "facility_aor", "detainer_lift_reason")),
    ("ICE's workbook of February 2025", ("detainer_prepare_date", "facility_aor")),
)


@dataclass(frozen=True)
class Columns:
    """Where a header has our fields.

    Parameters
    ----------
    names : tuple of str
        The header as it stands.
    places : dict
        Numbers of the columns (from 0) of each field that the header has; more than one where names repeat.
    """

    names: tuple[str, ...]
    places: dict[str, tuple[int, ...]]

    @property
    def layout(self) -> str:
        """The release whose layout this is, or ``"a layout of its own"``."""
        known = {normal(name) for name in self.names}
        fits = (layout for layout, needed in _LAYOUTS if known.issuperset(needed))
        return next(fits, "a layout of its own")

    @property
    def delivery(self) -> str | None:
        """Which of NPR's two deliveries of the same records a file of this layout is, if it is one."""
        if self.layout.startswith("NPR's first"):
            return FIRST
        return SECOND if self.layout.startswith("NPR's second") else None

    @property
    def ignored(self) -> list[str]:
        """Named columns that are not read."""
        used = {place for places in self.places.values() for place in places}
        return [name for place, name in enumerate(self.names) if place not in used and name.strip()]

    def of(self, fields: Collection[str]) -> Columns:
        """The columns of some fields, and those that every account needs: dates, reasons, and any that repeat."""
        needed = {*fields, *DATES, *REASONS, "delivered_in"}
        return Columns(self.names, {ours: at for ours, at in self.places.items() if ours in needed or len(at) > 1})


def normal(name: object) -> str:
    """A column's name in lower case with underscores: ``Detainer Lift\\nReason`` is ``detainer_lift_reason``."""
    return re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_")


def columns(header: Sequence[object]) -> Columns | None:
    """Our fields in a row of names, or nothing if the row is no header of records."""
    names = tuple("" if name is None else str(name) for name in header)
    normals = [normal(name) for name in names]
    places = {
        ours: found
        for ours, known in NAMES.items()
        if (found := tuple(place for place, name in enumerate(normals) if name in known))
    }
    return Columns(names, places) if all(name in places for name in REQUIRED) else None


def shown(row: Sequence[object]) -> str:
    """A row that may be shown to anyone: where a cell holds a digit, only those that are names of our columns."""
    cells = [text for cell in row if cell is not None and (text := str(cell).strip())]
    known = {name for names in NAMES.values() for name in names}
    private = any(re.search(r"\d", cell) and normal(cell) not in known for cell in cells)
    return " | ".join("..." if private and normal(cell) not in known else cell for cell in cells)


def find_header(rows: Sequence[Sequence[object]], file: str) -> tuple[int, Columns]:
    """The first of the rows that is a header, with its number from 0.

    Raises
    ------
    DataError
        If none of the first rows is; the message names what the likeliest row lacks.
    """
    searched = [list(row) for row in rows[:SEARCHED_ROWS]] or [[]]
    for number, row in enumerate(searched):
        if (found := columns(row)) is not None:
            return number, found
    known = {name: ours for ours, names in NAMES.items() for name in names}
    most = max(range(len(searched)), key=lambda n: len({known.get(normal(cell)) for cell in searched[n]} - {None}))
    held = {known.get(normal(cell)) for cell in searched[most]}
    lacking = next(name for name in REQUIRED if name not in held)
    wanted = " or ".join(repr(name.replace("_", " ")) for name in NAMES[lacking])
    where = f"the first {len(searched)} rows" if len(searched) > 1 else "row 1"
    raise DataError(
        file,
        f"no column {wanted} in {where}; row {most + 1} has {shown(searched[most][:8])!r}",
        row=most + 1,
        column=lacking,
    )
