# SPDX-License-Identifier: Apache-2.0
"""Evidence: what each part of a rule's condition came to for one record on one day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.day import Day, Instance
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Rule

Read: TypeAlias = tuple[tree.FactRef | tree.Symbol, Any]  # a fact or figure, and its value
STATES = ("acts", "open", "no", "not_now")  # of several openings of a day the first is told
OUTCOMES: Mapping[Any, str] = {True: "acts", None: "open", False: "no"}


@dataclass(frozen=True, slots=True)
class Trace:
    """A condition, what it came to, and the same of its parts; what it read, where it has none."""

    node: Node
    value: Any
    parts: tuple["Trace", ...] = ()
    own: tuple[Read, ...] = ()

    @property
    def read(self) -> tuple[Read, ...]:
        """The facts and figures that it and its parts read, each once."""
        below = (each for part in self.parts for each in part.read)
        return tuple({part: (part, value) for part, value in (*self.own, *below)}.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one rule for one record on one day.

    `state` is `acts`, `open` (a fact is lacking), `no` (its condition fails) or `not_now` (its
    moment is another).
    """

    rule: Rule
    record: Record
    day: date
    state: str
    trace: Trace


def findings(plan: DayPlan, day: Day, root: Record) -> Iterator[Finding]:
    """Every rule for the record and each record below it, whether it acts or not."""
    folding = Folding(plan.policy, day.day, plan.tables.keys())
    for record in (root, *root.below()):
        opened: dict[str, list[Instance]] = {}
        for instance in day.subjects[record.subject].instances:
            opened.setdefault(instance.rule.id, []).append(instance)
        for rule in plan.policy.rules:
            if rule.subject == record.subject:
                yield _finding(folding, rule, record, opened.get(rule.id, ()))


def _finding(folding: Folding, rule: Rule, record: Record, opened: Iterable[Instance]) -> Finding:
    found = [_judged(_Reading.at(folding, each, record.facts), each) for each in opened]
    nowhere = _Reading(folding, rule.subject, record.facts)
    found = found or [("not_now", _traced(rule.condition, nowhere))]
    state, evidence = min(found, key=lambda each: STATES.index(each[0]))
    return Finding(rule, record, folding.day, state, evidence)


def _judged(reading: "_Reading", instance: Instance) -> tuple[str, Trace]:
    """What becomes of a rule that opens, and why; its moment is evidence where it is unknown."""
    moment = tree.YES if instance.opened is None else instance.opened.condition
    condition = instance.rule.condition
    its = reading.value(moment)
    if its is False:
        return "not_now", _traced(condition, reading)
    evidence = _traced(condition if its else tree.all_of(moment, condition), reading)
    return OUTCOMES[evidence.value], evidence


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the parts of a condition are read: for one record, at the moment of its rule."""

    folding: Folding
    subject: str
    facts: Facts
    today: date | None = None
    symbols: Mapping[str, Node] = field(default_factory=dict)

    @classmethod
    def at(cls, folding: Folding, instance: Instance, facts: Facts) -> "_Reading":
        moment, subject = instance.opened, instance.rule.subject
        if moment is None:
            return cls(folding, subject, facts)
        return cls(folding, subject, facts, moment.moment_day, moment.symbols)

    def value(self, node: Node) -> Any:
        """The value of one part; unknown where it reads a row or a figure that is not there."""
        whole = self.folding.folded(node, self.subject, self.today, self.symbols)
        if tree.symbols_in(whole):
            return None
        return evaluator(whole, self.folding.policy.functions)(self.facts)


def _traced(node: Node, reading: _Reading) -> Trace:
    below: tuple[Node, ...] = ()
    match node:
        case tree.And(items) | tree.Or(items):
            below = items
        case tree.Not(tree.And() | tree.Or() as inner):
            below = (inner,)
    parts = tuple(_traced(each, reading) for each in below)
    return Trace(node, reading.value(node), parts, () if parts else _read(node, reading))


def _read(node: Node, reading: _Reading) -> tuple[Read, ...]:
    named = (each for each in tree.walk(node) if isinstance(each, tree.FactRef | tree.Symbol))
    return tuple((each, reading.value(each)) for each in dict.fromkeys(named))
