# SPDX-License-Identifier: Apache-2.0
"""Workdays by official notice, known only for the years that a notice covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class RestDays:
    """What the official notices say, given by the caller; none are built in.

    Attributes:
        rest: The days announced as days off, weekends among them or not.
        makeup: The weekend days announced as workdays.
        years: The Gregorian years whose notices are included.

    Raises:
        ValueError: a day is both a day off and a workday.
    """

    rest: frozenset[date]
    makeup: frozenset[date]
    years: frozenset[int]

    def __post_init__(self) -> None:
        both = sorted(self.rest & self.makeup)
        if both:
            days = ", ".join(map(str, both))
            raise ValueError(f"both rest day and makeup workday: {days}; keep each in one set")


def is_workday(day: date, notice: RestDays) -> bool | None:
    """Whether people work on the day, or None when no notice tells.

    A day the notice names is known even outside its years, as a holiday that begins in December.
    Other days of its years follow the week; other years are unknown and never computed.
    """
    if day in notice.makeup or day in notice.rest:
        return day in notice.makeup
    return day.weekday() < _SATURDAY if day.year in notice.years else None
