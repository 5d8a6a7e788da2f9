# SPDX-License-Identifier: Apache-2.0
"""Every public name as users write it; mypy checks this file, nothing runs it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, assert_type

from loyaltyrules import (
    Action,
    ApprovalError,
    DayPlan,
    Decision,
    FrameError,
    FrameResult,
    Place,
    Plugins,
    Policy,
    PolicyError,
    Problem,
    Snapshot,
    SnapshotError,
    apply,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    load_policy,
)


def load(path: Path) -> Policy | None:
    try:
        policy = load_policy(path, plugins=Plugins())
    except PolicyError as error:
        assert_type(error.problems, tuple[Problem, ...])
        return None
    assert_type(policy, Policy)
    assert_type(policy.name, str)
    assert_type(policy.doubts, tuple[Problem, ...])
    return load_policy("policies/menswear") if policy.in_force[0] else policy


def where(problem: Problem) -> str:
    place: Place | None = problem.place
    assert_type(problem.doubtful, bool)
    return f"{place.file}:{place.line}:{place.column}" if place else problem.code


def compiled(policy: Policy, customers: list[Mapping[str, Any]]) -> DayPlan:
    plan = compile_day(policy, on=date(2027, 2, 5), since=None, tables={"store": [{"id": "s1"}]})
    assert_type(plan, DayPlan)
    assert_type(plan.dates, tuple[date, ...])
    return plan.with_population(customers)


def decide(plan: DayPlan, record: Mapping[str, Any]) -> Decision | None:
    try:
        snapshot = plan.snapshot(record)
    except SnapshotError as error:
        assert_type(error.problems, tuple[Problem, ...])
        return None
    assert_type(snapshot, Snapshot)
    assert_type(snapshot.id, str)
    decision = evaluate(plan, snapshot)
    assert_type(evaluate(plan, record, subject="store"), Decision)
    assert_type(decision.actions, tuple[Action, ...])
    assert_type(decision.suppressed, tuple[Action, ...])
    assert_type(decision.labels["tier"], str | None)
    assert_type(decision.standing["tier"], str | None)
    assert_type(decision.ways["tier"]["points"], str | None)
    for rule, subject_id, facts in decision.undecided:
        assert_type((rule, subject_id, facts), tuple[str, str, tuple[str, ...]])
    assert_type(explain(decision), str)
    assert_type(explain(decision, language="zh"), str)
    return decision


def carry_out(action: Action, plan: DayPlan, record: Mapping[str, Any]) -> dict[str, Any]:
    assert_type(action.kind, str)
    assert_type(action.due_on, date | None)
    assert_type(action.priority, int)
    assert_type(action.deadline, str | None)
    try:
        approved = approve(action, by_role="store_manager", plan=plan, snapshot=record)
    except ApprovalError as error:
        assert_type(error.reason, str)
        return dict(record)
    assert_type(approved, Action)
    return apply(record, approved)


def table(plan: DayPlan, frame: object) -> FrameResult | None:
    try:
        result = evaluate_frame(plan, {"customer": frame}, language="zh")
    except FrameError as error:
        assert_type(error.problems, tuple[Problem, ...])
        return None
    assert_type(result, FrameResult)
    assert_type(result.notes.set_aside, int)
    return result
