# SPDX-License-Identifier: Apache-2.0
"""The gate: its sieves in their written order."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.calendar import WEEKDAYS
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import PERIOD, TEXT, WHOLE, YES_NO, Type
from loyaltyrules.policy.lowering.channels import names_fact
from loyaltyrules.policy.lowering.lengths import lengths_of
from loyaltyrules.policy.lowering.occasions import REST, lower_days
from loyaltyrules.policy.lowering.roles import kinds_done
from loyaltyrules.policy.lowering.shares import check_count
from loyaltyrules.policy.lowering.touches import History, added, days_in, window_of
from loyaltyrules.policy.lowering.words import NONE, form_in_place
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import (
    ONE_DAY,
    ActionForm,
    Approve,
    Cap,
    Grounds,
    Hold,
    Merge,
    Move,
    Reserve,
    Sieve,
)
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import SieveShape
from loyaltyrules.problem.problem import nearest

MERGED_BY = (
    "kind", "channel", "purpose", "template", "gift", "role", "reason", "rule", "due_on",
)  # fmt: skip
FURTHEST = 62  # days ahead for which places are kept
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
        instead = form_in_place(of.world, shape.instead, path, "customer", grounds(shape))
        _refuse_stated(of.world, instead, path)
    return Hold(*of.step(reason), of.unknown(reason), instead, own)


def _refuse_stated(world: World, form: ActionForm, path: Path) -> None:
    """What stands in the place of any action of the gate reads nothing of a record."""
    for key in ("figures", "assignee"):
        if getattr(form, key):
            world.fault("LR177", path, name=form.word, found=key)


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
    period = of.world.expression(str(of.shape.across), path, "customer", PERIOD)
    found = [*lengths_of(of.world, period)]
    odd = (each.months or each.workdays or not 0 <= each.days <= LONGEST for each in found)
    if any(odd) or any(tree.references_in(period)):
        of.world.fault("LR245", path, most=LONGEST)
    if "due_on" in names:
        of.world.fault("LR246", (*of.path, "merge"), name="due_on")
    return period


def _cap(of: _Written) -> Cap:
    shape, reason = of.shape, "frequency_cap"
    most = None if shape.cap == NONE else of.number("cap", str(shape.cap))
    already = of.number("already", shape.already) if shape.already else None
    window = window_of(of.world, shape.per, (*of.path, "per"))
    step, history = of.step(reason), None
    if shape.history:
        found = History(of.world, of.path, step[0], window)
        history = found.counted(shape.history)
    elif window != ONE_DAY and already is None and most is not None:
        of.world.fault("LR180", (*of.path, "per"), found=shape.per)
    return Cap(*step, most, added(already, history), of.unknown(reason), window, history)


def _reserve(of: _Written) -> Reserve:
    shape, reason = of.shape, "reserved"
    places = of.number("reserve", str(shape.reserve))
    for key, value in (("for", shape.for_), ("ahead", shape.ahead)):
        if not value:
            of.world.fault("LR141", (*of.path, "reserve"), key=True, name=key)
    purposes = type_of(of.fields["purpose"]).words
    if shape.for_ and shape.for_ not in purposes:
        near = nearest(shape.for_, purposes)
        of.world.fault("LR300", (*of.path, "for"), name=shape.for_, near=near)
    ahead = days_in(of.world, shape.ahead, (*of.path, "ahead")) if shape.ahead else 1
    if ahead is None or ahead > FURTHEST:
        of.world.fault("LR323", (*of.path, "ahead"), found=shape.ahead, most=FURTHEST)
    return Reserve(*of.step(reason), places, shape.for_ or "", ahead or 1, of.unknown(reason))


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
    "cap": Key(_cap, ("unknown", "already", "per", "history")),
    "reserve": Key(_reserve, ("unknown", "for_", "ahead")),
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
    _refuse_lost_places(world, found)
    return tuple(found)


def _refuse_lost_places(world: World, sieves: list[Sieve]) -> None:
    """What a step reserves are places of a cap behind it."""
    for index, sieve in enumerate(sieves):
        if isinstance(sieve, Reserve) and not any(isinstance(e, Cap) for e in sieves[index:]):
            world.fault("LR299", ("gate", index, "reserve"), key=True)


def sieve_keys(shape: SieveShape) -> list[str]:
    """The keys of a step that each would make it a sieve; there must be one."""
    return [key for key in SIEVES if getattr(shape, key) is not None]


def _action_fields(world: World) -> dict[str, Node]:
    """Fields of an action that a sieve may read; an unset field is missing, never unknown."""
    words = world.shape.words.values()
    vocabularies = {
        "kind": {*KINDS, *(each.kind for each in words)} | kinds_done(world),
        "channel": {*CHANNELS, *(each.channel for each in words if each.channel)}
        | _said(world, "channel")
        | world.shape.channels.keys(),
        "purpose": {each.purpose for each in words if each.purpose} | _said(world, "purpose"),
    }
    symbols: dict[str, Node] = {
        name: tree.Symbol(f"action.{name}", TEXT)
        for name in ("template", "gift", "role", "reason", "rule")
    }
    vocabularies["channel"] = {e for e in vocabularies["channel"] if not names_fact(world, e)}
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
