# SPDX-License-Identifier: Apache-2.0
"""The gate: its sieves in their written order."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.calendar import WEEKDAYS
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import PERIOD, TEXT, WHOLE, YES_NO, Type
from loyaltyrules.policy.lowering.lengths import lengths_of
from loyaltyrules.policy.lowering.occasions import REST, lower_days
from loyaltyrules.policy.lowering.roles import kinds_done
from loyaltyrules.policy.lowering.shares import check_count
from loyaltyrules.policy.lowering.words import NONE, form_of
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import Approve, Cap, Grounds, Hold, Merge, Move, Sieve
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import SieveShape
from loyaltyrules.problem.problem import nearest

MERGED_BY = (
    "kind", "channel", "purpose", "template", "gift", "role", "reason", "rule", "due_on",
)  # fmt: skip
PASS = "pass"  # what `unknown` says for a sieve that lets through what it cannot decide
OWN = "own"  # what `instead` says for the way out of the word itself
LONGEST = 31  # days between two occasions that one message may stand for


@dataclass(frozen=True, slots=True)
class _Written:
    """A sieve as it is written, and the fields of actions that its condition may read."""

    world: World
    shape: SieveShape
    path: Path
    fields: Mapping[str, Node]

    def step(self, reason: str) -> tuple[Node, str, Grounds]:
        """What every sieve says."""
        path = (*self.path, "which")
        which = self.world.expression(self.shape.which, path, "customer", YES_NO, self.fields)
        return which, reason, grounds(self.shape)

    def unknown(self, reason: str) -> str | None:
        """The reason where the sieve cannot be decided; None where it then lets through."""
        return None if self.shape.unknown == PASS else self.shape.unknown or f"{reason}_unknown"

    def number(self, key: str, text: str) -> Node:
        path = (*self.path, key)
        return check_count(self.world, self.world.expression(text, path, "customer", WHOLE), path)


def _hold(of: _Written) -> Hold:
    reason, shape, path = str(of.shape.hold), of.shape, (*of.path, "instead")
    own, instead = shape.instead == OWN, None
    if own and OWN in of.world.shape.words:
        of.world.fault("LR244", path, name=OWN)
    if shape.instead and not own:
        instead = form_of(of.world, shape.instead, path, "customer", grounds(shape), {})
    return Hold(*of.step(reason), of.unknown(reason), instead, own)


def _merge(of: _Written) -> Merge:
    names = tuple(of.shape.merge or ())
    for name in names:
        if name not in MERGED_BY:
            near, known = nearest(name, MERGED_BY), ", ".join(MERGED_BY)
            of.world.fault("LR232", (*of.path, "merge"), name=name, known=known, near=near)
    return Merge(*of.step("merged"), names, _across(of, names) if of.shape.across else None)


def _across(of: _Written, names: Collection[str]) -> Node:
    """How far apart days may be: so many days, the same for all records, in every figure of it."""
    path = (*of.path, "across")
    period = of.world.of_all(
        of.world.expression(str(of.shape.across), path, "customer", PERIOD), path
    )
    for each in lengths_of(of.world, period):
        if each.months or not 0 <= each.days <= LONGEST:
            of.world.fault("LR245", path, most=LONGEST)
            break
    if "due_on" in names:
        of.world.fault("LR246", (*of.path, "merge"), name="due_on")
    return period


def _cap(of: _Written) -> Cap:
    most = of.number("cap", str(of.shape.cap))
    already = of.number("already", of.shape.already) if of.shape.already else None
    reason = "frequency_cap"
    return Cap(*of.step(reason), most, already, of.unknown(reason))


def _approve(of: _Written) -> Approve:
    return Approve(*of.step("approval"), str(of.shape.approve), of.shape.unknown != PASS)


def _move(of: _Written) -> Move:
    reason, names = "no_day", of.shape.unless or ()
    if not names:
        of.world.fault("LR141", (*of.path, "move"), key=True, name="unless")
    days = lower_days(of.world, names, (*of.path, "unless"))
    weekdays = frozenset(WEEKDAYS.index(name) for name in days if name in WEEKDAYS)
    return Move(*of.step(reason), weekdays, REST in days, of.unknown(reason))


class Key(NamedTuple):
    """A key that makes a sieve: how it is lowered, and the keys that it alone reads beside it."""

    lower: Callable[[_Written], Sieve]
    beside: tuple[str, ...] = ()


SIEVES: Mapping[str, Key] = {
    "hold": Key(_hold, ("unknown", "instead")),
    "merge": Key(_merge, ("across",)),
    "cap": Key(_cap, ("unknown", "already")),
    "approve": Key(_approve, ("unknown",)),
    "move": Key(_move, ("unknown", "unless")),
}


def lower_gate(world: World) -> tuple[Sieve, ...]:
    """The sieves in their written order."""
    found = []
    fields = _action_fields(world)
    for index, shape in enumerate(world.shape.gate):
        path: Path = ("gate", index)
        keys = sieve_keys(shape)
        if len(keys) != 1 or not getattr(shape, keys[0]):
            world.fault("LR136", path, known=", ".join(SIEVES))
            continue
        found.append(SIEVES[keys[0]].lower(_Written(world, shape, path, fields)))
    return tuple(found)


def sieve_keys(shape: SieveShape) -> list[str]:
    """The keys of a step that each would make it a sieve; there must be one."""
    return [key for key in SIEVES if getattr(shape, key) is not None]


def _action_fields(world: World) -> dict[str, Node]:
    """Fields of an action that a sieve may read; an unset field is missing, never unknown."""
    words = world.shape.words.values()
    vocabularies = {
        "kind": {*KINDS, *(each.kind for each in words)} | kinds_done(world),
        "channel": {*CHANNELS, *(each.channel for each in words if each.channel)}
        | _said(world, "channel"),
        "purpose": {each.purpose for each in words if each.purpose} | _said(world, "purpose"),
    }
    symbols: dict[str, Node] = {
        name: tree.Symbol(f"action.{name}", TEXT)
        for name in ("template", "gift", "role", "reason", "rule")
    }
    for name, known in vocabularies.items():
        symbols[name] = tree.Symbol(f"action.{name}", Type("word", words=tuple(sorted(known))))
    return symbols | {"priority": tree.Symbol("action.priority", WHOLE)}


def _said(world: World, key: str) -> set[str]:
    """What words say of themselves in their long form, `{do: call, purpose: event}`, wherever they stand."""
    found, open_ = set[str](), [world.document.data]
    while open_:
        part = open_.pop()
        below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        open_ += below
        if isinstance(part, dict) and "do" in part and isinstance(part.get(key), str):
            found.add(part[key])
    return found - {NONE}
