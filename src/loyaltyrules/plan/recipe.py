# SPDX-License-Identifier: Apache-2.0
"""A recipe is a rule's action as a projection of records: what each column of the action is read from."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeAlias, assert_never

from loyaltyrules.action.action import CHANGES
from loyaltyrules.calendar import Period, is_instant, local_of
from loyaltyrules.expression.evaluator import Evaluated, Facts
from loyaltyrules.expression.tree import Node, facts_in, type_of
from loyaltyrules.expression.types import NOT_HAPPENED
from loyaltyrules.expression.written import shown
from loyaltyrules.fact.coerce import FINEST
from loyaltyrules.fact.tolerance import EXACT as CONTEXT
from loyaltyrules.policy.model import ActionForm, action_key

NO_OCCURRENCE = "none"
ONCE = "once"
PLAIN = frozenset({"date", "datetime", "whole", "number", "share", "yes/no"})


class Computed(NamedTuple):
    """What an action states of the record: its value, and the expression that is read for it."""

    of: Evaluated
    node: Node

    @property
    def reads(self) -> frozenset[str]:
        """The facts on which it depends."""
        return frozenset(facts_in(self.node))


@dataclass(frozen=True, slots=True)
class Need:
    """A fact without which an action is blocked, and the condition that it is missing."""

    fact: str
    missing: Node
    lacks: Evaluated


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """What names an occurrence of a record: facts, and texts that are the same for all records."""

    parts: tuple[Computed | str, ...]
    sign: str
    plain: bool  # true where it holds no sign that ids escape

    def of(self, facts: Facts) -> str:
        """The occurrence of one record."""
        return self.sign.join(
            [part if isinstance(part, str) else said(part.of, facts) for part in self.parts]
        )

    @property
    def reads(self) -> frozenset[str]:
        """The facts on which it depends."""
        return frozenset[str]().union(*(each.reads for each in readings(self.parts)))


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What an action does to facts of the record: each fact with what it takes, or grows by."""

    each: tuple[tuple[str, Computed], ...]
    known: bool = False  # only those of which it is known

    def of(self, facts: Facts) -> tuple[tuple[str, Any], ...]:
        """The changes of one record."""
        found = [(name, given(part.of(facts))) for name, part in self.each]
        return tuple([each for each in found if each[1] is not None] if self.known else found)

    @property
    def reads(self) -> frozenset[str]:
        """The facts on which they depend."""
        return frozenset[str]().union(*(part.reads for _, part in self.each))


def occurrence_of(parts: Iterable[Computed | str], sign: str) -> Occurrence:
    """An occurrence of parts in this order, the sign between them; texts beside each other are one."""
    joined: list[Computed | str] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] = f"{joined[-1]}{sign}{part}"
        else:
            joined.append(part)
    return Occurrence(tuple(joined), sign, all(map(_plain, (sign, *joined))))


def _plain(part: Computed | str) -> bool:
    """True of what never holds a sign that ids escape."""
    if isinstance(part, str):
        return escaped(part) == part
    kind = type_of(part.node)
    return kind.kind in PLAIN or (kind.kind == "word" and all(map(_plain, kind.words)))


@dataclass(frozen=True, slots=True, eq=False)
class NamedFigures:
    """Figures of a record by name, as one text."""

    each: tuple[tuple[str, Computed], ...]

    def of(self, facts: Facts) -> str:
        """The figures of one record: a JSON object."""
        told = [f"{in_json(name)}: {in_json(part.of(facts))}" for name, part in self.each]
        return "{" + ", ".join(told) + "}"

    @property
    def reads(self) -> frozenset[str]:
        """The facts on which they depend."""
        return frozenset[str]().union(*(part.reads for _, part in self.each))


Reading: TypeAlias = Computed | Occurrence | Changes | NamedFigures
Cell: TypeAlias = str | int | date | tuple[Any, ...] | None | Reading


STATED = (
    "value",
    "from_value",
    "to_value",
    "figures",
    "assignee",
)  # what a word states of a record
UNCHANGED: Mapping[str, Cell] = dict.fromkeys(CHANGES, ())


