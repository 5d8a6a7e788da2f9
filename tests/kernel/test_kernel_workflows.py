# SPDX-License-Identifier: Apache-2.0
"""Workflows: the first state that holds, its duty, its deadline, and what follows when it is late."""

from typing import Any

import pytest

RECEIVED = {"id": "k1", "received_at": "2027-03-01T09:30"}
ANSWERED = {**RECEIVED, "answered_on": "2027-03-02"}
SOLVED = {**ANSWERED, "solved_on": "2027-03-04"}


def state(decision: Any) -> str | None:
    return decision.labels["complaint_state"]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"id": "k1"}, None),
        (RECEIVED, "received"),
        (ANSWERED, "solving"),
        (SOLVED, "asked"),
        ({**SOLVED, "rating": "bad"}, "reopened"),
        ({**SOLVED, "rating": "good"}, "closed"),
    ],
)
def test_the_first_state_that_holds_is_the_state(decide, record, expected):
    assert state(decide("complaints", record, "2027-03-05", subject="complaint")) == expected


def test_a_later_answer_never_counts_before_the_earlier_one(decide):
    record = {**RECEIVED, "solved_on": "2027-03-04"}
    assert state(decide("complaints", record, "2027-03-05", subject="complaint")) == "received"


def test_nothing_is_to_be_done_before_the_workflow_begins(does):
    assert does("complaints", RECEIVED, "2027-02-28", subject="complaint") == []
    assert does("complaints", {"id": "k1"}, "2027-03-05", subject="complaint") == []


def test_a_state_has_its_duty_from_the_day_it_began_with_a_deadline(decide):
    (action,) = decide("complaints", RECEIVED, "2027-03-02", subject="complaint").actions
    assert (action.kind, action.role) == ("task.answer_complaint", "sales_guide")
    assert str(action.due_on) == "2027-03-01"
    assert action.deadline == "2027-03-02T09:30+08:00"
    assert action.window_end is None
    assert action.source == "CARE-1"
    assert action.action_id == (
        "complaints/complaint_state.received/complaint/k1/2027-03-01/task.answer_complaint"
    )


def test_the_deadline_of_a_state_counts_from_the_end_of_the_one_before(decide):
    (action,) = decide("complaints", ANSWERED, "2027-03-03", subject="complaint").actions
    assert (action.rule, action.deadline) == ("complaint_state.solving", "2027-03-05")
    assert action.status == "pending_approval"
    assert action.approver_role == "area_supervisor"


def test_since_says_another_day_from_which_a_state_counts(does):
    record = {**SOLVED, "rating": "bad"}
    assert does("complaints", record, "2027-03-04", subject="complaint") == []
    again = ["task.solve_again complaint_state.reopened"]
    assert does("complaints", record, "2027-03-05", subject="complaint") == again


def test_the_day_after_the_deadline_somebody_else_is_told(decide):
    on_time = decide("complaints", RECEIVED, "2027-03-02", subject="complaint").actions
    assert [each.kind for each in on_time] == ["task.answer_complaint"]
    late = decide("complaints", RECEIVED, "2027-03-03", subject="complaint").actions
    assert [each.kind for each in late] == ["escalate", "task.answer_complaint"]
    escalation = late[0]
    assert escalation.role == "store_manager"
    assert escalation.reason == "late"
    assert (str(escalation.due_on), escalation.deadline) == ("2027-03-03", None)
    assert escalation.action_id.endswith(".late/complaint/k1/2027-03-01/escalate:store_manager")


def test_an_escalation_stays_open_under_one_id_until_the_state_is_left(decide):
    days = ("2027-03-03", "2027-03-20")
    found = [decide("complaints", RECEIVED, day, subject="complaint").actions for day in days]
    assert [each.action_id for each in found[0]] == [each.action_id for each in found[1]]
    assert decide("complaints", SOLVED, "2027-03-20", subject="complaint").actions[0].rule == (
        "complaint_state.asked"
    )


def test_two_things_may_follow_when_a_state_is_late(does):
    assert does("complaints", ANSWERED, "2027-03-06", subject="complaint") == [
        "escalate complaint_state.solving.late",
        "task.call_customer complaint_state.solving.late",
        "task.solve_complaint complaint_state.solving",
    ]


def test_a_final_state_asks_for_nothing(does):
    assert does("complaints", {**SOLVED, "rating": "good"}, "2030-01-01", subject="complaint") == []


def test_complaints_of_a_customer_are_decided_with_the_customer(decide):
    customer = {"id": "c1", "tier": "A", "complaints": [ANSWERED, {**SOLVED, "id": "k2"}]}
    decision = decide("complaints", customer, "2027-03-05")
    assert [(each.kind, each.subject, each.subject_id) for each in decision.actions] == [
        ("task.ask_rating", "complaint", "k2"),
        ("task.solve_complaint", "complaint", "k1"),
        ("task.mind_complaints", "customer", "c1"),
    ]
    assert {each.customer_id for each in decision.actions} == {"c1"}


def test_the_state_of_a_child_record_can_be_counted(does):
    closed = {**SOLVED, "rating": "good"}
    assert does("complaints", {"id": "c1", "tier": "A", "complaints": [closed]}, "2027-03-05") == []


def test_a_workflow_and_the_same_records_of_a_subject_of_its_own_agree(decide):
    alone = decide("complaints", RECEIVED, "2027-03-03", subject="complaint").actions
    within = decide("complaints", {"id": "c1", "complaints": [RECEIVED]}, "2027-03-03").actions
    assert [each.action_id for each in alone] == [each.action_id for each in within]


def test_a_deadline_without_anything_to_do_is_a_fault(faults):
    states = "states: {one: {until: joined_on, within: 2 days, next: two}}"
    text = "facts: {customer: {joined_on: {type: date}}}\n"
    text += f"workflows: {{flow: {{for: customer, begins: joined_on, {states}}}}}"
    assert faults(text) == ["LR231", "LR230"]


STATES = """
subjects: {{card: {{of: customer}}}}
facts:
  card: {{asked: {{type: date}}, made: {{type: date}}, lost: {{type: date}}, given: {{type: date}}}}
workflows:
  card_state:
    for: card
    begins: asked
    states:
      given: {{is: given is not missing, final: yes}}
      lost:  {{is: lost is not missing, since: lost, next: [{lost}]}}
      made:  {{is: made is not missing, since: made, next: [given{made}]}}
      asked: {{since: asked, do: task.make, next: [made], within: 3 days{asked}}}
"""


def doubts(written: Any, **ways: str) -> list[tuple[str, str]]:
    said = {"lost": "made", "made": ", lost", "asked": ", role: guide", **ways}
    found = written(STATES.format(**said)).doubts
    return sorted((each.code, dict(each.details).get("name", "")) for each in found)


def test_a_workflow_that_reaches_all_its_states_and_an_end_is_not_doubted(written):
    assert doubts(written) == []


def test_states_that_nothing_leads_to_are_doubted(written):
    assert doubts(written, made="") == [("LR609", "lost")]


def test_states_without_a_way_out_are_doubted(written):
    assert doubts(written, lost="") == [("LR608", "lost")]


def test_states_that_only_lead_to_each_other_are_doubted(written):
    assert doubts(written, lost="lost") == [("LR608", "lost")]


def test_a_circle_has_its_beginning_where_the_workflow_begins(written):
    assert doubts(written, made=", lost, asked") == []


def test_a_deadline_without_an_owner_is_doubted(written):
    assert doubts(written, asked="") == [("LR605", "card_state.asked")]
