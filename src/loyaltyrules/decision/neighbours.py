# SPDX-License-Identifier: Apache-2.0
"""The neighbours of an action: those on other days that say the same, where a sieve merges over days."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from loyaltyrules.calendar import Period
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import Evaluated, Facts, evaluated_later
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.tree import Node
from loyaltyrules.plan.around_days import is_fixed
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.action_fields import fields_of
from loyaltyrules.policy.model import Hold, Merge, Rule

FURTHEST = 31  # days between the first and the last of those that one action stands for
Holds = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for an action of another day, and the answers with which it reaches its sieve."""

    node: Node
    of: Evaluated
    passes: Holds


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An action that opens on another day.

    `own` is what is asked of its record: the condition of its rule, and what it needs. `gate` is what the
    sieves before ask of the customer. What is unknown of a rule does not count.
    """

    recipe: Recipe
    due: date
    own: tuple[Asked, ...]
    gate: tuple[Asked, ...]

    @property
    def nodes(self) -> Iterator[Node]:
        """All that is asked for it."""
        return (each.node for each in (*self.own, *self.gate))

    def counts(self, record: Facts, customer: Facts) -> bool:
        """True where it will reach the sieve, of what is known of the record now."""
        return all(each.passes(each.of(record)) for each in self.own) and all(
            each.passes(each.of(customer)) for each in self.gate
        )


@dataclass(frozen=True, slots=True)
class Around:
    """A sieve that merges over days, and what opens on the days around that of the gate."""

    sieves: SievesOfDay
    index: int

    @property
    def sieve(self) -> Merge:
        found = self.sieves.sieves[self.index]
        assert isinstance(found, Merge)
        return found

    @property
    def gap(self) -> int:
        """How many days two actions may be apart that are merged."""
        assert self.sieve.across is not None
        found = self.sieves.figure(self.sieve.across)
        assert isinstance(found, tree.Literal) and isinstance(found.value, Period)
        return found.value.days

    def told(self, recipe: Recipe) -> bool:
        """True of an action of which other days know: its rule opens once, by facts and the calendar."""
        due = type(recipe.columns["due_on"]) is date
        return due and recipe.rule in self.sieves.openings.told and any(self.key(recipe))

    def key(self, recipe: Recipe) -> tuple[str | None, ...]:
        """What actions that are merged have in common."""
        return tuple(
            recipe.rule if name == "rule" else getattr(recipe.form, name) for name in self.sieve.by
        )

    def of(self, recipe: Recipe) -> tuple[Neighbour, ...]:
        """The neighbours of an action of this day that may be merged with it, or it with them."""
        known, key = self.sieves.around, (self.index, recipe)
        if key not in known:
            meant = self.told(recipe) and self.sieves.condition(self.index, recipe) != tree.NO
            known[key] = tuple(self._found(recipe)) if meant else ()
        return known[key]

    def _found(self, own: Recipe) -> Iterator[Neighbour]:
        """First those on days of the calendar; then those on days of records, as far as these may reach."""
        due, gap = own.columns["due_on"], self.gap
        assert isinstance(due, date)
        rules = [*self._rules(own)]
        far = timedelta(days=FURTHEST + gap)
        fixed = self._due(
            [e for e in rules if is_fixed(e)], own, _moved(due, -far), _moved(due, far)
        )
        yield from fixed
        dated = [each for each in rules if not is_fixed(each)]
        moments = len({self.sieves.openings.moment_of(each) for each in dated})
        first, last = reach(due, (each.due for each in fixed), gap, moments)
        yield from self._due(dated, own, max(first, _moved(due, -far)), min(last, _moved(due, far)))

    def _due(self, rules: Iterable[Rule], own: Recipe, first: date, last: date) -> list[Neighbour]:
        key, today = self.key(own), self.sieves.day.day
        return [
            each
            for rule in rules
            for day, instance in self.sieves.openings.due(rule, first, last)
            for each in (self._of(instance, day) if day != today else ())
            if first <= each.due <= last and self.key(each.recipe) == key
        ]

    def _rules(self, own: Recipe) -> Iterator[Rule]:
        """The rules of the same kind of record with an action that says the same."""
        openings, key = self.sieves.openings, self.key(own)
        names = self.sieve.by
        for rule in self.sieves.policy.rules:
            if rule.subject != own.subject or rule.id not in openings.told:
                continue
            said = (
                tuple(rule.id if name == "rule" else getattr(form, name) for name in names)
                for form in rule.actions
            )
            if key in said:
                yield rule

    def _of(self, instance: Instance, day: date) -> tuple[Neighbour, ...]:
        """What an opening emits, known to all days around it."""
        known = self.sieves.openings.memory.of(Known, Known)
        key = self.index, instance
        if key not in known:
            known[key] = tuple(self._made(instance, day))
        return known[key]

    def _made(self, instance: Instance, day: date) -> Iterator[Neighbour]:
        for recipe in instance.recipes:
            due = recipe.columns["due_on"]
            gate = None if recipe.template_missing else self._gate(recipe, day)
            if gate is not None and isinstance(due, date):
                yield Neighbour(recipe, due, tuple(self._own(recipe, instance)), gate)

    def _own(self, recipe: Recipe, instance: Instance) -> Iterator[Asked]:
        yield Asked(instance.condition, instance.test, _is_true)
        yield from (Asked(need.missing, need.lacks, _is_not_true) for need in recipe.needs)

    def _gate(self, recipe: Recipe, day: date) -> tuple[Asked, ...] | None:
        """What the sieves before ask, and the sieve itself; None where one of them never lets it pass."""
        found: list[Asked] = []
        for sieve in self.sieves.sieves[: self.index]:
            if isinstance(sieve, Hold):
                passes = _is_false if sieve.unknown is not None else _is_not_true
                found.append(self._asked(sieve.which, recipe, day, passes))
        found.append(self._asked(self.sieve.which, recipe, day, _is_not_false))
        for each in found:
            if isinstance(each.node, tree.Literal) and not each.passes(each.node.value):
                return None
        return tuple(each for each in found if not isinstance(each.node, tree.Literal))

    def _asked(self, which: Node, recipe: Recipe, day: date, passes: Holds) -> Asked:
        """What a sieve asks for an action on its day, its fields put in."""
        node = self.sieves.openings.memory.of(Sieving, Sieving).of(which, day, self.sieves)
        functions = self.sieves.policy.functions
        asked = fold(node, fields_of(recipe.form, recipe.rule), functions)
        return Asked(asked, evaluated_later(asked, functions), passes)


class Known(dict[tuple[int, Instance], tuple[Neighbour, ...]]):
    """What openings emit, by the sieve that looks at it; it belongs to the memory of openings."""


class Sieving(dict[tuple[Node, date], Node]):
    """The conditions of sieves as they stand on days; it belongs to the memory of openings."""

    def of(self, which: Node, day: date, sieves: SievesOfDay) -> Node:
        if (which, day) not in self:
            self[which, day] = sieves.openings.folding(day).folded(which, "customer")
        return self[which, day]


def reach(own: date, fixed: Iterable[date], gap: int, moments: int) -> tuple[date, date]:
    """The first and the last day that may belong to the days around one of them.

    A record has each of its moments once: between two days of the calendar, and behind the last, there are
    no more days of its own than that.
    """
    step, before, after = timedelta(days=gap * (moments + 1)), own, own
    days = sorted(fixed)
    for day in reversed(days):
        before = min(before, day) if day >= _moved(before, -step) else before
    for day in days:
        after = max(after, day) if day <= _moved(after, step) else after
    end = timedelta(days=gap * moments)
    return _moved(before, -end), _moved(after, end)


def counting(
    around: Around, recipe: Recipe, facts: Sequence[Facts], owner: int
) -> Iterator[Neighbour]:
    """The neighbours of an action that count for its record."""
    yield from filter(partial(_counts, record=facts[owner], customer=facts[0]), around.of(recipe))


def _counts(each: Neighbour, record: Facts, customer: Facts) -> bool:
    return each.counts(record, customer)


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta() else date.min


def _is_true(value: Any) -> bool:
    return value is True


def _is_not_true(value: Any) -> bool:
    return value is not True


def _is_false(value: Any) -> bool:
    return value is False


def _is_not_false(value: Any) -> bool:
    return value is not False
