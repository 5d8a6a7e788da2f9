# SPDX-License-Identifier: Apache-2.0
"""The decider of a plan owns all that is remembered of single records: passages, places, who was met."""

from dataclasses import dataclass, field
from datetime import date
from weakref import ref

from loyaltyrules.decision.gate import gate_of
from loyaltyrules.decision.one_day import Passage
from loyaltyrules.decision.whole import Place, WholeMemory, whole_memory
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan

MET = 262_144  # snapshots whose places are known; beyond them a place is looked up each time


@dataclass(slots=True, eq=False)
class Decider:
    """What a plan has decided so far. It belongs to the plan's memory, and is never part of its value."""

    passages: dict[date, Passage] = field(default_factory=dict)
    memories: dict[str, WholeMemory | None] = field(default_factory=dict)
    met: dict[int, tuple[ref[Snapshot], Place]] = field(default_factory=dict)

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

    def place(self, snapshot: Snapshot) -> Place | None:
        """The place of a snapshot that was met before."""
        known = self.met.get(id(snapshot))
        return known[1] if known is not None and known[0]() is snapshot else None

    def meet(self, snapshot: Snapshot, place: Place) -> None:
        """Remember the place of a snapshot for as long as somebody holds it."""
        if len(self.met) < MET:
            met, key = self.met, id(snapshot)
            met[key] = ref(snapshot, lambda _: met.pop(key, None)), place


def decider_of(plan: DayPlan) -> Decider:
    """The one decider of a plan."""
    return plan.memory.of(Decider, Decider)
