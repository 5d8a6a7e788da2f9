# SPDX-License-Identifier: Apache-2.0
"""One customer at a time, the whole handbook: the library alone, for nobody wrote it by hand."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from benchmarks import equality
from benchmarks.loading import MENSWEAR
from benchmarks.measure import Side, interleaved
from benchmarks.menswear import DAYS, members
from benchmarks.reading import read_library
from benchmarks.report import Row, Scale, part
from loyaltyrules import DayPlan, compile_day, evaluate, load_policy

OTHERS = 0  # the seed of the customers that a plan decides before the clock starts
HEAD = ("day", "CPU µs", "wall µs", "with actions", "actions a customer")
NOTE = """\
Microseconds a customer, given as a raw mapping with dates as ISO text; every action is read. Nobody
wrote this handbook by hand, so there is no ratio. The customers are those of the tables of menswear,
their facts drawn independently, so that hardly any two are alike; {others:,} others were decided by
the plan before the clock starts. The collector is off."""


def section(scale: Scale) -> Iterator[str]:
    """The table; more others than the memory of whole decisions tries before it gives up."""
    others = scale.rounds(6000, 500)
    found = rows(scale.rounds(1000, 100), scale.rounds(9, 3), others)
    note = NOTE.format(others=others)
    yield part("One customer, menswear", "--only one_customer", note, HEAD, found)


def rows(count: int, rounds: int, others: int) -> Iterator[Row]:
    """What a customer takes on each day, and how many receive something."""
    plans = {name: seasoned(equality.DAYS[name], others) for name in DAYS}
    sides = {name: Side(partial(_round, plan, count), partial(read_library, plan))
             for name, plan in plans.items()}  # fmt: skip
    for name, (cpu, wall) in interleaved(sides, rounds).items():
        actions = [_actions(plans[name], each) for each in _round(plans[name], count, 0)]
        share, mean = sum(map(bool, actions)) / count, sum(actions) / count
        yield name, f"{cpu:.1f}", f"{wall:.1f}", f"{share:.0%}", f"{mean:.1f}"


def seasoned(on: date, others: int) -> DayPlan:
    """A plan that has decided other customers before."""
    plan = compile_day(load_policy(MENSWEAR), on)
    read_library(plan, records(others, on, OTHERS))
    return plan


def records(count: int, on: date, seed: int) -> list[dict[str, Any]]:
    """Customers as they come from JSON: what is not known is absent."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value
         for name, value in row.items() if value is not None}
        for row in members(0, count, on, seed).iter_rows(named=True)
    ]  # fmt: skip


def _round(plan: DayPlan, count: int, number: int) -> Sequence[dict[str, Any]]:
    return records(count, plan.on, OTHERS + 1 + number)


def _actions(plan: DayPlan, record: dict[str, Any]) -> int:
    decision = evaluate(plan, record)
    return len(decision.actions) + len(decision.suppressed)
