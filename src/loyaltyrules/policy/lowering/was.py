# SPDX-License-Identifier: Apache-2.0
"""`was`: what an entry was called before. It decides nothing; comparisons match by it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule, Was
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import Named

OWN = "this is its own name"
THERE = "something is still called so"
TWICE = "something else was called so too"


def former(*parts: tuple[str, Iterable[str]]) -> Was:
    """The names that an entry made of several parts had, each part with its former names."""
    named = ((name, *was) for name, was in parts)
    return tuple(".".join(each) for each in product(*named))[1:]


def refuse_was(world: World, rules: Iterable[Rule]) -> None:
    """Note a fault for each former name that cannot be one."""
    shape, ids = world.shape, {each.id for each in rules}
    labels = _of(("labels",), shape.labels) + _of(("workflows",), shape.workflows)
    scopes = [
        labels,
        *(_of((n,), getattr(shape, n)) for n in ("parameters", "occasions", "templates")),
    ]
    scopes += [_of(("labels", name, "moves"), each.moves) for name, each in shape.labels.items()]
    scopes += [_of(("workflows", name, "states"), e.states) for name, e in shape.workflows.items()]
    for scope in scopes:
        _refuse(world, scope, {name for path, each in scope for name in _names(path, each)})
    for section in ("rules", "tables"):
        own = _of((section,), getattr(shape, section))
        _refuse(world, own, ids | {name for path, each in own for name in _names(path, each)})


def _of(path: Path, entries: Mapping[str, Named]) -> list[tuple[Path, Named]]:
    return [((*path, name), each) for name, each in entries.items()]


def _names(path: Path, entry: Named) -> Iterator[str]:
    """What an entry is called: its id, else its key."""
    yield getattr(entry, "id", "") or str(path[-1])


def _refuse(world: World, entries: Iterable[tuple[Path, Named]], names: set[str]) -> None:
    seen = set[str]()
    for path, entry in entries:
        for was in entry.was:
            own = was in _names(path, entry)
            why = OWN if own else THERE if was in names else TWICE if was in seen else ""
            seen.add(was)
            if why:
                world.fault("LR494", (*path, "was"), name=was, why=why)
