# SPDX-License-Identifier: Apache-2.0
"""One customer at a time, eight rules: the library beside Python by hand and beside its peers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from benchmarks import equality
from benchmarks.eight_rules import by_hand
from benchmarks.eight_rules.customers import customers
from benchmarks.measure import Side, Sides, interleaved
from benchmarks.peers.day import Decider, Given, Peer
from benchmarks.peers.present import present
from benchmarks.report import Row, Scale, part
from loyaltyrules import DayPlan, compile_day, evaluate, load_policy

TIMED = ("Spring Festival eve", "ordinary day")
BARS = {"validated snapshot": "≤ 1.5 ×", "raw mapping": "≤ 6 ×"}
LIBRARY, BY_HAND = "library", "by hand"
NOTE = """\
Microseconds a customer; every action is read. Equal first: {proved:,} actions of the library and
{peers:,} of each peer. Peers are given facts that are validated already, dates as day numbers."""


def section(scale: Scale) -> Iterator[str]:
    """Proof of equality, then the table."""
    note = NOTE.format(
        proved=equality.prove(500 if scale.quick else 5000),
        peers=min(map(equality.prove_peer, present().values()), default=0),
    )
    head = ("day", "input", "by", "µs", f"to {BY_HAND}", "bar")
    count, rounds = (200, 3) if scale.quick else (2000, 15)
    rows = _rows(count, rounds)
    yield part("One customer, eight rules", "--only one_customer", note, head, rows)


def _rows(count: int, rounds: int) -> Iterator[Row]:
    for name in TIMED:
        for given, sides in contests(equality.DAYS[name], count).items():
            found = interleaved(sides, rounds)
            for side, spent in found.items():
                bar = BARS[given] if side == LIBRARY else ""
                ratio = f"{spent / found[BY_HAND]:.1f} ×"
                yield name, given, side, f"{spent:.2f}", ratio, bar


def contests(on: date, count: int) -> dict[str, Sides]:
    """Who is timed beside whom on one day; every round has customers of its own."""
    plan, day = compile_day(load_policy(equality.POLICY), on), by_hand.prepare(on)

    def made(make: Callable[[Any], Any]) -> Callable[[int], Sequence[Any]]:
        return lambda number: [make(each) for each in customers(count, on, seed=number)]

    library, as_given = partial(read_library, plan), made(dict)
    return {
        "validated snapshot": {
            LIBRARY: Side(made(plan.snapshot), library),
            BY_HAND: Side(made(by_hand.read), partial(read_by_hand, by_hand.decide, day)),
            **{
                name: Side(made(partial(_given, peer)), partial(read_peer, peer.decider(day)))
                for name, peer in present().items()
            },
        },
        "raw mapping": {
            LIBRARY: Side(as_given, library),
            BY_HAND: Side(as_given, partial(read_by_hand, by_hand.decide_raw, day)),
        },
    }


def _given(peer: Peer, record: Mapping[str, Any]) -> Given:
    return peer.given(by_hand.read(record))


def read_library(plan: DayPlan, records: Sequence[Any]) -> None:
    """Evaluate and read every field that matters, as a host does that sends the actions."""
    for record in records:
        decision = evaluate(plan, record)
        _ = decision.labels["tier"]
        for action in decision.actions:
            _read(action)
        for action in decision.suppressed:
            _read(action)


def _read(a: Any) -> None:
    _ = (a.action_id, a.rule, a.kind, a.channel, a.template, a.gift, a.to_value, a.status,
         a.due_on, a.reason)  # fmt: skip


def read_by_hand(decide: Any, day: by_hand.Prepared, records: Sequence[Any]) -> None:
    """The same reading of the tuples by hand."""
    for record in records:
        _, acts = decide(record, day)
        for act in acts:
            _unpack(act)


def read_peer(decide: Decider, records: Sequence[Any]) -> None:
    """The same reading of a peer's tuples."""
    for record in records:
        _, acts = decide(record)
        for act in acts:
            _unpack(act)


def _unpack(act: by_hand.Act) -> None:
    _, _, _, _, _, _, _, _, _, _ = act
