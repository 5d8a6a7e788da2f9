# SPDX-License-Identifier: Apache-2.0
"""What a check of a policy finds: a doubtful place, and the name under which it may be waived."""

from collections.abc import Iterable
from typing import TypeAlias

from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Waived
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import Problem, problem

Found: TypeAlias = Iterable[tuple[Problem, str]]


def kept(found: Found, waived: Waived) -> tuple[Problem, ...]:
    """The problems that are not waived, each under its name or all of its code; told once."""
    left = (each for each, name in found if not {(each.code, name), (each.code, "")} & waived)
    return tuple(dict.fromkeys(left))


def at(world: World, code: str, path: Path, **details: object) -> tuple[Problem, str]:
    """A doubt about the entry at a path."""
    place = world.document.key_place(path)
    return problem(code, place, **details), ".".join(map(str, path))
