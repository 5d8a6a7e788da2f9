# SPDX-License-Identifier: Apache-2.0
"""Folding for one day: figures, the day and plain derived facts are put into expressions."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import DATE
from loyaltyrules.plan.moments import NOTHING
from loyaltyrules.plan.recipe import Computed
from loyaltyrules.policy.model import Aggregate, Derived, Policy, Rank
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import problem


class Folding:
    """The figures of a policy on one day, and expressions with them put in.

    `reference` names the subjects whose records come as reference data. Nothing is decided of
    them, so what they derive is written out where others read it.
    """

    def __init__(self, policy: Policy, day: date, reference: Collection[str] = ()) -> None:
        self.policy, self.day, self.reference = policy, day, reference
        self.figures: dict[str, Node] = {
            name: tree.Literal(value, parameter.type)
            for name, parameter in policy.parameters.items()
            if (value := parameter.on(day)) is not None
        }
        self.today: dict[str, Node] = {"today": tree.Literal(day, DATE)}

    def folded(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Node:  # fmt: skip
        """The expression with figures, day and plain derived facts put in."""
        known = {**self.figures, **self.today, **(symbols or {})}
        if today is not None:
            known["today"] = tree.Literal(today, DATE)
        return fold(self.inline(node, subject), known, self.policy.functions)

    def inline(self, node: Node, subject: str) -> Node:
        """Derived facts that are not decided in a stage of their own are written out."""
        if isinstance(node, tree.FactRef):
            owner = node.owner or subject
            derived = self.policy.derived.get(owner, {}).get(node.name)
            if derived is None or not (plain(derived) or self._of_reference(node, derived)):
                return node
            inner = self.inline(derived.origin, owner)  # type: ignore[arg-type]
            return inner if not node.owner else _from_below(inner, node.owner)
        return tree.rebuilt(node, lambda part: self.inline(part, subject))

    def _of_reference(self, fact: tree.FactRef, derived: Derived) -> bool:
        return fact.owner in self.reference and not isinstance(derived.origin, Aggregate | Rank)

    def evaluated(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Evaluated:  # fmt: skip
        return self.computed(node, subject, today, symbols).of

    def computed(
        self, node: Node, subject: str, today: date | None = None,
        symbols: Mapping[str, Node] | None = None,
    ) -> Computed:  # fmt: skip
        """The expression as it stands on the day, and what evaluates it."""
        folded = self.folded(node, subject, today, symbols)
        self.require_figures(folded)
        return Computed(evaluator(folded, self.policy.functions), folded)

    def require_figures(self, node: Node) -> None:
        """Every figure that is read must have a value on the day.

        Raises:
            PolicyError: LR308.
        """
        left = [each.name for each in tree.walk(node) if isinstance(each, tree.Symbol)]
        if left:
            faults = [problem("LR308", self._place(name), name=name, day=self.day) for name in left]
            raise PolicyError(faults)

    def _place(self, name: str) -> Any:
        parameter = self.policy.parameters.get(name)
        return parameter.place if parameter else None

    def period(self, node: Node | None) -> Period:
        """A period expression as a constant of the day."""
        if node is None:
            return NOTHING
        folded = fold(node, {**self.figures, **self.today}, self.policy.functions)
        self.require_figures(folded)
        assert isinstance(folded, tree.Literal)  # no policy loads with a period that reads facts
        assert isinstance(folded.value, Period)
        return folded.value


def plain(derived: Derived) -> bool:
    """True of a derived fact that is written out where it is read: it has many values."""
    return not derived.type.finite and not isinstance(derived.origin, Aggregate | Rank)


def _from_below(node: Node, owner: str) -> Node:
    """An expression of a parent as its children read it: what is above the parent stays as it is."""
    if isinstance(node, tree.FactRef):
        return node if node.owner else replace(node, owner=owner)
    return tree.rebuilt(node, lambda part: _from_below(part, owner))
