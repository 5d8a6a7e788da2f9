# SPDX-License-Identifier: Apache-2.0
"""Festival visits of the menswear policy: which tier gets what, and on which day."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import effort

RUNS = ("2027-02-02", "2027-02-03", "2027-02-04", "2027-02-05")
SPRING = {
    "A": {"call": "02-05", "gift.home_delivery": "02-05"},
    "B": {"message.send:sms": "02-06", "gift.collect_in_store": "02-05"},
    "C": {"card.mail": "02-02", "message.send:sms": "02-06", "message.send:email": "02-06"},
}


@pytest.mark.parametrize("tier", "ABC")
def test_spring_festival_gives_each_tier_its_cell(care, customer, tier):
    found: dict[str, str] = {}
    for day in RUNS:
        found |= care(customer(tier=tier), day)
    assert found == SPRING[tier]


@pytest.mark.parametrize(
    ("tier", "by_day"),
    [("A", [0, 0, 0, 2]), ("B", [0, 0, 0, 2]), ("C", [1, 0, 0, 2])],
)
def test_posted_items_open_three_days_before_the_eve_and_the_rest_on_it(
    care, customer, tier, by_day
):
    assert [len(care(customer(tier=tier), day)) for day in RUNS] == by_day


@pytest.mark.parametrize("tier", "ABC")
def test_the_festival_itself_adds_nothing(care, customer, tier):
    for day in ("2027-02-01", "2027-02-06", "2027-02-07"):
        assert care(customer(tier=tier), day) == {}


@pytest.mark.parametrize("tier", "ABC")
def test_one_run_gives_the_same_ids_as_the_daily_ones(decide, customer, tier):
    daily = {e.action_id for day in RUNS for e in decide(customer(tier=tier), day).actions}
    once = decide(customer(tier=tier), "2027-02-05", "2027-02-01")
    assert {each.action_id for each in once.actions} == daily
    after = decide(customer(tier=tier), "2027-02-06", "2027-02-01")
    assert {each.action_id for each in after.actions} == daily


def test_an_action_tells_its_cell_and_its_grounds(decide, customer):
    found = decide(customer(tier="A"), "2027-02-05").actions
    (call,) = [each for each in found if each.kind == "call"]
    assert call.action_id == (
        "menswear/festivals.spring_festival.A/customer/c1/2027-02-06/call:phone:call_festival"
    )
    assert (call.role, call.status, call.store_id) == ("sales_guide", "ready", "s1")
    assert str(call.window_end) == "2027-02-06"
    assert call.source == "TERM-FEST-SPR-01;TERM-FEST-SPR-02;TERM-FEST-SPR-03;TERM-FEST-SPR-05"
    assert "13800000001" not in str(found)


def test_a_run_after_the_festival_lists_what_was_missed_as_expired(decide, customer):
    late = decide(customer(tier="A"), "2027-02-10", "2027-02-01")
    assert {each.reason for each in late.suppressed} == {"expired"}
    assert {each.kind for each in late.suppressed} == {"call", "gift.home_delivery"}


def test_dragon_boat_of_2028_is_in_may(care, customer):
    assert care(customer(tier="A"), "2028-05-27") == {
        "call": "05-27", "message.send:email": "05-28", "gift.home_delivery": "05-27",
    }  # fmt: skip
    assert care(customer(tier="C"), "2028-05-24") == {"card.mail": "05-24"}


@pytest.mark.parametrize(("consent", "reason"), [(False, "no_consent"), (None, "consent_unknown")])
def test_without_consent_nothing_goes_out_but_it_is_listed(decide, customer, consent, reason):
    decision = decide(customer(tier="A", consent_marketing=consent), "2027-02-05")
    festival = [e for e in decision.suppressed if e.rule.startswith("festivals")]
    assert {(each.reason, each.suppressed_by) for each in festival} == {(reason, "gate.no_consent")}
    assert len(festival) == 2
    assert not [each for each in decision.actions if each.rule.startswith("festivals")]


def test_a_vacant_number_holds_the_call_and_asks_for_another(care, decide, customer):
    record = customer(tier="A", phone_status="vacant")
    assert care(record, "2027-02-05") == {
        "gift.home_delivery": "02-05",
        "task.update_phone": "02-05",
    }
    assert care(record, "2027-02-05", held=True) == {"call": "02-05"}


def test_a_missing_address_blocks_the_gift_and_asks_for_it(decide, customer):
    found = decide(customer(tier="A", address_home=None), "2027-02-05").actions
    assert [(e.kind, e.status, e.reason) for e in found if e.rule.startswith("festivals")] == [
        ("call", "ready", None),
        ("gift.home_delivery", "blocked_missing_data", "missing_data:address_home"),
        ("task.get_address", "ready", None),
    ]


def test_valentine_has_no_sms_text_yet_and_the_rest_goes_on(decide, customer):
    found = decide(customer(tier="B"), "2027-02-13").actions
    assert {
        (each.kind, each.channel): each.status for each in found if "valentine" in each.rule
    } == {
        ("message.send", "sms"): "blocked_missing_template",
        ("message.send", "email"): "ready",
        ("gift.collect_in_store", "in_store"): "ready",
    }


@pytest.mark.parametrize(
    ("occupation", "eve", "post"),
    [("teacher", "2027-09-09", "2027-09-06"), ("soldier", "2027-07-31", "2027-07-28")],
)
def test_teachers_and_soldiers_are_greeted_on_their_day(care, customer, occupation, eve, post):
    record = customer(occupation=occupation)
    assert care(record, post) == {"gift.mail": post[5:]}
    assert list(care(record, eve)) == ["message.send:sms"]
    assert care(customer(occupation="tailor"), eve) == {}


def test_visitors_who_left_a_number_are_greeted_at_spring_festival_alone(care, decide, customer):
    visitor = customer(member_status="visitor", tier=None)
    assert care(visitor, "2027-02-05") == {"message.send:sms": "02-06"}
    (sms,) = [e for e in decide(visitor, "2027-02-05").actions if e.kind == "message.send"]
    assert sms.template == "sms_spring_festival_visitor"
    assert care(visitor, "2028-05-27") == {}


def test_temporary_members_are_treated_as_tier_c(care, customer):
    temporary = customer(member_status="temporary", tier=None, points_accumulated=900)
    assert care(temporary, "2027-02-02") == {"card.mail": "02-02"}


def test_the_standing_tier_is_treated_until_a_change_is_approved(care, customer):
    record = customer(tier="C", points_accumulated=9000)
    assert care(record, "2027-02-02") == {"card.mail": "02-02"}


SCRIPT = """
from datetime import date
from loyaltyrules import compile_day, evaluate, load_policy
plan = compile_day(load_policy("policies/menswear"), date(2027, 2, 20), date(2027, 1, 20))
for tier in "ABC":
    record = dict(id="c1", tier=tier, member_status="formal", consent_marketing=True,
                  points_accumulated=6000, mobile_phone="1", phone_status="vacant",
                  consent_channels=["sms", "email"], last_purchase_on="2026-12-01")
    decision = evaluate(plan, record)
    print(decision.to_dict())
"""


@effort.ALL
def test_the_seed_of_hashes_changes_no_byte():
    root = Path(__file__).parents[2]
    told = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "4711")
    ]  # fmt: skip
    assert told[0] == told[1]
    assert b"invalid_phone" in told[0]
