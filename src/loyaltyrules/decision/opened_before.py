# SPDX-License-Identifier: Apache-2.0
"""Actions of a rule that speaks once, put together anew: as its rule opened on the day that it spoke.

Of the gate of that day only what says something of the action is asked: who approves it, to which day
it is put off. What held others back then is not asked again.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from loyaltyrules.action.action import Action
from loyaltyrules.calendar import FIRST_DAY
from loyaltyrules.decision.gate import block, sieves_of
from loyaltyrules.decision.passing import Passing, fate_of, with_instead
from loyaltyrules.decision.sieves import Sifting, sift
from loyaltyrules.decision.sieves_of_day import SievesOfDay
from loyaltyrules.decision.stamp import actions_of, own_of, stamp_of
from loyaltyrules.decision.whose import record_of
from loyaltyrules.expression.evaluator import Facts, evaluator
from loyaltyrules.expression.tree import YES, all_of, symbols_in
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.day import Instance
from loyaltyrules.plan.folding import Folding
from loyaltyrules.plan.plan import DayPlan, moment_on
from loyaltyrules.plan.recipe import Recipe
from loyaltyrules.plan.rules import RulesOfDay
from loyaltyrules.policy.model import Approve, Hold, Move, Rule, way_of
from loyaltyrules.problem.errors import PolicyError

FURTHEST = 400  # days before that an action may have been proposed, and still awaits approval


class Opening(NamedTuple):
    """The day on which a rule opened, and how it stood then."""

    day: date
    instance: Instance


def opening_of(action: Action, rule: Rule, plan: DayPlan, known: Snapshot) -> Opening | None:
    """When the rule of an action opened for its occurrence; None where it never did."""
    record = record_of(action, plan.derived(plan.day(plan.on), known))
    due = action.due_on if type(action.due_on) is date else plan.on  # it came from outside
    for day in _days(min(due, plan.on), plan):
        for instance in _instances(rule, day, plan):
            if record is None or not _chooses(instance, record.facts, plan, day):
                continue
            named = any(_names(each, record.facts, action) for each in instance.recipes)
            if named and _by_its_way(instance, plan, record.facts):
                return Opening(day, instance)
    return None


def _days(last: date, plan: DayPlan) -> Iterator[date]:
    """The last day and those before it, as far as the policy was in force."""
    first = max(FIRST_DAY, plan.policy.in_force[0] or FIRST_DAY)
    for step in range(min(FURTHEST, (last - first).days) + 1):
        yield last - timedelta(days=step)


def _instances(rule: Rule, day: date, plan: DayPlan) -> list[Instance]:
    """The rule as it opens on a day; where a figure has no value yet it does not."""
    with suppress(PolicyError):
        folding = Folding(plan.policy, day, plan.tables)
        rules = RulesOfDay(folding, plan.tables, moment_on(day, plan.now))
        return list(rules.instances(rule))
    return []


def _chooses(instance: Instance, facts: Facts, plan: DayPlan, day: date) -> bool:
    """True where the rule opened by periods of the record: it opened on another day by other periods."""
    opened = instance.opened
    if opened is None or opened.guard == YES:
        return True
    folding = Folding(plan.policy, day, plan.tables)
    moment = folding.folded(
        opened.condition, instance.rule.subject, opened.moment_day, opened.symbols
    )
    return evaluator(all_of(moment, opened.guard), plan.policy.functions)(facts) is True


def _names(recipe: Recipe, facts: Facts, action: Action) -> bool:
    """True where the recipe speaks of the action's occurrence."""
    occurrence = recipe.occurrence
    named = occurrence if isinstance(occurrence, str) else occurrence.of(facts)
    return named == action.occurrence


def _by_its_way(instance: Instance, plan: DayPlan, facts: Facts) -> bool:
    """True where the record is now reached by the channel of these actions, if a fact says by which."""
    way = way_of(instance.recipes[0].form)
    folding = Folding(plan.policy, plan.on, plan.tables)
    return way == YES or folding.evaluated(way, instance.rule.subject)(facts) is True


def condition_holds(
    action: Action, rule: Rule, plan: DayPlan, known: Snapshot, opening: Opening | None
) -> bool:
    """True while the condition of the rule holds on the plan's day, of the row that opened it."""
    record = record_of(action, plan.derived(plan.day(plan.on), known))
    opened = opening.instance.opened if opening else None
    symbols = opened.symbols if opened else {}
    folding = Folding(plan.policy, plan.on, plan.tables)
    folded = folding.folded(rule.condition, rule.subject, None, symbols)
    if record is None or symbols_in(folded):
        return False
    return folding.evaluated(rule.condition, rule.subject, None, symbols)(record.facts) is True


def made_then(action: Action, plan: DayPlan, known: Snapshot, opening: Opening) -> Action | None:
    """The action of the rule as it opened, of what is known of the record now."""
    root = plan.derived(plan.day(opening.day), known)
    record = record_of(action, root)
    if record is None:
        return None
    own = own_of(record.subject, record.id, record.facts, root)
    sieves = sieves_of(plan, plan.day(opening.day))
    facts = (root.facts, record.facts)
    for recipe in _recipes(opening.instance, plan):
        fate = fate_of(_passed(recipe, facts, sieves), {})
        made = actions_of([stamp_of(fate)], own, record.facts)[0]
        if made.action_id == action.action_id:
            return made
    return None


def _recipes(instance: Instance, plan: DayPlan) -> Iterator[Recipe]:
    """What the rule emits, and what a sieve emits in its place."""
    for recipe in with_instead(instance.recipes):
        yield recipe
        for sieve in plan.policy.gate:
            if isinstance(sieve, Hold) and sieve.instead is not None:
                yield recipe.in_other_words(sieve.instead)


def _passed(recipe: Recipe, facts: tuple[Facts, Facts], sieves: SievesOfDay) -> Passing:
    passing = Passing(recipe, 1)
    block(passing, facts[1])
    for index, sieve in enumerate(sieves.sieves):
        if isinstance(sieve, Approve | Move):
            sift(sieve, Sifting(sieves, index, facts, [passing], []))
    return passing
