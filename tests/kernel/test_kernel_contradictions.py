# SPDX-License-Identifier: Apache-2.0
"""Conditions that no record meets, and such that say nothing: told where they are, and never wrongly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import evaluate

HEAD = """
facts:
  customer:
    status: {type: [a, b, c]}
    p: {type: whole}
    q: {type: number}
    name: {type: text}
    seen_on: {type: date, absent: unknown}
    likes: {type: list}
    vip: {type: yes/no}
parameters:
  low:  {value: 3, origin: proposed, source: X-1}
  high: {values: {2000-01-01: 5, 2999-01-01: 9}, origin: proposed, source: X-1}
"""
RULE = "rules: {{r: {{for: customer, at: daily, if: '{}', do: task.a}}}}\n"


def codes(policy) -> list[str]:
    return [each.code for each in policy.doubts if each.code in ("LR606", "LR616")]


@pytest.mark.parametrize(
    "condition",
    [
        "status = a and status = b", "p > 5 and p < 3", "5 > 6", "p > high and p < low",
        "p > 5 and p < 6", "status < c and status > a and status != b", "vip and not vip",
        'name = "x" and name = "y"', "seen_on > today and seen_on < today - 3 days",
        "p is missing and p > 3", "status in [a, b] and status = c", "q > 1.5 and q <= 1.5",
        "vip and (p > 5 and p < 3 or status = a and status = b)",
        "q > p and p > 9 and p < 9",
    ],
)  # fmt: skip
def test_what_no_record_can_meet_is_told(written, condition: str):
    assert codes(written(HEAD + RULE.format(condition))) == ["LR606"]


@pytest.mark.parametrize(
    "condition", ["p > 5 or p <= 5", "6 > 5", "p > 5 or p < 10", "seen_on < today or seen_on >= today",
                  "p is missing or p is not missing", "q < 2 or q > 1.5"],
)  # fmt: skip
def test_what_every_record_meets_is_told(written, condition: str):
    assert codes(written(HEAD + RULE.format(condition))) == ["LR616"]


@pytest.mark.parametrize(
    "condition",
    [
        "yes", "status in [a, b, c]", "p is not missing", "p > 5 and q < 3", "month(today) = 5",
        "month(today) = 5 and month(today) = 6", "q > 5 and q < 6", '"x" in likes and "y" in likes',
        "q > p and q < p + 3", "status = a or status = b", "p > low and p < high", "p = 5 or p = 7",
        "days_between(seen_on, today) > 3", "not vip", 'name = "x" or name = "y"',
    ],
)  # fmt: skip
def test_what_may_be_meant_is_left_alone(written, condition: str):
    assert codes(written(HEAD + RULE.format(condition))) == []


def test_a_rule_that_acts_after_a_figure_changes_is_no_contradiction(written):
    assert codes(written(HEAD + RULE.format("p > 6 and p < high"))) == []
    over = HEAD.replace("2999", "1999") + RULE.format("p > 9 and p < high")
    assert codes(written(over)) == ["LR606"]


PARTS = st.sampled_from([
    "status = a", "status = b", "status != a", "status < c", "p > 2", "p < 2", "p >= 4", "p = 3",
    "vip", "not vip", 'name = "x"', 'name != "x"', "p is missing", "q > p", "q < 1.5", "status in [a, c]",
])  # fmt: skip
RECORDS = st.fixed_dictionaries({}, optional={
    "status": st.sampled_from("abc"), "p": st.integers(0, 5), "q": st.sampled_from([0, 1, 1.5, 2, 9]),
    "name": st.sampled_from("xyz"), "vip": st.booleans(),
})  # fmt: skip


def test_what_is_called_impossible_never_acts(written, plan):
    @settings(max_examples=examples(60), deadline=None, derandomize=True)
    @given(
        st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=2),
        st.lists(RECORDS, min_size=5, max_size=20),
    )
    def holds(drawn, records):
        condition = " or ".join(f"({' and '.join(each)})" for each in drawn)
        policy = written(HEAD + RULE.format(condition))
        compiled, told = plan(policy, "2027-03-01"), codes(policy)
        for record in records:
            acts = bool(evaluate(compiled, {"id": "c", **record}).actions)
            assert not (acts and told == ["LR606"]), condition

    holds()
