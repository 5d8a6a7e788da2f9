# SPDX-License-Identifier: Apache-2.0
"""A decision as plain data, for JSON: what was decided, by what, and why where that is asked."""

from typing import Any

from loyaltyrules.decision.decision import Decision
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.report.explain import explain


def decision_as_data(decision: Decision, language: str | None) -> dict[str, Any]:
    """The decision as mappings, lists and texts; `language` adds its explanation.

    What made it is None where the decision has left its plan behind.
    """
    snapshot = decision.snapshot
    told = {} if language is None else {"explanation": explain(decision, language).split("\n")}
    return {
        **_made_by(decision.plan),
        "subject": snapshot.subject,
        "id": snapshot.id,
        "labels": dict(decision.labels),
        "standing": dict(decision.standing),
        "ways": {label: dict(words) for label, words in decision.ways.items()},
        "actions": [each.to_dict() for each in decision.actions],
        "suppressed": [each.to_dict() for each in decision.suppressed],
        "undecided": [
            {**each._asdict(), "facts": list(each.facts)} for each in decision.undecided
        ],
        "ignored": dict(decision.ignored),
        **told,
    }  # fmt: skip


def _made_by(plan: DayPlan | None) -> dict[str, str | None]:
    if plan is None:
        return dict.fromkeys(("policy", "policy_version", "fingerprint", "on", "since"))
    policy = plan.policy
    return {
        "policy": policy.name, "policy_version": policy.version, "fingerprint": policy.fingerprint,
        "on": plan.on.isoformat(), "since": plan.since.isoformat(),
    }  # fmt: skip
