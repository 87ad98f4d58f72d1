"""Recompute published statistics about declined ICE detainers, and say how certain they are.

Start with `claims` (what can be checked), `check` (one claim and its verdict), `tables` and `describe` (what data
there are), `load` (a table), `show` and `preview` (charts).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detainer_analysis.data.tables import describe, load, tables
    from detainer_analysis.figures.display import preview, show
    from detainer_analysis.ledger.ledger import check, claims

__all__ = ["check", "claims", "describe", "load", "preview", "show", "tables"]

# Imported when first used: pandas alone takes longer than a reader at a prompt should wait.
_HOMES = {
    "check": "ledger.ledger",
    "claims": "ledger.ledger",
    "describe": "data.tables",
    "load": "data.tables",
    "preview": "figures.display",
    "show": "figures.display",
    "tables": "data.tables",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
