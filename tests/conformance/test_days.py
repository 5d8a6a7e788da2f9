# SPDX-License-Identifier: Apache-2.0
"""Work by its days is what daily runs emit, each action once: of whom nothing turned need not be decided."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from conformance.backends import DTYPES, polars
from conformance.cases import Case, cases, loaded, within_64_bits
from conformance.effort import tries
from conformance.oracle import by_columns
from loyaltyrules.calendar import FIRST_DAY
from loyaltyrules.plan.plan import LAST_DAY
from loyaltyrules.simulation.base.side import Side, plan_of
from loyaltyrules.simulation.working.workload import workload

A_DAY = timedelta(days=1)
LENGTH = 7  # days of a span
STATED = ("action_id", "due_on", "status", "kind", "customer_id", "store_id", "reason")


def test_work_by_its_days_is_what_daily_runs_emit() -> None:
    tries(unranked, cases(DTYPES), 60, "days")


def test_work_by_its_days_is_what_daily_runs_emit_where_columns_are_read() -> None:
    def by_columns_too(case: Case) -> None:
        with by_columns():
            unranked(case)

    tries(by_columns_too, cases(DTYPES), 30, "days by columns")


def unranked(case: Case) -> None:
    own = replace(case, ranked=False)
    with within_64_bits(own):
        _compared(own)


def _compared(case: Case) -> None:
    policy = loaded(case.text)
    given = {name: polars(each) for name, each in case.tables.items()}
    tables = case.plan().tables
    first = min(max(case.on - A_DAY * (LENGTH // 2), FIRST_DAY), LAST_DAY - A_DAY * LENGTH)
    days = [first + A_DAY * step for step in range(LENGTH)]
    expected: dict[str, tuple[Any, ...]] = {}
    for day in days:
        side = Side.of(plan_of(policy, day, None, tables), given)
        for row in side.actions().select(STATED).iter_rows():
            expected.setdefault(row[0], row)
    load = workload(policy, given, start=days[0], end=days[-1], tables=tables)
    assert list(load.steps()) == days
    found = [tuple(row) for row in load.actions.select(STATED).iter_rows()]
    assert len({row[0] for row in found}) == len(found)
    assert {row[0]: row for row in found} == expected
