# SPDX-License-Identifier: Apache-2.0
"""Which moments of a rule open on a day, and what is known of them then."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from loyaltyrules.calendar import (
    NO_NOTICE,
    REST_DAY,
    CalendarRangeError,
    RestDays,
    Schedule,
    Untold,
    born_for,
    counts_workdays,
    falls_on,
    occurrences,
    rest_days,
)
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE, LIST, PERIOD, Type
from loyaltyrules.plan.chosen import NOTHING
from loyaltyrules.plan.lengths import A_DAY, Lengths, among, lacks, on
from loyaltyrules.plan.recipe import text
from loyaltyrules.policy.model import Anniversary, Moment, PassedDates, TableDates

Tables: TypeAlias = Mapping[str, tuple[Mapping[str, Any], ...]]
ONE_DAY = tree.Literal(A_DAY, PERIOD)
LUNAR = Type("word", words=("solar", "lunar"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A moment that opens on the day: its own day, the occasion's day, and what its rows say.

    `condition` says of which records it is the moment; `occurrence` names it in action ids, or
    is an expression of the record where it depends on it. `guard` says which records choose its
    periods, and know them.
    """

    moment_day: date | None
    occasion_day: date | None
    occurrence: str | Node
    condition: Node = tree.YES
    symbols: Mapping[str, Node] = field(default_factory=dict)
    guard: Node = tree.YES


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
    for candidate in lengths.bases(day):
        told = on(lengths.opening(candidate), day)
        condition = tree.NO if told == tree.NO else tree.all_of(condition_on(candidate), told)
        if condition != tree.NO:
            own = None if moment.schedule is not None else candidate
            moment_day = lengths.moment(candidate).first
            yield Opened(moment_day, own, candidate.isoformat(), condition)


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
        return lacks(falls.lacking)
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
        own = day_in(row, base.column)
        told = tree.NO if own is None else on(lengths.opening(own), day)
        if own is None or told == tree.NO:
            continue
        occurrence, moment_day = row_name(base, row), lengths.moment(own).first
        yield Opened(moment_day, own, occurrence, told, columns_of(base.table, row))


def day_in(row: Mapping[str, Any], column: str) -> date | None:
    """The day in a column of a reference table; an instant counts as its local day."""
    own = row.get(column)
    return own.date() if isinstance(own, datetime) else own


def row_name(base: TableDates, row: Mapping[str, Any]) -> str:
    """What names the row of an occasion: the occurrence of its actions."""
    return text(row.get("id")) or text(row.get(base.column)) or ""


def columns_of(table: str, row: Mapping[str, Any]) -> dict[str, Node]:
    """The columns of a row as rules and texts read them."""
    return {f"{table}.{name}": tree.Literal(value, Type("text")) for name, value in row.items()}


def _dated(dated: Node, lengths: Lengths, day: date) -> Iterator[Opened]:
    """The moment days that open on `day`: several where months or workdays are taken off."""
    for target in lengths.moments(day):
        told = on(lengths.ahead(target), day)
        condition = tree.NO if told == tree.NO else tree.all_of(_is(dated, lengths, target), told)
        if condition != tree.NO:
            yield Opened(target, None, dated, condition)


def _is(dated: Node, lengths: Lengths, day: date) -> Node:
    """The condition that the moment of a record is a day."""
    if not lengths.counts_workdays:
        return tree.Compare("=", moved(dated, lengths), tree.Literal(day, DATE))
    return among(dated, {base: on(lengths.moment(base), day) for base in lengths.bases_of(day)})


def reached(dated: Node, lengths: Lengths, day: date) -> Node:
    """The condition that the moment of a record is reached by `day`."""
    if not lengths.counts_workdays:
        return tree.Compare("<=", moved(dated, lengths), tree.Literal(day, DATE))
    certain, told = date.min, dict[date, Node]()
    for base in lengths.bases_of(day):
        found = lengths.moment(base)
        if found.last <= day:
            certain = base
        elif found.first <= day:
            told[base] = lacks(found.lacking)
    sure = tree.Compare("<=", dated, tree.Literal(certain, DATE))
    open_ = among(dated, told)
    return sure if open_ == tree.NO else tree.Or((sure, open_))


def moved(dated: Node, lengths: Lengths) -> Node:
    """The dated expression with the periods of its moment added: none of them counts workdays."""
    node = dated
    if lengths.offset != NOTHING:
        node = plus(node, tree.Literal(lengths.offset, PERIOD), lengths.sign)
    if lengths.then is not None:
        node = plus(plus(node, tree.Literal(lengths.then, PERIOD)), ONE_DAY)
    return node


def plus(day: Node, period: Node, sign: int = 1) -> Node:
    """A day of the record, moved by a period."""
    return tree.Arithmetic("+" if sign > 0 else "-", day, period, DATE)
