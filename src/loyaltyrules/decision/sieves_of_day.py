# SPDX-License-Identifier: Apache-2.0
"""The sieves as they stand on one day: what each asks, folded for the actions that it has met."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from loyaltyrules.calendar import RestDays, is_workday
from loyaltyrules.decision.reserve import coming
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import NO, Node, symbols_in
from loyaltyrules.plan.around_days import Openings
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.moments import Tables, notice_in
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.action_fields import FIELDS, fields_of
from loyaltyrules.policy.model import ActionForm, Policy, Reserve, Sieve

if TYPE_CHECKING:
    from loyaltyrules.decision.neighbours import Neighbour


@dataclass(slots=True, eq=False)
class Folded:
    """The conditions of sieves for the actions that they have met, as days remember them."""

    nodes: dict[tuple[Any, ...], Node] = field(default_factory=dict)
    tests: dict[tuple[Any, ...], Evaluated] = field(default_factory=dict)
    fields: dict[int, tuple[str, ...]] = field(default_factory=dict)


def unknown(facts: Facts) -> None:
    """What is read of a figure that has no value on the day."""


@dataclass(slots=True)
class SievesOfDay:
    """The sieves of one day, with the policy and the reference tables that they may look into."""

    policy: Policy
    day: Day
    tables: Tables
    openings: Openings
    others: dict[tuple[Recipe, ActionForm], Recipe] = field(default_factory=dict)
    notice: RestDays | None = None
    coming: dict[int, Node] = field(
        default_factory=dict
    )  # by the place of a step that keeps places
    numbers: dict[int, Evaluated] = field(default_factory=dict)  # by the identity of expressions
    tests_ahead: dict[int, Evaluated] = field(default_factory=dict)
    around: dict[tuple[int, Recipe], tuple["Neighbour", ...]] = field(default_factory=dict)
    folded: Folded = field(init=False)

    def __post_init__(self) -> None:
        self.folded = self.day.memory.of(Folded, Folded)

    @property
    def sieves(self) -> tuple[Sieve, ...]:
        """In their written order."""
        return self.policy.gate

    def condition(self, index: int, recipe: Recipe) -> Node:
        """The condition of a sieve for the actions of one recipe: the fields it reads put in."""
        key, known = self._key(index, recipe), self.folded.nodes
        if key not in known:
            node = self.day.gate[index][1]
            known[key] = fold(node, fields_of(recipe.form, recipe.rule), self.policy.functions)
        return known[key]

    def test(self, index: int, recipe: Recipe) -> Evaluated:
        """The same as a function of the customer's facts."""
        key, known = self._key(index, recipe), self.folded.tests
        if key not in known:
            known[key] = evaluator(self.condition(index, recipe), self.policy.functions)
        return known[key]

    def _key(self, index: int, recipe: Recipe) -> tuple[Any, ...]:
        """What tells actions apart for a sieve: only the fields that its condition reads."""
        names = self.folded.fields.get(index)
        if names is None:
            read = symbols_in(self.day.gate[index][1])
            names = self.folded.fields[index] = tuple(
                sorted(name for name in read if name in FIELDS)
            )
        return (index, *(FIELDS[name](recipe.form, recipe.rule) for name in names))

    def figure(self, node: Node) -> Node:
        """An expression of a sieve with the figures of the day put in."""
        return fold(node, self.day.symbols, self.policy.functions)

    def number(self, node: Node, facts: Facts) -> int | None:
        """A whole number that a sieve asks of the customer; a figure without a value on the day is none."""
        if id(node) not in self.numbers:
            figure = self.figure(node)
            read = unknown if symbols_in(figure) else evaluator(figure, self.policy.functions)
            self.numbers[id(node)] = read
        value = self.numbers[id(node)](facts)
        return None if value is None else int(value)

    def comes(self, index: int) -> Evaluated:
        """Whether something is known to come for which a step keeps places."""
        if index not in self.tests_ahead:
            self.tests_ahead[index] = evaluator(self.ahead(index), self.policy.functions)
        return self.tests_ahead[index]

    def ahead(self, index: int) -> Node:
        """The same as a condition; that it is never so of a step that keeps no places."""
        sieve = self.sieves[index]
        if not isinstance(sieve, Reserve):
            return NO
        if index not in self.coming:
            self.coming[index] = coming(self.policy, self.day.day, self.openings, sieve)
        return self.coming[index]

    def is_workday(self, day: date) -> bool | None:
        """Whether people work on a day; None where no official notice tells."""
        if self.notice is None:
            self.notice = notice_in(self.tables)
        return is_workday(day, self.notice)

    def other(self, recipe: Recipe, form: ActionForm) -> Recipe:
        """The recipe emitted in place of one that a sieve held, made once."""
        if (recipe, form) not in self.others:
            self.others[recipe, form] = recipe.in_other_words(form)
        return self.others[recipe, form]
