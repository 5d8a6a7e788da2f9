# SPDX-License-Identifier: Apache-2.0
"""The explanation implies the decision: evidence comes to what the engine decided, whatever it reads."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from conformance.cases import Case, cases, condition_cases, within_64_bits
from conformance.effort import tries
from conformance.oracle import records, sound
from loyaltyrules import (
    DayPlan,
    Policy,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    load_policy,
)
from loyaltyrules.report.evidence import findings

ROOT = Path(__file__).parents[2]
DAY = date(2027, 5, 4)
VALUES = {"acts": True, "undecided": None, "no": False}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Policy]:
    """A policy from its sections as text."""

    def load(text: str) -> Policy:
        file = tmp_path / "written.yaml"
        file.write_text(f"format: 1\npolicy: written\nlanguage: en\n{text}", encoding="utf-8")
        return load_policy(file)

    return load


# ---- the law


def implied(plan: DayPlan, record: dict[str, Any], subject: str) -> None:
    """Every finding about a record says what the engine says, and its evidence comes to it."""
    decision = evaluate(plan, record, subject)
    undecided = {(each.rule, each.subject_id) for each in decision.undecided}
    emitted = (*decision.actions, *decision.suppressed)
    acting = set()
    for found in findings(plan, decision.snapshot):
        about, facts = (found.rule.id, found.record.id), found.record.facts
        instances = plan.day(found.day).subjects[found.record.subject].instances
        own = [e for e in instances if e.rule is found.rule]
        outcomes = [e.test(facts) for e in own if found.row in ("", e.row.id)]
        assert (found.state == "acts") is (True in outcomes), about
        assert (found.state == "undecided") is (True not in outcomes and None in outcomes), about
        assert (found.clause is None) is (found.state == "not_now"), about
        assert found.clause is None or found.clause.of(facts) is VALUES[found.state], about
        assert about in undecided or found.state != "undecided", about
        acting |= {about} if found.state == "acts" else set()
    assert acting == {(each.rule, each.subject_id) for each in emitted}


def all_implied(case: Case) -> None:
    """The law for every record of a case, with its stores as reference data."""
    with within_64_bits(case):
        plan = case.plan()
        good, _ = sound(plan, case.rows)
        if "store" in good:
            known = {**plan.tables, "store": tuple(good["store"])}
            plan = DayPlan(plan.policy, plan.on, plan.since, known, plan.siblings)
        for subject in {"customer", "store"} & good.keys():
            for record in records(plan, subject, good):
                implied(plan, record, subject)


@pytest.mark.parametrize(("made", "examples"), [(cases(), 60), (condition_cases(), 20)])
def test_the_evidence_of_any_policy_comes_to_what_the_engine_decides(
    made: Any, examples: int
) -> None:
    tries(all_implied, made, examples, "evidence")


@pytest.mark.parametrize("day", ["2027-02-05", "2027-02-13", "2027-02-28", "2027-05-08"])
def test_the_evidence_of_the_store_comes_to_what_the_engine_decides(day: str) -> None:
    policy = load_policy(ROOT / "policies" / "menswear")
    tables = {
        file.stem: pl.read_csv(file, infer_schema=False).to_dicts()
        for file in (ROOT / "examples" / "store").glob("*.csv")
    }
    plan = compile_day(policy, date.fromisoformat(day), tables={"store": tables["store"]})
    good, _ = sound(
        plan, {n: rows for n, rows in tables.items() if n in policy.vocabulary.subjects}
    )
    people = records(plan, "customer", good)
    plan = plan.with_population(people)
    for record in people:
        implied(plan, record, "customer")
    for record in records(plan, "store", good):
        implied(plan, record, "store")


# ---- what is read from elsewhere

OF_PARENT = """
subjects: {purchase: {of: customer}}
facts:
  customer: {points: {type: whole}, doubled: {is: points * 2}}
  purchase: {amount: {type: number}}
rules:
  big: {for: purchase, if: customer.doubled >= 10 and amount > 5, do: task.a, once_per: id}
