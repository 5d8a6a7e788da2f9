# SPDX-License-Identifier: Apache-2.0
"""While a complaint is open nobody is greeted, and nobody loses a tier; what answers it goes on."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from conformance.oracle import by_columns
from loyaltyrules import DayPlan, compile_day, evaluate, evaluate_frame, load_policy

ON = date(2027, 3, 10)
POLICY = """
format: 1
policy: complaints
language: en
subjects: {complaint: {of: customer}}
facts:
  customer:
    tier: {type: [A, B, C]}
    points: {type: whole}
    open_complaints: {count: complaint, where: solved_on is missing}
  complaint: {received_on: {type: date}, solved_on: {type: date}}
words:
  greet: {kind: message.send, channel: sms, purpose: greeting}
  answer: {kind: call, purpose: service}
labels:
  tier:
    for: customer
    values: [A, B, C]
    standing: tier
    decide: points
    ways: {points: {bands: points, A: 5000, B: 2000, C: rest}}
    moves:
      idle: {if: points < 2000 and tier > C, to: "lower(tier, 1)", since: today, do: tier.downgrade_proposal}
rules:
  hello: {for: customer, at: daily, do: greet}
  answer: {for: complaint, if: solved_on is missing, once_per: id, do: answer}
gate:
  - hold: open_complaint
    which: (purpose = greeting or kind = tier.downgrade_proposal) and open_complaints > 0
"""
OPEN, SOLVED = {"received_on": ON}, {"received_on": ON, "solved_on": ON}
HELD = {"message.send": "open_complaint", "tier.downgrade_proposal": "open_complaint"}
UNKNOWN = dict.fromkeys(HELD, "open_complaint_unknown")


@pytest.fixture
def plan(tmp_path: Path) -> DayPlan:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return compile_day(load_policy(file), ON)


@pytest.mark.parametrize(("listed", "held"), [
    ([OPEN], HELD), ([SOLVED, OPEN], HELD), ([SOLVED], {}), ([], {}), (None, UNKNOWN),
])  # fmt: skip
def test_an_open_complaint_holds_greetings_and_downgrades(
    plan: DayPlan, listed: list[dict[str, Any]] | None, held: dict[str, str]
) -> None:
    complaints = None if listed is None else [{"id": f"k{n}", **e} for n, e in enumerate(listed)]
    decision = evaluate(plan, {"id": "c", "tier": "A", "points": 100, "complaints": complaints})
    assert {each.kind: each.reason for each in decision.suppressed} == held
    assert sum(each.kind == "call" for each in decision.actions) == (listed or []).count(OPEN)


def test_it_does_so_in_tables(plan: DayPlan) -> None:
    customers = pl.DataFrame({"id": ["c", "d"], "tier": ["A", "A"], "points": [100, 100]})
    complaints = pl.DataFrame(
        {
            "id": ["k", "l"],
            "customer_id": ["c", "d"],
            "received_on": [ON, ON],
            "solved_on": [None, ON],
        }
    )
    with by_columns():
        result = evaluate_frame(plan, {"customer": customers, "complaint": complaints})
    held = result.suppressed.select("subject_id", "kind", "reason").rows()
    assert sorted(held) == [("c", kind, reason) for kind, reason in sorted(HELD.items())]
