# SPDX-License-Identifier: Apache-2.0
"""Doubtful places: what a policy may say, but probably does not mean. Each may be waived."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import StateShape, WorkflowShape
from loyaltyrules.problem.problem import Problem, problem


def doubts(world: World, rules: Iterable[Rule]) -> tuple[Problem, ...]:
    """All doubtful places of a policy without fault, but for those it waives with a reason."""
    listed = list(rules)
    found = [each for check in CHECKS for each in check(world, listed)]
    waived = {(each.code, each.at) for each in world.shape.waivers}
    return tuple(item for item, at in found if not {(item.code, at), (item.code, "")} & waived)


Found: TypeAlias = Iterable[tuple[Problem, str]]


def _at(world: World, code: str, path: Path, **details: object) -> tuple[Problem, str]:
    place = world.document.key_place(path)
    return problem(code, place, **details), ".".join(map(str, path))


def _unused(world: World, rules: list[Rule]) -> Found:
    for section in ("parameters", "words", "templates", "blocks"):
        for name in getattr(world.shape, section):
            if f"{section}.{name}" not in world.used:
                yield _at(world, "LR601", (section, name), name=name)


def _left_out(world: World, rules: list[Rule]) -> Found:
    for file in world.document.beside:
        yield problem("LR607", None, file=file), file


def _missing_texts(world: World, rules: list[Rule]) -> Found:
    for name, template in world.shape.templates.items():
        if template.missing:
            yield _at(world, "LR602", ("templates", name), name=name, why=template.missing)


def _examples(world: World, rules: list[Rule]) -> Found:
    for name, parameter in world.parameters.items():
        if parameter.grounds.origin == "example":
            yield _at(world, "LR603", ("parameters", name), name=name)


def _no_source(world: World, rules: list[Rule]) -> Found:
    for name, parameter in world.parameters.items():
        if parameter.grounds.origin == "source" and not parameter.grounds.source:
            yield _at(world, "LR604", ("parameters", name), name=name)


def _no_owner(world: World, rules: list[Rule]) -> Found:
    for rule in rules:
        ownerless = any(form.role is None for form in rule.actions)
        if rule.within is not None and ownerless and rule.place:
            yield problem("LR605", rule.place, name=rule.id), rule.id


def _never(world: World, rules: list[Rule]) -> Found:
    from_no = (rule for rule in rules if getattr(rule.condition, "value", True) is False)
    for rule in from_no:
        yield problem("LR606", rule.place, name=rule.id), rule.id


def _dead_ends(world: World, rules: list[Rule]) -> Found:
    """States from which no final state can be reached."""
    for workflow, shape in world.shape.workflows.items():
        ends = {name for name, each in shape.states.items() if each.final}
        for name in shape.states:
            if not ends & _after(shape.states, name):
                path = ("workflows", workflow, "states", name)
                yield _at(world, "LR608", path, workflow=workflow, name=name)


def _unreached(world: World, rules: list[Rule]) -> Found:
    """States that no way from the beginning leads to."""
    for workflow, shape in world.shape.workflows.items():
        reached = _after(shape.states, _beginning(shape))
        for name in shape.states:
            if name not in reached:
                path = ("workflows", workflow, "states", name)
                yield _at(world, "LR609", path, workflow=workflow, name=name)


def _beginning(shape: WorkflowShape) -> str:
    """The state that no other names as its next; of several, that counted from the beginning."""
    states = shape.states
    named = {goal for name, each in states.items() for goal in each.next if goal != name}
    open_ = [name for name in states if name not in named] or list(states)
    counted = (name for name in open_ if states[name].since in (None, shape.begins))
    first = (name for name in open_ if states[name].since == shape.begins)
    return next(first, None) or next(counted, open_[0])


def _after(states: dict[str, StateShape], *begins: str) -> set[str]:
    """The states themselves and all that may follow them."""
    found, open_ = set[str](), list(begins)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += states[name].next
    return found


CHECKS: tuple[Callable[[World, list[Rule]], Found], ...] = (
    _left_out, _unused, _missing_texts, _examples, _no_source, _no_owner, _never,
    _dead_ends, _unreached,
)  # fmt: skip
