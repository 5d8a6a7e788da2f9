# SPDX-License-Identifier: Apache-2.0
"""Words that a policy probably does not mean: always held, misspelt, or facts in the place of names."""

from collections import Counter
from itertools import chain

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.policy.action_fields import fields_of
from loyaltyrules.policy.alike_signs import alike
from loyaltyrules.policy.found import Found
from loyaltyrules.policy.lowering.roles import forms_of, said
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ActionForm, Hold, Rule
from loyaltyrules.problem.problem import Problem, near_miss, problem

PRIORITIES = range(101)
KNOWN = {"kind": frozenset(KINDS), "channel": frozenset(CHANNELS)}


def always_held(world: World, rules: list[Rule]) -> Found:
    """Words whose actions a sieve of the gate holds, whoever the customer is; or their use in one rule."""
    used = [(form, rule) for rule in rules for form in forms_of(rule)]
    for sieve in (each for each in world.gate if isinstance(each, Hold)):
        all_held = {id(f): f for f, rule in used if _holds(world, sieve, f, rule)}
        ways = {(f.word, rule.id) for f, rule in used if f.prefers and id(f) not in all_held}
        held = {id(f) for f, rule in used if id(f) in all_held and (f.word, rule.id) not in ways}
        passing = {form.word for form, _ in used if id(form) not in held}
        told = set[tuple[str, str]]()
        for form, rule in used:
            whole = form.word not in passing
            key = form.word, "" if whole else rule.id
            if id(form) in held and key not in told:
                told.add(key)
                yield _held(world, sieve, form, rule, whole)


def _holds(world: World, sieve: Hold, form: ActionForm, rule: Rule) -> bool:
    return fold(sieve.which, fields_of(form, rule.id), world.functions) == tree.YES


def _held(
    world: World, sieve: Hold, form: ActionForm, rule: Rule, whole: bool
) -> tuple[Problem, str]:
    """What is told at the word where it never acts, else where it is used in vain."""
    written = world.document.keys.get(("words", form.word)) if whole else None
    place = written or world.place_of(form) or rule.place
    details = {"name": form.word, "sieve": sieve.id, "rule": rule.id}
    if whole:
        return problem("LR612", place, **details), f"words.{form.word}"
    return problem("LR623", place, **details), rule.id


def near_misses(world: World, rules: list[Rule]) -> Found:
    """A role, channel, purpose or kind that is close to another one of the policy, or to a known one."""
    listed = said(world, rules)
    counts = Counter((each.field, each.word) for each in listed)
    first = {(each.field, each.word): each for each in reversed(listed)}
    order = {key: place for place, key in enumerate(dict.fromkeys(e[:2] for e in listed))}
    for (field, word), each in first.items():
        known = KNOWN.get(field, frozenset[str]()) | {*world.shape.names}
        if word in known:
            continue
        mine = (-counts[field, word], order[field, word])
        better = {w for (f, w), n in counts.items() if f == field and (-n, order[f, w]) < mine}
        near = _near(word, sorted(known | better))
        if near:
            name = f"{field}.{word}"
            yield problem("LR615", each.place, name=word, near=near, at=name), name


def _near(word: str, others: list[str]) -> str:
    """The one that is close by its own name: families such as `report.` say nothing."""
    family, dot, own = word.rpartition(".")
    others_of_it = {each.rpartition(".")[2] for each in others if each.rpartition(".")[0] == family}
    near = near_miss(own, sorted(others_of_it)) or alike(own, sorted(others_of_it))
    return near and f"{family}{dot}{near}"


def facts_as_names(world: World, rules: list[Rule]) -> Found:
    """A fact where a role or a channel is named: it is not read, people or ways of that name are meant."""
    facts = {*chain(*world.given.values(), *world.derived.values())}
    known = {*world.shape.roles, *world.shape.channels, *CHANNELS}
    first = {each[:2]: each for each in reversed(said(world, rules))}
    for each in reversed(first.values()):
        if each.field in ("role", "channel") and each.word in facts and each.word not in known:
            name = f"{each.field}.{each.word}"
            yield problem("LR619", each.place, name=each.word, field=each.field, at=name), name


def odd_priorities(world: World, rules: list[Rule]) -> Found:
    """A priority beyond those that are in use."""
    for rule in rules:
        for form in forms_of(rule):
            if form.priority not in PRIORITIES:
                place = world.place_of(form) or rule.place
                yield problem("LR624", place, found=form.priority, name=form.word), rule.id
