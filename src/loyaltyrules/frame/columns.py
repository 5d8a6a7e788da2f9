# SPDX-License-Identifier: Apache-2.0
"""Buckets as columns: the signature of every row, row by row, without windows or floats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, facts_in
from loyaltyrules.expression.types import COUNTED, Type
from loyaltyrules.fact.coerce import SCALE
from loyaltyrules.frame.canonical import stored
from loyaltyrules.plan.buckets import Bucket, Cuts, Local, Members, Whole

ABSENT = -1
LARGEST = 2**62
SCALED = ("number", "share")


class NotInColumns(ValueError):
    """An expression that columns do not compute exactly; its facts are taken whole instead."""


def key_columns(
    buckets: tuple[Bucket, ...], types: Mapping[str, Type], frame: nw.DataFrame[Any]
) -> dict[str, nw.Expr]:
    """The signature as columns without nulls, by name; equal rows have equal signatures."""
    keys: dict[str, nw.Expr] = {}
    wholes: dict[str, None] = {}
    for place, bucket in enumerate(buckets):
        name = f"__k{place}"
        match bucket:
            case Cuts(fact, kind, at):
                keys[name] = _cut(fact, types.get(fact, kind), at)
            case Members(fact, kind, values):
                keys[name] = _member(fact, types.get(fact, kind), values)
            case Whole(fact):
                wholes[fact] = None
            case Local(node):
                try:
                    keys[name] = _three_valued(_Columns(types, frame).truth(node))
                except NotInColumns:
                    wholes |= dict.fromkeys(facts_in(node))
    for place, fact in enumerate(wholes):
        keys[f"__w{place}"] = _whole(fact, types.get(fact, Type("text")))
        keys[f"__n{place}"] = nw.col(fact).is_null()
    return keys


def literal(value: Any, kind: Type) -> nw.Expr:
    """A constant in the type of its column; whole numbers always as 64 bits."""
    value = stored(value, kind)
    if isinstance(value, bool | str):
        return nw.lit(value)
    if isinstance(value, int):  # no fact reaches the bound, so a larger constant compares the same
        return nw.lit(max(-LARGEST, min(LARGEST, value)), nw.Int64)
    if isinstance(value, datetime):
        return nw.lit(value, nw.Datetime)
    return nw.lit(value, nw.Date) if isinstance(value, date) else nw.lit(value)


def _cut(fact: str, kind: Type, at: tuple[Any, ...]) -> nw.Expr:
    column = nw.col(fact)
    bounds = [literal(value, kind) for value in at]
    above = [(column > bound).cast(nw.Int64) for bound in bounds]
    reached = [(column >= bound).cast(nw.Int64) for bound in bounds]
    position = _sum([*above, *reached])
    return nw.when(column.is_null()).then(nw.lit(ABSENT, nw.Int64)).otherwise(position)


def _sum(parts: list[nw.Expr]) -> nw.Expr:
    """The sum as a tree of small depth: some frames evaluate one inside the other."""
    if not parts:
        return nw.lit(0, nw.Int64)
    while len(parts) > 1:
        parts = [sum(parts[at + 1 : at + 2], parts[at]) for at in range(0, len(parts), 2)]
    return parts[0]


def _member(fact: str, kind: Type, values: frozenset[Any]) -> nw.Expr:
    """The place of the value in the sorted set; absent and all others have places of their own."""
    listed = sorted(values)
    column = nw.col(fact)
    if kind.kind in ("date", "datetime") or len(listed) > 12:
        known = column.is_in([stored(value, kind) for value in listed]).fill_null(False)
        plain = column.cast(nw.String).fill_null("")
        inside = nw.when(known).then(plain).otherwise(nw.lit("*"))
        return nw.when(column.is_null()).then(nw.lit("")).otherwise(inside)
    hits = [(column == literal(value, kind)).cast(nw.Int64).fill_null(0) for value in listed]
    place = _sum([hit * nw.lit(number, nw.Int64) for number, hit in enumerate(hits, 1)])
    return nw.when(column.is_null()).then(nw.lit(ABSENT, nw.Int64)).otherwise(place)


def _whole(fact: str, kind: Type) -> nw.Expr:
    if kind.kind in ("text", "word", "list", "yes/no", "date", "datetime"):
        return nw.col(fact).cast(nw.String).fill_null("")
    return nw.col(fact).fill_null(0)


def _three_valued(truth: nw.Expr) -> nw.Expr:
    known = truth.cast(nw.Int64)
    return nw.when(truth.is_null()).then(nw.lit(ABSENT, nw.Int64)).otherwise(known)


@dataclass(frozen=True, slots=True)
class _Amount:
    """A column of whole numbers: the value times 10 to the `scale`, never larger than `bound`."""

    column: nw.Expr
    scale: int
    bound: int

    def at(self, scale: int) -> "_Amount":
        factor = 10 ** (scale - self.scale)
        if self.bound * factor >= LARGEST:
            raise NotInColumns
        if factor == 1:
            return self
        return _Amount(self.column * nw.lit(factor, nw.Int64), scale, self.bound * factor)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Translates yes/no expressions over facts of a row; three-valued, like the evaluator."""

    types: Mapping[str, Type]
    frame: nw.DataFrame[Any]

    def truth(self, node: Node) -> nw.Expr:
        match node:
            case tree.And(items):
                return nw.all_horizontal(*map(self.truth, items), ignore_nulls=False)
            case tree.Or(items):
                return nw.any_horizontal(*map(self.truth, items), ignore_nulls=False)
            case tree.Not(item):
                return ~self.truth(item)
            case tree.Missing(tree.FactRef(name)):
                return nw.col(name).is_null()
            case tree.Compare(sign, left, right):
                return self._guarded(node, self._compared(sign, left, right))
        raise NotInColumns

    def _guarded(self, node: Node, result: nw.Expr) -> nw.Expr:
        """An unknown fact makes a comparison unknown; an event that has not happened, false."""
        facts = [each for each in tree.walk(node) if isinstance(each, tree.FactRef)]
        known = result.fill_null(False)
        unknown = [nw.col(each.name).is_null() for each in facts if not each.event]
        if not unknown:
            return known
        return nw.when(~nw.any_horizontal(*unknown, ignore_nulls=False)).then(known)

    def _compared(self, sign: str, left: Node, right: Node) -> nw.Expr:
        one, other = self._sides(left, right)
        match sign:
            case "=":
                return one == other
            case "!=":
                return one != other
            case "<":
                return one < other
            case "<=":
                return one <= other
            case ">":
                return one > other
        return one >= other

    def _sides(self, left: Node, right: Node) -> tuple[nw.Expr, nw.Expr]:
        kinds = tree.type_of(left).kind, tree.type_of(right).kind
        if kinds[0] in COUNTED and kinds[1] in COUNTED:
            one, other = self._amount(left), self._amount(right)
            scale = max(one.scale, other.scale)
            return one.at(scale).column, other.at(scale).column
        if kinds[0] == kinds[1] and kinds[0] in ("date", "datetime"):
            return self._plain(left), self._plain(right)
        raise NotInColumns

    def _plain(self, node: Node) -> nw.Expr:
        match node:
            case tree.FactRef(name):
                return nw.col(name)
            case tree.Literal(value, kind):
                return literal(value, kind)
        raise NotInColumns

    def _amount(self, node: Node) -> _Amount:
        match node:
            case tree.FactRef(name, kind):
                scale = SCALE if self.types.get(name, kind).kind in SCALED else 0
                return _Amount(nw.col(name), scale, self._bound(name))
            case tree.Literal(value):
                number = Decimal(value).normalize()  # type: ignore[arg-type]
                scale = max(0, -int(number.as_tuple().exponent))
                scaled = int(number.scaleb(scale))
                if abs(scaled) >= LARGEST:
                    raise NotInColumns
                return _Amount(nw.lit(scaled, nw.Int64), scale, abs(scaled))
            case tree.Arithmetic(sign, left, right) if sign != "/":
                return self._arithmetic(sign, self._amount(left), self._amount(right))
        raise NotInColumns

    def _bound(self, name: str) -> int:
        column = self.frame[name]
        return int(max(abs(column.max() or 0), abs(column.min() or 0)))

    def _arithmetic(self, sign: str, left: _Amount, right: _Amount) -> _Amount:
        if sign == "*":
            bound = left.bound * right.bound
            if bound >= LARGEST:
                raise NotInColumns
            return _Amount(left.column * right.column, left.scale + right.scale, bound)
        scale = max(left.scale, right.scale)
        one, other = left.at(scale), right.at(scale)
        bound = one.bound + other.bound
        if bound >= LARGEST:
            raise NotInColumns
        column = one.column + other.column if sign == "+" else one.column - other.column
        return _Amount(column, scale, bound)
