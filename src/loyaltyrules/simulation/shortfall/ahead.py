# SPDX-License-Identifier: Apache-2.0
"""The facts of one record on coming days, as they would be if only time passed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias

from loyaltyrules.calendar import Period, shift_or_edge
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluator
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE
from loyaltyrules.plan.day import Deriving
from loyaltyrules.plan.derive import Record, derive_all
from loyaltyrules.plan.deriving import derivings
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import LAST_DAY, DayPlan
from loyaltyrules.policy.model import Aggregate, Policy
from loyaltyrules.simulation.base.tried import Fact, affected

TODAY = "@.today"  # names with a dot are handed down to child records as they are
AHEAD = Period(months=36)  # how far is looked
DAY = timedelta(days=1)
BySubject: TypeAlias = Mapping[str, tuple[Deriving, ...]]


class Moving(Folding):
    """Expressions of a policy with the figures of a day, in which `today` is a fact like others."""

    def __init__(self, plan: DayPlan, day: date) -> None:
        super().__init__(plan.policy, day, plan.tables)
        self.today = {"today": tree.FactRef(TODAY, DATE)}

    def of(self, node: Node, subject: str) -> Evaluated:
        return evaluator(self.folded(node, subject), self.policy.functions)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Days on which all figures stay: what is asked, and what must be derived anew each day for it."""

    asked: tuple[Evaluated, ...]
    deriving: BySubject

    def of(self, subject: str) -> tuple[Deriving, ...]:
        return self.deriving.get(subject, ())

    @cached_property
    def gone(self) -> Mapping[str, frozenset[str]]:
        """By kind of record the names of what is derived anew of it and of those above it."""
        above = {f"{name}.{each.name}" for name, own in self.deriving.items() for each in own}
        own = {name: {each.name for each in own} for name, own in self.deriving.items()}
        return {name: frozenset(above | names) for name, names in own.items()}


@dataclass(frozen=True, eq=False)
class Ahead:
    """Expressions about records of one kind, on the coming days of a plan."""

    plan: DayPlan
    subject: str
    nodes: tuple[Node, ...]
    known: dict[date, Stretch] = field(default_factory=dict)

    @cached_property
    def steady(self) -> bool:
        """True where no day makes a difference to what is asked."""
        return not any(map(self.moves, self.nodes))

    def moves(self, node: Node) -> bool:
        """True of an expression that goes by the day, or by a figure that changes."""
        reads = needed(self.plan.policy, self.subject, [node])
        return bool(tree.symbols_in(node) & self._symbols or reads & self._moving)

    @property
    def changes(self) -> tuple[date, ...]:
        """The days ahead on which a figure changes."""
        figures = self.plan.policy.parameters.values()
        days = {since for each in figures for since, _ in each.values}
        return tuple(sorted(day for day in days if self.plan.on < day <= self.last))

    @property
    def last(self) -> date:
        """The last day that is looked at."""
        end = self.plan.policy.in_force[1] or LAST_DAY
        return min(end, LAST_DAY, shift_or_edge(self.plan.on, AHEAD))

    def days(self, record: Record) -> Iterator[tuple[date, Facts, tuple[Evaluated, ...]]]:
        """Day by day the facts of a record, and what evaluates the expressions on that day."""
        day, around = (
            self.plan.on,
            replace(self.plan.around(self.plan.day(self.plan.on)), remember=False),
        )
        last, changes = self.plan.on if self.steady else self.last, self.changes
        while day <= last:
            since = max((each for each in changes if each <= day), default=self.plan.on)
            stretch = self._stretch(since)
            moved = self._on(day, record, stretch)
            derive_all(around, stretch.of, moved, self.plan.day(self.plan.on).stages)
            yield day, moved.facts, stretch.asked
            day += DAY

    def _on(self, day: date, record: Record, stretch: Stretch) -> Record:
        """A record without the facts that days make another, and its children that are asked."""
        children = {
            name: [self._on(day, each, stretch) for each in listed]
            for name, listed in record.children.items()
            if name in stretch.deriving
        }
        gone = stretch.gone.get(record.subject, frozenset())
        facts = {name: value for name, value in record.facts.items() if name not in gone}
        return Record(record.subject, record.id, {**facts, TODAY: day}, children)

    def _stretch(self, since: date) -> Stretch:
        found = self.known.get(since)
        if found is None:
            folding = Moving(self.plan, since)
            asked = tuple(folding.of(each, self.subject) for each in self.nodes)
            subjects = {subject for subject, _ in self._needed}
            found = self.known[since] = Stretch(
                asked, {name: self._derived(folding, name) for name in subjects}
            )
        return found

    def _derived(self, folding: Folding, subject: str) -> tuple[Deriving, ...]:
        moving = self._moving
        listed = derivings(folding, subject)
        return tuple(each for each in listed if (subject, each.name) in moving)

    @cached_property
    def _needed(self) -> frozenset[Fact]:
        return needed(self.plan.policy, self.subject, self.nodes)

    @cached_property
    def _moving(self) -> frozenset[Fact]:
        """The derived facts that the expressions need and that days make another."""
        return self._needed & affected(self.plan.policy, self._symbols)

    @cached_property
    def _symbols(self) -> frozenset[str]:
        changing = (
            each.name
            for each in self.plan.policy.parameters.values()
            if any(self.plan.on < since <= self.last for since, _ in each.values)
        )
        return frozenset({"today", *changing})


def needed(policy: Policy, subject: str, nodes: Iterable[Node]) -> frozenset[Fact]:
    """The derived facts that expressions about a kind of record are worked out from."""
    open_ = [(subject, node) for node in nodes]
    found = set[Fact]()
    while open_:
        whose, node = open_.pop()
        for each in tree.references_in(node):
            fact = (each.owner or whose, each.name)
            derived = policy.derived.get(fact[0], {}).get(fact[1])
            if derived is None or fact in found:
                continue
            found.add(fact)
            counted = derived.origin
            below = counted.nodes if isinstance(counted, Aggregate) else derived.nodes
            owner = counted.over if isinstance(counted, Aggregate) else fact[0]
            open_ += [(owner, part) for part in below]
            if isinstance(counted, Aggregate):
                found.add((owner, ""))  # its children are asked, whatever they derive
    return frozenset(found)
