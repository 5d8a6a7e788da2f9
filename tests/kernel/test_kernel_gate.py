# SPDX-License-Identifier: Apache-2.0
"""The gate: what is held, merged and capped, in the written order; what is held stays listed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules import ApprovalError, approve, evaluate

READY = {"id": "c1", "consent": True, "phone": "13800000001", "address": "1 North Road"}


def passes(decide: Any, *wants: str, on: str = "2027-03-02", **facts: Any) -> Any:
    return decide("gate", {**READY, "wants": list(wants), **facts}, on)


def rules(actions: Any) -> list[str]:
    return sorted({each.rule for each in actions})


def held(decision: Any) -> dict[str, tuple[str, str]]:
    return {each.rule: (each.reason, each.suppressed_by) for each in decision.suppressed}


def test_what_no_sieve_speaks_of_passes(decide):
    decision = passes(decide, "greet")
    assert [(e.rule, e.status, e.reason) for e in decision.actions] == [("greet", "ready", None)]
    assert decision.suppressed == ()


def test_a_sieve_holds_and_says_which_it_is(decide):
    decision = passes(decide, "greet", "ring", consent=False)
    assert held(decision) == {
        "greet": ("no_consent", "gate.no_consent"),
        "ring": ("no_consent", "gate.no_consent"),
    }
    assert [each.kind for each in decision.actions] == ["task.note"]
    assert {each.status for each in decision.suppressed} == {"suppressed"}


def test_unknown_holds_with_its_own_reason(decide):
    decision = decide("gate", {"id": "c1", "phone": "1", "wants": ["greet"]}, "2027-03-02")
    assert held(decision) == {"greet": ("consent_unknown", "gate.no_consent")}


def test_unknown_passes_where_the_sieve_says_so(decide):
    assert rules(passes(decide, "offer").actions) == ["offer"]
    assert held(passes(decide, "offer", hobby="golf"))["offer"][0] == "golfers"
    assert rules(passes(decide, "offer", hobby="tea").actions) == ["offer"]


def test_another_action_is_emitted_once_instead_of_those_held(decide):
    decision = passes(decide, "greet", "ring", phone_status="vacant")
    assert set(held(decision)) == {"greet", "ring"}
    kinds = [(each.rule, each.kind, each.role) for each in decision.actions]
    renewals = [each for each in kinds if each[1] == "task.update_phone"]
    assert renewals == [
        ("greet", "task.update_phone", "store_manager"),
        ("ring", "task.update_phone", "store_manager"),
    ]


def test_the_first_sieve_that_holds_is_named(decide):
    decision = passes(decide, "offer", consent=False, hobby="golf", phone_status="vacant")
    assert held(decision) == {"offer": ("no_consent", "gate.no_consent")}
    assert decision.actions == ()  # the later sieve emits nothing instead of what is held already


def test_a_missing_need_blocks_the_action_and_asks_for_it(decide):
    decision = passes(decide, "parcel", address=None)
    assert [(e.kind, e.status, e.reason) for e in decision.actions] == [
        ("gift.mail", "blocked_missing_data", "missing_data:anywhere"),
        ("task.get_address", "ready", None),
    ]


def test_a_need_may_be_a_computed_fact(decide):
    (action,) = passes(decide, "parcel", address=None, office="2 South Road").actions
    assert (action.kind, action.status) == ("gift.mail", "ready")


def test_a_missing_text_blocks_the_message_and_nothing_else(decide):
    decision = passes(decide, "later", "greet")
    assert [(e.rule, e.status, e.reason) for e in decision.actions] == [
        ("greet", "ready", None),
        ("later", "blocked_missing_template", "missing_template:soon"),
    ]


def test_of_what_is_merged_the_most_urgent_is_kept(decide):
    decision = passes(decide, "greet", "offer", "mail")
    assert rules(decision.actions) == ["greet", "mail"]
    (merged,) = decision.suppressed
    (kept,) = [each for each in decision.actions if each.rule == "greet"]
    assert (merged.rule, merged.reason, merged.suppressed_by) == ("offer", "merged", "gate.merged")
    assert merged.merged_into == kept.action_id
    assert kept.priority < merged.priority


def test_what_has_no_channel_is_not_merged(decide):
    decision = passes(decide, "tasks")
    assert [each.kind for each in decision.actions] == ["task.one", "task.two"]


def test_what_was_held_before_is_not_merged_into(decide):
    decision = passes(decide, "greet", "offer", phone=None)
    statuses = {each.rule: each.status for each in decision.actions}
    assert statuses == {"greet": "blocked_missing_data", "offer": "blocked_missing_data"}


def test_a_cap_lets_the_most_urgent_through(decide):
    decision = passes(decide, "greet", "mail", "ring")
    assert rules(decision.actions) == ["greet", "ring"]
    assert held(decision) == {"mail": ("frequency_cap", "gate.frequency_cap")}


def test_a_cap_counts_what_there_was_already(decide):
    decision = passes(decide, "greet", "mail", "ring", contacts_7d=1)
    ringing = [(each.rule, each.kind) for each in decision.actions]
    assert ringing == [("ring", "call"), ("ring", "task.note")]
    assert set(held(passes(decide, "greet", contacts_7d=9))) == {"greet"}


def test_an_occasion_is_one_touch_whatever_rules_speak_of_it(decide):
    decision = passes(decide, "spring", "offer", on="2027-03-20", contacts_7d=1)
    assert rules(decision.actions) == ["spring_call", "spring_mail"]
    assert held(decision) == {"offer": ("frequency_cap", "gate.frequency_cap")}


def test_the_actions_of_child_records_pass_the_gate_of_their_customer(decide):
    cards = [{"id": "k1", "ready_on": "2027-03-01"}, {"id": "k2", "ready_on": "2027-03-02"}]
    decision = passes(decide, "greet", cards=cards)
    assert [(each.rule, each.subject_id) for each in decision.actions] == [
        ("card", "k1"),
        ("greet", "c1"),
    ]
    (merged,) = decision.suppressed
    assert (merged.subject_id, merged.merged_into) == ("k2", decision.actions[0].action_id)
    assert set(held(passes(decide, cards=cards, consent=False))) == {"card"}


WANTS = st.lists(st.sampled_from(["greet", "offer", "mail", "ring", "parcel", "spring", "tasks"]))
TOUCHES = {"spring_call": "spring", "spring_mail": "spring"}


@settings(max_examples=60, deadline=None)
@given(wants=WANTS, already=st.integers(0, 3), day=st.sampled_from(["2027-03-19", "2027-03-20"]))
def test_a_cap_is_never_exceeded_and_nothing_is_lost(decide, wants, already, day):
    decision = passes(decide, *wants, on=day, contacts_7d=already)
    reaching = [e for e in decision.actions if e.kind.split(".")[0] != "task"]
    assert len({TOUCHES.get(each.rule, each.rule) for each in reaching}) <= max(0, 2 - already)
    everything = decide("gate", {**READY, "wants": list(wants)}, day)
    both = [{e.action_id for e in (*d.actions, *d.suppressed)} for d in (decision, everything)]
    assert both[0] == both[1]


@pytest.mark.parametrize("which", ["priority > 55", 'rule = "offer"', "gift is missing"])
def test_sieves_read_the_fields_of_actions(written, decide, which):
    policy = written(
        "facts: {customer: {points: {type: whole}}}\n"
        "rules:\n  offer: {for: customer, once_per: id, do: {do: task.offer, priority: 60}}\n"
        "  give: {for: customer, once_per: id, do: {do: gift.mail, gift: tea}}\n"
        f"gate:\n  - {{hold: not_now, which: '{which}'}}\n"
    )
    decision = decide(policy, {"id": "c1"}, "2027-03-02")
    assert rules(decision.suppressed) == ["offer"]


def test_a_cap_over_an_unknown_number_holds_unless_it_says_pass(written, decide):
    text = (
        "facts: {customer: {seen: {type: whole}}}\n"
        "rules: {r: {for: customer, once_per: id, do: call}}\n"
        "gate: [{cap: 2, already: seen"
    )
    unknown = decide(written(f"{text}}}]"), {"id": "c1"}, "2027-03-02").suppressed
    assert [each.reason for each in unknown] == ["frequency_cap_unknown"]
    passing = written(f"{text}, unknown: pass}}]")
    assert len(decide(passing, {"id": "c1"}, "2027-03-02").actions) == 1
    assert len(decide(passing, {"id": "c1", "seen": 2}, "2027-03-02").suppressed) == 1


def test_actions_due_on_one_day_are_merged_by_the_days_of_each_record(written, plan, decide):
    policy = written(
        "facts: {customer: {a: {type: date}, b: {type: date}}}\n"
        "rules:\n  one: {for: customer, from: a, do: call}\n  two: {for: customer, from: b, do: call}\n"
        "gate: [{merge: [channel, due_on]}]\n"
    )
    apart = {"id": "c1", "a": "2027-03-01", "b": "2027-03-02"}
    compiled = plan(policy, "2027-03-02")
    assert len(decide(compiled, apart).actions) == 2
    assert len(decide(compiled, {**apart, "b": "2027-03-01"}).actions) == 1
    assert len(decide(compiled, apart).actions) == 2


APPROVED = """
facts:
  customer:
    strict: {type: yes/no}
