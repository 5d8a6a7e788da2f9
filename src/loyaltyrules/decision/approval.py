# SPDX-License-Identifier: Apache-2.0
"""Approval: only the named role approves, and only what the facts still call for."""

from collections.abc import Mapping
from typing import Any

from loyaltyrules.action.action import Action
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.decision.gate import PENDING, READY
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan
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
    now = evaluate(plan, snapshot, action.subject)
    if not any(_same(each, action) for each in now.actions):
        raise _refused("no_longer_due", problem("LR503", None, id=action.action_id))
    return action._replace(status=READY)


def _same(found: Action, action: Action) -> bool:
    return found.action_id == action.action_id and found.status == PENDING


def _refused(reason: str, fault: Problem) -> ApprovalError:
    return ApprovalError(reason, [fault])
