# SPDX-License-Identifier: Apache-2.0
"""Parts that carry a row of the handbook by being there, beside the rules, figures, facts and texts."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from pydantic import BaseModel

from loyaltyrules.policy.lowering.listed import parts_of
from loyaltyrules.policy.lowering.world import World, grounds
from loyaltyrules.policy.model import Grounds, Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import CALLED, Grounded

AROUND = ("tables", "workflows", "reference")  # what may say a row that none of its rules says


Part: TypeAlias = tuple[str, Grounds]


def grounded(world: World, rules: Iterable[Rule]) -> tuple[Part, ...]:
    """All of them by name; in which order they are written says nothing."""
    found = [each for each in _parts(world, rules) if each[1].source]
    return tuple(sorted(found, key=lambda each: (each[0], each[1].source)))


def _parts(world: World, rules: Iterable[Rule]) -> Iterator[Part]:
    """Head, names, given facts and relations; and what tables and workflows say beside their rules."""
    shape = world.shape
    yield "policy", Grounds(tuple(shape.source))
    for section in CALLED:
        for name, said in getattr(shape, section).items():
            yield f"{section}.{name}", _said(said)
    for subject, facts in shape.facts.items():
        for name, each in facts.items():
            if name in world.given[subject]:
                yield f"facts.{subject}.{name}", grounds(each)
    yield from _around(world, {row for rule in rules for row in _rows(rule)})
    for name, cost in shape.costs.items():
        yield f"costs.{name}", grounds(cost)
    for number, must in enumerate(shape.must, 1):
        yield f"must.{number}", grounds(must)


def _said(part: Any) -> Grounds:
    """What a part says of where it comes from that has no shape of its own."""
    rows = part.get("source") if isinstance(part, dict) else None
    texts = rows if isinstance(rows, list) else [rows]
    return Grounds(tuple(row for text in texts if isinstance(text, str) for row in parts_of(text)))


def _rows(rule: Rule) -> Iterator[str]:
    yield from rule.grounds.source
    for form in rule.actions:
        yield from form.grounds.source


def _around(world: World, carried: set[str]) -> Iterator[Part]:
    """The rows of the handbook that only a table, a row without an action, or a state says."""
    for section in AROUND:
        for name, entry in getattr(world.shape, section).items():
            for ground in _grounds_in(entry, (section, name)):
                left = tuple(row for row in ground.source if row not in carried)
                yield f"{section}.{name}", Grounds(left, ground.origin)


def _grounds_in(part: Any, path: Path) -> Iterator[Grounds]:
    """What a part of the policy and all that stands in it say of where they come from."""
    if isinstance(part, Grounded):
        yield grounds(part)
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _grounds_in(getattr(part, name), (*path, name))
    elif isinstance(part, dict):
        if len(path) > 3 and path[0] == "tables" and path[2] == "rows":
            yield _said(part)
        for key, each in part.items():
            yield from _grounds_in(each, (*path, key))
