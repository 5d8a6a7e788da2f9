# SPDX-License-Identifier: Apache-2.0
"""Tables: what roles may do, how often something is due, who does what on which weekday."""

from datetime import date, timedelta
from typing import Any

import pytest

ROLES = ("sales_guide", "store_manager", "visitor")
RESOURCES = ("customer_file", "price_list")
OPERATIONS = ("read", "write", "export")
ALLOWED = {
    ("sales_guide", "customer_file"): {"read"},
    ("sales_guide", "price_list"): {"read"},
    ("store_manager", "customer_file"): {"read", "write"},
    ("store_manager", "price_list"): {"read", "write", "export"},
}


def answer(does: Any, **facts: object) -> list[str]:
    found = does("access", {"id": "r1", **facts}, "2027-03-01", subject="request")
    return [each.split()[0] for each in found]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_access_is_what_the_cells_say_and_denied_otherwise(does, role, resource, operation):
    allowed = operation in ALLOWED.get((role, resource), set())
    found = answer(does, role=role, resource=resource, operation=operation)
    assert found == (["allow"] if allowed else ["audit.log", "deny"])


def test_a_table_whose_condition_fails_allows_nothing(does):
    facts = {"role": "store_manager", "resource": "price_list", "operation": "read"}
    assert answer(does, **facts, on_duty=False) == ["audit.log", "deny"]


def test_an_unknown_role_is_denied_and_listed(decide):
    record = {"id": "r1", "resource": "price_list", "operation": "read"}
    found = decide("access", record, "2027-03-01", subject="request")
    assert [each.kind for each in found.actions] == ["audit.log", "deny"]
    assert {each.facts for each in found.undecided} == {("role",)}


def test_access_names_the_cell_and_the_record(decide):
    record = {"id": "r1", "role": "sales_guide", "resource": "price_list", "operation": "read"}
    (action,) = decide("access", record, "2027-03-01", subject="request").actions
    assert action.action_id == "access/access.sales_guide.price_list/request/r1/r1/allow"
    assert action.source == "SEC-1"


@pytest.mark.parametrize(
    ("tier", "last", "due"),
    [
        ("A", "2027-01-15", "2027-04-15"),
        ("A", "2026-11-30", "2027-02-28"),
        ("B", "2026-08-31", "2027-02-28"),
        ("C", "2024-02-29", "2025-02-28"),
    ],
)
def test_something_is_due_when_the_interval_of_the_tier_has_passed(does, tier, last, due):
    record = {"id": "c1", "status": "formal", "tier": tier, "last_verified_on": last}
    before = str(date.fromisoformat(due) - timedelta(days=1))
    assert does("intervals", record, before) == []
    assert does("intervals", record, due) == [f"task.verify_record verification.formal.{tier}"]


def test_what_was_never_done_is_due_at_once(decide):
    record = {"id": "c1", "status": "formal", "tier": "C"}
    (action,) = decide("intervals", record, "2027-03-01").actions
    assert action.action_id == (
        "intervals/verification.formal.C/customer/c1/none/task.verify_record"
    )
    assert action.role == "sales_guide"


def test_what_is_due_stays_due_under_one_id_until_it_is_done(decide):
    record = {"id": "c1", "status": "temporary", "tier": "C", "last_verified_on": "2027-01-30"}
    found = [decide("intervals", record, day).actions for day in ("2027-03-01", "2027-05-01")]
    assert found[0][0].action_id == found[1][0].action_id
    assert "/2027-01-30/" in found[0][0].action_id
    assert decide("intervals", record, "2027-02-28").actions == ()
    assert (
        decide("intervals", {**record, "last_verified_on": "2027-03-01"}, "2027-03-02").actions
        == ()
    )


def test_a_cell_that_says_none_and_a_record_taken_out_are_never_due(does):
    assert does("intervals", {"id": "c1", "status": "temporary", "tier": "A"}, "2027-03-01") == []
    archived = {"id": "c1", "status": "formal", "tier": "A", "archived": True}
    assert does("intervals", archived, "2027-03-01") == []


