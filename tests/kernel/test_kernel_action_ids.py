# SPDX-License-Identifier: Apache-2.0
"""An action's id has six parts, whatever signs stand in the names that it is made of."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from typing import Any
from urllib.parse import unquote

import polars as pl
import pytest

from conformance.oracle import by_columns
from loyaltyrules import Action, Policy, compile_day, evaluate, evaluate_frame, render

ON = "2027-05-04"
POLICY = """
facts: {customer: {tier: {type: text}, held: {type: yes/no}}}
words:
  gift/cake: {kind: gift.mail, gift: tea/cake}
  ask%now: {kind: task.ask/now, role: a/b}
  launch: {kind: message.send, channel: a/b, template: news/new}
reference:
  launch: {columns: {id: text, day: date, text: text}, rows: [{id: spring/1, day: 2027-05-04, text: tea}]}
occasions: {launch: {rows: launch, day: day}}
templates: {news/new: {en: "New: {launch.text}"}}
tables:
  care/for: {for: customer, by: tier, once_per: month, rows: {金卡/白金卡: task.call, 100%: task.mail}}
rules:
  up/down: {for: customer, do: gift/cake, once_per: [tier, month]}
  launch/now: {for: customer, at: launch, do: launch}
gate:
  - {hold: not/now, which: gift is not missing and held, instead: ask%now}
"""
RECORDS = [
    {"id": "x/y", "tier": "金卡/白金卡", "held": "no"},
    {"id": "5%", "tier": "100%", "held": "yes"},
]
Written = Callable[[str], Policy]


def decided(policy: Policy, record: dict[str, Any]) -> list[Action]:
    decision = evaluate(compile_day(policy, on=date.fromisoformat(ON)), record)
    return [*decision.actions, *decision.suppressed]


def parts(action: Action) -> tuple[str, ...]:
    return tuple(unquote(part) for part in action.action_id.split("/"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each["id"])
def test_every_part_can_be_told_from_the_next(written: Written, record: dict[str, Any]) -> None:
    found = decided(written(POLICY), record)
    assert len(found) >= 3
    for action in found:
        policy, rule, subject, identity, _, key = parts(action)
        assert (policy, rule, subject, identity) == (
            action.policy, action.rule, action.subject, action.subject_id,
        )  # fmt: skip
        assert key.split(":")[0] == action.kind


def test_names_stay_as_they_are_written_outside_of_the_id(written: Written) -> None:
    rules = {each.rule for record in RECORDS for each in decided(written(POLICY), record)}
    assert rules == {"up/down", "launch/now", "care/for.金卡/白金卡", "care/for.100%"}


def test_ids_are_made_of_the_names_with_their_signs_escaped(written: Written) -> None:
    found = {parts(each)[1:] for each in decided(written(POLICY), RECORDS[1])}
    assert found == {
        ("care/for.100%", "customer", "5%", "2027-05", "task.mail"),
        ("up/down", "customer", "5%", "100%;2027-05", "gift.mail:letter:tea/cake"),
        ("up/down", "customer", "5%", "100%;2027-05", "task.ask/now"),
        ("launch/now", "customer", "5%", "spring/1", "message.send:a/b:news/new"),
    }
    assert {each.action_id.count("/") for each in decided(written(POLICY), RECORDS[1])} == {5}


@pytest.mark.parametrize("around", [by_columns, nullcontext])
def test_tables_make_the_same_ids_in_their_order(written: Written, around: Any) -> None:
    policy = written(POLICY)
    plan = compile_day(policy, on=date.fromisoformat(ON))
    with around():
        result = evaluate_frame(plan, pl.DataFrame(RECORDS))
    ids = [*result.actions["action_id"], *result.suppressed["action_id"]]
    made = [each for record in RECORDS for each in decided(policy, record)]
    held = [each.status == "suppressed" for each in made]
    assert ids == [each.action_id for _, each in sorted(zip(held, made, strict=True))]


def test_the_row_that_an_action_stands_for_is_found_again(written: Written) -> None:
    policy = written(POLICY)
    plan = compile_day(policy, on=date.fromisoformat(ON))
    (action,) = [each for each in decided(policy, RECORDS[0]) if each.rule == "launch/now"]
    assert render(action, plan, plan.snapshot(RECORDS[0]), "en").text == "New: tea"


def test_names_that_differ_only_by_their_signs_have_ids_that_differ(written: Written) -> None:
    policy = written(
        "rules:\n  a/b: {for: customer, at: daily, do: task.x}\n"
        "  a%2Fb: {for: customer, at: daily, do: task.x}\n"
    )
    found = decided(policy, {"id": "c"})
    assert len({each.action_id for each in found}) == len(found) == 2
