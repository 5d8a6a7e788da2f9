# SPDX-License-Identifier: Apache-2.0
"""The derived facts of a kind of record on one day, each with what computes it."""

from typing import Any

from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluated_later, evaluator
from loyaltyrules.expression.tree import Node, references_in, type_of
from loyaltyrules.plan.day import Counting, Deriving
from loyaltyrules.plan.folding import Folding, plain
from loyaltyrules.plan.memo import Memo, memo
from loyaltyrules.plan.population import Ranking, RankingNodes
from loyaltyrules.policy.model import Aggregate, Derived, Rank


def derivings(folding: Folding, subject: str) -> tuple[Deriving, ...]:
    """Everything derived of a kind of record, each after what it reads; plain ones are written out."""
    found = folding.policy.derived.get(subject, {}).values()
    return tuple(_deriving(folding, subject, each) for each in found if not plain(each))


def _deriving(folding: Folding, subject: str, derived: Derived) -> Deriving:
    of_parent = _reads_parent(folding, subject, derived)
    match derived.origin:
        case Aggregate():
            return Deriving(derived.name, counting=_counting(folding, derived.name, derived.origin))
        case Rank():
            ranking = _ranking(folding, subject, derived.origin)
            return Deriving(derived.name, ranking=ranking, of_parent=of_parent)
    node = folding.folded(derived.origin, subject)
    folding.require_figures(node)
    decide = evaluated_later(node, folding.policy.functions)
    made: Memo[Any] = memo(derived.name, buckets_of([node]), decide, folding.policy.functions)
    return Deriving(derived.name, node=node, memo=made, of_parent=of_parent)


def _counting(folding: Folding, name: str, aggregate: Aggregate) -> Counting:
    functions, over = folding.policy.functions, aggregate.over
    test = folding.folded(aggregate.where, over)
    folding.require_figures(test)
    node = None if aggregate.value is None else folding.folded(aggregate.value, over)
    read = None if node is None else evaluated_later(node, functions)
    order = tuple(_ordinal(folding, each, over) for each in aggregate.order)
    take = folding.evaluated(aggregate.take, over)({}) if aggregate.take is not None else None
    return Counting(
        name, AGGREGATES[aggregate.function], over, node, test, read, evaluated_later(test, functions),
        aggregate.default, order, take,
    )  # fmt: skip


def _ordinal(folding: Folding, node: Node, subject: str) -> Evaluated:
    """What children are put in order by: words best first, the rest from the lowest."""
    read, words = folding.evaluated(node, subject), type_of(node).words

    def place(facts: Facts) -> Any:
        value = read(facts)
        return words.index(value) if words and value is not None else value

    return place


def _reads_parent(folding: Folding, subject: str, derived: Derived) -> bool:
    """True when a fact waits for the parent's own derived facts."""
    if not isinstance(derived.origin, Aggregate | Rank):
        node = folding.folded(derived.origin, subject)
        for each in references_in(node):
            known = folding.policy.derived.get(each.owner or subject, {}).get(each.name)
            if known and each.owner:
                return True
            if known and known is not derived and _reads_parent(folding, subject, known):
                return True
    return False


def _ranking(folding: Folding, subject: str, standing: Rank) -> Ranking:
    def of(node: Node | None) -> Node | None:
        return folding.folded(node, subject) if node is not None else None

    def read(node: Node | None) -> Evaluated | None:
        return None if node is None else evaluator(node, folding.policy.functions)

    nodes = RankingNodes(
        tuple(folding.folded(each, subject) for each in standing.order),
        of(standing.within),
        folding.folded(standing.where, subject), of(standing.share), of(standing.smallest),
    )  # fmt: skip
    for node in (nodes.where, nodes.share, nodes.smallest):
        folding.require_figures(node or nodes.where)
    functions = folding.policy.functions
    return Ranking(
        standing.function, tuple(evaluator(node, functions) for node in nodes.order),
        read(nodes.within), evaluator(nodes.where, functions), read(nodes.share), standing.parts,
        read(nodes.smallest), nodes, standing.ties,
    )  # fmt: skip
