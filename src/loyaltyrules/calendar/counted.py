# SPDX-License-Identifier: Apache-2.0
"""Days counted from a day: calendar periods, and workdays as far as official notices tell."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from loyaltyrules.calendar.period import Period, edge, shift_or_edge
from loyaltyrules.calendar.workday import NO_NOTICE, RestDays, is_workday, untold

SLACK: Final = 31
"""So many workdays lie within as many weeks and these days: nobody rests longer at a stretch."""

_WEEK: Final = 7
_DAY: Final = Period(days=1)


class Landing(NamedTuple):
    """The days between which a count ends; `lacking` is what notices would have to tell to say on which."""

    first: date
    last: date
    lacking: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day on which it ends, where that is known."""
        return self.first if self.first == self.last else None

    def moved(self, period: Period, sign: int = 1, notice: RestDays = NO_NOTICE) -> Landing:
        """The same counted on by a period."""
        low = land(self.first, period, sign, notice)
        if self.first == self.last:
            return low._replace(lacking=self.lacking or low.lacking)
        high = land(self.last, period, sign, notice)
        return Landing(low.first, high.last, self.lacking or low.lacking or high.lacking)


def land(day: date, period: Period, sign: int = 1, notice: RestDays = NO_NOTICE) -> Landing:
    """Where a period ends that is counted from a day: months first, then days, then workdays.

    So many workdays after a day end on the workday that makes the number full; the day itself is not
    counted. Beyond the years 1 to 9999 all stays at their edge.
    """
    if not period.workdays:
        found = shift_or_edge(day, period, sign)
        return Landing(found, found)
    start = shift_or_edge(day, Period(period.months, period.days), sign)
    return _counted(start, period.workdays, sign, notice)


def starts(day: date, period: Period, sign: int = 1) -> tuple[date, date]:
    """The range of days from which a period may end on a day, both ends included, and a little more."""
    low = high = day
    if period.workdays:
        near, far = period.workdays, reach(period.workdays)
        ends = sorted((sign * near, sign * far))
        low, high = _later(day, -ends[1]), _later(day, -ends[0])
    low, high = _later(low, -sign * period.days), _later(high, -sign * period.days)
    if not period.months:
        return low, high
    months = Period(months=period.months)
    return _later(shift_or_edge(low, months, -sign), -4), _later(
        shift_or_edge(high, months, -sign), 4
    )


def reach(workdays: int) -> int:
    """How many days so many workdays take at most."""
    return _WEEK * workdays + SLACK if workdays else 0


def _later(day: date, days: int) -> date:
    return shift_or_edge(day, Period(days=days))


@lru_cache(maxsize=4096)
def _counted(start: date, workdays: int, sign: int, notice: RestDays) -> Landing:
    sure = possible = 0
    near, lacking, day = None, tuple[str, ...](), start
    for _ in range(reach(workdays)):
        day = shift_or_edge(day, _DAY, sign)
        works = is_workday(day, notice)
        if works is None:
            lacking = lacking or untold((day,), notice).lacking
        sure, possible = sure + (works is True), possible + (works is not False)
        if near is None and possible == workdays:
            near = day
        if sure == workdays:
            break
    else:
        day = day if near is not None and lacking else edge(day, sign)
    ends = near or day, day
    return Landing(min(ends), max(ends), lacking)
