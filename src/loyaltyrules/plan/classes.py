# SPDX-License-Identifier: Apache-2.0
"""EquivalenceClasses: buckets of a fact that no condition tells apart are one, so that more records share.

A condition that asks one fact alone ("bought three days ago": on or after one day and before the
next) says the same of many buckets between its cuts. Each bucket is tried with a value of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import CUTTABLE, Cuts, Finding, Identity, Members, finite
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node, facts_in
from loyaltyrules.expression.types import Type

TRIED = 10_000  # conditions on values; a fact that would need more keeps its buckets
OTHER: Any = object()  # a value that no condition names


@dataclass(frozen=True, slots=True)
class EquivalenceClasses:
    """The class of each value of a fact: by its place at or between cuts, or by the value named."""

    fact: str
    type: Type
    cuts: tuple[Any, ...]
    places: tuple[int, ...]
    named: Mapping[Any, int]


class SingleFactConditions(Finding):
    """Finds buckets, and per fact the conditions that ask it alone, each as large as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.conditions: dict[str, dict[Node, None]] = {}
        self.within = False  # a condition that is already noted

    def value(self, node: Node) -> None:
        names = () if self.within or not finite(node) else facts_in(node)
        if len(names) != 1 or not self._noted(node, names[0]):
            super().value(node)

    def _noted(self, node: Node, fact: str) -> bool:
        """Note a condition on one fact, unless it has parts that cannot be cut."""
        local, self.local, self.within = self.local, {}, True
        super().value(node)
        whole, self.local, self.within = not self.local, local, False
        if whole:
            self.conditions.setdefault(fact, {})[node] = None
        return whole

    def comparison(self, node: Node, part: Node, constant: Any, sign: str) -> None:
        """A comparison of one of several facts, each of which is asked the same."""
        super().comparison(node, part, constant, sign)
        if self.within or constant is None or not isinstance(part, tree.FactRef):
            return
        if _cut(part, sign):
            literal = tree.Literal(constant, part.type)
            turned = isinstance(node, tree.Compare) and isinstance(node.left, tree.Literal)
            sides = (literal, part) if turned else (part, literal)
            self.conditions.setdefault(part.key, {})[tree.Compare(sign, *sides)] = None


def _cut(part: tree.FactRef, sign: str) -> bool:
    return part.type.kind in CUTTABLE or (not part.type.finite and sign in ("=", "!="))


def classes(
    bucket: Cuts | Members | Identity, conditions: Iterable[Node], functions: Mapping[str, Function]
) -> EquivalenceClasses:
    """What the conditions tell apart of one fact."""
    match bucket:
        case Cuts(fact, _, cuts):
            numbers = _told(fact, _at_and_between(cuts), conditions, functions)
            return EquivalenceClasses(fact, bucket.type, cuts, numbers, {})
        case Members(fact, _, values):
            named: tuple[Any, ...] = (OTHER, *values)
        case Identity(fact, kind):
            named = kind.words or (True, False)
    numbers = _told(fact, named, conditions, functions)
    return EquivalenceClasses(fact, bucket.type, (), (), dict(zip(named, numbers, strict=True)))


def _told(
    fact: str, values: tuple[Any, ...], conditions: Iterable[Node],
    functions: Mapping[str, Function],
) -> tuple[int, ...]:  # fmt: skip
    """A number for each value; values of which all conditions say the same have the same one."""
    asked = [evaluator(each, functions) for each in conditions]
    if len(asked) * len(values) > TRIED:
        return tuple(range(len(values)))
    numbers: dict[Any, int] = {}
    told = [tuple(test({fact: value}) for test in asked) for value in values]
    return tuple(numbers.setdefault(each, len(numbers)) for each in told)


def _at_and_between(cuts: tuple[Any, ...]) -> tuple[Any, ...]:
    """A value below the cuts, then each cut and a value above it and below the next."""
    if not cuts:
        return (OTHER,)
    found = [_beyond(cuts[0], -1)]
    for cut, following in zip(cuts, (*cuts[1:], None), strict=True):
        found += [cut, _beyond(cut, 1) if following is None else _middle(cut, following)]
    return tuple(found)


def _beyond(cut: Any, way: int) -> Any:
    """A value below the lowest cut or above the highest; the cut itself where there is none."""
    if not isinstance(cut, date):
        return cut + way
    try:
        return cut + timedelta(days=way)
    except OverflowError:
        return cut


def _middle(low: Any, high: Any) -> Any:
    """A value between two cuts; of days next to each other the first, as none lies between them."""
    return low + (high - low) / 2 if isinstance(low, date) else (Decimal(low) + Decimal(high)) / 2
