# SPDX-License-Identifier: Apache-2.0
"""Recurring days with a name: every day, a weekday, the ends of months, quarters and years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from loyaltyrules.calendar.period import closes_month

_WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One of the recurring days named in `SCHEDULES`.

    Raises:
        ValueError: no schedule has that name.
    """

    name: str

    def __post_init__(self) -> None:
        if self.name not in SCHEDULES:
            raise ValueError(f"unknown schedule {self.name!r}; known: {', '.join(SCHEDULES)}")


def falls_on(schedule: Schedule, day: date) -> bool:
    """Whether the day is one of the schedule's; quarters begin in January, April, July, October."""
    if schedule.name in _WEEKDAYS:
        return day.weekday() == _WEEKDAYS.index(schedule.name)
    return _TESTS[schedule.name](day)


def _opens(months_of_year: range) -> Callable[[date], bool]:
    return lambda day: day.day == 1 and day.month in months_of_year


def _closes(months_of_year: range) -> Callable[[date], bool]:
    return lambda day: day.month in months_of_year and closes_month(day)


_TESTS: Final[dict[str, Callable[[date], bool]]] = {
    "daily": lambda day: True,
    "month_start": _opens(range(1, 13)),
    "month_end": _closes(range(1, 13)),
    "quarter_start": _opens(range(1, 13, 3)),
    "quarter_end": _closes(range(3, 13, 3)),
    "year_start": _opens(range(1, 2)),
    "year_end": _closes(range(12, 13)),
}

SCHEDULES: Final[tuple[str, ...]] = (
    "daily",
    *_WEEKDAYS,
    "month_start",
    "month_end",
    "quarter_start",
    "quarter_end",
    "year_start",
    "year_end",
)
"""The names a schedule may have."""
