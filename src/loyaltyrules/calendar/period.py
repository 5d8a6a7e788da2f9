# SPDX-License-Identifier: Apache-2.0
"""A length of calendar time, and moving a day by it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from loyaltyrules.calendar.limits import CalendarRangeError


@dataclass(frozen=True, slots=True)
class Period:
    """So many calendar months and then so many days; a year is 12 months, a week 7 days.

    `workdays` are counted after both; only who has the official notices can count them (`land`).
    """

    months: int = 0
    days: int = 0
    workdays: int = field(default=0, kw_only=True)


def shift(day: date, period: Period, sign: int = 1) -> date:
    """Move a day by a period.

    Months move first and a day the target month lacks becomes that month's last day; then the
    days are counted. Moving forth and back need not return to the same day.

    Args:
        day: The day to start from.
        period: How far to move.
        sign: 1 moves forward, -1 moves back.

    Raises:
        CalendarRangeError: the result lies outside the years 1 to 9999.
        ValueError: the period counts workdays, which only notices tell.
    """
    if period.workdays:
        raise ValueError(f"{period.workdays} workdays are counted by notices, not by the calendar")
    try:
        if not period.months:  # most periods; whole days need no calendar
            return day + timedelta(days=sign * period.days)
        return day + _delta(period, sign)
    except (ValueError, OverflowError) as fault:
        months, days = sign * period.months, sign * period.days
        raise CalendarRangeError(
            f"{day} moved by {months} months and {days} days leaves the years 1 to 9999"
        ) from fault


def shift_or_edge(moment: date, period: Period, sign: int = 1) -> date:
    """The same; beyond the years 1 to 9999 a moment stays at the edge, so 9999-12-31 means never."""
    try:
        return shift(moment, period, sign)
    except CalendarRangeError:
        return edge(moment, sign * (period.months or period.days))


def edge(moment: date, sign: int) -> date:
    """The last moment of all for a sign above zero, else the first."""
    return type(moment).max if sign > 0 else type(moment).min


def months_between(start: date, end: date) -> int:
    """Count the whole months from one day to another.

    It is the largest k, negative when `end` comes first, for which `start` moved by k months is
    not after `end`; so 2024-02-29 to 2025-02-28 is 12.
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    reached = end.day >= start.day or closes_month(end)
    return months if reached else months - 1


def closes_month(day: date) -> bool:
    """Whether the day is the last of its month."""
    return day.day == month_length(day.year, day.month)


def month_length(year: int, month: int) -> int:
    """How many days the Gregorian month has: 28 to 31."""
    return monthrange(year, month)[1]


@lru_cache(maxsize=256)
def _delta(period: Period, sign: int) -> relativedelta:
    return relativedelta(months=sign * period.months, days=sign * period.days)
