# SPDX-License-Identifier: Apache-2.0
"""A word of a child record changes facts of the records above it, and says whose they are."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loyaltyrules import (
    Action,
    ArgumentError,
    DayPlan,
    Policy,
    PolicyError,
    apply,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)
from loyaltyrules.frame.keys import by_signature

TEXT = """
format: 1
policy: points
language: en
subjects:
  {store: {}, customer: {of: store}, purchase: {of: customer}, item: {of: purchase}, referral: {of: customer}}
facts:
  store:    {sold: {type: whole}, best_on: {type: date}}
  customer: {points: {type: whole, default: 0}, bought_on: {type: date}}
  purchase: {amount: {type: number}, sent: {type: whole}, points: {type: whole}}
  item:     {pieces: {type: whole}}
  referral: {first_purchase_on: {type: date}, of_himself: {type: yes/no, default: no}}
words:
  earn:
    kind: points.earn
    value: floor(amount)
    adds: {customer.points: floor(amount), store.sold: "1", points: floor(amount)}
    sets: {customer.bought_on: today}
    source: RETAIL-MEM-02
  send: {kind: task.send, adds: {purchase.sent: pieces}}
  thank: {kind: reward, adds: {customer.points: "100"}, approver: store_manager, source: STORE-INC-02}
rules:
  earn:  {for: purchase, once_per: id, do: earn}
  send:  {for: item, once_per: id, do: send}
  thank: {for: referral, if: first_purchase_on <= today and not of_himself, once_per: id, do: thank}
