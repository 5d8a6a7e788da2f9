# SPDX-License-Identifier: Apache-2.0
"""Doubtful places: what a policy may say, but probably does not mean. Each may be waived."""

import re
from collections.abc import Callable, Iterable

from loyaltyrules.policy.doubtful_cases import never_given, without_case
from loyaltyrules.policy.doubtful_figures import misspelt_items, odd_figures
from loyaltyrules.policy.doubtful_gate import no_way_out, untold_before
from loyaltyrules.policy.doubtful_places import places_in_vain, unseen_ahead
from loyaltyrules.policy.doubtful_texts import in_quotes, like_placeholders
from loyaltyrules.policy.doubtful_words import (
    always_held,
    facts_as_names,
    near_misses,
    odd_priorities,
)
from loyaltyrules.policy.found import Found, at, kept
from loyaltyrules.policy.gate_words import asked_in_vain
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Rule, Waived
from loyaltyrules.policy.shape import StateShape, WorkflowShape
from loyaltyrules.policy.unused import unused
from loyaltyrules.problem.problem import Problem, problem

RARE = (  # a way of saying a day, days that some years lack, and what is mostly meant
    ("solar", r"0?2[-/]29", "solar: 02-28"),
    ("lunar", r"12[-/]30", "year_end: lunar"),
    ("lunar", r"(\d+)[-/]30", r"lunar: \1/29"),
    ("nth", r"(?i)fifth (\w+ of \w+)", r"nth: last \1"),
)


def doubts(world: World, rules: Iterable[Rule]) -> tuple[Problem, ...]:
    """All doubtful places of a policy without fault, but for those it waives with a reason."""
    listed = list(rules)
    found = [each for check in CHECKS for each in check(world, listed)]
    return kept(found, waived_in(world))


def waived_in(world: World) -> Waived:
    """The doubtful places that the policy says are meant so."""
    return frozenset((each.code, each.at) for each in world.shape.waivers)


def _left_out(world: World, rules: list[Rule]) -> Found:
    for file in world.document.beside:
        yield problem("LR607", None, file=file), file


def _missing_texts(world: World, rules: list[Rule]) -> Found:
    for name, template in world.shape.templates.items():
        if template.missing:
            yield at(world, "LR602", ("templates", name), name=name, why=template.missing)


def _examples(world: World, rules: list[Rule]) -> Found:
    for name, parameter in world.parameters.items():
        if parameter.grounds.origin == "example":
            yield at(world, "LR603", ("parameters", name), name=name)


def _no_source(world: World, rules: list[Rule]) -> Found:
    for name, parameter in world.parameters.items():
        if parameter.grounds.origin == "source" and not parameter.grounds.source:
            yield at(world, "LR604", ("parameters", name), name=name)


def _no_owner(world: World, rules: list[Rule]) -> Found:
    for rule in rules:
        ownerless = any(form.role is None for form in rule.actions)
        deadline = rule.within is not None or rule.by is not None
        if deadline and ownerless and rule.place:
            yield problem("LR605", rule.place, name=rule.id), rule.id


def _dead_ends(world: World, rules: list[Rule]) -> Found:
    """States from which no final state can be reached."""
    for workflow, shape in world.shape.workflows.items():
        ends = {name for name, each in shape.states.items() if each.final}
        for name in shape.states:
            if not ends & _after(shape.states, name):
                path = ("workflows", workflow, "states", name)
                yield at(world, "LR608", path, workflow=workflow, name=name)


def _unreached(world: World, rules: list[Rule]) -> Found:
    """States that no way from the beginning leads to."""
    for workflow, shape in world.shape.workflows.items():
        reached = _after(shape.states, _beginning(shape))
        for name in shape.states:
            if name not in reached:
                path = ("workflows", workflow, "states", name)
                yield at(world, "LR609", path, workflow=workflow, name=name)


def _not_every_year(world: World, rules: list[Rule]) -> Found:
    """Days that some years do not have."""
    for name, shape in world.shape.occasions.items():
        for way, days, instead in RARE:
            text = (getattr(shape, way) or "").strip()
            if match := re.fullmatch(days, text):
                near, path = match.expand(instead), ("occasions", name)
                yield at(world, "LR613", path, name=name, found=f"{way}: {text}", near=near)
                break


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
    _left_out, unused, _missing_texts, _examples, _no_source, _no_owner,
    _dead_ends, _unreached, _not_every_year, in_quotes, like_placeholders, without_case, never_given,
    always_held, near_misses, facts_as_names, odd_priorities,
    odd_figures, misspelt_items, asked_in_vain, places_in_vain, unseen_ahead, untold_before, no_way_out,
)  # fmt: skip
