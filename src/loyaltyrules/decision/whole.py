# SPDX-License-Identifier: Apache-2.0
"""A whole decision remembered: one look-up for a record without children, on a plan of one day.

What the rules ask of given facts is one signature, what the gate asks another: most records emit
nothing on a day, and need no second. The first record that is decided at a place leaves what all
others share with it. Where records seldom share a place (many independent facts), the memory turns
itself off and the stages decide.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from loyaltyrules.decision.decision import Results
from loyaltyrules.decision.gate import Gate
from loyaltyrules.decision.outcome import Both, parted
from loyaltyrules.decision.passing import Fate
from loyaltyrules.decision.stamp import Stamp, actions_of, own_of, stamps_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.types import DATED
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.above import counted_of
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.plan.signature import Signature, signatures
from loyaltyrules.policy.model import Policy

BOUND = 65_536
IDS = frozenset({"customer_id", "store_id"})
TRIAL = 4_096  # records after which the memory must have helped


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """All of a decision but the record: what records of one place have in common.

    `kept` and `held` are stamps in the order of the ids that they make. Where that order, or that
    each id is made once, depends on the record, `settled` is false.
    """

    results: Results
    kept: tuple[Stamp, ...] = ()
    held: tuple[Stamp, ...] = ()
    settled: bool = True
    derived: bool = False  # true where derived facts, or a parent's, are read
    acts: bool = False  # true where there are any stamps


@dataclass(slots=True, eq=False)
class CacheEntry:
    """What records of one signature come to, once the first was decided.

    Where the rules emit something, the gate tells records apart further: `emission` then leads on.
    """

    emission: "Emission | None" = None
    shared: Shared | None = None


@dataclass(slots=True, eq=False)
class Emission:
    """What the rules emit for records of one signature, and their places by what the gate asks."""

    recipes: list[tuple[Recipe, int]]
    derived: dict[str, Any]
    results: Results
    places: dict[Hashable, CacheEntry] = field(default_factory=dict)
    shared: dict[Hashable, Shared] = field(default_factory=dict)  # by what the gate decided


@dataclass(slots=True, eq=False)
class WholeMemory:
    """Places by the signatures of the given facts; `above` says that parents' are among them.

    `common` are the facts that records of one place have in common, the derived among them.
    """

    plan: DayPlan
    derived: frozenset[str]
    common: frozenset[str]
    rules: Signature
    gate: Signature
    above: bool = False
    places: dict[Hashable, CacheEntry] = field(default_factory=dict)
    size: int = 0
    asked: int = 0
    met: int = 0

    def place(self, snapshot: Snapshot) -> CacheEntry | None:
        """The place of a record; None where the memory does not help, or is full."""
        if snapshot.children or not self.helps:
            return None
        facts = self.given(snapshot) if self.above else snapshot.facts
        size = self.size
        found = self._at(self.places, self.rules.of(facts))
        if found is not None and found.emission is not None:
            found = self._at(found.emission.places, self.gate.of(facts), found.emission)
        self.asked += 1
        self.met += found is not None and self.size == size
        return found

    def emitting(self, emission: Emission, snapshot: Snapshot) -> CacheEntry:
        """The place of a record among those for which the rules emit the same."""
        key = self.gate.of(self.given(snapshot))
        return self._at(emission.places, key, emission) or CacheEntry(emission)

    def given(self, snapshot: Snapshot) -> Facts:
        """The facts of a record, and those of its parent where it came as reference data."""
        facts = snapshot.facts
        return {**facts, **self.plan.reference(snapshot)} if self.above else facts

    def _at(
        self, places: dict[Hashable, CacheEntry], key: Hashable, emission: Emission | None = None
    ) -> CacheEntry | None:
        found = places.get(key)
        if found is None and self.size < BOUND:
            self.size += 1
            found = places.setdefault(key, CacheEntry(emission))
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
    recipes = [recipe for instance in compiled.instances for recipe in instance.recipes]
    rules, sieves = signatures(compiled, gate.conditions(recipes), plan.policy.functions)
    above = (rules.reads | sieves.reads) - {*plan.policy.vocabulary.declarations[subject], "id"}
    if above - _of_parents(plan.policy, subject):
        return None
    derived = frozenset(each.name for each in compiled.deriving)
    common = derived.union(rules.plain, sieves.plain)
    return WholeMemory(plan, derived, common, rules, sieves, bool(above))


def _of_parents(policy: Policy, subject: str) -> set[str]:
    """What a record of its own knows of its parent: what is given of reference data, and what is counted.

    A date that is counted may not have happened, which no signature tells.
    """
    found: set[str] = set()
    for parent in policy.vocabulary.subjects[subject].links:
        given = policy.vocabulary.declarations.get(parent, {})
        derived, counted = policy.derived.get(parent, {}), counted_of(policy, parent)
        told = [name for name in counted if derived[name].type.kind not in DATED]
        found |= {f"{parent}.{name}" for name in (*given, *told)}
    return found


def shared(
    policy: Policy,
    record: Record,
    fates: tuple[Fate, ...],
    results: Results,
    common: frozenset[str],
) -> Shared:
    """What the decision on the first record of a place leaves to all others.

    Args:
        policy: The policy that was asked.
        record: The first record, everything derived.
        fates: What becomes of each action.
        results: What the decision says beside its actions.
        common: The names of the facts that all records of the place have in common.
    """
    stamps = stamps_of(fates, common, record.facts)
    pairs = sorted(zip(stamps, fates, strict=True), key=lambda each: (each[0].head, each[0].tail))
    kept, held = ([stamp for stamp, fate in pairs if fate.held == back] for back in (False, True))
    own = {*policy.vocabulary.declarations[record.subject], "id"}
    read = frozenset[str](IDS & results.facts.keys()).union(*(each.reads for each in stamps))
    return Shared(
        results, tuple(kept), tuple(held), _settled(stamps), bool(read - own), bool(stamps)
    )


def _settled(stamps: Sequence[Stamp]) -> bool:
    """True when the order of a record's actions is that of its stamps, and no two are one.

    What stands before the record's id decides; behind it only texts known beforehand can.
    """
    heads = [each.head for each in stamps]
    alike = len({(each.head, each.tail) for each in stamps}) < len(stamps)
    varying = [each.head for each in stamps if each.occurrence is not None]
    return not alike and all(heads.count(each) == 1 for each in varying)


def read_off(plan: DayPlan, shared: Shared, snapshot: Snapshot) -> Both:
    """The actions of one record of a place, and those held back."""
    facts: Facts = snapshot.facts
    if shared.derived:
        facts = {**facts, **plan.reference(snapshot), **shared.results.facts}
    own = own_of(snapshot.subject, snapshot.id, facts)
    kept = actions_of(shared.kept, own, facts) if shared.kept else ()
    held = actions_of(shared.held, own, facts) if shared.held else ()
    return (kept, held) if shared.settled else parted((*kept, *held))
