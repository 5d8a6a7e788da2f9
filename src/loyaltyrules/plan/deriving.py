# SPDX-License-Identifier: Apache-2.0
"""The derived facts of a kind of record on one day, each with what computes it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluated_later, evaluator
from loyaltyrules.expression.tree import FactRef, Node, references_in, type_of
from loyaltyrules.fact.declaration import ways_up
from loyaltyrules.plan.day import Counting, Deriving
from loyaltyrules.plan.folding import AS_OF, Folding, on_another_day, plain
from loyaltyrules.plan.memo import BOUND, Memo, memo
from loyaltyrules.plan.population import Ranking, RankingNodes
from loyaltyrules.policy.model import Aggregate, Derived, Rank

SMALLEST = -100  # the power of ten of a figure below which it counts as nothing


def derivings(folding: Folding, subject: str) -> tuple[Deriving, ...]:
    """Everything derived of a kind of record, each after what it reads; plain ones are written out.

    The rules of the kind are compiled before: they say on which other days shared facts are asked.
    """
    working = _Working(folding, subject)
    for each in _of_parents(folding, subject) if folding.above else ():
        working.add(_shared(folding, subject, each, folding.day))
    for each in folding.policy.derived.get(subject, {}).values():
        if not plain(each):
            working.add(_deriving(folding, subject, each))
    for day in [day for day, whose in folding.moved.items() if subject in whose]:
        for each in _of_days(folding, subject):
            working.add(_shared(folding, subject, each, day))
    return tuple(working.found)


def _of_parents(folding: Folding, subject: str) -> Iterator[Derived]:
    """Shared facts of parents that come as reference data, of which nothing is derived beforehand."""
    for owner in _ancestors(folding, subject):
        if owner in folding.reference:
            yield from (e for e in folding.policy.derived.get(owner, {}).values() if e.shared_above)


def _of_days(folding: Folding, subject: str) -> Iterator[Derived]:
    """Shared facts of a kind of record and its parents that are not the same on every day."""
    for owner in (*_ancestors(folding, subject), subject):
        seen = owner if owner != subject else ""
        for each in folding.policy.derived.get(owner, {}).values():
            if each.dated and folding.shares(seen, each):
                yield each


def _ancestors(folding: Folding, subject: str) -> list[str]:
    """The parents of a kind of record, the nearest last."""
    return [*reversed(ways_up(subject, folding.policy.vocabulary.subjects))]


@dataclass(slots=True)
class _Working:
    """What is derived of a kind of record so far, and which of it waits for the facts of a parent."""

    folding: Folding
    subject: str
    found: list[Deriving] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)

    def add(self, each: Deriving) -> None:
        self.names.add(each.name)
        if each.node is not None and any(map(self._waits, references_in(each.node))):
            self.waiting.add(each.name)
            each = replace(each, of_parent=True)
        self.found.append(each)

    def _waits(self, fact: FactRef) -> bool:
        """True of a fact that the parent derives itself, and of what waits for one."""
        if fact.key in self.names:
            return fact.key in self.waiting
        name = fact.name.partition(AS_OF)[0]
        return bool(fact.owner) and name in self.folding.policy.derived.get(fact.owner, {})


def _deriving(folding: Folding, subject: str, derived: Derived) -> Deriving:
    match derived.origin:
        case Aggregate():
            return Deriving(derived.name, counting=_counting(folding, derived.name, derived.origin))
        case Rank():
            return Deriving(derived.name, ranking=_ranking(folding, subject, derived.origin))
    if derived.shared:
        return _shared(folding, subject, derived, folding.day)
    return _decided(folding, derived.name, folding.folded(derived.origin, subject), BOUND)


def _shared(folding: Folding, subject: str, derived: Derived, day: date) -> Deriving:
    """A fact of many values that is worked out once a record; as few share one, none is remembered."""
    name = derived.name if day == folding.day else on_another_day(derived.name, day)
    key = name if derived.subject == subject else f"{derived.subject}.{name}"
    made = _decided(folding, key, folding.shared(derived, subject, day), 0)
    assert made.memo is not None
    return replace(made, memo=replace(made.memo, decide=_kept(made.memo.decide)), shared=True)


def _kept(decide: Evaluated) -> Evaluated:
    """A figure too small to be told is none: else what is made of it would have no end of digits."""

    def run(facts: Facts) -> Any:
        value = decide(facts)
        tiny = isinstance(value, Decimal) and value.adjusted() < SMALLEST
        return Decimal(0) if tiny else value

    return run


def _decided(folding: Folding, name: str, node: Node, bound: int) -> Deriving:
    folding.require_figures(node)
    functions = folding.policy.functions
    decide = evaluated_later(node, functions)
    made: Memo[Any] = replace(memo(name, buckets_of([node]), decide, functions), bound=bound)
    return Deriving(name, node=node, memo=made)


def _counting(folding: Folding, name: str, aggregate: Aggregate) -> Counting:
    functions, over = folding.policy.functions, aggregate.over
    test = folding.folded(aggregate.where, over)
    folding.require_figures(test)
    node = None if aggregate.value is None else folding.folded(aggregate.value, over)
    read = None if node is None else evaluated_later(node, functions)
    order = tuple(_ordinal(folding, each, over) for each in aggregate.order)
    take = folding.evaluated(aggregate.take, over)({}) if aggregate.take is not None else None
    return Counting(
        name, AGGREGATES[aggregate.function], over, node, test, read, evaluated_later(test, functions),
        aggregate.default, order, take,
    )  # fmt: skip


def _ordinal(folding: Folding, node: Node, subject: str) -> Evaluated:
    """What children are put in order by: words best first, the rest from the lowest."""
    read, words = folding.evaluated(node, subject), type_of(node).words

    def place(facts: Facts) -> Any:
        value = read(facts)
        return words.index(value) if words and value is not None else value

    return place


def _ranking(folding: Folding, subject: str, standing: Rank) -> Ranking:
    def of(node: Node | None) -> Node | None:
        return folding.folded(node, subject) if node is not None else None

    def read(node: Node | None) -> Evaluated | None:
        return None if node is None else evaluator(node, folding.policy.functions)

    nodes = RankingNodes(
        tuple(folding.folded(each, subject) for each in standing.order),
        of(standing.within),
        folding.folded(standing.where, subject), of(standing.share), of(standing.smallest),
    )  # fmt: skip
    for node in (nodes.where, nodes.share, nodes.smallest):
        folding.require_figures(node or nodes.where)
    functions = folding.policy.functions
    return Ranking(
        standing.function, tuple(evaluator(node, functions) for node in nodes.order),
        read(nodes.within), evaluator(nodes.where, functions), read(nodes.share), standing.parts,
        read(nodes.smallest), nodes, standing.ties,
    )  # fmt: skip
