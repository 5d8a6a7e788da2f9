# SPDX-License-Identifier: Apache-2.0
"""The derived facts of a kind of record on one day, each with what computes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluated_later, evaluator
from loyaltyrules.expression.tree import FactRef, Falling, Lookup, Node, references_in, type_of
from loyaltyrules.expression.types import WHOLE
from loyaltyrules.fact.declaration import ways_up
from loyaltyrules.plan.day import Counting, Deriving, Ordering
from loyaltyrules.plan.folding import AS_OF, Folding, on_another_day
from loyaltyrules.plan.memo import BOUND, Memo, memo
from loyaltyrules.plan.population import Ranking, RankingNodes
from loyaltyrules.policy.model import Aggregate, Derived, Rank
from loyaltyrules.policy.needs import handed_down

SMALLEST = -100  # the power of ten of a figure below which it counts as nothing


def derivings(folding: Folding, subject: str) -> tuple[Deriving, ...]:
    """Everything derived of a kind of record, each after what it reads; plain ones are written out.

    The rules of the kind are compiled before: they say on which other days shared facts are asked.
    """
    working = _Working(folding, subject)
    for each in _of_parents(folding, subject) if folding.above else ():
        working.add(_shared(folding, subject, each, folding.day))
    for each in folding.policy.derived.get(subject, {}).values():
        if isinstance(each.origin, Lookup) and not folding.plain(each):
            working.look_up(each)
        elif not folding.plain(each):
            working.add(_deriving(folding, subject, each))
    for day in [day for day, whose in folding.moved.items() if subject in whose]:
        for each in _of_days(folding, subject):
            working.add(_shared(folding, subject, each, day))
    return tuple(working.found)


def _of_parents(folding: Folding, subject: str) -> Iterator[Derived]:
    """Shared facts of parents that come as reference data, of which nothing is derived beforehand."""
    for owner in _ancestors(folding, subject):
        if owner in folding.reference:
            known = folding.policy.derived.get(owner, {}).values()
            yield from (each for each in known if folding.shares(owner, each))


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
    """What is derived of a kind of record so far, and in which stage each of it is known."""

    folding: Folding
    subject: str
    found: list[Deriving] = field(default_factory=list)
    stages: dict[str, int] = field(default_factory=dict)

    def look_up(self, derived: Derived) -> None:
        """A fact that is looked up; where that is as on the day before, nothing of it is made again."""
        lookups, node = (
            self.folding.lookups,
            self.folding.shared(derived, self.subject, self.folding.day),
        )
        known = lookups.again(self.subject, derived.name, node)
        if known is None:
            self.add(_deriving(self.folding, self.subject, derived))
        else:
            self.stages[known.name] = known.stage
            self.found.append(known)
        lookups.note(self.subject, self.found[-1])

    def add(self, each: Deriving) -> None:
        if each.node is None:
            stage = self.folding.stages[self.subject, each.name]
        else:
            stage = max(map(self._known, references_in(each.node)), default=0)
        self.stages[each.name] = stage
        self.found.append(replace(each, stage=stage) if stage else each)

    def _known(self, fact: FactRef) -> int:
        """The stage in which a fact is known of the record itself."""
        if fact.key in self.stages:
            return self.stages[fact.key]
        above = fact.owner, fact.name.partition(AS_OF)[0]
        known = self.folding.stages.get(above) if fact.owner else None
        return 0 if known is None else handed_down(known)


def _deriving(folding: Folding, subject: str, derived: Derived) -> Deriving:
    match derived.origin:
        case Aggregate():
            counting = _counting(folding, derived.name, derived.origin)
            return Deriving(derived.name, counting=counting, shared=counting.exact)
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
    order = tuple(_ordering(folding, each, over) for each in aggregate.order)
    take = folding.evaluated(aggregate.take, over)({}) if aggregate.take is not None else None
    function, kind = AGGREGATES[aggregate.function], WHOLE if node is None else type_of(node)
    return Counting(
        name, function, over, node, test, read, evaluated_later(test, functions),
        function.reducing(kind), function.nothing(kind), aggregate.default, order, take,
        _handed(folding, over, [test, node, *(each.node for each in order)]),
    )  # fmt: skip


def _handed(
    folding: Folding, over: str, nodes: Iterable[Node | None]
) -> tuple[tuple[str, str], ...]:
    """The facts that a record derives and its child records are asked by, each with its name there."""
    parent = folding.policy.vocabulary.subjects[over].parent or ""
    own = folding.policy.derived.get(parent, {})
    read = (fact for node in nodes if node is not None for fact in references_in(node))
    handed = (
        each for each in read if each.owner == parent and each.name.partition(AS_OF)[0] in own
    )
    return tuple(dict.fromkeys((each.name, each.key) for each in handed))


def _ordering(folding: Folding, node: Node, subject: str) -> Ordering:
    """What children are put in order by: words best first, the rest from the lowest; or the other way."""
    found = folding.computed(node, subject)
    read, words = found.of, type_of(node).words

    def place(facts: Facts) -> Any:
        value = read(facts)
        return words.index(value) if words and value is not None else value

    return Ordering(found.node, place, isinstance(node, Falling))


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
