# SPDX-License-Identifier: Apache-2.0
"""Words: a named action with its defaults, as cells and sentences use it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from loyaltyrules.action.kinds import ADDRESSED, CHANNEL, KINDS, TAKES, is_kind
from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import COUNTED, NUMBER, PERIOD, TEXT, Type
from loyaltyrules.policy.lowering.changes import (
    of_parent,
    refuse_unfit,
    refuse_unknown_target,
    target,
)
from loyaltyrules.policy.lowering.channels import ways_of
from loyaltyrules.policy.lowering.hours import whole_days
from loyaltyrules.policy.lowering.kinds_meant import near_kind
from loyaltyrules.policy.lowering.lengths import reachable, refuse_unlisted
from loyaltyrules.policy.lowering.listed import near_words
from loyaltyrules.policy.lowering.stating import fact_of, figures_of, hours_of, person_of
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import ActionForm, Grounds, OfParent
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import WordShape
from loyaltyrules.problem.near import items_in
from loyaltyrules.problem.problem import nearest
from loyaltyrules.problem.render import WRITE

NOTHING = ("无", "没有", "不做", "否", "None", "nothing")
MANY = 20  # words that a remedy lists
Said: TypeAlias = tuple[Any, Path]  # what a rule says in place of a word's own, and where
OVERRIDABLE = (
    "role", "approver", "purpose", "reason", "priority", "template", "gift", "channel", "to", "value",
    "figures", "assignee", "hours",
)  # fmt: skip
PRIORITY = re.compile(r"[+-]?[0-9]{1,9}")
CHANNEL_SIGN = "{channel}"  # in the name of a template or gift
FIGURES = "figures"
NONE = "none"  # takes away what a word says
NEVER_NOTHING = {"instead", "late", "otherwise"}  # keys that are left out where nothing is done
STAND_IN = "audit.log"  # where a fault was told


def forms_of(
    world: World,
    cell: str | Mapping[str, Any],
    path: Path,
    subject: str,
    ground: Grounds,
    over: Mapping[str, Any],
    *,
    said_at: Path = (),
    fill: Mapping[str, str] | None = None,
    symbols: Mapping[str, Node] | None = None,
    from_value: Node | None = None,
    to_value: Node | None = None,
) -> tuple[ActionForm, ...]:
    """The action that a word (with its argument, or in its long form) stands for: a form for each way out.

    Args:
        cell: `短信祝福`, `赠送 蛋糕`, `escalate area_supervisor` or `{do: word, role: …}`.
        over: What the rule says itself; it goes before the word's own defaults.
        said_at: Where the rule stands that says it.
        fill: Texts for `{occasion}`, `{row}` and `{column}` in templates and gifts.
        symbols: Names beside facts and parameters that expressions may use.
        from_value: The label that a change starts from.
        to_value: The label that a change ends at.
    """
    own = dict(cell) if isinstance(cell, Mapping) else {}
    said_to_do = own.pop("do", "") if own else cell
    if not isinstance(said_to_do, str):
        world.fault("LR143", (*path, "do"), name="do", expected=TEXT)
        said_to_do = STAND_IN
    name, argument = _split(world, said_to_do)
    shape, where = _shape(world, name, path)
    for key, value in own.items():
        if key not in OVERRIDABLE:
            world.fault("LR130", (*path, key), key=True, name=key, near=nearest(key, OVERRIDABLE))
        elif not _fits(key, value):
            expected = "a mapping" if key == FIGURES else TEXT
            world.fault("LR143", (*path, key), name=key, expected=expected)
    said = {key: (value, (*said_at, key)) for key, value in over.items() if value is not None}
    said |= {key: (value, (*path, key)) for key, value in own.items() if _fits(key, value)}
    if argument.strip():
        said |= _argument(world, shape, argument.strip(), path)
    forms = _Form(world, name, shape, where, path, subject, fill or {}, symbols or {}).made(
        said, ground, from_value, to_value
    )
    world.formed.update((id(form), (form, path)) for form in forms)
    return forms


def form_in_place(
    world: World, word: str, path: Path, subject: str, ground: Grounds, **more: Any
) -> ActionForm:
    """The action in the place of another, which goes by one way alone."""
    form, *others = forms_of(world, word, path, subject, ground, {}, **more)
    if others and form.prefers:
        world.fault("LR179", path, name=word, fact=form.prefers.key)
    return form


def _fits(key: str, value: object) -> bool:
    """True of what a key may say: figures have names, all else is a text."""
    return isinstance(value, dict if key == FIGURES else str)


def _split(world: World, text: str) -> tuple[str, str]:
    """A word and its argument; words may have blanks in their names."""
    if items_in(text, world.shape.words):
        return text, ""  # several words in one, which is a fault as a whole
    parts = text.split(" ")
    for length in range(len(parts), 1, -1):
        if (name := " ".join(parts[:length])) in world.shape.words:
            return name, " ".join(parts[length:])
    return parts[0], " ".join(parts[1:])


def item_path(path: Path, index: int, items: list[Any]) -> Path:
    """Where a word of a cell stands: the cell itself, or its place in the cell's list."""
    return (*path, index) if len(items) > 1 else path


