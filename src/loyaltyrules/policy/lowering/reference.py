# SPDX-License-Identifier: Apache-2.0
"""Reference tables: the types of their columns, and rows that the policy brings, read where they stand."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.expression.types import TEXT, Type
from loyaltyrules.fact.coerce import FactFault, coerce, is_missing
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ReferenceTable
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest

UTC = ZoneInfo("UTC")  # whether a value can be read depends on no zone
Types = Mapping[str, Type]


def lower_reference(world: World) -> None:
    """Declare the reference tables: the types of their columns, and rows that the policy brings."""
    for name, shape in world.shape.reference.items():
        path: Path = ("reference", name, "columns")
        columns = tuple(
            (column, world.type_named(kind, (*path, column)))
            for column, kind in shape.columns.items()
        )
        world.tables[name] = ReferenceTable(name, columns, tuple(map(Frozen, shape.rows)))


def refuse_rows(world: World) -> None:
    """Rows have only columns that are declared, of their types, and differ by their ids."""
    for name, table in world.tables.items():
        known: dict[str, Mapping[str, Any]] = {}
        kinds = _types(world, table)
        for number, row in enumerate(table.rows):
            path: Path = ("reference", name, "rows", number)
            read = _read(world, path, kinds, row)
            for begins, ends in table.past(read):
                details = {"name": ends, "first": read[begins], "last": read[ends]}
                world.fault("LR486", (*path, ends), **details)
            own = row.get("id")
            if not is_missing(own) and known.setdefault(str(own), row) != row:
                world.fault("LR408", (*path, "id"), id=own)


def _types(world: World, table: ReferenceTable) -> Types:
    """What rows may say: their columns, and of parents, such as stores, their facts."""
    facts = {fact: each.type for fact, each in world.given.get(table.name, {}).items()}
    return {"id": TEXT, **facts, **dict(table.columns)}


def _read(world: World, path: Path, kinds: Types, row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a row that can be read; lists of child records are read with the day."""
    table, found = str(path[1]), {}
    lists = {each.listed_as for each in world.subjects.values() if table in each.links}
    for column, value in row.items():
        kind, here = kinds.get(column), (*path, column)
        if kind is None:
            if column not in lists:
                near = nearest(column, [*kinds, *lists])
                world.fault("LR487", here, key=True, name=column, table=table, near=near)
        elif kind.kind != "unknown":  # a fault of the column that was told already
            try:
                found[column] = coerce(value, kind, UTC)
            except FactFault as fault:
                _tell(world, here, fault.code, str(row.get("id") or table), value, kind)
    return found


def _tell(world: World, path: Path, code: str, identity: str, value: Any, kind: Type) -> None:
    near = nearest(value, kind.words) if isinstance(value, str) else ""
    world.fault(
        code, path, id=identity, field=path[-1], value=shown(value), expected=kind,
        words=", ".join(kind.words), near=near,
    )  # fmt: skip
