# SPDX-License-Identifier: Apache-2.0
"""Words: a named action with its defaults, as cells and sentences use it."""

from collections.abc import Iterator, Mapping
from typing import Any

from loyaltyrules.action.kinds import CHANNEL, KINDS, TAKES, is_kind
from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import COUNTED, NUMBER, PERIOD
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import ActionForm, Aggregate, Grounds, Standing
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import WordShape
from loyaltyrules.problem.problem import nearest

NOTHING = ("无", "没有", "不做", "否", "None", "nothing")
MANY = 20  # words that a remedy lists
OVERRIDABLE = (
    "role", "approver", "purpose", "reason", "priority", "template", "gift", "to", "value",
)  # fmt: skip


def form_of(
    world: World,
    cell: str | Mapping[str, Any],
    path: Path,
    subject: str,
    ground: Grounds,
    over: Mapping[str, Any],
    *,
    fill: Mapping[str, str] | None = None,
    symbols: Mapping[str, Node] | None = None,
    from_value: Node | None = None,
    to_value: Node | None = None,
) -> ActionForm:
    """The action that a word (with its argument, or in its long form) stands for.

    Args:
        cell: `短信祝福`, `赠送 蛋糕`, `escalate area_supervisor` or `{do: word, role: …}`.
        over: What the rule says itself; it goes before the word's own defaults.
        fill: Texts for `{occasion}`, `{row}` and `{column}` in templates and gifts.
        symbols: Names beside facts and parameters that expressions may use.
        from_value: The label that a change starts from.
        to_value: The label that a change ends at.
    """
    own = dict(cell) if isinstance(cell, Mapping) else {}
    text = str(own.pop("do", "")) if own else str(cell)
    name, argument = _split(world, text)
    shape, where = _shape(world, name, path)
    for key in own:
        if key not in OVERRIDABLE:
            world.fault("LR130", (*path, key), key=True, name=key, near=nearest(key, OVERRIDABLE))
    merged = {key: value for key, value in {**over, **own}.items() if value is not None}
    if argument.strip():
        merged |= _argument(world, shape, argument.strip(), path)
    return _Form(world, name, shape, where, path, subject, fill or {}, symbols or {}).made(
        merged, ground, from_value, to_value
    )


def _split(world: World, text: str) -> tuple[str, str]:
    """A word and its argument; words may have blanks in their names."""
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
    near = "none" if name in NOTHING else nearest(name, [*world.shape.words, *KINDS])
    words = ", ".join(list(world.shape.words)[:MANY]) or "–"
    world.fault("LR224", path, name=name, words=words, near=near)


def _argument(world: World, shape: WordShape, text: str, path: Path) -> dict[str, str]:
    if shape.takes is None:
        world.fault("LR225", path, found=text, name=shape.kind)
        return {}
    return {shape.takes: text}


