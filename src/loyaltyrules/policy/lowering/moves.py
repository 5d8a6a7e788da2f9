# SPDX-License-Identifier: Apache-2.0
"""Moves of labels: rules of which at most one holds."""

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of
from loyaltyrules.expression.types import YES_NO, Type
from loyaltyrules.policy.lowering.was import former
from loyaltyrules.policy.lowering.words import forms_of, item_path
from loyaltyrules.policy.lowering.world import World, grounds, titles
from loyaltyrules.policy.model import Label, Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import MoveShape


def lower_moves(world: World) -> list[Rule]:
    """One rule a move; each holds only where no move above it does."""
    rules: list[Rule] = []
    for name, shape in world.shape.labels.items():
        above: list[Node] = []
        for move, each in shape.moves.items():
            if name in world.labels:
                rules.append(_move(world, world.labels[name], move, each, above))
    return rules


def _move(world: World, label: Label, name: str, shape: MoveShape, above: list[Node]) -> Rule:
    path: Path = ("labels", label.name, "moves", name)
    subject, kind = label.subject, Type("word", words=label.words)
    test = world.expression(shape.if_, (*path, "if"), subject, YES_NO)
    to = world.expression(shape.to, (*path, "to"), subject, kind)
    since = world.expression(shape.since, (*path, "since"), subject)
    standing = tree.FactRef(label.standing or label.name, kind)
    world.written_at(("labels", label.name, "standing"), standing)
    label_path = ("labels", label.name, "if")
    member = world.expression(world.shape.labels[label.name].if_, label_path, subject, YES_NO)
    condition = all_of(member, test, *(tree.Not(each) for each in above))
    above.append(test)
    over = {"role": shape.role, "approver": shape.approver, "reason": shape.reason or name}
    forms = tuple(
        form
        for index, word in enumerate(shape.do)
        for form in forms_of(world, word, item_path((*path, "do"), index, shape.do), subject,
                             grounds(shape), over, from_value=standing, to_value=to)
    )  # fmt: skip
    return Rule(
        f"{label.name}.{name}", subject, "while", condition, forms, None,
        (standing, to, since), ">", grounds=grounds(shape),
        titles=titles(shape.title, world.shape.language), place=world.document.key_place(path),
        was=former((label.name, label.was), (name, shape.was)),
    )  # fmt: skip
