# SPDX-License-Identifier: Apache-2.0
"""Which derived facts are worked out once a record, and which are written out where they are read.

A fact of few values is always worked out once. One of many values (points left, a day, a share) tells
records apart best by what it is made of, so it is written out; but not when that would be long, or deep,
or might make figures of any size. Nor when it asks a function of a plug-in or a reference table: what that
costs nobody knows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.functions import FUNCTIONS
from loyaltyrules.expression.tree import Node
from loyaltyrules.policy.model import Aggregate, Derived, Rank
from loyaltyrules.policy.order import needed_first

Facts: TypeAlias = Mapping[str, Mapping[str, Derived]]  # by subject and name
Key: TypeAlias = tuple[str, str]


class Size(NamedTuple):
    """How much an expression comes to once it is written out."""

    nodes: int = 1
    depth: int = 1
    digits: int = 14  # of its figures at most: those of facts have no more
    own: bool = False  # true where it asks a function of a plug-in, or a table
    dated: bool = False  # true where it asks for the present day


MOST = Size(nodes=200, depth=48, digits=56)
MOST_ABOVE = MOST._replace(nodes=800)  # of parents also facts of few values are written out


def shared(facts: Facts) -> dict[str, dict[str, Derived]]:
    """The same derived facts, each knowing whether it is worked out once a record.

    That is decided for records of their own, and for those who read a record of reference data: of
    that nothing is worked out beforehand.
    """
    keys = [(subject, name) for subject, each in facts.items() for name in each]
    order = needed_first(keys, lambda key: _read(facts, key))
    far, above = _sizes(facts, order, lambda fact: False, MOST_ABOVE)
    near, _ = _sizes(facts, order, lambda fact: fact.type.finite, MOST, above)
    return {
        subject: {
            name: replace(
                each,
                shared=_large(near[subject, name], MOST) and not each.type.finite,
                shared_above=_large(far[subject, name], MOST_ABOVE),
                dated=near[subject, name].dated or far[subject, name].dated,
            )
            if isinstance(each.origin, Node)
            else each
            for name, each in own.items()
        }
        for subject, own in facts.items()
    }


def _large(size: Size, most: Size) -> bool:
    past = zip(size[:3], most[:3], strict=True)
    return size.own or any(each > limit for each, limit in past)


def _read(facts: Facts, key: Key) -> list[Key]:
    """The derived facts that an expression reads; what is counted or ranked is one fact."""
    origin = facts.get(key[0], {})[key[1]].origin
    if isinstance(origin, Aggregate | Rank):
        return []
    read = ((each.owner or key[0], each.name) for each in tree.references_in(origin))
    return [each for each in read if each[1] in facts.get(each[0], {})]


def _sizes(
    facts: Facts,
    order: Iterable[Key],
    alone: Callable[[Derived], bool],
    most: Size,
    above: Mapping[Key, Size] | None = None,
) -> tuple[dict[Key, Size], dict[Key, Size]]:
    """The size of each derived fact, and what it adds to those that read it.

    Those that are `alone`, or large, stand for themselves there; `above` are those of parents.
    """
    found: dict[Key, Size] = {}
    seen: dict[Key, Size] = {}
    for subject, name in order:
        fact = facts[subject][name]
        if isinstance(fact.origin, Aggregate | Rank):
            seen[subject, name] = Size()
            continue
        size = found[subject, name] = size_of(fact.origin, subject, seen, above or seen)
        dated = size.dated and not alone(fact)
        seen[subject, name] = Size(dated=dated) if alone(fact) or _large(size, most) else size
    return found, seen


def size_of(node: Node, subject: str, known: Mapping[Key, Size], above: Mapping[Key, Size]) -> Size:
    """What an expression about a subject comes to, with the derived facts that it reads."""
    match node:
        case tree.FactRef(owner=owner, name=name):
            read = (above if owner else known).get((owner or subject, name), Size(depth=0))
            return read._replace(depth=read.depth + 1)
        case tree.Symbol(name):
            return Size(dated=name == "today")
        case tree.Literal(int() | Decimal() as value):
            return Size(digits=_digits(value))
    below = [size_of(each, subject, known, above) for each in tree.children(node)] or [Size()]
    return Size(
        1 + sum(each.nodes for each in below),
        1 + max(each.depth for each in below),
        _joined(node, [each.digits for each in below]),
        any(each.own for each in below) or _costs_what_nobody_knows(node),
        any(each.dated for each in below),
    )


def _costs_what_nobody_knows(node: Node) -> bool:
    """True of a function of a plug-in, and of a table that has as many rows as it is given."""
    if isinstance(node, tree.Call):
        return node.function not in FUNCTIONS
    return isinstance(node, tree.Lookup)


def _joined(node: Node, digits: list[int]) -> int:
    """The digits of what is made of figures; what is asked or chosen makes none."""
    match node:
        case tree.Arithmetic("*" | "/"):
            return sum(digits)
        case tree.Arithmetic():
            return max(digits) + 1
    return max(digits)


def _digits(value: int | Decimal) -> int:
    return len(Decimal(value).as_tuple().digits)
