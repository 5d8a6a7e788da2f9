# SPDX-License-Identifier: Apache-2.0
"""Every public name as users write it; mypy checks this file, nothing runs it."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, assert_type

import numpy as np

from loyaltyrules import (
    Action,
    ApprovalError,
    DayPlan,
    Decision,
    Found,
    FoundBy,
    FrameError,
    FrameResult,
    Lacking,
    Place,
    Plugins,
    Policy,
    PolicyError,
    Problem,
    Snapshot,
    SnapshotError,
    Story,
    TracedPart,
    TracedRule,
    apply,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    lacking,
    load_policy,
    replay,
    solve,
    trace,
)
from loyaltyrules.simulation import share


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
    assert_type(explain(decision, language="zh", rules=["tier.upgrade"]), str)
    for traced in trace(decision, rules="tier.upgrade"):
        assert_type(traced, TracedRule)
        assert_type(traced["evidence"], TracedPart | None)
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
    assert_type(Action.from_dict(approved.to_dict()), Action)
    return apply(record, approved)


@dataclass
class Customer:
    id: str


class Buyer(NamedTuple):
    id: str


def other_makes(policy: Policy, row: sqlite3.Row, day: np.datetime64) -> dict[str, Any]:
    plan = compile_day(policy, day, since="2027-02-01")
    assert_type(compile_day(policy, datetime(2027, 2, 5)), DayPlan)
    decisions = [evaluate(plan, each) for each in (Customer("1"), Buyer("1"), row)]
    assert_type(decisions[0].ignored, Mapping[str, str])
    assert_type(decisions[0].approve("id", by_role="store_manager"), Action)
    assert_type(plan.snapshot(Buyer("1"), strict=True).ignored, Mapping[str, str])
    assert_type(policy.fingerprint, str)
    return decisions[0].to_dict(explain="zh")


def from_tables(result: FrameResult, action: Action, policy: Policy) -> dict[str, Any]:
    rows: list[dict[str, str | None]] = result.changes.to_dicts()
    assert_type(result.notes.fingerprint, str)
    return apply({"id": "1"}, action, rows, policy=policy)


def table(plan: DayPlan, frame: object) -> FrameResult | None:
    try:
        result = evaluate_frame(plan, {"customer": frame}, language="zh")
    except FrameError as error:
        assert_type(error.problems, tuple[Problem, ...])
        return None
    assert_type(result, FrameResult)
    assert_type(result.notes.set_aside, int)
    return result


def what_if(policy: Policy, plan: DayPlan, customers: Any) -> int | None:
    want = share("tier", "A") <= 0.20
    found = solve(policy, "tier_a_points", customers, on="2027-02-05", want=want)
    assert_type(found, Found)
    by_store = solve(policy, "tier_a_points", customers, on=plan.on, want=want, within="store_id")
    assert_type(by_store, FoundBy)
    short = lacking(plan, {"id": "c-1"}, "tier")
    assert_type(short, Lacking)
    assert_type(short.lost_on, date | None)
    return found.count


def walk(policy: Policy, raw: Mapping[str, object], approve: Callable[[Action], bool]) -> Story:
    story = replay({"p": policy}, raw, start="2026-01-31", end=date(2026, 6, 30), approve=approve)
    for day in story.steps():
        assert_type(day, date)
    assert_type(story.notes, tuple[Problem, ...])
    return story