def _shape(world: World, name: str, path: Path) -> tuple[WordShape, Path]:
    if name in world.shape.words:
        world.used.add(f"words.{name}")
        return world.shape.words[name], ("words", name)
    if not is_kind(name):
        _unknown_word(world, name, path)
        return WordShape(kind="alert", takes="role"), path
    return WordShape(kind=name, takes=TAKES.get(name)), path  # type: ignore[arg-type]


def _unknown_word(world: World, name: str, path: Path) -> None:
    if "，" in name:
        world.fault("LR102", path, found="，", near=",")
        return
    if name == NONE or (name in NOTHING and {*path[-2:]} & NEVER_NOTHING):
        world.fault("LR159", path, found=name)
        return
    known = [*world.shape.words, *KINDS]
    near = "none" if name in NOTHING else near_words(name, known)
    near = f"[{near}]" if ", " in near and not isinstance(path[-1], int) else near
    words = ", ".join(list(world.shape.words)[:MANY]) or "–"
    world.fault("LR224", path, name=name, words=words, near=near)


def _argument(world: World, shape: WordShape, text: str, path: Path) -> dict[str, Said]:
    if shape.takes is None:
        world.fault("LR225", path, found=text, name=shape.kind)
        return {}
    return {shape.takes: (text, path)}


