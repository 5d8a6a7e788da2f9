# SPDX-License-Identifier: Apache-2.0
"""Why, and why not: what an explanation takes beside the decision that it explains."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from benchmarks import equality
from benchmarks.measure import Side, interleaved
from benchmarks.menswear import DAYS
from benchmarks.one_member import OTHERS, records, seasoned
from benchmarks.reading import read_library
from benchmarks.report import Row, Scale, part
from loyaltyrules import DayPlan, Decision, evaluate, explain, trace

EVALUATE = "evaluate"
BARS = {"explain": "≤ 10 ×"}
HEAD = ("day", "by", "CPU µs", "wall µs", f"to {EVALUATE}", "bar")
NOTE = """\
Microseconds a customer of menswear, given as a raw mapping as above, no two alike. What is explained
was decided outside the clock. `explain` is the whole text in Chinese, `one rule` that of a single rule,
`trace` all of it as data. The collector is off."""


def section(scale: Scale) -> Iterator[str]:
    """The table."""
    found = rows(scale.rounds(300, 30), scale.rounds(9, 3), scale.rounds(6000, 500))
    yield part("Explain, menswear", "--only explaining", NOTE, HEAD, found)


def rows(count: int, rounds: int, others: int) -> Iterator[Row]:
    """What everything takes a customer on each day."""
    for name in DAYS:
        found = interleaved(_sides(seasoned(equality.DAYS[name], others), count), rounds)
        for side, (cpu, wall) in found.items():
            ratio = f"{cpu / found[EVALUATE].cpu:.1f} ×"
            yield name, side, f"{cpu:.1f}", f"{wall:.1f}", ratio, BARS.get(side, "")


def _sides(plan: DayPlan, count: int) -> dict[str, Side]:
    rule = plan.policy.rules[0].id
    decided = partial(_decided, plan, count)
    return {
        EVALUATE: Side(partial(_records, plan, count), partial(read_library, plan)),
        "explain": Side(decided, partial(_told, partial(explain, language="zh"))),
        "one rule": Side(decided, partial(_told, partial(explain, language="zh", rules=rule))),
        "trace": Side(decided, partial(_told, partial(trace, language="zh"))),
    }


def _records(plan: DayPlan, count: int, number: int) -> Sequence[dict[str, Any]]:
    return records(count, plan.on, OTHERS + 1 + number)


def _decided(plan: DayPlan, count: int, number: int) -> Sequence[Decision]:
    return [evaluate(plan, each) for each in _records(plan, count, number)]


def _told(tell: Any, decisions: Sequence[Decision]) -> None:
    for each in decisions:
        tell(each)
