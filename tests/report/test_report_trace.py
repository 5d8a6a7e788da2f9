# SPDX-License-Identifier: Apache-2.0
"""The evidence as data: it comes to the decision, JSON takes it, and single rules can be asked for."""

import csv
import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import (
    ArgumentError,
    DayPlan,
    TracedPart,
    compile_day,
    evaluate,
    explain,
    load_policy,
    trace,
)

ROOT = Path(__file__).parents[2]
DAY = date(2027, 2, 5)
VALUES = {"acts": True, "undecided": None, "no": False}
JOINS = {
    "all": lambda values: False if False in values else None if None in values else True,
    "any": lambda values: True if True in values else None if None in values else False,
    "not": lambda values: None if values == [None] else values == [False],
}

POLICY = """\
format: 1
policy: traced
language: en
subjects: {purchase: {of: customer}}
facts:
  customer:
    phone: {type: text, personal: yes}
    joined_on: {type: date, absent: unknown, title: {en: joined, zh: 入会日}}
    left_on: {type: date}
    spent: {type: number, default: 12.50}
    sorts: {type: list}
    reach: {is: 'or_else(phone, "nobody")'}
  purchase: {amount: {type: number}}
parameters: {least: {title: {en: least amount, zh: 起点金额}, value: 10}}
rules:
  big:
    title: {en: Big, zh: 大额}
    for: customer
    if: (spent > least or size(sorts) > 3) and not (reach = "x" and left_on < today)
    do: task.a
    once_per: month
    source: BIG-1
  long: {for: customer, if: joined_on < today, do: task.b, once_per: month}
  dear: {for: purchase, if: amount > 5, do: task.c, once_per: id}
  later: {for: customer, at: 2027-12-25, do: task.d}
"""
PERSON = {"id": "c", "phone": "13800000001", "sorts": ["tea", "golf"]}


@pytest.fixture
def plan(tmp_path: Path) -> DayPlan:
    file = tmp_path / "traced.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return compile_day(load_policy(file), DAY)


@pytest.fixture(scope="module")
def menswear() -> DayPlan:
    with (ROOT / "examples" / "store" / "customer.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    return compile_day(load_policy("menswear"), DAY).with_population(people)


def parts_of(part: TracedPart) -> list[TracedPart]:
    return [part, *(each for below in part["parts"] for each in parts_of(below))]


def test_the_evidence_of_a_rule_tells_its_parts_what_they_read_and_what_they_come_to(
    plan: DayPlan,
) -> None:
    big = trace(evaluate(plan, PERSON), rules="big")[0]
    whole = big.pop("evidence")  # type: ignore[misc]
    assert big == {
        "rule": "big", "title": "Big", "source": ["BIG-1"], "subject": "customer",
        "subject_id": "c", "on": "2027-02-05", "state": "acts",
    }  # fmt: skip
    assert (whole["value"], whole["joined"], whole["facts"]) == (True, "all", {})
    told = {e["text"]: (e["value"], e["joined"], e["facts"]) for e in parts_of(whole)[1:]}
    assert told == {
        "spent > least amount or size(sorts) > 3": (True, "any", {}),
        "spent > least amount": (True, None, {"spent": "12.5", "least": 10}),
        "size(sorts) > 3": (False, None, {"sorts": ["tea", "golf"]}),
        "not (reach = x and left_on < today)": (True, "not", {}),
        "reach = x and left_on < today": (False, "all", {}),
        "reach = x": (False, None, {"reach": "138****0001"}),
        "left_on < today": (False, None, {"left_on": "not happened", "today": "2027-02-05"}),
    }


def test_what_is_lacking_is_none_and_a_rule_of_another_moment_has_no_evidence(
    plan: DayPlan,
) -> None:
    long, later = trace(evaluate(plan, PERSON), "zh", rules=["later", "long"])
    assert (long["state"], later["state"], later["evidence"]) == ("undecided", "not_now", None)
    assert long["evidence"] == {
        "text": "入会日 < 当天", "value": None, "joined": None,
        "facts": {"joined_on": None, "today": "2027-02-05"}, "parts": [],
    }  # fmt: skip


def test_records_below_are_told_with_their_ids(plan: DayPlan) -> None:
    bought = [{"id": "p", "amount": 9}, {"id": "q", "amount": 1}]
    decision = evaluate(plan, {**PERSON, "purchases": bought})
    found = [(e["subject"], e["subject_id"], e["state"]) for e in trace(decision, rules="dear")]
    assert found == [("purchase", "p", "acts"), ("purchase", "q", "no")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_of_it_is_json_and_every_part_comes_to_what_its_own_parts_do(
    menswear: DayPlan, language: str
) -> None:
    with (ROOT / "examples" / "store" / "customer.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))[:8]
    for customer in people:
        decision = evaluate(menswear, customer)
        traced = trace(decision, language)
        text = json.dumps(traced, ensure_ascii=False)
        assert json.loads(text) == traced
        assert customer["mobile_phone"] not in text
        acting = {each["rule"] for each in traced if each["state"] == "acts"}
        assert acting == {each.rule for each in (*decision.actions, *decision.suppressed)}
        for rule in traced:
            if (evidence := rule["evidence"]) is not None:
                assert evidence["value"] is VALUES[rule["state"]]
                for part in parts_of(evidence):
                    values = [each["value"] for each in part["parts"]]
                    joined = part["joined"]
                    assert joined is None or part["value"] is JOINS[joined](values), part


def test_single_rules_are_explained_alone_with_what_they_do(plan: DayPlan) -> None:
    decision = evaluate(plan, {**PERSON, "nonsense": 1})
    assert explain(decision, rules="long").splitlines()[1:] == [
        "  long: cannot be decided", "    unknown joined < today  (joined ?; today 2027-02-05)",
    ]  # fmt: skip
    whole = explain(decision).splitlines()
    of_big = explain(decision, rules=iter(["big"])).splitlines()
    assert "  • task.a; ready; due 2027-02-05" in of_big and set(of_big) < set(whole)


@pytest.mark.parametrize("ask", [explain, trace])
def test_a_rule_that_there_is_not_is_told_with_a_near_one(plan: DayPlan, ask: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        ask(evaluate(plan, PERSON), rules=["bigg", "long"])
    (fault,) = caught.value.problems
    assert (fault.code, dict(fault.details)) == ("LR473", {"name": "bigg", "near": "big"})


def test_a_decision_that_was_pickled_is_traced_with_the_plan_that_made_it(plan: DayPlan) -> None:
    decision = evaluate(plan, PERSON)
    travelled = pickle.loads(pickle.dumps(decision))
    assert trace(travelled, plan=plan) == trace(decision)
    with pytest.raises(ValueError, match="travelled without its plan"):
        trace(travelled)
