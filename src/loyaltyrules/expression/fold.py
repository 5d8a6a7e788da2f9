# SPDX-License-Identifier: Apache-2.0
"""Folding: symbols become constants, constant parts are computed, date functions become date cuts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.calendar import Period, at_local, at_utc, utc_of, zone_at
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.functions import FUNCTIONS, Function
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import DATE, NOT_HAPPENED, Type

EARLIEST, LATEST = date.min, date.max
FINEST = timedelta(microseconds=1)  # of instants
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def fold(
    node: Node,
    symbols: Mapping[str, Node],
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Node:
    """Put constants in place of symbols and simplify.

    Args:
        node: A resolved expression.
        symbols: What each symbol stands for; symbols not named stay.
        functions: Functions by name.

    Returns:
        A tree of the same meaning: `a and yes` is `a`, `today - 12 months` a date, and
        `months_since(last_purchase_on) >= 12` is `last_purchase_on <= 2026-02-05`.
    """

    def change(part: Node) -> Node:
        if isinstance(part, tree.Symbol):
            return symbols.get(part.name, part)
        return _simplified(tree.rebuilt(part, change), functions)

    return change(node)


def _simplified(node: Node, functions: Mapping[str, Function]) -> Node:
    match node:
        case tree.And(items):
            return tree.all_of(*items)
        case tree.Or(items):
            kept = tuple(item for item in items if item != tree.NO)
            if tree.YES in kept:
                return tree.YES
            return kept[0] if len(kept) == 1 else replace(node, items=kept) if kept else tree.NO
        case tree.Case(rows):
            return _case(node, rows)
        case tree.Literal() | tree.FactRef() | tree.Name() | tree.Lookup():
            return node
    if all(isinstance(child, tree.Literal) for child in tree.children(node)):
        return _computed(node, functions)
    return date_cut(node, functions) if isinstance(node, tree.Compare) else node


def _computed(node: Node, functions: Mapping[str, Function]) -> Node:
    value = evaluator(node, functions)({})
    if value is None or value is NOT_HAPPENED:
        return node
    return tree.Literal(value, type_of(node), span=node.span)


def _case(node: tree.Case, rows: tuple[tuple[Node, Node], ...]) -> Node:
    kept = []
    for test, value in rows:
        if test != tree.NO:
            kept.append((test, value))
        if test == tree.YES:
            break
    return kept[0][1] if kept and kept[0][0] == tree.YES else replace(node, rows=tuple(kept))


def date_cut(node: tree.Compare, functions: Mapping[str, Function] = FUNCTIONS) -> Node:
    """A comparison of a monotone function of one date with a constant, as cuts of that date.

    The cut is found by bisection over all dates, so leap days and month ends come out right by
    construction; that of an instant then within the day, so that hours and changes of the clock do.
    Anything else is returned unchanged.
    """
    if isinstance(node.left, tree.Literal) and not isinstance(node.right, tree.Literal):
        return date_cut(replace(node, sign=MIRRORED[node.sign], left=node.right, right=node.left))
    path = _single_date(node.left, functions)
    if path is None or not isinstance(node.right, tree.Literal) or path is node.left:
        return node
    if type_of(path).kind == "datetime" and not _cuttable(node):
        return node
    return _cuts(node, path, evaluator(replace(node, left=_standing(node.left, path)), functions))


def _single_date(node: Node, functions: Mapping[str, Function]) -> Node | None:
    """The one dated part that `node` is a monotone function of, else None."""
    match node:
        case tree.Arithmetic(_, left, tree.Literal()) if type_of(left).kind in ("date", "datetime"):
            return _single_date(left, functions)
        case tree.Call(name, arguments) if functions[name].monotone:
            if all(isinstance(each, tree.Literal) for each in arguments[1:]):
                return _single_date(arguments[0], functions)
        case _ if type_of(node).kind in ("date", "datetime"):
            return node
    return None


def _cuttable(node: tree.Compare) -> bool:
    """True of a function of an instant that never turns back, in a zone that is known.

    Days and months are counted by the wall, so in the hour that the clocks leave out an instant may
    overtake a later one: within one day nobody sees that, to the minute one would.
    """
    kinds = type_of(node.left), type_of(node.right)
    exact = kinds[1].kind == "datetime" or _by_the_minute(node.left)
    lengths = [each.value for each in tree.walk(node.left) if isinstance(each, tree.Literal)]
    by_the_wall = any(isinstance(each, Period) and (each.months or each.days) for each in lengths)
    zoned = any(each.type.zone for each in tree.walk(node.left) if isinstance(each, tree.FactRef))
    return zoned and not (exact and by_the_wall)


def _by_the_minute(node: Node) -> bool:
    """True of what may change within a day of the clock."""
    found = [*tree.walk(node)]
    moved = (each.value for each in found if isinstance(each, tree.Literal))
    counted = (type_of(each).unit for each in found if isinstance(each, tree.Call))
    return any(isinstance(each, Period) and each.minutes for each in moved) or any(
        each in ("minutes", "hours") for each in counted
    )


def _standing(node: Node, path: Node) -> Node:
    """The same function with a fact named `date` in place of the dated part."""
    if node is path:
        return tree.FactRef("date", type_of(path))
    return tree.rebuilt(node, lambda part: _standing(part, path) if not _constant(part) else part)


def _constant(node: Node) -> bool:
    return isinstance(node, tree.Literal)


def _cuts(node: tree.Compare, path: Node, test: Callable[[Mapping[str, Any]], Any]) -> Node:
    kind = type_of(path)

    def holds(day: date) -> bool:
        return bool(test({"date": _beginning(day, kind)}))

    if node.sign in ("=", "!="):
        if node.sign == "=":
            return tree.all_of(_cut(node, ">="), _cut(node, "<="))
        return tree.Or((_cut(node, "<"), _cut(node, ">")), span=node.span)
    low, high = EARLIEST, LATEST
    first = holds(low)
    always = first is holds(high)
    if always:
        high, first = low, not first  # of every date, and still nothing of a missing one
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (middle, high) if holds(middle) is first else (low, middle)
    value = _beginning(high, kind)
    exact = type_of(node.right).kind == "datetime" or _by_the_minute(node.left)
    if isinstance(value, datetime) and not always and exact:
        value = _within(_beginning(low, kind), value, first, test)
    literal = tree.Literal(value, kind if kind.kind == "datetime" else DATE)
    return tree.Compare("<" if first else ">=", path, literal, span=node.span)


def _beginning(day: date, kind: Type) -> date:
    """A day, or of an instant the first of the day in its zone."""
    if kind.kind != "datetime":
        return day
    return at_local(datetime.combine(day, time()), ZoneInfo(kind.zone))


def _within(
    low: date, high: datetime, first: bool, test: Callable[[Mapping[str, Any]], Any]
) -> datetime:
    """The first instant after `low`, of which it is `first`, of which it is not."""
    assert isinstance(low, datetime)
    zone = zone_at(high)
    start, end = utc_of(low), utc_of(high)
    while end - start > FINEST:
        middle = start + (end - start) // FINEST // 2 * FINEST
        holds = bool(test({"date": at_utc(middle, zone)}))
        start, end = (middle, end) if holds is first else (start, middle)
    return at_utc(end, zone)


def _cut(node: tree.Compare, sign: str) -> Node:
    return date_cut(replace(node, sign=sign))
