# SPDX-License-Identifier: Apache-2.0
"""Places that a step of the gate keeps in vain, or for less than its author may think."""

from loyaltyrules.policy.found import Found, at
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ONE_DAY, Cap, Reserve, Rule, Sieve


def places_in_vain(world: World, rules: list[Rule]) -> Found:
    """What is kept free today is of no use tomorrow where the cap counts one day alone."""
    for index, sieve in enumerate(world.gate):
        cap = _cap_behind(world.gate[index:]) if isinstance(sieve, Reserve) else None
        if cap is not None and cap.window == ONE_DAY and cap.already is None:
            yield at(world, "LR632", ("gate", index, "reserve"))


def _cap_behind(sieves: tuple[Sieve, ...]) -> Cap | None:
    return next((e for e in sieves if isinstance(e, Cap) and e.most is not None), None)


def unseen_ahead(world: World, rules: list[Rule]) -> Found:
    """What comes is asked of the customer: rules for other records are not looked at."""
    for index, sieve in enumerate(world.gate):
        if isinstance(sieve, Reserve):
            purpose = sieve.purpose
            unseen = [
                rule.id for rule in rules if rule.subject != "customer" and _has(rule, purpose)
            ]
            if unseen:
                named = ", ".join(unseen[:3]) + (", …" if len(unseen) > 3 else "")
                path = ("gate", index, "for")
                yield at(world, "LR633", path, name=purpose, rules=named)


def _has(rule: Rule, purpose: str) -> bool:
    return rule.mode == "at" and any(form.purpose == purpose for form in rule.actions)
