# SPDX-License-Identifier: Apache-2.0
"""The days on which a birthday, solar or lunar, is greeted.

A solar birthday on 29 February is greeted on 28 February in common years. A lunar birthday keeps
its month and day; one in a leap month keeps the leap month where the year has it and else the
regular month; one on a 30th that the month lacks is greeted on the 29th.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from loyaltyrules.calendar.limits import (
    FIRST_DAY,
    FIRST_YEAR,
    require_lunar_year,
    require_solar_year,
)
from loyaltyrules.calendar.lunar import (
    LunarDate,
    LunarMonth,
    lunar_month,
    lunar_months,
    to_lunar,
    to_solar,
)
from loyaltyrules.calendar.period import month_length

BirthdayCalendar: TypeAlias = Literal["solar", "lunar"]

_FIRST_SOLAR_YEAR: Final = 1900


def anniversaries(born: date, calendar: BirthdayCalendar, year: int) -> tuple[date, ...]:
    """List the days of a Gregorian year on which a birth is greeted, in order.

    A solar birthday has one each year. A lunar one usually has one, but none or two near the turn
    of the Gregorian year. The day of birth itself and what is before it are never anniversaries.

    Args:
        born: The Gregorian day of birth.
        calendar: The calendar by which the birthday is kept.
        year: A Gregorian year: 1901 to 2099 for `lunar`, 1 to 9999 for `solar`.

    Raises:
        CalendarRangeError: the year, or for `lunar` the day of birth, is out of range.
        ValueError: the calendar is neither `solar` nor `lunar`.
    """
    _require_known(calendar)
    found = _solar_days(born, year) if calendar == "solar" else _lunar_days(born, year)
    return tuple(day for day in found if day > born)


@lru_cache(maxsize=4096)
def born_for(day: date, calendar: BirthdayCalendar) -> frozenset[date]:
    """Find every earlier day of birth that is greeted on the given day.

    Births are told from 1900-01-01 for `solar` and from 1901-02-19 for `lunar`. A birth `b` among
    them is in `born_for(day, calendar)` exactly when `day` is in
    `anniversaries(b, calendar, day.year)`.

    Raises:
        CalendarRangeError: for `lunar`, the day's year is not in 1901 to 2099.
        ValueError: the calendar is neither `solar` nor `lunar`.
    """
    _require_known(calendar)
    found = _solar_births(day) if calendar == "solar" else _lunar_births(day)
    return frozenset(born for born in found if born < day)


def _require_known(calendar: str) -> None:
    if calendar not in ("solar", "lunar"):
        raise ValueError(f"unknown birthday calendar {calendar!r}; known: solar, lunar")


def _solar_days(born: date, year: int) -> tuple[date, ...]:
    require_solar_year(year)
    return (date(year, born.month, min(born.day, month_length(year, born.month))),)


def _lunar_days(born: date, year: int) -> tuple[date, ...]:
    """The Gregorian year's greetings; a lunar year before the first promised can hold none."""
    require_lunar_year(year)
    lunar = to_lunar(born)
    years = range(max(year - 1, FIRST_YEAR), year + 1)
    found = (_greeted(lunar, lunar_year) for lunar_year in years)
    return tuple(day for day in found if day.year == year)


def _greeted(born: LunarDate, year: int) -> date:
    month = _kept_month(born.month, born.leap, year)
    return to_solar(LunarDate(year, month.month, min(born.day, month.days), month.leap))


def _kept_month(month: int, leap: bool, year: int) -> LunarMonth:
    """The month of the lunar year in which a birth in the given month is greeted."""
    kept = lunar_month(year, month, leap) or lunar_month(year, month)
    assert kept is not None, "every lunar year has the regular months 1 to 12"
    return kept


def _solar_births(day: date) -> Iterator[date]:
    days = _days_greeted(day.day, month_length(day.year, day.month), longest=31)
    for year in range(_FIRST_SOLAR_YEAR, day.year):
        last = month_length(year, day.month)
        yield from (date(year, day.month, number) for number in days if number <= last)


def _lunar_births(day: date) -> Iterator[date]:
    require_lunar_year(day.year)
    if day <= FIRST_DAY:
        return
    greeted = to_lunar(day)
    for year in range(FIRST_YEAR, greeted.year + 1):
        for month in lunar_months(year):
            if month.month == greeted.month:
                yield from _births_in(year, month, greeted)


def _births_in(year: int, month: LunarMonth, greeted: LunarDate) -> Iterator[date]:
    """The births in one month that are greeted on the given lunar date."""
    kept = _kept_month(month.month, month.leap, greeted.year)
    if kept.leap != greeted.leap:
        return
    for number in _days_greeted(greeted.day, kept.days, longest=30):
        if number <= month.days:
            yield to_solar(LunarDate(year, month.month, number, month.leap))


def _days_greeted(day: int, last: int, longest: int) -> range:
    """The days of the month greeted on a day: itself, and on the last day those the month lacks."""
    return range(day, longest + 1) if day == last else range(day, day + 1)
