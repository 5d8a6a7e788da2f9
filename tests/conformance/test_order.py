# SPDX-License-Identifier: Apache-2.0
"""The order of rows, columns and tables changes nothing, and no row changes what is said of another."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from conformance.backends import BACKENDS, SOME, Backend, Column, Columns
from conformance.cases import Case, cases, within_64_bits
from conformance.effort import tries
from conformance.oracle import by_columns, sound
from conformance.tables import rows_of
from loyaltyrules import FrameResult, evaluate_frame

PARTS = ("actions", "suppressed", "labels")


def said(case: Case, backend: Backend, tables: Mapping[str, Columns] | None = None) -> FrameResult:
    frames = {name: backend.make(each) for name, each in (tables or case.tables).items()}
    with by_columns():
        return evaluate_frame(case.plan(), frames)


def written(result: FrameResult, backend: Backend) -> dict[str, str]:
    """The parts of a result byte by byte, the faults without their rows."""
    faults = backend.rows(result.faults)
    listed = sorted(repr({**row, "row": 0}) for row in faults)
    return {part: repr(backend.rows(getattr(result, part))) for part in PARTS} | {
        "faults": repr(listed)
    }


def shuffled(tables: Mapping[str, Columns], chance: random.Random) -> dict[str, Columns]:
    """The same tables, their rows and columns, in another order."""
    found: dict[str, Columns] = {}
    names = list(tables)
    for name in (
        names if "item" in tables else chance.sample(names, len(names))
    ):  # see test_found.py
        table = tables[name]
        count = len(next(iter(table.values())).values)
        order = chance.sample(range(count), count)
        found[name] = {
            column: Column(table[column].dtype, [table[column].values[n] for n in order])
            for column in chance.sample(list(table), len(table))
        }
    return found


def unmoved(case: Case, backend: Backend) -> None:
    """Another order of rows, columns and tables gives the same bytes."""
    other = shuffled(case.tables, random.Random(repr(case)))
    with within_64_bits(case):
        one = written(said(case, backend), backend)
        assert written(said(case, backend, other), backend) == one


def alone(case: Case, backend: Backend) -> None:
    """A customer in a table alone, with all else that is there, gets what it gets among others."""
    with within_64_bits(case):
        good, _ = sound(case.plan(), case.rows)
        if good.get("customer"):
            _alone(case, backend, good["customer"][-1])


def _alone(case: Case, backend: Backend, row: Mapping[str, Any]) -> None:
    whole, table = said(case, backend), case.tables["customer"]
    place = rows_of(table).index(row)
    one = {name: Column(each.dtype, [each.values[place]]) for name, each in table.items()}
    single = said(case, backend, {**case.tables, "customer": one})
    identity = case.plan().snapshot(row).id
    for part in ("actions", "suppressed"):
        assert _of(whole, part, identity, backend) == _of(single, part, identity, backend)


def _of(result: FrameResult, part: str, identity: str, backend: Backend) -> list[Any]:
    return [
        row
        for row in backend.rows(getattr(result, part))
        if row["subject"] == "customer" and row["subject_id"] == identity
    ]


@SOME
def test_another_order_gives_the_same_bytes(backend: Backend) -> None:
    few = max(1, backend.examples // 4)
    tries(lambda case: unmoved(case, backend), cases(backend.holds), few, f"order {backend}")


@SOME
def test_no_row_changes_what_is_said_of_another(backend: Backend) -> None:
    few = max(1, backend.examples // 4)
    tries(lambda case: alone(case, backend), cases(backend.holds), few, f"alone {backend}")


def test_a_span_says_what_its_days_say_one_after_the_other() -> None:
    """With the facts as given: first day wins; only what expired meanwhile is told otherwise."""
    backend = BACKENDS[0]
    tries(lambda case: in_turn(case, backend), cases(backend.holds), 10, "span")


def in_turn(case: Case, backend: Backend) -> None:
    span = replace(case, since=case.since or case.on - timedelta(days=3))
    with within_64_bits(span):
        _in_turn(span, backend)


def _in_turn(case: Case, backend: Backend) -> None:
    span = said(case, backend)
    together = {row["action_id"] for p in PARTS[:2] for row in backend.rows(getattr(span, p))}
    by_day = set[str]()
    for day in case.plan().dates:
        one = said(
            replace(case, on=day, since=None, now=case.now if day == case.on else None), backend
        )
        by_day |= {row["action_id"] for p in PARTS[:2] for row in backend.rows(getattr(one, p))}
    assert together == by_day
