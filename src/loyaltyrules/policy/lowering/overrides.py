# SPDX-License-Identifier: Apache-2.0
"""What an extending policy adds under a name that was probably meant for one of its base."""

from loyaltyrules.expression.tree import facts_in
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import near_miss


def refuse_misspelt(world: World) -> None:
    """Note a fault for each new name that nothing reads and that is close to one of the base."""
    read = {name for node, _ in world.written.values() for name in facts_in(node)}
    for path, names in world.document.added.items():
        near = near_miss(str(path[-1]), names)
        if near and not _used(world, path, read):
            world.fault("LR261", path, key=True, name=path[-1], near=near)


def _used(world: World, path: Path, read: set[str]) -> bool:
    if path[0] in ("facts", "labels"):
        return path[-1] in read
    return f"{path[0]}.{path[-1]}" in world.used