"""
OF_STORE = """
subjects: {store: {}, customer: {of: store}}
facts:
  store: {size: {type: whole}, big: {is: BIG}}
  customer: {points: {type: whole}}
rules:
  big: {for: customer, if: TEST and points > 5, do: task.a, once_per: id}
"""
STORES = [{"id": "s", "size": 150}]


def acts_in_tables(plan: DayPlan, tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    result = evaluate_frame(plan, {name: pl.DataFrame(rows) for name, rows in tables.items()})
    return list(result.actions["action_id"])


def test_what_a_parent_derives_is_evidence(written: Callable[[str], Policy]) -> None:
    plan = compile_day(written(OF_PARENT), DAY)
    bought = {"id": "p", "customer_id": "c", "amount": 9}
    customer = {"id": "c", "points": 7}
    implied(plan, {**customer, "purchases": [bought]}, "customer")
    text = explain(evaluate(plan, {**customer, "purchases": [bought]}))
    assert text.splitlines()[2:] == [
        "  big [p]: acts",
        "    yes all of",
        "      yes customer.doubled >= 10  (customer.doubled 14)",
        "      yes amount > 5  (amount 9)",
    ]
    tables = {"customer": [customer], "purchase": [bought]}
    assert acts_in_tables(plan, tables) == ["written/big/purchase/p/p/task.a"]


@pytest.mark.parametrize(
    ("big", "test", "line"),
    [("size * 2", "store.big > 200", "yes store.big > 200  (store.big 300)"),
     ("size > 100", "store.big", "yes store.big"),
     ("if(size > 100, size, 0)", "store.big >= 150", "yes store.big >= 150  (store.big 150)")],
)  # fmt: skip
def test_what_a_store_of_the_reference_data_derives_is_evidence(
    written: Callable[[str], Policy], big: str, test: str, line: str
) -> None:
    policy = written(OF_STORE.replace("BIG", big).replace("TEST", test))
    customer = {"id": "c", "points": 7, "store_id": "s"}
    plan = compile_day(policy, DAY, tables={"store": STORES})
    implied(plan, customer, "customer")
    text = explain(evaluate(plan, customer))
    assert text.splitlines()[2:] == [
        "  big: acts", "    yes all of", f"      {line}", "      yes points > 5  (points 7)",
    ]  # fmt: skip
    acting = ["written/big/customer/c/c/task.a"]
    assert acts_in_tables(plan, {"customer": [customer]}) == acting
    alone = compile_day(policy, DAY)
    assert acts_in_tables(alone, {"customer": [customer], "store": STORES}) == acting


ROWS = """
reference:
  launch:
    columns: {begins_on: date, sorts: list, text: text}
    rows:
      - {id: one, begins_on: 2027-05-06, sorts: tea;golf, text: New}
      - {id: two, begins_on: 2027-05-06, sorts: golf, text: Newer}
occasions:
  launch: {rows: launch, day: begins_on, opens: 2 days}
  born: {anniversary: born_on}
facts: {customer: {taste: {type: text}, born_on: {type: date}, joined_on: {type: date}}}
rules:
  launched: {for: customer, at: launch, if: taste in launch.sorts, do: task.a}
  early: {for: customer, at: launch, if: joined_on + 2 days = today, do: task.b}
  greeted: {for: customer, at: born, if: taste is not missing, do: task.c}
