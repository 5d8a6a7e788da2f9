# SPDX-License-Identifier: Apache-2.0
"""Which rules are still possible for a record: one set of rules, as bits, per fact and bucket.

A rule is impossible where one of the conditions it joins by `and` asks a single fact and is
false for the fact's bucket. A record intersects the sets of its buckets; only what is left is
interpreted. The sets hold whatever the record's other facts are, so the index never decides.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import COUNTED, DATED, NOT_HAPPENED

SMALL = 64  # below this many rules a scan is as quick


@dataclass(frozen=True, slots=True)
class ByValue:
    """Rules that name values of a fact: for each value the rules possible, else those that name none."""

    fact: str
    sets: Mapping[Any, int]
    others: int
    missing: int

    def possible(self, facts: Facts) -> int:
        value = facts.get(self.fact)
        if value is None or value is NOT_HAPPENED:
            return self.missing
        return self.sets.get(value, self.others)


@dataclass(frozen=True, slots=True)
class ByRange:
    """Rules that bound a fact: the rules possible at and between its cuts."""

    fact: str
    cuts: tuple[Any, ...]
    sets: tuple[int, ...]
    missing: int

    def possible(self, facts: Facts) -> int:
        value = facts.get(self.fact)
        if value is None or value is NOT_HAPPENED:
            return self.missing
        place = bisect_left(self.cuts, value)
        exact = place < len(self.cuts) and self.cuts[place] == value
        return self.sets[2 * place + exact]


@dataclass(frozen=True, slots=True)
class Index:
    """The rules possible for a record, as places in the list of conditions."""

    count: int
    parts: tuple[ByValue | ByRange, ...]

    def possible(self, facts: Facts) -> Iterator[int]:
        left = (1 << self.count) - 1
        for part in self.parts:
            left &= part.possible(facts)
            if not left:
                return
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest


def index_of(conditions: Sequence[Node]) -> Index:
    """The index of a list of conditions."""
    if len(conditions) < SMALL:
        return Index(len(conditions), ())
    named: dict[str, dict[int, frozenset[Any]]] = {}
    bounded: dict[str, dict[int, list[tuple[str, Any]]]] = {}
    for place, condition in enumerate(conditions):
        for part in condition.items if isinstance(condition, tree.And) else (condition,):
            _note(part, place, named, bounded)
    every = (1 << len(conditions)) - 1
    parts: list[ByValue | ByRange] = [_by_value(f, rules, every) for f, rules in named.items()]
    parts += [_by_range(fact, rules, every) for fact, rules in bounded.items()]
    return Index(len(conditions), tuple(parts))


def _note(
    part: Node, place: int, named: dict[str, dict[int, frozenset[Any]]],
    bounded: dict[str, dict[int, list[tuple[str, Any]]]],
) -> None:  # fmt: skip
    match part:
        case tree.Compare(_, _, tree.Literal(None)) | tree.In(_, tree.Literal(None)):
            return  # unknown, whatever the record says
        case tree.Compare(sign, tree.FactRef(name, kind), tree.Literal(value)):
            if kind.kind in COUNTED | DATED and sign != "!=":
                bounded.setdefault(name, {}).setdefault(place, []).append((sign, value))
            elif sign == "=":
                _name(named, name, place, frozenset([value]))
        case tree.In(tree.FactRef(name, _), tree.Literal(values)):
            _name(named, name, place, frozenset(values))  # type: ignore[call-overload]
        case tree.In(tree.FactRef(name, _), tree.ListOf(items)):
            if all(isinstance(each, tree.Literal) for each in items):
                _name(named, name, place, frozenset(getattr(each, "value", None) for each in items))


def _name(
    named: dict[str, dict[int, frozenset[Any]]], fact: str, place: int, values: frozenset[Any]
) -> None:
    known = named.setdefault(fact, {}).get(place)
    named[fact][place] = values if known is None else known & values


def _by_value(fact: str, rules: Mapping[int, frozenset[Any]], every: int) -> ByValue:
    free = every
    wanted: dict[Any, int] = {}
    for place, values in rules.items():
        free &= ~(1 << place)
        for value in values:
            wanted[value] = wanted.get(value, 0) | 1 << place
    return ByValue(fact, {value: bits | free for value, bits in wanted.items()}, free, every)


def _by_range(fact: str, rules: Mapping[int, list[tuple[str, Any]]], every: int) -> ByRange:
    """Sweep over the cuts from the lowest up: at each, some rules become possible or cease to be."""
    cuts = tuple(sorted({value for bounds in rules.values() for _, value in bounds}))
    where = {value: place for place, value in enumerate(cuts)}
    changes: dict[int, int] = {}
    start = every
    for place, bounds in rules.items():
        low, high = _interval(bounds, where, len(cuts))
        bit = 1 << place
        if low > 0 or low >= high:
            start &= ~bit
        if low < high:
            if low > 0:
                changes[low] = changes.get(low, 0) ^ bit
            changes[high] = changes.get(high, 0) ^ bit
    sets, current = [], start
    for position in range(2 * len(cuts) + 1):
        current ^= changes.get(position, 0)
        sets.append(current)
    return ByRange(fact, cuts, tuple(sets), every)


def _interval(
    bounds: list[tuple[str, Any]], where: Mapping[Any, int], count: int
) -> tuple[int, int]:
    """The half-open interval of positions in which all bounds hold; a cut `c` is at 2·c + 1."""
    low, high = 0, 2 * count + 1
    for sign, value in bounds:
        at = 2 * where[value] + 1
        if sign in (">=", "=", ">"):
            low = max(low, at + (sign == ">"))
        if sign in ("<=", "=", "<"):
            high = min(high, at + (sign != "<"))
    return low, high
