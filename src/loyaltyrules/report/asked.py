# SPDX-License-Identifier: Apache-2.0
"""What is to be told of a decision: by which plan it was made, and which of its rules are asked for."""

from collections.abc import Collection, Iterable, Iterator

from loyaltyrules.decision.decision import Decision
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.problem import Problem, nearest, problem


def plan_of(decision: Decision, plan: DayPlan | None) -> DayPlan:
    """The plan that a decision was made by: its own, or the one that is given.

    Raises:
        ValueError: the decision was pickled and no plan is given, or a plan that decides otherwise.
    """
    known = plan or decision.plan
    if known is None:
        raise ValueError(
            f"{decision!r} travelled without its plan; name it: explain(decision, plan=plan)"
        )
    if known is not decision.plan and evaluate(known, decision.snapshot) != decision:
        raise ValueError(f"{decision!r} was not made by {known!r}; name the plan that made it")
    return known


def rules_asked(policy: Policy, rules: str | Iterable[str] | None) -> Collection[str] | None:
    """The ids of the rules that are asked for; None where it is all of them.

    Raises:
        ArgumentError: the policy has no such rule (LR473).
    """
    if rules is None:
        return None
    asked = frozenset((rules,) if isinstance(rules, str) else rules)
    if faults := tuple(_unknown(policy, asked)):
        raise ArgumentError(faults)
    return asked


def _unknown(policy: Policy, asked: Iterable[str]) -> Iterator[Problem]:
    known = {each.id for each in policy.rules}
    for name in sorted(map(str, asked)):
        if name not in known:
            yield problem("LR473", None, name=name, near=nearest(name, known))
