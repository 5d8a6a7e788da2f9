# SPDX-License-Identifier: Apache-2.0
"""Subjects and facts: what is given of a record, and what the policy computes from it."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from loyaltyrules.expression import tree
from loyaltyrules.expression.aggregates import AGGREGATES, AggregateFunction
from loyaltyrules.expression.parser import KEYWORDS, ExpressionFault, parse
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import DATE, NUMBER, SHARE, TEXT, WHOLE, YES_NO, Type, Value
from loyaltyrules.fact.coerce import FactFault, coerce
from loyaltyrules.fact.declaration import Declaration, Subject
from loyaltyrules.host.day import zone_of
from loyaltyrules.policy.lowering.lookups import FALLING, lower_lookup
from loyaltyrules.policy.lowering.shares import check_count, check_share
from loyaltyrules.policy.lowering.words import NONE, NOTHING
from loyaltyrules.policy.lowering.world import World, grounds, is_event, parted, titles
from loyaltyrules.policy.model import Aggregate, Derived, Rank
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import FactShape
from loyaltyrules.problem.problem import nearest, problem

RANKS = ("rank", "top", "part")


def lower_subjects(world: World) -> None:
    """The kinds of record; `customer` always is one."""
    for name, shape in {"customer": None, **world.shape.subjects}.items():
        parent = shape.of if shape else ""
        if parent and parent not in world.shape.subjects and parent != "customer":
            near = nearest(parent, {*world.shape.subjects, "customer"} - {name})
            world.fault("LR215", ("subjects", name, "of"), name=parent, near=near)
            parent = near  # what was probably meant, so that nothing follows from the fault
        listed = (shape.list if shape else "") or f"{name}s"
        title = titles(shape.title if shape else "", world.shape.language)
        also = _also(world, name, parent, shape.also if shape else [])
        world.subjects[name] = Subject(name, parent or None, listed, title, also)
        world.given.setdefault(name, {})
        world.derived.setdefault(name, {})
    _refuse_circles(world)


def _also(world: World, name: str, parent: str, said: list[str]) -> tuple[str, ...]:
    """The further parents of a kind of record: others than its first, each once."""
    path, found = ("subjects", name, "also"), list[str]()
    known = {*world.shape.subjects, "customer"}
    for each in said:
        if each not in known:
            world.fault("LR215", path, name=each, near=nearest(each, known - {name}))
        elif not parent or each == parent or each in found:
            world.fault("LR291", path, name=each, subject=name)
        else:
            found.append(each)
    return tuple(found)


def _refuse_circles(world: World) -> None:
    for name in world.subjects:
        open_, seen = [*world.subjects[name].links], set[str]()
        while open_:
            parent = open_.pop()
            if parent not in seen and parent in world.subjects:
                seen.add(parent)
                open_ += world.subjects[parent].links
        if name in seen:
            world.fault("LR216", ("subjects", name), key=True, name=name)
            world.subjects[name] = Subject(name, None, world.subjects[name].listed_as)


def lower_facts(world: World) -> None:
    """Declare the given facts; the derived ones wait until something reads them."""
    for subject, facts in world.shape.facts.items():
        if subject not in world.subjects:
            near = nearest(subject, world.subjects)
            world.fault("LR215", ("facts", subject), key=True, name=subject, near=near)
            continue
        for name, shape in facts.items():
            _declare(world, subject, name, shape)
    for subject, each in world.subjects.items():
        for link in each.links.values():
            world.given[subject].setdefault(link, Declaration(subject, link, TEXT))


def _declare(world: World, subject: str, name: str, shape: FactShape) -> None:
    path: Path = ("facts", subject, name)
    title = titles(shape.title, world.shape.language)
    if name in KEYWORDS:
        world.fault("LR257", path, key=True, name=name)
    world.entitle(subject, name, title)
    ways = [key for key in (*AGGREGATES, *RANKS, "is_", "first") if getattr(shape, key) is not None]
    if len(ways) > 1 or (not ways and shape.type is None):
        world.fault("LR125", path, key=True, name=name)
    elif ways:
        world.pending[subject, name] = _deriving(world, subject, name, shape, ways[0])
    else:
        lists = [each.listed_as for each in world.subjects.values() if subject in each.links]
        if name in lists:  # of what stands there in a record, one could not be read
            world.fault("LR256", path, key=True, name=name, subject=subject)
        world.given[subject][name] = _given(world, subject, name, shape)


def _given(world: World, subject: str, name: str, shape: FactShape) -> Declaration:
    path: Path = ("facts", subject, name)
    kind = world.type_named(shape.type or "text", (*path, "type"), shape.unit)
    return Declaration(
        subject, name, kind, _default(world, path, shape, kind), is_event(kind, shape.absent),
        shape.personal, titles(shape.title, world.shape.language),
    )  # fmt: skip


def _default(world: World, path: Path, shape: FactShape, kind: Type) -> Value | None:
    if kind.kind == "unknown":  # a fault that was told already
        return None
    if kind.kind == "list" and shape.default in (NONE, *NOTHING):  # which would be one of its items
        here, found = (*path, "default"), str(shape.default)
        world.fault("LR217", here, name=path[-1], found=found, expected=kind, near="[]")
        return None
    try:
        if kind.kind == "list" or not isinstance(shape.default, list):
            zone = zone_of(world.shape.timezone) or ZoneInfo("UTC")  # no such zone was told
            return coerce(shape.default, kind, zone)
    except FactFault:
        pass  # told below, as is a list for a fact that is none
    here = (*path, "default")
    world.fault("LR217", here, name=path[-1], found=shape.default, expected=kind)
    return None


def _deriving(
    world: World, subject: str, name: str, shape: FactShape, way: str
) -> Callable[[], None]:
    """What computes the derived fact once it is asked for; asking again meanwhile is a circle."""
    path: Path = ("facts", subject, name)

    def derive() -> None:
        world.pending[subject, name] = lambda: world.circle(subject, name)
        origin, kind = _origin(world, subject, path, shape, way)
        world.pending.pop((subject, name), None)
        derived = Derived(
            subject, name, kind, origin, titles(shape.title, world.shape.language),
            grounds(shape), world.document.key_place(path), shape.personal,
        )  # fmt: skip
        world.derived[subject][name] = derived

    return derive


def _origin(
    world: World, subject: str, path: Path, shape: FactShape, way: str
) -> tuple[Node | Aggregate | Rank, Type]:
    if way == "is_":
        want = world.type_named(shape.type, (*path, "type"), shape.unit) if shape.type else None
        node = world.expression(str(shape.is_), (*path, "is"), subject, want)
        return node, want or type_of(node)
    if way == "first":
        return lower_lookup(world, subject, path, shape)
    if way in RANKS:
        return _standing(world, subject, path, shape, way)
    return _aggregate(world, subject, path, shape, way)


def _aggregate(
    world: World, subject: str, path: Path, shape: FactShape, way: str
) -> tuple[Aggregate, Type]:
    function, text = AGGREGATES[way], str(getattr(shape, way))
    over, value = parted(text) if function.takes else (text, "")
    children = [name for name, each in world.subjects.items() if subject in each.links]
    if over not in children:
        near = nearest(over, children)
        if not _of_nobody(world, over):
            world.fault("LR218", (*path, way), name=over, subject=subject, near=near)
        return Aggregate(way, over, None), Type("unknown")
    where = world.expression(shape.where, (*path, "where"), over, YES_NO)
    node = _child_value(world, over, value, (*path, way)) if function.takes else None
    kind = function.result(WHOLE if node is None else _taken(world, function, node, (*path, way)))
    order = tuple(_ordered(world, over, each, (*path, "by")) for each in shape.by or ())
    if function.picks and not order:
        world.fault("LR280", (*path, way), name=path[-1], subject=over)
    take = world.expression(shape.take, (*path, "take"), "policy", WHOLE) if shape.take else None
    default = _default(world, path, shape, kind)
    return Aggregate(way, over, node, where, default, order, take), kind


def _ordered(world: World, subject: str, text: str, path: Path) -> Node:
    """What child records are put in order by: `amount`, or `-amount` from the greatest down."""
    falls = text.startswith(FALLING)
    node = world.expression(text.replace(FALLING, " ", 1) if falls else text, path, subject)
    if not falls:
        return node
    if not isinstance(node, tree.FactRef) and type_of(node).kind != "unknown":
        world.fault("LR281", path, name=text)
    return tree.Falling(node)


def standing_by(world: World, subject: str, names: Iterable[str], path: Path) -> tuple[Node, ...]:
    """The facts by which records stand among their siblings; behind `-` the lowest is the first."""
    found = list[Node]()
    for name in names:
        falls = name.startswith(FALLING)
        known = world.own(subject, [name.removeprefix(FALLING).strip() if falls else name], path)
        found += [tree.Falling(each) if falls else each for each in known]
    return tuple(found)


def _of_nobody(world: World, subject: str) -> bool:
    """True of a kind of record whose parent could not be found, which was told already."""
    shape = world.shape.subjects.get(subject)
    return shape is not None and bool(shape.of) and world.subjects[subject].parent is None


def _child_value(world: World, over: str, text: str, path: Path) -> Node:
    place = world.document.place(path)
    try:
        parse(text, place)
    except ExpressionFault:
        world.faults.append(problem("LR219", place, name=text or over, subject=over))
        return tree.Literal(None, WHOLE)
    return world.expression(text, path, over)


def _taken(world: World, function: AggregateFunction, node: Node, path: Path) -> Type:
    """The type of the value, which must be one that the aggregate takes."""
    kind = type_of(node)
    if kind.kind in function.takes | {"unknown"}:  # a fault in it was told already
        return kind
    expected = NUMBER if NUMBER.kind in function.takes else DATE
    world.fault("LR250", path, name=path[-1], found=kind, expected=expected)
    return Type("unknown")


def _standing(
    world: World, subject: str, path: Path, shape: FactShape, way: str
) -> tuple[Rank, Type]:
    order = shape.rank or shape.by or ([shape.part] if shape.part else [])
    by = standing_by(world, subject, order, (*path, way))
    within = world.own(subject, [shape.within] if shape.within else [], (*path, way))
    where = world.expression(shape.where, (*path, "where"), subject, YES_NO)
    share = world.expression(shape.top, (*path, "top"), subject, SHARE) if shape.top else None
    if share is not None:
        check_share(world, share, (*path, "top"))
    smallest = (
        world.expression(shape.smallest, (*path, "smallest"), subject, WHOLE)
        if shape.smallest
        else None
    )
    if smallest is not None:
        check_count(world, smallest, (*path, "smallest"))
    group, ties = next(iter(within), None), shape.ties or "id"
    standing = Rank(way, by, group, where, share, shape.parts, smallest, ties)
    return standing, YES_NO if way == "top" else WHOLE


def finish_facts(world: World) -> None:
    """Derive what nothing has read so far."""
    while world.pending:
        world.pending.pop(next(iter(world.pending)))()
