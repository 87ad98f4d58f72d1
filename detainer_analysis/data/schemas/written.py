"""Registries and results as tables: written by our code, so they have no checksum and `tables.load` reads neither."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import PROVENANCE, count, instead, own, text

LEDGER_SCHEMA = own(
    "The ledger of claims, one row a claim, as the checks found it",
    ["claim"],
    {
        "claim": text("short name; key of data/claims.toml"),
        "statement": text("what was said, with the account's wording where a fact needs it"),
        "published": text("the number in the account's wording, a day, or a word of a controlled list"),
        "unit": instead(text("unit of the number")),
        "claimed_by": text("the account; key of data/sources.toml"),
        "repeated": text("does the account say what its source says? the answers are in ledger/verdict.py"),
        "holds": text("what does evidence of another origin say? the answers are in ledger/verdict.py"),
        "found": text(
            "what that evidence says, in the claim's unit; empty where there are copies only", required=False
        ),
        "origins": count("publishers of independent documents among the comparable evidence", unit="publishers"),
        "publishers": count("different publishers of the evidence, the account's not counted", unit="publishers"),
        "best_evidence": text("the best evidence, by the grades in ledger/verdict.py"),
        "repeated_strictly": text("the first answer with hedges read strictly"),
        "holds_strictly": text("the second answer with hedges read strictly"),
        "why": text("what was altered, who disagrees, or what does not compare", required=False),
        "missing": text("what would settle it", required=False),
        "caveat": text("what the answers leave open", required=False),
        "rows": text("rows used, as file and line numbers", required=False),
        "evidence_sources": text("sources of these rows; keys of data/sources.toml, with semicolons", required=False),
        "notebook": text("number of the notebook that shows it", pattern=r"^\d{2}$"),
        "told": text("when the account or agency was told of an error; empty if it was not", required=False),
        "answered": text("what it answered", required=False),
    },
)

SOURCES_SCHEMA = own(
    "Every source, one row a document or dataset, from sources.toml",
    ["source_id"],
    {
        "source_id": PROVENANCE["source_id"],
        "source_title": text("as printed; in square brackets a title of ours"),
        "publisher": text("who published it, spelled one way in the whole table"),
        "carrier": text("who carries the copy that was read, where it is not the publisher", required=False),
        "source_date": text("year, month or day of publication; empty where the source shows none", required=False),
        "url": text("address; empty where none is known", required=False),
        "source_kind": text("kind of publisher or document, such as newspaper, court or dataset"),
        "origin_id": PROVENANCE["origin_id"],
        "caution": text("why to use it with care", required=False),
        "note": PROVENANCE["note"],
    },
)
WRITTEN: dict[str, DataFrameSchema] = {"claims_ledger": LEDGER_SCHEMA, "sources": SOURCES_SCHEMA}
