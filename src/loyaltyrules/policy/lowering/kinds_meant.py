# SPDX-License-Identifier: Apache-2.0
"""The kind of action that somebody meant who wrote a channel, or what a kind or channel is called."""

from loyaltyrules.action.kinds import CHANNEL, CHANNELS, KINDS
from loyaltyrules.policy.lowering.listed import titled
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.problem.language import LANGUAGES, say
from loyaltyrules.problem.problem import nearest

MESSAGES = "message.send"  # goes by the channels that no kind has to itself


def near_kind(world: World, name: str) -> str:
    """The kind that is called so, that goes by the channel of the name, or is written nearly so."""
    called = {say(language, kind): kind for language in LANGUAGES for kind in sorted(KINDS)}
    if name in called:
        return called[name]
    channel = _channel(world, name)
    if channel:
        return next((kind for kind, way in CHANNEL.items() if way == channel), MESSAGES)
    return nearest(name, KINDS)


def _channel(world: World, name: str) -> str:
    """The channel of a name or a title."""
    known = [*CHANNELS, *world.shape.channels]
    own = name.casefold()
    return own if own in known else titled(name, world.shape.channels)
