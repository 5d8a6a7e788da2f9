# SPDX-License-Identifier: Apache-2.0
"""`each: TABLE` of a rule: which table it is, and the columns that the rule may read of it."""

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.fact.coerce import is_missing
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Moment, TableDates
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest


def each_symbols(
    world: World, table: str, path: Path, subject: str, moment: Moment | None
) -> dict[str, Node]:
    """The columns of the table for whose rows a rule is said; none where it is said once."""
    if not table:
        return {}
    if table not in world.tables:
        world.fault("LR128", path, name=table, near=nearest(table, world.tables))
        return {}
    world.used.add(f"reference.{table}")
    columns = world.tables[table].columns
    if "id" not in dict(columns):
        world.fault("LR286", path, name=table)
    if _goes_through(moment, table):
        world.fault("LR287", path, name=table)
    if table in world.ancestors(subject):
        world.fault("LR289", path, name=table, subject=subject)
    _refuse_nameless(world, table)
    return {f"{table}.{name}": tree.Symbol(f"{table}.{name}", kind) for name, kind in columns}


def _goes_through(moment: Moment | None, table: str) -> bool:
    """True of an occasion that goes through the rows of the table already."""
    base = moment.occasion.base if moment and moment.occasion else None
    return isinstance(base, TableDates) and base.table == table


def _refuse_nameless(world: World, table: str) -> None:
    """Note a fault at each row of the policy without an id: nothing would tell its actions from others."""
    for number, row in enumerate(world.tables[table].rows):
        here: Path = ("reference", table, "rows", number)
        if is_missing(row.get("id")) and f"nameless.{table}.{number}" not in world.used:
            world.used.add(f"nameless.{table}.{number}")
            world.fault("LR288", here, table=table)