"""


def test_evidence_is_of_the_row_and_the_day_of_the_moment(written: Callable[[str], Policy]) -> None:
    plan = compile_day(written(ROWS), DAY)
    customer = {"id": "c", "taste": "tea", "joined_on": "2027-05-04", "born_on": "2000-01-01"}
    implied(plan, customer, "customer")
    text = explain(evaluate(plan, customer))
    assert "yes taste in launch.sorts  (taste tea; launch.sorts [tea, golf])" in text
    assert "yes joined_on + 2 days = today  (joined_on 2027-05-04; today 2027-05-06)" in text
    assert text.endswith("not their moment: 1 rule(s): greeted")


def test_a_moment_that_is_unknown_is_told_as_what_is_lacking(
    written: Callable[[str], Policy],
) -> None:
    plan = compile_day(
        written(ROWS.replace("born_on: {type: date}", "born_on: {type: date, absent: unknown}")),
        DAY,
    )
    customer = {"id": "c", "taste": "tea"}
    implied(plan, customer, "customer")
    text = explain(evaluate(plan, customer))
    assert "  greeted: cannot be decided\n    unknown all of\n      unknown born_on in [" in text


# ---- names and values

NAMES = """
subjects: {purchase: {of: customer}}
facts:
  customer:
    phone: {type: text, personal: yes}
    reach: {is: 'or_else(phone, "nobody")'}
    points: {type: whole, title: {en: Points, zh: 积分}, default: 3}
    twice: {is: points * 2, title: {en: Twice, zh: 双倍}}
    sorts: {type: list}
    kinds: {list: purchase.kind, by: amount}
    class_on_file: {type: class}
  purchase: {amount: {type: number}, kind: {type: text}, points: {type: whole}, phone: {type: text}}
labels:
  class:
    for: customer
    title: {en: Class, zh: 级别}
    values: [high, low]
    standing: class_on_file
    ways: {points: {bands: points, high: "5", low: rest}}
rules:
  told: {for: WHOM, if: TEST, do: task.a, once_per: id}
"""
PERSON = {
    "id": "c", "phone": "13800000001", "sorts": ["tea", "golf", "art"],
    "purchases": [
        {"id": "p", "amount": 9, "kind": "shirt", "phone": "021"},
        {"id": "q", "amount": 7, "kind": "tie"}, {"id": "r", "amount": 8, "kind": "belt"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("whom", "test", "line"),
    [("customer", 'phone != "x"', 'phone != x  (phone 138****0001)'),
     ("customer", 'reach != "x"', 'reach != x  (reach 138****0001)'),
     ("purchase", 'customer.phone != "x"', 'customer.phone != x  (customer.phone 138****0001)'),
     ("purchase", 'customer.reach != "x"', 'customer.reach != x  (customer.reach 138****0001)'),
     ("purchase", 'phone = "021"', "phone = 021  (phone 021)"),
     ("customer", "size(sorts) = 3", "size(sorts) = 3  (sorts [tea, golf, art])"),
     ("customer", "size(kinds) = 3", "size(kinds) = 3  (kinds [tie, belt, shirt])"),
     ("purchase", "size(customer.kinds) = 3",
      "size(customer.kinds) = 3  (customer.kinds [tie, belt, shirt])"),
     ("customer", "points > 2", "Points > 2  (Points 3 (by default))"),
     ("purchase", "customer.points > 2", "Points > 2  (Points 3 (by default))"),
     ("purchase", "or_else(points, 3) > 2", "or_else(points, 3) > 2  (points ?)"),
     ("purchase", "customer.twice > 2", "Twice > 2  (Twice 6)"),
     ("customer", "class.points = low", "Class.points = low  (Class.points low)"),
     ("purchase", "customer.class.points = low", "Class.points = low  (Class.points low)"),
     ("purchase", "customer.proposed.class = low", "proposed Class = low  (proposed Class low)")],
)  # fmt: skip
def test_a_line_names_each_fact_once_shows_lists_in_their_order_and_masks_what_is_personal(
    written: Callable[[str], Policy], whom: str, test: str, line: str
) -> None:
    plan = compile_day(written(NAMES.replace("WHOM", whom).replace("TEST", test)), DAY)
    implied(plan, PERSON, "customer")
    assert f"    yes {line}" in explain(evaluate(plan, PERSON)).splitlines()


def test_names_are_of_the_language(written: Callable[[str], Policy]) -> None:
    test = "customer.twice > 2 and customer.proposed.class = low"
    policy = written(NAMES.replace("WHOM", "purchase").replace("TEST", test))
    text = explain(evaluate(compile_day(policy, DAY), PERSON), "zh")
    assert "双倍 > 2  (双倍 6)" in text
    assert "应定级别 = low  (应定级别 low)" in text
