# SPDX-License-Identifier: Apache-2.0
"""Touches: what caps count. Of a span each day hands on to the next what it let through."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

from loyaltyrules.action.kinds import is_duty
from loyaltyrules.decision.outcome import Assignment
from loyaltyrules.decision.passing import PENDING, READY, Fate, Passing
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.decision.stamp import named, own_of
from loyaltyrules.fact.frozen import Frozen
from loyaltyrules.plan.derive import Record
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.model import Cap, Policy, Reserve

Touch: TypeAlias = tuple[str, int]  # what it is of, and the place of the record


class Before(NamedTuple):
    """What the days of a span before one let through: by cap how many touches, and what comes again."""

    counts: Mapping[int, int] = Frozen()
    again: frozenset[tuple[Recipe, int]] = frozenset()

    def knows(self, each: Passing) -> bool:
        """True of an action that came through on a day before: it is no new touch."""
        return (each.recipe, each.owner) in self.again


NONE_BEFORE = Before()


class Kept(NamedTuple):
    """Places that a step keeps of the next cap; None where it is unknown how many."""

    sieve: Reserve
    places: int | None
    speaks: frozenset[int]  # of which actions, by their identity: these must leave the places free


def touching(passing: Iterable[Passing]) -> list[Passing]:
    """The actions that caps count: what is addressed to staff reaches no customer."""
    return [each for each in passing if not is_duty(each.recipe.form.kind)]


def limit(sieve: Cap, among: Sequence[Passing], room: int, kept: Sequence[Kept] = ()) -> None:
    """Let as many touches through as there is room for, most urgent first."""
    touches = set[Touch]()
    for each in among:
        touch = each.recipe.touch, each.owner
        if touch in touches:
            continue
        if len(touches) >= room:
            each.suppress(sieve.reason, sieve)
        elif not _kept_free(each, room - len(touches), kept):
            touches.add(touch)


def _kept_free(each: Passing, left: int, kept: Iterable[Kept]) -> bool:
    """Suppress an action where the places that are left are kept for others."""
    places = 0
    for step in (step for step in kept if id(each) in step.speaks):
        if step.places is None and step.sieve.unknown is not None:
            each.suppress(step.sieve.unknown, step.sieve)
            return True
        places += step.places or 0
        if places >= left:
            each.suppress(step.sieve.reason, step.sieve)
            return True
    return False


def carries(policy: Policy) -> bool:
    """True where a cap counts days before."""
    return any(isinstance(sieve, Cap) and sieve.carries for sieve in policy.gate)


@dataclass(slots=True)
class Carried:
    """What the days of a span let through for one customer: ids of actions, by cap the days of touches."""

    last: date  # of the span: what closed before it comes too late
    names: set[str] = field(default_factory=set)
    days: dict[int, list[date]] = field(default_factory=dict)

    def before(
        self, sieves: SievesOfDay, emitted: Iterable[tuple[Recipe, int]], records: Sequence[Record]
    ) -> Before:
        """What counts on a day of that which came before it."""
        counts = {
            index: sum(
                sieve.window.first(sieves.day.day) <= day for day in self.days.get(index, ())
            )
            for index, sieve in carrying(sieves)
        }
        own = [own_of(each.subject, each.id, each.facts, records[0]) for each in records]
        again = (
            (recipe, owner)
            for recipe, owner in emitted
            if named(recipe, own[owner], records[owner].facts) in self.names
        )
        return Before(counts, frozenset(again))

    def note(self, sieves: SievesOfDay, assignments: Sequence[Assignment], before: Before) -> None:
        """Note what a day let through; the first assignment is that of the customer."""
        root = assignments[0].record
        for record, outcome in assignments:
            own = own_of(record.subject, record.id, record.facts, root)
            through = filter(reaches, outcome.fates)
            self.names |= {named(fate.recipe, own, record.facts) for fate in through}
        counts = touches_of(sieves, assignments, before.again)
        for (index, _), count in zip(carrying(sieves), counts, strict=True):
            self.days.setdefault(index, []).extend([sieves.day.day] * count)


def touches_of(
    sieves: SievesOfDay, assignments: Sequence[Assignment], again: Collection[tuple[Recipe, int]]
) -> tuple[int, ...]:
    """How many touches a day let through, for each cap that carries; the first record is the customer.

    `again` is what came through before, each with the place of its record.
    """
    facts = assignments[0].record.facts
    through = [
        (fate.recipe, place)
        for place, (_, outcome) in enumerate(assignments)
        for fate in filter(reaches, outcome.fates)
        if (fate.recipe, place) not in again
    ]
    return tuple(
        len({
            (recipe.touch, place)
            for recipe, place in through
            if sieves.test(index, recipe)(facts) is not False
        })
        for index, _ in carrying(sieves)
    )  # fmt: skip


def reaches(fate: Fate) -> bool:
    """True of what came through the gate, and reaches the customer."""
    return fate.status in (READY, PENDING) and not is_duty(fate.recipe.form.kind)


def carried_over(plan: DayPlan) -> Carried | None:
    """What the days of a plan hand on; None where no day asks for it."""
    return Carried(plan.on) if len(plan.dates) > 1 and carries(plan.policy) else None


def carrying(sieves: SievesOfDay) -> list[tuple[int, Cap]]:
    """The caps that count days before, each with its place in the gate."""
    listed = enumerate(sieves.sieves)
    return [(i, sieve) for i, sieve in listed if isinstance(sieve, Cap) and sieve.carries]
