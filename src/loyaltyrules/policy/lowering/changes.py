# SPDX-License-Identifier: Apache-2.0
"""What an action writes into a fact must be such that the next record may hold it."""

from dataclasses import dataclass
from decimal import Decimal

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import COUNTED, NUMBER, TEXT, Type
from loyaltyrules.fact.declaration import ways_up
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import OfParent
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest

KEEPING = frozenset({"absolute"})  # forms of functions that answer whole numbers of whole ones


@dataclass(frozen=True, slots=True)
class Target:
    """A fact that an action changes, of the record or of one above it, and how changes call it."""

    fact: tree.FactRef
    owner: str  # the kind of record that has it
    name: str


def target(world: World, subject: str, text: str) -> Target | None:
    """The fact that a word changes: the record's own, or a parent's by its name, `customer.points`."""
    own = world.reference(subject, text)
    if own is not None:
        return Target(own, subject, own.name)
    found = world.seen(subject, text)
    return None if found is None else Target(found, found.owner or subject, found.key)


def of_parent(world: World, path: Path, subject: str, changed: Target) -> OfParent:
    """Whose a changed fact of a parent is, and the fact that holds the parent's id."""
    link = way_to(world, subject, changed.owner)
    own = world.given.get(subject, {})
    if link.owner and f"{changed.owner}_id" in own:
        world.fault("LR290", path, key=True, name=changed.owner, subject=subject)
    return OfParent(changed.name, changed.owner, changed.fact.name, link)


def way_to(world: World, subject: str, parent: str) -> tree.FactRef:
    """The fact with the id of a parent, as the records of a subject read it."""
    below = subject
    while parent not in world.subjects[below].links:
        below = ways_up(below, world.subjects)[parent]
    link = world.subjects[below].links[parent]
    return tree.FactRef(link, TEXT, owner="" if below == subject else below)


def refuse_unknown_target(world: World, path: Path, subject: str, name: str) -> None:
    """Note a fault where the record has no fact of the name; whose it is, where a parent has it."""
    above = [each for each in world.ancestors(subject) if world.has(each, name)]
    if above:
        world.fault("LR265", path, key=True, name=name, subject=above[0])
        return
    near = nearest(name, world.given.get(subject, {}))
    world.fault("LR201", path, key=True, name=name, near=near)


def refuse_unfit(world: World, path: Path, fact: Type, written: Node) -> None:
    """Note a fault where what is written may be no value of the fact: a fraction, or another word."""
    found = type_of(written)
    if fact.kind == "whole" and found.kind in COUNTED and _has_fractions(written):
        world.fault("LR267", path, found=NUMBER, expected=fact)
    elif fact.kind == "word" and not _is_among(written, fact.words):
        world.fault("LR267", path, found=found, expected=fact)


def _has_fractions(node: Node) -> bool:
    """True of a number that may have decimals, whatever the record."""
    match node:
        case tree.Literal(value):
            return isinstance(value, Decimal) and value != int(value)
        case tree.Case(rows):
            return any(_has_fractions(value) for _, value in rows)
        case tree.Arithmetic(sign, left, right) if sign != "/":
            return _has_fractions(left) or _has_fractions(right)
        case tree.Call() if node.selects or node.form in KEEPING:
            return any(map(_has_fractions, node.arguments))
    return type_of(node).kind != "whole"


def _is_among(node: Node, words: tuple[str, ...]) -> bool:
    """True where a text or word is one of these words, whatever the record."""
    match node:
        case tree.Literal(value):
            return value is None or value in words
        case tree.Case(rows):
            return all(_is_among(value, words) for _, value in rows)
        case tree.Call() if node.selects:
            return all(_is_among(each, words) for each in node.arguments)
    found = type_of(node)
    return found.kind == "unknown" or (found.kind == "word" and {*found.words} <= {*words})
