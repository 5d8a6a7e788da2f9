# SPDX-License-Identifier: Apache-2.0
"""The result of a run in figures, for a person at the terminal and for machines alike."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loyaltyrules.fact.declaration import titled
from loyaltyrules.fact.looks import looks_like_a_value
from loyaltyrules.frame.result import Notes
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Policy

Counts = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many actions there are by kind and status, how many were held back by reason, and how
    many faults there are by code."""

    actions: Counts
    suppressed: Counts
    faults: Counts


def summary(plan: DayPlan, tally: Tally, notes: Notes) -> dict[str, Any]:
    """Counts of records, actions by kind and status, suppressions by reason, and the notes."""
    return {
        "policy": plan.policy.name,
        "policy_version": plan.policy.version,
        "fingerprint": plan.policy.fingerprint,
        "on": plan.on.isoformat(),
        "since": plan.since.isoformat(),
        "now": None if plan.now is None else plan.now.isoformat(timespec="minutes"),
        "records": dict(notes.rows),
        "set_aside": notes.set_aside,
        "faults": _listed(tally.faults),
        "actions": tally.actions.total(),
        "by_kind": _listed(tally.actions),
        "suppressed": tally.suppressed.total(),
        "by_reason": _listed(tally.suppressed),
        "undecided": {
            rule: {";".join(facts): count for facts, count in sorted(each.items())}
            for rule, each in sorted(notes.undecided.items())
        },
        "missing_columns": {
            subject: {name: list(rules) for name, rules in each.items()}
            for subject, each in notes.missing.items()
        },
        "ignored_columns": {subject: _ignored(each) for subject, each in notes.ignored.items()},
        "without_heading": sorted(
            subject for subject, each in notes.ignored.items() if any(map(looks_like_a_value, each))
        ),
        "stages": {
            name: {"asked": each.asked, "signatures": each.signatures}
            for name, each in notes.stages.items()
        },
    }


def facts_by_title(policy: Policy, subject: str) -> dict[str, str]:
    """The given facts of a subject by their titles, in every language."""
    return titled(policy.vocabulary.declarations.get(subject, {}).values())


def _ignored(names: Mapping[str, str]) -> dict[str, str]:
    """Unread columns, each with the fact that is meant, if any; values in the place of names stay out."""
    return {name: near for name, near in names.items() if not looks_like_a_value(name)}


def _listed(counts: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    return {" ".join(parts): count for parts, count in sorted(counts.items())}
