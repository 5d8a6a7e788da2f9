# SPDX-License-Identifier: Apache-2.0
"""Times that end before they begin never come: they are told where they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import DATED, Type
from loyaltyrules.expression.written import shown
from loyaltyrules.policy.lowering.musts import days_of, holds
from loyaltyrules.policy.lowering.world import World, parted
from loyaltyrules.policy.reader.model import Path

Pair = tuple[str, str]  # columns: the day on which something begins, and that on which it ends
NAMED: tuple[Pair, ...] = (
    ("from", "to"), ("from", "until"), ("since", "until"), ("starts", "ends"), ("start", "end"),
    ("begins", "ends"), ("begin", "end"), ("opens", "closes"),
)  # fmt: skip
Bound = tuple[Node, Node]  # the first is not after the second


def refuse_past(world: World, force: tuple[date | None, date | None]) -> None:
    """Tell of times that are over before they begin: when the policy is in force, and in conditions.

    Columns of reference tables between which a condition asks for a day are noted with their table.
    """
    if force[0] and force[1] and force[1] < force[0]:
        here: Path = ("in_force", "to")
        world.fault("LR486", here, name=here[0], first=force[0], last=force[1])
        return
    asked = {name: dict.fromkeys(_named(table.columns)) for name, table in world.tables.items()}
    for node, path in [*world.written.values()]:
        for first, last in _windows(node):
            match first, last:
                case tree.Symbol(begins), tree.Symbol(ends) if parted(begins)[0] in world.tables:
                    table, column = parted(begins)
                    if parted(ends)[0] == table:
                        asked[table][column, parted(ends)[1]] = None
                case _ if _is_figure(world, first) and _is_figure(world, last):
                    _refuse_figures(world, path, (first, last), force)
    for name, pairs in asked.items():
        world.tables[name] = replace(world.tables[name], windows=tuple(sorted(pairs)))


def _named(columns: Sequence[tuple[str, Type]]) -> Iterator[Pair]:
    """Columns whose names say that one of them begins what the other ends: `active_from`, `active_to`."""
    dated = [name for name, kind in columns if kind.kind in DATED]
    for name in dated:
        parts = name.split("_")
        for begins, ends in NAMED:
            other = "_".join(ends if part == begins else part for part in parts)
            if other != name and other in dated:
                yield name, other


def _windows(node: Node) -> Iterator[Bound]:
    """Between which days a condition asks for a day: `a <= today and today <= b`."""
    for each in tree.walk(node):
        if isinstance(each, tree.And):
            bounds = [bound for part in each.items for bound in _bounds(part)]
            for low, day in bounds:
                yield from ((low, high) for other, high in bounds if other == day and low != high)


def _bounds(node: Node) -> Iterator[Bound]:
    match node:
        case tree.Compare("<" | "<=", left, right):
            found = left, right
        case tree.Compare(">" | ">=", left, right):
            found = right, left
        case _:
            return
    if all(type_of(each).kind in DATED for each in found):
        yield found


def _is_figure(world: World, node: Node) -> bool:
    """True of a day that the policy itself says."""
    return isinstance(node, tree.Literal) or (
        isinstance(node, tree.Symbol) and node.name in world.parameters
    )


def _refuse_figures(
    world: World, path: Path, window: Bound, force: tuple[date | None, date | None]
) -> None:
    """Tell of days that are the wrong way round for as long as they have values."""
    rule = tree.Compare("<=", *window)
    told = {day: holds(world, rule, day) for day in days_of(world, rule, *force)}
    wrong = [day for day, held in told.items() if held is False]
    if not wrong or True in told.values():
        return
    first, last = (_on(world, each, wrong[0]) for each in window)
    named = [each.name for each in window if isinstance(each, tree.Symbol)]
    here = ("parameters", named[-1]) if named else path
    name = named[-1] if named else ".".join(map(str, path))
    world.fault("LR486", here, key=bool(named), name=name, first=first, last=last)


def _on(world: World, node: Node, day: date) -> str:
    if isinstance(node, tree.Symbol):
        return shown(world.parameters[node.name].on(day))
    return shown(node.value) if isinstance(node, tree.Literal) else ""
