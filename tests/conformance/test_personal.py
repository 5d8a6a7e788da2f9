# SPDX-License-Identifier: Apache-2.0
"""Whatever fact of whatever policy is personal: either the policy is refused, or no action tells it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from conformance.cases import Case, cases, loaded
from conformance.effort import tries
from conformance.oracle import records, sound
from conformance.policies import written
from loyaltyrules import Policy, PolicyError, SnapshotError, compile_day, evaluate

EXAMPLES = 24
SECRETS: Mapping[str, tuple[Any, str]] = {  # by type of fact: a value, and how texts tell it
    "text": ("Secret 4711", "Secret 4711"),
    "list": ("Secret 4711;tea", "Secret 4711"),
    "date": (date(1931, 5, 17), "1931-05-17"),
    "datetime": ("1931-05-17T03:07:00", "1931-05-17"),
    "whole": (97531864, "97531864"),
    "number": ("97531.8642", "97531.8642"),
}


def test_what_is_personal_is_refused_or_told_by_no_action() -> None:
    seen = {"refused": 0, "acted": 0}

    def check(case: Case) -> None:
        for subject, fact, secret in choices(case):
            try:
                policy = loaded(with_personal(case, subject, fact))
            except AssertionError as error:
                assert {each.code for each in refused(error)} == {"LR235"}
                seen["refused"] += 1
                continue
            for said in told(policy, case, subject, fact):
                seen["acted"] += 1
                assert secret not in said, (subject, fact)

    tried = tries(check, cases(), EXAMPLES, "personal")
    assert min(seen.values()) > tried, seen


def choices(case: Case) -> Iterator[tuple[str, str, str]]:
    """Each given fact of the case whose values can be known again, and the text that would tell them."""
    for subject, facts in loaded(case.text).vocabulary.declarations.items():
        for name, each in facts.items():
            if subject in case.tables and each.type.kind in SECRETS and not name.endswith("_id"):
                yield subject, name, SECRETS[each.type.kind][1]


def with_personal(case: Case, subject: str, fact: str) -> str:
    """The policy of the case with one more personal fact."""
    data = yaml.load(case.text, Loader=yaml.BaseLoader)
    data["facts"][subject][fact]["personal"] = "yes"
    return written(data)


def refused(error: AssertionError) -> tuple[Any, ...]:
    assert isinstance(error.__cause__, PolicyError)
    return error.__cause__.problems


def told(policy: Policy, case: Case, subject: str, fact: str) -> Iterator[str]:
    """All that each action says, where every record of the subject has the secret as its fact."""
    kind = policy.vocabulary.declarations[subject][fact].type.kind
    rows = {
        name: [{**row, fact: SECRETS[kind][0]} if name == subject else row for row in each]
        for name, each in case.rows.items()
    }
    plan = compile_day(policy, case.on, case.since)
    good, _ = sound(plan, rows)
    for root in [name for name in good if name in ("store", "customer")]:
        for record in records(plan, root, good):
            try:
                decision = evaluate(plan, record, root)
            except SnapshotError:  # a figure over child records that is too large
                continue
            for action in (*decision.actions, *decision.suppressed):
                yield " ".join(str(each) for each in action)
