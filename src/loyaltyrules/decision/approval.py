# SPDX-License-Identifier: Apache-2.0
"""Approval: only the named role approves, and only what the facts still call for."""

from collections.abc import Mapping
from typing import Any

from loyaltyrules.action.action import Action
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.decision.passing import PENDING, READY
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.tree import Symbol, walk
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Rule
from loyaltyrules.problem.errors import ApprovalError
from loyaltyrules.problem.problem import Problem, problem


def approve(
    action: Action, by_role: str, plan: DayPlan, snapshot: Snapshot | Mapping[str, Any]
) -> Action:
    """Approve an action that awaits it.

    Args:
        action: An action with the status `pending_approval`.
        by_role: The role of whoever approves; there are no deputies.
        plan: The plan to check against, that of the day of approval.
        snapshot: What is known of the record now.

    Returns:
        The same action, ready.

    Raises:
        ApprovalError: `.reason` is `not_pending`, `wrong_role` or `no_longer_due`.

    Source: TERM-TIER-13.
    """
    if action.status != PENDING:
        details = {"id": action.action_id, "status": action.status}
        raise _refused("not_pending", problem("LR502", None, **details))
    if by_role != action.approver_role:
        details = {"role": by_role, "needed": action.approver_role or ""}
        raise _refused("wrong_role", problem("LR501", None, **details))
    if not _still_due(action, plan, snapshot):
        raise _refused("no_longer_due", problem("LR503", None, id=action.action_id))
    return action._replace(status=READY)


def _still_due(action: Action, plan: DayPlan, snapshot: Snapshot | Mapping[str, Any]) -> bool:
    """True while the facts call for the action: its rule emits it now, or did on its one day.

    A rule with `at` speaks once; of its action only the condition is asked again.
    """
    rule = next((each for each in plan.policy.rules if each.id == action.rule), None)
    if rule is not None and rule.mode == "at":
        return _condition_holds(rule, action, plan, snapshot)
    now = evaluate(plan, snapshot, action.subject)
    return any(each.action_id == action.action_id for each in now.actions)


def _condition_holds(
    rule: Rule, action: Action, plan: DayPlan, snapshot: Snapshot | Mapping[str, Any]
) -> bool:
    known = snapshot if isinstance(snapshot, Snapshot) else plan.snapshot(snapshot, action.subject)
    folded = Folding(plan.policy, plan.on, plan.tables.keys()).folded(rule.condition, rule.subject)
    if any(isinstance(each, Symbol) for each in walk(folded)):
        return True  # it reads the row of a reference table that opened it
    record = plan.derived(plan.day(plan.on), known)
    return evaluator(folded, plan.policy.functions)(record.facts) is True


def _refused(reason: str, fault: Problem) -> ApprovalError:
    return ApprovalError(reason, [fault])
