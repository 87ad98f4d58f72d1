"""What a jail's records allow a stated number of detainers to be."""

from __future__ import annotations

from detainer_analysis.intervals import Interval


def missing_needed(total: Interval, recorded: int, complete: int = 0) -> Interval | None:
    """Which share of outcomes would have to be missing, in percent, for a year to have `total` detainers.

    Parameters
    ----------
    total : Interval
        Detainers of the year, as stated.
    recorded : int
        Detainers on record with an outcome, in the part of the year whose other detainers nobody published.
    complete : int
        Detainers in the part of the year that is on record in full.

    Returns
    -------
    Interval or None
        Percent of the detainers of the first part; None if more are on record than `total` allows.
    """
    low, high = total.low - complete, total.high - complete
    if high < recorded:
        return None
    return Interval(100 * max(0.0, 1 - recorded / low), 100 * (1 - recorded / high))
