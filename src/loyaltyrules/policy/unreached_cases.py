# SPDX-License-Identifier: Apache-2.0
"""Cases and bands that never come to their word, because those above them take every record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of, type_of
from loyaltyrules.policy.contradictions import Figures, never
from loyaltyrules.policy.model import Derived, Policy
from loyaltyrules.problem.problem import Problem, problem


def unreached(policy: Policy, figures: Figures) -> Iterator[tuple[Problem, str]]:
    """The words of labels and the states of workflows that are never reached where they stand (LR617)."""
    for label in policy.labels:
        known = policy.derived.get(label.subject, {})
        for fact in dict.fromkeys((label.computed, *(fact for _, fact in label.ways))):
            if fact in known:
                yield from _of(known[fact], figures)
            if score := known.get(f"{fact}.score"):
                yield from _of_marks(score, figures)


def _of_marks(score: Derived, figures: Figures) -> Iterator[tuple[Problem, str]]:
    """The marks of each factor of a score, which are cases too."""
    for part in score.origin.arguments if isinstance(score.origin, tree.Call) else ():
        if isinstance(part, tree.Case) and (asked := tree.facts_in(part)):
            yield from _of(replace(score, name=f"{score.name}.{asked[0]}", origin=part), figures)


def _of(fact: Derived, figures: Figures) -> Iterator[tuple[Problem, str]]:
    rows = [*_rows(fact.origin, tree.YES)] if isinstance(fact.origin, Node) else []
    free = _measured(test for test, _ in rows)
    told = set[object]()
    for test, word in rows:
        if word not in told and never(_freed(test, free), figures):
            told.add(word)
            yield problem("LR617", fact.place, name=fact.name, word=word), f"{fact.name}.{word}"


def _rows(node: Node, above: Node) -> Iterator[tuple[Node, object]]:
    """Each word with all that must hold for it: its own case, and none of those above it."""
    if isinstance(node, tree.Case):
        for test, value in node.rows:
            yield from _rows(value, all_of(above, test))
            above = all_of(above, tree.NO if test == tree.YES else tree.Not(test))
    elif isinstance(node, tree.Literal):
        yield above, node.value


def _measured(tests: Iterable[Node]) -> set[Node]:
    """Computed values that several cases measure, such as a score; each may have any value."""
    compared = (
        part for test in tests for part in tree.walk(test) if isinstance(part, tree.Compare)
    )
    counts = Counter(each.left for each in compared)
    return {node for node, many in counts.items() if many > 1 and not _plain(node)}


def _plain(node: Node) -> bool:
    return isinstance(node, tree.FactRef | tree.Literal | tree.Symbol)


def _freed(node: Node, free: set[Node]) -> Node:
    """A condition with a fact of its own in the place of each computed value."""
    if node in free:
        return tree.FactRef(f"?{hash(node)}", type_of(node))
    return tree.rebuilt(node, lambda part: _freed(part, free))
