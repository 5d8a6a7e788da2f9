# SPDX-License-Identifier: Apache-2.0
"""One customer at a time, eight rules: the library beside Python by hand and beside its peers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from benchmarks import equality, one_member
from benchmarks.eight_rules import by_hand
from benchmarks.eight_rules.customers import customers
from benchmarks.measure import Side, Sides, interleaved
from benchmarks.peers.day import Given, Peer
from benchmarks.peers.present import present
from benchmarks.reading import read_by_hand, read_library, read_peer
from benchmarks.report import Row, Scale, part
from loyaltyrules import DayPlan, Snapshot, compile_day, load_policy

Record: TypeAlias = Mapping[str, Any]
TIMED = ("Spring Festival eve", "ordinary day")
MET, NEW, RAW = "library, snapshot met before", "library, snapshot new to the plan", "library"
BY_HAND = "by hand"
BARS = {MET: "≤ 1.5 ×", NEW: "≤ 4 ×", RAW: "≤ 2.5 ×"}
OTHERS = -1  # the seed of the customers that a plan decides before the clock starts
HEAD = ("day", "input", "by", "CPU µs", "wall µs", f"to {BY_HAND}", "bar")
NOTE = """\
Microseconds a customer; every action is read. Ratios are of the processor's time, which another
process on the same cores disturbs least; the collector is off for everybody. Each plan of the
library has decided {others:,} other customers before the clock starts. A snapshot *met before* was
evaluated once by the same plan outside the clock; one *new to the plan* was only read there. Equal
first: {proved:,} actions of the library and {peers:,} of each peer. Code by hand and peers are given
facts that are validated already, peers dates as day numbers."""


def section(scale: Scale) -> Iterator[str]:
    """Proof of equality, then the table; then the whole handbook."""
    others = scale.rounds(40_000, 2000)
    note = NOTE.format(
        others=others,
        proved=equality.prove(scale.rounds(5000, 500)),
        peers=min(map(equality.prove_peer, present().values()), default=0),
    )
    found = rows(scale.rounds(2000, 200), scale.rounds(15, 3), others)
    yield part("One customer, eight rules", "--only one_customer", note, HEAD, found)
    yield from one_member.section(scale)


def rows(count: int, rounds: int, others: int) -> Iterator[Row]:
    """What everybody takes a customer, on both days."""
    for name in TIMED:
        for given, sides in contests(equality.DAYS[name], count, others).items():
            found = interleaved(sides, rounds)
            for side, (cpu, wall) in found.items():
                ratio = f"{cpu / found[BY_HAND].cpu:.1f} ×"
                yield name, given, side, f"{cpu:.2f}", f"{wall:.2f}", ratio, BARS.get(side, "")


def contests(on: date, count: int, others: int) -> dict[str, Sides]:
    """Who is timed beside whom on one day; every round has customers of its own.

    No two sides share a plan: none finds what another has just decided.
    """
    day = by_hand.prepare(on)

    def made(make: Callable[[Sequence[Record]], Sequence[Any]]) -> Callable[[int], Sequence[Any]]:
        return lambda number: make(customers(count, on, seed=number))

    def library(make: Callable[[DayPlan, Sequence[Record]], Sequence[Any]]) -> Side:
        plan = seasoned(on, others)
        return Side(made(partial(make, plan)), partial(read_library, plan))

    return {
        "validated": {
            MET: library(met),
            NEW: library(new),
            BY_HAND: Side(made(_read_by_hand), partial(read_by_hand, by_hand.decide, day)),
            **{
                name: Side(made(partial(_given, peer)), partial(read_peer, peer.decider(day)))
                for name, peer in present().items()
            },
        },
        "raw mapping": {
            RAW: library(raw),
            BY_HAND: Side(made(list), partial(read_by_hand, by_hand.decide_raw, day)),
        },
    }


def seasoned(on: date, others: int) -> DayPlan:
    """A plan that has decided other customers before."""
    plan = compile_day(load_policy(equality.POLICY), on)
    read_library(plan, customers(others, on, seed=OTHERS))
    return plan


def met(plan: DayPlan, records: Sequence[Record]) -> Sequence[Snapshot]:
    """Snapshots that the plan has evaluated once, and will find again."""
    snapshots = new(plan, records)
    read_library(plan, snapshots)
    return snapshots


def new(plan: DayPlan, records: Sequence[Record]) -> Sequence[Snapshot]:
    """Snapshots that were read, and that the plan has never evaluated."""
    return [plan.snapshot(each) for each in records]


def raw(plan: DayPlan, records: Sequence[Record]) -> Sequence[Record]:
    """Mappings as they came."""
    return records


def _read_by_hand(records: Sequence[Record]) -> Sequence[by_hand.Customer]:
    return [by_hand.read(each) for each in records]


def _given(peer: Peer, records: Sequence[Record]) -> Sequence[Given]:
    return [peer.given(by_hand.read(each)) for each in records]
