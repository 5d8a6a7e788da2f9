# SPDX-License-Identifier: Apache-2.0
"""Proof before any timing: the library and the code by hand decide the same."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.eight_rules import by_hand
from benchmarks.eight_rules.customers import customers
from benchmarks.peers.day import Peer
from loyaltyrules import DayPlan, Decision, compile_day, evaluate, load_policy

POLICY = Path(__file__).parent / "eight_rules"
DAYS = {
    "Spring Festival eve": date(2027, 2, 5),
    "ordinary day": date(2027, 3, 17),
    "28 February, common year": date(2027, 2, 28),
    "28 February, leap year": date(2028, 2, 28),
    "29 February": date(2028, 2, 29),
    "eve of Teachers' Day": date(2026, 9, 9),
    "eve of Army Day": date(2026, 7, 31),
    "eve of Mid-Autumn": date(2026, 9, 24),
    "New Year's Eve": date(2027, 12, 31),
}
UPGRADE = {
    "id": "9", "tier": "B", "tier_since": "2025-04-01", "points_accumulated": 5000,
    "last_purchase_on": "2027-03-01", "purchases_12m": 4, "purchases_prev_12m": 4,
}  # fmt: skip
UPGRADE_ID = "eight_rules/tier.upgrade/customer/9/B>A>2025-04-01/tier.upgrade"


def stated(decision: Decision) -> set[tuple[Any, ...]]:
    """What matters of the actions of the library, in the order of the fields by hand."""
    return {
        (a.action_id, a.rule, a.kind, a.channel, a.template, a.gift, a.to_value, a.status,
         a.due_on, a.reason, a.occurrence)
        for a in (*decision.actions, *decision.suppressed)
    }  # fmt: skip


def prove(count: int = 5000) -> int:
    """Compare every customer on every day, validated and raw; the number of actions compared.

    Raises:
        AssertionError: a customer for whom they differ, with both results.
    """
    policy = load_policy(POLICY)
    actions = 0
    for on in DAYS.values():
        plan, day = compile_day(policy, on), by_hand.prepare(on)
        actions += _compared(plan, day, customers(count, on, seed=1))
    _upgrade(compile_day(policy, DAYS["ordinary day"]))
    return actions


def prove_peer(peer: Peer, count: int = 2000) -> int:
    """Compare a peer with the code by hand, on every day; the number of actions compared.

    Raises:
        AssertionError: a customer for whom they differ, with both results.
    """
    actions = 0
    for on in DAYS.values():
        day = by_hand.prepare(on)
        decide = peer.decider(day)
        for customer in map(by_hand.read, customers(count, on, seed=1)):
            tier, acts = decide(peer.given(customer))
            expected, right = by_hand.decide(customer, day)
            assert (tier, {*acts}) == (expected, {*right}), (peer, customer, acts, right)
            actions += len(acts)
    return actions


def _compared(
    plan: DayPlan, day: by_hand.Prepared, records: Iterable[Mapping[str, Any]]
) -> int:  # fmt: skip
    actions = 0
    for record in records:
        label, acts = by_hand.decide_raw(record, day)
        for given in (record, plan.snapshot(record)):
            decision = evaluate(plan, given)
            found = stated(decision), decision.labels["tier"]
            assert found == (set(acts), label), (plan, record, found, acts, label)
        actions += len(acts)
    return actions


def _upgrade(plan: DayPlan) -> None:
    label, (act,) = by_hand.decide_raw(UPGRADE, by_hand.prepare(plan.on))
    (action,) = evaluate(plan, UPGRADE).actions
    assert (label, act[0], action.action_id) == ("A", UPGRADE_ID, UPGRADE_ID), (act, action)
