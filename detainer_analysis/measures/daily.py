"""Daily issuance on both sides of a date, and of every other date."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

CALENDAR = USFederalHolidayCalendar()  # one for all windows: it keeps the holidays that it has worked out


def change_percent(days: pd.Series, date: str, weeks: int) -> float:
    """How much more detainers a day were prepared in the weeks from `date` on than in as many before, in percent.

    Poisson regression (``statsmodels``) with a level for each day of the week and a straight trend; federal holidays
    are left out.

    Parameters
    ----------
    days : pandas.Series
        Detainers per day, indexed by day without gaps.
    date : str
        First day after the change.
    weeks : int
        Whole weeks on either side.

    Raises
    ------
    ValueError
        If the days do not reach far enough, or have a gap.
    """
    first = pd.Timestamp(date)
    window = days[first - pd.Timedelta(weeks=weeks) : first + pd.Timedelta(weeks=weeks, days=-1)]
    if len(window) != 14 * weeks:
        raise ValueError(f"{weeks} weeks on either side of {date} need {14 * weeks} days; there are {len(window)}")
    window = window[~window.index.isin(CALENDAR.holidays(days.index[0], days.index[-1]))]
    when = pd.DatetimeIndex(window.index)
    levels = [when.day_of_week == number for number in range(7)]
    design = np.column_stack([*levels, (when - first).days / 7, when >= first]).astype(float)
    fit = GLM(window.to_numpy(float), design, family=families.Poisson()).fit()
    return float(100 * np.expm1(fit.params[-1]))


def placebos(days: pd.Series, date: str, weeks: int) -> pd.Series:
    """`change_percent` at every day whose windows fit into the records and hold no day on both sides of `date`."""
    gap = pd.Timedelta(weeks=weeks)
    inside = days.index[7 * weeks : len(days) - 7 * weeks + 1]
    admitted = inside[np.abs(inside - pd.Timestamp(date)) >= gap]
    return pd.Series({day: change_percent(days, str(day), weeks) for day in admitted})
