# SPDX-License-Identifier: Apache-2.0
"""Actions put off: to the next day that is none of those on which nothing is to be due."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import PolicyError, apply, approve, explain, load_policy
from loyaltyrules import render as filled_in
from loyaltyrules.calendar import WEEKDAYS, is_workday, rest_days
from loyaltyrules.problem.render import render

NOTICE: list[dict[str, Any]] = [
    {"day": date(2027, 9, 26), "kind": "work"},
    *({"day": date(2027, 10, day), "kind": "rest"} for day in range(1, 8)),
    {"day": date(2027, 10, 9), "kind": "work"},
]
HEAD = """
facts:
  customer: {vip: {type: yes/no}, phone: {type: text}, a: {type: date}, b: {type: date}, got: {type: whole}}
reference: {rest_day: {columns: {day: date, kind: [rest, work]}}}
words:
  write: {kind: message.send, channel: sms, template: hello, needs: phone, instead: ask}
  ask:   {kind: call}
  count: {kind: task.count, adds: {got: 1}}
templates: {hello: {en: "Until {due_on}!"}}
"""
CALL = "rules: {r: {for: customer, at: daily, do: call}}\n"
MOVE = "gate: [{move: next, unless: rest day}]\n"
NATIONAL_DAY = {"rest_day": NOTICE}


def due(decide: Any, policy: Any, on: str, tables: Any = None, **facts: Any) -> list[Any]:
    """Of each action by its rule: the day it is due, or why it is suppressed."""
    found = decide(policy, {"id": "c", **facts}, on, tables=tables)
    listed = sorted((*found.actions, *found.suppressed))
    return [each.reason if each.status == "suppressed" else str(each.due_on)[5:] for each in listed]


@pytest.mark.parametrize(
    ("on", "moved"),
    [
        ("2027-09-24", "09-24"),
        ("2027-09-25", "09-26"),  # a Saturday before a Sunday that is made up
        ("2027-09-26", "09-26"),
        ("2027-10-01", "10-08"),
        ("2027-10-07", "10-08"),
        ("2027-10-08", "10-08"),
        ("2027-10-09", "10-09"),
        ("2027-10-10", "10-11"),
    ],
)
def test_what_is_due_on_a_holiday_is_put_off_to_the_workday_after_it(written, decide, on, moved):
    assert due(decide, written(HEAD + CALL + MOVE), on, NATIONAL_DAY) == [moved]


def test_only_the_due_day_changes(written, decide):
    rule = "occasions: {feast: {solar: 10-01}}\n"
    rule += "rules: {r: {for: customer, at: feast, do: call, within: 2 days}}\n"
    (plain,) = decide(written(HEAD + rule), {"id": "c"}, "2027-10-01").actions
    tables, policy = NATIONAL_DAY, written(HEAD + rule + MOVE)
    (moved,) = decide(policy, {"id": "c"}, "2027-10-01", tables=tables).actions
    assert moved == plain._replace(due_on=date(2027, 10, 8))
    assert moved.window_end is not None
    assert moved.deadline is not None


@pytest.mark.parametrize("days", ['"saturday, sunday"', "[saturday, sunday]", "saturday，sunday"])
def test_weekdays_are_known_without_a_notice(written, decide, days):
    policy = written(f"{CALL}gate: [{{move: next, unless: {days}}}]\n")
    found = [due(decide, policy, f"2028-04-{day:02}") for day in range(6, 11)]
    assert found == [["04-06"], ["04-07"], ["04-10"], ["04-10"], ["04-10"]]


def test_a_weekday_will_not_do_though_it_is_made_up(written, decide):
    policy = written(f"{HEAD}{CALL}gate: [{{move: next, unless: [rest day, saturday, sunday]}}]\n")
    assert due(decide, policy, "2027-09-25", NATIONAL_DAY) == ["09-27"]
    assert due(decide, policy, "2027-10-08", NATIONAL_DAY) == ["10-08"]
    assert due(decide, policy, "2027-10-09", NATIONAL_DAY) == ["10-11"]


def test_where_no_notice_tells_it_is_suppressed_as_the_sieve_says(written, decide):
    for unknown, said in (("", "no_day_unknown"), (", unknown: ask_when", "ask_when")):
        policy = written(f"{HEAD}{CALL}gate: [{{move: next, unless: rest day{unknown}}}]\n")
        (held,) = decide(policy, {"id": "c"}, "2028-04-10", tables=NATIONAL_DAY).suppressed
        assert (held.reason, held.suppressed_by) == (said, "gate.no_day")
        assert held.due_on == date(2028, 4, 10)
    policy = written(f"{HEAD}{CALL}gate: [{{move: next, unless: rest day, unknown: pass}}]\n")
    assert due(decide, policy, "2028-04-10", NATIONAL_DAY) == ["04-10"]


def test_a_day_that_is_known_not_to_do_needs_no_notice_and_the_search_ends_at_one_that_does(
    written, decide
):
    policy = written(f"{HEAD}{CALL}gate: [{{move: next, unless: [rest day, friday]}}]\n")
    assert due(decide, policy, "2027-12-30", NATIONAL_DAY) == ["12-30"]
    assert due(decide, policy, "2027-12-31", NATIONAL_DAY) == ["no_day_unknown"]  # then 2028
    unclear = [*NOTICE, {"day": date(2027, 10, 12), "kind": None}]
    found = [due(decide, policy, f"2027-10-{day}", {"rest_day": unclear}) for day in (10, 12, 15)]
    assert found == [["10-11"], ["no_day_unknown"], ["10-18"]]


@pytest.mark.parametrize(("last", "said"), [(30, "07-01"), (31, "07-02"), (32, "no_day")])
def test_nothing_is_put_off_by_more_than_31_days(written, decide, last, said):
    """All days from 1 June 2027 on are days off, `last` of them."""
    first = date(2027, 6, 1)
    rows = [{"day": first + timedelta(days=n), "kind": "rest"} for n in range(last)]
    rows += [{"day": first + timedelta(days=n), "kind": "work"} for n in range(last, 40)]
    policy = written(HEAD + CALL + MOVE)
    assert due(decide, policy, "2027-06-01", {"rest_day": rows}) == [said]


WHICH = f"{HEAD}{CALL}gate: [{{move: next, unless: saturday, which: vip"


def test_what_the_sieve_does_not_speak_of_stays_and_what_is_open_is_suppressed(written, decide):
    policy = written(f"{WHICH}}}]\n")
    said = {"yes": "06-06", "no": "06-05", None: "no_day_unknown"}
    for vip, expected in said.items():
        assert due(decide, policy, "2027-06-05", vip=vip) == [expected]
        assert due(decide, policy, "2027-06-04", vip=vip) == ["06-04"]  # a day that will do
    assert due(decide, written(f"{WHICH}, unknown: pass}}]\n"), "2027-06-05") == ["06-05"]


def test_records_of_one_plan_that_differ_in_nothing_but_the_due_day_are_told_apart(
    written, decide, plan
):
    gate = "gate: [{move: next, unless: saturday, which: got > 5, unknown: pass}]\n"
    compiled = plan(written(HEAD + CALL + gate), "2027-06-05")
    for got, day in {3: 5, 6: 6, 4: 5, 7: 6, None: 5}.items():
        (action,) = decide(compiled, {"id": "c", "got": got}).actions
        assert action.due_on == date(2027, 6, day)


def test_blocked_and_suppressed_actions_stay_and_what_takes_their_place_is_put_off(written, decide):
    rules = "rules: {r: {for: customer, at: daily, do: write}}\n"
    gate = "gate: [{hold: vip, which: vip, unknown: pass}, {move: next, unless: saturday}]\n"
    policy = written(HEAD + rules + gate)
    found = {each.kind: each for each in decide(policy, {"id": "c"}, "2027-06-05").actions}
    assert str(found["message.send"].due_on) == "2027-06-05"
    assert found["message.send"].status == "blocked_missing_data"
    assert str(found["call"].due_on) == "2027-06-06"
    (held,) = decide(policy, {"id": "c", "vip": "yes", "phone": "1"}, "2027-06-05").suppressed
    assert (held.reason, str(held.due_on)) == ("vip", "2027-06-05")


FROM = """
rules:
  one: {for: customer, from: a, do: {do: call, priority: 10}, within: 2 days}
  two: {for: customer, from: 1 day after b, do: call}
