# SPDX-License-Identifier: Apache-2.0
"""What one record comes to: labels, actions, what was held back and what stayed open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Label

# Rules left open, each with the facts that it lacked.
Open: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
# The same with the id of the record that they are about; none for the decided record itself.
Lacking: TypeAlias = list[tuple[str | None, Open]]


class Undecided(NamedTuple):
    """A rule that could not be decided, and the facts it lacked."""

    rule: str
    subject_id: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a decision says beside its actions; records that are decided alike share it."""

    labels: dict[str, str | None]
    facts: Facts  # derived ones, among others
    lacking: Lacking


def findings(plan: DayPlan, subject: str, facts: Facts, lacking: Lacking) -> Findings:
    """Read the labels from what was derived of a record."""
    labels = {each.name: facts.get(each.computed) for each in _labels(plan, subject)}
    return Findings(labels, facts, lacking)


class Decision:
    """The decision on one record in the plan's span. Immutable.

    `actions` has every status but suppressed; `suppressed` those held back, with reasons; `labels`
    each label's word by the way that counts, None where it is unknown. What a host rarely reads is
    worked out when it is read: `standing`, `ways`, `undecided`.
    """

    __slots__ = ("_findings", "actions", "labels", "plan", "snapshot", "suppressed")

    def __init__(
        self,
        plan: DayPlan,
        snapshot: Snapshot,
        actions: tuple[Action, ...],
        suppressed: tuple[Action, ...],
        findings: Findings,
    ) -> None:
        self.plan = plan
        self.snapshot = snapshot
        self.actions = actions
        self.suppressed = suppressed
        self.labels: Mapping[str, str | None] = findings.labels.copy()
        self._findings = findings

    def __repr__(self) -> str:
        counts = f"{len(self.actions)} actions, {len(self.suppressed)} suppressed"
        return f"Decision({self.snapshot.subject} {self.snapshot.id!r}, {counts})"

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        """The rules that lacked a fact, each with the facts it lacked."""
        found = {
            Undecided(rule, identity or self.snapshot.id, facts): None
            for identity, outcome in self._findings.lacking
            for rule, facts in outcome
        }
        return tuple(found)

    @property
    def standing(self) -> Mapping[str, str | None]:
        """Each label's word on file, for labels that have one."""
        facts, own = self.snapshot.facts, _labels(self.plan, self.snapshot.subject)
        return {each.name: facts.get(each.standing) for each in own if each.standing}

    @property
    def ways(self) -> Mapping[str, Mapping[str, str | None]]:
        """Each label's words by all of its ways."""
        facts, own = self._findings.facts, _labels(self.plan, self.snapshot.subject)
        return {each.name: {way: facts.get(fact) for way, fact in each.ways} for each in own}


def _labels(plan: DayPlan, subject: str) -> list[Label]:
    return [each for each in plan.policy.labels if each.subject == subject]
