# SPDX-License-Identifier: Apache-2.0
"""Cash-back under random histories: never twice, never lost, whatever comes late, twice or out of order."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import Action, apply, compile_day, evaluate
from shipped import menswear

MENSWEAR = menswear()
STEP, VALUE = 1000, 50
PLANS: dict[date, Any] = {}  # days are compiled once
FIRST = date(2027, 3, 1)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.integers(1, 2600)),
        st.tuples(st.just("run"), st.just(0)),
        st.tuples(st.just("deliver"), st.integers(0, 9)),
        st.tuples(st.just("day"), st.integers(1, 3)),
    ),
    max_size=40,
)


class Host:
    """A till that stores one customer, and carries out each action id once."""

    def __init__(self) -> None:
        self.today = FIRST
        self.record: dict[str, Any] = {
            "id": "c1", "member_status": "formal", "points_accumulated": 0, "cashback_granted": 0,
            "cashback_available": 0, "purchases": [],
        }  # fmt: skip
        self.sent: list[Action] = []
        self.done: dict[str, Action] = {}

    def do(self, event: str, size: int) -> None:
        match event:
            case "buy":
                number = len(self.record["purchases"])
                sale = {"id": f"p{number}", "occurred_at": f"{self.today}T12:00", "amount": size}
                self.record["purchases"].append(sale)
                self.record["points_accumulated"] += size
            case "day":
                self.today += timedelta(days=size)
            case "run":
                self.sent += self.called_for()
            case "deliver" if self.sent:  # in any order, and the same one again and again
                self.carry_out(self.sent[size % len(self.sent)])

    def called_for(self) -> list[Action]:
        plan = PLANS.setdefault(self.today, compile_day(MENSWEAR, self.today))
        found = evaluate(plan, self.record).actions
        return [each for each in found if each.rule in ("cashback", "set_off")]

    def carry_out(self, action: Action) -> None:
        if action.action_id not in self.done:
            self.done[action.action_id] = action
            self.record = apply(self.record, action)

    def sum_of(self, rule: str) -> Decimal:
        return sum(
            (Decimal(a.value or 0) for a in self.done.values() if a.rule == rule), Decimal(0)
        )


@settings(max_examples=examples(120), deadline=None)
@given(events=EVENTS)
def test_cash_back_is_granted_once_a_step_and_used_once(events):
    host = Host()
    for event, size in events:
        host.do(event, size)
        earned = host.record["points_accumulated"] // STEP * VALUE
        granted, left = host.record["cashback_granted"], host.record["cashback_available"]
        assert host.sum_of("cashback") == granted <= earned
        assert 0 <= left == granted - host.sum_of("set_off")
        assert host.sum_of("set_off") <= sum(each["amount"] for each in host.record["purchases"])
    for each in host.sent:  # what was sent and not carried out yet arrives in the end
        host.carry_out(each)
    while waiting := [e for e in host.called_for() if e.action_id not in host.done]:
        host.carry_out(waiting[0])
    assert host.record["cashback_granted"] == host.record["points_accumulated"] // STEP * VALUE
    assert host.record["cashback_available"] >= 0


def test_two_full_steps_are_granted_in_one_action_and_not_again(decide):
    member = {"id": "c1", "member_status": "formal", "points_accumulated": 2350}
    (grant,) = [e for e in decide(member, "2027-03-01").actions if e.kind == "cashback.grant"]
    assert grant.value == str(2 * VALUE)
    after = apply(member, grant)
    assert (after["cashback_granted"], after["points_accumulated"]) == (2 * VALUE, 2350)
    assert not [e for e in decide(after, "2027-03-02").actions if e.kind == "cashback.grant"]


def test_redemption_lowers_the_balance_and_not_what_was_accumulated(decide):
    member = {
        "id": "c1", "member_status": "formal", "points_accumulated": 3000, "points_balance": 900,
        "redeem_item": "tie", "redeem_asked_on": "2027-03-01", "cashback_granted": 150,
    }  # fmt: skip
    (redeemed,) = of_redemption(decide(member, "2027-03-01"))
    after = apply(member, redeemed)
    assert (after["points_balance"], after["points_accumulated"]) == (100, 3000)
    (refused,) = of_redemption(decide(after, "2027-03-01"))
    assert (refused.kind, refused.reason) == ("deny", "no_redemption")


def of_redemption(decision: Any) -> list[Action]:
    return [each for each in decision.actions if each.rule.startswith("redeem")]
