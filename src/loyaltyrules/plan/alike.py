# SPDX-License-Identifier: Apache-2.0
"""What the days of a policy ask alike: a day goes on with what was remembered of it on another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.day import Deriving, Fired, Instance
from loyaltyrules.plan.groups import Group
from loyaltyrules.plan.lookups import Made
from loyaltyrules.plan.memo import Memo
from loyaltyrules.plan.memory import Memory
from loyaltyrules.policy.model import Sieve

Sieves = tuple[tuple[Sieve, Node], ...]


@dataclass(slots=True)
class Alike:
    """The derived facts, look-ups, groups of rules and gate of the day that was compiled last, and the
    stages of facts, which are those of the policy.

    Facts that are derived alike share one memo. Groups of rules with the same conditions share what
    these come to; which actions that means goes by the day. Gates that ask the same share a memory.
    """

    derived: dict[tuple[str, str], Deriving] = field(default_factory=dict)
    grouped: dict[str, dict[tuple[Node, ...], Group]] = field(default_factory=dict)
    lookups: Made = field(default_factory=Made)
    stages: Mapping[tuple[str, str], int] | None = None
    sieves: Sieves = ()
    memory: Memory = field(default_factory=Memory)

    def derivings(self, subject: str, own: Iterable[Deriving]) -> tuple[Deriving, ...]:
        """The same derived facts, each as it was before where it is derived alike."""
        return tuple(self._deriving(subject, each) for each in own)

    def _deriving(self, subject: str, each: Deriving) -> Deriving:
        if each.node is None:
            return each
        known = self.derived.get((subject, each.name))
        if known is not None and replace(each, memo=known.memo) == known:
            return known
        self.derived[subject, each.name] = each
        return each

    def groups(self, subject: str, own: Iterable[Group]) -> tuple[Memo[Fired], ...]:
        """The memos of groups of rules."""
        before, found = self.grouped.get(subject, {}), dict[tuple[Node, ...], Group]()
        memos = []
        for each in own:
            key = tuple(member.condition for member in each.members)
            first = found[key] = before.get(key, each)
            memos.append(each.memo if first is each else _gone_on(first, each))
        self.grouped[subject] = found
        return tuple(memos)

    def gate(self, sieves: Sieves) -> Memory:
        """What is remembered of sieves that ask the same."""
        if sieves != self.sieves:
            self.sieves, self.memory = sieves, Memory()
        return self.memory


def _gone_on(first: Group, own: Group) -> Memo[Fired]:
    """The memo of a group of rules with the conditions of another: that says which of them hold."""
    mine = dict(zip(map(id, first.members), own.members, strict=True))
    known: dict[int, tuple[Fired, Fired]] = {}

    def decide(facts: Facts) -> Fired:
        there = first.memo.of(facts)
        if id(there) not in known:
            acting: tuple[Instance, ...] = tuple(mine[id(each)] for each in there.acting)
            known[id(there)] = there, Fired(acting, there.undecided)
        return known[id(there)][1]

    return replace(own.memo, decide=decide)
