# SPDX-License-Identifier: Apache-2.0
"""What turns from one day to the next: of whom a day may decide otherwise than the day before it.

A record of which no condition turned, and for which nothing opens, is decided alike on both days but
for the day itself. So its actions are those of the day before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from loyaltyrules.decision.passing import with_instead
from loyaltyrules.decision.sieves import numbers
from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.day import Counting, Day, Deriving, Instance, SubjectDay
from loyaltyrules.plan.recipe import Occurrence, Recipe
from loyaltyrules.policy.action_fields import fields_of
from loyaltyrules.policy.model import Policy

Pair = tuple[Node, Node]  # an expression as it stood, and as it stands


@dataclass(frozen=True, slots=True)
class Turning:
    """What is not the same of one kind of record on two days.

    `derived` are by fact the conditions that its derived facts go by, and `counted` those that its
    aggregates ask of child records, each with their kind. `standing` are those of rules that hold as
    long as their condition does; `opening` is what opens on the second day alone, or has another name
    from that day on. `everybody` is true where it cannot be told of whom.
    """

    derived: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    counted: Mapping[str, tuple[str, tuple[Pair, ...]]] = field(default_factory=dict)
    standing: tuple[Pair, ...] = ()
    opening: tuple[Instance, ...] = ()
    everybody: bool = False


def turning(before: SubjectDay, after: SubjectDay) -> Turning:
    """What turned of one kind of record."""
    stood = {each.name: each for each in before.deriving}
    stands = {each.name: each for each in after.deriving}
    derived: dict[str, tuple[Pair, ...]] = {}
    counted: dict[str, tuple[str, tuple[Pair, ...]]] = {}
    everybody = False
    for name in stood.keys() & stands.keys():
        own = _of_fact(stood[name], stands[name])
        if own is None:
            everybody = True
        elif own and (counting := stands[name].counting) is not None:
            counted[name] = counting.over, own
        elif own:
            derived[name] = own
    return _of_rules(
        before.instances, after.instances, Turning(derived, counted, everybody=everybody)
    )


def of_gate(before: Day, after: Day, policy: Policy, subjects: Iterable[str]) -> Turning:
    """What turned of the gate for all that some kinds of record emit: asked of the records that are gated."""
    pairs: dict[Pair, None] = {}
    for (_, stood), (_, stands) in zip(before.gate, after.gate, strict=True):
        if stood == stands:
            continue
        for recipe in (each for name in subjects for each in _recipes(after.subjects[name])):
            known = fields_of(recipe.form, recipe.rule)
            one, other = (fold(node, known, policy.functions) for node in (stood, stands))
            pairs |= dict.fromkeys(differing(one, other))
    return Turning(standing=tuple(pairs), everybody=[*_numbers(before)] != [*_numbers(after)])


def _recipes(compiled: SubjectDay) -> Iterator[Recipe]:
    for each in compiled.instances:
        yield from with_instead(each.recipes)


def _numbers(day: Day) -> Iterator[Node]:
    """What sieves ask beside their conditions, as it stands on a day."""
    for sieve, _ in day.gate:
        for node in numbers(sieve):
            yield fold(node, day.symbols, {})


def _of_fact(stood: Deriving, stands: Deriving) -> tuple[Pair, ...] | None:
    """The conditions of a derived fact that are not the same; None where records do not tell."""
    if stood.ranking is not None and stands.ranking is not None:
        alike = stood.ranking.nodes == stands.ranking.nodes
        return () if alike else None
    if stood.counting is not None and stands.counting is not None:
        if stood.counting.take != stands.counting.take:
            return None
        return tuple(_counted(stood.counting, stands.counting))
    if stood.node is None or stands.node is None:
        return ()
    return tuple(differing(stood.node, stands.node))


def _counted(stood: Counting, stands: Counting) -> Iterator[Pair]:
    yield from differing(stood.where_node, stands.where_node)
    if stood.value_node is not None and stands.value_node is not None:
        yield from differing(stood.value_node, stands.value_node)
    for one, other in zip(stood.order, stands.order, strict=True):
        yield from differing(one.node, other.node)


def _of_rules(before: Sequence[Instance], after: Sequence[Instance], found: Turning) -> Turning:
    """The same with the conditions of standing rules that turned, and with all that opens."""
    stood = {_same(each): each for each in before if stands_on(each)}
    pairs: dict[Pair, None] = {}
    opening: list[Instance] = []
    for each in after:
        known = stood.get(_same(each)) if stands_on(each) else None
        if known is not None and _names(known) == _names(each):
            pairs |= dict.fromkeys(differing(known.condition, each.condition))
        else:
            opening.append(each)
    return replace(found, standing=tuple(pairs), opening=tuple(opening))


def _same(instance: Instance) -> tuple[str, ...]:
    """What an instance of one day is found by on another: its rule and row, and what it does."""
    return instance.rule.id, instance.row.id, *(each.key for each in instance.recipes)


def stands_on(instance: Instance) -> bool:
    """True of a rule that holds as long as its condition does, not on one day alone."""
    return instance.opened is None or instance.opened.moment_day is None


def _names(instance: Instance) -> list[object]:
    """What the ids of its actions are made of, but for the record."""
    found: list[object] = []
    for recipe in instance.recipes:
        named = recipe.occurrence
        parts = named.parts if isinstance(named, Occurrence) else (named,)
        found += [each if isinstance(each, str) else each.node for each in parts]
    return found


def differing(one: Node, other: Node) -> Iterator[Pair]:
    """The smallest parts in which two expressions of one form differ; at most themselves."""
    if one == other:
        return
    below = tree.children(one), tree.children(other)
    alike = type(one) is type(other) and len(below[0]) == len(below[1])
    if alike and isinstance(one, tree.And | tree.Or | tree.Not | tree.Case):
        for each in zip(*below, strict=True):
            yield from differing(*each)
    else:
        yield one, other
