# SPDX-License-Identifier: Apache-2.0
"""Tiers of menswear customers: bands of points, upgrades, downgrades and exceptions."""

import pytest

from loyaltyrules import ApprovalError, apply, approve

UP, DOWN = "tier.upgrade", "tier.downgrade_proposal"


@pytest.mark.parametrize(
    ("points", "tier"),
    [(0, "C"), (1999, "C"), (2000, "B"), (4999, "B"), (5000, "A"), (99999, "A")],
)
def test_the_bands_of_points_begin_with_their_figure(decide, customer, points, tier):
    decision = decide(customer(points_accumulated=points), "2027-03-10")
    assert decision.labels["tier"] == tier
    assert decision.ways["tier"]["points"] == tier
    assert decision.standing["tier"] == "B"


@pytest.mark.parametrize("status", ["visitor", None])
def test_who_is_no_member_has_no_tier(decide, customer, status):
    assert decide(customer(member_status=status), "2027-03-10").labels["tier"] is None


def rising(customer, **facts):
    return customer(tier="C", points_accumulated=6000, file_folder="C", **facts)


def test_enough_points_propose_one_upgrade_to_the_manager(decide, customer):
    found = decide(rising(customer), "2027-03-10").actions
    (action,) = [each for each in found if each.kind.startswith("tier.")]
    assert (action.kind, action.from_value, action.to_value) == (UP, "C", "A")
    assert (action.status, action.approver_role) == ("pending_approval", "store_manager")
    assert action.action_id == "menswear/tier.upgrade/customer/c1/C>A>2024-01-01/tier.upgrade"
    assert action.source == "TERM-TIER-11;TERM-TIER-13;TERM-TIER-16"


def upgrade(decide, record, on):
    (found,) = [each for each in decide(record, on).actions if each.kind == UP]
    return found


def test_the_named_role_approves_and_the_change_is_applied(decide, changes, plan, customer):
    record = rising(customer)
    action = upgrade(decide, record, "2027-03-10")
    approved = approve(action, by_role="store_manager", plan=plan("2027-03-12"), snapshot=record)
    assert approved == upgrade(decide, record, "2027-03-12")._replace(status="ready")
    after = apply(record, approved)
    assert after["tier"] == "A"
    assert str(after["tier_since"]) == "2027-03-12"
    assert changes(after, "2027-03-13") == []


@pytest.mark.parametrize(
    ("role", "points", "reason"),
    [
        ("area_supervisor", 6000, "wrong_role"),
        ("sales_guide", 6000, "wrong_role"),
        ("store_manager", 1000, "no_longer_due"),
        ("store_manager", 2000, "no_longer_due"),  # now an upgrade to B, another change
    ],
)
def test_another_role_or_fallen_points_are_refused(decide, plan, customer, role, points, reason):
    record = rising(customer)
    action = upgrade(decide, record, "2027-03-10")
    with pytest.raises(ApprovalError) as caught:
        approve(action, role, plan("2027-03-11"), {**record, "points_accumulated": points})
    assert caught.value.reason == reason


def test_what_awaits_no_approval_is_not_approved_twice(decide, plan, customer):
    record = rising(customer)
    ready = approve(
        upgrade(decide, record, "2027-03-10"), "store_manager", plan("2027-03-10"), record
    )
    with pytest.raises(ApprovalError) as caught:
        approve(ready, "store_manager", plan("2027-03-10"), record)
    assert caught.value.reason == "not_pending"


@pytest.mark.parametrize(
    ("last", "idle"),
    [("2025-03-10", "2026-03-10"), ("2024-02-29", "2025-02-28"), ("2025-02-28", "2026-02-28")],
)
def test_a_year_without_purchase_proposes_a_downgrade_on_that_day(changes, customer, last, idle):
    record = customer(tier="A", points_accumulated=6000, last_purchase_on=last)
    before = {"2026-03-10": "2026-03-09", "2025-02-28": "2025-02-27", "2026-02-28": "2026-02-27"}
    assert changes(record, before[idle]) == []
    assert changes(record, idle) == [(DOWN, "A", "B")]


def test_who_never_bought_is_idle_from_joining_on(changes, customer):
    record = customer(last_purchase_on=None, joined_on="2026-03-10")
    assert changes(record, "2027-03-09") == []
    assert changes(record, "2027-03-10") == [(DOWN, "B", "C")]


