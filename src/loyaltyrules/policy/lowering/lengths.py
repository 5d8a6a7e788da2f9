# SPDX-License-Identifier: Apache-2.0
"""Periods before and after a moment: what is further off than the calendar reaches never comes."""

from collections.abc import Iterator

from loyaltyrules.calendar import FIRST_YEAR, LAST_YEAR, Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path

YEARS = LAST_YEAR - FIRST_YEAR + 1


def reachable(world: World, period: Node, path: Path) -> Node:
    """A period that is the same for all records, and no longer than the calendar."""
    if any(
        each.months > YEARS * 12 or each.days > YEARS * 366 for each in lengths_of(world, period)
    ):
        world.fault("LR488", path, span=f"{FIRST_YEAR} – {LAST_YEAR}")
    return world.of_all(period, path)


def lengths_of(world: World, period: Node) -> Iterator[Period]:
    """What a period comes to, by a figure on some day."""
    match period:
        case tree.Literal(Period() as value):
            yield value
        case tree.Symbol(name) if name in world.parameters:
            yield from (v for _, v in world.parameters[name].values if isinstance(v, Period))
