# SPDX-License-Identifier: Apache-2.0
"""The gate: what one day emits for one customer passes the sieves in their written order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loyaltyrules.decision.neighbours import Around, Neighbour
from loyaltyrules.decision.passing import (
    NO_DATA,
    NO_TEMPLATE,
    PENDING,
    Fate,
    Passing,
    each_once,
    fate_of,
    in_place,
    with_instead,
)
from loyaltyrules.decision.sieves import Sifting, by_due_day, numbers, sift
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.decision.touches import NONE_BEFORE, Before
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Computed, Recipe
from loyaltyrules.policy.model import Merge, Policy


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of one day."""

    sieves: SievesOfDay

    @property
    def policy(self) -> Policy:
        """The policy whose gate it is."""
        return self.sieves.policy

    def conditions(self, recipes: Iterable[Recipe]) -> list[Node]:
        """All that the gate asks of the customer for these actions: sieves, caps and needs."""
        found: list[Node] = []
        steps = self.sieves.sieves
        listed = [*recipes]
        for recipe in with_instead(listed):
            found += [self.sieves.condition(index, recipe) for index in range(len(steps))]
            found += [need.missing for need in recipe.needs]
        found += [self.sieves.ahead(index) for index in range(len(steps))]
        for node in (self.sieves.figure(each) for step in steps for each in numbers(step)):
            found += [part for part in tree.walk(node) if isinstance(part, tree.FactRef)]
        found += [node for _, each in self._neighbours(listed) for node in each.nodes]
        return list(dict.fromkeys(found))

    def nearby(self, recipes: Iterable[Recipe]) -> Iterator[Recipe]:
        """The actions on other days into which these may be merged."""
        return (each.recipe for _, each in self._neighbours(recipes))

    def _neighbours(self, recipes: Iterable[Recipe]) -> Iterator[tuple[Recipe, Neighbour]]:
        """The neighbours of actions for all sieves that merge over days."""
        for index, sieve in enumerate(self.sieves.sieves):
            if isinstance(sieve, Merge) and sieve.across is not None:
                around = Around(self.sieves, index)
                yield from ((own, each) for own in recipes for each in around.of(own))

    def due_days(self, recipes: Iterable[Recipe]) -> list[Node]:
        """The facts from which due days follow, where a sieve looks at them."""
        if not self._by_due_day:
            return []
        days = (recipe.columns["due_on"] for recipe in recipes if self._looked_at(recipe))
        nodes = (node for day in days if isinstance(day, Computed) for node in tree.walk(day.node))
        return list(dict.fromkeys(node for node in nodes if isinstance(node, tree.FactRef)))

    def dated(self, emitted: Sequence[tuple[Recipe, int]]) -> bool:
        """True when a sieve looks at due days that differ from record to record."""
        if not self._by_due_day:
            return False
        return any(
            isinstance(recipe.columns["due_on"], Computed) and self._looked_at(recipe)
            for recipe, _ in emitted
        )

    def _looked_at(self, recipe: Recipe) -> bool:
        """True where a sieve that looks at due days may speak of an action."""
        return any(
            by_due_day(sieve) and self.sieves.condition(index, recipe) != tree.NO
            for index, sieve in enumerate(self.sieves.sieves)
        )

    @property
    def _by_due_day(self) -> bool:
        return any(by_due_day(sieve) for sieve in self.sieves.sieves)

    def fates(
        self, emitted: Sequence[tuple[Recipe, int]], facts: Sequence[Facts],
        before: Before = NONE_BEFORE,
    ) -> tuple[Fate, ...]:  # fmt: skip
        """Decide what becomes of the emitted actions.

        Args:
            emitted: The recipes, each with the place of the record that emitted it.
            facts: Facts of the customer (place 0) and of the emitting child records.
            before: What the days of a span before this one let through.

        Returns:
            One fate an action, most urgent first, then the actions in the place of blocked ones,
            then those emitted instead of held ones.
        """
        order = sorted(emitted, key=lambda each: (*each[0].order, facts[each[1]].get("id", "")))
        passing = [Passing(recipe, owner) for recipe, owner in order]
        instead: list[Passing] = []
        self._through(passing, facts, instead, before)
        others = in_place(passing)
        replaced = others
        while others:
            self._through(others, facts, instead, before, one_by_one=True)
            others = in_place(others)
            replaced = [*replaced, *others]
        everyone = [*passing, *each_once([*replaced, *instead])]
        places = {id(each): place for place, each in enumerate(everyone)}
        return tuple(fate_of(each, places) for each in everyone)

    def _through(
        self, passing: list[Passing], facts: Sequence[Facts], instead: list[Passing],
        before: Before, *, one_by_one: bool = False,
    ) -> None:  # fmt: skip
        """Block what lacks data or texts, then sift; what is lacking may be held all the same.

        With `one_by_one` only through the sieves that look at each action by itself.
        """
        for each in passing:
            block(each, facts[each.owner])
        for index, sieve in enumerate(self.sieves.sieves):
            if sieve.one_by_one or not one_by_one:
                sift(sieve, Sifting(self.sieves, index, facts, passing, instead, before))


def gate_of(plan: DayPlan, day: Day) -> Gate:
    """The gate of a day of a plan."""
    return Gate(sieves_of(plan, day))


def sieves_of(plan: DayPlan, day: Day) -> SievesOfDay:
    """The sieves of a day of a plan."""
    return SievesOfDay(plan.policy, day, plan.tables, plan.days.openings)


def block(each: Passing, facts: Facts) -> None:
    """Missing data and missing texts block an action; what awaits approval says so."""
    form = each.recipe.form
    lacking = [need.fact for need in each.recipe.needs if need.lacks(facts)]
    each.approver = form.approver
    if each.recipe.template_missing:
        each.status, each.reason = NO_TEMPLATE, f"missing_template:{form.template}"
    elif lacking:
        each.status, each.reason = NO_DATA, f"missing_data:{lacking[0]}"
    elif form.approver:
        each.status = PENDING