def test_nobody_falls_below_the_lowest_tier(changes, customer):
    record = customer(tier="C", points_accumulated=0, last_purchase_on="2020-01-01")
    assert changes(record, "2027-03-10") == []
    slow = customer(tier="C", points_accumulated=0, purchases_12m=0, purchases_prev_12m=9)
    assert changes(slow, "2027-03-10") == []


def test_one_idle_year_costs_one_tier(decide, changes, plan, customer):
    record = customer(tier="A", points_accumulated=6000, last_purchase_on="2025-03-10")
    (action,) = [e for e in decide(record, "2026-03-10").actions if e.kind == DOWN]
    assert action.action_id.split("/")[4] == "A>B>2025-03-10"
    again = [e for e in decide(record, "2026-06-01").actions if e.kind == DOWN]
    assert [each.action_id for each in again] == [action.action_id]
    after = apply(record, approve(action, "store_manager", plan("2026-03-10"), record))
    assert str(after["last_downgrade_on"]) == "2026-03-10"
    assert changes(after, "2026-03-11") == []
    assert changes(after, "2027-03-09") == []
    assert changes(after, "2027-03-10") == [(DOWN, "B", "C")]


def test_after_a_downgrade_no_upgrade_until_a_purchase(changes, customer):
    record = customer(
        points_accumulated=6000, last_purchase_on="2025-03-10", last_downgrade_on="2026-03-10"
    )
    assert changes(record, "2026-03-11") == []
    assert changes({**record, "last_purchase_on": "2026-03-10"}, "2026-04-02") == []
    assert changes({**record, "last_purchase_on": "2026-04-01"}, "2026-04-02") == [(UP, "B", "A")]


@pytest.mark.parametrize(
    ("now", "before", "slow"),
    [(2, 4, True), (3, 4, False), (1, 3, True), (2, 3, False), (0, 3, True), (0, 2, False)],
)
def test_buying_half_as_often_proposes_a_downgrade(changes, customer, now, before, slow):
    record = customer(
        tier="A", points_accumulated=6000, purchases_12m=now, purchases_prev_12m=before
    )
    assert changes(record, "2027-03-10") == ([(DOWN, "A", "B")] if slow else [])


def test_idle_and_slow_together_are_one_proposal(decide, customer):
    record = customer(
        tier="A", last_purchase_on="2025-03-10", purchases_12m=0, purchases_prev_12m=9
    )
    found = [e for e in decide(record, "2027-03-10").actions if e.kind.startswith("tier.")]
    assert [(each.rule, each.reason) for each in found] == [("tier.idle", "idle")]


def test_idle_goes_before_an_upgrade(changes, customer):
    record = customer(points_accumulated=6000, last_purchase_on="2025-03-10")
    assert changes(record, "2026-03-10") == [(DOWN, "B", "C")]


def test_an_exception_goes_before_everything_and_needs_no_approval(decide, customer):
    record = customer(
        points_accumulated=6000, last_purchase_on="2020-01-01",
        tier_override={"tier": "A", "expires_on": "2027-06-30", "reason": "friend of the house"},
    )  # fmt: skip
    found = [e for e in decide(record, "2027-03-10").actions if e.kind.startswith("tier.")]
    (action,) = found
    assert (action.kind, action.to_value, action.status) == ("tier.override_applied", "A", "ready")
    assert action.reason == "special_circumstances"
    assert action.action_id.split("/")[4] == "B>A>2027-06-30"
    assert "friend" not in str(action)


def test_an_exception_keeps_the_tier_until_it_expires(changes, customer):
    record = customer(
        tier="A", last_purchase_on="2020-01-01",
        tier_override_tier="A", tier_override_expires_on="2027-06-30",
    )  # fmt: skip
    assert changes(record, "2027-06-30") == []
    assert changes(record, "2027-07-01") == [(DOWN, "A", "B")]


def test_an_exception_longer_than_a_year_does_not_count_yet(changes, customer):
    record = customer(tier_override_tier="A", tier_override_expires_on="2028-03-11")
    assert changes(record, "2027-03-10") == []
    assert changes(record, "2027-03-11") == [("tier.override_applied", "B", "A")]


def test_an_upgrade_is_not_proposed_twice_in_a_span(changes, customer):
    assert changes(rising(customer), "2027-03-20", "2027-03-01") == [(UP, "C", "A")]
