# SPDX-License-Identifier: Apache-2.0
"""Names mean one thing: none is a word of the language, and none is given to two things that meet."""

from collections.abc import Iterable, Iterator

from loyaltyrules.expression.parser import KEYWORDS
from loyaltyrules.expression.types import TEXT, Type
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Label
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.problem.problem import nearest
from loyaltyrules.problem.render import WRITE

WORDS = frozenset({"none", "rest", "otherwise", "yes", "no"})  # of cells, tables and ways
READ = ("facts", "parameters", "labels", "workflows")  # sections whose names conditions read
CALLED = ("words", "templates", "blocks", "occasions", "reference", "subjects", "roles", "channels")
WHOLE_POLICY = "policy"  # stands for the kind of record where there is none


def refuse_taken_names(world: World) -> None:
    """Note a fault for each name that means something else already."""
    for path in _named(world):
        if path[-1] in _meant(path):
            world.fault("LR257", path, key=True, name=path[-1])
    _refuse_labels(world)
    _refuse_lists(world)
    for subject in world.subjects:
        _refuse_ids(world, subject)


def _named(world: World) -> Iterator[Path]:
    """Where each name is given."""
    shape = world.shape
    for section in (*READ[1:], *CALLED):
        yield from ((section, str(name)) for name in getattr(shape, section))
    for subject, facts in shape.facts.items():
        yield from (("facts", subject, name) for name in facts)
    for label, each in shape.labels.items():
        yield from (("labels", label, "ways", way) for way in each.ways)


def _meant(path: Path) -> frozenset[str]:
    """Names that mean something where one is given; what conditions cannot read is told elsewhere."""
    told = KEYWORDS if path[0] in ("facts", "parameters") else frozenset[str]()
    spoken = KEYWORDS if path[0] in READ else frozenset[str]()
    own = {WHOLE_POLICY} if path[0] == "subjects" else frozenset[str]()
    return (WORDS | spoken | own) - told


def _refuse_labels(world: World) -> None:
    """What a label or a workflow computes has the name of no fact, but for a label that stands on it."""
    shape = world.shape
    for name in shape.labels:
        if label := world.labels.get(name):
            computed = {label.computed, *(fact for _, fact in label.ways)}
            _refuse_computed(world, ("labels", name), label.subject, computed)
            if label.standing != name:
                _refuse_computed(world, ("labels", name), label.subject, {name})
            _check_standing(world, label)
    seen = dict.fromkeys(shape.labels, "labels")
    for name, each in shape.workflows.items():
        called = each.id or name
        _refuse_computed(world, ("workflows", name), each.for_, {called})
        if called in seen:
            other = f"{seen[called]}.{called}"
            world.fault("LR266", ("workflows", name), key=True, name=called, other=other)
        seen[called] = "workflows"


def _check_standing(world: World, label: Label) -> None:
    """What is on file of a label is a fact of words, by its name."""
    path, fact = ("labels", label.name, "standing"), label.standing or ""
    found = world.given[label.subject].get(fact)
    if fact and not world.has(label.subject, fact):
        called = world.named(label.subject, fact)
        near = called if called != fact else nearest(fact, world.given[label.subject])
        world.fault("LR201", path, name=fact, near=near)
    elif found is not None and found.type.kind not in ("word", "text"):
        words = Type("word", words=label.words)
        world.fault("LR203", path, found=found.type, expected=words, why=WRITE[""])


def _refuse_computed(world: World, path: Path, subject: str, names: Iterable[str]) -> None:
    taken = {*world.shape.facts.get(subject, {}), *_ids(world, subject)}
    for name in sorted(taken.intersection(names)):
        world.fault("LR266", path, key=True, name=name, other=f"facts.{subject}.{name}")


def _refuse_lists(world: World) -> None:
    """Two kinds of child records of one parent stand in two lists."""
    seen: dict[tuple[str, str], str] = {}
    for name, each in world.subjects.items():
        listed, other = each.listed_as, ""
        for parent in each.links:
            taken = seen.setdefault((parent, listed), name)
            other = other or ("" if taken == name else f"subjects.{taken}")
            if listed in _ids(world, parent):
                other = f"facts.{parent}.{listed}"
        if other:
            world.fault("LR266", ("subjects", name), key=True, name=listed, other=other)


def _ids(world: World, subject: str) -> tuple[str, ...]:
    """The facts of every record that are ids: its own, and those of its parents."""
    links = world.subjects[subject].links if subject in world.subjects else {}
    return ("id", *links.values())


def _refuse_ids(world: World, subject: str) -> None:
    """Ids and links are texts, and come with the record."""
    facts = world.shape.facts.get(subject, {})
    for name in _ids(world, subject):
        shape = facts.get(name)
        if shape is not None and (shape.type or TEXT.kind) != TEXT.kind:
            world.fault("LR268", ("facts", subject, name, "type"), name=name)
        elif (subject, name) in world.pending:
            world.fault("LR268", ("facts", subject, name), key=True, name=name)
