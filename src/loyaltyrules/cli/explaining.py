# SPDX-License-Identifier: Apache-2.0
"""explain: why one record of a file or folder receives something, and why not."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from loyaltyrules.cli.beside import beside, tell_beside
from loyaltyrules.cli.days import moment
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.reading import read_tables, split_tables
from loyaltyrules.cli.records import record, with_siblings
from loyaltyrules.cli.terminal import FINE, Terminal
from loyaltyrules.decision.evaluate import evaluate
from loyaltyrules.plan.plan import compile_day, reference_tables
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import Problem, nearest, problem
from loyaltyrules.problem.render import as_record
from loyaltyrules.report.explain import explain
from loyaltyrules.report.trace import trace


def explain_one(
    terminal: Terminal, given: PolicyAt, snapshot: Path, on: date, since: date | None,
    identity: str, subject: str, rules: Iterable[str] | None,
    now: str | None = None,
) -> int:  # fmt: skip
    """Explain the decision on one record, or what named rules do there; returns the exit code.

    What is wrong with the rows that are left out of it is told too.
    """
    policy = given.load()
    tables, reference = split_tables(read_tables(snapshot, policy), policy)
    if subject not in policy.vocabulary.subjects:
        near = nearest(subject, policy.vocabulary.subjects)
        raise SnapshotError([problem("LR414", None, name=subject, near=near)])
    aside: list[Problem] = []
    good = reference_tables(policy, reference, aside)
    plan = with_siblings(compile_day(policy, on, since, good, moment(now)), tables, aside)
    decision = evaluate(plan, record(plan, tables, subject, identity, aside), subject)
    told = explain(decision, terminal.language, rules=rules)
    if terminal.style == "json":
        terminal.json({
            "subject": subject, "id": identity, "explanation": told.split("\n"),
            "trace": trace(decision, terminal.language, rules=rules),
            "faults": [as_record(each, terminal.language) for each in dict.fromkeys(aside)],
        })  # fmt: skip
    else:
        terminal.line(told)
        terminal.problems(dict.fromkeys(aside))
        tell_beside(terminal, beside(policy, snapshot, reference))
    return FINE
