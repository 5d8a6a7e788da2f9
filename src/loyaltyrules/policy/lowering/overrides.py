# SPDX-License-Identifier: Apache-2.0
"""What an extending policy adds under a name that was probably meant for one of its base."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from loyaltyrules.expression.tree import facts_in
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import near_miss

MENTIONED = (
    "roles",
    "channels",
    "subjects",
    "reference",
    "names",
)  # sections whose names texts use


def refuse_misspelt(world: World) -> None:
    """Note a fault for each new name that nothing reads and that is close to one of the base."""
    read = {name for node, _ in world.written.values() for name in facts_in(node)}
    for path, names in world.document.added.items():
        near = near_miss(str(path[-1]), _likely(path, names))
        if near and not _used(world, path, read):
            world.fault("LR261", path, key=True, name=path[-1], near=_key(world, path, near))


def _likely(path: Path, names: Iterable[str]) -> list[str]:
    """Names that may have been meant: `size_l` beside `size_m` is another word of the data."""
    own = str(path[-1])
    return [each for each in names if path[0] != "names" or each[:-1] != own[:-1]]


def _used(world: World, path: Path, read: set[str]) -> bool:
    if path[0] in ("facts", "labels"):
        return path[-1] in read
    if path[0] in MENTIONED:
        name = re.compile(rf"(?<!\w){re.escape(str(path[-1]))}(?!\w)")
        return any(name.search(text) for text in _texts(world.document.data, (), path))
    if path[0] == "occasions":
        return f"occasions.{world.shape.occasions[str(path[-1])].id or path[-1]}" in world.used
    return f"{path[0]}.{path[-1]}" in world.used


def _texts(part: Any, path: Path, but: Path) -> Iterator[str]:
    """All keys and texts of a document, but for the key at a path."""
    if isinstance(part, dict):
        yield from (str(key) for key in part if (*path, key) != but)
        for key, each in part.items():
            yield from _texts(each, (*path, key), but)
    elif isinstance(part, list):
        for index, each in enumerate(part):
            yield from _texts(each, (*path, index), but)
    else:
        yield str(part)


def _key(world: World, path: Path, near: str) -> str:
    """The key to write: what is near may be the id of an entry that is called otherwise."""
    entries = getattr(world.shape, str(path[0]))
    if path[0] == "facts" or near in entries:
        return near
    return next((key for key, each in entries.items() if getattr(each, "id", "") == near), near)
