# SPDX-License-Identifier: Apache-2.0
"""The exceptions of the library; each carries its problems and tells them whole in its text."""

from collections.abc import Iterable

from loyaltyrules.problem.problem import Problem, in_order
from loyaltyrules.problem.render import render


class LoyaltyRulesError(Exception):
    """Something that was handed in cannot be used; `.problems` says what, where and the remedy."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n\n".join(render(each) for each in self.problems)


class PolicyError(LoyaltyRulesError):
    """A policy is faulty; nothing of it was loaded."""


class SnapshotError(LoyaltyRulesError):
    """Facts of a record have a wrong type or an impossible value."""


class FrameError(LoyaltyRulesError):
    """A table as a whole cannot be read; single faulty rows are set aside instead."""


class ArgumentError(LoyaltyRulesError, ValueError):
    """An argument of a call in Python is no use, whatever the policy and the data."""


class ApprovalError(LoyaltyRulesError):
    """An approval was refused; `.reason` is a short code."""

    def __init__(self, reason: str, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        self.reason = reason
