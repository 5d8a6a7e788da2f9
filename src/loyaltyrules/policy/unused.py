# SPDX-License-Identifier: Apache-2.0
"""What a policy declares and nothing uses.

Labels are not looked at: each stands in the result, for whoever receives it.
"""

from collections.abc import Iterator

from loyaltyrules.policy.found import Found, at
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule
from loyaltyrules.policy.reader.model import Path

READ = ("parameters", "words", "templates", "blocks", "costs")


def unused(world: World, rules: list[Rule]) -> Found:
    """What nothing reads or names; of what an extended policy brings its own check tells."""
    for path, called in _declared(world):
        if called not in world.used and path not in world.document.inherited:
            yield at(world, "LR601", path, name=path[-1])


def _declared(world: World) -> Iterator[tuple[Path, str]]:
    """Where each thing is declared that is there to be used, and under which name its use is noted."""
    shape = world.shape
    for section in READ:
        yield from (((section, name), f"{section}.{name}") for name in getattr(shape, section))
    for name, occasion in shape.occasions.items():
        yield ("occasions", name), f"occasions.{occasion.id or name}"
    for subject, facts in shape.facts.items():
        for name in (name for name in facts if name in world.derived[subject]):
            yield ("facts", subject, name), f"facts.{subject}.{name}"
    for name in shape.reference:
        if name not in world.subjects:  # rows of a kind of record are its records
            yield ("reference", name), f"reference.{name}"
