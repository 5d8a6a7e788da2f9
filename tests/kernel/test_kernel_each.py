# SPDX-License-Identifier: Apache-2.0
"""`each: TABLE`: a rule once for every row of a reference table."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from loyaltyrules import (
    Decision,
    Policy,
    SnapshotError,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    render,
    trace,
)

ON = "2027-02-01"
TRAINING = """
subjects: {employee: {}}
facts:
  employee:
    post: {type: [guide, head]}
    passed: {type: list, default: []}
    booked: {type: text}
    hired_on: {type: date}
reference:
  topic:
    source: STORE-TRN-02
    columns: {id: text, title: text, post: [guide, head], within_days: whole}
words:
  book: {kind: task.book, role: head, approver: trainer, value: topic.title, sets: {booked: topic.id}}
rules:
  gap:
    for: employee
    each: topic
    if: post = topic.post and not (topic.id in passed)
    do: {do: training.assign, value: topic.title}
    source: STORE-TRN-02
"""
TEXT = """
  learn: {for: employee, each: topic, if: topic.post = guide, do: {do: message.send, template: learn}}
templates: {learn: {en: "{topic.title}: within {topic.within_days} days"}}
"""
TOPICS: list[dict[str, Any]] = [
    {"id": "skin", "title": "Skin types", "post": "guide", "within_days": 30},
    {"id": "till", "title": "The till", "post": "guide", "within_days": 7},
    {"id": "lead", "title": "Leading", "post": "head", "within_days": 60},
]
GUIDE = {"id": "e1", "post": "guide", "passed": ["till"], "hired_on": "2027-02-01"}


def decided(policy: Policy, record: Any = GUIDE, topics: Any = TOPICS, on: str = ON) -> Decision:
    tables = {} if topics is None else {"topic": topics}
    return evaluate(compile_day(policy, on, tables=tables), record, "employee")


def occurrences(decision: Decision) -> list[str]:
    return [each.occurrence for each in decision.actions]


def test_a_rule_acts_for_each_row_whose_columns_fit(written: Callable[[str], Policy]) -> None:
    found = decided(written(TRAINING)).actions
    assert [(each.rule, each.occurrence, each.value) for each in found] == [
        ("gap", "skin", "Skin types")
    ]
    assert found[0].action_id == "written/gap/employee/e1/skin/training.assign"
    assert found[0].source == "STORE-TRN-02"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("once_per: id", ["e1;lead", "e1;skin", "e1;till"]),
        ("once_per: [post, month]", ["guide;2027-02;lead", "guide;2027-02;skin", "guide;2027-02;till"]),
        ("at: hired_on", ["2027-02-01;lead", "2027-02-01;skin", "2027-02-01;till"]),
        ("at: monday", ["2027-02-01;lead", "2027-02-01;skin", "2027-02-01;till"]),
        ("from: hired_on", ["2027-02-01;lead", "2027-02-01;skin", "2027-02-01;till"]),
    ],
)  # fmt: skip
def test_the_row_ends_the_occurrence(
    written: Callable[[str], Policy], moment: str, expected: list[str]
) -> None:
    policy = written(f"{TRAINING}  on: {{for: employee, each: topic, {moment}, do: book}}\n")
    found = [each.occurrence for each in decided(policy).actions if each.rule == "on"]
    assert found == expected


def test_texts_read_the_row_for_which_the_rule_is_said(written: Callable[[str], Policy]) -> None:
    plan = compile_day(written(TRAINING + TEXT), ON, tables={"topic": TOPICS})
    found = [e for e in evaluate(plan, GUIDE, "employee").actions if e.rule == "learn"]
    texts = [render(each, plan, GUIDE, "en").text for each in found]
    assert texts == ["Skin types: within 30 days", "The till: within 7 days"]


def test_of_a_table_that_is_not_there_the_rule_is_undecided_and_names_it(
    written: Callable[[str], Policy],
) -> None:
    policy = written(TRAINING)
    found = decided(policy, topics=None)
    assert [(each.rule, each.facts) for each in found.undecided] == [("gap", ("reference.topic",))]
    assert decided(policy, topics=[]).undecided == ()
    table = pl.DataFrame([GUIDE])
    notes = evaluate_frame(compile_day(policy, ON), {"employee": table}).notes
    assert notes.undecided == {"gap": {("reference.topic",): 1}}


def test_what_the_record_alone_denies_needs_no_table(written: Callable[[str], Policy]) -> None:
    policy = written(TRAINING.replace("if: post = topic.post and", "if: post = head and"))
    assert decided(policy, topics=None).undecided == ()


def test_a_cell_that_is_missing_is_named_with_its_row(written: Callable[[str], Policy]) -> None:
    topics = [*TOPICS, {"id": "new", "title": "Unwritten"}]
    found = decided(written(TRAINING), topics=topics)
    assert [(each.rule, each.facts) for each in found.undecided] == [("gap", ("topic.new.post",))]


def test_rows_without_an_id_and_two_of_one_id_are_refused(
    written: Callable[[str], Policy],
) -> None:
    policy = written(TRAINING)
    for topics, code in (
        ([{"title": "?"}], "LR288"), ([TOPICS[0], {**TOPICS[1], "id": "skin"}], "LR408"),
    ):  # fmt: skip
        with pytest.raises(SnapshotError) as caught:
            compile_day(policy, ON, tables={"topic": topics})
        assert [each.code for each in caught.value.problems] == [code]


def test_an_action_is_approved_for_the_row_that_it_names(written: Callable[[str], Policy]) -> None:
    do = "do: {do: training.assign, value: topic.title}"
    policy = written(TRAINING.replace(do, "at: hired_on\n    do: book"))
    plan = compile_day(policy, ON, tables={"topic": TOPICS})
    (action,) = evaluate(plan, GUIDE, "employee").actions
    later = compile_day(policy, date(2027, 2, 9), tables={"topic": TOPICS})
    approved = approve(action, by_role="trainer", plan=later, snapshot=GUIDE)
    assert (approved.status, approved.occurrence, approved.sets) == (
        "ready", "2027-02-01;skin", (("booked", "skin"),),
    )  # fmt: skip


def test_explanations_tell_the_rows_that_act(written: Callable[[str], Policy]) -> None:
    found = decided(written(TRAINING), topics=[*TOPICS, {"id": "new", "title": "Unwritten"}])
    text = explain(found, "en")
    assert "gap (topic skin): acts" in text and "gap (topic new): cannot be decided" in text
    assert "topic till" not in text
    assert [(each["row"], each["state"]) for each in trace(found)] == [
        ("skin", "acts"), ("new", "undecided"),
    ]  # fmt: skip
    (none,) = trace(decided(written(TRAINING), {**GUIDE, "passed": ["till", "skin"]}))
    assert ("row" in none, none["state"]) == (False, "no")


REFUSED = {
    "LR128": "rules: {r: {for: customer, each: topc, do: task.x}}",
    "LR286": "rules: {r: {for: customer, each: bare, do: task.x}}",
    "LR287": "rules: {r: {for: customer, each: topic, at: lesson, do: task.x}}",
    "LR288": "rules: {r: {for: customer, each: nameless, do: task.x}}",
    "LR289": "rules: {r: {for: customer, each: store, once_per: id, do: task.x}}",
    "LR140": """tables: {t: {for: customer, each: topic, by: kind, once_per: id, rows: {a: task.x, b: none}}}
rules: {r: {for: customer, each: topic, do: task.x}}""",
}  # fmt: skip


@pytest.mark.parametrize("code", list(REFUSED))
def test_what_names_no_row_is_refused(faults: Callable[[str], list[str]], code: str) -> None:
    assert faults(f"""
subjects: {{customer: {{of: store}}, store: {{}}}}
facts: {{customer: {{kind: {{type: [a, b]}}}}, store: {{brand: {{type: text}}}}}}
reference:
  topic: {{columns: {{id: text, day: date}}}}
  bare: {{columns: {{day: date}}}}
  nameless: {{columns: {{id: text, title: text}}, rows: [{{title: A}}]}}
  store: {{columns: {{id: text, brand: text}}}}
occasions: {{lesson: {{rows: topic, day: day}}}}
{REFUSED[code]}
""") == [code]
