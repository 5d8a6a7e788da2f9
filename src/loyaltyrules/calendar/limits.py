# SPDX-License-Identifier: Apache-2.0
"""The days the calendar vouches for, and the errors that say a day lies beyond them.

Lunar years 1901 to 2099 are promised; the Gregorian calendar is promised for every year that
`datetime.date` knows.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date
from typing import Final

FIRST_YEAR: Final = 1901
"""The first lunar year promised, and the first Gregorian year whose lunar dates are told."""

LAST_YEAR: Final = 2099
"""The last lunar year promised, and the last Gregorian year whose lunar dates are told."""

FIRST_DAY: Final = date(1901, 2, 19)
"""The first day of lunar year 1901."""

LAST_DAY: Final = date(2100, 2, 8)
"""The last day of lunar year 2099."""


class CalendarRangeError(ValueError):
    """A day or year lies outside what the calendar promises; the message tells the range."""


class NoSuchLunarDate(ValueError):
    """A lunar date that its year lacks: month 13, day 30 of a short month, an absent leap month."""


def require_lunar_day(day: date) -> None:
    """Refuse a day that the lunar calendar does not promise.

    Raises:
        CalendarRangeError: the day is before `FIRST_DAY` or after `LAST_DAY`.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CalendarRangeError(
            f"{day} has no lunar date here: lunar dates are known from {FIRST_DAY} to {LAST_DAY}"
        )


def require_lunar_year(year: int) -> None:
    """Refuse a year, lunar or Gregorian, for which lunar dates are not promised.

    Raises:
        CalendarRangeError: the year is not in `FIRST_YEAR` to `LAST_YEAR`.
    """
    _require(year, FIRST_YEAR, LAST_YEAR, "lunar dates and solar terms")


def require_solar_year(year: int) -> None:
    """Refuse a Gregorian year that `datetime.date` cannot hold.

    Raises:
        CalendarRangeError: the year is not in 1 to 9999.
    """
    _require(year, MINYEAR, MAXYEAR, "dates")


def _require(year: int, first: int, last: int, what: str) -> None:
    if not first <= year <= last:
        raise CalendarRangeError(
            f"year {year} is out of range: {what} are known for the years {first} to {last}"
        )
