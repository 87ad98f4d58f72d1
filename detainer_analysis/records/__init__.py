"""Record files of ICE, and finance files of the Census Bureau, read and counted; nothing about a person leaves here.

A record is one detainer. The layouts differ in file format and in column names, not in meaning. A file is opened as
tables (`files`), each is narrowed to the fields we use (`narrow`), every row is accounted for (`account`), and the
result is counted on pandas, DuckDB or Spark. Records are flagged, never dropped: identical rows are different people.
"""

from detainer_analysis.records.account import Account
from detainer_analysis.records.counting import GROUPS, count, fields, unknown_reasons, with_flags
from detainer_analysis.records.engines import ENGINES
from detainer_analysis.records.reading import COLUMNS, DELIVERIES, Records, open_records, read, report
from detainer_analysis.records.reasons import DECLINED, LIFT_REASONS

__all__ = [
    "COLUMNS",
    "DECLINED",
    "DELIVERIES",
    "ENGINES",
    "GROUPS",
    "LIFT_REASONS",
    "Account",
    "Records",
    "count",
    "fields",
    "open_records",
    "read",
    "report",
    "unknown_reasons",
    "with_flags",
]
