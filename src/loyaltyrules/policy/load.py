# SPDX-License-Identifier: Apache-2.0
"""load_policy: reader → shape → lowering → checks → policy. All faults are told at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from logging import INFO
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from loyaltyrules.expression.functions import FUNCTIONS, Function
from loyaltyrules.expression.resolve import WORDS
from loyaltyrules.fact.frozen import frozen
from loyaltyrules.fact.snapshot import Vocabulary
from loyaltyrules.host.day import zone_of
from loyaltyrules.host.log import LOG, tells
from loyaltyrules.policy.checks import doubts, waived_in
from loyaltyrules.policy.grounded import grounded
from loyaltyrules.policy.languages import refuse_languages
from loyaltyrules.policy.lowering.costs import lower_costs
from loyaltyrules.policy.lowering.facts import finish_facts, lower_facts, lower_subjects
from loyaltyrules.policy.lowering.gate import lower_gate
from loyaltyrules.policy.lowering.labels import declare_labels, lower_labels
from loyaltyrules.policy.lowering.moves import lower_moves
from loyaltyrules.policy.lowering.musts import check_musts
from loyaltyrules.policy.lowering.names import refuse_taken_names
from loyaltyrules.policy.lowering.occasions import lower_occasions
from loyaltyrules.policy.lowering.overrides import refuse_misspelt
from loyaltyrules.policy.lowering.parameters import day, lower_parameters
from loyaltyrules.policy.lowering.personal import refuse_personal
from loyaltyrules.policy.lowering.reference import lower_reference, refuse_rows
from loyaltyrules.policy.lowering.roles import refuse_nobody, refuse_unknown
from loyaltyrules.policy.lowering.rules import lower_rules
from loyaltyrules.policy.lowering.tables import lower_tables
from loyaltyrules.policy.lowering.taken_moments import refuse_taken_moments
from loyaltyrules.policy.lowering.templates import lower_names, lower_templates
from loyaltyrules.policy.lowering.was import refuse_was
from loyaltyrules.policy.lowering.windows import refuse_past
from loyaltyrules.policy.lowering.workflows import declare_workflows, lower_workflows
from loyaltyrules.policy.lowering.world import World, titles
from loyaltyrules.policy.model import ActionForm, Policy, Rule, action_key
from loyaltyrules.policy.needs import needs, ordered
from loyaltyrules.policy.order import needed_first
from loyaltyrules.policy.prove import prove
from loyaltyrules.policy.reader.files import limited, read_policy
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.shape import PolicyShape
from loyaltyrules.policy.shape_faults import shape_faults
from loyaltyrules.policy.sharing import shared
from loyaltyrules.policy.shipped import located
from loyaltyrules.policy.unread import unread_keys
from loyaltyrules.policy.variant import variant
from loyaltyrules.policy.written import Written
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, Problem, problem


@dataclass(frozen=True, slots=True)
class Plugins:
    """What users add to the language, by name.

    `functions` are functions of conditions, by names that the language has not; `words` are written
    as under `words` of a policy, and give way to the policy's own; `dates` say the days of an
    occasion in a year, by its id, in place of the rule in the policy: so a calendar of one's own is
    passed in.
    """

    functions: Mapping[str, Function] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dates: Mapping[str, Callable[[int], Iterable[date]]] = field(default_factory=dict)


def load_policy(
    path: str | FilePath, *, plugins: Plugins | None = None, root: str | FilePath | None = None
) -> Policy:
    """Load the policy in a file, or in the folder around `policy.yaml`.

    Args:
        path: The file or folder; where there is none, the name of a policy that is shipped with the
            library, such as `menswear`.
        plugins: Functions, words and dates of occasions beside the built-in ones.
        root: A folder that `include` and `extends` may reach, besides the one that holds the
            policy's own folder.

    Raises:
        PolicyError: anything is faulty; `.problems` has every fault with its place and remedy,
            and nothing is loaded.
    """
    policy = lower(read_policy(located(path), root), plugins or Plugins())
    if tells(INFO):
        details = policy.name, policy.version, policy.fingerprint, len(policy.rules)
        LOG.info("loaded policy %s, version %s, fingerprint %s, %d rules", *details)
    return policy


def lower(document: Document, plugins: Plugins) -> Policy:
    """The policy that a document says."""
    try:
        shape = PolicyShape.model_validate(_with_words(document.data, plugins))
    except ValidationError as error:
        raise PolicyError(limited(shape_faults(error, document))) from error
    world = World(shape, document, {**plugins.functions, **FUNCTIONS}, plugins.dates)
    _refuse_taken(world, plugins)
    rules = _lower_sections(world)
    gate = world.gate = lower_gate(world)
    costs = lower_costs(world, rules)
    refuse_personal(world, rules, gate)
    refuse_unknown(world, rules)
    refuse_nobody(world, rules)
    refuse_misspelt(world)
    refuse_taken_moments(world)
    refuse_was(world, rules)
    refuse_languages(world)
    templates, blocks = lower_templates(world)
    force = _in_force(world)
    check_musts(world, force)
    refuse_past(world, force)
    refuse_rows(world)
    derived = ordered(world.derived, partial(_circle, world))
    zone = _zone(world)
    _refuse_twice(world, rules)
    world.faults += [*world.figures.faults(world.parameters), *unread_keys(shape, document)]
    if world.faults:
        raise PolicyError(limited(world.faults))
    derived = shared(derived)
    return Policy(
        shape.policy, shape.version, shape.timezone, titles(shape.title, shape.language), force,
        Vocabulary(frozen(world.subjects), frozen(world.given), zone), frozen(world.parameters),
        frozen({each.id: each for each in world.occasions.values()}), frozen(derived),
        tuple(world.labels.values()), tuple(rules), gate, frozen(templates), frozen(blocks),
        frozen(lower_names(world)), frozen(world.tables),
        grounded(world, rules), costs,
        frozen(world.functions), doubts(world, rules), prove, waived_in(world),
        Written(document, plugins, tuple(dict.fromkeys(world.relations)), lower), variant,
    )  # fmt: skip


def _refuse_taken(world: World, plugins: Plugins) -> None:
    """A name means one thing: a function of a plug-in has none that the language has already."""
    for name in plugins.functions:
        if name in WORDS:
            world.faults.append(problem("LR251", None, name=name))


def _with_words(data: dict[str, Any], plugins: Plugins) -> dict[str, Any]:
    """The document with the words of plug-ins, which give way to its own."""
    own = data.get("words", {})
    return data | {"words": {**plugins.words, **own}} if isinstance(own, dict) else data


def _lower_sections(world: World) -> list[Rule]:
    """Every section, those first that others refer to."""
    for step in (
        lower_subjects, lower_parameters, declare_labels, declare_workflows, lower_facts,
        refuse_taken_names, lower_reference, lower_occasions, lower_labels,
    ):  # fmt: skip
        step(world)
    steps: tuple[Callable[[World], list[Rule]], ...] = (
        lower_moves, lower_tables, lower_rules, lower_workflows,
    )  # fmt: skip
    rules = [rule for step in steps for rule in step(world)]
    finish_facts(world)
    return rules


def _circle(world: World, key: tuple[str, str]) -> None:
    """A fact that needs itself, be it through what is counted of other records; each circle is told once."""
    around = needed_first([key], lambda each: needs(world.derived, each))
    if world.circling.isdisjoint(around):
        world.circling.add(key)
        place = world.derived[key[0]][key[1]].place
        path = next((path for path, at in world.document.keys.items() if at == place), ())
        world.fault("LR212", path, key=True, name=key[1])


def _in_force(world: World) -> tuple[date | None, date | None]:
    shape: Any = world.shape.in_force
    since = day(world, ("in_force", "from"), shape.from_) if shape.from_ else None
    until = day(world, ("in_force", "to"), shape.to) if shape.to else None
    return since, until


def _zone(world: World) -> ZoneInfo:
    zone = zone_of(world.shape.timezone)
    if zone is None:
        world.fault("LR138", ("timezone",), found=world.shape.timezone)
    return zone or ZoneInfo("UTC")


def _refuse_twice(world: World, rules: list[Rule]) -> None:
    """A rule's id is its stable name: no two rules have the same."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            path = next((path for path, at in world.document.keys.items() if at == rule.place), ())
            world.fault("LR139", path, key=True, name=rule.id)
        seen.add(rule.id)
    _refuse_same(world, rules)


def _refuse_same(world: World, rules: list[Rule]) -> None:
    """No rule does the same twice; told once where it is written, however many rules a cell makes."""
    told: dict[Place | None, Problem] = {}
    for rule in rules:
        first: dict[str, ActionForm] = {}
        for form in rule.actions:
            other = first.setdefault(action_key(form), form)
            if other is not form:
                place = world.place_of(form) or rule.place
                key = f"{other.word}, {form.word} ({action_key(form)})"
                told.setdefault(place, problem("LR236", place, name=rule.id, key=key))
    world.faults += told.values()
