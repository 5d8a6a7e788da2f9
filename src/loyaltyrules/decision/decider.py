# SPDX-License-Identifier: Apache-2.0
"""The decider of a plan owns all that is remembered of single records: passages, places, who was met."""

from dataclasses import dataclass, field
from datetime import date
from weakref import ref

from loyaltyrules.decision.gate import gate_of
from loyaltyrules.decision.one_day import Passage
from loyaltyrules.decision.whole import Shared, WholeMemory, whole_memory
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan

MET = 262_144  # snapshots that are known; beyond them a place is looked up each time


@dataclass(slots=True, eq=False)
class Decider:
    """What a plan has decided so far. It belongs to the plan's memory, and is never part of its value."""

    passages: dict[date, Passage] = field(default_factory=dict)
    memories: dict[str, WholeMemory | None] = field(default_factory=dict)
    met: dict[int, Shared] = field(default_factory=dict)  # by the identity of snapshots that live
    living: dict[int, "ref[Snapshot]"] = field(default_factory=dict)

    def passage(self, plan: DayPlan, day: date) -> Passage:
        """The gate of one day of the plan."""
        found = self.passages.get(day)
        if found is None:
            found = self.passages[day] = Passage(gate_of(plan, plan.day(day)))
        return found

    def memory(self, plan: DayPlan, subject: str) -> WholeMemory | None:
        """The memory of whole decisions on the plan's day; None where there can be none."""
        if subject not in self.memories:
            gate = self.passage(plan, plan.on).gate
            self.memories[subject] = whole_memory(plan, plan.day(plan.on), subject, gate)
        return self.memories[subject]

    def meet(self, snapshot: Snapshot, shared: Shared) -> None:
        """Remember what a snapshot shares with others for as long as somebody holds it."""
        if len(self.met) < MET:
            key = id(snapshot)
            self.living[key] = ref(snapshot, lambda _: self._forget(key))
            self.met[key] = shared

    def _forget(self, key: int) -> None:
        """Nobody holds the snapshot any more; only afterwards another can have its identity."""
        self.met.pop(key, None)
        self.living.pop(key, None)


def decider_of(plan: DayPlan) -> Decider:
    """The one decider of a plan."""
    return plan.memory.of(Decider, Decider)
