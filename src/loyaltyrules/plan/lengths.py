# SPDX-License-Identifier: Apache-2.0
"""The periods of a moment, as constants of a day: which days they lead to and from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from loyaltyrules.calendar import (
    NO_NOTICE,
    REST_DAY,
    Landing,
    Period,
    RestDays,
    land,
    shift_or_edge,
    starts,
)
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import LIST, YES_NO

A_DAY = Period(days=1)


@dataclass(frozen=True, slots=True)
class Lengths:
    """The periods of a moment, as constants of the day.

    What lies beyond the years 1 to 9999 stays at their edge, and so never opens.
    """

    offset: Period
    sign: int
    then: Period | None
    opens: Period
    notice: RestDays = NO_NOTICE

    @property
    def counts_workdays(self) -> bool:
        """Whether notices decide where the moment's own day lies."""
        return bool(self.offset.workdays or (self.then is not None and self.then.workdays))

    def moment(self, base: date) -> Landing:
        """The moment's own day, for the day of its base."""
        found = land(base, self.offset, self.sign, self.notice)
        return found if self.then is None else found.moved(self.then, 1, self.notice).moved(A_DAY)

    def ahead(self, moment: date) -> Landing:
        """The day on which what a moment occasions is emitted."""
        return land(moment, self.opens, -1, self.notice)

    def opening(self, base: date) -> Landing:
        """The same, for the day of the moment's base."""
        return self.moment(base).moved(self.opens, -1, self.notice)

    def moments(self, opening: date) -> Iterator[date]:
        """The days of moments that may open on a day."""
        return _days(*starts(opening, self.opens, -1))

    def bases(self, opening: date) -> Iterator[date]:
        """The days of bases whose moments may open on a day."""
        low, high = starts(opening, self.opens, -1)
        return _days(self._bases(low)[0], self._bases(high)[1])

    def bases_of(self, moment: date) -> Iterator[date]:
        """The days of bases whose moment may be a day."""
        return _days(*self._bases(moment))

    def _bases(self, moment: date) -> tuple[date, date]:
        low = high = moment
        if self.then is not None:
            day = shift_or_edge(moment, A_DAY, -1)
            low, high = starts(day, self.then)
        return starts(low, self.offset, self.sign)[0], starts(high, self.offset, self.sign)[1]


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield shift_or_edge(first, Period(days=step))


def on(landing: Landing, day: date) -> Node:
    """The condition that a count ends on a day: it holds, fails, or asks what notices would tell."""
    if landing.day is not None:
        return tree.YES if landing.day == day else tree.NO
    return lacks(landing.lacking) if landing.first <= day <= landing.last else tree.NO


def lacks(names: Iterable[str]) -> Node:
    """What is open for every record: it asks facts that none has, such as `rest_day.2028`."""
    return tree.all_of(*(tree.FactRef(each, YES_NO, owner=REST_DAY) for each in names))


def among(day: Node, told: dict[date, Node]) -> Node:
    """The condition that a day of a record is one of some, each with what is told of it."""
    groups: dict[Node, set[date]] = {}
    for each, condition in told.items():
        if condition != tree.NO:
            groups.setdefault(condition, set()).add(each)
    found = [tree.all_of(_one_of(day, days), told) for told, days in groups.items()]
    return found[0] if len(found) == 1 else tree.Or(tuple(found)) if found else tree.NO


def _one_of(day: Node, days: set[date]) -> Node:
    return tree.In(day, tree.Literal(frozenset(days), LIST))
