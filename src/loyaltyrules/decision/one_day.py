# SPDX-License-Identifier: Apache-2.0
"""What one day emits for one record and the records below it, and the gate of the day."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from loyaltyrules.decision.decision import Lacking
from loyaltyrules.decision.gate import Gate
from loyaltyrules.decision.passing import Fate
from loyaltyrules.plan.buckets import buckets_of
from loyaltyrules.plan.day import Day, Fired
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.plan.stage import Stage, stage

Emitted = list[tuple[Recipe, int]]
SETS = 4096  # sets of actions whose passage a day remembers


def on_day(
    plan: DayPlan, day: Day, root: Record, lacking: Lacking, remember: bool
) -> tuple[tuple[Fate, ...], list[Record]]:
    """What one day emits for one record and the records below it, through the gate."""
    records = [root]
    emitted: Emitted = [(recipe, 0) for recipe in fired(day, root, lacking, remember)]
    for record in root.below():
        found = fired(day, record, lacking, remember)
        if found:
            emitted += [(recipe, len(records)) for recipe in found]
            records.append(record)
    if not emitted:
        return (), records
    return passage(plan, day).fates(emitted, records, remember and len(records) == 1), records


def fired(day: Day, record: Record, lacking: Lacking, remember: bool) -> list[Recipe]:
    """The recipes that the rules of one record emit on the day."""
    found: list[Recipe] = []
    for group in day.subjects[record.subject].groups:
        outcome: Fired = group.of(record.facts) if remember else group.decide(record.facts)
        for instance in outcome.acting:
            found += instance.recipes
        if outcome.undecided:
            lacking.append((record.id, outcome.undecided))
    return found


@dataclass(slots=True)
class Passage:
    """The gate of one day with its memory: per set of emitted actions a stage of its own."""

    gate: Gate
    stages: dict[Hashable, Stage[tuple[Fate, ...]]] = field(default_factory=dict)

    def fates(
        self, emitted: Sequence[tuple[Recipe, int]], records: Sequence[Record], remember: bool
    ) -> tuple[Fate, ...]:
        if not remember or self.gate.dated(emitted) or len(self.stages) >= SETS:
            return self.gate.fates(emitted, [record.facts for record in records])
        return self.stage(tuple(recipe for recipe, _ in emitted)).of(records[0].facts)

    def stage(self, recipes: tuple[Recipe, ...]) -> Stage[tuple[Fate, ...]]:
        """The decision of the gate over one set of actions, all of the customer itself."""
        key = tuple(map(id, recipes))
        found = self.stages.get(key)
        if found is None:
            pairs = [(recipe, 0) for recipe in recipes]
            buckets = buckets_of(self.gate.conditions(recipes))
            found = self.stages[key] = stage(
                "gate", buckets, lambda facts: self.gate.fates(pairs, [facts]),
                self.gate.policy.functions,
            )  # fmt: skip
        return found


def passage(plan: DayPlan, day: Day) -> Passage:
    """The gate of a day of a plan."""
    found: Passage | None = day.memory.get("gate")
    if found is None:
        found = day.memory["gate"] = Passage(Gate(plan.policy, day))
    return found
