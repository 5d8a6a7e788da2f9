# SPDX-License-Identifier: Apache-2.0
"""Approval: only the named role approves, and only what the facts still call for.

What is handed in came back from somewhere, a browser or a file: it names an action. What is approved
is the action as it is decided now, or nothing.
"""

from loyaltyrules.action.action import Action, plain, unfit
from loyaltyrules.action.changes import written
from loyaltyrules.decision.by_rule import forms_of, rule_of
from loyaltyrules.decision.decision import Decision
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.decision.opened_before import condition_holds, made_then, opening_of
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.decision.whose import read_for
from loyaltyrules.expression.tree import symbols_in
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.host.record import Record
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.problem.errors import ApprovalError, ArgumentError
from loyaltyrules.problem.problem import Problem, problem

STATED = (
    "policy", "rule", "subject", "subject_id", "occurrence", "kind", "channel", "template", "gift",
    "value", "from_value", "to_value", "role", "approver_role", "status", "figures",
    "assignee",
)  # fmt: skip


def approve(action: Action, by_role: str, plan: DayPlan, snapshot: Snapshot | Record) -> Action:
    """Approve an action that awaits it.

    The action that is handed in may have travelled: it is compared with the one that is decided now,
    and that one is returned. Facts that an action sets to a day of its decision, `today`, may differ.

    Args:
        action: An action with the status `pending_approval`; of one of a table the changes, which it
            does not tell, are not compared.
        by_role: The role of whoever approves; there are no deputies.
        plan: The plan to check against, that of the day of approval.
        snapshot: What is known of the record now: of the action's subject, or of its parent.

    Returns:
        The action as it is decided now, ready.

    Raises:
        ApprovalError: `.reason` is `not_pending`, `wrong_role`, `no_longer_due` or `changed`.
        SnapshotError: the record is faulty.

    Source: TERM-TIER-13.
    """
    action = plain(action)
    if odd := unfit(action):
        raise changed(action, odd)
    if action.status != PENDING:
        details = {"id": action.action_id, "status": action.status}
        raise _refused("not_pending", problem("LR502", None, **details))
    if not isinstance(by_role, str) or by_role != action.approver_role:
        details = {"role": by_role, "needed": action.approver_role or ""}
        raise _refused("wrong_role", problem("LR501", None, **details))
    now = _decided_now(action, plan, snapshot)
    if now is None:
        raise _refused("no_longer_due", problem("LR503", None, id=action.action_id))
    if differing := _differing(action, now, plan):
        raise changed(action, differing)
    return now._replace(status=READY)


def approve_in(decision: Decision, action_id: str, by_role: str) -> Action:
    """Approve an action of a decision, which knows what it was decided with.

    Raises:
        ApprovalError: as `approve`; what the decision does not hold is `no_longer_due`.
        ArgumentError: the decision has left its plan behind (LR505).
    """
    if decision.plan is None:
        raise ArgumentError([problem("LR505", None, id=decision.snapshot.id)])
    for each in (*decision.actions, *decision.suppressed):
        if each.action_id == action_id:
            return approve(each, by_role, decision.plan, decision.snapshot)
    raise _refused("no_longer_due", problem("LR503", None, id=action_id))


def _decided_now(action: Action, plan: DayPlan, given: Snapshot | Record) -> Action | None:
    """The action as the facts of now call for it; None where they do not.

    A rule with `at` speaks once. Its condition is asked again; the action is that of its own day, which
    may lie before the plan's, put together from the rule as it opened then.
    """
    rule = rule_of(plan.policy, action)
    if rule is None:
        return None
    if rule.subject != action.subject:
        raise changed(action, ["subject"])
    for known in read_for(action, plan, given):
        found = evaluate(plan, known).actions
        now = next((each for each in found if each.action_id == action.action_id), None)
        if rule.mode != "at":
            return now
        opening = opening_of(action, rule, plan, known)
        if not condition_holds(action, rule, plan, known, opening):
            return None
        then = now or (opening and made_then(action, plan, known, opening))
        if then is None:
            raise changed(action, ["action_id"])
        return then
    return None


def _differing(action: Action, now: Action, plan: DayPlan) -> list[str]:
    """What the action states that is not decided now."""
    found = [name for name in STATED if getattr(action, name) != getattr(now, name)]
    if action.told:
        free = _said_of_the_day(now, plan)
        for name in ("sets", "adds"):
            one, other = (_pairs(getattr(each, name), free) for each in (action, now))
            found += [name] if one != other else []
    return found


def _pairs(changes: object, free: frozenset[str]) -> list[tuple[str, object]] | None:
    """Changes by fact, without the values of those that are `free`; None where they are none at all."""
    try:
        pairs = [(str(name), value) for name, value in changes]  # type: ignore[attr-defined]
    except (TypeError, ValueError):  # whatever was handed in, it is not what was decided
        return None
    return sorted((n, "" if n in free else _text(value)) for n, value in pairs)


def _text(value: object) -> str:
    """A value as text, which is all that JSON may have left of it."""
    return written(tuple(value) if isinstance(value, list) else value) or ""


def _said_of_the_day(action: Action, plan: DayPlan) -> frozenset[str]:
    """The facts that its rule sets to something that the day of the decision says."""
    folding = Folding(plan.policy, plan.on, plan.tables)
    return frozenset(
        name
        for form in forms_of(plan.policy, action)
        for name, node in form.sets
        if "today" in symbols_in(folding.inline(node, action.subject))
    )


def changed(action: Action, differing: list[str]) -> ApprovalError:
    """The refusal of an action that is not the one decided now."""
    details = {"id": action.action_id, "names": ", ".join(differing)}
    return _refused("changed", problem("LR504", None, **details))


def _refused(reason: str, fault: Problem) -> ApprovalError:
    return ApprovalError(reason, [fault])
