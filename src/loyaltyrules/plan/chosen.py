# SPDX-License-Identifier: Apache-2.0
"""Periods that a record chooses among: a `Case` of constants, once a day is folded in."""

from collections.abc import Callable

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import YES_NO, Type

NOTHING = Period()


def choices(period: Node) -> tuple[Period, ...] | None:
    """The periods that an expression may come to, each once; None where they cannot be listed."""
    match period:
        case tree.Literal(value):
            return (value,) if isinstance(value, Period) else ()
        case tree.Case(rows):
            found: dict[Period, None] = {}
            for _, value in rows:
                below = choices(value)
                if below is None:
                    return None
                found |= dict.fromkeys(below)
            return tuple(found)
    return None


def by_choice(period: Node, of: Callable[[Period], Node], kind: Type = YES_NO) -> Node:
    """The same choice of what is said of each period."""
    match period:
        case tree.Case(rows):
            said = tuple((test, by_choice(value, of, kind)) for test, value in rows)
            return tree.Case(said, kind)
        case tree.Literal(Period() as value):
            return of(value)
    return tree.Literal(None, kind)


def chosen(period: Node, value: Period) -> Node:
    """The condition that the record chooses a period."""
    if not isinstance(period, tree.Case):
        return tree.YES
    return by_choice(period, lambda each: tree.YES if each == value else tree.NO)


def known(node: Node) -> Node:
    """The condition that a value is known: it holds, or is unknown, but never fails.

    A day that has not happened is known.
    """
    if choices(node) is not None:
        return tree.YES if isinstance(node, tree.Literal) else by_choice(node, lambda _: tree.YES)
    if isinstance(node, tree.FactRef) and node.event:
        return tree.YES
    return tree.Not(tree.Compare("!=", node, node))
