# SPDX-License-Identifier: Apache-2.0
"""Periods in workdays: counted by the notices, and told as lacking where they run into a year without one."""

from datetime import date, timedelta
from typing import Any

import pytest

HEAD = """
facts:
  customer:
    vip: {type: yes/no, default: no}
    last_on: {type: date}
    seen_at: {type: datetime}
parameters: {three: {value: 3 个工作日, origin: proposed, source: X-1}}
reference:
  rest_day:
    columns: {day: date, kind: [rest, work]}
    rows:
    - {day: 2027-10-01, kind: rest}
    - {day: 2027-10-04, kind: rest}
    - {day: 2027-10-05, kind: rest}
    - {day: 2027-10-06, kind: rest}
    - {day: 2027-10-07, kind: rest}
    - {day: 2027-10-09, kind: work}
words: {early: {kind: task.early, role: x, opens: 2 workdays}, call: {kind: task.call, role: x}}
"""


def run(written: Any, decide: Any, rule: str, first: str, days: int, **said: Any) -> list[str]:
    """What a rule does on each of some days: `10-08 m due 10-08 until 10-11`, or what it lacks."""
    policy, found = written(HEAD + f"rules: {{m: {{for: customer, {rule}}}}}\n"), []
    for step in range(days):
        day = date.fromisoformat(first) + timedelta(days=step)
        decision = decide(policy, {"id": "c", **said}, str(day))
        for a in decision.actions:
            until = f" until {a.deadline[5:]}" if a.deadline else ""
            found.append(f"{day:%m-%d} {a.rule} due {a.due_on:%m-%d}{until}")
        found += [f"{day:%m-%d} {u.rule} lacks {', '.join(u.facts)}" for u in decision.undecided]
    return found


@pytest.mark.parametrize(
    "rule, expected",
    [
        ("at: 1 workday after last_on, do: call", ["10-08 m due 10-08"]),
        ("at: three after last_on, do: call", ["10-11 m due 10-11"]),
        ("at: 3 工作日 after last_on, do: call", ["10-11 m due 10-11"]),
        ("at: 2 workdays before month_end, do: call", ["09-28 m due 09-28", "10-28 m due 10-28"]),
        ("at: 2 workdays after month_end, do: call", ["10-09 m due 10-09"]),
        ("at: month_end, do: early", ["09-28 m due 09-28", "10-28 m due 10-28"]),
        ("at: last_on, do: early", ["09-28 m due 09-28"]),
        (
            "at: last_on, do: call, within: 2 workdays, late: escalate x",
            ["09-30 m due 09-30 until 10-09", "10-10 m.late due 10-10"],
        ),
        (
            "at: last_on, do: call, within: 'if(vip, 1 day, three)'",
            ["09-30 m due 09-30 until 10-11"],
        ),
        ("at: monday, do: call, within: 1 workday, if: today = 2027-10-04",
         ["10-04 m due 10-04 until 10-08"]),
    ],
)  # fmt: skip
def test_workdays_are_counted_by_the_notices(written, decide, rule, expected):
    assert run(written, decide, rule, "2027-09-25", 35, last_on="2027-09-30") == expected


def test_what_stands_from_a_workday_on_has_its_due_day_and_deadline_by_workdays(written, decide):
    rule = "from: 1 workday after last_on, do: call, within: 1 workday, late: escalate x"
    found = run(written, decide, rule, "2027-10-06", 6, last_on="2027-09-30")
    assert sorted(found) == [
        "10-08 m due 10-08 until 10-09", "10-09 m due 10-08 until 10-09",
        "10-10 m due 10-08 until 10-09", "10-10 m.late due 10-10",
        "10-11 m due 10-08 until 10-09", "10-11 m.late due 10-10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rule, last_on, expected",
    [
        ("at: 1 workday after last_on, do: call", "2027-12-30", ["12-31 m due 12-31"]),
        (
            "at: 2 workdays after last_on, do: call", "2027-12-30",
            [f"01-{day:02} m lacks rest_day.2028" for day in range(1, 5)],
        ),
        ("at: 2 workdays after last_on, do: call", "2027-12-01", []),
        ("at: last_on, do: call, within: 5 workdays", "2027-12-30", ["12-30 m lacks rest_day.2028"]),
        ("at: last_on, do: early", "2028-01-03", ["12-30 m lacks rest_day.2028",
          "12-31 m lacks rest_day.2028", "01-01 m lacks rest_day.2028"]),
        ("at: 9 workdays before last_on, do: call", "2028-01-03", []),
    ],
)  # fmt: skip
def test_what_runs_into_a_year_without_a_notice_is_undecided_where_it_decides(
    written, decide, rule, last_on, expected
):
    assert run(written, decide, rule, "2027-12-30", 6, last_on=last_on) == expected


@pytest.mark.parametrize(
    "last_on, lacks", [("2028-03-01", "2028"), ("2026-12-30", "2026"), ("2010-01-01", "…2017")]
)
def test_a_deadline_that_notices_do_not_tell_is_none(written, decide, last_on, lacks):
    rule = "from: last_on, do: call, within: 3 workdays"
    found = run(written, decide, rule, "2028-03-01", 1, last_on=last_on)
    assert found == [f"03-01 m lacks rest_day.{lacks}"]


def test_with_the_notice_of_the_year_all_is_known(written, decide):
    rows = [{"day": "2027-10-01", "kind": "rest"}, {"day": "2028-01-03", "kind": "rest"}]
    policy = written(HEAD + "rules: {m: {for: customer, at: 2 workdays after last_on, do: call}}\n")
    said = {"id": "c", "last_on": "2027-12-30"}
    days = [f"2028-01-0{n}" for n in range(1, 8)]
    done = [day for day in days if decide(policy, said, day, tables={"rest_day": rows}).actions]
    assert done == ["2028-01-04"]


@pytest.mark.parametrize(
    "text, code",
    [
        ("m: {for: customer, at: last_on, do: call, if: last_on + 3 workdays < today}", "LR275"),
        ("m: {for: customer, at: last_on, do: call, if: today - three > last_on}", "LR275"),
        ("m: {for: customer, at: last_on, do: call, by: last_on + 2 workdays}", "LR275"),
    ],
)
def test_an_expression_does_not_count_workdays(faults, text, code):
    assert faults(HEAD + f"rules: {{{text}}}\n") == [code]


@pytest.mark.parametrize(
    "rule",
    [
        "at: 3 workdays after last_on, do: call", "at: last_on, do: call, within: three",
        "at: month_end, do: early", "at: last_on, do: call, within: 'if(vip, 1 day, three)'",
    ],
)  # fmt: skip
def test_workdays_need_the_table_of_notices(faults, rule):
    start, end = HEAD.index("reference:"), HEAD.index("words:")
    text = HEAD[:start] + HEAD[end:].replace("opens: 2 workdays", "opens: 2 days")
    if "early" in rule:
        text = HEAD[:start] + HEAD[end:]
    assert faults(text + f"rules: {{m: {{for: customer, {rule}}}}}\n") == ["LR310"]