"""
ITEM = {"id": "i/1", "pieces": 2}
PURCHASE = {"id": "p1", "amount": "12.5", "items": [ITEM]}
REFERRAL = {"id": "r1", "first_purchase_on": "2027-01-09"}
CUSTOMER: dict[str, Any] = {
    "id": "c1", "store_id": "s1", "points": 3, "purchases": [PURCHASE], "referrals": [REFERRAL],
}  # fmt: skip
EARN = "points/earn/purchase/p1/p1/points.earn"
ROWS = [
    ("customer", "c1", "bought_on", "2027-02-05", None),
    ("customer", "c1", "points", None, "12"), ("purchase", "p1", "points", None, "12"),
    ("store", "s1", "sold", None, "1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    file = tmp_path_factory.mktemp("points") / "policy.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load_policy(file)


@pytest.fixture(scope="module")
def plan(policy: Policy) -> DayPlan:
    return compile_day(policy, "2027-02-05")


@pytest.fixture(params=[0, by_signature.FEW], ids=["by columns", "few"])
def few(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(by_signature, "FEW", request.param)


def named(plan: DayPlan, rule: str) -> Action:
    (found,) = [each for each in evaluate(plan, CUSTOMER).actions if each.rule == rule]
    return found


def tables() -> dict[str, pl.DataFrame]:
    return {
        "customer": pl.DataFrame({"id": ["c1"], "store_id": ["s1"], "points": [3]}),
        "purchase": pl.DataFrame({"id": ["p1"], "customer_id": ["c1"], "amount": ["12.5"]}),
        "item": pl.DataFrame({"id": ["i/1"], "purchase_id": ["p1"], "pieces": [2]}),
        "referral": pl.DataFrame(
            {"id": ["r1"], "customer_id": ["c1"], "first_purchase_on": ["2027-01-09"]}
        ),
    }


def test_an_action_names_the_parent_whose_fact_it_changes(plan: DayPlan) -> None:
    earn = named(plan, "earn")
    assert earn.adds == (("customer.points", 12), ("store.sold", 1), ("points", 12))
    assert dict(earn.sets).keys() == {"customer.bought_on"}
    rows = [[*row.values()] for row in evaluate(plan, CUSTOMER).changes]
    found = [tuple(rest) for name, *rest in rows if name == EARN]
    assert sorted(found, key=str) == sorted(ROWS, key=str)


@pytest.mark.usefixtures("few")
def test_rows_of_changes_say_the_record_of_the_parent_in_tables_too(plan: DayPlan) -> None:
    found = evaluate_frame(plan, tables()).changes
    assert found.to_dicts() == evaluate(plan, CUSTOMER).changes
    assert found.filter(pl.col("action_id") == EARN).select(found.columns[1:]).rows() == sorted(
        ROWS, key=lambda row: (row[2], row[0])
    )


def test_an_action_is_applied_to_its_record_and_to_each_parent(plan: DayPlan) -> None:
    earn = named(plan, "earn")
    assert apply(PURCHASE, earn) == {**PURCHASE, "points": 12}
    store = apply({"id": "s1", "sold": 4, "points": 9}, earn)
    assert store == {"id": "s1", "sold": 5, "points": 9}
    after = apply(CUSTOMER, earn)
    assert after == {**CUSTOMER, "points": 15, "bought_on": dict(earn.sets)["customer.bought_on"]}
    with pytest.raises(ValueError, match="is for p1 and customer c1 and store s1, not c2"):
        apply({"id": "c2"}, earn)


def test_the_same_holds_for_an_action_of_a_table_with_its_rows(
    plan: DayPlan, policy: Policy
) -> None:
    result = evaluate_frame(plan, tables())
    rows, actions = result.changes.to_dicts(), map(Action.from_dict, result.actions.to_dicts())
    (earn,) = [each for each in actions if each.rule == "earn"]
    own = named(plan, "earn")
    for record in (PURCHASE, CUSTOMER, {"id": "s1"}):
        assert apply(record, earn, rows, policy=policy) == apply(record, own, policy=policy)
    for several in (rows, evaluate(plan, CUSTOMER).changes):
        assert apply(CUSTOMER, own, several) == apply(CUSTOMER, own)


def test_a_parent_whose_id_actions_do_not_state_is_told_by_rows_of_changes(plan: DayPlan) -> None:
    send, changes = named(plan, "send"), evaluate(plan, CUSTOMER).changes
    assert apply(ITEM, send) == ITEM
    with pytest.raises(ValueError, match="does not say which purchase it changes"):
        apply(PURCHASE, send)
    assert apply(PURCHASE, send, changes)["sent"] == 2


def test_of_records_of_one_id_it_must_be_said_which_is_meant(plan: DayPlan) -> None:
    record = {"id": "1", "purchases": [{"id": "1", "amount": 7}], "store_id": "2"}
    (earn,) = evaluate(plan, record).actions
    with pytest.raises(ValueError, match="1 may be the purchase or customer, say `subject=`"):
        apply(record, earn)
    assert apply(record, earn, subject="customer")["points"] == 7
    assert apply({"id": "1"}, earn, subject="purchase") == {"id": "1", "points": 7}


def test_without_the_id_of_the_parent_the_action_is_blocked(plan: DayPlan) -> None:
    (earn,) = evaluate(plan, {"id": "p1", "amount": 7}, "purchase").actions
    assert (earn.status, earn.reason) == ("blocked_missing_data", "missing_data:customer_id")
    lost = {"id": "c1", "purchases": [PURCHASE]}
    assert [
        (each.status, each.reason) for each in evaluate(plan, lost).actions if each.rule == "earn"
    ] == [("blocked_missing_data", "missing_data:customer.store_id")]
    row = {"id": ["p1"], "customer_id": [""], "amount": ["7"]}
    frames = {"purchase": pl.DataFrame(row)}
    assert evaluate_frame(plan, frames).actions["reason"].to_list() == ["missing_data:customer_id"]


def test_an_approved_action_changes_the_parent(plan: DayPlan) -> None:
    proposed = Action.from_dict(named(plan, "thank").to_dict())
    approved = approve(proposed, "store_manager", plan, CUSTOMER)
    assert apply(CUSTOMER, approved)["points"] == 103


def test_a_pickled_decision_tells_its_own_changes_only_with_a_plan(plan: DayPlan) -> None:
    left = evaluate(plan, CUSTOMER)._replace(plan=None)
    with pytest.raises(ArgumentError) as caught:
        _ = left.changes
    assert [each.code for each in caught.value.problems] == ["LR505"]


@pytest.mark.parametrize(
    ("target", "code"),
    [("points", "LR265"), ("customer.poins", "LR201"), ("customer.many", "LR242"), ("store.sold", "LR290")],
)  # fmt: skip
def test_a_change_of_what_is_no_fact_of_a_parent_is_refused(
    tmp_path: Path, target: str, code: str
) -> None:
    text = f"""
format: 1
policy: points
language: en
subjects: {{store: {{}}, customer: {{of: store}}, purchase: {{of: customer}}}}
facts:
  store:    {{sold: {{type: whole}}}}
  customer: {{points: {{type: whole}}, many: {{is: points > 5}}}}
  purchase: {{store_id: {{type: text}}}}
words: {{earn: {{kind: points.earn, adds: {{{target}: "1"}}}}}}
rules: {{earn: {{for: purchase, once_per: id, do: earn}}}}
"""
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "p.yaml")
    assert code in [each.code for each in caught.value.problems]
