# SPDX-License-Identifier: Apache-2.0
"""What derived facts read of each other, across kinds of record: their order, and the stages of a record.

A record and its children are derived in stages. In the even ones what is derived rises: of children first,
then what is counted of them. In the odd ones it is handed down: of a parent first, then what waits for it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import FactRef
from loyaltyrules.policy.model import Aggregate, Derived
from loyaltyrules.policy.order import needed_first

Facts: TypeAlias = Mapping[str, Mapping[str, Derived]]  # by subject and name
Key: TypeAlias = tuple[str, str]


def read_by(derived: Derived) -> Iterator[FactRef]:
    """The facts that a derived fact reads; those of an aggregate as its child records name them."""
    origin = derived.origin
    for node in origin.nodes if isinstance(origin, Aggregate) else derived.nodes:
        yield from tree.references_in(node)


def needs(facts: Facts, key: Key) -> Iterator[Key]:
    """The derived facts that one reads, of whatever record."""
    derived = facts[key[0]][key[1]]
    whose = derived.origin.over if isinstance(derived.origin, Aggregate) else key[0]
    for each in read_by(derived):
        owner = each.owner or whose
        if each.name in facts.get(owner, {}):
            yield owner, each.name


def ordered(facts: Facts, circle: Callable[[Key], object]) -> dict[str, dict[str, Derived]]:
    """The derived facts of each kind of record, each after what it needs; `circle` hears of circles."""
    found: dict[str, dict[str, Derived]] = {}
    for subject, own in facts.items():
        keys = ((subject, name) for name in own)
        told = needed_first(keys, lambda key: needs(facts, key), circle)
        found[subject] = {name: own[name] for whose, name in told if whose == subject}
    return found


def stages(facts: Facts) -> dict[Key, int]:
    """The stage in which each derived fact is known of all records."""
    found: dict[Key, int] = {}
    keys = [(subject, name) for subject, own in facts.items() for name in own]
    for key in needed_first(keys, lambda each: needs(facts, each)):
        found[key] = _stage(facts, key, found)
    return found


def _stage(facts: Facts, key: Key, known: Mapping[Key, int]) -> int:
    derived = facts[key[0]][key[1]]
    over = derived.origin.over if isinstance(derived.origin, Aggregate) else ""
    found = 0
    for each in read_by(derived):
        stage = known.get((each.owner or over or key[0], each.name))
        if stage is not None:
            found = max(found, _after(each.owner, stage, over, key[0]))
    return found


def _after(owner: str, stage: int, over: str, subject: str) -> int:
    """The first stage in which what is known in another can be read."""
    if not over:
        return handed_down(stage) if owner else stage
    if owner and owner != subject:  # of those above the parent
        return handed_down(stage) + 1
    return stage + stage % 2


def handed_down(stage: int) -> int:
    """The stage in which child records know what is known of their parent in another."""
    return stage | 1
