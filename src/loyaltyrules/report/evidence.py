# SPDX-License-Identifier: Apache-2.0
"""Evidence: the conditions of a day in their parts, each ready to be asked of a record."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, evaluated_later
from loyaltyrules.expression.tree import Node
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Day, Instance
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Rule

Named: TypeAlias = tree.FactRef | tree.Symbol  # a fact or a figure
STATES = ("acts", "undecided", "no", "not_now")  # of several openings of a day the first is told
OUTCOMES: Mapping[Any, str] = {True: "acts", None: "undecided", False: "no"}


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A condition or a part of one: what it comes to, its own parts, and what it reads itself.

    `facts` are all that it and its parts are worked out from.
    """

    node: Node
    of: Evaluated
    facts: tuple[str, ...]
    parts: tuple["Clause", ...] = ()
    own: tuple[tuple[Named, Evaluated], ...] = ()

    @property
    def reads(self) -> tuple[tuple[Named, Evaluated], ...]:
        """The facts and figures that it and its parts read, each once."""
        below = (each for part in self.parts for each in part.reads)
        return tuple({named: (named, of) for named, of in (*self.own, *below)}.values())


class Finding(NamedTuple):
    """What became of one rule for one record on one day.

    `state` is `acts`, `undecided` (a fact is lacking), `no` (its condition fails) or `not_now` (its
    moment is another, and no clause was asked). Of a rule that is said for each row of a reference table
    `row` is the id of the row, for those that act or lack something.
    """

    rule: Rule
    record: Record
    day: date
    state: str
    clause: Clause | None
    row: str = ""


class _Opening(NamedTuple):
    """One opening of a rule; where it is unknown whether it is the record's, its moment is evidence."""

    moment: Evaluated
    condition: Clause
    with_moment: Clause
    row: str = ""


Openings: TypeAlias = tuple[tuple[Rule, tuple[_Opening, ...]], ...]


@dataclass(slots=True, eq=False)
class Evidence:
    """The rules of a plan in their parts, by day and kind of record. It belongs to the plan's memory."""

    known: dict[tuple[date, str], Openings] = field(default_factory=dict)

    def openings(self, plan: DayPlan, day: Day, subject: str) -> Openings:
        found = self.known.get((day.day, subject))
        if found is None:
            found = self.known[day.day, subject] = tuple(_openings(plan, day, subject))
        return found


def findings(
    plan: DayPlan, snapshot: Snapshot, rules: Container[str] | None = None
) -> Iterator[Finding]:
    """Every rule, or those asked for, for the record and each below it; the plan's last day comes first."""
    for date_ in reversed(plan.dates):
        day = plan.day(date_)
        yield from _on(plan, day, plan.derived(day, snapshot), rules)


def _on(plan: DayPlan, day: Day, root: Record, rules: Container[str] | None) -> Iterator[Finding]:
    evidence = plan.memory.of(Evidence, Evidence)
    for record in (root, *root.below()):
        for rule, openings in evidence.openings(plan, day, record.subject):
            if rules is None or rule.id in rules:
                for state, clause, row in _told(rule, openings, record.facts):
                    yield Finding(rule, record, day.day, state, clause, row)


def _told(
    rule: Rule, openings: tuple[_Opening, ...], facts: Mapping[str, Any]
) -> list[tuple[str, Clause | None, str]]:
    """What becomes of a rule; of one that is said for each row, of every row for which it may act."""
    if not rule.each:
        return [(*_judged(openings, facts), "")]
    rows: dict[str, list[_Opening]] = {}
    for each in openings:
        rows.setdefault(each.row, []).append(each)
    judged = [(*_judged(own, facts), row) for row, own in rows.items()]
    apart = [each for each in judged if each[0] in ("acts", "undecided")]
    return apart or [(*_judged(openings, facts), "")]


def _judged(openings: Iterable[_Opening], facts: Mapping[str, Any]) -> tuple[str, Clause | None]:
    """What becomes of a rule, and the clause that says why; its first opening in the order of states."""
    found: tuple[str, Clause | None] = "not_now", None
    for each in openings:
        its = each.moment(facts)
        if its is False:
            continue
        clause = each.condition if its else each.with_moment
        state = OUTCOMES[clause.of(facts)]
        if STATES.index(state) < STATES.index(found[0]):
            found = state, clause
    return found


def _openings(plan: DayPlan, day: Day, subject: str) -> Iterator[tuple[Rule, tuple[_Opening, ...]]]:
    folding = Folding(plan.policy, day.day, plan.tables)
    opened: dict[str, list[Instance]] = {}
    for instance in day.subjects[subject].instances:
        known = opened.setdefault(instance.rule.id, [])
        if not any(e.opened is instance.opened and e.row is instance.row for e in known):
            known.append(instance)
    for rule in plan.policy.rules:
        if rule.subject == subject:
            here = opened.get(rule.id, ())
            yield rule, tuple(_opening(_Reading.at(folding, each), each) for each in here)


def _opening(reading: "_Reading", instance: Instance) -> _Opening:
    opened = instance.opened
    moment = tree.YES if opened is None else tree.all_of(opened.condition, opened.guard)
    condition = tree.all_of(instance.row.known, instance.rule.condition, instance.told)
    both = tree.all_of(moment, condition)
    clauses = _clause(condition, reading), _clause(both, reading)
    return _Opening(reading.of(moment), *clauses, instance.row.id)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the parts of a condition are read: at the moment of its rule."""

    folding: Folding
    subject: str
    today: date | None = None
    symbols: Mapping[str, Node] = field(default_factory=dict)

    @classmethod
    def at(cls, folding: Folding, instance: Instance) -> "_Reading":
        moment, subject = instance.opened, instance.rule.subject
        if moment is None:
            return cls(folding, subject, None, instance.row.symbols)
        return cls(folding, subject, moment.moment_day, moment.symbols)

    def of(self, node: Node) -> Evaluated:
        """What evaluates one part; unknown where it reads a row or a figure that is not there."""
        whole = self.written_out(node)
        if tree.symbols_in(whole):
            return _unknown
        return evaluated_later(whole, self.folding.policy.functions)

    def written_out(self, node: Node) -> Node:
        """One part with figures, day and plain derived facts put in."""
        return self.folding.folded(node, self.subject, self.today, self.symbols)


def _unknown(_: Mapping[str, Any]) -> None:
    return None


def _clause(node: Node, reading: _Reading) -> Clause:
    below: tuple[Node, ...] = ()
    match node:
        case tree.And(items) | tree.Or(items):
            below = items
        case tree.Not(tree.And() | tree.Or() as inner):
            below = (inner,)
    parts = tuple(_clause(each, reading) for each in below)
    named = () if parts else _named(node)
    asked = map(reading.written_out, (node, *named))
    facts = {name for each in asked for name in tree.facts_in(each)}
    facts = facts.union(*(each.facts for each in parts))
    own = tuple((each, reading.of(each)) for each in named)
    return Clause(node, reading.of(node), tuple(sorted(facts)), parts, own)


def _named(node: Node) -> tuple[Named, ...]:
    """The facts and figures that an expression names, each once."""
    found = (each for each in tree.walk(node) if isinstance(each, tree.FactRef | tree.Symbol))
    return tuple(dict.fromkeys(found))