class _Form:
    """Puts one action form together from the word and what the rule says."""

    def __init__(
        self, world: World, word: str, shape: WordShape, where: Path, path: Path, subject: str,
        fill: Mapping[str, str], symbols: Mapping[str, Node],
    ) -> None:  # fmt: skip
        self.world, self.word, self.shape, self.where = world, word, shape, where
        self.path, self.subject, self.fill, self.symbols = path, subject, fill, symbols
        self.above: list[OfParent] = []

    def made(
        self,
        said: Mapping[str, Said],
        ground: Grounds,
        from_value: Node | None,
        to_value: Node | None,
    ) -> tuple[ActionForm, ...]:
        shape = self.shape
        if not is_kind(shape.kind):
            near = near_kind(self.world, shape.kind)
            self.world.fault("LR226", (*self.where, "kind"), name=shape.kind, near=near)

        def of(key: str, otherwise: Any = None) -> Any:
            value = said[key][0] if key in said else getattr(shape, key)
            return None if value == NONE else value or otherwise

        to = to_value or self._expression("to", said)
        sets = self._changes("sets", to)
        adds = self._changes("adds", to, sets)
        above = tuple(self.above)
        text, path = of("channel", CHANNEL.get(shape.kind)), self._path("channel", said)
        ways = ways_of(self.world, text, path, self.subject)
        assignee = person_of(self.world, of("assignee"), self._path("assignee", said), self.subject)
        figures, path = of("figures") or {}, self._path("figures", said)
        needed = (*self._needs(), *filter(None, [assignee]), *(each.link for each in above))
        form = ActionForm(
            word=self.word,
            kind=shape.kind,
            channel=ways.channels[0],
            template=self._template(of("template"), ways.channels[0]),
            gift=self._gift(of("gift"), ways.channels[0]),
            role=self._addressed(of("role"), said),
            approver=of("approver"),
            purpose=of("purpose"),
            reason=of("reason"),
            priority=self._priority(said),
            needs=tuple(dict.fromkeys(needed)),
            opens=self._opens(said),
            due=shape.due,
            value=self._expression("value", said),
            from_value=from_value,
            to_value=to,
            figures=tuple(figures_of(self.world, figures, path, self.subject, self.symbols)),
            assignee=assignee,
            hours=hours_of(self.world, of("hours"), self._path("hours", said)),
            prefers=ways.preferred,
            sets=sets,
            adds=adds,
            above=above,
            instead=self._instead(ground),
            grounds=grounds(shape) if shape.source else ground,
        )
        others = (self._by(form, way, of) for way in ways.channels[1:])
        return (form, *others)

    def _by(
        self, form: ActionForm, channel: str | None, of: Callable[[str], str | None]
    ) -> ActionForm:
        """The same by another channel; without one it is blocked for want of the fact that names it."""
        template, gift = form.template, form.gift
        if CHANNEL_SIGN in (of("template") or ""):
            template = channel and self._template(of("template"), channel)
        if CHANNEL_SIGN in (of("gift") or ""):
            gift = channel and self._gift(of("gift"), channel)
        lacking = (form.prefers,) if channel is None and form.prefers else ()
        needs = (*lacking, *form.needs)
        return replace(form, channel=channel, template=template, gift=gift, needs=needs)

    def _path(self, key: str, said: Mapping[str, Said]) -> Path:
        """Where a key is said: by the rule, else by the word; else where the word is used."""
        own = (*self.where, key)
        at = own if own in self.world.document.places else self.path
        return said[key][1] if key in said else at

    def _addressed(self, role: str | None, said: Mapping[str, Said]) -> str | None:
        """Who does it; what is there to reach somebody is not addressed to `none`."""
        told, path = said.get("role", (self.shape.role, (*self.where, "role")))
        if told == NONE and self.shape.kind in ADDRESSED:
            self.world.fault("LR159", path, found=NONE)
        return role

    def _priority(self, said: Mapping[str, Said]) -> int:
        """Zero is a priority too; what is no whole number is a fault where it is said."""
        value, path = said.get("priority", (self.shape.priority, self.where))
        if PRIORITY.fullmatch(str(value)):
            return int(value)
        self.world.fault("LR143", path, name="priority", expected="a whole number")
        return self.shape.priority

    def _gift(self, text: str | None, channel: str | None) -> str | None:
        """The gift by its name; what nothing has filled in would be given so."""
        name = self._filled(text, channel)
        for match in re.finditer(r"\{([^{}]*)\}|[{}]", name or ""):
            if match[1] is None:
                self.world.fault("LR153", self.path, name=name, found=match[0])
            else:
                near = nearest(match[1], self.fill)
                self.world.fault("LR233", self.path, name=match[1], near=near)
        return name

    def _filled(self, text: str | None, channel: str | None) -> str | None:
        """A name with what is known put in."""
        known = self.fill if channel is None else {**self.fill, "channel": channel}
        return text and _fill(text, known)

    def _template(self, text: str | None, channel: str | None) -> str | None:
        name = self._filled(text, channel)
        if name and name not in self.world.shape.templates:
            if f"missing.{name}" not in self.world.used:  # once, however many cells need it
                self.world.fault("LR227", self.path, name=name, word=self.word)
            self.world.used.add(f"missing.{name}")
        elif name:
            self.world.used.add(f"templates.{name}")
            self.world.told.setdefault(name, {}).setdefault(self.subject, []).append(self.symbols)
        return name

    def _expression(
        self, key: str, said: Mapping[str, Said], want: Type | None = None
    ) -> Node | None:
        """What the rule says, else the word; a word that no file says is told where it is used."""
        text, path = said.get(key, (getattr(self.shape, key), ()))
        path = path or self._path(key, said)
        if text is None:
            return None
        return self.world.expression(str(text), path, self.subject, want, self.symbols)

    def _opens(self, said: Mapping[str, Said]) -> Node | None:
        found = self._expression("opens", said, PERIOD)
        if found is None:
            return None
        path = (*self.where, "opens")
        refuse_unlisted(self.world, self.subject, found, path)
        return whole_days(self.world, reachable(self.world, found, path, self.subject), path)

    def _needs(self) -> tuple[tree.FactRef, ...]:
        found = []
        for name in self.shape.needs:
            fact = fact_of(self.world, self.subject, name, (*self.where, "needs"))
            if fact is None:
                near = nearest(name, self.world.given.get(self.subject, {}))
                self.world.fault("LR201", (*self.where, "needs"), name=name, near=near)
            else:
                found.append(fact)
        return tuple(found)

    def _changes(
        self, key: str, to: Node | None, before: tuple[tuple[str, Node], ...] = ()
    ) -> tuple[tuple[str, Node], ...]:
        """The facts that the action sets or adds to, each once, and the expressions that say what.

        Those of a parent are noted in `above`.
        """
        changes: Mapping[str, str] = getattr(self.shape, key)
        if not changes:
            return ()
        after = {"to_value": tree.Symbol("to_value", type_of(to))} if to else {}
        found: list[tuple[str, Node]] = []
        for fact, text in changes.items():
            path = (*self.where, key, fact)
            self.world.refuse_several(self.subject, fact, path)
            known = target(self.world, self.subject, fact)
            if not known:
                refuse_unknown_target(self.world, path, self.subject, fact)
            elif known.fact.name not in self.world.given.get(known.owner, {}):
                self.world.fault("LR242", path, key=True, name=fact)
            elif known.name in dict((*before, *found)):
                self.world.fault("LR260", path, key=True, name=fact)
            elif known.owner != self.subject:
                self.above.append(of_parent(self.world, path, self.subject, known))
            want = known.fact.type if known else None
            if key == "adds" and want and want.kind not in COUNTED:
                self.world.fault("LR203", path, found=want, expected=NUMBER, why=WRITE[""])
            node = self.world.expression(text, path, self.subject, want, {**self.symbols, **after})
            if want:
                refuse_unfit(self.world, path, want, fold(node, {"to_value": to}) if to else node)
            if to:
                node = self.world.written_at(path, fold(node, {"to_value": to}))
            found.append((known.name if known else fact, node))
        return tuple(found)

    def _instead(self, ground: Grounds) -> ActionForm | None:
        if not self.shape.instead:
            return None
        path = (*self.where, "instead")
        return form_in_place(
            self.world, self.shape.instead, path, self.subject, ground,
            fill=self.fill, symbols=self.symbols,
        )  # fmt: skip


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
