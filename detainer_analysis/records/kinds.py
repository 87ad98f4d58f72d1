"""What a row without a day is: a record, or blank, a total, a note, or another header; as SQL."""

from __future__ import annotations

from detainer_analysis.records import layouts, reasons

RECORD, BLANK, TOTAL, NOTE = "records", "blank", "total", "note"
HEADER, ABOVE, REPEATED, EXPLANATION = "header", "above the header", "repeated header", "explanation of the header"
_SPACES = "' \t\r\n' || chr(160)"
# Patterns and not lists of words: DuckDB plans IN as a join, which it then cannot leave out for an unused column.
_REDACTED = r"[\[(<]?\s*REDACTED\s*[\])>]?|(\[?\(B\)\s*\(?\d\)?(\s*\([A-Z]\))?\]?[\s,;/&]*)+|\*{2,}"
_NOTHING = rf"(?i)|N/?A|#N/A|NULL|NAN|NONE|\.|-|UNK|UNKNOWN|{_REDACTED}"
_TOTAL = r"(?i)(grand |sub-?)?totals?\s*[:=]?\s*[\d.,]*"
NOTE_WORDS = r"(?i)source|notes?\b|data (is|are|as|from)|prepared by|as of|\*|\(\d+\)"
_NOTE, _NOTE_IN_FIRST, _LONG_NOTE = rf"({NOTE_WORDS}|\d+[.)]).*", r".*[a-z].*[.:;]", 80
# A day that was meant, whether or not it is one: 2/30/2014, 99999, (b)(6).
_DATED = (
    rf"(?i)\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}\b.*|\d{{1,2}}[- ]?[a-z]{{3,9}}[- ]?\d{{2,4}}\b.*|\d{{5,}}|{_REDACTED}"
)
_DECIDING = (("facility", "facility_code"), layouts.REASONS)


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def clean(cell: str) -> str:
    """SQL of a cell's text: trimmed, null for a word that means missing."""
    return f"CASE WHEN NOT regexp_full_match({trimmed(cell)}, {literal(_NOTHING)}) THEN {trimmed(cell)} END"


def kind(columns: layouts.Columns, header_row: int, cells: dict[str, list[str]], prepared: str, lifted: str) -> str:
    """SQL of what a row is: ``RECORD`` or why it is none; see `narrow.narrow`.

    Parameters
    ----------
    columns : layouts.Columns
        What the query has.
    header_row : int
        As in `narrow.Relation`.
    cells : dict
        The query's columns of each field.
    prepared, lifted : str
        SQL of the day of preparation and of lifting.
    """
    texts = {cell: trimmed(cell) for ours, found in cells.items() for cell in found if ours != "delivered_in"}
    every, held = _joined(list(texts.values())), columns.places
    place, reason = (_joined([texts[cell] for ours in fields for cell in cells.get(ours, [])]) for fields in _DECIDING)
    day = next(texts[cell] for cell in cells["prepared_date"])
    known = "|".join(layouts.NAMES["prepared_date"])
    total = " OR ".join(f"coalesce(regexp_full_match({text}, '{_TOTAL}'), false)" for text in texts.values())
    filled = (f"CAST({_or_empty(text)} > '' AS INTEGER)" for text in texts.values())
    alone = f"{' + '.join(filled)} = 1"
    reasoned = f"regexp_full_match({_normal(reason)}, '({'|'.join(map(layouts.normal, reasons.LIFT_REASONS))})+')"
    words = (
        f"{clean(cells['prepared_date'][0])} IS NOT NULL AND regexp_full_match({day}, '[A-Za-z][A-Za-z /()_-]*')"
        f" AND NOT {reasoned}"  # a record may have a word for a day
    )
    days = [texts[cell] for ours in layouts.DATES for cell in cells.get(ours, [])]
    dated = " OR ".join(f"coalesce(regexp_full_match({text}, {literal(_DATED)}), false)" for text in days)
    decided = f"{lifted} IS NOT NULL OR {dated} OR {reasoned} OR {is_redacted(reason)}"
    # Below a table whose first column is a place or a reason, as in ICE's workbooks, a note is alone in that column.
    first = next(number for number, name in enumerate(columns.names) if name.strip())
    places, reasons_ahead = (
        _joined([texts[f"{ours}_{n}"] for ours in fields for n, at in enumerate(held.get(ours, ())) if at == first])
        for fields in _DECIDING
    )
    note = (
        f"{place} || {reason} = '' OR {reasons_ahead} > '' OR regexp_full_match({place} || {reason}, {literal(_NOTE)})"
        f" OR regexp_full_match({places}, {literal(_NOTE_IN_FIRST)})"
        f" OR (length({places}) >= {_LONG_NOTE} AND NOT contains({places}, chr(10)))"
    )
    cut = f"{place} || {reason} = '' AND regexp_full_match({_or_empty(day)}, {literal(_NOTE)})"
    return (
        f"CASE WHEN {prepared} IS NOT NULL THEN '{RECORD}' WHEN {every} = '' THEN '{BLANK}'"
        f" WHEN regexp_full_match({_normal(day)}, '{known}') THEN '{REPEATED}' WHEN {total} THEN '{TOTAL}'"
        f""" WHEN "row" = {header_row + 1} AND {header_row} > 0 AND {words} THEN '{EXPLANATION}'"""
        f" WHEN {decided} THEN '{RECORD}' WHEN ({alone} AND ({note})) OR ({cut}) THEN '{NOTE}' ELSE '{RECORD}' END"
    )


def trimmed(cell: str) -> str:
    """SQL of a cell's text, trimmed."""
    return f"trim(CAST({cell} AS VARCHAR), {_SPACES})"


def is_redacted(cell: str) -> str:
    """SQL: whether a cell is a mark of redaction."""
    return f"coalesce(regexp_full_match({trimmed(cell)}, {literal('(?i)' + _REDACTED)}), false)"


def _joined(texts: list[str]) -> str:
    return f"({' || '.join(map(_or_empty, texts))})" if texts else "''"


def _or_empty(text: str) -> str:
    return f"coalesce({text}, '')"


def _normal(text: str) -> str:
    return f"trim(regexp_replace(lower({text}), '[^a-z0-9]+', '_', 'g'), '_')"
