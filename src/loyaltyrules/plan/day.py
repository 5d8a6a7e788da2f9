# SPDX-License-Identifier: Apache-2.0
"""One day of a plan: per kind of record, what is derived and which rules are possible that day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from loyaltyrules.expression.aggregates import AggregateFunction
from loyaltyrules.expression.evaluator import Evaluated
from loyaltyrules.expression.tree import YES, Node
from loyaltyrules.expression.types import NOT_HAPPENED
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
    `row` is that of a reference table for which the rule is said; `told` the part of the condition that it
    is known when its actions are due, and until when. Told apart by identity.
    """

    rule: Rule
    condition: Node
    test: Evaluated
    recipes: tuple[Recipe, ...]
    opened: Opened | None = None
    row: Row = ALONE
    told: Node = YES


@dataclass(frozen=True, slots=True)
class Fired:
    """What the rules of a group come to for a record: instances that act, and those undecided."""

    acting: tuple[Instance, ...]
    undecided: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """What child records are put in order by."""

    node: Node
    of: Evaluated
    falling: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """An aggregate over the child records of a record; nodes and their evaluators.

    `reduce` makes the figure of the values that count, `empty` is what it is without any. `handed` are
    facts that the record itself derives and its children are asked by, with their names there.
    """

    name: str
    function: AggregateFunction
    over: str
    value_node: Node | None
    where_node: Node
    value: Evaluated | None
    where: Evaluated
    reduce: Callable[[list[Any]], Any]
    empty: Any
    default: Any = None  # of a record that brings no such list
    order: tuple[Ordering, ...] = ()
    take: int | None = None
    handed: tuple[tuple[str, str], ...] = ()

    @property
    def exact(self) -> bool:
        """True of a figure that tells what is unknown from what has not happened."""
        return self.function.picks and self.empty is NOT_HAPPENED


@dataclass(frozen=True, slots=True)
class Deriving:
    """One derived fact: how it is computed, and from what.

    `stage` is that of a record and its children in which it is known: what rises from children is derived
    in even ones, what is handed down in odd ones. `shared` is true of what is kept exactly as it comes: of
    many values, or of an event that may be unknown.
    """

    name: str
    node: Node | None = None
    memo: "Memo[Any] | None" = None
    counting: Counting | None = None
    ranking: Ranking | None = None
    stage: int = 0
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

    `memory` is what is remembered of the gate, shared by days whose gates ask the same. `stages` says in
    how many stages records and their children are derived.
    """

    day: date
    subjects: Mapping[str, SubjectDay]
    gate: tuple[tuple[Sieve, Node], ...]
    symbols: Mapping[str, Node]
    memory: Memory
    stages: int = 2

    def deriving(self, subject: str) -> tuple[Deriving, ...]:
        """What is derived of a kind of record."""
        return self.subjects[subject].deriving
