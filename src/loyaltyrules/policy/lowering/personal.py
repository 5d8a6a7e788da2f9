# SPDX-License-Identifier: Apache-2.0
"""Personal facts never leave in actions: neither in what they state, nor in when, nor in their ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Any, Protocol

from loyaltyrules.expression import tree
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node
from loyaltyrules.fact.declaration import Declaration
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Aggregate, Derived, Hold, Rank, Rule, Sieve

ONLY_DECIDE = {
    "condition",
    "needs",  # of a fact that is missing only the name is told
    "occasion",  # an anniversary names the day on which it is kept, never that of the birth
}

PLAIN = {str, int, NoneType}  # hold no expressions


def refuse_personal(world: World, rules: Iterable[Rule], gate: Iterable[Sieve]) -> None:
    """Note a fault for each personal fact that an action would tell, where its expression stands."""
    for rule in rules:
        _refuse(world, rule.subject, reaching(rule))
    for sieve in gate:
        if isinstance(sieve, Hold):
            _refuse(world, "customer", reaching(sieve.instead))


def _refuse(world: World, subject: str, stated: Iterable[Node]) -> None:
    for node in {id(each): each for each in stated}.values():  # forms by several ways share them
        for name in personal_in(world, subject, node):
            world.fault("LR235", world.path_of(node), name=name)


def reaching(whole: Any) -> Iterator[Node]:
    """Every expression of a rule that reaches an action: all but those that only decide about it."""
    open_: list[Any] = [whole]
    while open_:
        part = open_.pop()
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple):
            open_ += reversed(part)
        else:
            below = [getattr(part, name) for name in reversed(_reaching(part.__class__))]
            open_ += [each for each in below if each.__class__ not in PLAIN]


@cache
def _reaching(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass that may hold such expressions; none of anything else."""
    names = (each.name for each in fields(kind)) if is_dataclass(kind) else ()
    return tuple(name for name in names if name not in ONLY_DECIDE)


class Known(Protocol):
    """The facts of a policy by subject and name, and its functions: while it is lowered, and after."""

    @property
    def functions(self) -> Mapping[str, Function]:
        """Those of its expressions."""

    @property
    def given(self) -> Mapping[str, Mapping[str, Declaration]]:
        """Those of records."""

    @property
    def derived(self) -> Mapping[str, Mapping[str, Derived]]:
        """Those that the policy computes."""


def personal_in(known: Known, subject: str, node: Node) -> Iterator[str]:
    """The personal facts whose values a value may tell: not those that only decide about it."""
    open_, met = [(subject, node)], set[tuple[str, str]]()
    while open_:
        subject, node = open_.pop()
        if isinstance(node, tree.Lookup):
            if _declared(known, node.table, node.column):  # a table of records, such as stores
                yield node.column
        elif isinstance(node, tree.FactRef):
            fact = node.owner or subject, node.name
            if fact not in met and fact[1] in known.derived.get(fact[0], {}):
                met.add(fact)  # whatever it tells is told once, however often it is read
                open_ += _told(known, *fact)
            elif fact in met:
                continue
            if _declared(known, *fact):
                yield node.name
        else:
            open_ += [(subject, part) for part in reversed(_telling(known, node))]


def _telling(known: Known, node: Node) -> tuple[Node, ...]:
    """The parts of an expression whose values its own value may tell."""
    match node:
        case tree.Missing() | tree.Compare() | tree.In():
            return ()
        case tree.Call(name) if not known.functions[name].reveals:
            return ()
        case tree.Case(rows):
            return tuple(value for _, value in rows)
    return tree.children(node)


def _declared(known: Known, subject: str, name: str) -> bool:
    """True of a fact that is declared personal, be it given or derived."""
    each = known.given.get(subject, {}).get(name), known.derived.get(subject, {}).get(name)
    return any(fact is not None and fact.personal for fact in each)


def _told(known: Known, subject: str, name: str) -> list[tuple[str, Node]]:
    """What a derived fact is computed from, as far as it tells that; with whose it is."""
    match known.derived[subject][name].origin:
        case Rank():
            return []
        case Aggregate(_, over, value):
            return [] if value is None else [(over, value)]
        case origin:
            return [(subject, origin)]
