# SPDX-License-Identifier: Apache-2.0
"""`each: TABLE`: a rule once for every row of a reference table, its columns put in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import YES_NO
from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.plan.recipe import text
from loyaltyrules.policy.model import ReferenceTable, Rule

REFERENCE = "reference"  # whose the tables are that undecided rules lack: `reference.topic`
SIGN = ";"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its rule reads it: its id, and its columns.

    `known` is a condition that stays open where there is no table, so that nobody knows its rows.
    """

    id: str
    symbols: Mapping[str, Node] = NOTHING
    known: Node = tree.YES

    def after(self, occurrence: str) -> str:
        """The occurrence of the rule for this row."""
        return f"{occurrence}{SIGN}{self.id}" if self.id else occurrence


ALONE = Row("")  # of a rule that is said once


def rows_of(
    rule: Rule, declared: Mapping[str, ReferenceTable], tables: Mapping[str, Any]
) -> Iterator[Row]:
    """The rows for which a rule is said; of a table that is not there one that nobody knows."""
    if not rule.each:
        yield ALONE
    elif rule.each not in tables:
        yield Row("", known=tree.FactRef(rule.each, YES_NO, owner=REFERENCE))
    else:
        for row in tables[rule.each]:
            yield row_of(declared[rule.each], row)


def row_of(table: ReferenceTable, row: Mapping[str, Any]) -> Row:
    """One row with its columns as constants; a cell that is missing is named where it leaves a rule open."""
    name = text(row.get("id")) or ""
    cells = ((column, kind, row.get(column)) for column, kind in table.columns)
    return Row(name, {
        f"{table.name}.{column}": tree.FactRef(f"{name}.{column}", kind, owner=table.name)
        if value is None
        else tree.Literal(value, kind)
        for column, kind, value in cells
    })  # fmt: skip


def without_rows(condition: Node, table: str) -> Node:
    """What a condition asks of the record alone, whatever row it is."""
    items = condition.items if isinstance(condition, tree.And) else (condition,)
    own = (each for each in items if not any(_of(table, s) for s in tree.symbols_in(each)))
    return tree.all_of(*own)


def _of(table: str, symbol: str) -> bool:
    return symbol.startswith(f"{table}.")


def row_named(
    table: ReferenceTable, rows: tuple[Mapping[str, Any], ...], occurrence: str
) -> Row | None:
    """The row with whose id an occurrence ends; the longest where several do."""
    made = (row_of(table, row) for row in rows)
    fits = [e for e in made if occurrence == e.id or occurrence.endswith(f"{SIGN}{e.id}")]
    return max(fits, key=lambda each: len(each.id), default=None)
