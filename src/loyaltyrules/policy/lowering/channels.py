# SPDX-License-Identifier: Apache-2.0
"""The way out of an action: a channel, or the one that a fact of the record names."""

from typing import NamedTuple

from loyaltyrules.action.kinds import CHANNELS
from loyaltyrules.expression import tree
from loyaltyrules.policy.lowering.stating import fact_of
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest


class Ways(NamedTuple):
    """The channels by which an action may go, and the fact that says by which; the last is none of them.

    Where no fact says, there is one channel, or none.
    """

    channels: tuple[str | None, ...]
    preferred: tree.FactRef | None = None


def ways_of(world: World, text: str | None, path: Path, subject: str) -> Ways:
    """What `channel` says: known channels go before facts."""
    fact = None if text is None or text in known(world) else fact_of(world, subject, text, path)
    if fact is None or not fact.type.words:
        if fact is None and text is not None and names_fact(world, text):
            near = nearest(text, world.given.get(subject, {}))
            world.fault("LR201", path, name=text, near=near)
        return Ways((text,))
    allowed = world.shape.channels or known(world)
    for word in fact.type.words:
        if word not in allowed:
            near = nearest(word, allowed)
            world.fault("LR178", path, name=fact.key, found=word, near=near)
    world.written_at(path, fact)
    return Ways((*fact.type.words, None), fact)


def known(world: World) -> dict[str, None]:
    """The channels that hosts know, and those that the policy declares."""
    return dict.fromkeys((*CHANNELS, *world.shape.channels))


def names_fact(world: World, text: str) -> bool:
    """True of what is written under `channel`, and is a fact that names channels."""
    if text in known(world):
        return False
    found = (world.seen(subject, text) for subject in world.subjects)
    return any(fact is not None and fact.type.words for fact in found)
