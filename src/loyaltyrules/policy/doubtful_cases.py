# SPDX-License-Identifier: Apache-2.0
"""Words of labels that have no case, and words that a label never comes to."""

from collections.abc import Iterator
from itertools import chain

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.expression.types import Type
from loyaltyrules.policy.found import Found, at
from loyaltyrules.policy.lowering.world import World
from loyaltyrules.policy.model import Label, Rule


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
