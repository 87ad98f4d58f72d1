"""Days in text: one rule, as SQL, for every way in which people's tools write a date.

The date in the file is the date: a time of day or a zone behind it never moves it. Month/day/year is read as the
Americans write it; a file whose dates come day first is refused. Numbers of five digits are Excel's days.
"""

from __future__ import annotations

FIRST_DAY, LAST_DAY = "1980-01-01", "2099-12-31"
SERIAL = r"(\d{5})(?:\.\d+)?"
DAY_FIRST = r"(1[3-9]|2\d|3[01])[-/.](0?[1-9]|1[0-2])[-/.](\d{4}|\d{2})\b.*"
_MONTH_FIRST = r"(0?[1-9]|1[0-2])[-/](1[3-9]|2\d|3[01])[-/](\d{4}|\d{2})\b.*"
_ZERO_DAY = {False: "1899-12-30", True: "1904-01-01"}
_ZONE = r"(?:Z|UTC|GMT|[-+]\d{2}:?(?:\d{2})?)"
_TIME = rf"(?:[T ,:]\s*\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,:]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*{_ZONE}?)?"
# Each reads the part of the text that its first group holds; a text of another form gives '' and then no day.
_ISO = r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})"
_US = r"(\d{1,2}[-/]\d{1,2}[-/](?:\d{4}|\d{2}))"
_COMPACT = r"(\d{8})(?:T?\d{4}|T?\d{6})?"
# SAS writes 31DEC2014, Oracle 31-DEC-14, SQL Server Dec 31 2014 12:00AM.
_DAY_MONTH = r"(\d{1,2}[- ]?[A-Za-z]{3,9}[- ]?(?:\d{4}|\d{2}))"
_MONTH_DAY = r"([A-Za-z]{3,9}\.? +\d{1,2},? +\d{4})"


def day(text: str, *, since_1904: bool = False) -> str:
    """SQL of the day between 1980 and 2099 that the SQL expression `text` names, or null.

    Parameters
    ----------
    text : str
        SQL of trimmed text; the name of a column, since it is repeated.
    since_1904 : bool
        Whether the workbook that the text is from counts its days from 1904, as Excel for the Macintosh did.
    """
    number = f"DATE '{_ZERO_DAY[since_1904]}' + TRY_CAST(regexp_extract({text}, '^{SERIAL}$', 1) AS INTEGER)"
    forms = (
        _parsed(text, _ISO, "-", "%Y-%m-%d"),
        _parsed(text, _US, "-", "%m-%d-%y", "%m-%d-%Y"),
        number,
        _parsed(text, _COMPACT, "", "%Y%m%d"),
        _parsed(text, _DAY_MONTH, "", *(f"{order}{year}" for order in ("%d%b", "%d%B") for year in ("%y", "%Y"))),
        _parsed(text, _MONTH_DAY, "-", "%b-%d-%Y", "%B-%d-%Y"),
    )
    read = plausible("day")  # a list names the day, so that the forms are planned once
    return f"list_transform([coalesce({', '.join(forms)})], lambda day: {read})[1]"


def _parsed(text: str, form: str, separator: str, *formats: str) -> str:
    found = f"regexp_replace(regexp_extract({text}, '^{form}{_TIME}$', 1), '[-/ .,]+', '{separator}', 'g')"
    return f"CAST(try_strptime({found}, [{', '.join(repr(form) for form in formats)}]) AS DATE)"


def plausible(date: str) -> str:
    """SQL of a date, null where it lies outside the years that a detainer can be from."""
    return f"CASE WHEN {date} BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}' THEN {date} END"


def day_first(text: str) -> str:
    """SQL: whether a text can only be day/month/year."""
    return f"regexp_full_match({text}, '{DAY_FIRST}')"


def either_first(text: str) -> str:
    """SQL: whether a text names one day as month/day/year and another as day/month/year."""
    number = r"0?([1-9]|1[0-2])"
    first, second = (f"regexp_extract({text}, '{form}', 1)" for form in (f"^{number}[-/]", f"^\\d+[-/]{number}[-/]\\d"))
    return f"({first} > '' AND {second} > '' AND {first} != {second})"


def month_first(text: str) -> str:
    """SQL: whether a text can only be month/day/year."""
    return f"regexp_full_match({text}, '{_MONTH_FIRST}')"
