# SPDX-License-Identifier: Apache-2.0
"""Titles are in languages: any other key beside them would be told nobody."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import CALLED
from loyaltyrules.problem.language import LANGUAGES
from loyaltyrules.problem.problem import nearest

SAID = ("source", "note")  # what stands beside the titles of a name
TITLES = ("title", "say")


def refuse_languages(world: World) -> None:
    """Note a fault for each key among titles that is no language."""
    for section in CALLED:
        for name, said in getattr(world.shape, section).items():
            _refuse(world, (section, name), said, (*LANGUAGES, *SAID))
    for path, said in titles_in(world.shape):
        _refuse(world, path, said, LANGUAGES)


def _refuse(world: World, path: Path, said: Any, known: tuple[str, ...]) -> None:
    for key in said if isinstance(said, dict) else ():
        if key not in known:
            details = {"name": key, "known": ", ".join(known), "near": nearest(key, known)}
            world.fault("LR140", (*path, key), key=True, **details)


def titles_in(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The titles of all parts of a policy, and what its relations say."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value, here = getattr(part, name), (*path, name)
            if name in TITLES:
                yield here, value
            else:
                yield from titles_in(value, here)
    elif isinstance(part, dict | list):
        for key, each in part.items() if isinstance(part, dict) else enumerate(part):
            yield from titles_in(each, (*path, key))
