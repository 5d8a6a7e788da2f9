# SPDX-License-Identifier: Apache-2.0
"""What is lacking for a word is what gives it, and a word is lost on the day on which a run takes it."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import (
    ArgumentError,
    DayPlan,
    Policy,
    SnapshotError,
    compile_day,
    evaluate,
    lacking,
    load_policy,
)
from simulation.conftest import Shop
from simulation.test_compare import MENSWEAR

ON = date(2027, 2, 5)
DAY = timedelta(days=1)
ORDER = "ABC"
CLERK = {
    "id": "c-1", "member_status": "formal", "tier": "B", "points_accumulated": 4200, "store_id": "s",
    "joined_on": date(2024, 3, 1), "last_purchase_on": date(2026, 6, 1), "mobile_phone": "13800000001",
}  # fmt: skip
PLAN = compile_day(MENSWEAR, ON)


@cache
def plan_on(day: date) -> DayPlan:
    return compile_day(MENSWEAR, day)


def taken(plan: DayPlan, record: dict[str, Any], label: str) -> str | None:
    """The worse word that a run moves a record to on its day."""
    decision = evaluate(plan, record)
    standing = decision.standing[label]
    words = next(each.words for each in plan.policy.labels if each.name == label)
    for each in (*decision.actions, *decision.suppressed):
        moves = each.rule.startswith(f"{label}.") and standing is not None
        if moves and words.index(each.to_value) > words.index(standing):
            return each.to_value
    return None


def test_a_clerk_reads_what_is_lacking_and_by_when_the_tier_is_lost() -> None:
    found = lacking(PLAN, CLERK, "tier")
    assert (found.label, found.word, found.next) == ("tier", "B", "A")
    assert [tuple(each) for each in found.conditions] == [
        ("points_accumulated", "accumulated points", 4200, ">= 5000 points (tier_a_points)", 800)
    ]
    assert (found.lost_on, found.lost_to) == (date(2027, 6, 1), "C")
    assert found.explain("zh").split("\n") == [
        "c-1 在 2027-02-05 的客户级别：B",
        "要到 A，还差：",
        "  累计积分：现为 4200，需要 >= 5000 积分（A级起点积分），还差 800",
        "如果情况不变，2027-06-01 起 B 将变为 C："
        "一年没有消费，建议降级：一年没有消费（未消费起算日 2026-06-01）",
    ]
    assert repr(found) == "Lacking(tier of 'c-1': B; 1 lacking for A, lost on 2027-06-01)"
    assert "accumulated points" in found._repr_html_()
    assert json.loads(json.dumps(found.to_dict("zh"))) == found.to_dict("zh")
    assert found.to_dict("zh")["conditions"][0]["title"] == "累计积分"


def test_nothing_is_lacking_for_the_best_word() -> None:
    found = lacking(PLAN, {**CLERK, "tier": "A", "points_accumulated": 9000}, "tier")
    assert (found.next, found.conditions) == (None, ())
    assert "A 已是最高一级" in found.explain("zh")


def test_who_has_the_points_lacks_nothing_and_who_was_downgraded_must_buy_first() -> None:
    enough = {**CLERK, "points_accumulated": 5000}
    assert lacking(PLAN, enough, "tier").conditions == ()
    assert "nothing is lacking for A" in lacking(PLAN, enough, "tier").explain()
    after = lacking(PLAN, {**CLERK, "last_downgrade_on": date(2026, 9, 1)}, "tier")
    assert [each.fact for each in after.conditions] == [
        "points_accumulated",
        "bought_since_downgrade",
    ]
    assert after.conditions[1].needs == "yes"


def test_a_word_that_is_not_known_names_the_facts_that_are_missing() -> None:
    found = lacking(PLAN, {"id": "x"}, "tier")
    assert (found.word, found.next, found.missing) == (None, "C", ("member_status",))
    assert "会员身份" in found.explain("zh")
    assert found.lost_on is None
    assert lacking(small_on(ON), {"id": "x"}, "active").missing == (
        "fresh",
    )  # nothing was brought to count
    visitor = lacking(PLAN, {"id": "x", "member_status": "visitor"}, "tier")
    assert (visitor.word, visitor.missing) == (None, ())
    assert [(each.fact, each.has, each.needs) for each in visitor.conditions] == [
        ("member", False, "yes")
    ]


def test_a_tier_of_cdnow_that_nobody_has_put_on_file(cdnow: Shop) -> None:
    plan = compile_day(cdnow.policy, cdnow.on, tables=cdnow.stores)
    records = cdnow.customers.filter(cdnow.customers["points_accumulated"] > 4000).to_dicts()
    for record in records[:20]:
        found = lacking(plan, record, "tier")
        points = record["points_accumulated"]
        assert found.word == ("A" if points >= 5000 else "B")
        assert [each.short for each in found.conditions] == (
            [] if points >= 5000 else [5000 - points]
        )


RECORDS = st.fixed_dictionaries({
    "id": st.just("c"), "member_status": st.sampled_from(["formal", "formal", "temporary", "visitor", None]),
    "points_accumulated": st.sampled_from([0, 1999, 2000, 5000]), "tier": st.sampled_from([*ORDER, None]),
    "joined_on": st.sampled_from([None, date(2024, 3, 1)]),
    "last_purchase_on": st.sampled_from([None, date(2026, 2, 28), date(2025, 1, 1), date(2026, 12, 31)]),
    "last_downgrade_on": st.sampled_from([None, date(2026, 6, 30), date(2025, 1, 1)]),
    "purchases_prev_12m": st.sampled_from([None, 6]), "purchases_12m": st.sampled_from([None, 2, 6]),
    "tier_override_tier": st.sampled_from([None, "B", "C"]),
    "tier_override_expires_on": st.sampled_from([None, date(2027, 4, 1), date(2028, 3, 1)]),
})  # fmt: skip


@settings(max_examples=examples(60))
@given(RECORDS)
def test_a_tier_is_lost_on_the_first_day_on_which_a_run_takes_it(record: dict[str, Any]) -> None:
    found = lacking(PLAN, record, "tier")
    assert found.word == (record["tier"] or evaluate(PLAN, record).labels["tier"])
    if record["tier"] is None:
        return
    if found.lost_on is None:
        assert all(
            taken(plan_on(ON + n * DAY), record, "tier") is None for n in (0, 1, 146, 300, 700)
        )
        return
    assert taken(plan_on(found.lost_on), record, "tier") == found.lost_to
    if found.lost_on > ON:
        assert taken(plan_on(found.lost_on - DAY), record, "tier") is None
    assert found.explain("zh") and found.explain("en")


@settings(max_examples=examples(60))
@given(RECORDS)
def test_who_gets_the_points_that_are_lacking_gets_the_tier(record: dict[str, Any]) -> None:
    found = lacking(PLAN, record, "tier")
    facts = {each.fact: each for each in found.conditions}
    if found.next is None or not facts.keys() <= {"points_accumulated"}:
        return
    short = facts["points_accumulated"].short if facts else 0
    points = record["points_accumulated"] + short
    assert given_words(record, points) & set(
        ORDER[: ORDER.index(found.next) + 1]
    )  # or a better one
    if short:
        assert min(given_words(record, points - 1), default="C") > found.next


def given_words(record: dict[str, Any], points: int) -> set[str]:
    """The words that a run gives: to who has one on file by a move, to others by the points."""
    decision = evaluate(PLAN, {**record, "points_accumulated": points})
    if record["tier"] is None:
        return {str(decision.labels["tier"])}
    kept = (*decision.actions, *decision.suppressed)
    return {e.to_value for e in kept if e.rule.startswith("tier.") and e.to_value}


SMALL = """
format: 1
policy: x
language: en
subjects: {purchase: {of: customer}}
parameters:
  few: {values: {2020-01-01: 2, 2027-02-20: 3}}
  window: {value: 20 days}
