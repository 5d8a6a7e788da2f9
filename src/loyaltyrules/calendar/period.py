# SPDX-License-Identifier: Apache-2.0
"""A length of time, of the calendar or exact, and moving a day or an instant by it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from loyaltyrules.calendar.instant import at_local, at_utc, is_instant, later, zone_at
from loyaltyrules.calendar.limits import CalendarRangeError


@dataclass(frozen=True, slots=True)
class Period:
    """So many calendar months, then so many days, then so many minutes.

    A year is 12 months and a week 7 days; an hour is 60 minutes, but a day is no number of hours.
    `workdays` are counted after months and days; only who has the official notices can count them (`land`).
    """

    months: int = 0
    days: int = 0
    minutes: int = 0
    workdays: int = field(default=0, kw_only=True)

    def __add__(self, other: Period) -> Period:
        minutes, workdays = self.minutes + other.minutes, self.workdays + other.workdays
        return Period(
            self.months + other.months, self.days + other.days, minutes, workdays=workdays
        )


def shift(day: date, period: Period, sign: int = 1) -> date:
    """Move a day or an instant by a period.

    Months move first and a day the target month lacks becomes that month's last day; then the
    days are counted. Moving forth and back need not return to the same day. An instant keeps the
    time on its wall that far; then the minutes pass, exactly.

    Args:
        day: The day to start from; a day cannot be moved by minutes.
        period: How far to move.
        sign: 1 moves forward, -1 moves back.

    Raises:
        CalendarRangeError: the result lies outside the years 1 to 9999.
        ValueError: the period counts workdays, which only notices tell.
    """
    if period.workdays:
        raise ValueError(f"{period.workdays} workdays are counted by notices, not by the calendar")
    try:
        if isinstance(day, datetime):
            return _shifted(day, period, sign)
        if not period.minutes:
            return _by_calendar(day, period, sign)
    except (ValueError, OverflowError) as fault:
        months, days = sign * period.months, sign * period.days
        raise CalendarRangeError(
            f"{day} moved by {months} months and {days} days leaves the years 1 to 9999"
        ) from fault
    raise TypeError(f"{day} has no hours: it cannot be moved by {period}")


def _by_calendar(day: date, period: Period, sign: int) -> date:
    if not period.months:  # most periods; whole days need no calendar
        return day + timedelta(days=sign * period.days)
    return day + _delta(period, sign)


def _shifted(moment: datetime, period: Period, sign: int) -> datetime:
    """An instant by the calendar of its wall and then by minutes that pass."""
    found = moment
    if period.months or period.days:
        wall = _by_calendar(moment.replace(tzinfo=None), period, sign)
        assert isinstance(wall, datetime)
        found = at_local(wall, zone_at(moment))
    return later(found, timedelta(minutes=sign * period.minutes)) if period.minutes else found


def shift_or_edge(moment: date, period: Period, sign: int = 1) -> date:
    """The same; beyond the years 1 to 9999 a moment stays at the edge, so 9999-12-31 means never."""
    try:
        return shift(moment, period, sign)
    except CalendarRangeError:
        after = sign * (period.months or period.days or period.minutes)
        if is_instant(moment):
            return at_utc(datetime.max if after > 0 else datetime.min, zone_at(moment))
        return edge(moment, after)


def edge(moment: date, sign: int) -> date:
    """The last moment of all for a sign above zero, else the first."""
    return type(moment).max if sign > 0 else type(moment).min


def minutes_between(start: datetime, end: datetime) -> int:
    """Count the whole minutes that pass from one instant to another.

    It is the largest k, negative when `end` comes first, for which `start` is at least k minutes
    before `end`.
    """
    return (end - start) // timedelta(minutes=1)


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
