"""Charts of one county: its records by month and by year, and its federal money."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from detainer_analysis.figures.canvas import Drawing, drawn_at_both_widths, is_narrow, open_chart
from detainer_analysis.figures.rows import bars_only, no_value_axis, short_year
from detainer_analysis.figures.style import BLUE, GREY, PALE, VERMILION, label_point

_WORKBOOK = "ICE workbook for fiscal 2015 (to 19 July 2015)"
_AGGREGATE = "ICE records via NPR, October 2007 to 19 July 2015"
_CENSUS = "Census Bureau, finances of single governments; a survey of some counties each year"
_PARTS = {"declined": VERMILION, "other outcomes": BLUE, "no recorded outcome": PALE}


@drawn_at_both_widths
def records_by_month(months: pd.DataFrame, county: str) -> Drawing:
    """Detainers of fiscal 2015 by what is recorded of them.

    Parameters
    ----------
    months : pandas.DataFrame
        ``by_month`` of `detainer_analysis.measures.county.profile`; may have no row.
    county : str
        Its name.
    """
    sums = months[["detainers", "declined", "no_recorded_outcome"]].sum().astype(int)
    title = (
        f"{county}: of {sums['detainers']:,} detainers {sums['declined']:,} are recorded as declined (vermilion);"
        f" {sums['no_recorded_outcome']:,} have no recorded outcome (grey)"
        if len(months)
        else f"{county}: no detainer of fiscal 2015 is placed in this county"
    )
    figure, axes = open_chart(4.0, title, _WORKBOOK, measure="Detainers by month of preparation")
    data = pd.DataFrame(
        {
            "month": months["month"],
            "declined": months["declined"],
            "other outcomes": months["detainers"] - months["declined"] - months["no_recorded_outcome"],
            "no recorded outcome": months["no_recorded_outcome"],
        }
    )
    if data.empty:
        _nothing(axes)
        return Drawing(figure, data)
    start = pd.Series(0, index=data.index)
    for name, colour in _PARTS.items():
        axes.bar(range(len(data)), data[name], bottom=start, color=colour, label=name)
        start = start + data[name]
    _number_bars(axes, start)
    names = [f"{pd.Timestamp(month):%b\n%Y}" for month in data["month"]]
    axes.set_xticks(range(len(data)), [name if not (is_narrow() and n % 2) else "" for n, name in enumerate(names)])
    axes.set_ylim(0, start.max() * (2.2 if is_narrow() else 1.35))
    no_value_axis(axes)
    axes.legend(loc="upper left", ncols=1 if is_narrow() else 3, frameon=False)
    return Drawing(figure, data)


@drawn_at_both_widths
def declines_by_year(years: pd.DataFrame, county: str) -> Drawing:
    """Recorded declines by calendar year.

    Parameters
    ----------
    years : pandas.DataFrame
        ``by_year`` of `detainer_analysis.measures.county.profile`; may have no row.
    county : str
        Its name.
    """
    total = int(years["declined"].sum())
    if total:
        peak = years.loc[years["declined"].idxmax()]
        title = f"{county}: {total:,} recorded declines, the most in {peak['year']} ({peak['declined']:,})"
    else:
        title = f"{county}: no decline is recorded at a place in this county"
    figure, axes = open_chart(
        3.4, title, _AGGREGATE, measure="Declined detainers by year of preparation; 2007 and 2015 are part years"
    )
    if years.empty:
        _nothing(axes)
        return Drawing(figure, years)
    axes.bar(range(len(years)), years["declined"], color=VERMILION)
    _number_bars(axes, years["declined"])
    axes.set_xticks(range(len(years)), [short_year(year) for year in years["year"]])
    axes.set_ylim(0, max(years["declined"].max(), 1) * 1.15)
    no_value_axis(axes)
    return Drawing(figure, years)


@drawn_at_both_widths
def federal_money(money: pd.DataFrame, county: str) -> Drawing:
    """The least and the most of general revenue that can be federal, by Census year.

    Parameters
    ----------
    money : pandas.DataFrame
        ``federal_money`` of `detainer_analysis.measures.county.profile`; may have no row.
    county : str
        Its name.
    """
    columns = ["fiscal_year", "direct_percent", "all_aid_percent", "welfare_coding", "federal_flags", "federal_repeats"]
    data = money.loc[money["all_aid_percent"].notna(), columns].reset_index(drop=True)
    if len(data):
        last = data.iloc[-1]
        title = (
            f"{county}: in fiscal {last['fiscal_year']} at least {last['direct_percent']:.1f} and at most"
            f" {last['all_aid_percent']:.1f} percent of general revenue was federal"
        )
    else:
        title = f"{county}: the files of the Census Bureau have no row of this county's government"
    figure, axes = open_chart(
        3.6,
        title,
        _CENSUS,
        measure="Percent of general revenue by fiscal year: direct federal (blue), all government aid (grey)",
    )
    if data.empty:
        _nothing(axes)
        return Drawing(figure, data)
    beside = {"ha": "center", "va": "top", "xytext": (0, -6)} if is_narrow() else {"xytext": (9, 0)}
    for position, row in enumerate(data.itertuples()):
        axes.vlines(position, row.direct_percent, row.all_aid_percent, color=PALE, linewidth=10)
        label_point(
            axes, position, row.all_aid_percent, f"{row.all_aid_percent:.1f}", ha="center", va="bottom", xytext=(0, 3)
        )
        label_point(axes, position, row.direct_percent, f"{row.direct_percent:.1f}", color=BLUE, **beside)
    axes.plot(range(len(data)), data["direct_percent"], "o", color=BLUE, markersize=7)
    axes.set_xticks(range(len(data)), [short_year(year) for year in data["fiscal_year"]])
    axes.set_xlim(-0.5, len(data) - 0.2)
    axes.set_ylim(-0.2 * data["all_aid_percent"].max() if is_narrow() else 0, data["all_aid_percent"].max() * 1.15)
    no_value_axis(axes)
    return Drawing(figure, data)


def _number_bars(axes: Axes, heights: pd.Series) -> None:
    """Write the height of each upright bar above it."""
    for position, height in enumerate(heights):
        label_point(axes, position, height, f"{height:,}", ha="center", va="bottom", xytext=(0, 2))


def _nothing(axes: Axes) -> None:
    """Say in an empty chart that an empty table is not a zero."""
    words = "no row, which is not the same as zero"
    axes.annotate(words, (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)
    axes.set_yticks([])
    bars_only(axes)
