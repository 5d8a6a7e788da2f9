# SPDX-License-Identifier: Apache-2.0
"""Reference tables: the types of their columns, and rows that the policy brings, read where they stand."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.expression.types import Type
from loyaltyrules.fact.coerce import FactFault, coerce
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ReferenceTable
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest

ANY_ZONE = ZoneInfo("UTC")  # whether a value can be read depends on no zone
ID = Type("text")


def lower_reference(world: World) -> None:
    """Declare the reference tables; what is wrong with rows of the policy is told at its own place."""
    for name, shape in world.shape.reference.items():
        path: Path = ("reference", name, "columns")
        columns = {
            column: world.type_named(kind, (*path, column))
            for column, kind in shape.columns.items()
        }
        _check_rows(world, name, {**_facts(world, name), **columns})
        rows = tuple(map(Frozen, shape.rows))
        world.tables[name] = ReferenceTable(name, tuple(columns.items()), rows)


def _facts(world: World, name: str) -> dict[str, Type]:
    """What rows of parents, such as stores, may say beside their columns."""
    return {"id": ID, **{fact: each.type for fact, each in world.given.get(name, {}).items()}}


def _check_rows(world: World, name: str, kinds: Mapping[str, Type]) -> None:
    lists = {each.listed_as for each in world.subjects.values() if each.parent == name}
    known: dict[object, dict[str, Any]] = {}
    for index, row in enumerate(world.shape.reference[name].rows):
        path: Path = ("reference", name, "rows", index)
        identity = row.get("id") or name
        for column, value in row.items():
            if column in kinds:
                _check_value(world, (*path, column), str(identity), value, kinds[column])
            elif column not in lists:
                near = nearest(column, [*kinds, *lists])
                world.fault("LR129", (*path, column), key=True, table=name, name=column, near=near)
        if row.get("id") and known.setdefault(str(identity), row) != row:
            world.fault("LR408", (*path, "id"), id=identity)


def _check_value(world: World, path: Path, identity: str, value: Any, kind: Type) -> None:
    if kind.kind == "unknown":  # a fault of the column that was told already
        return
    try:
        coerce(value, kind, ANY_ZONE)
    except FactFault as fault:
        near, words = _near(value, kind), ", ".join(kind.words)
        world.fault(
            fault.code, path, id=identity, field=path[-1], value=shown(value),
            expected=kind, words=words, near=near,
        )  # fmt: skip


def _near(value: Any, kind: Type) -> str:
    return nearest(value, kind.words) if isinstance(value, str) else ""
