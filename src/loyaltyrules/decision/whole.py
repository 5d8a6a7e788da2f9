# SPDX-License-Identifier: Apache-2.0
"""A whole decision remembered: one look-up for a record without children, on a plan of one day.

What the rules ask of given facts is one signature, what the gate asks another: most records emit
nothing on a day, and need no second. A record finds its place once; the first record that is decided
there leaves the outcome for all others. Where records seldom share a place (many independent facts),
the memory turns itself off and the stages decide.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from loyaltyrules.decision.decision import Findings
from loyaltyrules.decision.gate import Gate
from loyaltyrules.decision.outcome import Outcome
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.plan.signature import Signature, signatures
from loyaltyrules.policy.model import Policy

BOUND = 65_536
TRIAL = 4_096  # records after which the memory must have helped


@dataclass(slots=True)
class Place:
    """Where a plan keeps what records of one signature come to, once the first was decided.

    Where the rules emit something, the gate tells records apart further: `emission` then leads on.
    """

    plan: object  # the plan's token: another plan decides otherwise
    emission: "Emission | None" = None
    outcome: Outcome | None = None


@dataclass(slots=True)
class Emission:
    """What the rules emit for records of one signature, and their places by what the gate asks."""

    recipes: list[tuple[Recipe, int]]
    derived: dict[str, Any]
    findings: Findings
    places: dict[Hashable, Place] = field(default_factory=dict)
    outcomes: dict[Hashable, Outcome] = field(default_factory=dict)  # by what the gate decided


@dataclass(slots=True)
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
    places: dict[Hashable, Place] = field(default_factory=dict)
    size: int = 0
    asked: int = 0
    met: int = 0

    def place(self, snapshot: Snapshot) -> Place | None:
        """The place of a record, given to it; None where the memory does not help, or is full."""
        if snapshot.children or not self.helps:
            return None
        facts = self.given(snapshot) if self.above else snapshot.facts
        size = self.size
        found = self._at(self.places, self.rules.of(facts))
        if found is not None and found.emission is not None:
            found = self._at(found.emission.places, self.gate.of(facts), found.emission)
        self.asked += 1
        self.met += found is not None and self.size == size
        return self._put(snapshot, found)

    def emitting(self, emission: Emission, snapshot: Snapshot) -> Place:
        """The place of a record among those for which the rules emit the same."""
        key = self.gate.of(self.given(snapshot))
        found = self._put(snapshot, self._at(emission.places, key, emission))
        return found or Place(self.plan.token, emission)

    def given(self, snapshot: Snapshot) -> Facts:
        """The facts of a record, and those of its parent where it came as reference data."""
        facts = snapshot.facts
        return {**facts, **self.plan.reference(snapshot)} if self.above else facts

    def _at(
        self, places: dict[Hashable, Place], key: Hashable, emission: Emission | None = None
    ) -> Place | None:
        found = places.get(key)
        if found is None and self.size < BOUND:
            self.size += 1
            found = places.setdefault(key, Place(self.plan.token, emission))
        return found

    def _put(self, snapshot: Snapshot, found: Place | None) -> Place | None:
        """Give a record its place, unless another plan has given it one."""
        known = snapshot.place
        if found is not None and (known is None or known.plan is self.plan.token):
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
    recipes = [recipe for instance in compiled.instances for recipe in instance.recipes]
    rules, sieves = signatures(compiled, gate.conditions(recipes), plan.policy.functions)
    above = (rules.reads | sieves.reads) - {*plan.policy.vocabulary.declarations[subject], "id"}
    if above - _of_parents(plan.policy, subject):
        return None
    derived = frozenset(each.name for each in compiled.deriving)
    common = derived.union(rules.plain, sieves.plain)
    return WholeMemory(plan, derived, common, rules, sieves, bool(above))


def _of_parents(policy: Policy, subject: str) -> set[str]:
    """What a record of its own knows of its parent: the given facts of reference data."""
    parent = policy.vocabulary.subjects[subject].parent
    return {f"{parent}.{name}" for name in policy.vocabulary.declarations.get(parent or "", {})}
