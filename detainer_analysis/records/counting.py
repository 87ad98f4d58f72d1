"""Detainers, those without a recorded outcome and those declined, counted by group."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

DECLINED, BOOKED = "Detainer Declined by LEA", "Booked into Detention"


LIFT_REASONS = (
    DECLINED,
    "Alien Not Subject to Deportation",
    BOOKED,
    "Case Closed",
    "Died",
    "Duplicate",
    "Early Release",
    "ICE Temporary Resource Constraint",
    "Insufficient Notice to ICE",
    "Judicial Review",
    "Lifted",
    "Lifted - Lack of Funds",
    "Lifted - Lack of Space",
    "No longer in State, Local, or Federal Custody",
    "Noncitizen Not Amenable to Removal",
    "Not Amenable to Removal",
    "Prosecutorial Discretion",
    "Superseding - New Form Issued",
    "Transferred",
    "United States Citizen Interviewed",
    "USC or Presumptive Claim to US Citizenship",
)


GROUPS = ("year", "month", "state", "form", "reason")


def with_flags(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """`frame` with one flag per doubt: ``declined``, ``no_recorded_outcome``, ``unknown_reason``, ``no_date``,
    ``no_place`` (1 or 0).

    ``no_recorded_outcome`` may mean that the person was still in custody, that nobody told ICE, or that the
    record was not updated.
    """
    reason, facility = nw.col("lift_reason"), nw.col("facility")
    return frame.with_columns(
        declined=_flag(reason == DECLINED),
        no_recorded_outcome=_flag(reason.is_null()),
        unknown_reason=_flag(~reason.is_in(LIFT_REASONS) & ~reason.is_null()),
        no_date=_flag(nw.col("prepared_date").is_null()),
        no_place=_flag(facility.is_null() | nw.col("state").is_null()),
    )


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def count(frame: nw.LazyFrame[Any], *by: str) -> pd.DataFrame:
    """Detainers, missing outcomes and declines by group.

    Parameters
    ----------
    frame : narwhals.LazyFrame
        As from `read`.
    *by : str
        Any of ``GROUPS``, or of the columns of `read`; none for one row in all.

    Returns
    -------
    pandas.DataFrame
        The groups, ``detainers``, ``no_recorded_outcome``, ``declined``, ``declined_percent_of_all`` and
        ``declined_percent_of_recorded`` (of detainers with a recorded outcome); sorted by group, missing last.
    """
    keys = {"year": "year", "month": "month", "state": "state", "form": "form", "reason": "lift_reason"}
    columns = [keys.get(name, name) for name in by]
    date, reason = nw.col("prepared_date"), nw.col("lift_reason")
    made = {"year": date.dt.year(), "month": date.dt.truncate("1mo"), "everything": nw.lit("all")}
    table = (
        frame.with_columns(
            no_recorded_outcome=_flag(reason.is_null()),
            declined=_flag(reason == DECLINED),
            **{name: made[name] for name in columns or ["everything"] if name in made},
        )
        .group_by(columns or ["everything"])
        .agg(
            detainers=nw.len(),
            no_recorded_outcome=nw.col("no_recorded_outcome").sum(),
            declined=nw.col("declined").sum(),
        )
        .collect("pandas")
        .to_native()
    )
    table = table.sort_values(columns or ["everything"], na_position="last", ignore_index=True)
    numbers = ["detainers", "no_recorded_outcome", "declined"]
    table = table[[*columns, *numbers]].astype(dict.fromkeys(numbers, "int64"))
    if "month" in columns:
        table["month"] = pd.to_datetime(table["month"]).dt.strftime("%Y-%m")
    for column in columns:
        table[column] = table[column].astype("Int64" if column == "year" else "str")
    recorded = table["detainers"] - table["no_recorded_outcome"]
    return table.assign(
        declined_percent_of_all=table["declined"] / table["detainers"] * 100,
        declined_percent_of_recorded=table["declined"] / recorded.where(recorded > 0) * 100,
    )


def unknown_reasons(frame: nw.LazyFrame[Any]) -> list[str]:
    """Lift reasons that are not in ``LIFT_REASONS``, in alphabetical order."""
    reasons = frame.select("lift_reason").unique().collect("pandas").to_native()["lift_reason"].dropna()
    return sorted(set(reasons) - set(LIFT_REASONS))
