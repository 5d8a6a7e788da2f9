# SPDX-License-Identifier: Apache-2.0
"""The day plan: a policy compiled for a span of days, with reference data and a population."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from loyaltyrules.calendar import FIRST_DAY
from loyaltyrules.expression.evaluate import Facts
from loyaltyrules.fact.coerce import FactFault, coerce, is_missing
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.compile import Tables, compile_one
from loyaltyrules.plan.day import Day
from loyaltyrules.plan.population import Siblings
from loyaltyrules.policy.model import Policy
from loyaltyrules.problem.errors import PolicyError, SnapshotError
from loyaltyrules.problem.problem import problem

LAST_DAY = date(2099, 12, 31)


class DayPlan:
    """A policy compiled for the span after `since`, up to and including `on`. Immutable.

    Days are compiled when they are first needed, and remembered. Pickling a plan leaves its
    memory behind.
    """

    def __init__(
        self,
        policy: Policy,
        on: date,
        since: date,
        tables: Tables,
        siblings: Mapping[tuple[str, str], Siblings] | None = None,
    ) -> None:
        self.policy, self.on, self.since, self.tables = policy, on, since, tables
        self.siblings = dict(siblings or {})
        self._days: dict[date, Day] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return DayPlan, (self.policy, self.on, self.since, self.tables, self.siblings)

    def __repr__(self) -> str:
        return f"DayPlan({self.policy.name!r}, on={self.on}, since={self.since})"

    @property
    def dates(self) -> tuple[date, ...]:
        """The days of the span, first to last."""
        count = (self.on - self.since).days
        return tuple(self.since + timedelta(days=step) for step in range(1, count + 1))

    def day(self, day: date) -> Day:
        """The rules as they stand on one day of the span."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = compile_one(self.policy, day, self.tables)
        return found

    @cached_property
    def parents(self) -> Mapping[tuple[str, str], Facts]:
        """Facts of reference records by subject and id: of stores, for their customers."""
        vocabulary = self.policy.vocabulary
        found: dict[tuple[str, str], Facts] = {}
        for subject, rows in self.tables.items():
            for row in rows if subject in vocabulary.subjects else ():
                snapshot = vocabulary.snapshot(row, subject)
                found[subject, snapshot.id] = {
                    f"{subject}.{name}": value for name, value in snapshot.facts.items()
                }
        return found

    def snapshot(self, record: Mapping[str, Any], subject: str = "customer") -> Snapshot:
        """Read one record, once: the facts of one customer (or other subject), validated.

        Raises:
            SnapshotError: facts with a wrong type or an impossible value (LR4xx).
        """
        if subject not in self.policy.vocabulary.subjects:
            raise SnapshotError([problem("LR414", None, name=subject, near="")])
        return self.policy.vocabulary.snapshot(record, subject)


def compile_day(
    policy: Policy,
    on: date,
    since: date | None = None,
    tables: Mapping[str, Any] | None = None,
) -> DayPlan:
    """Compile a policy for a day, or for the span of days after `since` up to `on`.

    Args:
        policy: A loaded policy.
        on: The last day of the span, in the policy's time zone.
        since: The last day already done; the day before `on` unless told otherwise.
        tables: Reference data by name (`store`, `event`, `launch` …): rows as mappings, or a frame.

    Raises:
        PolicyError: days outside the calendar (LR306) or not in force (LR309), an empty span
            (LR307), rows that do not fit (LR129, LR4xx).
    """
    start = since or on - timedelta(days=1)
    _check_days(policy, on, start)
    rows = {table.name: table.rows for table in policy.tables.values() if table.rows}
    rows |= {name: tuple(_rows(table)) for name, table in (tables or {}).items()}
    read = {name: tuple(_read(policy, name, row) for row in each) for name, each in rows.items()}
    return DayPlan(policy, on, start, read)


def _check_days(policy: Policy, on: date, since: date) -> None:
    for day in (since + timedelta(days=1), on):
        if not FIRST_DAY <= day <= LAST_DAY:
            span = f"{FIRST_DAY} – {LAST_DAY}"
            raise PolicyError([problem("LR306", None, day=day, range=span)])
        first, last = policy.in_force
        if (first and day < first) or (last and day > last):
            raise PolicyError([problem("LR309", None, policy=policy.name, day=day)])
    if since >= on:
        raise PolicyError([problem("LR307", None, since=since, on=on)])


def _rows(table: Any) -> Iterable[Mapping[str, Any]]:
    """Rows of reference data: mappings, or the rows of a data frame."""
    if hasattr(table, "to_dicts"):
        return list(table.to_dicts())
    if hasattr(table, "to_dict"):
        return list(table.to_dict("records"))
    return list(table)


def _read(policy: Policy, name: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row of a reference table in the types of its columns; other columns stay as they are."""
    table = policy.tables.get(name)
    if table is None:
        return dict(row)
    kinds = dict(table.columns)
    found: dict[str, Any] = {}
    for column, value in row.items():
        try:
            kind = kinds.get(column)
            found[column] = (
                coerce(value, kind, policy.vocabulary.timezone)
                if kind
                else None if is_missing(value) else value
            )  # fmt: skip
        except FactFault as fault:
            details = {"id": str(row.get("id", name)), "field": column, "value": value}
            words = ", ".join(kinds[column].words)
            raise PolicyError(
                [problem(fault.code, None, **details, expected=kinds[column], words=words)]
            ) from fault
    return found
