# SPDX-License-Identifier: Apache-2.0
"""A tree as text again, with names as the reader knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from loyaltyrules.calendar import Period, is_instant, local_of
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
        return (local_of(value) if is_instant(value) else value).isoformat()
    if isinstance(value, Period):
        return _length(value)
    if isinstance(value, frozenset | tuple):
        order = sorted(value) if isinstance(value, frozenset) else value
        listed = [shown(each) for each in order[:MANY]]
        return f"[{', '.join(listed)}{', …' if len(value) > MANY else ''}]"
    return str(value)


def _length(period: Period) -> str:
    """A period in the largest units that say it in whole numbers: `24 hours`, `90 minutes`."""
    hours, minutes = divmod(period.minutes, 60)
    exact = (period.minutes, "minutes") if minutes else (hours, "hours")
    parts = [(period.months, "months"), (period.days, "days"), (period.workdays, "workdays"), exact]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 days"


@dataclass(frozen=True, slots=True)
class Writing:
    """How an expression is put into words: what it names, the words between, and its values."""

    name: Naming = spelled
    say: Saying = str
    value: Callable[[Any], str] = shown

    def of(self, node: Node) -> str:
        """The text of an expression."""
        match node:
            case tree.Literal(value):
                return self.value(value)
            case tree.FactRef() | tree.Symbol() | tree.Name():
                return self.name(node)
            case tree.Not(tree.Missing(item)):
                return f"{self.of(item)} {self.say('is not missing')}"
            case tree.Not(tree.In(item, options)):
                return f"{self.of(item)} {self.say('not in')} {self.of(options)}"
            case tree.Not(item):
                return f"{self.say('not')} {self._bracketed(item)}"
            case tree.And(items):
                return f" {self.say('and')} ".join(map(self._bracketed, items))
            case tree.Or(items):
                return f" {self.say('or')} ".join(map(self._bracketed, items))
            case tree.Missing(item):
                return f"{self.of(item)} {self.say('is missing')}"
            case tree.Falling(item):
                return f"-{self.of(item)}"
            case tree.Compare(sign, left, right) | tree.Arithmetic(sign, left, right):
                return f"{self._bracketed(left)} {sign} {self._bracketed(right)}"
            case tree.In(item, options):
                return f"{self.of(item)} {self.say('in')} {self.of(options)}"
            case tree.ListOf(items):
                return f"[{', '.join(map(self.of, items))}]"
            case tree.Call(function, arguments):
                return f"{function}({', '.join(map(self.of, arguments))})"
            case tree.Case(rows):
                row = self.say("{value} if {test}")
                said = (
                    row.format(value=self.of(value), test=self.of(test)) for test, value in rows
                )
                return "; ".join(said)
            case tree.Lookup(table, column, where):
                row = self.say("{value} if {test}")
                return row.format(value=f"{table}.{column}", test=self.of(where))
            case tree.Quantity(amount, unit):
                return f"{self.of(amount)} {unit}"

    def _bracketed(self, node: Node) -> str:
        text = self.of(node)
        return f"({text})" if isinstance(node, tree.And | tree.Or | tree.Case) else text


def written(node: Node) -> str:
    """The text of an expression as policies write it."""
    return Writing().of(node)
