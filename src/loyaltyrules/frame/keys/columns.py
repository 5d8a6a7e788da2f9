# SPDX-License-Identifier: Apache-2.0
"""Buckets as columns: the signature of every row, row by row, without windows or floats."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from loyaltyrules.expression.buckets import Bucket, Cuts, Identity, Members, RowPredicate, facts_of
from loyaltyrules.expression.types import COUNTED, TEXT, Type
from loyaltyrules.frame.input.canonical import UNIT, stored
from loyaltyrules.frame.input.exact import EXACT
from loyaltyrules.frame.keys.conditions import (
    LARGEST,
    SCALED,
    Conditions,
    Frame,
    NotInColumns,
    Types,
    literal,
)  # fmt: skip
from loyaltyrules.plan.classes import OTHER, EquivalenceClasses

MANY = 40  # comparisons of a fact from which its value itself is the cheaper key
FEW_WORDS = 12


class Digit(NamedTuple):
    """A column of whole numbers from 0 to `size` - 1: one place of a signature."""

    column: nw.Expr
    size: int


class Keys(NamedTuple):
    """A signature as columns without nulls; rows of equal ones have equal signatures.

    Keys of one `form` mean the same in every table: it tells what of them are digits of how many values.
    """

    columns: dict[str, nw.Expr]
    form: tuple[Any, ...]
    facts: tuple[str | None, ...] = ()  # of each column the fact whose values it holds, if any


def key_columns(
    buckets: Iterable[Bucket | EquivalenceClasses],
    types: Types,
    frame: Frame,
    first: Sequence[Digit] = (),
    happened: Set[str] = frozenset(),
) -> Keys:
    """The signature as columns.

    Digits are written into as few whole numbers as hold them, so that rows are grouped and joined
    by one number; values of facts that have no digits are columns of their own.

    Args:
        buckets: What the signature tells apart.
        types: Types of the columns.
        frame: The rows; their largest figures bound what columns may compute.
        first: What else is told apart.
        happened: Derived dates whose null means, as that of given ones may, that nothing happened.
    """
    digits, values = list(first), dict[str, nw.Expr]()
    for bucket in (_by_text(each, types) for each in buckets):
        found = _digit(bucket, types, frame, happened)
        if found is not None:
            digits.append(found)
            continue
        told = _by_value(bucket) if isinstance(bucket, EquivalenceClasses) else bucket
        if isinstance(told, Members):
            digits.append(_listed(told))
            values[told.fact] = nw.when(_among(told)).then(nw.col(told.fact))
        else:
            values |= {fact: nw.col(fact) for fact in facts_of(told)}
            digits += [Digit(_known(nw.col(fact)), 2) for fact in facts_of(told)]
    keys = {f"__k{place}": key for place, key in enumerate(_numbers(digits))}
    for place, (fact, value) in enumerate(values.items()):
        keys[f"__v{place}"] = filled(value, types.get(fact, TEXT))
    facts = (*[None] * (len(keys) - len(values)), *values)
    return Keys(keys, (*(digit.size for digit in digits), *values), facts)


def _by_text(bucket: Bucket | EquivalenceClasses, types: Types) -> Bucket | EquivalenceClasses:
    """What asks a fact that stands in its column as a text is told apart by that text."""
    if isinstance(bucket, RowPredicate) or types.get(bucket.fact) != EXACT:
        return bucket
    return Identity(bucket.fact, EXACT)


def _numbers(digits: Iterable[Digit]) -> Iterator[nw.Expr]:
    """Identity numbers that hold the digits, each as many as it can."""
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


def _digit(
    bucket: Bucket | EquivalenceClasses, types: Types, frame: Frame, happened: Set[str]
) -> Digit | None:
    match bucket:
        case Cuts(fact, kind, at) if len(at) <= MANY:
            return _cut(fact, types.get(fact, kind), at)
        case Members(fact, kind, values) if len(values) <= FEW_WORDS:
            return _member(fact, types.get(fact, kind), sorted(values))
        case Identity(fact, kind):
            known = types.get(fact, kind)
            if known.kind == "yes/no":
                return Digit(_three_valued(nw.col(fact)), 3)
            if known.words and len(known.words) <= FEW_WORDS:
                return _member(fact, known, known.words)
        case EquivalenceClasses(fact, kind, cuts, places, named) if _few(bucket):
            known = types.get(fact, kind)
            return _placed(fact, known, cuts, places) if places else _named(fact, known, named)
        case RowPredicate(node):
            try:
                return Digit(_three_valued(Conditions(types, frame, happened).truth(node)), 3)
            except NotInColumns:
                return None
    return None


def _few(told: EquivalenceClasses) -> bool:
    """True where classes are so few that a comparison for each costs less than the value as a key."""
    changes = sum(one != other for one, other in pairwise(told.places))
    return changes <= MANY and len({*told.named.values()}) <= MANY


def _by_value(told: EquivalenceClasses) -> Identity | Members:
    """What tells at least as much apart, by the value itself."""
    if told.places:
        return Identity(told.fact, told.type)
    return Members(told.fact, told.type, frozenset({*told.named} - {OTHER}))


def _cut(fact: str, kind: Type, at: tuple[Any, ...]) -> Digit:
    """0 where the fact is missing, then the places below, at and between the cuts."""
    steps = [step.cast(nw.Int64) for step in _steps(fact, kind, at)]
    return Digit(_sum([_known(nw.col(fact)), *steps]).fill_null(0), 2 * len(at) + 2)


def _steps(fact: str, kind: Type, at: Iterable[Any]) -> Iterator[nw.Expr]:
    """For each cut whether a fact has reached it, then whether it is above it."""
    column = nw.col(fact)
    for value in at:
        bound, exact = _bound(value, kind)
        yield column >= bound if exact else column > bound
        yield column > bound


def _bound(value: Any, kind: Type) -> tuple[nw.Expr, bool]:
    """A cut as a constant; false where it lies between two values of the column, above the constant."""
    if kind.kind not in COUNTED:
        return literal(value, kind), True
    stored_as = Decimal(value) * (UNIT if kind.kind in SCALED else 1)
    below = math.floor(stored_as)
    return nw.lit(max(-LARGEST, min(LARGEST, below)), nw.Int64), below == stored_as


def _placed(fact: str, kind: Type, cuts: tuple[Any, ...], places: Sequence[int]) -> Digit:
    """0 where the fact is missing, then the classes of its places below, at and between the cuts."""
    first = _known(nw.col(fact)) * nw.lit(places[0] + 1, nw.Int64)
    steps = [
        step.cast(nw.Int64) * nw.lit(after - before, nw.Int64)
        for step, (before, after) in zip(_steps(fact, kind, cuts), pairwise(places), strict=True)
        if after != before
    ]
    return Digit(_sum([first, *steps]).fill_null(0), max(places) + 2)


def _named(fact: str, kind: Type, named: Mapping[Any, int]) -> Digit:
    """0 where the fact is missing, then the classes of its values."""
    other = named.get(OTHER, 0)
    classes: dict[int, list[Any]] = {}
    for value, number in named.items():
        if value is not OTHER and number != other:
            classes.setdefault(number, []).append(stored(value, kind))
    among = [
        nw.col(fact).is_in(values).fill_null(False).cast(nw.Int64) * nw.lit(n - other, nw.Int64)
        for n, values in classes.items()
    ]
    known = _known(nw.col(fact)) * nw.lit(other + 1, nw.Int64)
    return Digit(_sum([known, *among]), max(named.values()) + 2)


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


def filled(value: nw.Expr, kind: Type) -> nw.Expr:
    """A value as part of a key, which holds no nulls: a digit says where it is missing."""
    match kind.kind:
        case "date":
            return value.fill_null(nw.lit(date.min, nw.Date))
        case "datetime":
            return value.fill_null(nw.lit(datetime.min, nw.Datetime))
        case "whole" | "number" | "share":
            return value.fill_null(nw.lit(0, nw.Int64))
        case "yes/no":
            return value.fill_null(False)
    return value.fill_null("")


def _three_valued(truth: nw.Expr) -> nw.Expr:
    """0 where unknown, 1 for no, 2 for yes."""
    return (truth.cast(nw.Int64) + nw.lit(1, nw.Int64)).fill_null(0)
