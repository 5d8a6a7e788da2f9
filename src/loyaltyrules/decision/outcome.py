# SPDX-License-Identifier: Apache-2.0
"""An outcome is all of a decision but the record: what records of one signature share."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyaltyrules.action.action import Action, never_expires
from loyaltyrules.decision.decision import Findings
from loyaltyrules.decision.passing import SUPPRESSED, Fate
from loyaltyrules.decision.stamp import stamped
from loyaltyrules.decision.stamping import Both, State, stamps_of, stating
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan

IDS = ("store_id", "customer_id")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision says, and what states its actions; nothing does where there are none."""

    findings: Findings
    state: State | None


def outcome_of(
    plan: DayPlan, record: Record, fates: Sequence[Fate], found: Findings, common: frozenset[str]
) -> Outcome:
    """What the decision on the first record of a place leaves to all others.

    Args:
        plan: A plan of one day.
        record: The first record, everything derived.
        fates: What becomes of each action.
        found: What the decision says beside its actions.
        common: The names of the facts that all records of the place have in common.
    """
    first = [expired(plan, each) for each in stamped(plan.policy, fates, (record,))]
    stamps = stamps_of(fates, first, record, common) if _given(plan, record.subject) else None
    if stamps is None:
        return Outcome(found, stating_anew(fates, found.facts))
    return Outcome(found, stating(plan.policy.name, record.subject, stamps, found.facts))


def _given(plan: DayPlan, subject: str) -> bool:
    """True when the ids that actions name are texts as the record gives them."""
    given = plan.policy.vocabulary.declarations[subject]
    derived = plan.policy.derived.get(subject, {})
    return all(
        name not in derived and (name not in given or given[name].type.kind == "text")
        for name in IDS
    )


def stating_anew(fates: Sequence[Fate], derived: Facts) -> State:
    """What states every field of a record's actions from its own facts."""

    def state(plan: DayPlan, snapshot: Snapshot) -> Both:
        facts = {**snapshot.facts, **plan.reference(snapshot), **derived}
        record = Record(snapshot.subject, snapshot.id, facts)
        found: dict[str, Action] = {}
        for action in stamped(plan.policy, fates, (record,)):
            found.setdefault(action.action_id, action)
        return parted([expired(plan, action) for action in found.values()])

    return state


def parted(actions: list[Action]) -> Both:
    """The actions by id, those that are suppressed apart."""
    if len(actions) > 1:
        actions.sort(key=lambda action: action.action_id)
    held = tuple([action for action in actions if action.status == SUPPRESSED])
    kept = [action for action in actions if action.status != SUPPRESSED] if held else actions
    return tuple(kept), held


def expired(plan: DayPlan, action: Action) -> Action:
    """An action whose window closed before the last day of the span comes too late."""
    late = action.window_end is not None and action.window_end < plan.on
    if not late or action.status == SUPPRESSED or never_expires(action):
        return action
    return action._replace(status=SUPPRESSED, reason="expired", suppressed_by="span")
