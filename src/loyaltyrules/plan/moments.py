# SPDX-License-Identifier: Apache-2.0
"""Which moments of a rule open on a day, and what is known of them then."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeAlias

from loyaltyrules.calendar import (
    NO_NOTICE,
    REST_DAY,
    CalendarRangeError,
    Period,
    RestDays,
    Schedule,
    Untold,
    born_for,
    counts_workdays,
    falls_on,
    occurrences,
    rest_days,
    shift_or_edge,
)
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE, LIST, PERIOD, YES_NO, Type
from loyaltyrules.policy.model import Anniversary, Moment, PassedDates, TableDates

Tables: TypeAlias = Mapping[str, tuple[Mapping[str, Any], ...]]
NOTHING = Period()
A_DAY = Period(days=1)
ONE_DAY = tree.Literal(A_DAY, PERIOD)
LUNAR = Type("word", words=("solar", "lunar"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A moment that opens on the day: its own day, the occasion's day, and what its rows say.

    `condition` says of which records it is the moment; `occurrence` names it in action ids, or
    is an expression of the record where it depends on it.
    """

    moment_day: date | None
    occasion_day: date | None
    occurrence: str | Node
    condition: Node = tree.YES
    symbols: Mapping[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lengths:
    """The periods of a moment, as constants of the day.

    What lies beyond the years 1 to 9999 stays at their edge, and so never opens.
    """

    offset: Period
    sign: int
    then: Period | None
    opens: Period

    def moment(self, base: date) -> date:
        """The moment's own day, for the day of its base."""
        day = shift_or_edge(base, self.offset, self.sign)
        return day if self.then is None else _later(shift_or_edge(day, self.then), 1)

    def opening(self, base: date) -> date:
        """The day on which what it occasions is emitted."""
        return shift_or_edge(self.moment(base), self.opens, -1)

    def bases(self, opening: date) -> tuple[date, date]:
        """The range of base days that may open on a day, both ends included."""
        periods = (self.opens, self.then or NOTHING)
        days = (
            self.opens.days
            - (self.then.days + 1 if self.then else 0)
            - self.sign * self.offset.days
        )
        months = self.opens.months - periods[1].months - self.sign * self.offset.months
        slack = 0 if not (self.offset.months or self.opens.months or periods[1].months) else 4
        base = shift_or_edge(_later(opening, days), Period(months=months))
        return _later(base, -slack), _later(base, slack)


def _later(day: date, days: int) -> date:
    return shift_or_edge(day, Period(days=days))


def opened(
    moment: Moment, lengths: Lengths, day: date, tables: Mapping[str, tuple[Mapping[str, Any], ...]]
) -> Iterator[Opened]:
    """The moments that open on `day`: at most one but for tables with several rows that day."""
    base = moment.occasion.base if moment.occasion else None
    if isinstance(base, TableDates):
        yield from _rows(base, lengths, day, tables.get(base.table, ()))
        return
    if moment.dated is not None:
        yield from _dated(moment.dated, lengths, day)
        return
    condition_on = _condition(moment, tables)
    first, last = lengths.bases(day)
    for offset in range((last - first).days + 1):
        candidate = _later(first, offset)
        if lengths.opening(candidate) != day:
            continue
        condition = condition_on(candidate)
        if condition != tree.NO:
            own = None if moment.schedule is not None else candidate
            yield Opened(lengths.moment(candidate), own, candidate.isoformat(), condition)


def _condition(moment: Moment, tables: Tables) -> Callable[[date], Node]:
    """The condition that the base of a named moment falls on a day."""
    base = moment.occasion.base if moment.occasion else None
    if moment.schedule is not None:
        return partial(scheduled, moment.schedule, _notice(moment.schedule, tables))
    if isinstance(base, Anniversary):
        return partial(birthday, base)
    return lambda day: tree.YES if comes(base, day) else tree.NO


def _notice(schedule: Schedule, tables: Tables) -> RestDays:
    """The official notices of days off, where the schedule asks for them."""
    return notice_in(tables) if counts_workdays(schedule) else NO_NOTICE


def notice_in(tables: Tables) -> RestDays:
    """The official notices of days off that came as a reference table."""
    return rest_days((row.get("day"), row.get("kind")) for row in tables.get(REST_DAY, ()))


def scheduled(schedule: Schedule, notice: RestDays, day: date) -> Node:
    """The condition that a schedule falls on the day.

    Where no notice tells, it stays open for every record: it asks facts that none has, such as
    `rest_day.2028`.
    """
    falls = falls_on(schedule, day, notice)
    if isinstance(falls, Untold):
        lacking = (tree.FactRef(each, YES_NO, owner=REST_DAY) for each in falls.lacking)
        return tree.all_of(*lacking)
    return tree.YES if falls else tree.NO


def comes(base: Any, candidate: date) -> bool:
    """True when an occasion that is the same for everybody falls on the day."""
    if isinstance(base, PassedDates):
        return candidate in tuple(base.of_year(candidate.year))
    try:
        return bool(occurrences(base, candidate - timedelta(days=1), candidate))
    except (CalendarRangeError, OverflowError):
        return False  # the day before or after the days that the calendar promises


def birthday(base: Anniversary, day: date) -> Node:
    """The condition that a record has its anniversary on `day`: a set of dates of birth."""
    by_calendar = {
        name: tree.In(base.born, tree.Literal(_births(day, name), LIST))
        for name in ("solar", "lunar")
    }
    if isinstance(base.calendar, tree.Literal):
        return by_calendar[str(base.calendar.value)]
    lunar = tree.Compare("=", base.calendar, tree.Literal("lunar", LUNAR))
    return tree.Case(
        ((lunar, by_calendar["lunar"]), (tree.YES, by_calendar["solar"])), Type("yes/no")
    )


def _births(day: date, name: Any) -> frozenset[date]:
    try:
        return born_for(day, name)
    except CalendarRangeError:
        return frozenset()


def _rows(
    base: TableDates, lengths: Lengths, day: date, rows: tuple[Mapping[str, Any], ...]
) -> Iterator[Opened]:
    for row in rows:
        own = row.get(base.column)
        if own is None or lengths.opening(own) != day:
            continue
        occurrence = row_name(base, row)
        yield Opened(lengths.moment(own), own, occurrence, tree.YES, columns_of(base.table, row))


def row_name(base: TableDates, row: Mapping[str, Any]) -> str:
    """What names the row of an occasion: the occurrence of its actions."""
    return str(row.get("id") or row.get(base.column))


def columns_of(table: str, row: Mapping[str, Any]) -> dict[str, Node]:
    """The columns of a row as rules and texts read them."""
    return {f"{table}.{name}": tree.Literal(value, Type("text")) for name, value in row.items()}


def _dated(dated: Node, lengths: Lengths, day: date) -> Iterator[Opened]:
    """The moment days that open on `day`: several where months of different length are taken off."""
    last = _later(shift_or_edge(day, lengths.opens), 4 if lengths.opens.months else 0)
    for target in (_later(last, -back) for back in range(9 if lengths.opens.months else 1)):
        if shift_or_edge(target, lengths.opens, -1) == day:
            condition = tree.Compare("=", moved(dated, lengths), tree.Literal(target, DATE))
            yield Opened(target, None, dated, condition)


def reached(dated: Node, lengths: Lengths, day: date) -> Opened:
    """The moment of a `from` rule: reached by `day`."""
    condition = tree.Compare("<=", moved(dated, lengths), tree.Literal(day, DATE))
    return Opened(None, None, dated, condition)


def moved(dated: Node, lengths: Lengths) -> Node:
    """The dated expression with the periods of its moment added."""
    node = dated
    if lengths.offset != NOTHING:
        sign = "+" if lengths.sign > 0 else "-"
        node = tree.Arithmetic(sign, node, tree.Literal(lengths.offset, PERIOD), DATE)
    if lengths.then is not None:
        node = tree.Arithmetic("+", node, tree.Literal(lengths.then, PERIOD), DATE)
        node = tree.Arithmetic("+", node, ONE_DAY, DATE)
    return node
