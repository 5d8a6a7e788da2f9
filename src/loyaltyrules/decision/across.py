# SPDX-License-Identifier: Apache-2.0
"""One action for several occasions near each other: which one it is, told from the calendar.

Every day of those that are merged tells the same one, as each looks at all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from loyaltyrules.decision.neighbours import FURTHEST, Around, counting
from loyaltyrules.decision.passing import Passing
from loyaltyrules.expression.evaluator import Facts
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.model import Merge


@dataclass(frozen=True, slots=True)
class Member:
    """One of the actions that are merged; `passing` is that of the gate's own day."""

    recipe: Recipe
    due: date
    passing: Passing | None = None

    @property
    def order(self) -> tuple[int, date, str, str, str]:
        """The most urgent first, then the earliest."""
        occurrence = self.recipe.occurrence
        named = occurrence if isinstance(occurrence, str) else ""
        return self.recipe.form.priority, self.due, self.recipe.rule, self.recipe.key, named


def merge_days(
    sieve: Merge, around: Around, reaching: Sequence[Passing], facts: Sequence[Facts]
) -> None:
    """Merge what several occasions say on days that are near each other.

    Args:
        sieve: The sieve that merges over days.
        around: What opens on other days.
        reaching: The actions of the day that reach the sieve.
        facts: Those of the customer, then of the child records that emitted something.
    """
    told = [each for each in reaching if around.told(each.recipe)]
    groups = [(each, [*_group(each, around, told, facts)]) for each in told]
    for each, group in groups:
        first = min(group, key=lambda member: member.order)
        if first.passing is each:
            others = sorted(group, key=lambda member: member.order)
            each.stands_for = tuple(e.recipe for e in others if e.passing is None)
    for each, group in groups:
        first = min(group, key=lambda member: member.order)
        if first.passing is not each:
            each.merge(first.passing or first.recipe, sieve)


def _group(
    own: Passing, around: Around, told: Sequence[Passing], facts: Sequence[Facts]
) -> Iterator[Member]:
    """The actions of one record that are merged with one of them, itself included."""
    key, due = around.key(own.recipe), _due(own.recipe)
    alike = (e for e in told if e.owner == own.owner and around.key(e.recipe) == key)
    members = [Member(each.recipe, _due(each.recipe), each) for each in alike]
    others = counting(around, own.recipe, facts, own.owner)
    members += [Member(each.recipe, each.due) for each in others]
    days = chain(due, {each.due for each in members}, around.gap)
    yield from (each for each in members if each.due in days)


def chain(own: date, days: set[date], gap: int) -> set[date]:
    """Those of some days that follow each other with no more than so many days between two.

    Days that go on and on for longer than a month are no occasions near each other: each stays alone.
    """
    listed = sorted(days)
    at = listed.index(own)
    first = last = at
    while first and (listed[first] - listed[first - 1]).days <= gap:
        first -= 1
    while last + 1 < len(listed) and (listed[last + 1] - listed[last]).days <= gap:
        last += 1
    if (listed[last] - listed[first]).days > FURTHEST:
        return {own}
    return {*listed[first : last + 1]}


def _due(recipe: Recipe) -> date:
    due = recipe.columns["due_on"]
    assert isinstance(due, date)  # only such actions are told of on other days
    return due
