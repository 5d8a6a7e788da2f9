# SPDX-License-Identifier: Apache-2.0
"""What a reader of a walk must know: what it did not see, what it did not ask, what it could not keep."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.decision.by_rule import with_instead
from loyaltyrules.history.facts import History
from loyaltyrules.history.purchases import POINTS
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import Problem, problem
from loyaltyrules.simulation.replaying.changers import changers
from loyaltyrules.simulation.replaying.walk import BOUGHT, DAY, Progress, Walk
from loyaltyrules.simulation.replaying.walk_days import cuts_on
from loyaltyrules.simulation.replaying.walker import ASIDE, Walker

SHOWN = 5  # names that a problem tells
LATER = mark("purchases after the last step")
NOBODY = mark("customers without a purchase up to the last step")
UNREAD = mark("raw tables that facts are not computed from")
POINTLESS = mark("purchases tell no points_earned, and the policy no points_per_amount")
ALONE = mark("labels that only some of the policies have")
BETWEEN = mark("rules that act on days of their own: those between the steps are not asked")
BELOW = mark("rules of other records that change customers: a walk has no such records")
NOT_SEEN = (LATER, NOBODY, UNREAD, ASIDE)


def notes_of(walk: Walk, at: Progress) -> Iterator[Problem]:
    """What is told of a walk, as far as it went."""
    yield from dict.fromkeys(each for h in walk.histories.values() for each in h.told)
    for why, names in (*_not_seen(walk), *_not_asked(walk), *_not_kept(at)):
        code = "LR526" if why in NOT_SEEN else "LR527"
        yield problem(code, None, why=why, names=names)


def _not_seen(walk: Walk) -> Iterator[tuple[str, str]]:
    last, history = walk.days[-1], next(iter(walk.histories.values()))
    later = len(_there(history).filter(nw.col("day") > nw.lit(last)))
    facts = nw.from_native(history.as_of(cuts_on(last, walk.every)), eager_only=True)
    nobody = len(facts.filter(nw.col(BOUGHT).is_null()))
    if later:
        yield LATER, str(later)
    if nobody:
        yield NOBODY, str(nobody)
    for why, names in walk.left_out.items():
        yield why, ", ".join(names)


def _there(history: History) -> nw.DataFrame[Any]:
    rows: Any = history.bought.rows
    return nw.from_native(rows.to_native(), eager_only=True)


def _not_asked(walk: Walk) -> Iterator[tuple[str, str]]:
    if pointless := [each.name for each in walk.walkers if POINTS not in _computed(walk, each)]:
        yield POINTLESS, ", ".join(pointless)
    if others := {each for walker in walk.walkers for each in _of_others(walker)}:
        yield BELOW, _shown(others)
    named = [{each.name for each in walker.labels} for walker in walk.walkers]
    everywhere = named[0].intersection(*named)
    if alone := sorted(everywhere.union(*named) - everywhere):
        yield ALONE, ", ".join(alone)
    days = zip(walk.days, walk.days[1:], strict=False)
    if not walk.catch_up and any(after - before > DAY for before, after in days):
        dated = {e.id for w in walk.walkers for e in changers(w.policy) if e.mode != "while"}
        if dated:
            yield BETWEEN, _shown(dated)


def _of_others(walker: Walker) -> Iterator[str]:
    """The rules of other records that change customers."""
    for rule in walker.policy.rules:
        above = (each for form in with_instead(rule.actions) for each in form.above)
        if any(each.subject == "customer" for each in above):
            yield rule.id


def _computed(walk: Walk, walker: Walker) -> frozenset[str]:
    return walk.histories[walker.given(walk.days[0])].computed


def _not_kept(at: Progress) -> Iterator[tuple[str, str]]:
    found: Mapping[str, set[str]] = defaultdict(set)
    for stand in (stand for stands in at.stands for stand in stands):
        for why, names in stand.told.items():
            found[why].update(names)
    for why in sorted(found):
        yield why, _shown(found[why])


def _shown(names: set[str]) -> str:
    more = f" … {len(names)}" if len(names) > SHOWN else ""
    return ", ".join(sorted(names)[:SHOWN]) + more
