# SPDX-License-Identifier: Apache-2.0
"""The gate, and the relations that figures must keep."""

from datetime import date

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluate import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, facts_in, symbols_in
from loyaltyrules.expression.types import TEXT, WHOLE, YES_NO, Type
from loyaltyrules.expression.written import shown
from loyaltyrules.policy.lowering.words import form_of
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import Sieve
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import MustShape, SieveShape
from loyaltyrules.problem.language import choose
from loyaltyrules.problem.problem import nearest

ACTION_FIELDS = (
    "kind",
    "channel",
    "purpose",
    "template",
    "gift",
    "role",
    "reason",
    "rule",
    "due_on",
)
EFFECTS = ("hold", "merge", "cap", "approve")


def lower_gate(world: World) -> tuple[Sieve, ...]:
    """The sieves in their written order."""
    found = []
    symbols = _action_symbols(world)
    for index, shape in enumerate(world.shape.gate):
        path: Path = ("gate", index)
        effects = [each for each in EFFECTS if getattr(shape, each) is not None]
        if len(effects) != 1:
            world.fault("LR136", path)
            continue
        found.append(_sieve(world, shape, effects[0], path, symbols))
    return tuple(found)


def _action_symbols(world: World) -> dict[str, Node]:
    """Fields of an action that a sieve may read; an unset field is missing, never unknown."""
    words = world.shape.words.values()
    vocabularies = {
        "kind": {*KINDS, *(each.kind for each in words)},
        "channel": {*CHANNELS, *(each.channel for each in words if each.channel)},
        "purpose": {each.purpose for each in words if each.purpose},
    }
    symbols: dict[str, Node] = {
        name: tree.Symbol(f"action.{name}", TEXT)
        for name in ("template", "gift", "role", "reason", "rule")
    }
    for name, known in vocabularies.items():
        symbols[name] = tree.Symbol(f"action.{name}", Type("word", words=tuple(sorted(known))))
    return symbols | {"priority": tree.Symbol("action.priority", WHOLE)}


def _sieve(
    world: World, shape: SieveShape, effect: str, path: Path, symbols: dict[str, Node]
) -> Sieve:
    which = world.expression(shape.which, (*path, "which"), "customer", YES_NO, symbols)
    reason = (
        shape.hold or {"merge": "merged", "cap": "frequency_cap", "approve": "approval"}[effect]
    )
    for name in shape.merge or []:
        if name not in ACTION_FIELDS:
            near = nearest(name, ACTION_FIELDS)
            world.fault("LR232", (*path, "merge"), name=name, near=near)
    most = already = None
    if shape.cap:
        most = world.expression(shape.cap, (*path, "cap"), "customer", WHOLE)
    if shape.already:
        already = world.expression(shape.already, (*path, "already"), "customer", WHOLE)
    instead = None
    if shape.instead:
        here = (*path, "instead")
        instead = form_of(world, shape.instead, here, "customer", grounds(shape), {})
    return Sieve(
        f"gate.{reason}", effect, which, reason, shape.unknown, tuple(shape.merge or ()),
        most, already, instead, shape.approve, grounds(shape),
    )  # fmt: skip


def check_musts(world: World, force: tuple[date | None, date | None]) -> None:
    """Relations between figures, on the first day in force and on every day that changes one."""
    for index, shape in enumerate(world.shape.must):
        path: Path = ("must", index)
        rule = world.expression(shape.rule, (*path, "rule"), "policy", YES_NO)
        for day in _days(world, rule, *force):
            if _holds(world, rule, day) is False:
                _report(world, shape, (*path, "rule"), day)
                break


def _days(world: World, rule: Node, first: date | None, last: date | None) -> list[date]:
    named = [world.parameters[name] for name in symbols_in(rule) if name in world.parameters]
    start, end = first or date.min, last or date.max
    changes = {since for parameter in named for since, _ in parameter.values}
    return sorted({start, *(day for day in changes if start <= day <= end)})


def _holds(world: World, rule: Node, day: date) -> object:
    figures: dict[str, Node] = {
        name: tree.Literal(each.on(day), each.type) for name, each in world.parameters.items()
    }
    folded = fold(rule, figures, world.functions)
    return None if facts_in(folded) else evaluator(folded, world.functions)({})


def _report(world: World, shape: MustShape, path: Path, day: date) -> None:
    said = choose(shape.say, world.shape.language, shape.rule)
    since = "" if day == date.min else f" ({day})"
    named = [each for each in world.parameters.values() if each.name in shape.rule]
    values = ", ".join(f"{each.name} {shown(each.on(day))}" for each in named)
    world.fault("LR234", path, rule=shape.rule, say=f"{said}{since}", values=values)
