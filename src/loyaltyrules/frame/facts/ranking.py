# SPDX-License-Identifier: Apache-2.0
"""Shares and ranks among all records, in columns: who is among them, and where each stands."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import YES_NO, Type
from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.input.canonical import DTYPES, UNIT, stored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.keys.by_signature import keyed
from loyaltyrules.frame.keys.columns import filled
from loyaltyrules.frame.keys.table import Table
from loyaltyrules.plan.day import Deriving
from loyaltyrules.plan.population import Ranking

Ranks: TypeAlias = Mapping[tuple[str, str], nw.DataFrame[Any]]  # subject and fact → id, value
VALUE = "__value"
GROUP, PLACE, START, COUNT = "__group", "__place", "__start", "__count"


def members(tables: Tables, subject: str, each: Deriving) -> nw.DataFrame[Any]:
    """The records among whom a share or rank is computed, with what decides it.

    Columns: id, `__group`, `__by0` and so on, `__share`, `__smallest`.
    """
    ranking, table = each.ranking, tables.by_subject[subject]
    assert ranking is not None
    nodes = ranking.nodes
    asked: dict[str, Node | None] = {f"__by{n}": _plain(by) for n, by in enumerate(nodes.order)}
    asked |= {GROUP: nodes.within, "__share": nodes.share, "__smallest": nodes.smallest}
    frame = table.frame
    if nodes.where != tree.YES:
        frame = _with(tables, table, frame, "__among", nodes.where, YES_NO)
        frame = frame.filter(nw.col("__among"))
    for name, node in asked.items():
        if node is None:
            frame = frame.with_columns(nw.lit("" if name == GROUP else None).alias(name))
        else:
            frame = _with(tables, table, frame, name, node, type_of(node))
    known = frame.filter(~nw.col(GROUP).is_null())  # who has no group stands nowhere
    return known.select("id", *asked).with_columns(nw.col(GROUP).cast(nw.String))


def _plain(node: Node) -> Node:
    """What an order goes by, whichever way."""
    return node.item if isinstance(node, tree.Falling) else node


def _with(
    tables: Tables, table: Table, frame: nw.DataFrame[Any], name: str, node: Node, kind: Type
) -> nw.DataFrame[Any]:
    """The frame with an expression as a column."""
    exact = isinstance(node, tree.FactRef) and table.types.get(node.key) == EXACT
    if isinstance(node, tree.FactRef) and node.key in frame.columns and not exact:
        return frame.with_columns(nw.col(node.key).alias(name))
    decide = evaluator(node, tables.plan.policy.functions)
    found = keyed(buckets_of([node]), decide, frame, table.columns, tables.kind)
    values = [stored(value, kind) for value in found.outcomes]
    return found.spread({name: values}, {name: DTYPES[kind.kind]})


def placed(among: nw.DataFrame[Any], ranking: Ranking) -> nw.DataFrame[Any]:
    """Where each of the members stands: id and value; in too small a group there is none."""
    order = [name for name in among.columns if name.startswith("__by")]
    others = [
        name for name in among.columns if name not in {"id", GROUP, "__share", "__smallest", *order}
    ]
    down = [False, *(not isinstance(each, tree.Falling) for each in ranking.nodes.order), False]
    placed = among.sort(GROUP, *order, "id", descending=down, nulls_last=True)
    placed = placed.with_row_index(PLACE).with_columns(nw.col(PLACE).cast(nw.Int64))
    placed = placed.with_columns(
        nw.col(PLACE).min().over(GROUP).alias(START),
        nw.len().over(GROUP).cast(nw.Int64).alias(COUNT),
    )
    placed = _tied(placed, ranking)
    rank, size = nw.col(PLACE) - nw.col(START) + nw.lit(1, nw.Int64), nw.col(COUNT)
    value = rank
    if ranking.function == "top":
        value = rank * nw.lit(UNIT, nw.Int64) <= nw.col("__share") * size
    elif ranking.function != "rank":
        value = (size - rank) * nw.lit(ranking.parts, nw.Int64) // size + nw.lit(1, nw.Int64)
    named = placed.with_columns(value.alias(VALUE))
    if ranking.smallest is not None and ranking.nodes.smallest is not None:
        unit = 1 if type_of(ranking.nodes.smallest).kind == "whole" else UNIT
        large = size * nw.lit(unit, nw.Int64) >= nw.col("__smallest")
        named = named.filter(large | nw.col("__smallest").is_null())
    return named.select("id", VALUE, *others)


def _tied(placed: nw.DataFrame[Any], ranking: Ranking) -> nw.DataFrame[Any]:
    """Equals have the place of the first or the last of them, where ties say so."""
    if ranking.ties == "id":
        return placed
    keys: dict[str, nw.Expr] = {"__g": nw.col(GROUP)}
    for number, node in enumerate(ranking.nodes.order):
        column = nw.col(f"__by{number}")
        keys |= {f"__n{number}": column.is_null(), f"__k{number}": filled(column, type_of(node))}
    place = nw.col(PLACE).min() if ranking.ties == "higher" else nw.col(PLACE).max()
    beside = placed.with_columns(**keys)
    return beside.with_columns(place.over(*keys).alias(PLACE)).drop(list(keys))
