# SPDX-License-Identifier: Apache-2.0
"""Labels under other figures: what does not depend on them is derived once, and only words are counted."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.expression import tree
from loyaltyrules.expression.buckets import buckets_of
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.tree import Node
from loyaltyrules.frame.decide import Part, among_themselves, settled
from loyaltyrules.frame.facts.derive_columns import Tables
from loyaltyrules.frame.keys.by_signature import keyed
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Aggregate, Derived, Label, Policy, Rank
from loyaltyrules.simulation.base.figures import differing
from loyaltyrules.simulation.base.ordered import UNKNOWN

Fact: TypeAlias = tuple[str, str]  # the kind of record and the name of its fact
WORD = "__word"


@dataclass(frozen=True, eq=False)
class Tried:
    """The records of a what-if with all that the policy derives as it is.

    The customers are the population.
    """

    opened: Part
    given: Mapping[str, Any]

    @classmethod
    def on(cls, plan: DayPlan, given: Mapping[str, Any]) -> "Tried":
        """Read tables by subject.

        Raises:
            FrameError: a table as a whole cannot be read.
        """
        return cls(Part.opened(plan, given), given)

    @cached_property
    def known(self) -> tuple[Part, Tables]:
        return settled(among_themselves(self.opened))

    def counts(self, plan: DayPlan, label: str) -> dict[str, int]:
        """How many records have each word of a label under a policy with other figures."""
        policy = plan.policy
        found = next(each for each in policy.labels if each.name == label)
        node = self._written_out(plan, found)
        part, tables = self.known
        if node is None:
            part, tables = settled(among_themselves(self._opened_by(plan)))
            node = fact_of(policy, found)
        table = tables.by_subject[found.subject]
        decide = evaluator(node, policy.functions)
        rows = keyed(buckets_of([node]), decide, table.frame, table.columns, part.kind)
        words = rows.spread({WORD: rows.outcomes}, {WORD: nw.String})
        counted = words.group_by(WORD).agg(nw.len().alias("n")).select(WORD, "n").iter_rows()
        numbers = {word or UNKNOWN: int(n) for word, n in counted}
        return {word: numbers.get(word, 0) for word in (*found.words, UNKNOWN)}

    def _opened_by(self, plan: DayPlan) -> Part:
        """The tables as another policy reads them."""
        if self.opened.plan.policy.vocabulary == plan.policy.vocabulary:
            return replace(self.opened, plan=plan)
        return Part.opened(plan, self.given)

    def _written_out(self, plan: DayPlan, label: Label) -> Node | None:
        """The label as an expression over what is known; None where it reads what the change makes other:
        a ranking or a sum that goes by the figures, or other rules."""
        policy = plan.policy
        if self.opened.plan.policy.derived != policy.derived:
            return None
        changed = {each.name for each in differing(self.opened.plan.policy, policy)}
        moved = affected(policy, changed)
        node = written_over(policy, label.subject, moved, fact_of(policy, label))
        node = Folding(policy, plan.on, plan.tables).folded(node, label.subject)
        read = {(each.owner or label.subject, each.name) for each in tree.references_in(node)}
        return None if read & moved else node


def written_over(policy: Policy, subject: str, moved: Set[Fact], node: Node) -> Node:
    """An expression in which facts that go by the figures are written out, where they can be."""

    def change(part: Node) -> Node:
        if not isinstance(part, tree.FactRef):
            return tree.rebuilt(part, change)
        if part.owner or (subject, part.name) not in moved:
            return part
        origin = policy.derived[subject][part.name].origin
        return part if isinstance(origin, Aggregate | Rank) else change(origin)

    return change(node)


def fact_of(policy: Policy, label: Label) -> tree.FactRef:
    """The fact that a label computes."""
    return tree.FactRef(label.computed, policy.derived[label.subject][label.computed].type)


def affected(policy: Policy, figures: Set[str]) -> frozenset[Fact]:
    """The derived facts that go by some of the figures, themselves or through others."""
    reads = {
        (subject, name): _read(policy, subject, each)
        for subject, own in policy.derived.items()
        for name, each in own.items()
    }
    found = {fact for fact, (names, _) in reads.items() if names & figures}
    while True:
        more = {fact for fact, (_, facts) in reads.items() if fact not in found and facts & found}
        if not more:
            return frozenset(found)
        found |= more


def _read(policy: Policy, subject: str, each: Derived) -> tuple[frozenset[str], frozenset[Fact]]:
    """The figures and the facts that a derived fact is worked out from."""
    nodes, whose = each.nodes, subject
    if isinstance(counted := each.origin, Aggregate):
        nodes, whose = counted.nodes, counted.over
    figures = frozenset[str]().union(*map(tree.symbols_in, nodes))
    facts = ((e.owner or whose, e.name) for node in nodes for e in tree.references_in(node))
    return figures, frozenset(facts)
