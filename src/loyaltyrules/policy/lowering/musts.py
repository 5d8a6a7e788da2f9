# SPDX-License-Identifier: Apache-2.0
"""The relations that figures must keep, on every day that changes one of them."""

from datetime import date

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, facts_in, symbols_in
from loyaltyrules.expression.types import YES_NO
from loyaltyrules.expression.written import shown
from loyaltyrules.policy.lowering.forbidden import refuse_words
from loyaltyrules.policy.lowering.world import World, titles
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import MustShape
from loyaltyrules.policy.written import Relation
from loyaltyrules.problem.language import choose


def check_musts(world: World, force: tuple[date | None, date | None]) -> None:
    """Relations between figures, on the first day in force and on every day that changes one; and texts."""
    for index, shape in enumerate(world.shape.must):
        path: Path = ("must", index)
        if shape.rule is None:
            _of_texts(world, shape, path)
            continue
        rule = world.expression(shape.rule, (*path, "rule"), "policy", YES_NO)
        if "today" in symbols_in(rule):  # figures hold together whatever day it is
            world.fault("LR201", (*path, "rule"), name="today", near="")
        day = first_day_against(world, rule, *force)
        if day is not None:
            _report(world, shape, shape.rule, (*path, "rule"), day)


def _of_texts(world: World, shape: MustShape, path: Path) -> None:
    """Words that texts must not have; an entry that says neither texts nor a rule says nothing."""
    if shape.texts is None and shape.never is None:
        world.fault("LR141", path, name="rule")
    else:
        refuse_words(world, shape, path)


def first_day_against(
    world: World, rule: Node, first: date | None = None, last: date | None = None
) -> date | None:
    """The first day on which a relation between figures does not hold."""
    days = days_of(world, rule, first, last)
    return next((day for day in days if holds(world, rule, day) is False), None)


def days_of(world: World, rule: Node, first: date | None, last: date | None) -> list[date]:
    """The days on which a relation is to hold: the first, and each that changes a figure of it."""
    world.relations.append(Relation(rule, first, last))
    named = [world.parameters[name] for name in symbols_in(rule) if name in world.parameters]
    if any(each.type.kind == "unknown" for each in named):  # a fault in it was told already
        return []
    start, end = first or date.min, last or date.max
    changes = {since for parameter in named for since, _ in parameter.values}
    return sorted({start, *(day for day in changes if start <= day <= end)})


def holds(world: World, rule: Node, day: date) -> object:
    """What a relation comes to on a day; None where it asks for a fact, or what day it is."""
    figures: dict[str, Node] = {
        name: tree.Literal(each.on(day), each.type) for name, each in world.parameters.items()
    }
    folded = fold(rule, figures, world.functions)
    open_ = facts_in(folded) or symbols_in(folded)
    return None if open_ else evaluator(folded, world.functions)({})


def _report(world: World, shape: MustShape, rule: str, path: Path, day: date) -> None:
    language = world.shape.language
    said = choose(titles(shape.say, language), language, rule)
    since = "" if day == date.min else f" ({day})"
    named = [each for each in world.parameters.values() if each.name in rule]
    values = ", ".join(f"{each.name} {shown(each.on(day))}" for each in named)
    world.fault("LR234", path, rule=rule, say=f"{said}{since}", values=values)
