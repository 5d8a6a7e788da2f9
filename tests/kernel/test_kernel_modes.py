# SPDX-License-Identifier: Apache-2.0
"""The three modes of a rule, and the ids under which they speak."""

from typing import Any

import pytest

FULL = {"id": "c1", "tier": "B", "points": 100, "area": "east"}


def ids(decide: Any, record: dict[str, Any], on: str, rule: str, **more: Any) -> list[str]:
    found = decide("modes", record, on, **more)
    return [each.action_id for each in found.actions if each.rule == rule]


@pytest.mark.parametrize(
    ("day", "acts"), [("2027-01-10", False), ("2027-01-11", True), ("2027-01-12", False)]
)
def test_a_dated_rule_speaks_on_its_opening_day_alone(decide, day, acts):
    found = ids(decide, {"id": "c1", "joined_on": "2027-01-01"}, day, "once")
    assert found == (["modes/once/customer/c1/2027-01-01/call:phone"] if acts else [])


def test_a_dated_rule_is_caught_up_within_a_span_and_only_there(decide):
    record = {"id": "c1", "joined_on": "2027-01-01"}
    assert len(ids(decide, record, "2027-01-31", "once", since="2027-01-10")) == 1
    assert ids(decide, record, "2027-01-31", "once", since="2027-01-11") == []


def test_a_rule_from_a_moment_speaks_every_day_under_one_id(decide):
    order = {"id": "o1", "ready_on": "2027-01-10"}
    record = {"id": "c1", "orders": [order]}
    assert ids(decide, record, "2027-01-11", "open") == []
    expected = ["modes/open/order/o1/2027-01-10/task.collect"]
    for day in ("2027-01-12", "2027-01-13", "2027-06-30"):
        assert ids(decide, record, day, "open") == expected
    collected = {"id": "c1", "orders": [{**order, "collected_on": "2027-01-12"}]}
    assert ids(decide, collected, "2027-01-13", "open") == []


def test_a_rule_from_a_moment_is_due_on_it_and_late_after_its_deadline(decide):
    record = {"id": "c1", "orders": [{"id": "o1", "ready_on": "2027-01-10"}]}
    (action,) = decide("modes", record, "2027-01-17").actions
    assert (str(action.due_on), action.deadline) == ("2027-01-12", "2027-01-17")
    late = ["modes/open.late/order/o1/2027-01-10/alert:store_manager"]
    assert ids(decide, record, "2027-01-17", "open.late") == []
    assert ids(decide, record, "2027-01-18", "open.late") == late
    assert ids(decide, record, "2027-03-18", "open.late") == late


@pytest.mark.parametrize(
    ("rule", "first", "again", "next_one", "occurrence"),
    [
        ("week", "2027-01-01", "2027-01-03", "2027-01-04", "2026-W53"),
        ("month", "2027-01-01", "2027-01-31", "2027-02-01", "2027-01"),
        ("quarter", "2027-01-01", "2027-03-31", "2027-04-01", "2027-Q1"),
        ("year", "2027-01-01", "2027-12-31", "2028-01-01", "2027"),
    ],
)
def test_once_a_period_is_one_id_a_period(decide, rule, first, again, next_one, occurrence):
    one = ids(decide, FULL, first, rule)
    assert one == [f"modes/{rule}/customer/c1/{occurrence}/task.{rule}"]
    assert ids(decide, FULL, again, rule) == one
    assert ids(decide, FULL, next_one, rule) not in ([], one)


def test_once_per_facts_names_their_values_and_none_where_missing(decide):
    key = "message.send"
    assert ids(decide, FULL, "2027-01-05", "facts") == [
        f"modes/facts/customer/c1/B;east;2027-01/{key}"
    ]
    bare = {"id": "c1", "points": 100}
    assert ids(decide, bare, "2027-01-05", "facts") == [
        f"modes/facts/customer/c1/none;none;2027-01/{key}"
    ]


def test_slashes_of_facts_and_ids_do_not_split_an_action_id(decide):
    record = {**FULL, "id": "a/b%", "area": "north/east"}
    (found,) = ids(decide, record, "2027-01-05", "facts")
    assert found == "modes/facts/customer/a%2Fb%25/B;north%2Feast;2027-01/message.send"


def test_a_standing_rule_ends_with_its_condition(decide):
    assert ids(decide, {**FULL, "points": 99}, "2027-01-05", "month") == []


def test_a_standing_rule_in_a_span_is_told_once_a_period(decide):
    found = ids(decide, FULL, "2027-03-02", "month", since="2027-01-30")
    assert [each.split("/")[4] for each in found] == ["2027-01", "2027-02", "2027-03"]


def test_today_is_the_day_of_the_run_in_standing_rules(decide):
    record = {**FULL, "paid_on": "2027-01-06"}
    assert len(ids(decide, record, "2027-01-05", "never")) == 1
    assert ids(decide, record, "2027-01-06", "never") == []


def test_a_rule_with_neither_moment_nor_once_per_is_refused(faults):
    assert faults("rules: {r: {for: customer, do: call}}") == ["LR135"]


def test_what_does_not_go_together_is_refused(faults):
    facts = "facts: {customer: {day: {type: date}}}\n"
    rule = "rules: {r: {for: customer, do: call, "
    assert faults(f"{facts}{rule}at: day, once_per: month}}}}") == ["LR134"]
    assert faults(f"{facts}{rule}at: day, from: day}}}}") == ["LR131"]
    assert faults(f"{facts}{rule}at: day, late: call}}}}") == ["LR132"]
    late = "once_per: month, within: 2 days, late: call}}"
    assert faults(f"{facts}{rule}{late}") == ["LR133"]
    assert faults(f"{rule}from: monday}}}}") == ["LR305"]
