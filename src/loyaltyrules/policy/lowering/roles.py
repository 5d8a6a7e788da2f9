# SPDX-License-Identifier: Apache-2.0
"""Roles and channels, purposes and kinds: where a policy says them, and which of them it knows."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from loyaltyrules.action.kinds import is_kind
from loyaltyrules.policy.lowering.channels import names_fact
from loyaltyrules.policy.lowering.listed import titled
from loyaltyrules.policy.lowering.words import NONE, NOTHING
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ActionForm, Hold, Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import Place, nearest, problem

SAYING = ("words", "labels", "tables", "rules", "workflows", "gate")  # sections that say them
FIELDS = {"role": "role", "approver": "role", "approve": "role", "channel": "channel",
          "purpose": "purpose", "kind": "kind"}  # fmt: skip
NAMING = ("role", "approver", "approve", "channel", "purpose", "reason", "gift")
NAMED = ("words", "roles", "channels", "templates")
SAYS_NOTHING = {NONE, *(each.casefold() for each in NOTHING)}
AND = ";"  # between two roles that do something together


class Said(NamedTuple):
    """A word for a role, a channel, a purpose or a kind, and where it stands."""

    field: str
    word: str
    place: Place | None


def said(world: World, rules: Iterable[Rule]) -> list[Said]:
    """All of them: as they are written, and those that only rules have, in the order of the files."""
    written = [
        Said(FIELDS[key], word, world.document.place(path))
        for path, key, text in _written(world)
        if key in FIELDS and not (key == "channel" and names_fact(world, text))
        for word in _words(text)
    ]
    known = {(each.field, each.word) for each in written}
    return [*written, *(each for each in _of_rules(world, rules) if each[:2] not in known)]


def _written(world: World) -> Iterator[tuple[Path, str, str]]:
    """Every text of the sections that say what is done, with its key, in the order of the files."""
    data: dict[str, Any] = world.document.data
    for name in SAYING:
        if isinstance(data.get(name), dict | list):
            yield from _below((name,), data[name])


def _below(path: Path, part: Any) -> Iterator[tuple[Path, str, str]]:
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        here = (*path, key)
        if key == "figures" and not {"do", "kind"}.isdisjoint(part):
            continue  # names that figures are told by
        if isinstance(value, dict | list):
            yield from _below(here, value)
        elif isinstance(key, str) and isinstance(value, str):
            yield here, key, value


def _of_rules(world: World, rules: Iterable[Rule]) -> Iterator[Said]:
    for rule in rules:
        for form in forms_of(rule):
            place = world.place_of(form) or rule.place
            yield Said("kind", form.kind, place)
            for text in filter(None, (form.role, form.approver)):
                yield from (Said("role", word, place) for word in _words(text))


def forms_of(rule: Rule) -> Iterator[ActionForm]:
    """The actions of a rule, and those that take their places where data lack."""
    open_ = [*rule.actions]
    for form in open_:
        yield form
        open_ += [form.instead] if form.instead else []


def all_forms(world: World, rules: Iterable[Rule]) -> list[ActionForm]:
    """The actions of all rules, and those that a step of the gate emits in the place of others."""
    found = [form for rule in rules for form in forms_of(rule)]
    return found + [e.instead for e in world.gate if isinstance(e, Hold) and e.instead]


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
        if known and each.word not in known and not means_nothing(each.word):
            near = titled(each.word, known) or nearest(each.word, known)
            world.faults.append(problem(code, each.place, name=each.word, near=near))


def refuse_nobody(world: World, rules: Iterable[Rule]) -> None:
    """A role, gift or channel that is called `无`, and anything that is named `none`."""
    told = set[str]()
    for path, key, text in _written(world):
        approves = key == "approve" and text.strip() == NONE
        if key in NAMING and (approves or means_nothing(text.strip())):
            told.add(text.strip())
            world.fault("LR154", path, name=key, found=text)
    for each in _of_rules(world, rules):  # behind a word, as of `escalate 无`, or as a column
        if each.field == "role" and means_nothing(each.word) and each.word not in told:
            world.faults.append(problem("LR154", each.place, name=each.field, found=each.word))
    for section in NAMED:
        if NONE in getattr(world.shape, section):
            world.fault("LR257", (section, NONE), key=True, name=NONE)


def means_nothing(text: str) -> bool:
    """True of what people write for nothing, but for `none` itself."""
    return text != NONE and text.casefold() in SAYS_NOTHING
