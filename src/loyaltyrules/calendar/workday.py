# SPDX-License-Identifier: Apache-2.0
"""Workdays by official notice, known only for the years that a notice covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from loyaltyrules.calendar.period import month_length

REST_DAY: Final = "rest_day"
"""The reference table of the notices: a `day`, and its `kind`, one of `KINDS_OF_DAY`."""

KINDS_OF_DAY: Final = ("rest", "work")

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class RestDays:
    """What the official notices say, given by the caller; none are built in.

    Attributes:
        rest: The days announced as days off, weekends among them or not.
        makeup: The weekend days announced as workdays.
        years: The Gregorian years whose notices are included.
        unclear: The days of which the notices do not say which they are.

    Raises:
        ValueError: a day is both a day off and a workday.
    """

    rest: frozenset[date]
    makeup: frozenset[date]
    years: frozenset[int]
    unclear: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        both = sorted(self.rest & self.makeup)
        if both:
            days = ", ".join(map(str, both))
            raise ValueError(f"both rest day and makeup workday: {days}; keep each in one set")


NO_NOTICE: Final = RestDays(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Untold:
    """What a notice would have to tell: years such as `2028`, or days such as `2027-05-01`."""

    lacking: tuple[str, ...]


def rest_days(rows: Iterable[tuple[date | None, str | None]]) -> RestDays:
    """The notices in a table of days and their kinds; a year with a row is covered.

    Days whose rows contradict each other, or that have no kind, are unclear. Rows without a day
    say nothing.
    """
    kinds: dict[date, set[str | None]] = {}
    for day, kind in rows:
        if day is not None:
            kinds.setdefault(day, set()).add(kind)
    rest, makeup = (
        frozenset(day for day, found in kinds.items() if found == {kind}) for kind in KINDS_OF_DAY
    )
    years = frozenset(day.year for day in kinds)
    return RestDays(rest, makeup, years, frozenset(kinds) - rest - makeup)


def is_workday(day: date, notice: RestDays) -> bool | None:
    """Whether people work on the day, or None when no notice tells.

    A day the notice names is known even outside its years, as a holiday that begins in December.
    Other days of its years follow the week; other years are unknown and never computed.
    """
    if day in notice.makeup or day in notice.rest:
        return day in notice.makeup
    if day in notice.unclear or day.year not in notice.years:
        return None
    return day.weekday() < _SATURDAY


def is_nth_workday(day: date, nth: int, notice: RestDays) -> bool | Untold:
    """Whether the day is the nth workday of its month, or the last for -1.

    Untold only where it may be: where what is known leaves it as many workdays before it (after it,
    for the last) as it must have, no fewer and no more.
    """
    length, wanted = month_length(day.year, day.month), abs(nth) - 1
    beside = range(1, day.day) if nth > 0 else range(day.day + 1, length + 1)
    days = [*(day.replace(day=number) for number in beside), day]
    *others, own = (is_workday(each, notice) for each in days)
    sure = others.count(True)
    if own is False or not sure <= wanted <= sure + others.count(None):
        return False
    open_ = [each for each in days if is_workday(each, notice) is None]
    return untold(open_, notice) if open_ else True


def untold(days: Iterable[date], notice: RestDays) -> Untold:
    """What the notice would have to tell for these days, which it leaves open."""
    told = (str(day if day in notice.unclear else day.year) for day in days)
    return Untold(tuple(dict.fromkeys(told)))
