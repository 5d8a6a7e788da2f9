# SPDX-License-Identifier: Apache-2.0
"""Periods before and after a moment: none longer than the calendar, workdays only where notices tell them."""

from collections.abc import Iterator

from loyaltyrules.calendar import FIRST_YEAR, KINDS_OF_DAY, LAST_YEAR, REST_DAY, Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import DATE, PERIOD, WORKDAYS
from loyaltyrules.expression.written import written
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path

YEARS = LAST_YEAR - FIRST_YEAR + 1
MOST = YEARS * 366  # days


def length(world: World, text: str, path: Path, subject: str) -> Node:
    """How far a moment is from a day."""
    return reachable(world, world.expression(text, path, subject, PERIOD), path, subject)


def reachable(world: World, period: Node, path: Path, subject: str) -> Node:
    """The same of an expression that was read; what is longer than the calendar never comes."""
    found = [*lengths_of(world, period)]
    if any(each.months > YEARS * 12 or max(each.days, each.workdays) > MOST for each in found):
        world.fault("LR488", path, span=f"{FIRST_YEAR} – {LAST_YEAR}")
    return countable(world, period, path, subject)


def countable(world: World, period: Node, path: Path, subject: str) -> Node:
    """A period whose workdays, if it has any, notices can tell."""
    if counts_workdays(period) and not tells_rest_days(world):
        world.fault("LR310", path, found=WORKDAYS.unit)
    if counts_workdays(period):
        refuse_unlisted(world, subject, period, path)
    return period


def refuse_unlisted(world: World, subject: str, period: Node, path: Path) -> None:
    """Note a fault for a period of which it cannot be listed beforehand what it may come to."""
    if not listed(world, subject, period):
        world.fault("LR255", path, found=written(period))


def listed(world: World, subject: str, period: Node) -> bool:
    """True of a period that is one of several constants, whatever the record says."""
    match period:
        case tree.Literal() | tree.Symbol():
            return True
        case tree.Case(rows):
            return all(listed(world, subject, value) for _, value in rows)
        case tree.FactRef(owner=owner, name=name):
            derived = world.derived.get(owner or subject, {}).get(name)
            origin = derived and derived.origin
            return isinstance(origin, Node) and listed(world, owner or subject, origin)
    return False


def counts_workdays(period: Node) -> bool:
    """True of a period that notices decide about."""
    return any(type_of(each) == WORKDAYS for each in _leaves(period))


def _leaves(period: Node) -> Iterator[Node]:
    kinds = tree.Literal | tree.Symbol | tree.FactRef
    return (each for each in tree.walk(period) if isinstance(each, kinds))


def tells_rest_days(world: World) -> bool:
    """True where the table of official notices is declared, with the columns that are read of it."""
    table = world.tables.get(REST_DAY)
    world.used.add(f"reference.{REST_DAY}")
    kinds = dict(table.columns) if table else {}
    day, kind = kinds.get("day"), kinds.get("kind")
    return day == DATE and kind is not None and sorted(kind.words) == sorted(KINDS_OF_DAY)


def lengths_of(world: World, period: Node) -> Iterator[Period]:
    """What a period comes to, by a figure on some day."""
    for part in tree.walk(period):
        match part:
            case tree.Literal(Period() as value):
                yield value
            case tree.Symbol(name) if name in world.parameters:
                values = (value for _, value in world.parameters[name].values)
                yield from (each for each in values if isinstance(each, Period))
