"""What every table of ``data/`` promises: columns, types, units, allowed values and keys; nothing that reads a file.

The schemas are checked on every load (see `detainer_analysis.data.tables`), and the data dictionary and
``data/datapackage.json`` are written from them (see `detainer_analysis.data.datapackage`), so neither can drift from
the data.
"""

from detainer_analysis.data.schemas import (
    census,
    counts,
    ddor,
    derived,
    funding,
    hand,
    jail,
    liability,
    outcomes,
    policy,
    statements,
)
from detainer_analysis.data.schemas.written import LEDGER_SCHEMA, WRITTEN

__all__ = ["ALL_SCHEMAS", "DERIVED_SCHEMAS", "FOLDERS", "HAND_SCHEMAS", "LEDGER_SCHEMA", "SCHEMAS", "WRITTEN"]

SCHEMAS = {
    name: table
    for family in (ddor, statements, counts, funding, census, liability, outcomes, jail, policy)
    for name, table in family.TABLES.items()
}
HAND_SCHEMAS = hand.TABLES
DERIVED_SCHEMAS = derived.TABLES
ALL_SCHEMAS = {**SCHEMAS, **HAND_SCHEMAS, **DERIVED_SCHEMAS}
FOLDERS = {"reported": SCHEMAS, "hand": HAND_SCHEMAS, "derived": DERIVED_SCHEMAS}
