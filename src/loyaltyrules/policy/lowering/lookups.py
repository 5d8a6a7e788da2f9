# SPDX-License-Identifier: Apache-2.0
"""Facts looked up in a reference table: the first of its rows for which a condition holds."""

from collections.abc import Mapping

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import TEXT, YES_NO, Type
from loyaltyrules.policy.lowering.world import World, names_of, parted
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import FactShape
from loyaltyrules.problem.problem import nearest

FALLING = "-"
UNKNOWN = Type("unknown")


def lower_lookup(world: World, subject: str, path: Path, shape: FactShape) -> tuple[Node, Type]:
    """`first: TABLE.COLUMN`, with what the row must say (`where`) and which comes first (`by`)."""
    text, here = str(shape.first), (*path, "first")
    table, column = parted(text)
    world.used.add(f"reference.{table}")
    kinds = columns_of(world, table, here)
    if kinds is None:
        return tree.Literal(None, UNKNOWN), UNKNOWN
    if not column:
        world.fault("LR282", here, name=table)
        return tree.Literal(None, UNKNOWN), UNKNOWN
    kind = _column(world, table, column, kinds, here)
    symbols = {f"{table}.{name}": tree.Symbol(f"{table}.{name}", of) for name, of in kinds.items()}
    where = _where(world, subject, (*path, "where"), shape.where, table, symbols)
    order = tuple(_ordered(world, table, each, kinds, (*path, "by")) for each in shape.by or ())
    return tree.Lookup(table, column, where, order, kind), kind


def _where(
    world: World, subject: str, path: Path, text: str, table: str, symbols: Mapping[str, Node]
) -> Node:
    """The condition; a name that begins as the columns do is a column, or a fact of a parent called alike."""
    named = (name for name in names_of(text) if parted(name)[0] == table not in world.subjects)
    unknown = [parted(name)[1] for name in named if name not in symbols]
    for name in unknown:
        near = nearest(name, [parted(each)[1] for each in symbols])
        world.fault("LR129", path, name=name, table=table, near=near)
    return tree.YES if unknown else world.expression(text, path, subject, YES_NO, symbols)


def columns_of(world: World, table: str, path: Path) -> Mapping[str, Type] | None:
    """The columns of a reference table, the ids of its rows among them; None where there is no such table."""
    known = world.tables.get(table)
    if known is None:
        world.fault("LR128", path, name=table, near=nearest(table, world.tables))
        return None
    return {"id": TEXT, **dict(known.columns)}


def _column(world: World, table: str, name: str, kinds: Mapping[str, Type], path: Path) -> Type:
    if name not in kinds:
        world.fault("LR129", path, name=name, table=table, near=nearest(name, kinds))
    return kinds.get(name, UNKNOWN)


def _ordered(
    world: World, table: str, text: str, kinds: Mapping[str, Type], path: Path
) -> tuple[str, bool]:
    """A column, and whether the greatest comes first; it may be named with its table or without."""
    falls = text.startswith(FALLING)
    name = text.removeprefix(FALLING).strip().removeprefix(f"{table}.")
    _column(world, table, name, kinds, path)
    return name, falls