facts:
  purchase: {on: {type: date}, amount: {type: whole}}
  customer:
    level: {type: [A, B, C], title: level on file}
    fresh: {count: purchase, where: on > today - window}
    weighed: {is: fresh * 2 + 1}
    phone: {type: text, personal: yes}
words: {lowered: {kind: tier.downgrade_proposal, role: store_manager}}
labels:
  called:
    for: customer
    values: [own, other]
    ways: {w: {cases: {own: 'phone = "13900000009"', other: "yes"}}}
  active:
    for: customer
    values: [A, B, C]
    ways: {w: {bands: weighed, A: few * 2, B: few, C: rest}}
  level:
    for: customer
    values: [A, B, C]
    standing: level
    if: phone is not missing
    ways: {w: {map: active, A: A, B: B, C: C}}
    moves:
      quiet: {if: active < level, to: active, since: today, do: lowered, title: fewer purchases}
"""


@cache
def small() -> Policy:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(SMALL, encoding="utf-8")
        return load_policy(path)


@cache
def small_on(day: date) -> DayPlan:
    return compile_day(small(), day)


PURCHASES = st.lists(st.dates(date(2027, 1, 20), date(2027, 2, 10)), max_size=5)


@settings(max_examples=examples(40))
@given(days=PURCHASES, level=st.sampled_from(["A", "B", "C", None]))
def test_what_is_counted_and_figures_that_change_go_on_with_the_days(
    days: list[date], level: str | None
) -> None:
    purchases = [{"id": f"p{n}", "on": day, "amount": 1} for n, day in enumerate(days)]
    record = {"id": "c", "level": level, "phone": "13800000001", "purchases": purchases}
    plans = [small_on(ON + n * DAY) for n in range(45)]
    on_file, computed = (lacking(plans[0], record, name) for name in ("level", "active"))
    words = [evaluate(plan, record).labels["active"] for plan in plans]
    first = next((n for n, word in enumerate(words) if word > words[0]), None)
    assert computed.lost_on == (None if first is None else ON + first * DAY)
    assert computed.lost_to == (None if first is None else words[first])
    if level is not None:
        worse = next((n for n, plan in enumerate(plans) if taken(plan, record, "level")), None)
        assert on_file.lost_on == (None if worse is None else ON + worse * DAY)
    assert on_file.explain() and computed.explain("zh")


def test_the_reason_of_a_word_that_is_lost_says_what_is_too_low_then() -> None:
    record = {"id": "c", "purchases": [{"id": "1", "on": date(2027, 2, 1), "amount": 1}]}
    found = lacking(small_on(ON), record, "active")
    assert (found.word, found.next, found.lost_on) == ("B", "A", date(2027, 2, 21))
    assert "2027-02-21, for C: weighed: 1, needs >= 3 (few), 2 more" in found.explain()


def test_what_is_personal_is_masked() -> None:
    found = lacking(small_on(ON), {"id": "c", "phone": "13800000001"}, "called")
    assert [each.has for each in found.conditions] == ["138****0001"]
    assert "13800000001" not in json.dumps(found.to_dict()) + found.explain("zh") + repr(found)


def test_a_label_that_is_not_the_records_is_refused() -> None:
    for label in ("teir", "card_state_of_nobody"):
        with pytest.raises(ArgumentError) as refused:
            lacking(PLAN, CLERK, label)
        assert [each.code for each in refused.value.problems] == ["LR515"]
    with pytest.raises(ArgumentError):
        lacking(PLAN, PLAN.snapshot(CLERK), "card_state")
    with pytest.raises(SnapshotError):
        lacking(PLAN, {**CLERK, "tier": "Z"}, "tier")
    with pytest.raises(ValueError, match="no language"):
        lacking(PLAN, CLERK, "tier").explain("fr")
