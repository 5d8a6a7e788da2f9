# SPDX-License-Identifier: Apache-2.0
"""Who approves in a walk: a function of the action."""

from collections.abc import Callable
from typing import Any, TypeAlias

from loyaltyrules.action.action import Action
from loyaltyrules.host.text import quoted
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import problem

Approve: TypeAlias = Callable[[Action], bool]


def always(action: Action) -> bool:
    """Everything is approved."""
    return True


def require_approver(approve: object) -> None:
    """Refuse what cannot be asked.

    Raises:
        ArgumentError: it is no function (LR524).
    """
    if not callable(approve):
        raise ArgumentError([problem("LR524", None, found=quoted(approve))])


def answered(approve: Approve, action: Action) -> bool:
    """The answer for one action.

    Raises:
        ArgumentError: it is neither yes nor no (LR524).
    """
    answer: Any = approve(action)
    if not isinstance(answer, bool) and getattr(getattr(answer, "dtype", None), "kind", "") != "b":
        told = f"{quoted(answer)} ({action.action_id})"
        raise ArgumentError([problem("LR524", None, found=told)])
    return bool(answer)
