# SPDX-License-Identifier: Apache-2.0
"""The days of a walk, and the spans that facts are counted over on each."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, takewhile

from loyaltyrules.calendar import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_YEAR,
    LunarDate,
    Period,
    month_length,
    shift_or_edge,
    to_solar,
)
from loyaltyrules.history.cuts import Cuts, cuts_as_of
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import problem

LUNAR_YEAR = "lunar year"
EVERY = re.compile(r"([1-9]\d{0,3})(d|w|mo|y)")
DAY = timedelta(days=1)
UNITS = {"d": Period(days=1), "w": Period(days=7), "mo": Period(months=1), "y": Period(months=12)}


def days_of(start: date, end: date, every: str) -> tuple[date, ...]:
    """The days of the steps, `start` the first; of lunar years the eves of Spring Festivals.

    Steps of months and years fall on month ends where `start` is one, else on its day of the month,
    or on the last of a month that lacks it.

    Raises:
        ArgumentError: there is no such distance, or there are no such days (LR523).
    """
    found = EVERY.fullmatch(every) if isinstance(every, str) else None
    days: tuple[date, ...] = ()
    if every == LUNAR_YEAR:
        days = tuple(day for day in _eves(start.year, end.year) if start <= day <= end)
    elif found is not None:
        steps = _steps(start, int(found[1]), UNITS[found[2]])
        days = tuple(takewhile(lambda day: day <= end, steps))
    if not days:
        raise ArgumentError([problem("LR523", None, first=start, last=end, name=every)])
    return days


def cuts_on(day: date, every: str) -> Cuts:
    """The days that part the spans of facts.

    In a walk by lunar years `12m` is the lunar year that ends with the day, `prev_12m` the one before.
    """
    cuts = cuts_as_of(day)
    if every != LUNAR_YEAR:
        return cuts
    return replace(cuts, year=_eve(day.year - 1), two_years=_eve(day.year - 2))


def _steps(start: date, number: int, unit: Period) -> Iterator[date]:
    """Endless steps: each counted from the first, so that no short month wears days down."""
    last = date.min
    for step in count(0, number):
        day = shift_or_edge(start, Period(unit.months * step, unit.days * step))
        if unit.months and start.day == month_length(start.year, start.month):
            day = day.replace(day=month_length(day.year, day.month))
        if day <= last:  # the end of all calendars
            return
        yield day
        last = day


def _eves(first: int, last: int) -> Iterator[date]:
    return map(_eve, range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1))


def _eve(year: int) -> date:
    """The day before the Spring Festival of a year; before all that are known, the first of them."""
    return (to_solar(LunarDate(year, 1, 1)) if year >= FIRST_YEAR else FIRST_DAY) - DAY
