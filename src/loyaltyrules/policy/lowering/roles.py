# SPDX-License-Identifier: Apache-2.0
"""Roles and channels, purposes and kinds: where a policy says them, and which of them it knows."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from loyaltyrules.action.kinds import is_kind
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import Place, nearest, problem

SAYING = ("words", "labels", "tables", "rules", "workflows", "gate")  # sections that say them
FIELDS = {"role": "role", "approver": "role", "approve": "role", "channel": "channel",
          "purpose": "purpose", "kind": "kind"}  # fmt: skip
NONE = "none"
AND = ";"  # between two roles that do something together


class Said(NamedTuple):
    """A word for a role, a channel, a purpose or a kind, and where it stands."""

    field: str
    word: str
    place: Place | None


def said(world: World, rules: Iterable[Rule]) -> list[Said]:
    """All of them: as they are written, and those that only rules have, in the order of the files."""
    data: dict[str, Any] = world.document.data
    sections = [(name, data[name]) for name in SAYING if isinstance(data.get(name), dict | list)]
    written = [each for name, part in sections for each in _below(world, (name,), part)]
    known = {(each.field, each.word) for each in written}
    return [*written, *(each for each in _of_rules(rules) if each[:2] not in known)]


def _below(world: World, path: Path, part: Any) -> Iterator[Said]:
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        here = (*path, key)
        if isinstance(value, dict | list):
            yield from _below(world, here, value)
        elif key in FIELDS and value:
            place = world.document.place(here)
            yield from (Said(FIELDS[key], word, place) for word in _words(value))


def _of_rules(rules: Iterable[Rule]) -> Iterator[Said]:
    for rule in rules:
        for form in rule.actions:
            yield Said("kind", form.kind, rule.place)
            for text in filter(None, (form.role, form.approver)):
                yield from (Said("role", word, rule.place) for word in _words(text))


def kinds_done(world: World) -> set[str]:
    """The kinds of open families that rules, tables, labels and workflows name in the place of a word."""
    found, open_ = set[str](), [world.document.data.get(name) for name in SAYING]
    while open_:
        part = open_.pop()
        below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        open_ += below
        if isinstance(part, str) and is_kind(kind := part.partition(" ")[0]):
            found.add(kind)
    return found


def _words(text: str) -> list[str]:
    return [word for part in text.split(AND) if (word := part.strip()) and word != NONE]


def refuse_unknown(world: World, rules: Iterable[Rule]) -> None:
    """With a section of roles or channels, what is not among them is a fault."""
    sections = {"role": (world.shape.roles, "LR262"), "channel": (world.shape.channels, "LR263")}
    for each in said(world, rules):
        known, code = sections.get(each.field, ({}, ""))
        if known and each.word not in known:
            near = nearest(each.word, known)
            world.faults.append(problem(code, each.place, name=each.word, near=near))
