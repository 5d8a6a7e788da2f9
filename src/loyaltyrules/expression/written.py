# SPDX-License-Identifier: Apache-2.0
"""A tree as text again, with names as the reader knows them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NOT_HAPPENED

Part: TypeAlias = tree.FactRef | tree.Symbol | tree.Name
Naming: TypeAlias = Callable[[Part], str]
Saying: TypeAlias = Callable[[str], str]
MANY = 6  # items of a list that are written out


def spelled(part: Part) -> str:
    """What an expression names, as policies write it."""
    match part:
        case tree.FactRef(text) | tree.Symbol(text) | tree.Name(text):
            return text


def written(node: Node, name: Naming = spelled, say: Saying = str) -> str:
    """The text of an expression; `name` words facts and figures, `say` the words between them."""
    match node:
        case tree.Literal(value):
            return shown(value)
        case tree.FactRef() | tree.Symbol() | tree.Name():
            return name(node)
        case tree.Not(tree.Missing(item)):
            return f"{written(item, name, say)} {say('is not missing')}"
        case tree.Not(tree.In(item, options)):
            return f"{written(item, name, say)} {say('not in')} {written(options, name, say)}"
        case tree.Not(item):
            return f"{say('not')} {_bracketed(item, name, say)}"
        case tree.And(items):
            return f" {say('and')} ".join(_bracketed(each, name, say) for each in items)
        case tree.Or(items):
            return f" {say('or')} ".join(_bracketed(each, name, say) for each in items)
        case tree.Missing(item):
            return f"{written(item, name, say)} {say('is missing')}"
        case tree.Compare(sign, left, right) | tree.Arithmetic(sign, left, right):
            return f"{_bracketed(left, name, say)} {sign} {_bracketed(right, name, say)}"
        case tree.In(item, options):
            return f"{written(item, name, say)} {say('in')} {written(options, name, say)}"
        case tree.ListOf(items):
            return f"[{', '.join(written(each, name, say) for each in items)}]"
        case tree.Call(function, arguments):
            return f"{function}({', '.join(written(each, name, say) for each in arguments)})"
        case tree.Case(rows):
            return "; ".join(f"{written(v, name, say)} if {written(t, name, say)}" for t, v in rows)
        case tree.Quantity(amount, unit):
            return f"{written(amount, name, say)} {unit}"


def _bracketed(node: Node, name: Naming, say: Saying) -> str:
    text = written(node, name, say)
    return f"({text})" if isinstance(node, tree.And | tree.Or | tree.Case) else text


def shown(value: Any) -> str:
    """A value as people write it: ISO dates, yes/no, plain numbers, `?` for unknown.

    A list stays in its own order; only what has none is sorted, so that it is always told alike.
    """
    if value is None:
        return "?"
    if value is NOT_HAPPENED:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        parts = [(value.months, "months"), (value.days, "days")]
        return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 days"
    if isinstance(value, frozenset | tuple):
        order = sorted(value) if isinstance(value, frozenset) else value
        listed = [shown(each) for each in order[:MANY]]
        return f"[{', '.join(listed)}{', …' if len(value) > MANY else ''}]"
    return str(value)
