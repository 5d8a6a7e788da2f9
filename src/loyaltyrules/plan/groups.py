# SPDX-License-Identifier: Apache-2.0
"""Groups of rules that are decided together, each a stage of its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import Bucket, Identity, RowPredicate, buckets_of, facts_of
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.day import Fired, Instance
from loyaltyrules.plan.folding import AS_OF
from loyaltyrules.plan.index import index_of
from loyaltyrules.plan.memo import Memo, memo
from loyaltyrules.policy.model import Policy

Lacks: TypeAlias = Callable[[Facts], tuple[str, ...]]


class Group(NamedTuple):
    """Rules that are decided together, and the memo of which of them act."""

    members: tuple[Instance, ...]
    memo: Memo[Fired]


def groups(policy: Policy, subject: str, instances: tuple[Instance, ...]) -> Iterator[Group]:
    """Rules that share a fact of many values are decided together, and so are all without one."""
    owner: dict[str, str] = {}  # fact → a fact that stands for its group

    def root(fact: str) -> str:
        while owner.setdefault(fact, fact) != fact:
            owner[fact] = owner[owner[fact]]
            fact = owner[fact]
        return fact

    large = [_large_facts(instance) or ("",) for instance in instances]
    for facts in large:
        for fact in facts[1:]:
            owner[root(fact)] = root(facts[0])
    members: dict[str, list[Instance]] = {}
    for instance, facts in zip(instances, large, strict=True):
        members.setdefault(root(facts[0]), []).append(instance)
    for each in members.values():
        yield Group(tuple(each), _group(policy, subject, tuple(each)))


def _group(policy: Policy, subject: str, members: tuple[Instance, ...]) -> Memo[Fired]:
    conditions = [member.condition for member in members]
    index = index_of(conditions)
    lacks: dict[int, Lacks] = {}

    def decide(facts: Facts) -> Fired:
        acting, undecided = [], []
        for place in index.possible(facts):
            member = members[place]
            holds = member.test(facts)
            if holds is True:
                acting.append(member)
            elif holds is None:
                if place not in lacks:
                    lacks[place] = unknown_facts(member.condition, policy.functions)
                undecided.append((member.rule.id, lacks[place](facts)))
        return Fired(tuple(acting), tuple(undecided))

    name = f"rules of {subject}: {members[0].rule.id}"
    told = [*conditions, *lacks_of(conditions)]
    return memo(name, buckets_of(told), decide, policy.functions)


def _large_facts(instance: Instance) -> tuple[str, ...]:
    """The facts of many values that a rule asks of."""
    buckets = buckets_of([instance.condition])
    return tuple(fact for bucket in buckets if not small(bucket) for fact in facts_of(bucket))


def small(bucket: Bucket) -> bool:
    """True of a bucket that rules may share without being decided together."""
    return isinstance(bucket, Identity) and bucket.type.finite


def unknown_facts(node: Node, functions: Mapping[str, Function]) -> Lacks:
    """Finds the facts whose being unknown leaves a condition open, however deep they stand in it."""
    read = evaluator(node, functions)
    if isinstance(node, tree.FactRef):
        own = (node.key.partition(AS_OF)[0],)
        return lambda facts: own if read(facts) is None else ()
    below = [unknown_facts(child, functions) for child in tree.children(node)]

    def unknown(facts: Facts) -> tuple[str, ...]:
        if read(facts) is not None:
            return ()
        return tuple(dict.fromkeys(name for find in below for name in find(facts)))

    return unknown


def lacks_of(conditions: Iterable[Node]) -> list[Node]:
    """Which facts of a comparison between facts are missing: undecided rules name them."""
    buckets = buckets_of(conditions)
    compared = (bucket.node for bucket in buckets if isinstance(bucket, RowPredicate))
    facts = (part for node in compared for part in tree.walk(node))
    return [tree.Missing(f) for f in facts if isinstance(f, tree.FactRef) and not f.event]
