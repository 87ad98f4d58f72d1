"""Counts of records: detainers, missing outcomes and declines by group, on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from detainer_analysis.records.reasons import DECLINED, LIFT_REASONS

if TYPE_CHECKING:
    import narwhals as nw

GROUPS = ("year", "month", "state", "form", "reason")
_KEYS = {"state": "state", "form": "form", "reason": "lift_reason"}


def with_flags(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """`frame` with one flag per doubt: ``declined``, ``no_recorded_outcome``, ``unknown_reason``, ``no_date``,
    ``no_place`` (1 or 0).

    ``no_recorded_outcome`` may mean that the person was still in custody, that nobody told ICE, or that the
    record was not updated.
    """
    import narwhals as nw

    reason, facility = nw.col("lift_reason"), nw.col("facility")
    return frame.with_columns(
        **_outcomes(),
        unknown_reason=_flag(~reason.is_in(LIFT_REASONS) & ~reason.is_null()),
        no_date=_flag(nw.col("prepared_date").is_null()),
        no_place=_flag(facility.is_null() | nw.col("state").is_null()),
    )


def _flag(condition: nw.Expr) -> nw.Expr:
    import narwhals as nw

    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _outcomes() -> dict[str, nw.Expr]:
    """A decline in either lift reason is a decline; NPR's second delivery has two."""
    import narwhals as nw

    first, second = nw.col("lift_reason"), nw.col("lift_reason_2")
    return {
        "no_recorded_outcome": _flag(first.is_null() & second.is_null()),
        "declined": _flag((first == DECLINED) | (second == DECLINED)),
    }


def count(frame: nw.LazyFrame[Any], *by: str) -> pd.DataFrame:
    """Detainers, missing outcomes and declines by group.

    Parameters
    ----------
    frame : narwhals.LazyFrame
        As from `read`. Without a column of lift reasons the outcomes are missing, not zero.
    *by : str
        Any of ``GROUPS``, or of the columns of `read`; none for one row in all.

    Returns
    -------
    pandas.DataFrame
        The groups, ``detainers``, ``no_recorded_outcome``, ``declined``, ``declined_percent_of_all`` and
        ``declined_percent_of_recorded`` (of detainers with a recorded outcome); sorted by group, missing last.
    """
    import narwhals as nw

    columns = [_KEYS.get(name, name) for name in by]
    has_reasons = "lift_reason" in frame.collect_schema().names()
    date = nw.col("prepared_date")
    made = {"year": date.dt.year(), "month": date.dt.truncate("1mo")}
    keys = {name: made.get(name, nw.col(name)) for name in columns}
    outcomes = _outcomes() if has_reasons else {}
    counted = {"detainers": nw.len(), **{name: nw.col(name).sum() for name in outcomes}}
    # Only what is counted: a query of few columns is planned sooner.
    chosen = frame.select(**keys, **outcomes) if keys or outcomes else frame
    grouped = chosen.group_by(columns).agg(**counted) if columns else chosen.select(**counted)
    table = grouped.collect("pandas").to_native()
    if columns:
        table = table.sort_values(columns, na_position="last", ignore_index=True)
    table = table[[*columns, *counted]].astype(dict.fromkeys(counted, "int64"))
    if not has_reasons:
        nothing = pd.array([pd.NA] * len(table), dtype="Int64")
        table = table.assign(no_recorded_outcome=nothing, declined=nothing)
    if "month" in columns:
        table["month"] = pd.to_datetime(table["month"]).dt.strftime("%Y-%m")
    for column in columns:
        table[column] = table[column].astype("Int64" if column == "year" else "str")
    recorded = table["detainers"] - table["no_recorded_outcome"]
    return table.assign(
        declined_percent_of_all=table["declined"] / table["detainers"] * 100,
        declined_percent_of_recorded=table["declined"] / recorded.where(recorded > 0) * 100,
    )


def fields(*by: str) -> set[str]:
    """The fields that a count by these groups looks at, beside dates and reasons."""
    return {_KEYS[name] for name in by if name in _KEYS}


def unknown_reasons(frame: nw.LazyFrame[Any]) -> list[str]:
    """Lift reasons that are not in ``LIFT_REASONS``, in alphabetical order."""
    reasons = frame.select("lift_reason").unique().collect("pandas").to_native()["lift_reason"].dropna()
    return sorted(set(reasons) - set(LIFT_REASONS))
