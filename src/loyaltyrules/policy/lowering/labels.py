# SPDX-License-Identifier: Apache-2.0
"""Labels: each of their ways becomes a derived fact, and one of these counts."""

from collections import Counter

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import NUMBER, YES_NO, Type
from loyaltyrules.policy.lowering.cases import cases
from loyaltyrules.policy.lowering.ways import Way
from loyaltyrules.policy.lowering.world import World, grounds, titles
from loyaltyrules.policy.model import Derived, Grounds, Label
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import LabelShape
from loyaltyrules.problem.problem import nearest


def declare_labels(world: World) -> None:
    """Say which labels there are, so that any expression may read them; they are computed later."""
    for name, shape in world.shape.labels.items():
        subject = shape.for_
        if subject not in world.subjects:
            near = nearest(subject, world.subjects)
            world.fault("LR215", ("labels", name, "for"), name=subject, near=near)
            continue
        computed = f"proposed.{name}" if shape.standing else name
        ways = tuple((way, f"{name}.{way}") for way in shape.ways)
        words = tuple(shape.values)
        for word in (each for each, many in Counter(words).items() if many > 1):
            world.fault("LR260", ("labels", name, "values"), name=word)
        title = titles(shape.title, world.shape.language)
        world.labels[name] = Label(
            name, subject, words, shape.standing, computed, ways, title, tuple(shape.was)
        )
        kind = Type("word", words=words)
        kinds = dict.fromkeys((computed, *(fact for _, fact in ways)), kind)
        kinds |= {f"{name}.{way}.score": NUMBER for way, each in shape.ways.items() if each.score}
        for fact, known in kinds.items():
            place = world.document.key_place(("labels", name))
            world.derived[subject][fact] = Derived(
                subject, fact, known, tree.Literal(None, known), title, grounds(shape), place
            )


def lower_labels(world: World) -> None:
    """Compute each label: its ways, and the one that counts."""
    for name, shape in world.shape.labels.items():
        if name not in world.labels:
            continue
        label = world.labels[name]
        path: Path = ("labels", name)
        member = world.expression(shape.if_, (*path, "if"), label.subject, YES_NO)
        for way, fact in label.ways:
            here = (*path, "ways", way)
            rows = Way(world, label, shape.ways[way], here, fact).rows()
            _define(world, label, fact, _guarded(member, rows), shape.ways[way].source)
        _define(world, label, label.computed, _deciding(world, label, shape, path, member))


def _define(
    world: World, label: Label, fact: str, node: Node, source: list[str] | None = None
) -> None:
    known = world.derived[label.subject][fact]
    ground = Grounds(tuple(source)) if source else known.grounds
    world.derived[label.subject][fact] = Derived(
        label.subject, fact, known.type, node, known.titles, ground, known.place
    )


def _guarded(member: Node, node: Node) -> Node:
    kind = tree.type_of(node)
    return node if member == tree.YES else tree.Case(((member, node),), kind)


def _deciding(world: World, label: Label, shape: LabelShape, path: Path, member: Node) -> Node:
    kind = Type("word", words=label.words)
    if shape.cases is not None:
        return _guarded(member, cases(world, label, shape.cases, (*path, "cases")))
    facts = dict(label.ways)
    way = shape.decide or next(iter(facts), "")
    if way not in facts:
        here = (*path, "decide") if shape.decide else path
        world.fault("LR220", here, name=way or label.name, near=nearest(way, facts))
        return tree.Literal(None, kind)
    return tree.FactRef(facts[way], kind)
