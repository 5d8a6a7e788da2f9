# SPDX-License-Identifier: Apache-2.0
"""Figures that may be meant, but seldom are: more than the whole, no time at all, nearly a known word."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import symbols_in
from loyaltyrules.expression.types import Value
from loyaltyrules.expression.written import shown
from loyaltyrules.policy.found import Found, at
from loyaltyrules.policy.lowering.roles import said
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Parameter, Rule
from loyaltyrules.problem.problem import near_miss

AHEAD = {"opens", "within", "at", "from"}  # where no time at all says: on the day itself
MORE = "more than the whole"
LESS = "below zero"
NO_DIVISOR = "nothing can be divided by it"
NO_TIME = "no time at all"


def odd_figures(world: World, rules: list[Rule]) -> Found:
    """Shares beyond the whole, and periods of no time where they are counted with."""
    read = {
        name
        for node, path in world.written.values()
        if path and path[-1] not in AHEAD
        for name in symbols_in(node)
    }
    divisors = {*_divisors(world)}
    for name, each in world.parameters.items():
        for _, value in each.values:
            divides = NO_DIVISOR if name in divisors and value == 0 else ""
            if why := _odd(each, value, name in read) or divides:
                found = (
                    shown(Decimal(str(value)) * 100) + "%"
                    if each.type.kind == "share"
                    else shown(value)
                )
                yield at(world, "LR620", ("parameters", name), name=name, found=found, why=why)


def _divisors(world: World) -> Iterator[str]:
    """The figures that something is divided by."""
    for node, _ in world.written.values():
        for part in tree.walk(node):
            if isinstance(part, tree.Arithmetic) and part.sign == "/":
                yield from symbols_in(part.right)


def _odd(parameter: Parameter, value: Value | None, counted: bool) -> str:
    if parameter.type.kind == "share" and isinstance(value, int | Decimal):
        return MORE if value > 1 else LESS if value < 0 else ""
    return NO_TIME if counted and value == Period() else ""


def misspelt_items(world: World, rules: list[Rule]) -> Found:
    """Items of a list that are nearly one of the words which its other items are."""
    known = [*_vocabularies(world, rules)]
    for name, each in world.parameters.items():
        for _, value in each.values:
            items = value if isinstance(value, tuple) else ()
            words = max(known, key=lambda some: len(some & {*items}), default=frozenset[str]())
            for item in items if words & {*items} else ():
                if item not in words and (near := near_miss(item, sorted(words))):
                    place = f"parameters.{name}"
                    yield at(world, "LR615", ("parameters", name), name=item, near=near, at=place)


def _vocabularies(world: World, rules: list[Rule]) -> Iterator[frozenset[str]]:
    """Words that belong together: purposes, roles, channels, kinds, and those of each fact."""
    listed = said(world, rules)
    for field in ("purpose", "role", "channel", "kind"):
        yield frozenset(each.word for each in listed if each.field == field)
    given = (each.type for facts in world.given.values() for each in facts.values())
    derived = (each.type for facts in world.derived.values() for each in facts.values())
    yield from (frozenset(each.words) for each in chain(given, derived) if each.words)