@dataclass(frozen=True, eq=False)
class Recipe:
    """One action of a rule on a day, told apart by identity.

    `columns` are those that the rule says, each a constant or an expression over the record;
    `occurrence` likewise. The gate adds what it decides, the record its ids.
    `needs` names the facts without which the action is blocked; `touch` is what caps count.
    """

    form: ActionForm
    policy: str
    rule: str
    subject: str
    touch: str
    occurrence: str | Occurrence
    columns: Mapping[str, Cell]
    changes: Mapping[str, Cell]  # `sets` and `adds`
    template_missing: bool = False
    needs: tuple[Need, ...] = ()
    instead: "Recipe | None" = None  # emitted in its place where a need is lacking

    @cached_property
    def key(self) -> str:
        """What tells the actions of one rule and occurrence apart."""
        return action_key(self.form)

    @cached_property
    def head(self) -> str:
        """How the ids of its actions begin, up to the record's own."""
        return "".join(f"{escaped(each)}/" for each in (self.policy, self.rule, self.subject))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions over records that the columns of its actions are read from."""
        named = () if isinstance(self.occurrence, str) else self.occurrence.parts
        cells = (*self.columns.values(), *named)
        return tuple(nodes_in(cells))

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts on which the columns of its actions depend."""
        return frozenset(name for node in self.nodes for name in facts_in(node))

    @cached_property
    def named_by(self) -> frozenset[str]:
        """The facts on which the ids of its actions depend."""
        return frozenset[str]() if isinstance(self.occurrence, str) else self.occurrence.reads

    @cached_property
    def changed(self) -> frozenset[str]:
        """The facts on which what its actions change depends."""
        cells = readings(self.changes.values())
        links = (each.link.key for each in self.form.above)
        return frozenset(links).union(*(each.reads for each in cells))

    @property
    def order(self) -> tuple[int, str, str]:
        """Most urgent first, then by name."""
        return self.form.priority, self.rule, self.key

    def in_other_words(self, form: ActionForm) -> "Recipe":
        """The action emitted in place of another: same rule, same occurrence, its own word."""
        none = dict.fromkeys(STATED)
        own = {**said_by(form), **sending(form, self.columns["due_on"])}
        return replace(
            self, form=form, columns={**self.columns, **none, **own}, changes=UNCHANGED,
            template_missing=False, needs=(), instead=None,
        )  # fmt: skip


def said_by(form: ActionForm) -> dict[str, Cell]:
    """The columns that a word says alike on every day and for every record."""
    return {
        "kind": form.kind, "channel": form.channel, "template": form.template, "gift": form.gift,
        "role": form.role, "priority": form.priority,
    }  # fmt: skip


def sending(form: ActionForm, due: Cell) -> dict[str, Cell]:
    """From when until when an action may be carried out on the day that it is due."""
    hours = form.hours
    if hours is None:
        return {"send_from": None, "send_until": None}
    return {"send_from": _on(due, hours.begins), "send_until": _on(due, hours.ends)}


def _on(due: Cell, said: Callable[[date], str]) -> Cell:
    if isinstance(due, Computed):
        return due._replace(of=partial(_on_its_day, due.of, said))
    return said(due) if isinstance(due, date) else None


def _on_its_day(due: Evaluated, said: Callable[[date], str], facts: Facts) -> str | None:
    day = due(facts)
    return said(day) if isinstance(day, date) else None


def readings(cells: Iterable[Cell]) -> list[Reading]:
    """Those of several cells that are read from records."""
    return [each for each in cells if isinstance(each, Reading)]


def nodes_in(cells: Iterable[Cell]) -> list[Node]:
    """The expressions over records in several cells."""
    found: list[Node] = []
    for each in readings(cells):
        match each:
            case Computed():
                found.append(each.node)
            case Occurrence():
                found += nodes_in([part for part in each.parts if isinstance(part, Computed)])
            case Changes() | NamedFigures():
                found += [part.node for _, part in each.each]
            case _:
                assert_never(each)
    return found


def given(value: Any) -> Any:
    """A value as a record may hold it: what has not happened, and an empty text, are missing.

    An instant is its local time.

    Finer numbers than records hold are rounded to four decimals, half up.
    """
    if isinstance(value, Decimal):
        held = value.quantize(FINEST, ROUND_HALF_UP, CONTEXT)
        return value if held == value else held
    if is_instant(value):
        return local_of(value)
    return None if value is NOT_HAPPENED or value == "" else value


def value_in(cell: Cell, facts: Facts) -> Any:
    """A cell that is a constant, or read from the record."""
    return cell.of(facts) if isinstance(cell, Computed) else cell


def said(part: Evaluated, facts: Facts) -> str:
    """One part of an occurrence for a record."""
    value = part(facts)
    return value.isoformat() if type(value) is date else text(value) or NO_OCCURRENCE


def text(value: Any) -> str | None:
    """A value as it stands in an action: ISO dates, plain numbers, yes/no; None when there is nothing."""
    if value is None or value is NOT_HAPPENED or value in ("", ()):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"  # a zero below zero is zero
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, tuple | frozenset):
        return ";".join(map(str, value))
    if isinstance(value, Period):
        return shown(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def in_json(value: Any) -> str:
    """A value as JSON: numbers with every digit, what there is not as null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    told = text(value)
    if told is None:
        return "null"
    return told if isinstance(value, int | Decimal) else json.dumps(told, ensure_ascii=False)


def escaped(part: str) -> str:
    """A part of an action id, whatever it holds: slashes would split the id."""
    return part.replace("%", "%25").replace("/", "%2F")
