# SPDX-License-Identifier: Apache-2.0
"""Periods that depend on the record, and days in place of a period: `within`, `opens`, `before`, `by`."""

from datetime import date, timedelta
from typing import Any

import pytest

DAY = date(2027, 3, 1)
HEAD = """
subjects: {store: {}, customer: {of: store}, visit: {of: customer}}
facts:
  customer:
    vip: {type: yes/no}
    grade: {type: [A, B]}
    few: {type: whole}
    last_on: {type: date}
    promised_on: {type: date}
    planned_on: {type: date, absent: unknown}
    arrived_at: {type: datetime}
    promised_at: {type: datetime}
    lead: {is: 'if(grade = A, 7 days, 3 days)'}
  visit: {on: {type: date}}
parameters: {long: {value: 20 days, origin: proposed, source: X-1}}
occasions: {fair: {solar: 05-01, opens: 'if(vip, 3 days, 1 day)'}, plain: {solar: 05-01}}
words: {early: {kind: task.early, opens: lead}}
"""
TASK = "do: {do: task.m, role: x}"


def acts(written: Any, decide: Any, rule: str, said: dict[str, Any], first: date, days: int) -> Any:
    """The actions of a rule on each of some days: rule, day, due day and deadline."""
    policy = written(HEAD + f"rules: {{m: {{for: customer, {rule}}}}}\n")
    found = []
    for step in range(days):
        day = first + timedelta(days=step)
        made = decide(policy, {"id": "c", **said}, str(day)).actions
        found += [(a.rule, (day - DAY).days, (a.due_on - DAY).days, a.deadline) for a in made]
    return found


@pytest.mark.parametrize("vip, days", [("yes", 10), ("no", 20)])
def test_a_deadline_goes_by_the_record_and_so_does_what_is_late(written, decide, vip, days):
    rule = f"at: last_on, {TASK}, within: 'if(vip, 10 days, long)', late: escalate boss"
    said = {"vip": vip, "last_on": DAY}
    assert acts(written, decide, rule, said, DAY, 40) == [
        ("m", 0, 0, (DAY + timedelta(days=days)).isoformat()),
        ("m.late", days + 1, days + 1, None),
    ]


@pytest.mark.parametrize(
    "rule, on",
    [
        ("at: if(grade = A, 7 days, 3 days) before last_on", {"A": -7, "B": -3}),
        ("at: lead before last_on", {"A": -7, "B": -3}),
        ("at: lead after last_on", {"A": 7, "B": 3}),
    ],
)
@pytest.mark.parametrize("grade", "AB")
def test_a_moment_is_as_far_from_a_day_as_the_record_says(written, decide, rule, on, grade):
    said = {"grade": grade, "last_on": DAY}
    found = acts(written, decide, f"{rule}, {TASK}", said, DAY - timedelta(days=10), 20)
    assert found == [("m", on[grade], on[grade], None)]


@pytest.mark.parametrize("grade, days", [("A", 7), ("B", 3)])
def test_what_stands_from_a_moment_on_begins_as_late_as_the_record_says(
    written, decide, grade, days
):
    rule = f"from: lead after last_on, {TASK}, within: lead, late: escalate boss"
    found = acts(written, decide, rule, {"grade": grade, "last_on": DAY}, DAY, 20)
    since = [day for name, day, _, _ in found if name == "m"]
    late = [(day, due) for name, day, due, _ in found if name == "m.late"]
    assert since == [*range(days, 20)]
    assert late == [(day, 2 * days + 1) for day in range(2 * days + 1, 20)]
    assert {deadline for _, _, _, deadline in found} == {
        (DAY + timedelta(days=2 * days)).isoformat(), None,
    }  # fmt: skip


@pytest.mark.parametrize("vip, days", [("yes", 3), ("no", 1)])
def test_an_occasion_opens_as_long_before_as_the_record_says(written, decide, vip, days):
    fair = date(2027, 5, 1)
    first = fair - timedelta(days=9)
    (found,) = acts(written, decide, f"at: fair, {TASK}", {"vip": vip}, first, 12)
    assert found[1] == (fair - timedelta(days=days) - DAY).days


@pytest.mark.parametrize("grade, days", [("A", 7), ("B", 3)])
def test_a_word_opens_as_long_before_as_the_record_says(written, decide, grade, days):
    said = {"grade": grade, "last_on": DAY}
    rule = "at: last_on, do: {do: early, role: x}"
    ((_, day, due, _),) = acts(written, decide, rule, said, DAY - timedelta(days=9), 12)
    assert (day, due) == (-days, -days)


@pytest.mark.parametrize("grade, end", [("A", "2027-05-08"), ("B", "2027-05-04")])
def test_the_window_of_an_occasion_stays_open_until_the_deadline_of_the_record(
    written, decide, grade, end
):
    policy = written(HEAD + f"rules: {{m: {{for: customer, at: plain, {TASK}, within: lead}}}}\n")
    (action,) = decide(policy, {"id": "c", "grade": grade}, str(date(2027, 5, 1))).actions
    assert (action.deadline, str(action.window_end)) == (end, end)


@pytest.mark.parametrize(
    "rule, lacks",
    [
        (f"at: last_on, {TASK}, within: 'if(vip, 10 days, 20 days)'", "vip"),
        (f"once_per: id, {TASK}, within: lead", "grade"),
        (f"from: lead after last_on, {TASK}", "grade"),
        (f"at: last_on, {TASK}, by: planned_on", "planned_on"),
    ],
)
def test_a_deadline_of_which_a_fact_lacks_leaves_the_rule_undecided(written, decide, rule, lacks):
    policy = written(HEAD + f"rules: {{m: {{for: customer, {rule}}}}}\n")
    found = decide(policy, {"id": "c", "last_on": DAY}, str(DAY))
    assert found.actions == ()
    assert [(each.rule, each.facts) for each in found.undecided] == [("m", (lacks,))]


