# SPDX-License-Identifier: Apache-2.0
"""An action is one instruction to the host, as data. Missing fields are None, dates are dates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple


class Action(NamedTuple):
    """What is to be done, for whom, by whom, until when, and why.

    `status` is `ready`, `pending_approval`, `blocked_missing_data`, `blocked_missing_template` or
    `suppressed`. `reason` is a short code. `occurrence` says which time of the rule it is: the day of
    an occasion, the row of a launch, the month; the `action_id` is made of it, and is never taken
    apart. The last two fields are no columns: `sets`, the facts that the host's record takes when the
    action is done, and `adds`, how much others grow by.
    """

    action_id: str
    policy: str
    rule: str
    subject: str
    subject_id: str
    customer_id: str | None
    store_id: str | None
    kind: str
    channel: str | None
    template: str | None
    gift: str | None
    value: str | None
    from_value: str | None
    to_value: str | None
    role: str | None
    approver_role: str | None
    status: str
    due_on: date | None
    window_end: date | None
    deadline: str | None
    priority: int
    reason: str | None
    source: str | None
    origin: str | None
    policy_version: str
    merged_into: str | None = None
    suppressed_by: str | None = None
    occurrence: str = "once"
    sets: tuple[tuple[str, Any], ...] = ()
    adds: tuple[tuple[str, int | Decimal], ...] = ()


CHANGES = ("sets", "adds")
COLUMNS = tuple(name for name in Action._fields if name not in CHANGES)
OWN = ("action_id", "policy", "rule", "subject", "subject_id", "customer_id", "store_id")
"""The columns that say which action of which record it is; they come first."""
NEVER_EXPIRES = ("task.", "escalate", "alert", "report.")


def never_expires(kind: str, approver: str | None) -> bool:
    """Tasks, escalations and what awaits approval stay open however late they are told."""
    return approver is not None or kind.startswith(NEVER_EXPIRES)


def apply(record: Mapping[str, Any], action: Action) -> dict[str, Any]:
    """The record after the action was carried out: a new mapping with the facts that it changes.

    What an action adds, it adds to what the record has by then; so actions decided on an older
    record keep what came between. A host carries out each action id once.

    Args:
        record: Facts of the subject of the action, as the host stores them.
        action: A ready action; one that awaits approval changes nothing before it is approved.

    Raises:
        ValueError: the action is not ready, is for another record, or adds to what is no number.
    """
    if action.status != "ready":
        raise ValueError(f"{action.action_id} is {action.status}, only a ready action is applied")
    if str(record.get("id")) != action.subject_id:
        raise ValueError(f"{action.action_id} is for {action.subject_id}, not {record.get('id')}")
    grown = {name: _sum(record.get(name), amount) for name, amount in action.adds}
    return {**record, **dict(action.sets), **grown}


def _sum(before: Any, amount: int | Decimal) -> int | Decimal:
    """What there was, as a host may store it, and what is added; nothing counts as 0."""
    if before is None or before == "":
        return amount
    try:
        return (before if isinstance(before, int) else Decimal(str(before))) + amount
    except InvalidOperation as fault:
        raise ValueError(f"{before!r} is no number to add {amount} to") from fault
