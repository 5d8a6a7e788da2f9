# SPDX-License-Identifier: Apache-2.0
"""What caps counted for one action of a decision: how many touches there were, of how many."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from loyaltyrules.action.action import Action
from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.decision import Lacking
from loyaltyrules.decision.one_day import on_day
from loyaltyrules.decision.outcome import Assignment
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.decision.stamp import named, own_of
from loyaltyrules.decision.touches import Carried, reaches
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.model import Cap, Reserve


class Counted(NamedTuple):
    """A cap that speaks of an action: the touches of its period, and how many there may be.

    None is unknown. `kept` are the steps before it that keep places.
    """

    sieve: Cap
    touches: int | None
    most: int | None
    kept: tuple[Reserve, ...]


def counted(plan: DayPlan, snapshot: Snapshot, action: Action) -> tuple[Counted, ...]:
    """What the caps counted on the day that decided an action, in their order."""
    carried = Carried(plan.on)
    for day in plan.dates:
        root, lacking = plan.derived(plan.day(day), snapshot), Lacking()
        passage = decider_of(plan).passage(plan, day)
        before = carried.before(passage.gate.sieves, (), [root]).counts
        assignments = on_day(passage, plan.day(day), root, lacking, True, carried)
        found = _recipe(assignments, action)
        if found is not None:
            return tuple(_of_day(passage.gate.sieves, before, assignments, found))
    return ()


def _recipe(assignments: Sequence[Assignment], action: Action) -> Recipe | None:
    for record, outcome in assignments:
        own = own_of(record.subject, record.id, record.facts, assignments[0].record)
        for fate in outcome.fates:
            if named(fate.recipe, own, record.facts) == action.action_id:
                return fate.recipe
    return None


def _of_day(
    sieves: SievesOfDay,
    before: Mapping[int, int],
    assignments: Sequence[Assignment],
    recipe: Recipe,
) -> Iterator[Counted]:
    facts, kept = assignments[0].record.facts, list[Reserve]()
    for index, sieve in enumerate(sieves.sieves):
        if isinstance(sieve, Reserve) and sieves.comes(index)(facts) is not False:
            kept.append(sieve)
        if not isinstance(sieve, Cap) or sieve.most is None:
            continue
        if sieves.test(index, recipe)(facts) is not False:
            already = 0 if sieve.already is None else sieves.number(sieve.already, facts)
            today = len(_touches(sieves, index, assignments))
            touches = None if already is None else already + before.get(index, 0) + today
            yield Counted(sieve, touches, sieves.number(sieve.most, facts), tuple(kept))
        kept = []


def _touches(
    sieves: SievesOfDay, index: int, assignments: Sequence[Assignment]
) -> set[tuple[str, str, str]]:
    """The touches of the day that came through and of which a cap speaks, or may."""
    facts = assignments[0].record.facts
    return {
        (fate.recipe.touch, record.subject, record.id)
        for record, outcome in assignments
        for fate in filter(reaches, outcome.fates)
        if sieves.test(index, fate.recipe)(facts) is not False
    }
