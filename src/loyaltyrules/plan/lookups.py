# SPDX-License-Identifier: Apache-2.0
"""Facts looked up in a reference table: on a day a case over its rows, put in order beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import TEXT, Type
from loyaltyrules.host.text import text_of
from loyaltyrules.plan.day import Deriving
from loyaltyrules.plan.moments import Tables
from loyaltyrules.plan.population import Falling
from loyaltyrules.policy.model import Policy

Row = Mapping[str, Any]
UNNAMED = "reference"  # whose the facts of a table are that is called like a kind of record


@dataclass(frozen=True, slots=True)
class Made:
    """What look-ups come to on a day, and the facts that are derived by them, by subject and name."""

    cases: dict[tree.Lookup, Node] = field(default_factory=dict)
    facts: dict[tuple[str, str], Deriving] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lookups:
    """The rows of reference tables as facts are looked up in them on a day.

    `before` is what was made on the day before: most ask alike on both.
    """

    tables: Tables
    before: Made = field(default_factory=Made)
    made: Made = field(default_factory=Made)

    def told(self, table: str) -> bool:
        """True where rows of a table came, be it none at all."""
        return table in self.tables

    def opened(self, node: Node, policy: Policy) -> Node:
        """An expression of a day with its look-ups written out as cases."""
        node = tree.rebuilt(node, lambda part: self.opened(part, policy))
        if not isinstance(node, tree.Lookup):
            return node
        if not self.told(node.table):
            return lacking(node, policy)
        if node not in self.made.cases:
            known = self.before.cases.get(node)
            made = _case(node, self.tables[node.table], policy) if known is None else known
            self.made.cases[node] = made
        return self.made.cases[node]

    def again(self, subject: str, name: str, node: Node) -> Deriving | None:
        """A fact that is derived as on the day before, by the very same case."""
        known = self.before.facts.get((subject, name))
        return known if known is not None and known.node is node else None

    def note(self, subject: str, each: Deriving) -> None:
        """Keep a fact for the day that comes next."""
        self.made.facts[subject, each.name] = each


def lacking(node: tree.Lookup, policy: Policy) -> tree.FactRef:
    """A fact that no record has, named like the column: of a table that is not there nothing is known."""
    if node.table in policy.vocabulary.subjects:
        return tree.FactRef(f"{node.table}.{node.column}", node.type, owner=UNNAMED)
    return tree.FactRef(node.column, node.type, owner=node.table)


def _case(node: tree.Lookup, rows: tuple[Row, ...], policy: Policy) -> Node:
    kinds = {**dict(policy.tables[node.table].columns), "id": TEXT}
    cases = [*_cases(node, _in_order(node, rows, kinds), kinds, policy.functions)]
    if not cases:
        return tree.Literal(None, node.type)
    return cases[0][1] if cases[0][0] == tree.YES else tree.Case(tuple(cases), node.type)


def _cases(
    node: tree.Lookup, rows: list[Row], kinds: Mapping[str, Type], functions: Mapping[str, Function]
) -> Iterator[tuple[Node, Node]]:
    """The rows that a record may come to; none behind one that fits all."""
    asked = tree.symbols_in(node.where)
    read = {name: f"{node.table}.{name}" for name in kinds if f"{node.table}.{name}" in asked}
    for row in rows:
        symbols = {symbol: _cell(row, name, kinds[name]) for name, symbol in read.items()}
        test = fold(node.where, symbols, functions)
        if test != tree.NO:
            yield test, _cell(row, node.column, node.type)
        if test == tree.YES:
            return


def _cell(row: Row, name: str, kind: Type) -> tree.Literal:
    value = row.get(name)
    return tree.Literal(text_of(value) if name == "id" and value is not None else value, kind)


def _in_order(node: tree.Lookup, rows: tuple[Row, ...], kinds: Mapping[str, Type]) -> list[Row]:
    """The rows by columns, words best first, all else lowest first or falling; those that lack one last."""
    found = list(rows)
    for name, falls in reversed(node.order):
        words = {word: place for place, word in enumerate(kinds[name].words)}

        def place(
            row: Row, name: str = name, falls: bool = falls, words: Mapping[str, int] = words
        ) -> tuple[bool, Any]:
            value = row.get(name)
            if value is None:
                return True, 0
            said = words[value] if words else value
            return False, Falling(said) if falls else said

        found.sort(key=place)
    return found
