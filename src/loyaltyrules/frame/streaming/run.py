# SPDX-License-Identifier: Apache-2.0
"""A snapshot decided part by part: the same result as tables in memory, read rule by rule."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import InMemory, Rows
from loyaltyrules.frame.actions.run_result import PartResult, RunResult
from loyaltyrules.frame.decide import Manner, decide, members_of, rankings_of
from loyaltyrules.frame.facts.ranking import placed
from loyaltyrules.frame.streaming.shelf import Shelf
from loyaltyrules.frame.streaming.split import PART, Part, Tables, sampled, split
from loyaltyrules.host.log import LOG
from loyaltyrules.plan.plan import DayPlan

Progress: TypeAlias = Callable[[int, int], None]  # called with the parts that are done, and all
Ranks: TypeAlias = Mapping[tuple[str, str], Rows]  # of the customers of a part
TOGETHER = 2  # parts that are decided at the same time


class Asked(NamedTuple):
    """What will be asked of a run: some customers only, with all that is below them; labels; changes."""

    sample: int | None = None
    labels: bool = True
    changes: bool = False


def decide_all(
    plan: DayPlan, tables: Tables, shelf: Shelf, progress: Progress, asked: Asked
) -> RunResult:
    """Decide tables of any size; shares and ranks are always those among all.

    Args:
        plan: A compiled day or span.
        tables: What is decided, by subject; nothing of it has been read.
        shelf: Where rows wait.
        progress: Told after each part.
        asked: What will be asked of the result.

    Raises:
        FrameError: as `evaluate_frame`.
    """
    parts = split(tables, plan.policy, shelf.folder / "all")
    ranks = ranked(plan, parts, shelf)
    if asked.sample is not None:
        tables = sampled(tables, plan.policy, asked.sample)
        parts = split(tables, plan.policy, shelf.folder / "some")
        ranks = [at_once(ranks)] * len(parts)
    found, one = [], partial(_decided, plan, shelf, asked)
    with ThreadPoolExecutor(TOGETHER) as pool:
        for number, each in enumerate(pool.map(one, parts, ranks), 1):
            found.append(each)
            progress(number, len(parts))
    details = plan.policy.name, plan.policy.fingerprint, plan.on, len(parts)
    LOG.info("decided by %s (%s) on %s: parts %d", *details)
    return RunResult(plan, tuple(found))


def _decided(plan: DayPlan, shelf: Shelf, asked: Asked, part: Part, ranks: Ranks) -> PartResult:
    known = {name: rows.open() for name, rows in ranks.items()}
    manner = Manner(known, part.own, shelf.keep, asked.labels, asked.changes)
    return decide(plan, part.opened(), manner)


def ranked(plan: DayPlan, parts: list[Part], shelf: Shelf) -> list[Ranks]:
    """For each part where its customers stand among all, in shares and ranks."""
    rankings = rankings_of(plan) if "customer" in parts[0].own else {}
    if not rankings:
        return [{} for _ in parts]
    found = [
        {
            name: shelf.keep(frame.with_columns(nw.lit(number, nw.Int64).alias(PART)))
            for name, frame in members_of(plan, part.opened()).items()
        }
        for number, part in enumerate(parts)
    ]
    known: list[dict[tuple[str, str], Rows]] = [{} for _ in parts]
    for name, ranking in rankings.items():
        whole = placed(nw.concat([each[name].open() for each in found]), ranking)
        for number in range(len(parts)):
            own = whole.filter(nw.col(PART) == nw.lit(number, nw.Int64)).drop([PART])
            known[number][name] = shelf.keep(own)
    return list(known)


def ranked_at_once(plan: DayPlan, tables: Tables, shelf: Shelf) -> Ranks:
    """Where all customers stand, as one table a ranking."""
    if "customer" not in tables or not rankings_of(plan):
        return {}
    return at_once(ranked(plan, split(tables, plan.policy, shelf.folder / "all"), shelf))


def at_once(ranks: list[Ranks]) -> Ranks:
    """The ranks of all parts together, for a choice of customers from any of them."""
    return {
        name: InMemory(nw.concat([each[name].open() for each in ranks]))
        for name in (ranks[0] if ranks else ())
    }
