"""One check per claim, in the file of its subject; a check holds no published number.

A check is a function named as its claim's id, with underscores. It takes `load` (a function from a table's name to
the table) and returns `Evidence`: what a claim says is in the ledger, what the data say is in the tables. A claim in
words whose id is a subject of the table `statements` needs no function of its own: all statements on it are evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules

from detainer_analysis.data.evidence import Evidence, Load, stated
from detainer_analysis.errors import DataError

Check = Callable[[Load], Evidence]


def name_of(claim: str) -> str:
    """The name of the function that checks the claim of this id."""
    return claim.replace("-", "_")


@cache
def collect() -> dict[str, Check]:
    """Every check by its name.

    Raises
    ------
    DataError
        If two files have a check of the same name.
    """
    found: dict[str, Check] = {}
    for module in iter_modules(__path__):
        subject = import_module(f"{__name__}.{module.name}")
        for name, function in getmembers(subject, isfunction):
            if function.__module__ != subject.__name__ or name.startswith("_"):
                continue
            if name in found:
                here, there = (
                    path.removeprefix("detainer_analysis.") for path in (function.__module__, found[name].__module__)
                )
                raise DataError("detainer_analysis/checks", f"{here} and {there} both have a check {name!r}")
            found[name] = function
    return found


def find(claim: str, load: Load, *, words: bool = False) -> Evidence:
    """What the data say about a claim.

    Parameters
    ----------
    claim : str
        Its id.
    load : callable
        From a table's name to the table.
    words : bool
        Whether it is a claim in words, which the statements on the subject of its id can answer.

    Raises
    ------
    DataError
        If no file has a check of the claim's name and it is no claim in words.
    """
    if (name := name_of(claim)) in collect():
        return collect()[name](load)
    if words:
        return stated(load, "statements", "answer", subject=claim)
    raise DataError("data/claims.toml", f"entry [{claim}]: no file of detainer_analysis/checks has a check {name!r}")
