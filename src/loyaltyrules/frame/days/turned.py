# SPDX-License-Identifier: Apache-2.0
"""The rows of whom conditions turned, and of whom something may open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import narwhals.stable.v2 as nw

from loyaltyrules.decision.turning import Pair
from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.tree import Node
from loyaltyrules.frame.days.known import AT, Known
from loyaltyrules.frame.input.canonical import stored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.keys.by_signature import OUTCOME, keyed
from loyaltyrules.frame.keys.conditions import Conditions, NotInColumns, literal

Asked = tuple[tree.FactRef, Iterable[date]]  # a fact, and the days of which it must be one
FURTHEST = 1_000  # days between two limits, up to which they are looked up one by one


def turned(known: Known, pairs: Iterable[Pair]) -> set[int]:
    """The places of those of whom some expression, as it stood and as it stands, is not the same."""
    found: set[int] = set()
    for pair in pairs:
        days = _between(known, pair)
        found |= _in_columns(known, pair) if days is None else days
    return found


def _between(known: Known, pair: Pair) -> set[int] | None:
    """Of a day that is compared with one limit, then with another: those between both."""
    match pair:
        case (
            tree.Compare(sign, left, tree.Literal(date() as one)),
            tree.Compare(again, same, tree.Literal(date() as other)),
        ) if sign == again and left == same and type(one) is type(other) is date:
            if known.is_given(left) and abs((other - one).days) <= FURTHEST:
                places, first = known.places_by(left), min(one, other)
                days = (first + timedelta(days=n) for n in range(abs((other - one).days) + 1))
                return {place for day in days for place in places.get(day, ())}
    return None


def _in_columns(known: Known, pair: Pair) -> set[int]:
    try:
        one, other = (_known(known, node) for node in pair)
    except NotInColumns:
        return _of_signature(known, pair)
    return known.where((one.is_null() != other.is_null()) | (one != other).fill_null(False))


def _known(known: Known, node: Node) -> nw.Expr:
    """A condition over columns that are there.

    Raises:
        NotInColumns: columns do not compute it.
    """
    if not {*tree.facts_in(node)} <= {*known.frame.columns}:
        raise NotInColumns
    table = known.table
    return Conditions(table.types, table.frame, table.columns.happened).truth(node)


def _of_signature(known: Known, pair: Pair) -> set[int]:
    one, other = (evaluator(node, known.functions) for node in pair)

    def differs(facts: Facts) -> bool:
        return bool(one(facts) != other(facts))

    frame = known.frame.with_row_index(AT)
    rows = keyed(buckets_of(pair), differs, frame, known.table.columns, known.kind)
    placed = rows.spread({OUTCOME: rows.outcomes}, {OUTCOME: nw.Boolean})
    return {*placed.filter(nw.col(OUTCOME))[AT].to_list()}


def opening(known: Known, conditions: Sequence[Node]) -> set[int]:
    """The places of those of whom one of some conditions may hold; those of whom it does are among them."""
    dated = {node: asked for node in conditions if (asked := _asked(known, node)) is not None}
    whole = [node for node in conditions if node not in dated]
    found = _among(known, dated) if dated else set[int]()
    if not whole:
        return found
    possible = _any(_possible(known, node) for node in whole)
    return {*range(len(known))} if possible is None else found | known.where(possible)


def _among(known: Known, dated: Mapping[Node, Sequence[Asked]]) -> set[int]:
    """Those of whom a condition may hold that asks for certain days of what records were given."""
    asked = [each for own in dated.values() for each in own]
    places = {p for fact, days in asked for day in days for p in known.places_by(fact).get(day, ())}
    if not places:
        return places
    table = replace(known.table, frame=known.at(places))
    some = Known(table, known.given, known.functions, known.kind)
    possible, ordered = _any(_possible(some, node) for node in dated), sorted(places)
    return places if possible is None else {ordered[place] for place in some.where(possible)}


def _asked(known: Known, node: Node) -> list[Asked] | None:
    """The facts and days of which one must be for a condition to hold; None where it asks otherwise."""
    match node:
        case tree.And(items):
            each = [found for item in items if (found := _asked(known, item)) is not None]
            return each[0] if each else None
        case tree.Case(rows):
            branches = [_asked(known, value) for _, value in rows]
            told = [found for found in branches if found is not None]
            return [one for found in told for one in found] if len(told) == len(branches) else None
        case tree.In(tree.FactRef() as fact, tree.Literal(frozenset() as values)):
            days = all(type(each) is date for each in values)
            return [(fact, values)] if days and known.is_given(fact) else None
        case tree.Compare("=", tree.FactRef() as fact, tree.Literal(date() as day)):
            return [(fact, (day,))] if type(day) is date and known.is_given(fact) else None
    return None


def _possible(known: Known, node: Node) -> nw.Expr | None:
    """A column that is true wherever the condition holds; None where that may be anywhere."""
    match node:
        case tree.And(items):
            each = [_possible(known, item) for item in items]
            told = [one.fill_null(False) for one in each if one is not None]
            return nw.all_horizontal(*told, ignore_nulls=True) if told else None
        case tree.Case(rows):
            return _any(_branches(known, rows))
        case tree.Literal(False):
            return nw.lit(False)
        case tree.In(tree.FactRef(name, kind) as fact, tree.Literal(frozenset() as values)):
            if _plain(known, name):
                there = values & known.places_by(fact).keys() if known.is_given(fact) else values
                return nw.col(name).is_in([stored(value, kind) for value in there])
    return _holds(known, node)


def _branches(known: Known, rows: Sequence[tuple[Node, Node]]) -> Iterator[nw.Expr | None]:
    """Where each branch may be the one that is taken, and hold."""
    before: list[nw.Expr] = []
    for test, value in rows:
        possible = [_possible(known, test), _possible(known, value)]
        told = [*before, *(each.fill_null(False) for each in possible if each is not None)]
        yield nw.all_horizontal(*told, ignore_nulls=True) if told else None
        holds = _holds(known, test)
        before += [] if holds is None else [~holds.fill_null(False)]


def _any(parts: Iterable[nw.Expr | None]) -> nw.Expr | None:
    listed = [*parts]
    told = [each for each in listed if each is not None]
    return nw.any_horizontal(*told, ignore_nulls=True) if len(told) == len(listed) else None


def _holds(known: Known, node: Node) -> nw.Expr | None:
    """A column that is true just where the condition holds; None of what columns do not compute."""
    match node:
        case tree.Compare("=", tree.FactRef(name, kind), tree.Literal(value)):
            if _plain(known, name) and value is not None and kind.kind in ("word", "text"):
                return nw.col(name) == literal(value, kind)
        case tree.FactRef(name):
            return nw.col(name) if _plain(known, name) else None
    try:
        return _known(known, node)
    except NotInColumns:
        return None


def _plain(known: Known, name: str) -> bool:
    return name in known.frame.columns and known.table.types.get(name) != EXACT
