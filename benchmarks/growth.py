# SPDX-License-Identifier: Apache-2.0
"""What more rules cost: generated policies of 36 to 10,000 rules, told apart by equality or range."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import polars as pl

from benchmarks.measure import Side, Spent, interleaved, median_of, timed
from benchmarks.report import Row, Scale, part
from loyaltyrules import DayPlan, Policy, compile_day, evaluate, evaluate_frame, load_policy

SIZES = (36, 1000, 10_000)
FAMILIES = ("equality", "range")
ON = date(2027, 3, 17)
SPREAD = 30  # signatures of a round, spread over the rules
WIDTH = 10  # points of one range
TABLE = 100_000  # customers of the table
HEAD = ("told apart by", "rules", "hit µs", "to smallest", "miss µs", "load s", "compile ms",
        "compile ms, collector on", "table s", "table cores s", "to smallest")  # fmt: skip
NOTE = """\
Time of the processor, the collector off where the head does not say that it is on; `table s` is of
the wall, and its ratio of the cores. A hit is a new snapshot of a signature that the plan has met, a
miss one of a signature that it has not. Compiling counts the first decision too, so that nothing is
left to compile. The table is a Polars frame of {size:,} customers, one rule holds for each."""
POLICY = """\
format: 1
policy: many
facts:
  customer:
    occupation: {type: text}
    points_accumulated: {type: whole, unit: points}
    consent_marketing: {type: yes/no}
words:
  note: {kind: message.send, channel: sms, template: note, role: sales_guide, purpose: care}
templates:
  note: {zh: 您好, en: Hello}
gate:
  - {hold: no_consent, which: purpose is not missing and not consent_marketing}
rules:
"""


class Grown(NamedTuple):
    """What one generated policy costs: seconds to load and to compile, microseconds a customer.

    All of it time of the processor, but for the table, which has both.
    """

    family: str
    rules: int
    load: float
    compile: float
    hosted: float  # to compile, the collector on
    hit: float
    miss: float
    table: Spent


def section(scale: Scale) -> Iterator[str]:
    """The table; ratios are to the smallest policy of the family."""
    size = min(TABLE, scale.largest)
    sizes = SIZES[:2] if scale.quick else SIZES
    rows = _rows(sizes, scale.rounds(11, 5), size)
    yield part("Growth with rules", "--only growth", NOTE.format(size=size), HEAD, rows)


def _rows(sizes: Sequence[int], rounds: int, table: int) -> Iterator[Row]:
    first: dict[str, Grown] = {}
    for each in grown(sizes, rounds, table):
        base = first.setdefault(each.family, each)
        yield (each.family, f"{each.rules:,}", f"{each.hit:.2f}", f"{each.hit / base.hit:.2f} ×",
               f"{each.miss:.1f}", f"{each.load:.3f}", f"{each.compile * 1e3:.1f}",
               f"{each.hosted * 1e3:.1f}", f"{each.table.wall:.2f}", f"{each.table.cpu:.2f}",
               f"{each.table.cpu / base.table.cpu:.2f} ×")  # fmt: skip


def policy_text(family: str, rules: int) -> str:
    """A policy of so many rules."""
    return POLICY + "".join(_rule(family, place) for place in range(rules))


def _rule(family: str, place: int) -> str:
    low, high = place * WIDTH, (place + 1) * WIDTH
    condition = {
        "equality": f'occupation = "w{place}"',
        "range": f"points_accumulated >= {low} and points_accumulated < {high}",
    }[family]
    return f"  r{place}: {{for: customer, if: {condition}, once_per: month, do: note}}\n"


def record(family: str, place: int, identity: int) -> dict[str, Any]:
    """A customer for whom the rule at `place` holds, and no other."""
    figures: Mapping[str, dict[str, Any]] = {
        "equality": {"occupation": f"w{place}"},
        "range": {"points_accumulated": place * WIDTH + WIDTH // 2},
    }
    return {"id": str(identity), "consent_marketing": True} | figures[family]


def grown(sizes: Sequence[int], rounds: int, table: int) -> Iterator[Grown]:
    """Measure each family of policies at each size; hits are interleaved over the sizes."""
    for family in FAMILIES:
        policies, loads = _loaded(family, sizes)
        compiles, hosted = (
            {size: _compile_time(family, policies[size], size, collector) for size in sizes}
            for collector in (False, True)
        )
        plans = {size: _ready(family, policies[size], size) for size in sizes}
        hits = interleaved({str(n): _hits(family, plans[n], n) for n in sizes}, rounds)
        for size in sizes:
            miss = _misses(family, policies[size], size, rounds)
            spent = _table_time(family, plans[size], size, table)
            yield Grown(
                family, size, loads[size], compiles[size], hosted[size], hits[str(size)].cpu,
                miss, spent,
            )  # fmt: skip


def _loaded(family: str, sizes: Sequence[int]) -> tuple[dict[int, Policy], dict[int, float]]:
    policies, loads = {}, {}
    with TemporaryDirectory() as folder:
        for size in sizes:
            file = Path(folder) / f"{size}.yaml"
            file.write_text(policy_text(family, size), encoding="utf-8")
            policies[size] = load_policy(file)
            loads[size] = median_of(partial(load_policy, file), 5 if size <= 1000 else 1).cpu
    return policies, loads


def _ready(family: str, policy: Policy, size: int) -> DayPlan:
    """A plan that has answered once, so that nothing is left to compile."""
    plan = compile_day(policy, ON)
    evaluate(plan, record(family, size + 1, 0))
    return plan


def _compile_time(family: str, policy: Policy, size: int, collector: bool) -> float:
    ready = partial(_ready, family, policy, size)
    return median_of(ready, 7 if size <= 1000 else 3, collector).cpu


def _hits(family: str, plan: DayPlan, size: int) -> Side:
    """Rounds of 50 × SPREAD new snapshots whose signatures the warm rounds have met."""

    def make(number: int) -> list[Any]:
        places = [step * size // SPREAD for step in range(SPREAD)] * 50
        return [plan.snapshot(record(family, place, i)) for i, place in enumerate(places)]

    return Side(make, partial(_decide, plan))


def _decide(plan: DayPlan, snapshots: Sequence[Any]) -> None:
    for snapshot in snapshots:
        for action in evaluate(plan, snapshot).actions:
            _ = action.action_id, action.status, action.due_on, action.reason


def _misses(family: str, policy: Policy, size: int, rounds: int) -> float:
    """Rounds of SPREAD signatures that the plan has not met; a new plan where they run out."""
    spent, numbers = [], count(1)
    per_plan = size // SPREAD
    for number in range(rounds):
        if number % per_plan == 0:
            plan = _ready(family, policy, size)
        places = [step * per_plan + number % per_plan for step in range(SPREAD)]
        snapshots = [plan.snapshot(record(family, at, next(numbers))) for at in places]
        spent.append(timed(_decide, plan, snapshots).per(SPREAD).cpu)
    return sorted(spent)[len(spent) // 2]


def _table_time(family: str, plan: DayPlan, size: int, customers: int) -> Spent:
    """What a table takes whose customers are spread evenly over SPREAD rules."""
    places = [each % SPREAD * size // SPREAD for each in range(customers)]
    frame = pl.DataFrame([record(family, place, i) for i, place in enumerate(places)])
    return median_of(partial(evaluate_frame, plan, frame), 3)