words:
  ring: {kind: call, role: guide, purpose: care}
  own:  {kind: file.move, role: guide, purpose: care, approver: head_office}
rules:
  ring: {for: customer, at: daily, do: ring}
  own:  {for: customer, at: daily, do: own}
  task: {for: customer, at: daily, do: task.note}
gate:
  - {hold: nobody, which: "kind = file.move and strict", unknown: pass}
  - {approve: manager, which: purpose = care and strict}
"""


def approvals(decision: Any) -> dict[str, tuple[str, str | None]]:
    return {each.rule: (each.status, each.approver_role) for each in decision.actions}


def test_a_sieve_may_ask_for_approval_and_unknown_asks_too(written, decide):
    policy = written(APPROVED)
    free = {
        "ring": ("ready", None),
        "own": ("pending_approval", "head_office"),
        "task": ("ready", None),
    }
    assert approvals(decide(policy, {"id": "c", "strict": "no"}, "2027-03-01")) == free
    unknown = {**free, "ring": ("pending_approval", "manager")}
    assert approvals(decide(policy, {"id": "c"}, "2027-03-01")) == unknown
    strict = decide(policy, {"id": "c", "strict": "yes"}, "2027-03-01")
    assert approvals(strict) == {name: unknown[name] for name in ("ring", "task")}
    assert held(strict) == {"own": ("nobody", "gate.nobody")}


def test_what_the_gate_asks_approval_for_is_approved_by_that_role_alone(written, plan):
    compiled = plan(written(APPROVED), "2027-03-01")
    record = {"id": "c", "strict": "yes"}
    (ring,) = [each for each in evaluate(compiled, record).actions if each.rule == "ring"]
    assert approve(ring, by_role="manager", plan=compiled, snapshot=record).status == "ready"
    with pytest.raises(ApprovalError):
        approve(ring, by_role="guide", plan=compiled, snapshot=record)
