# SPDX-License-Identifier: Apache-2.0
"""For which days of records notices do not tell where workdays counted from them end."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

from loyaltyrules.calendar import Landing, Period, RestDays
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE
from loyaltyrules.plan.lengths import Lengths, lacks

BACK = 10  # years before a day, of which each is told by its own name

Run: TypeAlias = tuple[date, date, tuple[str, ...]]  # first and last day, and what lacks for them


def told_of(day: Node, lengths: Lengths, within: Period, today: date) -> Node:
    """The condition that it is known where a moment of the record lies, and a deadline after it.

    It holds, or is unknown and names what lacks, but never fails.
    """
    first = min([today.year - BACK, *(year - 1 for year in lengths.notice.years)])
    runs = [run for year in range(first, today.year + 1) for run in _runs(lengths, within, year)]
    before = tree.Compare("<", day, tree.Literal(date(max(first, 1), 1, 1), DATE))
    open_ = [tree.all_of(before, lacks([f"…{first - 1}"]))]
    open_ += [tree.all_of(*_between(day, *run[:2]), lacks(run[2])) for run in runs]
    return tree.Not(tree.Or(tuple(open_)))


def _between(day: Node, first: date, last: date) -> Iterator[Node]:
    yield tree.Compare(">=", day, tree.Literal(first, DATE))
    yield tree.Compare("<=", day, tree.Literal(last, DATE))


@lru_cache(maxsize=1024)
def _runs(lengths: Lengths, within: Period, year: int) -> tuple[Run, ...]:
    """The days of a year from which it is not known, those together for which the same lacks."""
    if not 1 <= year <= date.max.year:
        return ()
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]
    lacking = groupby(days, lambda day: _lacking(lengths, within, day))
    listed = ((names, [*together]) for names, together in lacking)
    return tuple((each[0], each[-1], names) for names, each in listed if names)


def _lacking(lengths: Lengths, within: Period, day: date) -> tuple[str, ...]:
    found: Landing = lengths.moment(day).moved(within, 1, lengths.notice)
    return () if found.day is not None else found.lacking


def lands(day: date, period: Period, notice: RestDays) -> Node:
    """The condition that it is known where a period ends that is counted from a day."""
    found = Landing(day, day).moved(period, 1, notice)
    return tree.YES if found.day is not None else lacks(found.lacking)
