# SPDX-License-Identifier: Apache-2.0
"""Hours and minutes are counted from instants: where a day is meant they are a fault."""

from dataclasses import replace

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import DATE, MINUTES
from loyaltyrules.expression.written import written
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Moment
from loyaltyrules.policy.reader.model import Path


def has_hours(period: Node | None) -> bool:
    """True of a period that holds hours or minutes, on some day at least."""
    return period is not None and type_of(period) == MINUTES


def whole_days(world: World, period: Node, path: Path) -> Node:
    """A period of the calendar, where nothing else fits; hours are a fault."""
    if has_hours(period):
        world.fault("LR271", path, found=written(period))
    return period


def refuse_hours_of_days(
    world: World, period: Node | None, moment: Moment | None, path: Path
) -> None:
    """Note a fault where hours are counted from what is a day."""
    if period is not None and has_hours(period) and (moment is None or moment.instant is None):
        world.fault("LR312", path, found=written(period))


def moved_by_hours(moment: Moment, period: Node, sign: int) -> Moment:
    """The moment so many hours before or after another: an instant, and its day."""
    assert moment.instant is not None
    kind = type_of(moment.instant)
    instant = tree.Arithmetic("+" if sign > 0 else "-", moment.instant, period, kind)
    return replace(moment, instant=instant, dated=tree.Call("date", (instant,), DATE))
