# SPDX-License-Identifier: Apache-2.0
"""A whole decision remembered: one look-up for a record without children, on a plan of one day.

The signature is all that the stages of the day ask of given facts. A record finds its place by it
once; the first record that is decided there leaves the outcome for all others. Where records seldom
share a place (many independent facts), the memory turns itself off and the stages decide.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from loyaltyrules.decision.gate import Gate
from loyaltyrules.decision.outcome import Outcome
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.buckets import Bucket, Cuts, Local, Members, Whole, buckets_of, facts_of
from loyaltyrules.plan.day import Day, SubjectDay
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy

BOUND = 65_536
TRIAL = 4_096  # records after which the memory must have helped
OTHER = object()


@dataclass(slots=True)
class Place:
    """Where a plan keeps what records of one signature come to, once the first was decided."""

    plan: object  # the plan's token: another plan decides otherwise
    outcome: Outcome | None = None


@dataclass(slots=True)
class WholeMemory:
    """Places by the signature of the given facts; `above` says that parents' are among them.

    `fixed` are the facts that records of one signature have in common, derived ones included.
    """

    plan: object
    derived: frozenset[str]
    fixed: frozenset[str]
    plain: tuple[str, ...]
    cuts: tuple[tuple[str, tuple[Any, ...]], ...]
    members: tuple[tuple[str, frozenset[Any]], ...]
    local: tuple[Callable[[Facts], Hashable], ...]
    above: bool = False
    places: dict[Hashable, Place] = field(default_factory=dict)
    asked: int = 0
    met: int = 0

    def signature(self, facts: Facts) -> Hashable:
        """What the plan can tell apart of a record, from its given facts alone."""
        get = facts.get
        found = [*map(get, self.plain)]
        for name, at in self.cuts:
            value = get(name)
            if value is not None:
                index = bisect_left(at, value)
                value = 2 * index + (index < len(at) and at[index] == value)
            found.append(value)
        for name, values in self.members:
            value = get(name)
            found.append(value if value is None or value in values else OTHER)
        for read in self.local:
            found.append(read(facts))
        return tuple(found)

    def place(self, plan: DayPlan, snapshot: Snapshot) -> Place | None:
        """The place of a record, given to it; None where the memory does not help, or is full."""
        if snapshot.children or not self.helps:
            return None
        facts = snapshot.facts
        key = self.signature({**facts, **plan.reference(snapshot)} if self.above else facts)
        self.asked += 1
        found = self.places.get(key)
        if found is not None:
            self.met += 1
        elif len(self.places) < BOUND:
            found = self.places.setdefault(key, Place(self.plan))
        if found is not None and snapshot.place is None:
            snapshot.put(found)
        return found

    @property
    def helps(self) -> bool:
        """False once enough records have shown that few of them share a signature."""
        return self.asked < TRIAL or 2 * self.met > self.asked


def whole_memory(plan: DayPlan, day: Day, subject: str, gate: Gate) -> WholeMemory | None:
    """The memory for one kind of record, or None where more than its given facts decide."""
    compiled = day.subjects[subject]
    ranked = any((subject, each.name) in plan.siblings for each in compiled.deriving)
    if ranked or len(plan.dates) > 1:
        return None
    derived = frozenset(each.name for each in compiled.deriving)
    declared = {*plan.policy.vocabulary.declarations[subject], "id"}
    buckets = _merged(_buckets(compiled, gate), derived)
    read = {name for bucket in buckets for name in facts_of(bucket)} - declared
    if read - _of_parents(plan.policy, subject):
        return None
    functions = plan.policy.functions
    plain = tuple(bucket.fact for bucket in buckets if isinstance(bucket, Whole))
    return WholeMemory(
        plan.token,
        derived,
        derived.union(plain),
        plain,
        tuple((bucket.fact, bucket.at) for bucket in buckets if isinstance(bucket, Cuts)),
        tuple((bucket.fact, bucket.values) for bucket in buckets if isinstance(bucket, Members)),
        tuple(bucket.reader(functions) for bucket in buckets if isinstance(bucket, Local)),
        bool(read),
    )


def _of_parents(policy: Policy, subject: str) -> set[str]:
    """What a record of its own knows of its parent: the given facts of reference data."""
    parent = policy.vocabulary.subjects[subject].parent
    return {f"{parent}.{name}" for name in policy.vocabulary.declarations.get(parent or "", {})}


def _buckets(compiled: SubjectDay, gate: Gate) -> Iterable[Bucket]:
    """All that any stage of the day asks: facts derived, rules, the gate for every action."""
    for each in compiled.deriving:
        yield from each.stage.buckets if each.stage else ()
    for group in compiled.groups:
        yield from group.buckets
    recipes = [recipe for instance in compiled.instances for recipe in instance.recipes]
    yield from buckets_of(gate.conditions(recipes))


def _merged(asked: Iterable[Bucket], derived: frozenset[str]) -> list[Bucket]:
    """One bucket a fact, as fine as the finest asked; those of derived facts are left out.

    What compares a derived fact with a given one asks for the given one's value.
    """
    buckets = [part for bucket in asked for part in _given(bucket, derived)]
    cuts: dict[str, Cuts] = {}
    members: dict[str, Members] = {}
    others: dict[Bucket, None] = {}
    for bucket in buckets:
        if isinstance(bucket, Cuts):
            known = cuts.get(bucket.fact)
            at = sorted({*bucket.at, *(known.at if known else ())})
            cuts[bucket.fact] = Cuts(bucket.fact, bucket.type, tuple(at))
        elif isinstance(bucket, Members):
            named = members.get(bucket.fact)
            values = bucket.values | (named.values if named else frozenset())
            members[bucket.fact] = Members(bucket.fact, bucket.type, values)
        else:
            others[bucket] = None
    return [*others, *cuts.values(), *members.values()]


def _given(bucket: Bucket, derived: frozenset[str]) -> Iterable[Bucket]:
    """What a bucket asks of given facts: derived ones follow from what their own stages ask."""
    if not derived & set(facts_of(bucket)):
        return [bucket]
    parts = tree.walk(bucket.node) if isinstance(bucket, Local) else ()
    facts = [part for part in parts if isinstance(part, tree.FactRef)]
    return [Whole(part.name, part.type) for part in facts if part.name not in derived]
