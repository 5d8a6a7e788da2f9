# SPDX-License-Identifier: Apache-2.0
"""Identity decisions are remembered, bounded, turned off where they do not help, and never differ."""

from datetime import date
from pathlib import Path

import pytest

from loyaltyrules import compile_day, evaluate, load_policy
from loyaltyrules.decision import whole
from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.evaluate import interpret

MENSWEAR = Path(__file__).parents[2] / "policies" / "menswear"


@pytest.fixture
def plan():
    return compile_day(load_policy(MENSWEAR), on=date(2027, 2, 5))


def member(number: int, **facts: object) -> dict[str, object]:
    base = {"id": str(number), "tier": "B", "member_status": "formal", "consent_marketing": "yes"}
    return {**base, "mobile_phone": str(number), **facts}


def told(decision):
    return decision.actions, decision.suppressed, decision.labels, decision.ways, decision.undecided


def test_records_of_one_signature_share_a_decision_but_not_its_ids(plan):
    first, second = evaluate(plan, member(1)), evaluate(plan, member(2))
    memory = decider_of(plan).memory(plan, "customer")
    assert (memory.asked, memory.met) == (2, 1)
    assert [a.kind for a in first.actions] == [a.kind for a in second.actions]
    assert {a.customer_id for a in second.actions} == {"2"}


def test_a_memory_that_does_not_help_turns_itself_off_and_nothing_changes(plan, monkeypatch):
    monkeypatch.setattr(whole, "TRIAL", 20)
    for number in range(60):
        record = member(number, points_accumulated=100 * number, purchases_12m=number % 7,
                        purchases_prev_12m=number % 11, tier="ABC"[number % 3])  # fmt: skip
        assert told(evaluate(plan, record)) == told(interpret(plan, record))
    memory = decider_of(plan).memory(plan, "customer")
    assert not memory.helps and memory.asked < 60


def test_a_memory_is_bounded(plan, monkeypatch):
    monkeypatch.setattr(whole, "BOUND", 3)
    for number in range(12):
        record = member(number, points_accumulated=999 * number)
        assert told(evaluate(plan, record)) == told(interpret(plan, record))
    assert len(decider_of(plan).memory(plan, "customer").places) <= 3


def test_a_plan_that_knows_a_population_does_not_remember_whole_decisions(plan):
    known = plan.with_population([member(number) for number in range(6)])
    assert told(evaluate(known, member(1))) == told(interpret(known, member(1)))
    assert decider_of(known).memory(known, "customer") is None


def test_a_comparison_of_a_derived_fact_with_a_given_one_is_told_apart(tmp_path):
    (tmp_path / "policy.yaml").write_text(
        """
format: 1
policy: files
language: en
facts: {customer: {tier: {type: [A, B]}, folder: {type: text}}}
labels:
  right: {for: customer, values: [A, B], cases: {A: tier = A, B: rest}}
rules:
  move: {for: customer, if: folder != right, once_per: id, do: task.move}
""",
        encoding="utf-8",
    )
    plan = compile_day(load_policy(tmp_path), date(2027, 3, 1))
    for folder in ("A", "B", "somewhere", "A"):
        record = {"id": "c", "tier": "A", "folder": folder}
        found = evaluate(plan, record)
        assert found.actions == interpret(plan, record).actions
        assert bool(found.actions) == (folder != "A")
