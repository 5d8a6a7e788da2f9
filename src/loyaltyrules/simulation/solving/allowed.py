# SPDX-License-Identifier: Apache-2.0
"""Which values the relations of a policy let a figure have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import Value
from loyaltyrules.policy.model import Parameter, Policy
from loyaltyrules.policy.written import Relation
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Problem

ALWAYS = date.min


@dataclass(frozen=True, slots=True)
class Musts:
    """The relations of a policy that speak of one figure."""

    policy: Policy
    figure: Parameter
    relations: tuple[Relation, ...]
    refusals: dict[Value, tuple[Problem, ...]] = field(default_factory=dict)
    held: dict[Value, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, figure: Parameter) -> "Musts":
        known = policy.written.relations if policy.written else ()
        own = (each for each in known if figure.name in tree.symbols_in(each.rule))
        return cls(policy, figure, tuple(dict.fromkeys(own)))

    def let(self, value: Value) -> bool:
        """True of a value with which all of them hold, on every day that they speak of."""
        if value not in self.held:
            self.held[value] = self._lets(value)
        return self.held[value]

    def _lets(self, value: Value) -> bool:
        figures = {**self.policy.parameters, self.figure.name: _always(self.figure, value)}
        return all(
            self._hold(each.rule, figures, day)
            for each in self.relations
            for day in _days(each, figures)
        )

    def _hold(self, rule: Node, figures: Mapping[str, Parameter], day: date) -> bool:
        known: dict[str, Node] = {
            name: tree.Literal(figures[name].on(day), figures[name].type)
            for name in tree.symbols_in(rule)
            if name in figures
        }
        folded = fold(rule, known, self.policy.functions)
        if tree.facts_in(folded):
            return True  # it asks for a fact, which no figure settles
        return evaluator(folded, self.policy.functions)({}) is not False

    def refusal(self, value: Value) -> tuple[Problem, ...]:
        """Why the policy refuses a value; nothing where it takes it."""
        if value not in self.refusals:
            try:
                self.policy.with_({self.figure.name: value})
                self.refusals[value] = ()
            except PolicyError as refused:
                self.refusals[value] = refused.problems
        return self.refusals[value]


def _always(figure: Parameter, value: Value) -> Parameter:
    return replace(figure, values=((ALWAYS, value),))


def _days(relation: Relation, figures: Mapping[str, Parameter]) -> set[date]:
    """The first day of a relation, and each day that changes one of its figures."""
    start, end = relation.first or date.min, relation.last or date.max
    named = (figures[name] for name in tree.symbols_in(relation.rule) if name in figures)
    changes = {since for each in named for since, _ in each.values}
    return {start, *(day for day in changes if start <= day <= end)}
