# SPDX-License-Identifier: Apache-2.0
"""apply: what an action changes, exactly, of whatever make the record and the action are."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules import (
    Action,
    DayPlan,
    Policy,
    SnapshotError,
    apply,
    compile_day,
    evaluate,
    evaluate_frame,
)

ON = "2027-02-05"
RECORD: dict[str, Any] = {
    "id": "c-001", "member_status": "formal", "tier": "B", "points_accumulated": 5200,
    "mobile_phone": "13800000001", "consent_marketing": "yes", "store_id": "s-nanjing",
}  # fmt: skip


@pytest.fixture(scope="module")
def day(menswear: Policy) -> DayPlan:
    return compile_day(menswear, on=ON)


def of_kind(actions: Any, kind: str) -> Action:
    (found,) = [each for each in actions if each.kind == kind]
    return found  # type: ignore[no-any-return]


@pytest.fixture
def grant(day: DayPlan) -> Action:
    return of_kind(evaluate(day, RECORD).actions, "cashback.grant")


@pytest.fixture
def row(day: DayPlan) -> tuple[Action, list[dict[str, Any]]]:
    """The action of a table, ready, and the rows of its changes among others."""
    result = evaluate_frame(day, pl.DataFrame([RECORD]))
    action = of_kind(map(Action.from_dict, result.actions.to_dicts()), "cashback.grant")
    return action, result.changes.to_dicts()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("20", "270"), (20, "270"), (20.5, "270.5"), (Decimal("0.01"), "250.01"), (" 20 ", "270"),
        ("", "250"), (None, "250"), (float("nan"), "250"), ("-3.10", "246.90"),
    ],
)  # fmt: skip
def test_what_is_added_is_added_exactly_however_the_balance_is_stored(
    grant: Action, before: Any, after: str
) -> None:
    found = apply({**RECORD, "cashback_available": before}, grant)["cashback_available"]
    assert found == Decimal(after) and not isinstance(found, float | str)


@pytest.mark.parametrize("before", ["many", True, [1], date(2027, 1, 1), "1e9999", float("inf")])
def test_what_is_no_number_is_refused_in_a_sentence(grant: Action, before: Any) -> None:
    with pytest.raises(ValueError, match=r"cashback_available: .* is no number to add 250 to"):
        apply({**RECORD, "cashback_available": before}, grant)


@given(st.decimals("-99999999999999", "99999999999999", places=4), st.integers(-(10**14), 10**14))
def test_sums_lose_nothing(before: Decimal, added: int) -> None:
    action = Action.from_dict(NOTHING)._replace(adds=(("balance", added),), sets=())
    found = apply({"id": "1", "balance": str(before)}, action)["balance"]
    assert found - before == added


NOTHING: dict[str, Any] = {
    "action_id": "p/r/customer/1/once/call", "policy": "p", "rule": "r", "subject": "customer",
    "subject_id": "1", "kind": "call", "status": "ready", "priority": 3, "policy_version": "1",
}  # fmt: skip


def test_an_action_that_went_through_json_does_the_same(grant: Action) -> None:
    back = Action.from_dict(json.loads(json.dumps(grant.to_dict())))
    assert apply({**RECORD, "cashback_available": "20"}, back) == (
        apply({**RECORD, "cashback_available": "20"}, grant)
    )


def test_an_action_that_was_dumped_without_types_adds_exactly_too(grant: Action) -> None:
    rebuilt = Action(**json.loads(json.dumps(grant._asdict(), default=str)))
    assert apply({**RECORD, "cashback_available": 20}, rebuilt)["cashback_available"] == 270
    assert apply(RECORD, rebuilt)["cashback_available"] == 250


def test_an_action_of_a_table_without_its_changes_is_refused(
    menswear: Policy, row: tuple[Action, list[dict[str, Any]]]
) -> None:
    action, _ = row
    for asked in ({}, {"policy": menswear}):
        with pytest.raises(ValueError, match="give the rows of its changes"):
            apply(RECORD, action, **asked)
    with pytest.raises(ValueError, match="its rule changes cashback_available"):
        apply(RECORD, action, [], policy=menswear)


def test_with_its_changes_it_does_what_the_decision_says(
    menswear: Policy, grant: Action, row: tuple[Action, list[dict[str, Any]]]
) -> None:
    action, changes = row
    before = {**RECORD, "cashback_available": "20"}
    assert apply(before, action, changes, policy=menswear) == apply(before, grant)
    plain = apply(before, action, iter(changes))
    assert (plain["cashback_available"], plain["cashback_granted_on"]) == (270, ON)
    assert apply(before, action, pl.DataFrame(changes)) == plain
    text = csv.DictReader(io.StringIO(pl.DataFrame(changes).write_csv()))
    assert apply(before, action, text) == plain


def test_a_rule_that_changes_nothing_needs_no_changes_where_the_policy_is_known(
    menswear: Policy, day: DayPlan
) -> None:
    result = evaluate_frame(day, pl.DataFrame([RECORD]))
    card = of_kind(map(Action.from_dict, result.actions.to_dicts()), "message.send")
    assert apply(RECORD, card, policy=menswear) == RECORD
    assert apply(RECORD, card, result.changes.to_dicts()) == RECORD
    with pytest.raises(ValueError, match="give the rows"):
        apply(RECORD, card)
    other = card._replace(policy_version="another")
    with pytest.raises(ValueError, match="give the rows"):
        apply(RECORD, other, policy=menswear)


def test_rows_that_contradict_an_action_are_refused(
    grant: Action, row: tuple[Action, list[dict[str, Any]]]
) -> None:
    _, changes = row
    assert apply(RECORD, grant, changes) == apply(RECORD, grant)
    forged = [{**each, "add": "9999"} if each["add"] else each for each in changes]
    with pytest.raises(ValueError, match="changes other facts than its rows"):
        apply(RECORD, grant, forged)


def test_rows_that_are_no_changes_are_refused_in_a_sentence(
    row: tuple[Action, list[dict[str, Any]]],
) -> None:
    action, changes = row
    with pytest.raises(ValueError, match="a row of changes lacks set_to, add"):
        names = ("action_id", "subject", "subject_id", "fact")
        apply(RECORD, action, [dict.fromkeys(names, action.action_id)])
    with pytest.raises(ValueError, match="no exact number to add"):
        apply(RECORD, action, [{**each, "add": 250.0} for each in changes])
    for wrong in (5, "x", {"action_id": "1"}):
        with pytest.raises(SnapshotError, match="LR413"):
            apply(RECORD, action, wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a row of changes is a mapping"):
        apply(RECORD, action, [1])  # type: ignore[list-item]


def test_only_what_is_ready_and_for_the_record_is_applied(grant: Action) -> None:
    with pytest.raises(ValueError, match="only a ready action"):
        apply(RECORD, grant._replace(status="pending_approval"))
    with pytest.raises(ValueError, match="is for c-001, not c-002"):
        apply({**RECORD, "id": "c-002"}, grant)
    with pytest.raises(SnapshotError, match="LR421"):
        apply(5, grant)  # type: ignore[arg-type]


def test_records_of_any_make_are_applied_to(grant: Action) -> None:
    @dataclass
    class Customer:
        id: str
        cashback_available: int

    assert apply(Customer("c-001", 20), grant)["cashback_available"] == 270


def test_an_action_changes_what_its_rule_changes_where_the_policy_is_known(
    grant: Action, menswear: Policy
) -> None:
    before = {**RECORD, "cashback_available": 20}
    assert apply(before, grant, policy=menswear)["cashback_available"] == 270
    for more in (
        grant._replace(sets=(("tier", "A"),)),
        grant._replace(adds=(("points_accumulated", 9),)),
    ):
        with pytest.raises(ValueError, match="its rule changes cashback_available"):
            apply(before, more, policy=menswear)


def test_a_balance_that_looks_like_somebodys_number_is_masked(grant: Action) -> None:
    with pytest.raises(ValueError, match="is no number") as caught:
        apply({**RECORD, "cashback_available": "13912345678x"}, grant)
    assert "13912345678" not in str(caught.value)
