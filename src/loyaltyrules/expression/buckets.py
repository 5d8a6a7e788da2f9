# SPDX-License-Identifier: Apache-2.0
"""Buckets: all that a set of conditions can tell apart of a record. Together they are its signature."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node, facts_in
from loyaltyrules.expression.types import COUNTED, DATED, NOT_HAPPENED, Type

CUTTABLE = COUNTED | DATED
Read: TypeAlias = Callable[[Facts], Hashable]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Between which figures or dates a fact lies; each figure itself is a bucket of its own."""

    fact: str
    type: Type
    at: tuple[Any, ...]

    def reader(self, functions: Mapping[str, Function]) -> Read:
        name, cuts, count = self.fact, self.at, len(self.at)

        def read(facts: Facts) -> Hashable:
            value = facts.get(name)
            if value is None or value is NOT_HAPPENED:
                return value
            index = bisect_left(cuts, value)
            return 2 * index + (index < count and cuts[index] == value)

        return read


@dataclass(frozen=True, slots=True)
class Members:
    """Which of a set of values a fact has; all others are one bucket."""

    fact: str
    type: Type
    values: frozenset[Any]

    def reader(self, functions: Mapping[str, Function]) -> Read:
        name, values = self.fact, self.values

        def read(facts: Facts) -> Hashable:
            value = facts.get(name)
            return value if value is None or value in values else NOT_HAPPENED

        return read


@dataclass(frozen=True, slots=True)
class Identity:
    """The value of a fact itself: labels, yes/no, vocabularies, and whatever cannot be cut."""

    fact: str
    type: Type

    def reader(self, functions: Mapping[str, Function]) -> Read:
        name = self.fact
        return lambda facts: facts.get(name)


@dataclass(frozen=True, slots=True)
class RowPredicate:
    """A yes/no over several facts of the record."""

    node: Node

    def reader(self, functions: Mapping[str, Function]) -> Read:
        return evaluator(self.node, functions)


Bucket: TypeAlias = Cuts | Members | Identity | RowPredicate


def buckets_of(nodes: Iterable[Node]) -> tuple[Bucket, ...]:
    """The buckets that decide the values of the given conditions, in a fixed order."""
    finding = Finding()
    for node in nodes:
        finding.value(node)
    return finding.buckets()


class Finding:
    """Walks conditions and gathers what they ask of each fact."""

    def __init__(self) -> None:
        self.cuts: dict[str, set[Any]] = {}
        self.members: dict[str, set[Any]] = {}
        self.whole: dict[str, Type] = {}
        self.local: dict[Node, None] = {}
        self.types: dict[str, Type] = {}

    def buckets(self) -> tuple[Bucket, ...]:
        found: list[Bucket] = []
        for fact in sorted({*self.cuts, *self.members, *self.whole}):
            kind = self.types[fact]
            if fact in self.whole:
                found.append(Identity(fact, kind))
            elif fact in self.cuts:
                at = self.cuts[fact] | self.members.get(fact, set())
                found.append(Cuts(fact, kind, tuple(sorted(at))))
            else:
                found.append(Members(fact, kind, frozenset(self.members[fact])))
        return (*found, *map(RowPredicate, self.local))

    def value(self, node: Node) -> None:
        """Whatever the value of `node`, it becomes a function of the buckets."""
        match node:
            case tree.FactRef(name, kind):
                self.types[name] = kind
                self.whole[name] = kind
            case tree.Missing(tree.FactRef(name, kind)) if kind.kind in CUTTABLE:
                self.types[name] = kind
                self.cuts.setdefault(name, set())
            case tree.Missing(tree.FactRef(name, kind)) if not kind.finite:
                self.types[name] = kind
                self.members.setdefault(name, set())
            case tree.Compare(sign, left, tree.Literal(constant)):
                self.comparison(node, left, constant, sign)
            case tree.Compare(sign, tree.Literal(constant), right):
                self.comparison(node, right, constant, sign)
            case tree.Compare(_, left, right) if not (finite(left) and finite(right)):
                self.local[node] = None
            case tree.In(item, options):
                self.membership(node, item, options)
            case tree.Missing(item) if not finite(item):
                self.local[node] = None
            case _:
                for child in tree.children(node):
                    self.value(child)

    def comparison(self, node: Node, part: Node, constant: Any, sign: str) -> None:
        """`part` compared with a constant; selections ask the same of each of their parts."""
        if constant is None:  # unknown, whatever the record says
            return
        match part:
            case tree.FactRef(name, kind) if kind.kind in CUTTABLE:
                self.types[name] = kind
                self.cuts.setdefault(name, set()).add(constant)
            case tree.FactRef(name, kind) if not kind.finite and sign in ("=", "!="):
                self.types[name] = kind
                self.members.setdefault(name, set()).add(constant)
            case tree.Call(arguments=arguments, selects=True):
                for each in arguments:
                    self.comparison(node, each, constant, sign)
            case tree.Case(rows):
                for test, value in rows:
                    self.value(test)
                    self.comparison(node, value, constant, sign)
            case _ if finite(part):
                self.value(part)
            case _:
                self.local[node] = None

    def membership(self, node: Node, item: Node, options: Node) -> None:
        if isinstance(options, tree.Literal) and options.value is None:
            return
        values = _constants(options)
        if isinstance(item, tree.FactRef) and values is not None and not item.type.finite:
            self.types[item.key] = item.type
            if item.type.kind in CUTTABLE and item.key in self.cuts:
                self.cuts[item.key] |= set(values)
            else:
                self.members.setdefault(item.key, set()).update(values)
        elif finite(item) and values is not None:
            self.value(item)
        else:
            self.local[node] = None


def _constants(options: Node) -> tuple[Any, ...] | None:
    match options:
        case tree.Literal(values):
            return tuple(values)  # type: ignore[arg-type]
        case tree.ListOf(items) if all(isinstance(each, tree.Literal) for each in items):
            return tuple(each.value for each in items if isinstance(each, tree.Literal))
    return None


def finite(node: Node) -> bool:
    """True when the node has few values, each a function of finite facts and comparisons."""
    match node:
        case tree.Literal():
            return True
        case tree.FactRef(_, kind):
            return kind.finite
        case tree.Compare() | tree.In() | tree.Missing() | tree.And() | tree.Or() | tree.Not():
            return True
        case tree.Case(rows):
            return all(finite(value) for _, value in rows)
    return all(finite(child) for child in tree.children(node))


def facts_of(bucket: Bucket) -> tuple[str, ...]:
    """The facts that a bucket reads."""
    return facts_in(bucket.node) if isinstance(bucket, RowPredicate) else (bucket.fact,)
