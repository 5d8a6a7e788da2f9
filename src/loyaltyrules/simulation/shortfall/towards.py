# SPDX-License-Identifier: Apache-2.0
"""What must hold for a record to have a word of a label, and what of it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeAlias

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.tree import Node, type_of
from loyaltyrules.plan.folding import Folding
from loyaltyrules.policy.model import Aggregate, Derived, Label, Policy, Rank, Rule


class Lack(NamedTuple):
    """A single condition that does not come out as it should; `value` is None where a fact is missing."""

    node: Node
    wanted: bool
    value: bool | None


Lacks: TypeAlias = tuple[Lack, ...]


def condition_of(policy: Policy, subject: str, node: Node, word: str) -> Node:
    """When an expression of words comes to a word."""
    match node:
        case tree.Literal(value):
            return tree.YES if value == word else tree.NO
        case tree.Case(rows):
            return _of_rows(policy, subject, rows, word)
        case tree.FactRef() if (origin := _origin(policy, subject, node)) is not None:
            return condition_of(policy, subject, origin, word)
    return tree.Compare("=", node, tree.Literal(word, type_of(node)))


def _of_rows(policy: Policy, subject: str, rows: Iterable[tuple[Node, Node]], word: str) -> Node:
    """One of the rows with the word holds, and none above that has another."""
    above, found = list[Node](), list[Node]()
    for test, value in rows:
        its = condition_of(policy, subject, value, word)
        if its != tree.NO:
            found.append(tree.all_of(*above, test, its))
        if its != tree.YES:
            above.append(tree.Not(test))
    if tree.YES in found or not found:
        return tree.YES if found else tree.NO
    return found[0] if len(found) == 1 else tree.Or(tuple(found))


def _origin(policy: Policy, subject: str, node: tree.FactRef) -> Node | None:
    """The expression of a derived fact of the record itself."""
    derived = None if node.owner else policy.derived.get(subject, {}).get(node.name)
    origin = derived.origin if derived else None
    return None if isinstance(origin, Aggregate | Rank) else origin


@dataclass(frozen=True, eq=False)
class Asking:
    """Conditions about records of one kind, asked of one record on the day of a plan."""

    policy: Policy
    subject: str
    folding: Folding
    facts: Facts

    def then(self, day: date, facts: Facts) -> "Asking":
        """The same on another day, with the facts of that day."""
        folding = Folding(self.policy, day, self.folding.lookups.tables)
        return replace(self, folding=folding, facts=facts)

    def of(self, node: Node, wanted: bool = True) -> Lacks:
        """The fewest conditions that would have to come out otherwise; none where it is as wanted."""
        if self.value(node) is wanted:
            return ()
        match node:
            case tree.Not(item):
                return self.of(item, not wanted)
            case tree.And(items) | tree.Or(items):
                parts = [self.of(each, wanted) for each in items]
                if isinstance(node, tree.And) is wanted:
                    return tuple(dict.fromkeys(each for part in parts for each in part))
                return min(parts, key=len)
            case tree.FactRef() if self._untitled(node) is not None:
                return self.of(self._untitled(node) or node, wanted)
        return (Lack(node, wanted, self.value(node)),)

    def value(self, node: Node) -> bool | None:
        """What a condition comes to."""
        found = self.evaluated(node)
        return found if found is None else bool(found)

    def evaluated(self, node: Node) -> object:
        """What any expression comes to; unknown where it reads a figure that is not there."""
        whole = self.folded(node)
        if tree.symbols_in(whole):
            return None
        return evaluator(whole, self.policy.functions)(self.facts)

    def folded(self, node: Node) -> Node:
        return self.folding.folded(node, self.subject)

    def _untitled(self, node: tree.FactRef) -> Node | None:
        """The expression of a derived fact that nobody has given a name."""
        derived: Derived | None = self.policy.derived.get(self.subject, {}).get(node.name)
        return (
            None if derived is None or derived.titles else _origin(self.policy, self.subject, node)
        )

    def supposing(self, facts: Mapping[str, object]) -> "Asking":
        """The same for the record with some facts as they might be."""
        return replace(self, facts={**self.facts, **facts})


def moves_of(policy: Policy, label: Label) -> tuple[Rule, ...]:
    """The rules that move the word on file, in the order in which they count."""
    if label.standing is None:
        return ()
    mine = (each for each in policy.rules if each.id.startswith(f"{label.name}."))
    return tuple(each for each in mine if each.subject == label.subject and goal_of(each, label))


def goal_of(rule: Rule, label: Label) -> Node | None:
    """The word to which a rule moves one on file; None of any other rule."""
    for form in rule.actions:
        on_file = form.from_value
        if isinstance(on_file, tree.FactRef) and on_file.name == label.standing:
            return form.to_value
    return None


def parts_of(condition: Node) -> tuple[Node, ...]:
    """The conditions that must all hold."""
    return condition.items if isinstance(condition, tree.And) else (condition,)


def given_in(policy: Policy, subject: str, node: Node) -> tuple[tree.FactRef, ...]:
    """The facts that an expression is worked out from: given ones, and what is counted of child records."""
    open_, found, met = [node], dict[tree.FactRef, None](), set[str]()
    while open_:
        for each in tree.references_in(open_.pop()):
            if each.key in met:
                continue
            met.add(each.key)
            derived = policy.derived.get(each.owner or subject, {}).get(each.name)
            if derived is None or isinstance(derived.origin, Aggregate):
                found[each] = None
            elif not each.owner:
                open_ += derived.nodes
    return tuple(found)


def read_by(policy: Policy, subject: str, node: Node) -> tuple[tree.FactRef, ...]:
    """The facts that a condition names; of one that is a derived fact what that is made of."""
    named = node.item if isinstance(node, tree.Not) else node
    origin = _origin(policy, subject, named) if isinstance(named, tree.FactRef) else None
    return tree.references_in(origin or named)
