# SPDX-License-Identifier: Apache-2.0
"""Figures by day, relations between them, the days a policy is in force, and spans of days."""

from datetime import date
from typing import Any

import pytest

from loyaltyrules import PolicyError, compile_day, evaluate

STEPS = """\
facts: {customer: {points: {type: whole}}}
parameters:
  gold:   {values: {2026-01-01: 100, 2027-01-01: 200}, source: P-1}
  silver: {value: 50, source: P-1}
rules:
  gold: {for: customer, if: points >= gold, once_per: year, do: {do: task.gold, value: gold}}
"""


def codes(error: PolicyError) -> list[str]:
    return [each.code for each in error.problems]


@pytest.mark.parametrize(
    ("day", "points", "acts"),
    [
        ("2026-01-01", 100, True),
        ("2026-12-31", 199, True),
        ("2027-01-01", 199, False),
        ("2027-01-01", 200, True),
        ("2099-12-31", 200, True),
    ],
)
def test_a_figure_changes_on_its_day(written, does, day, points, acts):
    found = does(written(STEPS), {"id": "c1", "points": points}, day)
    assert found == (["task.gold gold"] if acts else [])


def test_a_span_over_the_change_means_each_day_with_its_own_figure(written, decide):
    policy = written(STEPS)
    record = {"id": "c1", "points": 150}
    found = decide(policy, record, "2027-01-02", "2026-12-30").actions
    assert [(each.action_id.split("/")[4], each.value) for each in found] == [("2026", "100")]


def test_before_its_first_day_a_figure_that_is_read_stops_the_plan(written, decide):
    policy = written(STEPS)
    with pytest.raises(PolicyError) as caught:
        evaluate(compile_day(policy, on=date(2025, 12, 31)), {"id": "c1", "points": 150})
    assert codes(caught.value) == ["LR308"]
    assert caught.value.problems[0].place is not None


@pytest.mark.parametrize(
    ("gold", "fault"),
    [
        ("value: 51", False),
        ("value: 50", True),
        ("values: {2026-01-01: 60, 2028-01-01: 40}", True),
        ("values: {2026-01-01: 40, 2027-01-01: 60}", True),
        ("values: {2026-01-01: 60, 2028-01-01: 70}", False),
    ],
)
def test_a_relation_holds_on_every_day(written, faults, gold, fault):
    text = (
        f"parameters: {{gold: {{{gold}, source: P-1}}, silver: {{value: 50, source: P-1}}}}\n"
        "must: [{rule: silver < gold, say: Silver must be below gold.}]\n"
    )
    if fault:
        assert faults(text) == ["LR234"]
    else:
        assert written(text).name == "written"


def test_a_relation_is_kept_on_the_days_in_force_alone(written, faults):
    text = (
        "parameters:\n  gold: {values: {2020-01-01: 40, 2026-06-01: 60, 2030-01-01: 10}}\n"
        "  silver: {value: 50}\nmust: [{rule: silver < gold, say: no}]\n"
    )
    assert written(f"{text}in_force: {{from: 2026-06-01, to: 2029-12-31}}\n").name == "written"
    assert faults(f"{text}in_force: {{from: 2026-05-31}}\n") == ["LR234"]
    assert faults(f"{text}in_force: {{to: 2025-12-31}}\n") == ["LR234"]


FORCE = "in_force: {from: 2027-01-01, to: 2027-12-31}\n"


@pytest.mark.parametrize(
    ("on", "since", "code"),
    [
        ("2026-12-31", "", "LR309"),
        ("2028-01-01", "", "LR309"),
        ("2027-01-02", "2026-12-30", "LR309"),
        ("2027-12-31", "2027-12-31", "LR307"),
        ("2027-06-01", "2027-07-01", "LR307"),
    ],
)
def test_days_on_which_a_policy_is_not_in_force_are_refused(written, plan, on, since, code):
    with pytest.raises(PolicyError) as caught:
        plan(written(FORCE), on, since)
    assert codes(caught.value) == [code]


def test_the_first_and_the_last_day_in_force_count(written, plan):
    policy = written(FORCE)
    assert len(plan(policy, "2027-12-31", "2026-12-31").dates) == 365
    assert plan(policy, "2027-01-01").dates == (date(2027, 1, 1),)


@pytest.mark.parametrize("on", [date(1900, 12, 31), date(2100, 1, 1), date.min, date.max])
def test_days_outside_the_calendar_are_refused(policy, on):
    with pytest.raises((PolicyError, OverflowError)) as caught:
        compile_day(policy("modes"), on=on, since=None if on > date.min else date.min)
    assert isinstance(caught.value, PolicyError)


def test_a_span_that_ends_before_it_begins_is_refused_at_the_end_of_time(policy):
    with pytest.raises(PolicyError) as caught:
        compile_day(policy("modes"), on=date(2027, 1, 1), since=date.max)
    assert codes(caught.value) == ["LR307"]


@pytest.mark.parametrize("on", [date(1901, 2, 19), date(2099, 12, 31)])
def test_the_ends_of_the_calendar_are_served(decide, plan, on):
    for name in ("occasions", "modes", "timetable", "events"):
        decide(plan(name, str(on)), {"id": "c1", "born_on": "1901-02-19", "points": 100})


SPAN = """\
facts: {customer: {born_on: {type: date, absent: unknown}}}
occasions: {birthday: {anniversary: born_on}}
rules:
  greet: {for: customer, at: birthday, do: [call, task.mind, escalate store_manager]}
  offer: {for: customer, at: birthday, do: {do: gift.mail, gift: tea, approver: store_manager}}
"""


def statuses(decision: Any) -> dict[str, tuple[str, str | None]]:
    found = (*decision.actions, *decision.suppressed)
    return {each.kind: (each.status, each.reason) for each in found}


def test_what_closed_within_the_span_is_expired_but_tasks_and_approvals_stay(written, decide):
    policy = written(SPAN)
    record = {"id": "c1", "born_on": "1990-05-20"}
    on_time = decide(policy, record, "2027-05-20")
    assert statuses(on_time)["call"] == ("ready", None)
    late = decide(policy, record, "2027-05-21", "2027-05-10")
    assert statuses(late) == {
        "call": ("suppressed", "expired"),
        "task.mind": ("ready", None),
        "escalate": ("ready", None),
        "gift.mail": ("pending_approval", None),
    }
    (expired,) = late.suppressed
    assert (expired.kind, expired.suppressed_by) == ("call", "span")
    ids = [{e.action_id for e in (*d.actions, *d.suppressed)} for d in (on_time, late)]
    assert ids[0] == ids[1]
