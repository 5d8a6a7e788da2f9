# SPDX-License-Identifier: Apache-2.0
"""The rows of a table of whom conditions turned, and of whom something may open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import narwhals.stable.v2 as nw

from loyaltyrules.decision.turning import Pair
from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node
from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.canonical import stored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.keys.by_signature import OUTCOME, keyed
from loyaltyrules.frame.keys.conditions import Conditions, NotInColumns, literal
from loyaltyrules.frame.keys.table import Table

Functions = Mapping[str, Function]


def turned(table: Table, pairs: Iterable[Pair], functions: Functions, kind: FrameFormat) -> Frame:
    """The rows of whom some expression, as it stood and as it stands, is not the same."""
    in_columns: list[nw.Expr] = []
    one_by_one: list[Pair] = []
    for pair in pairs:
        try:
            in_columns.append(_turned(table, pair))
        except NotInColumns:
            one_by_one.append(pair)
    frame = table.frame
    found = [frame.filter(nw.any_horizontal(*in_columns, ignore_nulls=True))] if in_columns else []
    found += [_of_signature(table, pair, functions, kind) for pair in one_by_one]
    return nw.concat(found).unique("id") if len(found) > 1 else found[0] if found else frame.head(0)


def _turned(table: Table, pair: Pair) -> nw.Expr:
    """Whether two conditions come to something else.

    Raises:
        NotInColumns: columns do not compute them.
    """
    one, other = (_known(table, node) for node in pair)
    return (one.is_null() != other.is_null()) | (one != other).fill_null(False)


def _known(table: Table, node: Node) -> nw.Expr:
    """A condition over columns that the table has."""
    if not {*tree.facts_in(node)} <= {*table.frame.columns}:
        raise NotInColumns
    return Conditions(table.types, table.frame, table.columns.happened).truth(node)


def _of_signature(table: Table, pair: Pair, functions: Functions, kind: FrameFormat) -> Frame:
    one, other = (evaluator(node, functions) for node in pair)

    def differs(facts: Facts) -> bool:
        return bool(one(facts) != other(facts))

    rows = keyed(buckets_of(pair), differs, table.frame, table.columns, kind)
    placed = rows.spread({OUTCOME: rows.outcomes}, {OUTCOME: nw.Boolean})
    return placed.filter(nw.col(OUTCOME)).select(table.frame.columns)


def opening(table: Table, conditions: Iterable[Node]) -> Frame:
    """The rows of whom one of some conditions may hold: those that hold are among them."""
    listed = [*conditions]
    if not listed:
        return table.frame.head(0)
    possible = _any(_possible(table, node) for node in listed)
    return table.frame if possible is None else table.frame.filter(possible.fill_null(False))


def _possible(table: Table, node: Node) -> nw.Expr | None:
    """A column that is true wherever the condition holds; None where that may be anywhere."""
    match node:
        case tree.And(items):
            each = [_possible(table, item) for item in items]
            known = [one.fill_null(False) for one in each if one is not None]
            return nw.all_horizontal(*known, ignore_nulls=True) if known else None
        case tree.Case(rows):
            return _any(_branches(table, rows))
        case tree.Literal(False):
            return nw.lit(False)
        case tree.In(tree.FactRef(name, kind), tree.Literal(frozenset() as values)):
            if _plain(table, name):
                return nw.col(name).is_in([stored(value, kind) for value in values])
    return _holds(table, node)


def _branches(table: Table, rows: Sequence[tuple[Node, Node]]) -> Iterator[nw.Expr | None]:
    """Where each branch may be the one that is taken, and hold."""
    before: list[nw.Expr] = []
    for test, value in rows:
        possible = [_possible(table, test), _possible(table, value)]
        known = [*before, *(each.fill_null(False) for each in possible if each is not None)]
        yield nw.all_horizontal(*known, ignore_nulls=True) if known else None
        holds = _holds(table, test)
        before += [] if holds is None else [~holds.fill_null(False)]


def _any(parts: Iterable[nw.Expr | None]) -> nw.Expr | None:
    listed = [*parts]
    known = [each for each in listed if each is not None]
    return nw.any_horizontal(*known, ignore_nulls=True) if len(known) == len(listed) else None


def _holds(table: Table, node: Node) -> nw.Expr | None:
    """A column that is true just where the condition holds; None of what columns do not compute."""
    match node:
        case tree.Compare("=", tree.FactRef(name, kind), tree.Literal(value)):
            if _plain(table, name) and value is not None and kind.kind in ("word", "text"):
                return nw.col(name) == literal(value, kind)
        case tree.FactRef(name):
            return nw.col(name) if _plain(table, name) else None
    try:
        return _known(table, node)
    except NotInColumns:
        return None


def _plain(table: Table, name: str) -> bool:
    return name in table.frame.columns and table.types.get(name) != EXACT
