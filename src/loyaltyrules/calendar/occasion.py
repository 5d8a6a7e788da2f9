# SPDX-License-Identifier: Apache-2.0
"""How a named date, such as a festival, is found in a Gregorian year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias, assert_never

from loyaltyrules.calendar.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    require_lunar_year,
    require_solar_year,
)
from loyaltyrules.calendar.lunar import LunarDate, lunar_month, lunar_months, to_solar
from loyaltyrules.calendar.period import month_length
from loyaltyrules.calendar.solar_term import SolarTerm, term_day

_LEAP_YEAR: Final = 2000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Solar:
    """The same Gregorian month and day every year; 29 February only in leap years."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Lunar:
    """The same day of the same regular lunar month, never of its leap copy."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth (1 to 5, or -1 for the last) weekday (0 is Monday) of a Gregorian month."""

    nth: int
    weekday: int
    month: int


@dataclass(frozen=True, slots=True)
class LunarYearEnd:
    """The last day of lunar month 12, the 29th or the 30th: the eve of the lunar new year."""


DateRule: TypeAlias = Solar | Lunar | NthWeekday | SolarTerm | LunarYearEnd


def dates_in(rule: DateRule, year: int) -> tuple[date, ...]:
    """List the rule's dates in a Gregorian year, in order.

    Usually there is one. There is none where the date is absent that year (29 February, day 30
    of a short lunar month, a fifth weekday), and none or two of a lunar date around the turn of
    the Gregorian year. Days before 1901-02-19 belong to a lunar year that is not promised, so
    `Lunar` finds none of them; `LunarYearEnd` does find 1901-02-18.

    Args:
        rule: How the date is found.
        year: A Gregorian year: 1901 to 2099 for lunar dates and solar terms, else 1 to 9999.

    Raises:
        CalendarRangeError: the year is outside that range.
    """
    _require_year(rule, year)
    if never_comes(rule):
        return ()
    match rule:
        case Solar():
            return _solar_dates(rule, year)
        case Lunar():
            return _lunar_dates(rule, year)
        case NthWeekday():
            return _weekday_dates(rule, year)
        case SolarTerm():
            return (term_day(rule, year),)
        case LunarYearEnd():
            return (lunar_months(year)[0].first - _DAY,)
        case _:
            assert_never(rule)


def occurrences(rule: DateRule, after: date, until: date) -> tuple[date, ...]:
    """List the rule's dates in the half-open span `after` < date <= `until`, in order.

    Raises:
        CalendarRangeError: the span touches a year outside the rule's range (see `dates_in`).
    """
    if until <= after:
        return ()
    years = range((after + _DAY).year, until.year + 1)
    found = (day for year in years for day in dates_in(rule, year))
    return tuple(day for day in found if after < day <= until)


def never_comes(rule: DateRule) -> bool:
    """Whether no year at all has the date, as 30 February, lunar month 13 or a sixth Monday."""
    match rule:
        case Solar(month, day):
            return not (1 <= month <= 12 and 1 <= day <= month_length(_LEAP_YEAR, month))
        case Lunar(month, day):
            return not (1 <= month <= 12 and 1 <= day <= 30)
        case NthWeekday(nth, weekday, month):
            return not (nth in (-1, 1, 2, 3, 4, 5) and 0 <= weekday <= 6 and 1 <= month <= 12)
        case SolarTerm() | LunarYearEnd():
            return False
        case _:
            assert_never(rule)


def _require_year(rule: DateRule, year: int) -> None:
    if isinstance(rule, Solar | NthWeekday):
        require_solar_year(year)
    else:
        require_lunar_year(year)


def _solar_dates(rule: Solar, year: int) -> tuple[date, ...]:
    if rule.day > month_length(year, rule.month):
        return ()
    return (date(year, rule.month, rule.day),)


def _lunar_dates(rule: Lunar, year: int) -> tuple[date, ...]:
    """A Gregorian year holds the end of one lunar year and most of the next."""
    lunar_years = range(max(year - 1, FIRST_YEAR), min(year, LAST_YEAR) + 1)
    months = ((lunar_year, lunar_month(lunar_year, rule.month)) for lunar_year in lunar_years)
    found = (
        to_solar(LunarDate(lunar_year, rule.month, rule.day))
        for lunar_year, month in months
        if month is not None and rule.day <= month.days
    )
    return tuple(day for day in found if day.year == year)


def _weekday_dates(rule: NthWeekday, year: int) -> tuple[date, ...]:
    first = date(year, rule.month, 1)
    length = month_length(year, rule.month)
    earliest = 1 + (rule.weekday - first.weekday()) % 7
    days = range(earliest, length + 1, 7)
    if rule.nth > len(days):
        return ()
    return (first.replace(day=days[rule.nth - 1 if rule.nth > 0 else -1]),)
