# SPDX-License-Identifier: Apache-2.0
"""Reference tables: rows of the policy and rows that come with the day, as occasions."""

from datetime import date
from typing import Any

import pytest

from loyaltyrules import SnapshotError

CUSTOMER = {"id": "c1", "store_id": "s2", "tier": "A"}
EVENTS = [
    {"id": "one", "held_on": date(2027, 6, 10), "kind": "opening", "store_ids": ["s2", "s3"]},
    {
        "id": "two",
        "held_on": "2027-06-10",
        "kind": "opening",
        "store_ids": "s1;s2",
        "places": "120",
    },
    {"id": "sale", "held_on": "2027-06-10", "kind": "sale", "store_ids": ["s2"]},
]


def ids(decision: Any) -> list[str]:
    return [each.action_id for each in decision.actions]


def test_a_row_of_the_policy_opens_once_seven_days_before_it(decide):
    found = {
        day: ids(decide("events", CUSTOMER, day))
        for day in ("2027-05-12", "2027-05-13", "2027-05-14", "2027-05-20")
    }
    assert found["2027-05-13"] == ["events/invite/customer/c1/gala/invite"]
    assert [day for day, each in found.items() if each] == ["2027-05-13"]


def test_an_action_of_a_row_closes_on_the_day_of_the_row_and_states_its_columns(decide):
    (action,) = decide("events", CUSTOMER, "2027-05-13").actions
    assert (str(action.due_on), str(action.window_end)) == ("2027-05-13", "2027-05-20")
    assert action.value == "Gala"


def test_rows_given_with_the_day_take_the_place_of_those_of_the_policy(decide):
    tables = {"event": EVENTS}
    assert ids(decide("events", CUSTOMER, "2027-05-13", tables=tables)) == []
    found = decide("events", CUSTOMER, "2027-06-03", tables=tables)
    assert ids(found) == [
        "events/invite/customer/c1/one/invite",
        "events/invite/customer/c1/two/invite",
    ]


def test_a_condition_reads_the_columns_of_the_row(decide):
    elsewhere = {**CUSTOMER, "store_id": "s1"}
    found = decide("events", elsewhere, "2027-06-03", tables={"event": EVENTS})
    assert ids(found) == ["events/invite/customer/c1/two/invite"]
    nowhere = {"id": "c2"}
    listed = decide("events", nowhere, "2027-06-03", tables={"event": EVENTS})
    assert listed.actions == ()
    assert {each.facts for each in listed.undecided} == {("store_id",)}


def test_an_empty_column_is_unknown(decide):
    tables = {"event": [{"id": "bare", "held_on": "2027-06-10"}]}
    invited = decide("events", CUSTOMER, "2027-06-03", tables=tables)
    assert (invited.actions, [each.rule for each in invited.undecided]) == ((), ["invite"])
    crowd = decide("events", CUSTOMER, "2027-06-10", tables=tables)
    assert (crowd.actions, [each.rule for each in crowd.undecided]) == ((), ["crowd"])


def test_a_figure_of_the_row_decides(decide):
    found = decide("events", CUSTOMER, "2027-06-10", tables={"event": EVENTS})
    assert ids(found) == ["events/crowd/customer/c1/two/task.crowd"]


def test_the_occasion_itself_may_say_how_long_before_it_opens(decide):
    tables = {"launch": [{"name": "coat", "active_from": "2027-09-01"}]}
    (action,) = decide("events", CUSTOMER, "2027-08-31", tables=tables).actions
    assert action.action_id == "events/news/customer/c1/2027-09-01/task.tell_news"
    assert ids(decide("events", CUSTOMER, "2027-09-01", tables=tables)) == []


def test_a_row_without_its_day_never_opens(decide):
    tables = {"launch": [{"name": "coat", "active_from": ""}]}
    assert ids(decide("events", CUSTOMER, "2027-08-31", tables=tables)) == []


def test_a_span_catches_up_rows_as_it_does_festivals(decide):
    found = decide("events", CUSTOMER, "2027-06-20", "2027-06-01", tables={"event": EVENTS})
    assert ids(found) == ["events/crowd/customer/c1/two/task.crowd"]
    expired = {each.action_id: each.reason for each in found.suppressed}
    assert expired == {
        "events/invite/customer/c1/one/invite": "expired",
        "events/invite/customer/c1/two/invite": "expired",
    }


def test_a_cell_of_the_wrong_type_is_refused(plan):
    with pytest.raises(SnapshotError) as caught:
        plan("events", "2027-06-03", tables={"event": [{"id": "x", "held_on": "soon"}]})
    assert [each.code for each in caught.value.problems] == ["LR404"]


def test_an_occasion_over_an_unknown_table_or_column_is_refused(faults):
    assert faults("occasions: {x: {rows: nothing, day: on}}") == ["LR128"]
    table = "reference: {event: {columns: {held_on: date}}}\n"
    assert faults(f"{table}occasions: {{x: {{rows: event, day: when}}}}") == ["LR129"]
