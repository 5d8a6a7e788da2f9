# SPDX-License-Identifier: Apache-2.0
"""Of actions that were merged: for which rules one stands, and into that of which rule another went."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from loyaltyrules.decision.decider import decider_of
from loyaltyrules.decision.decision import Decision
from loyaltyrules.decision.one_day import on_day
from loyaltyrules.decision.outcome import Assignment, Outcome
from loyaltyrules.decision.passing import Fate
from loyaltyrules.decision.stamp import actions_of, own_of
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.policy.model import Merge


class Merged(NamedTuple):
    """The rules for whose actions one stands, and the rule of the one that it was merged into."""

    stands_for: tuple[str, ...] = ()
    into: str = ""


def merged(decision: Decision, plan: DayPlan) -> Mapping[str, Merged]:
    """What was merged of a decision, by the ids of the actions; nothing of any other action."""
    if not any(isinstance(sieve, Merge) for sieve in plan.policy.gate):
        return {}
    if not decision.actions and not decision.suppressed:
        return {}
    found: dict[str, Merged] = {}
    for date in plan.dates:
        day = plan.day(date)
        root = plan.derived(day, decision.snapshot)
        listed = on_day(decider_of(plan).passage(plan, date), day, root, [], True)
        rules = {name: fate.recipe.rule for name, fate, _ in _named(listed)}
        for name, fate, outcome in _named(listed):
            said = Merged(fate.stands_for, _into(fate, outcome, rules))
            if said != NOTHING:
                found.setdefault(name, said)
    return found


NOTHING = Merged()


def _named(listed: list[Assignment]) -> Iterator[tuple[str, Fate, Outcome]]:
    """The actions of a day by their ids."""
    for record, outcome in listed:
        own = own_of(record.subject, record.id, record.facts, listed[0].record)
        made = actions_of(outcome.stamps, own, record.facts)
        yield from zip(
            (each.action_id for each in made), outcome.fates, [outcome] * len(made), strict=True
        )


def _into(fate: Fate, outcome: Outcome, rules: Mapping[str, str]) -> str:
    match fate.merged_into:
        case int(place):
            return outcome.fates[place].recipe.rule
        case Recipe(rule=rule):
            return rule
        case str(name):
            return rules.get(name, "")
    return ""
