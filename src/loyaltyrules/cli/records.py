# SPDX-License-Identifier: Apache-2.0
"""The records of a folder of tables: each with its child records, faulty ones left out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from loyaltyrules.fact.rows import rows_of
from loyaltyrules.fact.snapshot import Snapshot
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Rank
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import Problem, problem

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]


def with_siblings(plan: DayPlan, tables: Tables) -> DayPlan:
    """The plan with the customers of the tables as its population, where any standing is asked."""
    derived = plan.policy.derived.get("customer", {}).values()
    ranked = any(isinstance(each.origin, Rank) for each in derived)
    if not ranked or "customer" not in tables:
        return plan
    return plan.with_population(snapshots(plan, tables, "customer"))


def snapshots(
    plan: DayPlan, tables: Tables, subject: str, aside: list[Problem] | None = None
) -> list[Snapshot]:
    """Every record that is not set aside: of a repeated id none, of identical rows one.

    What is wrong with the others is added to `aside`.
    """
    told = [] if aside is None else aside
    below = _below(plan, tables, subject)
    found: dict[str, Snapshot | None] = {}
    for row in _rows(tables, subject):
        try:
            read = plan.snapshot({**row, **below.get(_id(row), {})}, subject)
        except SnapshotError as error:
            found[_id(row)] = None
            told.extend(error.problems)
            continue
        known = found.setdefault(read.id, read)
        if known is None or known.facts != read.facts:
            found[read.id] = None
            told.append(problem("LR408", None, id=read.id))
    return [each for each in found.values() if each is not None]


def roots(plan: DayPlan, tables: Tables, aside: list[Problem] | None = None) -> Iterator[Snapshot]:
    """All records that are decided on their own: customers, and those that no other record holds."""
    for subject in tables:
        if is_root(plan, tables, subject):
            yield from snapshots(plan, tables, subject, aside)


def is_root(plan: DayPlan, tables: Tables, subject: str) -> bool:
    """True of customers, and of records whose parents are not among the tables."""
    parent = plan.policy.vocabulary.subjects[subject].parent
    return subject == "customer" or parent not in tables


def any_sound(plan: DayPlan, tables: Tables, subject: str) -> bool:
    """True where a row of a table is without fault."""
    return any(True for row in _rows(tables, subject) for _ in _sound(plan, row, subject))


def record(plan: DayPlan, tables: Tables, subject: str, identity: str) -> dict[str, Any]:
    """One record with its child records.

    Raises:
        SnapshotError: there is none (LR412), or several that differ (LR408).
    """
    own = [row for row in _rows(tables, subject) if _id(row) == identity.strip()]
    if not own:
        raise SnapshotError([problem("LR412", None, id=identity, subject=subject)])
    if any(row != own[0] for row in own):
        raise SnapshotError([problem("LR408", None, id=identity)])
    return {**own[0], **_below(plan, tables, subject, identity.strip()).get(identity.strip(), {})}


def _below(
    plan: DayPlan, tables: Tables, subject: str, only: str | None = None
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The sound child records of each record, by the name of their list."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    children = [c for c in plan.policy.vocabulary.children_of(subject) if c.name in tables]
    for row in _rows(tables, subject) if children else ():
        found[_id(row)] = {child.listed_as: [] for child in children}
    for child in children:
        deeper = _below(plan, tables, child.name)
        for row in _rows(tables, child.name):
            parent = _id(row, child.link)
            if parent in found and only in (None, parent):
                whole = {**row, **deeper.get(_id(row), {})}
                found[parent][child.listed_as] += _sound(plan, whole, child.name)
    return found


def _sound(plan: DayPlan, row: dict[str, Any], subject: str) -> Iterator[dict[str, Any]]:
    try:
        plan.snapshot({"id": "?", **{n: v for n, v in row.items() if v is not None}}, subject)
    except SnapshotError:
        return
    yield row


def _rows(tables: Tables, subject: str) -> Iterable[dict[str, Any]]:
    table = tables.get(subject)
    return () if table is None else rows_of(table)


def _id(row: Row, name: str = "id") -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()
