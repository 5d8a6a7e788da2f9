# SPDX-License-Identifier: Apache-2.0
"""Words that a policy probably does not mean: without a case, never given, always held, misspelt."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.expression import tree
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import Type
from loyaltyrules.policy.action_fields import fields_of
from loyaltyrules.policy.alike_signs import alike
from loyaltyrules.policy.found import Found, at
from loyaltyrules.policy.lowering.roles import forms_of, said
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import ActionForm, Hold, Label, Rule
from loyaltyrules.problem.problem import Problem, near_miss, problem

PRIORITIES = range(101)
KNOWN = {"kind": frozenset(KINDS), "channel": frozenset(CHANNELS)}


def without_case(world: World, rules: list[Rule]) -> Found:
    """Cases of a label that go by the words of a fact, and leave some of them out."""
    vocabularies = {label.words for label in world.labels.values()}
    for label in _labels(world):
        path = ("labels", label.name)
        nodes = _cases(world, label)
        left = [each for node in nodes for each in _without(node, vocabularies)]
        for fact, word in dict.fromkeys(left):
            yield at(world, "LR610", path, name=label.name, word=word, of=fact)


def _without(node: Node, vocabularies: set[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The words that cases name none of, each with its fact; none where there is a rest.

    Beside other facts only the words of a label must all be there: of another fact one may be enough.
    """
    tests = [*_tests(node)]
    asked = {*chain.from_iterable(tree.facts_in(test) for test in tests)}
    if tree.YES in tests:
        return
    for fact, words in _named(tests).items():
        if type_of(fact).words in vocabularies or asked == {fact.key}:
            yield from ((fact.key, word) for word in type_of(fact).words if word not in words)


def _labels(world: World) -> list[Label]:
    """The labels that are written; the state of a workflow is none of them."""
    return [label for name, label in world.labels.items() if name in world.shape.labels]


def _cases(world: World, label: Label) -> Iterator[Node]:
    """What the label's own cases come to, and those of its ways; a map is of cases too."""
    shape = world.shape.labels[label.name]
    facts = [label.computed] if shape.cases is not None else []
    by_words = {way for way, each in shape.ways.items() if each.cases or each.map}
    facts += [fact for way, fact in label.ways if way in by_words]
    for fact in facts:
        origin = world.derived[label.subject][fact].origin
        if isinstance(origin, tree.Case):
            yield origin


def _tests(node: Node) -> Iterator[Node]:
    """The conditions of cases, one of them inside of another where a label has an `if`."""
    if isinstance(node, tree.Case):
        inner = [value for _, value in node.rows if isinstance(value, tree.Case)]
        yield from (test for each in inner for test in _tests(each))
        yield from (test for test, value in node.rows if not isinstance(value, tree.Case))


def _named(tests: list[Node]) -> dict[tree.FactRef, set[str]]:
    """The facts that cases compare with single words, each with these; none that is compared otherwise."""
    found: dict[tree.FactRef, set[str]] = {}
    otherwise: set[str] = set()
    for part in (part for test in tests for part in tree.walk(test)):
        match part:
            case tree.Compare("=", tree.FactRef() as fact, tree.Literal(str(word))):
                found.setdefault(_bare(fact), set()).add(word)
            case tree.In(tree.FactRef() as fact, tree.ListOf(items)):
                words = {each.value for each in items if isinstance(each, tree.Literal)}
                found.setdefault(_bare(fact), set()).update(map(str, words))
            case tree.Compare() | tree.Not() | tree.Missing():
                otherwise |= {*tree.facts_in(part)}
    return {fact: words for fact, words in found.items() if fact.key not in otherwise}


def _bare(fact: tree.FactRef) -> tree.FactRef:
    return tree.FactRef(fact.name, fact.type, fact.event, fact.owner)


def never_given(world: World, rules: list[Rule]) -> Found:
    """Words of a label that it never comes to: neither by its cases nor by the way that decides."""
    for label in _labels(world):
        values = [*_values(world, label.subject, tree.FactRef(label.computed, Type("unknown")))]
        if not values or not all(isinstance(each, tree.Literal) for each in values):
            continue
        given = {each.value for each in values if isinstance(each, tree.Literal)}
        for word in (each for each in label.words if each not in given):
            yield at(world, "LR611", ("labels", label.name), name=label.name, word=word)


def _values(world: World, subject: str, node: object) -> Iterator[Node]:
    """What cases come to, and what the fact that they refer to comes to in turn."""
    known = world.derived[subject]
    if isinstance(node, tree.Case):
        yield from (each for _, value in node.rows for each in _values(world, subject, value))
    elif isinstance(node, tree.FactRef) and node.key in known:
        yield from _values(world, subject, known[node.key].origin)
    elif isinstance(node, Node):
        yield node


def always_held(world: World, rules: list[Rule]) -> Found:
    """Words whose actions a sieve of the gate holds, whoever the customer is; or their use in one rule."""
    used = [(form, rule) for rule in rules for form in forms_of(rule)]
    for sieve in (each for each in world.gate if isinstance(each, Hold)):
        held = {id(f): f for f, rule in used if _holds(world, sieve, f, rule)}
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
    for each in said(world, rules):
        known = {**world.shape.roles, **world.shape.channels, **dict.fromkeys(CHANNELS, "")}
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
