# SPDX-License-Identifier: Apache-2.0
"""Recurring days with a name: every day, a weekday, the ends of months and years, workdays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, assert_never

from loyaltyrules.calendar.names import ORDINALS, WEEKDAYS
from loyaltyrules.calendar.period import closes_month
from loyaltyrules.calendar.workday import NO_NOTICE, RestDays, Untold, is_nth_workday


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day."""


@dataclass(frozen=True, slots=True)
class Weekday:
    """The same day of every week; 0 is Monday."""

    weekday: int


@dataclass(frozen=True, slots=True)
class PeriodStart:
    """The first day of every span of so many months, counted from January: 3 are a quarter."""

    months: int


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """The last day of every span of so many months, counted from January: 3 are a quarter."""

    months: int


@dataclass(frozen=True, slots=True)
class NthWorkday:
    """The nth workday of every month by official notice; -1 is the last."""

    nth: int


Schedule: TypeAlias = Daily | Weekday | PeriodStart | PeriodEnd | NthWorkday

SCHEDULES: Final[Mapping[str, Schedule]] = {
    "daily": Daily(),
    **{name: Weekday(number) for number, name in enumerate(WEEKDAYS)},
    "month_start": PeriodStart(1),
    "month_end": PeriodEnd(1),
    "quarter_start": PeriodStart(3),
    "quarter_end": PeriodEnd(3),
    "year_start": PeriodStart(12),
    "year_end": PeriodEnd(12),
    **{f"{name} workday of month": NthWorkday(nth) for name, nth in ORDINALS.items()},
}
"""The names that policies write schedules by: all that a policy can say is listed here."""


def schedule_named(text: str) -> Schedule | None:
    """The schedule that a text names, or None where it names none."""
    return SCHEDULES.get(text)


def counts_workdays(schedule: Schedule) -> bool:
    """Whether official notices decide on which days the schedule falls."""
    match schedule:
        case Daily() | Weekday() | PeriodStart() | PeriodEnd():
            return False
        case NthWorkday():
            return True
        case _:
            assert_never(schedule)


def falls_on(schedule: Schedule, day: date, notice: RestDays = NO_NOTICE) -> bool | Untold:
    """Whether the day is one of the schedule's, or what the notice would have to tell for it."""
    match schedule:
        case Daily():
            return True
        case Weekday(weekday):
            return day.weekday() == weekday
        case PeriodStart(months):
            return day.day == 1 and (day.month - 1) % months == 0
        case PeriodEnd(months):
            return closes_month(day) and day.month % months == 0
        case NthWorkday(nth):
            return is_nth_workday(day, nth, notice)
        case _:
            assert_never(schedule)
