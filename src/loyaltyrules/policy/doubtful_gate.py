# SPDX-License-Identifier: Apache-2.0
"""Steps of the gate that cannot do what they say: they stand in the wrong order, or have nothing to send."""

from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.policy.action_fields import fields_of
from loyaltyrules.policy.found import Found
from loyaltyrules.policy.lowering.roles import forms_of
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ActionForm, Cap, Hold, Merge, Rule, Sieve
from loyaltyrules.problem.problem import problem


def untold_before(world: World, rules: list[Rule]) -> Found:
    """What a step before suppresses on other days is not known where days are merged."""
    used = [(form, rule) for rule in rules for form in forms_of(rule)]
    for index, sieve in enumerate(world.gate):
        if not isinstance(sieve, Merge) or sieve.across is None:
            continue
        for other in world.gate[:index]:
            whole = isinstance(other, Cap) or (isinstance(other, Merge) and other.across is None)
            if whole and any(_both(world, (sieve, other), each) for each in used):
                place = world.document.place(("gate", index, "merge"))
                yield problem("LR634", place, sieve=other.id), f"gate.{index}"
                break


def no_way_out(world: World, rules: list[Rule]) -> Found:
    """A step that sends actions their own way out, where none of them has any."""
    used = [(form, rule) for rule in rules for form in forms_of(rule) if form.instead]
    for index, sieve in enumerate(world.gate):
        own = isinstance(sieve, Hold) and sieve.own
        if own and not any(_speaks(world, sieve, each) for each in used):
            place = world.document.place(("gate", index, "instead"))
            yield problem("LR635", place, sieve=sieve.id), f"gate.{index}"


Used = tuple[ActionForm, Rule]


def _both(world: World, sieves: tuple[Sieve, Sieve], used: Used) -> bool:
    return all(_speaks(world, each, used) for each in sieves)


def _speaks(world: World, sieve: Sieve, used: Used) -> bool:
    """True where a step may speak of an action of a rule."""
    form, rule = used
    return fold(sieve.which, fields_of(form, rule.id), world.functions) != tree.NO
