# SPDX-License-Identifier: Apache-2.0
"""One day of a plan: per kind of record, what is derived and which rules are possible that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from loyaltyrules.expression.aggregates import AggregateFunction
from loyaltyrules.expression.evaluator import Evaluated
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.each import ALONE, Row
from loyaltyrules.plan.memo import Memo
from loyaltyrules.plan.memory import Memory
from loyaltyrules.plan.moments import Opened
from loyaltyrules.plan.population import Ranking
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.model import Rule, Sieve


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A rule on a day, its condition folded, with the actions that open that day.

    `opened` is the moment that opens; a rule that has none holds as long as its condition does.
    `row` is that of a reference table for which the rule is said. Told apart by identity.
    """

    rule: Rule
    condition: Node
    test: Evaluated
    recipes: tuple[Recipe, ...]
    opened: Opened | None = None
    row: Row = ALONE


@dataclass(frozen=True, slots=True)
class Fired:
    """What the rules of a group come to for a record: instances that act, and those undecided."""

    acting: tuple[Instance, ...]
    undecided: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """An aggregate over the child records of a record; nodes and their evaluators."""

    name: str
    function: AggregateFunction
    over: str
    value_node: Node | None
    where_node: Node
    value: Evaluated | None
    where: Evaluated
    default: Any = None  # of a record that brings no such list
    order: tuple[Evaluated, ...] = ()
    take: int | None = None


@dataclass(frozen=True, slots=True)
class Deriving:
    """One derived fact: how it is computed, and from what.

    `shared` is true of one of many values, which are kept exactly as they come.
    """

    name: str
    node: Node | None = None
    memo: "Memo[Any] | None" = None
    counting: Counting | None = None
    ranking: Ranking | None = None
    of_parent: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SubjectDay:
    """All that is decided of one kind of record on a day."""

    subject: str
    deriving: tuple[Deriving, ...]
    groups: tuple[Memo[Fired], ...]
    instances: tuple[Instance, ...]


@dataclass(frozen=True, eq=False)
class Day:
    """The rules in force on one day.

    `memory` is what is remembered of the gate, shared by days whose gates ask the same.
    """

    day: date
    subjects: Mapping[str, SubjectDay]
    gate: tuple[tuple[Sieve, Node], ...]
    symbols: Mapping[str, Node]
    memory: Memory
