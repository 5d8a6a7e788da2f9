# SPDX-License-Identifier: Apache-2.0
"""approve: what comes back is the action as it is decided now, whatever was handed in."""

import pickle
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules import (
    Action,
    ApprovalError,
    DayPlan,
    Policy,
    SnapshotError,
    apply,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)
from loyaltyrules.problem.errors import ArgumentError

RECORD: dict[str, Any] = {
    "id": "c-001", "member_status": "formal", "tier": "B", "points_accumulated": 5200,
    "store_id": "s-nanjing",
}  # fmt: skip


@pytest.fixture(scope="module")
def day(menswear: Policy) -> DayPlan:
    return compile_day(menswear, on="2027-02-05")


@pytest.fixture
def upgrade(day: DayPlan) -> Action:
    (found,) = [each for each in evaluate(day, RECORD).actions if each.kind == "tier.upgrade"]
    return found


def reason(action: Action, plan: DayPlan, record: Any, role: str | None = None) -> str:
    with pytest.raises(ApprovalError) as refused:
        approve(action, role or action.approver_role or "", plan, record)
    return refused.value.reason


FORGED: list[dict[str, Any]] = [
    {"to_value": "C"}, {"from_value": "C"}, {"value": "9"}, {"role": "sales_guide"},
    {"approver_role": "sales_guide"}, {"gift": "watch"}, {"channel": "sms"}, {"template": "x"},
    {"subject_id": "c-002"}, {"occurrence": "other"}, {"policy": "other"}, {"kind": "call"},
    {"sets": (("tier", "A"),)}, {"sets": ()}, {"sets": (("tier", "C"), ("tier_since", date(2027, 2, 5)))},
    {"sets": (("tier", "A"), ("tier_since", date(2027, 2, 5)), ("points_accumulated", 10**6))},
    {"adds": (("points_accumulated", 10**6),)}, {"sets": 5}, {"sets": (("tier",),)},
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_a_forged_action_is_refused(upgrade: Action, day: DayPlan, forged: dict[str, Any]) -> None:
    assert reason(upgrade._replace(**forged), day, RECORD) in ("changed", "no_longer_due")
    if not {"subject_id", "occurrence", "policy"} & set(forged):
        assert reason(upgrade._replace(**forged), day, RECORD) == "changed"


JUNK = st.sampled_from(
    [
        None,
        "",
        "x",
        5,
        -1,
        [],
        {},
        (),
        ("x",),
        (("a", {}),),
        datetime(2027, 2, 5),
        date(1, 1, 1),
        0.5,
        b"",
    ]
)
NAMES = st.sampled_from([name for name in Action._fields if name != "status"])
SAID = st.dictionaries(NAMES, JUNK, max_size=4)


@given(SAID)
def test_whatever_comes_in_either_the_true_action_goes_out_or_a_refusal(
    menswear: Policy, said: dict[str, Any]
) -> None:
    plan = compile_day(menswear, on="2027-02-05")
    upgrade = next(each for each in evaluate(plan, RECORD).actions if each.kind == "tier.upgrade")
    try:
        approved = approve(upgrade._replace(**said), "store_manager", plan, RECORD)
    except (ApprovalError, SnapshotError):
        return
    assert approved == upgrade._replace(status="ready")


@pytest.mark.parametrize(
    "said",
    [{"priority": 1}, {"due_on": date(2020, 1, 1)}, {"source": "x"}, {"policy_version": "0"},
     {"customer_id": "c-002"}, {"store_id": "s-002"}, {"merged_into": "x"}],
    ids=str,
)  # fmt: skip
def test_whatever_else_is_said_of_it_the_true_action_comes_back(
    upgrade: Action, day: DayPlan, said: dict[str, Any]
) -> None:
    assert approve(upgrade._replace(**said), "store_manager", day, RECORD) == (
        upgrade._replace(status="ready")
    )


def test_what_is_approved_is_dated_by_the_day_of_approval(
    upgrade: Action, menswear: Policy
) -> None:
    later = compile_day(menswear, on="2027-03-01")
    approved = approve(upgrade, "store_manager", later, RECORD)
    assert approved.due_on == date(2027, 3, 1)
    assert apply(RECORD, approved)["tier_since"] == date(2027, 3, 1)


def test_an_action_of_a_table_is_approved_and_then_carried_out(day: DayPlan) -> None:
    rows = evaluate_frame(day, pl.DataFrame([RECORD])).actions.to_dicts()
    (row,) = [each for each in rows if each["kind"] == "tier.upgrade"]
    for action in (Action(**row), Action.from_dict(row)):
        assert apply(RECORD, approve(action, "store_manager", day, RECORD))["tier"] == "A"
        assert reason(action._replace(to_value="C"), day, RECORD) == "changed"


def test_a_decision_approves_by_id(day: DayPlan, upgrade: Action) -> None:
    decision = evaluate(day, RECORD)
    approved = decision.approve(upgrade.action_id, by_role="store_manager")
    assert approved == upgrade._replace(status="ready")
    for action_id, role, expected in (
        (upgrade.action_id, "sales_guide", "wrong_role"),
        ("no such id", "store_manager", "no_longer_due"),
        (next(e.action_id for e in decision.actions if e.status == "ready"), "x", "not_pending"),
    ):
        with pytest.raises(ApprovalError) as refused:
            decision.approve(action_id, by_role=role)
        assert refused.value.reason == expected
    with pytest.raises(ArgumentError, match="LR505"):
        pickle.loads(pickle.dumps(decision)).approve(upgrade.action_id, by_role="store_manager")


SPOKEN_ONCE = """\
format: 1
policy: once
language: en
facts:
  customer:
    tier: {type: [A, B]}
    points: {type: whole, default: 0}
    joined_on: {type: date}
    strict: {type: yes/no, default: no}
  purchase:
    sold_on: {type: date}
    paid: {type: money}
subjects:
  purchase: {of: customer}
occasions:
  party: {solar: 03-10, opens: 5 days}
  launch: {rows: launch, day: begins_on}
reference:
  launch:
    columns: {id: text, begins_on: date, least: whole}
    rows: [{id: l1, begins_on: 2027-03-01, least: "10"}, {id: l2, begins_on: 2027-03-02, least: "10"}]
words:
  rise:
    {kind: task.rise, role: guide, approver: manager, sets: {tier: A, joined_on: today},
     adds: {points: points}}
  show: {kind: task.show, role: guide, due: occasion, value: points}
  look: {kind: task.look, approver: manager, adds: {paid: "1"}}
rules:
  rising: {for: customer, at: 30 days after joined_on, if: points >= 10, do: rise}
  waited:
    {for: customer, at: "if(points >= 20, 33 days, 31 days) after joined_on", if: points >= 10, do: rise,
     within: "if(points >= 20, 2 days, 9 days)"}
  party: {for: customer, at: party, if: points >= 10, do: show}
  launched: {for: customer, at: launch, if: points >= launch.least, do: rise}
  bought: {for: purchase, at: 3 days after sold_on, if: paid > 5, do: look}
gate:
  - {approve: boss, which: kind = task.show and strict}
  - {move: next, unless: [sunday]}
"""
PERSON: dict[str, Any] = {
    "id": "c", "tier": "B", "points": 20, "joined_on": "2027-01-30", "strict": "yes",
    "purchases": [{"id": "p", "sold_on": "2027-02-26", "paid": "7"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., DayPlan]:
    file: Path = tmp_path_factory.mktemp("once") / "policy.yaml"
    file.write_text(SPOKEN_ONCE, encoding="utf-8")
    policy = load_policy(file)
    return lambda on, since=None: compile_day(policy, on, since)


@pytest.fixture
def spoken(once: Callable[..., DayPlan]) -> dict[str, Action]:
    """What the rules said, each on its day, by what it is called here."""
    found = evaluate(once("2027-03-10", "2027-02-01"), PERSON).actions
    named = {f"{each.rule} {each.occurrence}": each for each in found}
    assert all(each.status == "pending_approval" for each in found)
    return {name.replace("2027-", ""): each for name, each in named.items()}


LATER = ("2027-03-11", "2027-06-01")


@pytest.mark.parametrize(
    "name", ["rising 01-30", "waited 01-30", "party 03-10", "launched l1", "bought 02-26"]
)
@pytest.mark.parametrize("on", LATER)
def test_what_was_said_once_is_approved_later_as_it_was_said(
    once: Callable[..., DayPlan], spoken: dict[str, Action], name: str, on: str
) -> None:
    names = {key: each for key, each in spoken.items() if key.split()[0] == name.split()[0]}
    action = next(iter(names.values()))
    approved = approve(action, str(action.approver_role), once(on), PERSON)
    assert approved == action._replace(status="ready")


@pytest.mark.parametrize("on", ["2027-03-05", *LATER])
@pytest.mark.parametrize(
    "forged",
    [{"value": "999"}, {"role": "boss"}, {"approver_role": "guide"}, {"kind": "task.rise"},
     {"adds": (("points", 999),)}, {"sets": (("tier", "A"),)}],
    ids=str,
)  # fmt: skip
def test_what_was_said_once_cannot_be_forged_afterwards(
    once: Callable[..., DayPlan], spoken: dict[str, Action], forged: dict[str, Any], on: str
) -> None:
    (party,) = [each for each in spoken.values() if each.rule == "party"]
    assert reason(party._replace(**forged), once(on), PERSON) == "changed"


@given(SAID)
def test_the_same_holds_of_what_was_said_once(
    once: Callable[..., DayPlan], said: dict[str, Any]
) -> None:
    (party,) = [e for e in evaluate(once("2027-03-05"), PERSON).actions if e.rule == "party"]
    try:
        approved = approve(party._replace(**said), "boss", once("2027-03-11"), PERSON)
    except (ApprovalError, SnapshotError):
        return
    assert approved == party._replace(status="ready")


def test_no_occurrence_is_made_up(once: Callable[..., DayPlan], spoken: dict[str, Action]) -> None:
    (party,) = [each for each in spoken.values() if each.rule == "party"]
    other = party.action_id.replace("2027-03-10", "2028-03-10")
    forged = party._replace(action_id=other, occurrence="2028-03-10")
    assert reason(forged, once("2027-06-01"), PERSON) == "changed"
    l1, l2 = (spoken[f"launched {row}"] for row in ("l1", "l2"))
    assert reason(l1._replace(action_id=l2.action_id), once("2027-06-01"), PERSON) == "changed"
    gone = l1._replace(action_id="x", occurrence="l9")
    assert reason(gone, once("2027-06-01"), PERSON) == "no_longer_due"


@pytest.mark.parametrize("name", ["party", "launched"])
def test_what_was_said_once_is_refused_once_its_condition_fails(
    once: Callable[..., DayPlan], spoken: dict[str, Action], name: str
) -> None:
    action = next(each for each in spoken.values() if each.rule == name)
    fallen = {**PERSON, "points": 9}
    for on in ("2027-03-10", "2027-06-01"):
        assert reason(action, once(on), fallen) == "no_longer_due"


def test_an_action_of_a_child_is_approved_with_the_child_or_its_customer(
    once: Callable[..., DayPlan], spoken: dict[str, Action]
) -> None:
    (look,) = [each for each in spoken.values() if each.rule == "bought"]
    plan = once("2027-04-01")
    whole = plan.snapshot(PERSON)
    for record in (PERSON, whole):
        assert approve(look, "manager", plan, record) == look._replace(status="ready")
    alone = {**PERSON["purchases"][0], "customer_id": "c"}
    assert approve(look, "manager", plan, alone).sets == look.sets
    assert reason(look, plan, {**alone, "paid": "5"}) == "no_longer_due"


def test_what_was_said_by_a_period_of_the_record_is_refused_once_it_would_be_said_another_day(
    once: Callable[..., DayPlan], spoken: dict[str, Action]
) -> None:
    (waited,) = [each for each in spoken.values() if each.rule == "waited"]
    assert waited.deadline is not None
    rich = {**PERSON, "points": 20 if int(PERSON["points"]) < 20 else 10}
    for on in ("2027-03-12", "2027-06-01"):
        assert reason(waited, once(on), rich) == "changed"
