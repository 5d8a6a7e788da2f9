# SPDX-License-Identifier: Apache-2.0
"""Moments at workdays: by the notices of the table rest_day, and told as lacking where there is none."""

from datetime import date, timedelta
from typing import Any

import pytest

from loyaltyrules import explain

POLICY = """
facts: {customer: {tier: {type: [A, B]}}}
reference:
  rest_day:
    columns: {day: date, kind: [rest, work], name: text}
    rows:
      - {day: 2027-09-26, kind: work, name: National Day}
      - {day: 2027-10-01, kind: rest, name: National Day}
      - {day: 2027-10-02, kind: rest}
      - {day: 2027-10-03, kind: rest}
      - {day: 2027-10-04, kind: rest}
      - {day: 2027-10-05, kind: rest}
      - {day: 2027-10-06, kind: rest}
      - {day: 2027-10-07, kind: rest}
      - {day: 2027-10-09, kind: work}
words:
  early: {kind: letter, opens: 1 day}
rules:
  third:  {for: customer, at: third workday of month, do: call}
  first:
    {for: customer, at: first workday of month, if: tier = A, within: 2 days, do: letter, late: task.ask}
  before: {for: customer, at: 2 days before last workday of month, do: call}
  opens:  {for: customer, at: first workday of month, do: early}
tables:
  whole:  {for: customer, by: tier, at: second workday of month, rows: {A: call, B: letter}}
  week:   {for: customer, by: [schedule, tier], rows: {last workday of month: {A: call, B: none}}}
"""


def days_of(decide: Any, policy: Any, since: str, on: str, **given: Any) -> dict[str, list[str]]:
    """By rule the days of a span on which it acts for a customer of tier A."""
    first, last = date.fromisoformat(since), date.fromisoformat(on)
    found: dict[str, list[str]] = {}
    for day in (first + timedelta(days=step) for step in range((last - first).days + 1)):
        for action in decide(policy, {"id": "c", "tier": "A"}, str(day), **given).actions:
            found.setdefault(action.rule, []).append(str(day))
    return found


def test_rules_act_on_workdays_of_a_month_with_a_holiday_and_made_up_weekends(written, decide):
    assert days_of(decide, written(POLICY), "2027-09-20", "2027-10-31") == {
        "third": ["2027-10-11"],
        "first": ["2027-10-08"],
        "first.late": ["2027-10-11"],
        "before": ["2027-09-28", "2027-10-27"],
        "opens": ["2027-10-07", "2027-10-31"],
        "whole.A": ["2027-10-09"],
        "week.last workday of month.A": ["2027-09-30", "2027-10-29"],
    }


def test_a_workday_has_its_day_as_occurrence_and_no_window(written, decide):
    (action,) = decide(written(POLICY), {"id": "c"}, "2027-10-11").actions
    assert action.action_id == "written/third/customer/c/2027-10-11/call:phone"
    assert (str(action.due_on), action.window_end) == ("2027-10-11", None)


def test_notices_that_come_with_the_day_take_the_place_of_those_of_the_policy(written, decide):
    tables = {"rest_day": [{"day": "2027-10-01", "kind": "rest"}]}
    found = days_of(decide, written(POLICY), "2027-10-01", "2027-10-10", tables=tables)
    assert found["third"] == ["2027-10-06"]


def lacking(decision: Any) -> dict[str, tuple[str, ...]]:
    return {each.rule: each.facts for each in decision.undecided}


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2028-02-01", {"first", "opens", "before", "week.last workday of month.A"}),
        ("2028-02-02", {"first", "opens", "before", "week.last workday of month.A", "whole.A"}),
        ("2028-02-29", {"first", "opens", "before", "week.last workday of month.A", "whole.A", "third"}),
    ],
)  # fmt: skip
def test_of_a_year_without_a_notice_it_is_told_on_every_day_that_may_be_the_one(
    written, decide, day, open_
):
    decision = decide(written(POLICY), {"id": "c", "tier": "A"}, day)
    assert decision.actions == ()
    assert {rule for rule in lacking(decision) if rule != "first.late"} == open_
    assert {*lacking(decision).values()} == {("rest_day.2028",)}


def test_who_does_not_meet_the_condition_is_not_told_of_a_lacking_notice(written, decide):
    policy = written(POLICY)
    assert "first" not in lacking(decide(policy, {"id": "c", "tier": "B"}, "2028-02-01"))
    nobody = lacking(decide(policy, {"id": "c"}, "2028-02-01"))
    assert nobody["first"] == ("rest_day.2028", "tier")


def test_the_year_of_the_workday_counts_and_not_that_of_the_day_it_opens_on(written, decide):
    policy, record = written(POLICY), {"id": "c", "tier": "A"}
    (action,) = decide(policy, record, "2027-12-31").actions
    assert action.rule == "week.last workday of month.A"
    found = lacking(decide(policy, record, "2027-12-31"))
    assert found == dict.fromkeys(("before", "opens"), ("rest_day.2028",))
    assert lacking(decide(policy, record, "2027-12-29")) == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_explanation_names_the_lacking_notice(written, decide, language):
    text = explain(decide(written(POLICY), {"id": "c"}, "2028-02-03"), language)
    assert "rest_day.2028 ?" in text.split("third:")[1].split("\n  ")[1]


def test_a_day_of_which_the_notice_is_unclear_is_told_where_it_decides(written, decide):
    policy = written(POLICY)
    rows = [{"day": "2027-05-03", "kind": "rest"}, {"day": "2027-05-03", "kind": "work"},
            {"day": "2027-05-20", "kind": None}]  # fmt: skip
    for day, told in (
        ("2027-05-02", {}),
        ("2027-05-05", {"third": ("rest_day.2027-05-03",)}),
        ("2027-05-06", {"third": ("rest_day.2027-05-03",)}),
        ("2027-05-07", {}),
    ):
        found = lacking(decide(policy, {"id": "c"}, day, tables={"rest_day": rows}))
        assert {rule: facts for rule, facts in found.items() if rule == "third"} == told, day


RULE = "rules: {r: {for: customer, at: 2 days after third workday of month, do: call}}"
TABLE = "tables: {t: {for: customer, by: schedule, rows: {last workday of month: call}}}"


@pytest.mark.parametrize(
    "columns",
    [
        "", "day: text, kind: [rest, work]", "day: date, kind: text", "day: date",
        "day: date, kind: [holiday, work]", "date: date, kind: [rest, work]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [RULE, TABLE])
def test_a_policy_that_counts_workdays_must_declare_the_table_of_notices(faults, columns, text):
    declared = f"reference: {{rest_day: {{columns: {{{columns}}}}}}}\n" if columns else ""
    assert faults(f"{declared}{text}") == ["LR310"]


def test_a_declared_table_without_rows_knows_nothing_and_says_so(written, decide):
    policy = written("reference: {rest_day: {columns: {day: date, kind: [work, rest]}}}\n" + RULE)
    (told,) = decide(policy, {"id": "c"}, "2027-05-05").undecided
    assert told.facts == ("rest_day.2027",)
