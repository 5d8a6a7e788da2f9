# SPDX-License-Identifier: Apache-2.0
"""Decide customers one at a time and read what was decided, as a host does that sends the actions."""

from collections.abc import Sequence
from typing import Any

from benchmarks.eight_rules import by_hand
from benchmarks.peers.day import Decider
from loyaltyrules import DayPlan, evaluate


def read_library(plan: DayPlan, records: Sequence[Any]) -> None:
    """Evaluate and read every field that is stated by hand too."""
    for record in records:
        decision = evaluate(plan, record)
        _ = decision.labels["tier"]
        for action in decision.actions:
            _read(action)
        for action in decision.suppressed:
            _read(action)


def _read(a: Any) -> None:
    _ = (a.action_id, a.rule, a.kind, a.channel, a.template, a.gift, a.to_value, a.status,
         a.due_on, a.reason, a.occurrence)  # fmt: skip


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
    _, _, _, _, _, _, _, _, _, _, _ = act
