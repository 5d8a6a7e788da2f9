# SPDX-License-Identifier: Apache-2.0
"""Lists of what child records say, values for records without child records, functions of months."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import evaluate

POLICY = """
subjects:
  file: {of: customer}
parameters:
  a_day: {value: 2, origin: proposed, source: X-1}
facts:
  file:
    name:   {type: text}
    tier:   {type: [A, B, C]}
    times:  {type: whole, default: 0}
    last:   {type: date}
    shut:   {type: yes/no, default: no}
  customer:
    next:   {list: file.name, where: not shut, by: [times, tier, last], take: a_day}
    all:    {list: file.name}
    some:   {any: file, default: no}
    many:   {count: file, default: 7}
    size:   {is: size(next)}
rules:
  next: {for: customer, at: daily, if: size(next) > 0, do: {do: task.next, value: next}}
  all:  {for: customer, at: daily, if: all is not missing, do: {do: task.all, value: all}}
  some: {for: customer, at: daily, if: not some, do: {do: task.some, value: many}}
"""


def values(decision):
    return {each.rule: each.value for each in decision.actions}


def test_a_list_takes_the_first_in_order_each_once(written, decide):
    files = [
        {"id": "1", "name": "often", "tier": "A", "times": 2},
        {"id": "2", "name": "late", "tier": "B", "last": "2027-01-05"},
        {"id": "3", "name": "early", "tier": "B", "last": "2027-01-01"},
        {"id": "4", "name": "never", "tier": "B"},
        {"id": "5", "name": "shut", "tier": "A", "shut": "yes"},
    ]
    found = values(decide(written(POLICY), {"id": "c", "files": files}, "2027-03-01"))
    assert found["next"] == "never;early"
    best = [*files, {"id": "6", "name": "best", "tier": "A"}]
    found = values(decide(written(POLICY), {"id": "c", "files": best}, "2027-03-01"))
    assert found["next"] == "best;never"
    twice = [{"id": "1", "name": "x"}, {"id": "2", "name": "x"}, {"id": "3"}]
    assert values(decide(written(POLICY), {"id": "c", "files": twice}, "2027-03-01")) == {
        "next": "x", "all": "x",
    }  # fmt: skip


def test_without_the_list_a_default_stands_in_and_nothing_is_undecided(written, decide):
    decision = decide(written(POLICY), {"id": "c"}, "2027-03-01")
    assert values(decision) == {"some": "7"}
    assert decision.undecided == ()
    none = decide(written(POLICY), {"id": "c", "files": []}, "2027-03-01")
    assert values(none) == {"some": "0", "all": None}


def test_the_order_of_child_records_changes_no_list(written, plan):
    compiled = plan(written(POLICY), "2027-03-01")

    @settings(max_examples=60, deadline=None)
    @given(st.permutations([(str(n), "ABCABC"[n], n % 2) for n in range(6)]))
    def holds(drawn):
        files = [{"id": i, "name": f"n{i}", "tier": t, "times": n} for i, t, n in drawn]
        assert values(evaluate(compiled, {"id": "c", "files": files}))["next"] == "n0;n4"

    holds()


@pytest.mark.parametrize(
    ("on", "end", "month"),
    [("2027-02-05", "2027-02-28", "2027-02"), ("2028-02-29", "2028-02-29", "2028-02"),
     ("2027-12-31", "2027-12-31", "2027-12")],
)  # fmt: skip
def test_months_have_an_end_and_a_name(written, decide, on, end, month):
    policy = written("""
rules:
  x:
    for: customer
    at: daily
    do: [{do: task.end, value: month_end(today)}, {do: task.month, value: year_month(today)}]
""")
    found = {each.kind: each.value for each in decide(policy, {"id": "c"}, on).actions}
    assert found == {"task.end": end, "task.month": month}


def test_a_rule_may_stand_from_before_the_end_of_each_month(written, does):
    policy = written("""
facts: {customer: {done: {type: yes/no, default: no}}}
rules:
  report:
    for: customer
    from: 3 days before month_end(today)
    if: not done
    do: task.report
    within: 3 days
""")
    days = [day for day in range(1, 29) if does(policy, {"id": "c"}, f"2027-02-{day:02}")]
    assert days == [25, 26, 27, 28]
    assert does(policy, {"id": "c", "done": "yes"}, "2027-02-28") == []


def test_lacking_names_the_facts_that_are_missing(written, decide, faults):
    text = """
facts:
  customer:
    name:  {type: text, personal: yes}
    phone: {type: text, personal: yes}
    born:  {type: date}
rules:
  gaps:
    for: customer
    at: daily
    if: size(lacking(name, phone, born)) > 0
    do: {do: task.ask, value: WANTED}
"""
    policy = written(text.replace("WANTED", '"lacking(name, phone, born)"'))
    assert values(decide(policy, {"id": "c", "phone": "1"}, "2027-03-01")) == {"gaps": "name;born"}
    full = {"id": "c", "phone": "1", "name": "x", "born": "2000-01-01"}
    assert decide(policy, full, "2027-03-01").actions == ()
    assert faults(text.replace("WANTED", "size(lacking(1))")) == ["LR211"]


@pytest.mark.parametrize("value", ["phone", "both", "child.phone", "phones", "customer.phone"])
def test_personal_facts_leave_by_no_way_round(faults, value):
    subject = "child" if value == "customer.phone" else "customer"
    found = faults(f"""
subjects: {{child: {{of: customer}}}}
facts:
  customer:
    phone:  {{type: text, personal: yes}}
    both:   {{is: or_else(phone, "none")}}
    phones: {{list: child.number}}
  child:
    number: {{type: text, personal: yes}}
rules:
  x: {{for: {subject}, at: daily, do: {{do: task.x, value: {value}}}}}
""")
    assert set(found) <= {"LR235", "LR201"}


def test_only_given_facts_are_changed_by_actions(faults):
    text = """
facts: {customer: {a: {type: whole}, b: {is: a + 1}, t: {type: text}}}
words:
  x: {kind: task.x, adds: {FACT: 1}}
rules:
  x: {for: customer, at: daily, do: x}
"""
    assert faults(text.replace("FACT", "b")) == ["LR242"]
    assert faults(text.replace("FACT", "c")) == ["LR201"]
    assert "LR203" in faults(text.replace("FACT", "t"))


def test_a_bare_value_is_a_child_record_that_has_only_this_fact(written, decide):
    policy = written("""
subjects: {day_off: {of: customer, list: days_off}}
facts:
  customer: {off: {any: day_off, where: on = today, default: no}}
  day_off:  {on: {type: date}}
rules:
  rest: {for: customer, at: daily, if: off, do: task.rest}
""")
    record = {"id": "c", "days_off": ["2027-03-01", {"on": "2027-03-03"}]}
    assert len(decide(policy, record, "2027-03-01").actions) == 1
    assert len(decide(policy, record, "2027-03-03").actions) == 1
    assert decide(policy, record, "2027-03-02").actions == ()
