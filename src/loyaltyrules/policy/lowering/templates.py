# SPDX-License-Identifier: Apache-2.0
"""Templates and blocks: every placeholder is found for every kind of record that the text is for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from loyaltyrules.calendar import DateRule
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE, PERIOD, TEXT, YES_NO
from loyaltyrules.expression.written import written
from loyaltyrules.fact.declaration import Texts
from loyaltyrules.fact.frozen import NOTHING, frozen
from loyaltyrules.policy.lowering.hours import whole_days
from loyaltyrules.policy.lowering.lengths import counts_workdays
from loyaltyrules.policy.lowering.world import SubjectScope, World, grounds, titles
from loyaltyrules.policy.model import Block, Occasion, PassedDates, Template
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import BlockShape, TemplateShape
from loyaltyrules.problem.near import near_name
from loyaltyrules.problem.problem import nearest, problem

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
OF_THE_ACTION = ("gift", "value", "from_value", "to_value", "deadline", "due_on", "window_end")
OCCASION = "occasion"
DATED_BY_ITSELF = (*get_args(DateRule), PassedDates)
Symbols = Mapping[str, Node]


def lower_templates(world: World) -> tuple[dict[str, Template], dict[str, Block]]:
    """Texts and blocks, once it is known which rules use them for which kinds of record."""
    templates = {}
    of_blocks: dict[str, dict[str, list[Symbols]]] = {}
    for name, shape in world.shape.templates.items():
        path: Path = ("templates", name)
        said = _texts(shape)
        if not said and not shape.missing:
            world.fault("LR137", path, key=True, name=name)
        told = world.told.get(name) or {"customer": [{}]}
        fields = _fields(world, path, said, told, of_blocks)
        ground, was = grounds(shape), tuple(shape.was)
        templates[name] = Template(name, said, shape.missing, ground, frozen(fields), was)
    return templates, _blocks(world, of_blocks)


def _texts(shape: TemplateShape | BlockShape) -> Texts:
    return tuple((each, text) for each in ("en", "zh") if (text := getattr(shape, each)))


def _fields(
    world: World, path: Path, texts: Texts, told: Mapping[str, list[Symbols]],
    of_blocks: dict[str, dict[str, list[Symbols]]] | None = None,
) -> dict[str, dict[str, Node]]:  # fmt: skip
    """What each placeholder stands for, by subject; a block is noted with what it may read.

    Blocks do not stand in blocks.
    """
    found: dict[str, dict[str, Node]] = {}
    for subject, uses in told.items():
        symbols = {
            name: node for name, node in uses[0].items() if all(name in each for each in uses)
        }
        for language, text in texts:
            _lone_brace(world, (*path, language), text)
            for match in PLACEHOLDER.finditer(text):
                name = match[1]
                if of_blocks is not None and name in world.shape.blocks:
                    world.used.add(f"blocks.{name}")
                    of_blocks.setdefault(name, {}).setdefault(subject, []).append(symbols)
                else:
                    node = _placeholder(world, (*path, language), subject, match, symbols)
                    found.setdefault(subject, {})[name] = node
    return found


def _common(uses: list[Symbols]) -> Symbols:
    """The columns that are at hand wherever a text is told."""
    return {name: node for name, node in uses[0].items() if all(name in each for each in uses)}


def _placeholder(
    world: World, path: Path, subject: str, match: re.Match[str], symbols: Symbols
) -> Node:
    """A fact of the record or of a parent, a column, a figure, or a field of the action."""
    name = match[1]
    found = filled_by(world, subject, name, symbols)
    if several := _several(world, subject, name, symbols):
        world.fault("LR264", path, name=name, names=", ".join(several))
    if found is None:
        scope = SubjectScope(world, subject, symbols)
        above = (n for p in world.ancestors(subject) for n in SubjectScope(world, p, {}).names())
        near = near_name(
            name, {*scope.names(), *above, *OF_THE_ACTION, OCCASION, *world.shape.blocks}
        )
        place = world.document.place(path)
        inside = place.inside(*match.span()) if place else None
        world.faults.append(problem("LR233", inside, name=name, near=near))
    return found or tree.Literal(None, TEXT)


def _lone_brace(world: World, path: Path, text: str) -> None:
    """Note a fault at a brace without its other one, and at braces in braces: they would be sent."""
    bare = PLACEHOLDER.sub(lambda match: " " * len(match[0]), text)
    if lone := re.search("[{}]", bare):
        place = world.document.place(path)
        inside = place.inside(*lone.span()) if place else None
        world.faults.append(problem("LR153", inside, name=path[1], found=lone[0]))


def filled_by(world: World, subject: str, name: str, symbols: Symbols = NOTHING) -> Node | None:
    """What a placeholder stands for, for one kind of record; a fact may be named by its title."""
    if name in OF_THE_ACTION or name == OCCASION:
        return tree.Symbol(f"action.{name}", DATE if name.endswith("_on") else TEXT)
    scope = SubjectScope(world, subject, symbols)
    return next(
        (found for each in _names(world, subject, name) if (found := scope.find(each))), None
    )


def _several(world: World, subject: str, name: str, symbols: Symbols) -> tuple[str, ...]:
    """What a placeholder may mean, where that is not one thing alone."""
    scope = SubjectScope(world, subject, symbols)
    called = (each for each in _names(world, subject, name) if scope.find(each))
    return scope.several(next(called, name))


def _names(world: World, subject: str, name: str) -> list[str]:
    """A fact of the record itself goes before those of its parents."""
    return [name, *(f"{parent}.{name}" for parent in world.ancestors(subject))]


def _blocks(world: World, used: dict[str, dict[str, list[Symbols]]]) -> dict[str, Block]:
    """Every block; one that another names as `first` is for the same records as that one."""
    found: dict[str, Block] = {}
    for name, shape in sorted(world.shape.blocks.items(), key=lambda each: each[1].first is None):
        for each in shape.first or ():
            if each not in world.shape.blocks or world.shape.blocks[each].first:
                near = nearest(each, [n for n, b in world.shape.blocks.items() if not b.first])
                world.fault("LR238", ("blocks", name, "first"), name=each, near=near)
            world.used.add(f"blocks.{each}")
            for subject, symbols in used.get(name, {}).items():
                used.setdefault(each, {}).setdefault(subject, []).extend(symbols)
        found[name] = _block(world, name, shape, used.get(name) or {"customer": [{}]})
    return {name: found[name] for name in world.shape.blocks}


def _block(world: World, name: str, shape: BlockShape, told: Mapping[str, list[Symbols]]) -> Block:
    path: Path = ("blocks", name)
    texts = _texts(shape)
    if bool(texts) == bool(shape.first):
        world.fault("LR239", path, key=True, name=name)
    if any(filled_by(world, subject, name, {}) for subject in told):
        world.fault("LR241", path, key=True, name=name)
    row = dict(_columns(world, (*path, "rows"), shape.rows))
    seen: dict[str, list[Symbols]] = {
        subject: [{**each, **row} for each in symbols] for subject, symbols in told.items()
    }
    conditions = {
        subject: world.expression(shape.if_, (*path, "if"), subject, YES_NO, _common(uses))
        for subject, uses in seen.items()
    }
    within = (
        whole_days(
            world,
            world.expression(shape.within, (*path, "within"), "policy", PERIOD),
            (*path, "within"),
        )
        if shape.within
        else None
    )
    if within is not None and counts_workdays(within):
        world.fault("LR279", (*path, "within"), found=written(within))
    return Block(
        name, texts, frozen(conditions), frozen(_fields(world, path, texts, seen)), shape.rows or "",
        tuple(_occasions(world, (*path, "before"), shape.before or ())), within,
        tuple(shape.first or ()), grounds(shape),
    )  # fmt: skip


def _columns(world: World, path: Path, table: str | None) -> Iterator[tuple[str, Node]]:
    if table is not None and table not in world.tables:
        world.fault("LR128", path, name=table, near=nearest(table, world.tables))
    elif table is not None:
        world.used.add(f"reference.{table}")
        for column, kind in world.tables[table].columns:
            yield f"{table}.{column}", tree.Symbol(f"{table}.{column}", kind)


def _occasions(world: World, path: Path, names: Iterable[str]) -> Iterator[Occasion]:
    for name in names:
        found = world.occasions.get(name)
        if found is None:
            world.fault("LR229", path, name=name, near=nearest(name, world.occasions))
        elif not isinstance(found.base, DATED_BY_ITSELF):
            world.fault("LR240", path, name=name)
        else:
            world.used.add(f"occasions.{found.id}")
            yield found


def lower_names(world: World) -> dict[str, Texts]:
    """What words that stand in data and ids are called for people."""
    shape = world.shape
    named = {**shape.channels, **shape.roles, **shape.names}
    return {name: titles(said, shape.language) for name, said in named.items()}