"""


def test_what_is_due_since_a_day_of_the_record_is_put_off_from_that_day(written, decide, plan):
    compiled = plan(written(HEAD + FROM + MOVE), "2027-10-20", tables=NATIONAL_DAY)
    for day, said in {"09-30": "09-30", "10-01": "10-08", "10-10": "10-11"}.items():
        record = {"id": "c", "a": f"2027-{day}"}
        (found,) = decide(compiled, record).actions
        assert str(found.due_on) == f"2027-{said}"
        assert f"/2027-{day}/" in found.action_id
    record = {"id": "c", "a": "2026-10-01", "b": "2027-10-02"}
    decision = decide(compiled, record)
    assert [str(each.due_on) for each in decision.actions] == ["2027-10-08"]
    assert [each.reason for each in decision.suppressed] == ["no_day_unknown"]


@pytest.mark.parametrize(
    ("gate", "merged"),
    [
        ("{move: next, unless: saturday}, {merge: [channel, due_on]}", True),
        ("{merge: [channel, due_on]}, {move: next, unless: saturday}", False),
    ],
)
def test_a_later_sieve_sees_the_day_that_an_action_was_put_off_to(written, decide, gate, merged):
    policy = written(f"{HEAD}{FROM}gate: [{gate}]\n")
    decision = decide(policy, {"id": "c", "a": "2027-06-05", "b": "2027-06-05"}, "2027-06-10")
    assert [str(each.due_on) for each in decision.actions] == ["2027-06-06"] * (1 if merged else 2)
    assert [each.rule for each in decision.suppressed] == ["two"] * merged
    if merged:
        assert decision.suppressed[0].merged_into == decision.actions[0].action_id


def test_several_sieves_put_off_one_after_the_other(written, decide):
    gate = "gate: [{move: next, unless: saturday}, {move: next, unless: sunday, which: vip}]\n"
    policy = written(HEAD + CALL + gate)
    assert due(decide, policy, "2027-06-05", vip="yes") == ["06-07"]
    assert due(decide, policy, "2027-06-05", vip="no") == ["06-06"]


def test_over_a_span_each_action_is_put_off_from_its_own_day(written, decide, plan):
    compiled = plan(written(HEAD + CALL + MOVE), "2027-10-03", "2027-09-28", NATIONAL_DAY)
    found = decide(compiled, {"id": "c"}).actions
    assert [each.occurrence[5:] for each in found] == ["09-29", "09-30", "10-01", "10-02", "10-03"]
    assert [str(each.due_on)[5:] for each in found] == ["09-29", "09-30", "10-08", "10-08", "10-08"]


def test_what_was_put_off_is_approved_rendered_explained_and_applied_as_ever(written, decide, plan):
    rules = """
