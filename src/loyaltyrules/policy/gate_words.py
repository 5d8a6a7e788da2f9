# SPDX-License-Identifier: Apache-2.0
"""Steps of the gate that ask for a role, reason, template, gift or rule that no action has."""

from collections.abc import Iterator

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.policy.found import Found
from loyaltyrules.policy.lowering.listed import titled
from loyaltyrules.policy.lowering.roles import all_forms
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule
from loyaltyrules.problem.problem import nearest, problem

FIELDS = ("role", "reason", "template", "gift", "rule")
ACTION = "action."


def asked_in_vain(world: World, rules: list[Rule]) -> Found:
    """What a step of the gate compares a field of actions with, and none of them says."""
    known = _known(world, rules)
    for index, sieve in enumerate(world.gate):
        place = world.document.place(("gate", index, "which"))
        for field, word in dict.fromkeys(compared(sieve.which)):
            if field in known and word not in known[field]:
                listed = sorted(known[field])
                details = {"field": field, "name": word, "known": ", ".join(listed) or "–"}
                near = titled(word, world.shape.roles) if field == "role" else ""
                near = near or nearest(word, listed)
                found = problem("LR621", place, **details, near=near)
                yield found, f"gate.{field}.{word}"


def _known(world: World, rules: list[Rule]) -> dict[str, set[str]]:
    forms = all_forms(world, rules)
    known = {
        field: {text for form in forms if (text := getattr(form, field))}
        for field in FIELDS
        if field != "rule"
    }
    known["role"] |= {*world.shape.roles}
    return known | {"rule": {rule.id for rule in rules}}


def compared(which: Node) -> Iterator[tuple[str, str]]:
    """The fields that a condition compares with texts, each with the text."""
    for part in tree.walk(which):
        if isinstance(part, tree.Compare):
            yield from _pairs(part.left, [part.right])
            yield from _pairs(part.right, [part.left])
        elif isinstance(part, tree.In) and isinstance(part.options, tree.ListOf):
            yield from _pairs(part.item, [*part.options.items])


def _pairs(field: Node, others: list[Node]) -> Iterator[tuple[str, str]]:
    if isinstance(field, tree.Symbol) and field.name.startswith(ACTION):
        for each in others:
            if isinstance(each, tree.Literal) and isinstance(each.value, str):
                yield field.name.removeprefix(ACTION), each.value
