# SPDX-License-Identifier: Apache-2.0
"""The Chinese lunisolar calendar, lunar years 1901 to 2099.

The month lengths come from the year words of `lunardate`, with three words corrected after the
Hong Kong Observatory's tables; its functions and its state are left alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, total_ordering
from itertools import chain
from typing import Final
from zlib import crc32

from lunardate import YEAR_INFOS

from loyaltyrules.calendar.limits import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_YEAR,
    NoSuchLunarDate,
    require_lunar_day,
    require_lunar_year,
)

_WORDS_BEGIN: Final = 1900
_CORRECTED: Final = {1933: 0x16A95, 1954: 0x0A5B0, 1978: 0x0B6A0}
_CHECKSUM: Final = 0xFB6AA4BE
_PROVISIONAL: Final = frozenset({(2057, 8), (2057, 9), (2089, 7), (2089, 8), (2097, 6), (2097, 7)})


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """One month of a lunar year: its number, whether it is the leap copy, first day and length."""

    month: int
    leap: bool
    first: date
    days: int


@total_ordering
@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day that exists in the lunar calendar, ordered as the days follow each other.

    Raises:
        CalendarRangeError: the lunar year is not promised.
        NoSuchLunarDate: the year has no such month or the month no such day.
    """

    year: int
    month: int
    day: int
    leap: bool = False

    def __post_init__(self) -> None:
        month = _table().months.get((self.year, self.month, self.leap))
        if month is None or not 1 <= self.day <= month.days:
            raise NoSuchLunarDate(_absence(self))

    def __lt__(self, other: LunarDate) -> bool:
        if not isinstance(other, LunarDate):
            return NotImplemented
        return _rank(self) < _rank(other)


def to_lunar(day: date) -> LunarDate:
    """Find the lunar date of a Gregorian day.

    Raises:
        CalendarRangeError: the day is before 1901-02-19 or after 2100-02-08.
    """
    require_lunar_day(day)
    table, ordinal = _table(), day.toordinal()
    position = bisect_right(table.starts, ordinal) - 1
    year, month, leap = table.keys[position]
    return LunarDate(year, month, ordinal - table.starts[position] + 1, leap)


def to_solar(lunar: LunarDate) -> date:
    """Find the Gregorian day of a lunar date."""
    month = _table().months[lunar.year, lunar.month, lunar.leap]
    return date.fromordinal(month.first.toordinal() + lunar.day - 1)


def lunar_months(year: int) -> tuple[LunarMonth, ...]:
    """List the 12 or 13 months of a lunar year in order; a leap month follows its regular one.

    Raises:
        CalendarRangeError: the lunar year is not in 1901 to 2099.
    """
    require_lunar_year(year)
    return _table().years[year]


def lunar_month(year: int, month: int, leap: bool = False) -> LunarMonth | None:
    """Find one month of a lunar year, or None when the year has no such month.

    Raises:
        CalendarRangeError: the lunar year is not in 1901 to 2099.
    """
    require_lunar_year(year)
    return _table().months.get((year, month, leap))


def leap_month(year: int) -> int | None:
    """Tell the number of the month that the lunar year has twice, or None.

    Raises:
        CalendarRangeError: the lunar year is not in 1901 to 2099.
    """
    return next((month.month for month in lunar_months(year) if month.leap), None)


def is_provisional(lunar: LunarDate) -> bool:
    """Whether the Hong Kong Observatory warns that the month's days may still move by one."""
    return (lunar.year, lunar.month) in _PROVISIONAL


@dataclass(frozen=True, slots=True)
class _Table:
    """Every month promised: the ordinals of the first days, and what month begins on each."""

    starts: list[int]
    keys: list[tuple[int, int, bool]]
    months: dict[tuple[int, int, bool], LunarMonth]
    years: dict[int, tuple[LunarMonth, ...]]


@cache
def _table() -> _Table:
    table, start = _Table([], [], {}, {}), FIRST_DAY.toordinal()
    for year, word in _year_words().items():
        months = []
        for number, leap, days in _lengths(word):
            month = LunarMonth(number, leap, date.fromordinal(start), days)
            table.starts.append(start)
            table.keys.append((year, number, leap))
            months.append(month)
            start += days
        table.years[year] = tuple(months)
    table.months.update(zip(table.keys, chain.from_iterable(table.years.values()), strict=True))
    return table


def _lengths(word: int) -> Iterator[tuple[int, bool, int]]:
    """Read a year word: bits 15 to 4 mark the long months 1 to 12, bits 3 to 0 number the leap
    month (0 for none), and bit 16 marks a long leap month. A long month has 30 days, others 29."""
    for month in range(1, 13):
        yield month, False, 29 + (word >> (16 - month) & 1)
        if month == word & 0xF:
            yield month, True, 29 + (word >> 16 & 1)


def _year_words() -> dict[int, int]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    words = {year: _CORRECTED.get(year, YEAR_INFOS[year - _WORDS_BEGIN]) for year in years}
    if crc32(repr(words).encode()) != _CHECKSUM:
        raise RuntimeError("lunardate's year table is not the one proved here; install 0.3.0")
    return words


def _rank(lunar: LunarDate) -> tuple[int, int, bool, int]:
    return lunar.year, lunar.month, lunar.leap, lunar.day


def _absence(lunar: LunarDate) -> str:
    month = lunar_month(lunar.year, lunar.month, lunar.leap)
    name = f"{'leap ' if lunar.leap else ''}month {lunar.month}"
    if month is None:
        return f"lunar year {lunar.year} has no {name}; its leap month: {leap_month(lunar.year)}"
    return f"{name} of lunar year {lunar.year} has days 1 to {month.days}, not {lunar.day}"