rules:
  r: {for: customer, at: daily, do: write}
  s: {for: customer, at: daily, do: count}
"""
    gate = (
        "gate: [{move: next, unless: rest day}, {approve: manager, which: kind = message.send}]\n"
    )
    compiled = plan(written(HEAD + rules + gate), "2027-10-01", tables=NATIONAL_DAY)
    record = {"id": "c", "phone": "1", "got": 1}
    decision = decide(compiled, record)
    letter, count = decision.actions
    assert approve(letter, "manager", compiled, record)._replace(approver_role="manager") == (
        letter._replace(status="ready")
    )
    assert filled_in(letter, compiled, record, "en").text == "Until October 8!"
    assert apply(record, count)["got"] == 2
    assert explain(decision).count("due 2027-10-08") == 2
    assert explain(decision, "zh").count("2027-10-08") == 2


THREE = """
rules:
  now: {for: customer, at: daily, do: call}
  one: {for: customer, from: a, do: call}
  two: {for: customer, from: 1 day after b, do: call}
"""
ON = date(2028, 1, 11)
DAYS = st.dates(date(2026, 12, 20), ON - timedelta(days=1))
UNLESS = st.sets(st.sampled_from(["rest day", *WEEKDAYS]), min_size=1).filter(
    lambda names: not {*WEEKDAYS} <= names
)


@settings(max_examples=80, deadline=None)
@given(unless=UNLESS, off=st.sets(DAYS), work=st.sets(DAYS), a=DAYS, b=DAYS, rest=st.booleans())
def test_what_comes_out_is_due_on_the_first_day_that_will_do(
    tmp_path_factory, decide, plan, unless, off, work, a, b, rest
):
    unless = unless | {"rest day"} if rest else unless
    file: Path = tmp_path_factory.mktemp("move") / "policy.yaml"
    gate = f"gate: [{{move: next, unless: {sorted(unless)}}}]\n"
    file.write_text(
        f"format: 1\npolicy: moved\nlanguage: en\n{HEAD}{THREE}{gate}", encoding="utf-8"
    )
    kinds = {"rest": off, "work": work}
    rows = [{"day": day, "kind": kind} for kind, days in kinds.items() for day in days]
    notice = rest_days((row["day"], row["kind"]) for row in rows)

    def will_do(day: date) -> bool | None:
        if WEEKDAYS[day.weekday()] in unless:
            return False
        return is_workday(day, notice) if "rest day" in unless else True

    compiled = plan(load_policy(file), str(ON), tables={"rest_day": rows})
    decision = decide(compiled, {"id": "c", "a": a, "b": b})
    own = {"now": ON, "one": a, "two": b + timedelta(days=1)}
    for action in decision.actions:
        before = [own[action.rule] + timedelta(days=n) for n in range(32)]
        assert will_do(action.due_on) is True
        assert {will_do(day) for day in before if day < action.due_on} <= {False}
        assert action.due_on in before
    for action in decision.suppressed:
        assert action.due_on == own[action.rule]
        found = [will_do(action.due_on + timedelta(days=n)) for n in range(32)]
        first = next((each for each in found if each is not False), False)
        assert (action.reason, first) in {("no_day_unknown", None), ("no_day", False)}
    assert len(decision.actions) + len(decision.suppressed) == 3


WRONG = {
    "{move: later, unless: monday}": "LR142",
    "{move: next}": "LR141",
    "{move: next, unless: []}": "LR141",
    "{move: next, unless: [monday, tuseday]}": "LR202",
    "{move: next, unless: restday}": "LR202",
    "{move: next, unless: rest day}": "LR310",
    f"{{move: next, unless: [{', '.join(WEEKDAYS)}]}}": "LR243",
}


@pytest.mark.parametrize("step", WRONG)
def test_a_sieve_that_cannot_be_meant_is_a_fault_at_its_place(written, step):
    with pytest.raises(PolicyError) as caught:
        written(f"{CALL}gate:\n  - {step}\n")
    (found,) = caught.value.problems
    assert (found.code, found.line) == (WRONG[step], 6)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_fault_tells_what_may_be_written(written, language):
    for step, said in {
        "{move: later, unless: monday}": "next",
        "{move: next}": "unless",
        "{move: next, unless: tuseday}": "tuesday",
        "{move: next, unless: restday}": "rest day",
    }.items():
        with pytest.raises(PolicyError) as caught:
            written(f"{CALL}gate: [{step}]\n")
        assert said in render(caught.value.problems[0], language)


@pytest.mark.parametrize("columns", ["", "day: text, kind: [rest, work]", "day: date"])
def test_rest_days_need_the_table_of_notices(faults, columns):
    declared = f"reference: {{rest_day: {{columns: {{{columns}}}}}}}\n" if columns else ""
    assert faults(declared + CALL + MOVE) == ["LR310"]
