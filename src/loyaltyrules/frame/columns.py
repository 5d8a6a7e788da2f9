# SPDX-License-Identifier: Apache-2.0
"""Buckets as columns: the signature of every row, row by row, without windows or floats."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import COUNTED, TEXT, Type
from loyaltyrules.fact.coerce import SCALE
from loyaltyrules.frame.canonical import stored
from loyaltyrules.plan.buckets import Bucket, Cuts, Local, Members, Whole, facts_of

Types: TypeAlias = Mapping[str, Type]
LARGEST = 2**62
SCALED = ("number", "share")
MANY = 40  # comparisons of a fact from which its value itself is the cheaper key
FEW_WORDS = 12


class NotInColumns(ValueError):
    """An expression that columns do not compute exactly; its facts are taken whole instead."""


class Digit(NamedTuple):
    """A column of whole numbers from 0 to `size` - 1: one place of a signature."""

    column: nw.Expr
    size: int


def key_columns(
    buckets: Iterable[Bucket], types: Types, frame: nw.DataFrame[Any], first: Sequence[Digit] = ()
) -> dict[str, nw.Expr]:
    """The signature as columns without nulls, by name; rows of equal ones have equal signatures.

    Digits are written into as few whole numbers as hold them, so that rows are grouped and joined
    by one number; values of facts that have no digits are columns of their own.

    Args:
        buckets: What the signature tells apart.
        types: Types of the columns.
        frame: The rows; their largest figures bound what columns may compute.
        first: What else is told apart.
    """
    digits, values = list(first), dict[str, nw.Expr]()
    for bucket in buckets:
        found = _digit(bucket, types, frame)
        if found is not None:
            digits.append(found)
        elif isinstance(bucket, Members):
            digits.append(_listed(bucket))
            values[bucket.fact] = nw.when(_among(bucket)).then(nw.col(bucket.fact))
        else:
            values |= {fact: nw.col(fact) for fact in facts_of(bucket)}
            digits += [Digit(_known(nw.col(fact)), 2) for fact in facts_of(bucket)]
    keys = {f"__k{place}": key for place, key in enumerate(_numbers(digits))}
    for place, (fact, value) in enumerate(values.items()):
        keys[f"__v{place}"] = _filled(value, types.get(fact, TEXT))
    return keys


def _numbers(digits: Iterable[Digit]) -> Iterator[nw.Expr]:
    """Whole numbers that hold the digits, each as many as it can."""
    parts: list[nw.Expr] = []
    weight = 1
    for column, size in digits:
        if weight * size >= LARGEST:
            yield _sum(parts)
            parts, weight = [], 1
        parts.append(column * nw.lit(weight, nw.Int64) if weight > 1 else column)
        weight *= size
    if parts:
        yield _sum(parts)


def _digit(bucket: Bucket, types: Types, frame: nw.DataFrame[Any]) -> Digit | None:
    match bucket:
        case Cuts(fact, kind, at) if len(at) <= MANY:
            return _cut(fact, types.get(fact, kind), at)
        case Members(fact, kind, values) if len(values) <= FEW_WORDS:
            return _member(fact, types.get(fact, kind), sorted(values))
        case Whole(fact, kind):
            known = types.get(fact, kind)
            if known.kind == "yes/no":
                return Digit(_three_valued(nw.col(fact)), 3)
            if known.words and len(known.words) <= FEW_WORDS:
                return _member(fact, known, known.words)
        case Local(node):
            try:
                return Digit(_three_valued(_Columns(types, frame).truth(node)), 3)
            except NotInColumns:
                return None
    return None


def literal(value: Any, kind: Type) -> nw.Expr:
    """A constant in the type of its column; whole numbers always as 64 bits.

    A figure between two values of the column becomes the nearer to zero: its bucket parts as much.
    """
    value = stored(value, kind)
    if isinstance(value, Decimal):
        value = int(value)
    if isinstance(value, bool | str):
        return nw.lit(value)
    if isinstance(value, int):  # no fact reaches the bound, so a larger constant compares the same
        return nw.lit(max(-LARGEST, min(LARGEST, value)), nw.Int64)
    if isinstance(value, datetime):
        return nw.lit(value, nw.Datetime)
    return nw.lit(value, nw.Date) if isinstance(value, date) else nw.lit(value)


def _cut(fact: str, kind: Type, at: tuple[Any, ...]) -> Digit:
    """0 where the fact is missing, then the places below, at and between the cuts."""
    column = nw.col(fact)
    bounds = [literal(value, kind) for value in at]
    above = [(column > bound).cast(nw.Int64) for bound in bounds]
    reached = [(column >= bound).cast(nw.Int64) for bound in bounds]
    return Digit(_sum([_known(column), *above, *reached]).fill_null(0), 2 * len(at) + 2)


def _sum(parts: list[nw.Expr]) -> nw.Expr:
    """The sum as a tree of small depth: some frames evaluate one inside the other."""
    while len(parts) > 1:
        parts = [sum(parts[at + 1 : at + 2], parts[at]) for at in range(0, len(parts), 2)]
    return parts[0]


def _member(fact: str, kind: Type, listed: Sequence[Any]) -> Digit:
    """0 where the fact is missing, 1 for any other value, then the places of the listed ones."""
    column = nw.col(fact)
    places = [
        (column == literal(value, kind)).cast(nw.Int64) * nw.lit(number, nw.Int64)
        for number, value in enumerate(listed, 1)
    ]
    return Digit(_sum([_known(column), *places]).fill_null(0), len(listed) + 2)


def _listed(bucket: Members) -> Digit:
    """0 where the fact is missing, 1 for a value that is not listed, 2 for one that is."""
    return Digit(_sum([_known(nw.col(bucket.fact)), _among(bucket).cast(nw.Int64)]), 3)


def _among(bucket: Members) -> nw.Expr:
    listed = [stored(value, bucket.type) for value in bucket.values]
    return nw.col(bucket.fact).is_in(listed).fill_null(False)


def _known(column: nw.Expr) -> nw.Expr:
    return (~column.is_null()).cast(nw.Int64)


def _filled(value: nw.Expr, kind: Type) -> nw.Expr:
    """A value as part of a key, which holds no nulls: a digit says where it is missing."""
    match kind.kind:
        case "date":
            return value.fill_null(nw.lit(date.min, nw.Date))
        case "datetime":
            return value.cast(nw.String).fill_null("")
        case "whole" | "number" | "share":
            return value.fill_null(nw.lit(0, nw.Int64))
        case "yes/no":
            return value.fill_null(False)
    return value.fill_null("")


def _three_valued(truth: nw.Expr) -> nw.Expr:
    """0 where unknown, 1 for no, 2 for yes."""
    return (truth.cast(nw.Int64) + nw.lit(1, nw.Int64)).fill_null(0)


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

    types: Types
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
