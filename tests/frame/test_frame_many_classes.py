# SPDX-License-Identifier: Apache-2.0
"""Facts that many rules tell apart, and rules that few receive: tables say what their rows say."""

from collections.abc import Callable
from datetime import date

import pytest

from loyaltyrules import DayPlan, FrameResult, compile_day, load_policy

RULES = 60  # each tells one more value or figure apart
HEAD = """\
format: 1
policy: many
subjects: {customer: {}}
facts: {customer: {job: {type: text}, points: {type: whole}, seen_on: {type: date}}}
rules:
"""
ASKED = {
    "a word each": 'job = "w{n}"',
    "a word each and others": 'job = "w{n}" or points > 590',
    "a range each": "points > {low} and points <= {high}",
    "a bound each": "points >= {low}",
    "a day each": "seen_on = 2027-03-01 - {n} days",
}


@pytest.fixture
def plan(tmp_path) -> Callable[[str], DayPlan]:
    def compiled(condition: str) -> DayPlan:
        conditions = [condition.format(n=n, low=10 * n, high=10 * n + 10) for n in range(RULES)]
        rules = [
            f"  r{n}: {{for: customer, at: daily, if: '{each}', do: task.r{n}}}\n"
            for n, each in enumerate(conditions)
        ]
        file = tmp_path / "many.yaml"
        file.write_text(HEAD + "".join(rules), encoding="utf-8")
        return compile_day(load_policy(file), date(2027, 3, 1))

    return compiled


@pytest.mark.parametrize("condition", ASKED.values(), ids=ASKED)
def test_a_table_tells_many_values_apart_as_its_rows_do(plan, same, condition: str):
    rows = [
        {
            "id": f"c{n:03}",
            "job": None if n % 7 == 6 else f"w{n % 70}",
            "points": None if n % 11 == 10 else 5 * n % 640,
            "seen_on": None if n % 5 == 4 else f"2027-0{1 + n % 2}-{1 + n % 28:02}",
        }
        for n in range(300)
    ]
    result: FrameResult = same(plan(condition), {"customer": rows})
    assert len({*result.actions["rule"].to_list()}) > RULES // 3
