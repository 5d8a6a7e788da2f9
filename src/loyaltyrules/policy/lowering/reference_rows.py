# SPDX-License-Identifier: Apache-2.0
"""Rows of reference tables that stand in the policy: what is wrong with them is told where they stand."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from loyaltyrules.expression.types import TEXT
from loyaltyrules.fact.coerce import FactFault, coerce, is_missing
from loyaltyrules.fact.snapshot import shown
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ReferenceTable
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest, problem

UTC = ZoneInfo("UTC")


def refuse_rows(world: World) -> None:
    """Rows have only columns that are declared, of their types, and differ by their ids."""
    for name, table in world.tables.items():
        known: dict[str, Mapping[str, Any]] = {}
        for number, row in enumerate(table.rows):
            path: Path = ("reference", name, "rows", number)
            read = _read(world, path, table, row)
            for begins, ends in table.past(read):
                details = {"name": ends, "first": read[begins], "last": read[ends]}
                world.fault("LR486", (*path, ends), **details)
            own = row.get("id")
            if not is_missing(own) and known.setdefault(str(own), row) != row:
                world.fault("LR408", path, id=own)


def _read(
    world: World, path: Path, table: ReferenceTable, row: Mapping[str, Any]
) -> dict[str, Any]:
    """The cells of a row that can be read."""
    kinds, found = dict(table.columns), {}
    for column, value in row.items():
        kind, here = kinds.get(column, TEXT if column == "id" else None), (*path, column)
        if kind is None:
            near = nearest(column, kinds)
            world.fault("LR487", here, key=True, name=column, table=table.name, near=near)
            continue
        try:
            found[column] = coerce(value, kind, UTC)
        except FactFault as fault:
            details = dict[str, object](id=str(row.get("id", table.name)), field=column)
            details |= {"value": shown(value), "expected": kind, "words": ", ".join(kind.words)}
            world.faults.append(problem(fault.code, world.document.place(here), **details))
    return found
