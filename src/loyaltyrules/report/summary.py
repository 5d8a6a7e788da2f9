# SPDX-License-Identifier: Apache-2.0
"""The result of a run in figures, for a person at the terminal and for machines alike."""

from collections import Counter
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.result import FrameResult
from loyaltyrules.plan.plan import DayPlan


def summary(plan: DayPlan, result: FrameResult) -> dict[str, Any]:
    """Counts of records, actions by kind and status, suppressions by reason, and the notes."""
    actions = nw.from_native(result.actions, eager_only=True)
    suppressed = nw.from_native(result.suppressed, eager_only=True)
    notes = result.notes
    return {
        "policy": plan.policy.name,
        "policy_version": plan.policy.version,
        "on": plan.on.isoformat(),
        "since": plan.since.isoformat(),
        "records": dict(notes.rows),
        "set_aside": notes.set_aside,
        "faults": _counted(nw.from_native(result.faults, eager_only=True), "code"),
        "actions": len(actions),
        "by_kind": _counted(actions, "kind", "status"),
        "suppressed": len(suppressed),
        "by_reason": _counted(suppressed, "reason"),
        "undecided": {
            rule: {";".join(facts): count for facts, count in sorted(each.items())}
            for rule, each in sorted(notes.undecided.items())
        },
        "ignored_columns": {subject: dict(each) for subject, each in notes.ignored.items()},
        "stages": {
            name: {"asked": each.asked, "signatures": each.signatures}
            for name, each in notes.stages.items()
        },
    }


def _counted(frame: nw.DataFrame[Any], *names: str) -> dict[str, int]:
    """How often each value (or pair of values) occurs, in the order of names."""
    columns = [frame[name].to_list() for name in names]
    counts = Counter(
        " ".join(str(part) for part in values) for values in zip(*columns, strict=True)
    )
    return dict(sorted(counts.items()))