class _Form:
    """Puts one action form together from the word and what the rule says."""

    def __init__(
        self, world: World, word: str, shape: WordShape, where: Path, path: Path, subject: str,
        fill: Mapping[str, str], symbols: Mapping[str, Node],
    ) -> None:  # fmt: skip
        self.world, self.word, self.shape, self.where = world, word, shape, where
        self.path, self.subject, self.fill, self.symbols = path, subject, fill, symbols

    def made(
        self,
        over: Mapping[str, Any],
        ground: Grounds,
        from_value: Node | None,
        to_value: Node | None,
    ) -> ActionForm:
        shape = self.shape
        if not is_kind(shape.kind):
            near = nearest(shape.kind, KINDS)
            self.world.fault("LR226", (*self.where, "kind"), name=shape.kind, near=near)
        to = to_value or self._expression(over.get("to", shape.to), "to")
        value = self._expression(over.get("value", shape.value), "value")
        self._refuse_personal(to, value)
        return ActionForm(
            word=self.word,
            kind=shape.kind,
            channel=shape.channel or CHANNEL.get(shape.kind),
            template=self._template(over.get("template", shape.template)),
            gift=self._filled(over.get("gift", shape.gift)),
            role=over.get("role", shape.role),
            approver=over.get("approver", shape.approver),
            purpose=over.get("purpose", shape.purpose),
            reason=over.get("reason", shape.reason),
            priority=int(over.get("priority", shape.priority)),
            needs=self._needs(),
            opens=self._expression(shape.opens, "opens", PERIOD),
            due=shape.due,
            value=value,
            from_value=from_value,
            to_value=to,
            sets=self._changes("sets", to),
            adds=self._changes("adds", to),
            instead=self._instead(ground),
            grounds=grounds(shape) if shape.source else ground,
        )

    def _refuse_personal(self, *stated: Node | None) -> None:
        """Personal facts never leave in actions."""
        for node in stated:
            for name in personal_in(self.world, self.subject, node) if node is not None else ():
                self.world.fault("LR235", self.path, name=name)

    def _filled(self, text: str | None) -> str | None:
        return text and _fill(text, self.fill)

    def _template(self, text: str | None) -> str | None:
        name = self._filled(text)
        if name and name not in self.world.shape.templates:
            if f"missing.{name}" not in self.world.used:  # once, however many cells need it
                self.world.fault("LR227", self.path, name=name, word=self.word)
            self.world.used.add(f"missing.{name}")
        elif name:
            self.world.used.add(f"templates.{name}")
            self.world.told.setdefault(name, {}).setdefault(self.subject, []).append(self.symbols)
        return name

    def _expression(self, text: object, key: str, want: Any = None) -> Node | None:
        if text is None:
            return None
        path = (*self.where, key) if (*self.where, key) in self.world.document.places else self.path
        return self.world.expression(str(text), path, self.subject, want, self.symbols)

    def _needs(self) -> tuple[str, ...]:
        names = []
        for name in self.shape.needs:
            found = self._owner(name)
            if not found:
                near = nearest(name, self.world.given.get(self.subject, {}))
                self.world.fault("LR201", (*self.where, "needs"), name=name, near=near)
            names.append(found or name)
        return tuple(names)

    def _owner(self, name: str) -> str | None:
        """The fact by the name the record knows it by: its own, or that of its customer."""
        if self.world.reference(self.subject, name):
            return name
        for parent in self.world.ancestors(self.subject):
            if self.world.reference(parent, name):
                return f"{parent}.{name}"
        return None

    def _changes(self, key: str, to: Node | None) -> tuple[tuple[str, Node], ...]:
        """The facts that the action sets or adds to, and the expressions that say what."""
        changes: Mapping[str, str] = getattr(self.shape, key)
        if not changes:
            return ()
        target = {"to_value": tree.Symbol("to_value", type_of(to))} if to else {}
        found = []
        for fact, text in changes.items():
            path = (*self.where, key, fact)
            known = self.world.reference(self.subject, fact)
            if not known:
                near = nearest(fact, self.world.given.get(self.subject, {}))
                self.world.fault("LR201", path, key=True, name=fact, near=near)
            elif fact not in self.world.given.get(self.subject, {}):
                self.world.fault("LR242", path, key=True, name=fact)
            want = known.type if known else None
            if key == "adds" and want and want.kind not in COUNTED:
                self.world.fault("LR203", path, found=want, expected=NUMBER)
            node = self.world.expression(text, path, self.subject, want, target)
            found.append((fact, fold(node, {"to_value": to}) if to else node))
        return tuple(found)

    def _instead(self, ground: Grounds) -> ActionForm | None:
        if not self.shape.instead:
            return None
        path = (*self.where, "instead")
        return form_of(
            self.world, self.shape.instead, path, self.subject, ground, {},
            fill=self.fill, symbols=self.symbols,
        )  # fmt: skip


def personal_in(world: World, subject: str, node: Node) -> Iterator[str]:
    """The personal facts whose values a value may tell: not those that only decide about it."""
    match node:
        case tree.FactRef(name):
            yield from _personal(world, subject, name)
        case tree.Missing() | tree.Compare() | tree.In():
            return
        case tree.Call(name) if not world.functions[name].reveals:
            return
        case tree.Case(rows):
            for _, value in rows:
                yield from personal_in(world, subject, value)
        case _:
            for part in tree.children(node):
                yield from personal_in(world, subject, part)


def _personal(world: World, subject: str, name: str) -> Iterator[str]:
    """A personal fact itself, or those that a derived fact tells."""
    head, _, rest = name.partition(".")
    if rest and head in world.subjects:
        subject, name = head, rest
    declared = world.given.get(subject, {}).get(name)
    derived = world.derived.get(subject, {}).get(name)
    if declared is not None and declared.personal:
        yield name
    match derived.origin if derived is not None else None:
        case None | Standing():
            return
        case Aggregate(_, over, value):
            if value is not None:
                yield from personal_in(world, over, value)
        case origin:
            yield from personal_in(world, subject, origin)


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