@pytest.mark.parametrize("when", ["from: last_on", "at: last_on", "once_per: id"])
def test_a_day_of_the_record_is_a_deadline_and_late_is_the_day_after_it(written, decide, when):
    rule = f"{when}, {TASK}, by: promised_on, late: escalate boss"
    said = {"last_on": DAY, "promised_on": DAY + timedelta(days=3)}
    found = acts(written, decide, rule, said, DAY, 5)
    assert {deadline for name, _, _, deadline in found if name == "m"} == {"2027-03-04"}
    assert [(day, due) for name, day, due, _ in found if name == "m.late"] == [(4, 4)]


@pytest.mark.parametrize("when", ["from: last_on", "at: last_on", "once_per: id"])
def test_without_the_day_there_is_no_deadline_and_nothing_is_late(written, decide, when):
    rule = f"{when}, {TASK}, by: promised_on, late: escalate boss"
    found = acts(written, decide, rule, {"last_on": DAY}, DAY, 5)
    assert found and {(name, deadline) for name, _, _, deadline in found} == {("m", None)}


def test_nothing_is_late_before_what_is_asked_has_begun(written, decide):
    rule = f"from: last_on, {TASK}, by: promised_on, late: escalate boss"
    said = {"last_on": DAY, "promised_on": DAY - timedelta(days=3)}
    found = acts(written, decide, rule, said, DAY - timedelta(days=5), 6)
    assert {(name, day) for name, day, _, _ in found} == {("m", 0), ("m.late", 0)}


def test_a_deadline_is_a_day_also_in_a_table_and_in_a_state(written, decide):
    text = (
        HEAD
        + """
tables:
  t: {for: customer, by: grade, once_per: id, due_by: promised_on, late: escalate boss,
    rows: {A: task.a, B: task.b}}
workflows:
  w:
    for: customer
    begins: last_on
    states: {open: {until: planned_on, do: task.w, role: x, by: promised_on, late: escalate boss}}
"""
    )
    said = {"id": "c", "grade": "A", "last_on": DAY, "promised_on": DAY}
    policy = written(text)
    today = {a.rule: a.deadline for a in decide(policy, said, str(DAY)).actions}
    assert today == {"t.A": "2027-03-01", "w.open": "2027-03-01"}
    morrow = {a.rule for a in decide(policy, said, str(DAY + timedelta(days=1))).actions}
    assert morrow == {"t.A", "t.A.late", "w.open", "w.open.late"}


@pytest.mark.parametrize(
    "rule, code",
    [
        ("at: last_on, within: 3 days, by: promised_on", "LR276"),
        ("at: plain, by: promised_on, late: escalate boss", "LR277"),
        ("at: monday, by: promised_on, late: escalate boss", "LR277"),
        ("at: last_on, by: grade", "LR278"),
        ("at: last_on, by: 3 days", "LR278"),
        ("at: last_on, late: escalate boss", "LR132"),
    ],
)
def test_a_deadline_that_cannot_be_meant_is_a_fault(faults, rule, code):
    assert faults(HEAD + f"rules: {{m: {{for: customer, {TASK}, {rule}}}}}\n") == [code]


def test_an_occasion_that_opens_by_the_customer_is_read_so_by_records_below(
    written, decide, faults
):
    rule = f"rules: {{m: {{for: visit, at: fair, {TASK}}}}}\n"
    policy, day = written(HEAD + rule), date(2027, 4, 28)
    for vip, count in (("yes", 1), ("no", 0)):
        record = {"id": "c", "vip": vip, "visits": [{"id": "v"}]}
        assert len(decide(policy, record, str(day)).actions) == count
    assert faults(HEAD + rule.replace("visit", "store")) == ["LR316"]


@pytest.mark.parametrize("when", ["from", "at"])
@pytest.mark.parametrize(
    "vip, deadline, late", [("yes", "2027-03-01T10:30+08:00", 1), ("no", "2027-03-03", 3)]
)
def test_minutes_may_go_by_the_record_as_days_do(written, decide, when, vip, deadline, late):
    rule = f"{when}: arrived_at, {TASK}, within: 'if(vip, 30 minutes, 2 days)', late: escalate boss"
    said = {"vip": vip, "arrived_at": "2027-03-01T10:00"}
    found = acts(written, decide, rule, said, DAY, 5)
    assert found[0] == ("m", 0, 0, deadline)
    told = [(day, due) for name, day, due, _ in found if name == "m.late"]
    assert told[0] == (late, late) and len(told) == (1 if when == "at" else 5 - late)


@pytest.mark.parametrize("when", ["from: last_on", "at: last_on", "once_per: id"])
def test_an_instant_of_the_record_is_a_deadline_to_the_minute(written, decide, when):
    rule = f"{when}, {TASK}, by: promised_at, late: escalate boss"
    said = {"last_on": DAY, "promised_at": "2027-03-02T09:15"}
    found = acts(written, decide, rule, said, DAY, 5)
    assert found[0][3] == "2027-03-02T09:15+08:00"
    assert next((day, due) for name, day, due, _ in found if name == "m.late") == (2, 2)
