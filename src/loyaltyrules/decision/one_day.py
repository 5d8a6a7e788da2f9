# SPDX-License-Identifier: Apache-2.0
"""What one day emits for one record and the records below it, and the gate of the day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from loyaltyrules.decision.decision import Lacking
from loyaltyrules.decision.gate import Gate, gate_of
from loyaltyrules.decision.passing import Fate
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.plan.buckets import buckets_of
from loyaltyrules.plan.day import Day, Fired
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.plan.stage import Stage, stage

Emitted = list[tuple[Recipe, int]]
Decide = Callable[[Facts], tuple[Fate, ...]]
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
    stages: dict[tuple[Recipe, ...], Stage[tuple[Fate, ...]]] = field(default_factory=dict)

    def fates(
        self, emitted: Sequence[tuple[Recipe, int]], records: Sequence[Record], remember: bool
    ) -> tuple[Fate, ...]:
        if not remember or self.gate.dated(emitted):
            return self.gate.fates(emitted, [record.facts for record in records])
        return self.of(tuple([recipe for recipe, _ in emitted]))(records[0].facts)

    def of(self, recipes: tuple[Recipe, ...]) -> Decide:
        """What becomes of a set of actions, all of the record itself, none dated by its facts."""
        found = self.stages.get(recipes)
        if found is not None:
            return found.of
        emitted = [(recipe, 0) for recipe in recipes]

        def decide(facts: Facts) -> tuple[Fate, ...]:
            return self.gate.fates(emitted, [facts])

        if len(self.stages) >= SETS:
            return decide
        buckets = buckets_of(self.gate.conditions(recipes))
        made = self.stages[recipes] = stage("gate", buckets, decide, self.gate.policy.functions)
        return made.of


def passage(plan: DayPlan, day: Day) -> Passage:
    """The gate of a day of a plan."""
    found: Passage | None = day.memory.get("gate")
    if found is None:
        found = day.memory["gate"] = Passage(gate_of(plan, day))
    return found
