# SPDX-License-Identifier: Apache-2.0
"""Shares of a whole, weights and targets: each within what it can be, on every day."""

from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, facts_in, type_of
from loyaltyrules.expression.types import SHARE
from loyaltyrules.expression.types import WHOLE as COUNT
from loyaltyrules.expression.written import shown
from loyaltyrules.policy.lowering.musts import first_day_against
from loyaltyrules.policy.lowering.musts import holds as value_on
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Parameter
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import problem
from loyaltyrules.problem.render import WRITE

NONE, WHOLE = tree.Literal(0, SHARE), tree.Literal(1, SHARE)
OF_THE_WHOLE = "a share of a whole lies between 0% and 100%, and is written like 20%"
BELOW_NOTHING = "a weight is never below zero"
NO_GAIN = "what work costs is never below zero"
ALWAYS_REACHED = "a target of zero or below is always reached"


def check_share(world: World, share: Node, path: Path) -> None:
    """A share of a group is a part of it, or all of it."""
    for rule in (tree.Compare(">=", share, NONE), tree.Compare("<=", share, WHOLE)):
        _must(world, share, rule, path, OF_THE_WHOLE)


def check_count(world: World, number: Node, path: Path) -> Node:
    """A number of what is counted; a share or a figure with decimals is none."""
    whole = tree.Compare("=", tree.Call("floor", (number,), COUNT), number)
    if type_of(number).kind == "share" or first_day_against(world, whole) is not None:
        details: dict[str, Any] = {"found": type_of(number), "expected": COUNT, "why": WRITE[""]}
        figure = _figure(world, number)
        if figure:
            found = problem("LR203", world.document.place(path), **details)
            world.figures.misfit(found, figure.name)
        else:
            world.fault("LR203", path, **details)
    return number


def _figure(world: World, node: Node) -> Parameter | None:
    """The figure of the policy that an expression is, if it is one."""
    return world.parameters.get(node.name) if isinstance(node, tree.Symbol) else None


def check_target(world: World, target: Node, path: Path) -> None:
    """A target that is to be reached lies above zero."""
    zero = tree.Literal(0, type_of(target))
    _must(world, target, tree.Compare(">", target, zero), path, ALWAYS_REACHED)


def check_cost(world: World, cost: Node, path: Path) -> None:
    """What work costs, or how long it takes, is never below zero."""
    _must(world, cost, tree.Compare(">=", cost, tree.Literal(0, type_of(cost))), path, NO_GAIN)


def check_weights(world: World, weights: dict[str, Node], path: Path, whole: bool) -> None:
    """Weights are the same for all records; those of a `whole` are its shares, and sum to it."""
    for name, weight in weights.items():
        here = (*path, name, "weight")
        if facts_in(weight):
            world.fault("LR157", here, name=name, found=", ".join(map(repr, facts_in(weight))))
        elif whole:
            check_share(world, weight, here)
        else:
            _must(world, weight, tree.Compare(">=", weight, NONE), here, BELOW_NOTHING)
    if whole and weights:
        _check_sum(world, weights, path)


def _check_sum(world: World, weights: dict[str, Node], path: Path) -> None:
    """Weights of another sum than the whole would be stretched in silence."""
    added = reduce(lambda a, b: tree.Arithmetic("+", a, b, SHARE), weights.values())
    day = first_day_against(world, tree.Compare("=", added, WHOLE))
    if day is not None:
        said = ", ".join(f"{n} {_said(world, each, day)}" for n, each in weights.items())
        world.fault("LR258", path, key=True, weights=f"{said}{_since(day)}")


def _must(world: World, figure: Node, rule: Node, path: Path, why: str) -> None:
    day = first_day_against(world, rule)
    if day is not None:
        found = f"{_said(world, figure, day)}{_since(day)}"
        named = _figure(world, figure)
        here, name = (_at(named, day), named.name) if named else (path, path[-1])
        world.fault("LR155", here, name=name, found=found, why=why)


def _at(figure: Parameter, day: date) -> Path:
    """Where the value of a figure stands that is in force on a day."""
    since = max((since for since, _ in figure.values if since <= day), default=date.min)
    path: Path = ("parameters", figure.name)
    return (*path, "value") if since == date.min else (*path, "values", since.isoformat())


def _since(day: date) -> str:
    return "" if day == date.min else f" ({day})"


def _said(world: World, figure: Node, day: date) -> str:
    """A figure as it is on a day; shares as percent."""
    value = value_on(world, figure, day)
    if type_of(figure).kind == "share" and isinstance(value, int | Decimal):
        return f"{shown(Decimal(value) * 100)}%"
    return shown(value)
