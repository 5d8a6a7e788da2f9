# SPDX-License-Identifier: Apache-2.0
"""What one day emits for one record and the records below it, and the gate of the day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from loyaltyrules.decision.decision import Lacking
from loyaltyrules.decision.gate import Gate
from loyaltyrules.decision.outcome import Assignment, Outcome, assigned
from loyaltyrules.decision.touches import Before, Carried
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.plan.day import Day, Fired
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.memo import Memo, memo
from loyaltyrules.plan.recipe import Recipe

Emitted = list[tuple[Recipe, int]]
Decide = Callable[[Facts], Outcome]
SETS = 4096  # sets of actions whose passage a day remembers


@dataclass(slots=True)
class Passage:
    """The gate of one day with its memory: per set of emitted actions a memo of its own."""

    gate: Gate
    memos: dict[tuple[Recipe, ...], Memo[Outcome]] = field(default_factory=dict)

    def assign(
        self, emitted: Sequence[tuple[Recipe, int]], records: Sequence[Record], remember: bool,
        before: Before | None = None,
    ) -> list[Assignment]:  # fmt: skip
        """What becomes of the actions of a record and of those below it.

        Args:
            emitted: The recipes, each with the place of the record that emitted it.
            records: The record, then those below it that emit something.
            remember: False where the gate is to be asked anew.
            before: What the days of a span before this one let through; None where no cap asks.
        """
        if before is not None:
            fates = self.gate.fates(emitted, [record.facts for record in records], before)
            return assigned(fates, records)
        if not remember or len(records) > 1 or self.gate.dated(emitted):
            fates = self.gate.fates(emitted, [record.facts for record in records])
            return assigned(fates, records)
        outcome = self.of(tuple([recipe for recipe, _ in emitted]))(records[0].facts)
        return [Assignment(records[0], outcome)]

    def of(self, recipes: tuple[Recipe, ...]) -> Decide:
        """What becomes of a set of actions, all of the record itself, none dated by its facts."""
        found = self.memos.get(recipes)
        if found is not None:
            return found.of
        emitted = [(recipe, 0) for recipe in recipes]

        def decide(facts: Facts) -> Outcome:
            return Outcome(self.gate.fates(emitted, [facts]))

        if len(self.memos) >= SETS:
            return decide
        buckets = buckets_of(self.gate.conditions(recipes))
        made = self.memos[recipes] = memo("gate", buckets, decide, self.gate.policy.functions)
        return made.of


def on_day(
    passage: Passage, day: Day, root: Record, lacking: Lacking, remember: bool,
    carried: Carried | None = None,
) -> list[Assignment]:  # fmt: skip
    """What one day emits for one record and the records below it, through the gate.

    `carried` is what the days before it in a span let through; the day adds its own.
    """
    records = [root]
    emitted: Emitted = [(recipe, 0) for recipe in fired(day, root, lacking, remember)]
    for record in root.below():
        found = fired(day, record, lacking, remember)
        if found:
            emitted += [(recipe, len(records)) for recipe in found]
            records.append(record)
    if not emitted:
        return []
    sieves = passage.gate.sieves
    before = None if carried is None else carried.before(sieves, emitted, records)
    assignments = passage.assign(emitted, records, remember, before)
    if carried is not None and before is not None:
        late = [each._replace(outcome=each.outcome.by(carried.last)) for each in assignments]
        carried.note(sieves, late, before)
    return assignments


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
