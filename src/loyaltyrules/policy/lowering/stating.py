# SPDX-License-Identifier: Apache-2.0
"""What an action says of itself beside its value: named figures, hours of the day, one person."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from loyaltyrules.calendar import Hours
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import TEXT
from loyaltyrules.host.day import zone_of
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest
from loyaltyrules.problem.render import NO_CLOCK, NO_SPAN, NOT_BEFORE

SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2}) *- *([0-9]{1,2}):([0-9]{2})")
DASHES = re.compile("[～〜~—–−至到]+")
IDS = ("text", "word", "whole")  # types of facts that may hold an id


def hours_of(world: World, text: str | None, path: Path) -> Hours | None:
    """From when until when, such as `09:00-20:00`, by the clock of the policy's zone."""
    if text is None:
        return None
    match = SPAN.fullmatch(text)
    if match is None:
        near = DASHES.sub("-", normalize("NFKC", text))
        world.fault(
            "LR175", path, found=text, why=NO_SPAN, near=near if SPAN.fullmatch(near) else ""
        )
        return None
    hour, minute, until, last = map(int, match.groups())
    begins, ends = hour * 60 + minute, until * 60 + last
    if max(hour, until) > 23 or max(minute, last) > 59:
        world.fault("LR175", path, found=text, why=NO_CLOCK)
    elif begins >= ends:
        world.fault("LR175", path, found=text, why=NOT_BEFORE)
    else:
        return Hours(begins, ends, zone_of(world.shape.timezone) or ZoneInfo("UTC"))
    return None


def figures_of(
    world: World, told: Mapping[str, Any], path: Path, subject: str, symbols: Mapping[str, Node]
) -> Iterator[tuple[str, Node]]:
    """Named figures, in the order in which they are written."""
    for name, text in told.items():
        if isinstance(text, str):
            yield name, world.expression(text, (*path, name), subject, None, symbols)
        else:
            world.fault("LR143", (*path, name), name=name, expected=TEXT)


def person_of(world: World, name: str | None, path: Path, subject: str) -> tree.FactRef | None:
    """The fact with the id of whom an action is addressed to."""
    if name is None:
        return None
    fact = fact_of(world, subject, name, path)
    if fact is None:
        near = nearest(name, world.given.get(subject, {}))
        world.fault("LR201", path, name=name, near=near)
    elif fact.type.kind not in (*IDS, "unknown"):
        world.fault("LR176", path, name=name, found=fact.type)
    else:
        world.written_at(path, fact)
    return fact


def fact_of(world: World, subject: str, name: str, path: Path) -> tree.FactRef | None:
    """A fact of the record, or of the nearest parent that has one of the name."""
    for each in (name, *(f"{parent}.{name}" for parent in world.ancestors(subject))):
        if found := world.seen(subject, each):
            world.refuse_several(subject, each, path)
            return found
    return None
