# SPDX-License-Identifier: Apache-2.0
"""The explanation of a decision names every rule that acts, and no personal fact."""

import csv
import re
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

import effort
from loyaltyrules import compile_day, evaluate, explain, load_policy
from loyaltyrules.report.agenda import agenda, as_records

ROOT = Path(__file__).parents[2]
PERSONAL = ("name", "mobile_phone", "email", "address_home", "address_work", "date_of_birth")


def customers() -> list[dict[str, Any]]:
    with (ROOT / "examples" / "store" / "customer.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def menswear() -> Any:
    return load_policy(ROOT / "policies" / "menswear")


def acting(text: str, language: str) -> set[str]:
    """The ids of the rules of which the text says that they act."""
    word = {"en": ": acts", "zh": ": 触发"}[language]
    lines = [line.strip() for line in text.split("\n") if word in line]
    heads = [line.split(word)[0] for line in lines]
    return {head.rsplit("(", 1)[-1].rstrip(")") for head in heads}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("day", ["2027-02-05", "2027-02-13"])
def test_rules_that_are_said_to_act_are_those_of_the_actions(
    menswear: Any, language: str, day: str
) -> None:
    plan = compile_day(menswear, date.fromisoformat(day)).with_population(customers())
    for customer in customers():
        decision = evaluate(plan, customer)
        rules = {action.rule for action in (*decision.actions, *decision.suppressed)}
        assert acting(explain(decision, language), language) == rules


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_explanation_masks_what_is_personal(menswear: Any, language: str) -> None:
    plan = compile_day(menswear, date(2027, 2, 5))
    for customer in customers():
        text = explain(evaluate(plan, customer), language)
        assert not [n for n in PERSONAL if len(customer[n]) > 2 and customer[n] in text]


def test_an_explanation_in_english_has_no_chinese_where_all_titles_are_english(
    menswear: Any,
) -> None:
    plan = compile_day(menswear, date(2027, 2, 5)).with_population(customers())
    for customer in customers():
        assert not re.findall("[\u4e00-\u9fff]+", explain(evaluate(plan, customer)))


def test_words_of_data_and_rows_of_tables_are_called_as_names_say(menswear: Any) -> None:
    plan = compile_day(menswear, date(2027, 2, 5)).with_population(customers())
    text = explain(
        evaluate(plan, customers()[0]), "zh", rules=["becomes_member", "points_sms.formal"]
    )
    assert "会员身份 = 临时  (会员身份 正式)" in text
    assert "积分短信 · 正式 (points_sms.formal): 不触发" in text


def test_a_span_is_explained_over_all_its_days(menswear: Any) -> None:
    plan = compile_day(menswear, date(2027, 2, 15), date(2027, 2, 3))
    for customer in customers()[:12]:
        decision = evaluate(plan, customer)
        rules = {action.rule for action in (*decision.actions, *decision.suppressed)}
        assert acting(explain(decision), "en") == rules


def test_every_cell_of_the_calendar_opens_before_its_day(menswear: Any) -> None:
    entries = agenda(menswear, 2027, "zh", {})
    spring = next(entry for entry in entries if entry.id == "spring_festival")
    assert (spring.day, spring.title) == (date(2027, 2, 6), "春节")
    assert set(spring.opens) == {date(2027, 2, 2), date(2027, 2, 5)}
    assert [record["id"] for record in as_records(entries)] == [entry.id for entry in entries]
    assert all(day <= entry.day for entry in entries for day in entry.opens)


MOMENTS = """\
format: 1
policy: moments
facts: {customer: {born: {type: date, absent: unknown}, ends: {type: date, absent: unknown},
  tier: {type: [A, B]}}}
occasions: {birthday: {anniversary: born}}
rules:
  plain: {for: customer, at: birthday, do: call}
  tiers: {for: customer, at: birthday, if: tier = A, do: call}
  dated: {for: customer, at: 3 days after ends, if: tier = A, do: call}
  since: {for: customer, from: 3 days after ends, if: tier = A and ends is not missing, do: call}
"""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("facts", [{}, {"tier": "A"}, {"tier": "B"}, {"born": "1980-03-01"}])
def test_an_undecided_rule_is_told_with_every_fact_that_its_moment_and_its_condition_lack(
    tmp_path: Path, facts: dict[str, str], language: str
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(MOMENTS, encoding="utf-8")
    plan = compile_day(load_policy(file), date(2027, 3, 1))
    decision = evaluate(plan, {"id": "c", **facts})
    sections = explain(decision, language).split("\n  ")
    heads = {line.split(":")[0]: place for place, line in enumerate(sections) if line[0] != " "}
    assert decision.undecided
    for rule, _, lacking in decision.undecided:
        rest = sections[heads[rule] + 1 :]
        own = "\n".join(takewhile(lambda line: line[0] == " ", rest))
        assert [name for name in lacking if f"{name} ?" not in own] == [], rule


def test_actions_and_ids_are_told_apart_on_one_line_each(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(
        "format: 1\npolicy: x\nlanguage: en\nsubjects: {reception: {of: customer}}\n"
        "facts: {reception: {kind: {type: text}}}\nwords: {assign: {kind: task.assign}}\n"
        "rules: {s: {for: reception, at: daily, do: {do: assign, value: kind}}}\n",
        encoding="utf-8",
    )
    plan = compile_day(load_policy(file), on="2027-02-05")
    receptions = [{"id": "r1", "kind": "return"}, {"id": "r\n2", "kind": "repair"}]
    told = explain(evaluate(plan, {"id": "\x1b[31mX", "receptions": receptions}))
    listed = [line for line in told.split("\n") if "•" in line]
    assert [("return [r1]" in line, "repair [r\\n2]" in line) for line in listed] == [
        (False, True), (True, False),
    ]  # fmt: skip
    assert "\x1b" not in told


def test_what_was_told_before_is_told_of_the_facts_at_hand(menswear: Any) -> None:
    """Lines that are kept go by all facts that they are worked out from."""
    fresh = compile_day(load_policy(ROOT / "policies" / "menswear"), on="2027-02-05")
    record = {"id": "c", "member_status": "formal", "tier": "B", "store_id": "s"}
    given = [
        {**record, "points_accumulated": points, "consent_marketing": consent, **more}
        for points in (1999, 2000, 5200) for consent in (True, False, None)
        for more in ({}, {"last_purchase_on": "2026-01-01"}, {"mobile_phone": "13800000001"})
    ]  # fmt: skip
    some = effort.each(given, 4)
    for each in (*some, *some):
        alone = compile_day(fresh.policy, on="2027-02-05")
        assert explain(evaluate(fresh, each)) == explain(evaluate(alone, each))
