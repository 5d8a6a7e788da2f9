# SPDX-License-Identifier: Apache-2.0
"""What every peer is given and spared: facts as numbers and text before, actions with ids after.

A peer evaluates the conditions of the eight rules, compiled for the day as those by hand are, and
gives eight words: the tier by points, the change of tier, the cells of festival, birthday,
after-sale and occupation, and the gate's verdicts on consent and number; "" where nothing holds.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from benchmarks.eight_rules import by_hand

Given: TypeAlias = tuple[by_hand.Customer, Any]
Decided: TypeAlias = tuple[str, list[by_hand.Act]]
Decider: TypeAlias = Callable[[Given], Decided]


class Peer(NamedTuple):
    """`given` makes a validated customer into what the peer reads; `decider` compiles a day."""

    given: Callable[[by_hand.Customer], Given]
    decider: Callable[[by_hand.Prepared], Decider]


def facts(customer: by_hand.Customer) -> dict[str, Any]:
    """The facts that the rules ask: dates are day numbers, what is missing is None."""
    bought, joined, born = customer.last_purchase_on, customer.joined_on, customer.date_of_birth
    return {
        "points": customer.points,
        "tier": customer.tier,
        "bought": bought and bought.toordinal(),
        "joined": joined and joined.toordinal(),
        "now": customer.purchases_12m,
        "before": customer.purchases_prev_12m,
        "birth_month": born and born.month,
        "birth_day": born and born.day,
        "occupation": customer.occupation,
        "consent": customer.consent,
        "phone": customer.mobile_phone,
        "phone_status": customer.phone_status,
    }


class Today(NamedTuple):
    """The constants of a day, as a peer's conditions name them."""

    idle_cut: int
    birth_month: int
    birth_days: tuple[int, ...]
    festival: tuple[str, ...]  # tiers that the day greets
    occupation: tuple[str, ...]
    after_sale: tuple[int, ...]  # day numbers of the purchases that are followed up today


def today(day: by_hand.Prepared) -> Today:
    return Today(
        day.idle_cut.toordinal(), day.birth_month, day.birth_days,
        tuple(map(str, day.festival)), tuple(map(str, day.occupation)),
        tuple(bought.toordinal() for bought in day.after_sale if bought),
    )  # fmt: skip


def stating(day: by_hand.Prepared) -> Callable[[by_hand.Customer, Sequence[str]], Decided]:
    """Make the eight words of a customer into actions, as quickly as it is done by hand."""
    cells = _cells(day)

    def state(customer: by_hand.Customer, words: Sequence[str]) -> Decided:
        tier, move, festival, birthday, after_sale, occupation, consent, number = words
        acts: list[by_hand.Act] = []
        if move:
            acts.append(_moved(customer, day, move, tier))
        for name in (festival, birthday, after_sale, occupation):
            if name:
                _send(customer, cells[name], consent, number, acts)
        return tier, acts

    return state


def _cells(day: by_hand.Prepared) -> dict[str, by_hand.Cell]:
    sales = {bought.toordinal(): cell for bought, cell in day.after_sale.items() if bought}
    groups: dict[str, Any] = {
        "festival": day.festival, "birthday": day.birthday, "after_sale": sales,
        "occupation": day.occupation,
    }  # fmt: skip
    return {f"{name}.{key}": cell for name, group in groups.items() for key, cell in group.items()}


def _moved(
    customer: by_hand.Customer, day: by_hand.Prepared, move: str, computed: str
) -> by_hand.Act:
    tier = customer.tier or ""
    to = computed if move == "upgrade" else "B" if tier == "A" else "C"
    idle_since = customer.last_purchase_on or customer.joined_on
    since = idle_since if move == "idle" else customer.tier_since
    rule = f"tier.{move}"
    kind = rule if move == "upgrade" else "tier.downgrade_proposal"
    occurrence = f"{tier}>{to}>{since or 'none'}"
    return (
        f"{by_hand.POLICY}/{rule}/customer/{customer.id}/{occurrence}/{kind}",
        rule, kind, None, None, None, to, by_hand.PENDING, day.today, move, occurrence,
    )  # fmt: skip


def _send(
    customer: by_hand.Customer, cell: by_hand.Cell, consent: str, number: str,
    acts: list[by_hand.Act],
) -> None:  # fmt: skip
    for (
        prefix, suffix, rule, kind, channel, template, gift, due_on, occurrence, by_phone
    ) in cell:  # fmt: skip
        reason = consent or (number if by_phone else "") or None
        held = consent or reason == "invalid_phone"
        status = by_hand.SUPPRESSED if held else by_hand.BLOCKED if reason else by_hand.READY
        acts.append((
            f"{prefix}{customer.id}{suffix}", rule, kind, channel, template, gift, None,
            status, due_on, reason, occurrence,
        ))  # fmt: skip