def test_a_timetable_says_who_does_what_on_which_day(decide):
    monday = decide("timetable", {"id": "s1"}, "2027-03-01", subject="store").actions
    assert [(each.kind, each.role) for each in monday] == [
        ("task.call_round", "sales_guide"),
        ("report.last_week", "store_manager"),
        ("task.plan_week", "store_manager"),
    ]
    assert {each.store_id for each in monday} == {"s1"}
    tuesday = decide("timetable", {"id": "s1"}, "2027-03-02", subject="store").actions
    assert tuesday == ()
    (friday,) = decide("timetable", {"id": "s1"}, "2027-03-05", subject="store").actions
    assert (friday.kind, friday.role) == ("task.tidy_files", "sales_guide")
    closing = decide("timetable", {"id": "s1"}, "2027-03-31", subject="store").actions
    assert [(e.kind, e.approver_role, e.source) for e in closing] == [
        ("report.month", "area_supervisor", "OPS-1"),
        ("report.quarter", None, "OPS-9"),
    ]


def test_a_timetable_means_its_rules_written_out(policy, decide):
    lowered, written_out = policy("timetable"), policy("timetable_written_out")
    assert lowered.rules == written_out.rules
    for day in ("2027-03-01", "2027-03-05", "2027-04-30", "2027-06-30"):
        one = decide(lowered, {"id": "s1"}, day, subject="store").actions
        assert one == decide(written_out, {"id": "s1"}, day, subject="store").actions


def test_a_column_of_roles_is_a_condition_where_the_records_have_a_role(written, does):
    policy = written(
        "subjects: {employee: {}}\n"
        "facts: {employee: {role: {type: [guide, manager]}}}\n"
        "tables: {week: {for: employee, by: [schedule, role], rows:"
        " {monday: {guide: task.call_round, manager: task.plan_week}}}}"
    )
    found = does(policy, {"id": "e1", "role": "guide"}, "2027-03-01", subject="employee")
    assert found == ["task.call_round week.monday.guide"]


def test_a_missing_cell_an_unknown_column_and_an_unknown_day_are_faults(faults):
    facts = "facts: {customer: {tier: {type: [A, B]}}}\n"
    table = "tables: {t: {for: customer, by: [schedule, tier], rows: "
    assert faults(f"{facts}{table}{{monday: {{A: call}}}}}}}}") == ["LR228"]
    assert "LR202" in faults(f"{facts}{table}{{monday: {{A: call, B: call, D: call}}}}}}}}")
    assert "LR304" in faults(f"{facts}{table}{{munday: {{A: call, B: call}}}}}}}}")


def test_a_dimension_may_be_a_figure_or_yes_and_no(written, does):
    policy = written(
        "facts: {customer: {visits: {type: whole}, member: {type: yes/no}}}\n"
        "tables: {t: {for: customer, by: [visits, member], once_per: id, rows:"
        " {1: {yes: task.one, no: none}, 2: {yes: task.two, no: task.other}}}}"
    )
    assert does(policy, {"id": "c", "visits": 2, "member": True}, "2027-03-01") == [
        "task.two t.2.yes"
    ]
    assert does(policy, {"id": "c", "visits": 2, "member": False}, "2027-03-01") == [
        "task.other t.2.no"
    ]
    assert does(policy, {"id": "c", "visits": 3, "member": True}, "2027-03-01") == []


def test_the_rest_of_a_text_or_of_roles_is_refused(faults):
    text = "facts: {customer: {job: {type: text}}}\ntables: {t: {for: customer, by: [schedule, "
    assert faults(f"{text}job], rows: {{monday: {{teacher: call, rest: call}}}}}}}}") == ["LR146"]
    assert faults(f"{text}role], rows: {{monday: {{guide: call, rest: call}}}}}}}}") == ["LR146"]
