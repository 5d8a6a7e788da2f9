# SPDX-License-Identifier: Apache-2.0
"""A whole decision remembered: one look-up for a record without children, on a plan of one day.

The signature is all that the stages of the day ask of given facts. A record finds its place by it
once; the first record that is decided there leaves the outcome for all others. Where records seldom
share a place (many independent facts), the memory turns itself off and the stages decide.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from loyaltyrules.decision.decision import Lacking
from loyaltyrules.decision.gate import Gate
from loyaltyrules.decision.outcome import Outcome, outcome_of
from loyaltyrules.decision.passing import Fate
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.signature import Signature, signature
from loyaltyrules.policy.model import Policy

BOUND = 65_536
TRIAL = 4_096  # records after which the memory must have helped


@dataclass(slots=True)
class Place:
    """Where a plan keeps what records of one signature come to, once the first was decided."""

    plan: object  # the plan's token: another plan decides otherwise
    outcome: Outcome | None = None


@dataclass(slots=True)
class WholeMemory:
    """Places by the signature of the given facts; `above` says that parents' are among them.

    `common` are the facts that records of one signature have in common, the derived among them.
    """

    plan: object
    derived: frozenset[str]
    common: frozenset[str]
    signature: Signature
    above: bool = False
    places: dict[Hashable, Place] = field(default_factory=dict)
    outcomes: dict[Hashable, Outcome] = field(default_factory=dict)
    asked: int = 0
    met: int = 0

    def place(self, plan: DayPlan, snapshot: Snapshot) -> Place | None:
        """The place of a record, given to it; None where the memory does not help, or is full."""
        if snapshot.children or not self.helps:
            return None
        facts = snapshot.facts
        if self.above:
            facts = {**facts, **plan.reference(snapshot)}
        key = self.signature.of(facts)
        self.asked += 1
        found = self.places.get(key)
        if found is not None:
            self.met += 1
        elif len(self.places) < BOUND:
            found = self.places.setdefault(key, Place(self.plan))
        if found is not None and snapshot.place is None:
            snapshot.put(found)
        return found

    def outcome(
        self, plan: DayPlan, record: Record, fates: tuple[Fate, ...], lacking: Lacking
    ) -> Outcome:
        """What the first record of a signature comes to; many signatures come to the same.

        Fates are known again by identity: they are what the gate remembers, and outcomes keep them.
        """
        common = tuple(map(record.facts.get, self.common))
        key = id(fates), common, tuple([each for _, each in lacking])
        found = self.outcomes.get(key)
        if found is None:
            found = self.outcomes[key] = self.decide(plan, record, fates, lacking)
        return found

    def decide(
        self, plan: DayPlan, record: Record, fates: tuple[Fate, ...], lacking: Lacking
    ) -> Outcome:
        return outcome_of(plan, record, fates, lacking, self.derived, self.common)

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
    found = signature(compiled, gate.conditions(recipes), plan.policy.functions)
    beyond = found.reads - {*plan.policy.vocabulary.declarations[subject], "id"}
    if beyond - _of_parents(plan.policy, subject):
        return None
    derived = frozenset(each.name for each in compiled.deriving)
    return WholeMemory(plan.token, derived, derived.union(found.plain), found, bool(beyond))


def _of_parents(policy: Policy, subject: str) -> set[str]:
    """What a record of its own knows of its parent: the given facts of reference data."""
    parent = policy.vocabulary.subjects[subject].parent
    return {f"{parent}.{name}" for name in policy.vocabulary.declarations.get(parent or "", {})}
