# SPDX-License-Identifier: Apache-2.0
"""The signature of a whole decision: all that a day can tell apart of a record's given facts."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loyaltyrules.expression.buckets import (
    Bucket,
    Cuts,
    Identity,
    Members,
    Read,
    RowPredicate,
    facts_of,
    finite,
)
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import FactRef, Missing, Node, facts_in, references_in, walk
from loyaltyrules.expression.types import Type
from loyaltyrules.plan.classes import EquivalenceClasses, SingleFactConditions, classes
from loyaltyrules.plan.day import Deriving, Instance, SubjectDay


@dataclass(frozen=True, slots=True)
class Signature:
    """Facts taken whole, facts by the class of their value, and what is worked out of several."""

    plain: tuple[str, ...]
    cut: tuple[tuple[str, tuple[Any, ...], tuple[int, ...]], ...]
    named: tuple[tuple[str, Mapping[Any, int]], ...]
    worked_out: tuple[Read, ...]
    reads: frozenset[str]

    def of(self, facts: Facts) -> Hashable:
        """What the day can tell apart of a record; missing is always told apart."""
        get = facts.get
        found = [*map(get, self.plain)]
        for name, cuts, numbers in self.cut:
            value = get(name)
            if value is not None:
                place = bisect_left(cuts, value)
                value = numbers[2 * place + (place < len(cuts) and cuts[place] == value)]
            found.append(value)
        for name, named in self.named:
            value = get(name)
            found.append(None if value is None else named.get(value, 0))
        for read in self.worked_out:
            found.append(read(facts))
        return tuple(found)


def signatures(
    compiled: SubjectDay, sieves: Sequence[Node], functions: Mapping[str, Function]
) -> tuple[Signature, Signature]:
    """The signatures of one kind of record on a day: what its rules ask, and what the gate asks.

    Args:
        compiled: What is derived of the record, and its rules.
        sieves: The conditions of the gate for all that the rules may emit.
        functions: Those of the policy.
    """
    instead = _instead(compiled, sieves)
    derived = {each.name for each in compiled.deriving}
    others = [each for each in compiled.deriving if each not in instead]
    rules, gate = _of_rules(compiled.instances, others), SingleFactConditions()
    for node in sieves:
        gate.value(node)
    return _signature(rules, derived, instead, functions), _signature(gate, derived, (), functions)


def told_apart(
    compiled: SubjectDay, sieves: Sequence[Node], functions: Mapping[str, Function]
) -> tuple[list[Identity | RowPredicate | EquivalenceClasses], bool]:
    """All that a day asks of the given facts of a record, its rules and the gate together.

    The second is true where it also asks facts of the parent.
    """
    asked = _of_rules(compiled.instances, compiled.deriving)
    for node in sieves:
        asked.value(node)
    derived = {each.name for each in compiled.deriving}
    nodes = [*sieves, *(each.condition for each in compiled.instances)]
    nodes += [each.node for each in compiled.deriving if each.node is not None]
    above = {fact.key for node in nodes for fact in references_in(node) if fact.owner}
    return list(_given(asked, derived | above, functions)), bool(above)


def told_apart_together(
    instances: Iterable[Instance], deriving: Sequence[Deriving], functions: Mapping[str, Function]
) -> list[Identity | RowPredicate | EquivalenceClasses]:
    """All that rules and derived facts together ask of the other facts of a record."""
    asked = _of_rules(instances, deriving)
    return list(_given(asked, {each.name for each in deriving}, functions))


def _given(
    alone: SingleFactConditions, derived: set[str], functions: Mapping[str, Function]
) -> Iterator[Identity | RowPredicate | EquivalenceClasses]:
    """The buckets over given facts, as few as they come; derived facts follow from them."""
    buckets = alone.buckets()
    beside = _beside(buckets, derived)
    yield from (Identity(name, kind) for name, kind in sorted(beside.items()))
    for bucket in buckets:
        if derived & {*facts_of(bucket)}:
            continue
        if isinstance(bucket, RowPredicate):
            yield bucket
        elif bucket.fact not in beside:
            yield _told(bucket, alone, functions)


def _signature(
    alone: SingleFactConditions,
    derived: set[str],
    instead: Sequence[Deriving],
    functions: Mapping[str, Function],
) -> Signature:
    """The buckets of conditions as a signature; derived facts follow from what they ask themselves."""
    told = list(_given(alone, derived, functions))
    cut = [each for each in told if isinstance(each, EquivalenceClasses)]
    decided = [evaluator(each.node, functions) for each in instead if each.node is not None]
    reads = {name for each in alone.buckets() for name in facts_of(each)} - derived
    return Signature(
        tuple(sorted(each.fact for each in told if isinstance(each, Identity))),
        tuple((each.fact, each.cuts, each.places) for each in cut if each.places),
        tuple((each.fact, each.named) for each in cut if each.named),
        (*decided, *(each.reader(functions) for each in told if isinstance(each, RowPredicate))),
        frozenset(reads.union(*map(_read, instead))),
    )


def _told(
    bucket: Cuts | Members | Identity,
    alone: SingleFactConditions,
    functions: Mapping[str, Function],
) -> EquivalenceClasses | Identity:
    """The classes of a fact, or the fact itself where each of its values is a class."""
    if isinstance(bucket, Identity) and not bucket.type.finite:
        return bucket
    found = classes(bucket, alone.conditions.get(bucket.fact, ()), functions)
    apart = isinstance(bucket, Identity) and len(set(found.named.values())) == len(found.named)
    return Identity(bucket.fact, bucket.type) if apart else found


def _beside(buckets: Iterable[Bucket], derived: set[str]) -> dict[str, Type]:
    """Given facts that are compared with derived ones: each of their values may count."""
    found: dict[str, Type] = {}
    for each in buckets:
        if isinstance(each, RowPredicate) and derived & {*facts_of(each)}:
            facts = [part for part in walk(each.node) if isinstance(part, FactRef)]
            found |= {fact.key: fact.type for fact in facts if fact.key not in derived}
    return found


def _of_rules(instances: Iterable[Instance], deriving: Iterable[Deriving]) -> SingleFactConditions:
    """All that rules ask, and what is asked for the facts that are derived."""
    asked = SingleFactConditions()
    for instance in instances:
        asked.value(instance.condition)
    for part in [part for each in asked.local for part in walk(each)]:
        if isinstance(part, FactRef) and not part.event:  # undecided rules name what they lack
            asked.value(Missing(part))
    for each in deriving:
        if each.node is not None:
            asked.value(each.node)
    return asked


def _instead(compiled: SubjectDay, sieves: Sequence[Node]) -> list[Deriving]:
    """Derived facts of few values that stand for several given ones, of which one serves only them."""
    derived = {each.name for each in compiled.deriving}
    uses = [_read(each) for each in compiled.deriving]
    uses += [{name for bucket in g.buckets for name in facts_of(bucket)} for g in compiled.groups]
    uses += [set(facts_in(node)) for node in sieves]

    def serves(each: Deriving) -> bool:
        own = _read(each)
        if each.node is None or len(own) < 2 or derived & own or not finite(each.node):
            return False
        return any(sum(name in used for used in uses) == 1 for name in own)

    return [each for each in compiled.deriving if serves(each)]


def _read(each: Deriving) -> set[str]:
    return set(facts_in(each.node)) if each.node is not None else set()
