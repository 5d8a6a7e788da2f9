# SPDX-License-Identifier: Apache-2.0
"""replay: policies walk through raw history, and what they change is carried from step to step."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

from loyaltyrules.fact.frozen import NOTHING
from loyaltyrules.frame.input.formats import opened
from loyaltyrules.history.facts import TABLES, History
from loyaltyrules.history.frames import wrap
from loyaltyrules.host.day import NamedDay, day_of
from loyaltyrules.host.text import quoted, text_of
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import ArgumentError
from loyaltyrules.problem.language import mark
from loyaltyrules.problem.problem import nearest, problem
from loyaltyrules.simulation.base.side import in_memory
from loyaltyrules.simulation.replaying.always import Approve, always, require_approver
from loyaltyrules.simulation.replaying.changers import changed
from loyaltyrules.simulation.replaying.story import Story
from loyaltyrules.simulation.replaying.walk import Walk
from loyaltyrules.simulation.replaying.walk_days import days_of
from loyaltyrules.simulation.replaying.walk_notes import UNREAD
from loyaltyrules.simulation.replaying.walker import Walker

NO_POLICIES = mark("no mapping from names to policies")
NO_CUSTOMERS = mark("a policy knows no customers")
OTHER_RECORDS = mark("they know records of different kinds")


def replay(
    policies: Mapping[str, Policy],
    raw: Mapping[str, Any],
    *,
    start: NamedDay,
    end: NamedDay,
    every: str = "1mo",
    approve: Approve = always,
    tables: Mapping[str, Any] = NOTHING,
    catch_up: bool = False,
    keep: Collection[str] | None = None,
) -> Story:
    """What policies would have made of the customers, step by step through their history.

    In each step the facts of its day are computed from the raw tables, what earlier steps changed is put
    in their place, each policy decides all who had bought by then (they are the population), and what is
    ready or approved is carried out. What an action sets or adds to is so carried from step to step.
    Rules that change no customer are not asked. Facts on file in `customer` are those of the first step.

    Args:
        policies: By name the policies that walk, each for itself.
        raw: Tables as `facts_as_of` takes them: `purchase`, and perhaps `customer` and `contact`. Points
            for money are those of the figure `points_per_amount`, where the policy has it.
        start: The day of the first step.
        end: No step lies behind it.
        every: How far steps lie apart: a number of `d`, `w`, `mo` or `y`; of months and years on month
            ends where `start` is one. Or `lunar year`: the steps are the eves of Spring Festivals, and
            facts of the last 12 months are those of the lunar year that ends, those of the 12 before of
            the lunar year before.
        approve: Asked of each action that awaits approval and changes a customer, as a row of a table
            states it: True carries it out. What is refused is proposed again while it is due.
        tables: Reference data by table, the same on every day.
        catch_up: True decides the days since the last step too, as a host that catches up with `since`
            does; else a step decides its own day alone, as a host does who runs on that day.
        keep: The facts that are kept of what actions change; all where it is not said. A host that
            files the tier alone, and no day of the last downgrade, comes to other tiers.

    Returns:
        A `Story`, which walks when it is asked to.

    Raises:
        ArgumentError: no day (LR470), no steps (LR523), nobody to ask (LR524), no policies that can
            walk (LR525), nothing that they change to keep (LR546).
        HistoryError: the raw tables cannot be read, as `facts_as_of` says.
        PolicyError: a step lies outside of the calendar (LR306) or of the time a policy is in force (LR309).
        SnapshotError: reference data cannot be read.
    """
    require_approver(approve)
    _require_policies(policies)
    kept = None if keep is None else _kept(policies, keep)
    zone = next(iter(policies.values())).vocabulary.timezone
    days = days_of(_day("start", start, zone), _day("end", end, zone), every)
    walkers = tuple(
        Walker.on(text_of(name), policy, days[0], tables, approve, kept)
        for name, policy in policies.items()
    )
    for walker in walkers:  # what is not in force on the last day is told before the walk
        walker.plan(days[-1], None)
    known, left_out = _known(raw)
    known = in_memory(known)
    kind = opened(known.get("customer", known["purchase"]))[1]
    eager = {name: _collected(table) for name, table in known.items()}
    given = dict.fromkeys(walker.given(day) for walker in walkers for day in days)
    histories = {
        each: History.read(eager, points_per_amount=each[0], timezone=each[1]) for each in given
    }
    return Story(Walk(days, every, walkers, histories, kind, catch_up, left_out))


def _require_policies(policies: Any) -> None:
    """Refuse what cannot walk side by side.

    Raises:
        ArgumentError: no policies, or such as decide other records (LR525).
    """
    listed = [*policies.values()] if isinstance(policies, Mapping) else []
    why = ""
    if not listed or not all(isinstance(each, Policy) for each in listed):
        why = NO_POLICIES
    elif len({frozenset(each.vocabulary.subjects) for each in listed}) > 1:
        why = OTHER_RECORDS
    elif "customer" not in listed[0].vocabulary.subjects:
        why = NO_CUSTOMERS
    if why:
        raise ArgumentError([problem("LR525", None, why=why)])


def _kept(policies: Mapping[str, Policy], names: Collection[str]) -> frozenset[str]:
    """The facts that are kept of what actions change.

    Raises:
        ArgumentError: no action changes one (LR546).
    """
    known = sorted(frozenset[str]().union(*map(changed, policies.values())))
    if lacking := [each for each in names if each not in known]:
        near = nearest(str(lacking[0]), known)
        raise ArgumentError(
            [problem("LR546", None, name=lacking[0], near=near, names=", ".join(known))]
        )
    return frozenset(names)


def _day(name: str, value: NamedDay, zone: ZoneInfo) -> date:
    found = day_of(value, zone)
    if found is None:
        raise ArgumentError([problem("LR470", None, name=name, value=quoted(value))])
    return found


def _known(raw: Any) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """The raw tables that facts are computed from, and the names of others."""
    if not isinstance(raw, Mapping) or "purchase" not in raw:
        wrap(raw, TABLES)
    others = tuple(text_of(name) for name in raw if name not in TABLES)
    return {n: raw[n] for n in TABLES if n in raw}, {UNREAD: others} if others else {}


def _collected(table: Any) -> Any:
    """A table at hand: a walk reads it once for all days."""
    try:
        known = nw.from_native(table)
    except TypeError:  # told where it is read
        return table
    return known.collect().to_native() if isinstance(known, nw.LazyFrame) else table
