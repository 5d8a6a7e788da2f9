# SPDX-License-Identifier: Apache-2.0
"""Why a cap held an action back, in words: how many touches there were, of how many."""

from collections.abc import Iterator

from loyaltyrules.action.action import Action
from loyaltyrules.decision.counted import Counted, counted
from loyaltyrules.decision.decision import Decision
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Aggregate, Cap, Policy, Reserve, Window
from loyaltyrules.report.wording import Wording


def touches_told(
    plan: DayPlan, decision: Decision, action: Action, words: Wording
) -> Iterator[str]:
    """A line for each cap that may have held an action back; none of what something else held."""
    sieves = {each.id for each in plan.policy.gate if isinstance(each, Cap | Reserve)}
    if action.suppressed_by not in sieves:
        return
    for each in counted(plan, decision.snapshot, action):
        yield from _lines(plan.policy, action, each, words)


def _lines(policy: Policy, action: Action, found: Counted, words: Wording) -> Iterator[str]:
    sieve, touches, most, kept = found
    period = _period(sieve.window, words)
    if touches is None or most is None:
        yield words.say("    touches in {period}: unknown", period=period) + _lacking(
            policy, sieve, words
        )
    elif kept and action.suppressed_by == kept[0].id:
        purposes = ", ".join(each.purpose for each in kept)
        details = {"count": touches, "period": period, "most": most, "purposes": purposes}
        yield words.say(
            "    {count} touch(es) in {period}, at most {most}; places are kept for: {purposes}",
            **details,
        )
    elif touches >= most and action.suppressed_by == sieve.id:
        details = {"count": touches, "period": period, "most": most}
        yield words.say("    {count} touch(es) in {period}, at most {most}", **details)


def _lacking(policy: Policy, sieve: Cap, words: Wording) -> str:
    """The list of records that a count needs, for whoever has to bring it."""
    origin = sieve.history and policy.derived["customer"][sieve.history.name].origin
    if not isinstance(origin, Aggregate):
        return ""
    listed = policy.vocabulary.subjects[origin.over].listed_as
    return words.say("; needed: {names}", names=listed)


def _period(window: Window, words: Wording) -> str:
    if window.days is None:
        return words.say("the month")
    return words.say("the day") if window.days == 1 else words.say("{days} days", days=window.days)
