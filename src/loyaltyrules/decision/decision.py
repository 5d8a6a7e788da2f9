# SPDX-License-Identifier: Apache-2.0
"""What one record comes to: labels, actions, what was held back and what stayed open."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Label

# Per outcome the record's id, and the rules left open with the facts that each lacked.
Lacking: TypeAlias = list[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]


class Undecided(NamedTuple):
    """A rule that could not be decided, and the facts it lacked."""

    rule: str
    subject_id: str
    facts: tuple[str, ...]


class Decision:
    """The decision on one record in the plan's span. Immutable.

    `actions` has every status but suppressed; `suppressed` those held back, with reasons. What a
    host rarely reads is worked out when it is read: `labels`, `standing`, `ways`, `undecided`.
    """

    def __init__(
        self,
        plan: DayPlan,
        snapshot: Snapshot,
        actions: tuple[Action, ...],
        suppressed: tuple[Action, ...],
        derived: Facts,
        lacking: Lacking,
    ) -> None:
        self.plan, self.snapshot = plan, snapshot
        self.actions, self.suppressed = actions, suppressed
        self._derived, self._lacking = derived, lacking

    def __repr__(self) -> str:
        counts = f"{len(self.actions)} actions, {len(self.suppressed)} suppressed"
        return f"Decision({self.snapshot.subject} {self.snapshot.id!r}, {counts})"

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        """The rules that lacked a fact, each with the facts it lacked."""
        found = {
            Undecided(rule, identity, facts): None
            for identity, outcome in self._lacking
            for rule, facts in outcome
        }
        return tuple(found)

    @property
    def labels(self) -> Mapping[str, str | None]:
        """Each label's word by the way that counts; None where it is unknown."""
        return {label.name: self._derived.get(label.computed) for label in self._own()}

    @property
    def standing(self) -> Mapping[str, str | None]:
        """Each label's word on file, for labels that have one."""
        facts = self.snapshot.facts
        return {each.name: facts.get(each.standing) for each in self._own() if each.standing}

    @property
    def ways(self) -> Mapping[str, Mapping[str, str | None]]:
        """Each label's words by all of its ways."""
        facts = self._derived
        return {
            each.name: {way: facts.get(fact) for way, fact in each.ways} for each in self._own()
        }

    def _own(self) -> list[Label]:
        return [each for each in self.plan.policy.labels if each.subject == self.snapshot.subject]
