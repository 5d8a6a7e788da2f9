# SPDX-License-Identifier: Apache-2.0
"""The records of a folder of tables: each with its child records, faulty ones left out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from loyaltyrules.fact.declaration import Subject
from loyaltyrules.fact.rows import rows_of
from loyaltyrules.fact.snapshot import Snapshot, shown
from loyaltyrules.plan.plan import DayPlan
from loyaltyrules.policy.model import Rank
from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import Problem, problem

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]


def with_siblings(plan: DayPlan, tables: Tables, aside: list[Problem] | None = None) -> DayPlan:
    """The plan with the customers of the tables as its population, where any standing is asked.

    What is wrong with those that it lacks is added to `aside`.
    """
    derived = plan.policy.derived.get("customer", {}).values()
    ranked = any(isinstance(each.origin, Rank) for each in derived)
    if not ranked or "customer" not in tables:
        return plan
    return plan.with_population(snapshots(plan, tables, "customer", aside))


def snapshots(
    plan: DayPlan, tables: Tables, subject: str, aside: list[Problem] | None = None
) -> list[Snapshot]:
    """Every record that is not set aside: of a repeated id none, of identical rows one.

    What is wrong with the others is added to `aside`.
    """
    told = [] if aside is None else aside
    below = _below(plan, tables, subject, told)
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
        declared = plan.policy.vocabulary.subjects[subject]
        if is_root(plan, tables, subject):
            yield from snapshots(plan, tables, subject, aside)
        elif declared.also:  # what is wrong with its rows is told at their parents
            every = snapshots(plan, tables, subject, [])
            yield from (each for each in every if _stands_alone(each.facts, declared))


def is_root(plan: DayPlan, tables: Tables, subject: str) -> bool:
    """True of customers, and of records whose parents are not among the tables."""
    parent = plan.policy.vocabulary.subjects[subject].parent
    return subject == "customer" or parent not in tables


def any_sound(plan: DayPlan, tables: Tables, subject: str) -> bool:
    """True where a row of a table is without fault."""
    return any(True for row in _rows(tables, subject) for _ in _sound(plan, row, subject, []))


def record(
    plan: DayPlan, tables: Tables, subject: str, identity: str, aside: list[Problem]
) -> dict[str, Any]:
    """One record with its child records; what is wrong with the others of these is added to `aside`.

    Raises:
        SnapshotError: there is none (LR412), or several that differ (LR408).
    """
    own = [row for row in _rows(tables, subject) if _id(row) == identity.strip()]
    if not own:
        raise SnapshotError([problem("LR412", None, id=identity, subject=subject)])
    if any(row != own[0] for row in own):
        raise SnapshotError([problem("LR408", None, id=identity)])
    known = frozenset([identity.strip()])
    return {**own[0], **_below(plan, tables, subject, aside, known).get(identity.strip(), {})}


def _below(
    plan: DayPlan, tables: Tables, subject: str, aside: list[Problem],
    only: frozenset[str] | None = None,
) -> dict[str, dict[str, list[dict[str, Any]]]]:  # fmt: skip
    """The sound child records of each record, or of some alone, by the name of their list."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    children = [c for c in plan.policy.vocabulary.children_of(subject) if c.name in tables]
    for row in _rows(tables, subject) if children else ():
        if only is None or _id(row) in only:
            found[_id(row)] = {child.listed_as: [] for child in children}
    for child in children:
        below = None if only is None else _ids_below(tables, child, found)
        deeper = _below(plan, tables, child.name, aside, below)
        for row in _rows(tables, child.name):
            parent = _id(row, child.links[subject])
            if parent in found:
                whole = {**row, **deeper.get(_id(row), {})}
                found[parent][child.listed_as] += _sound(plan, whole, child.name, aside)
            elif only is None and child.parent == subject and not _stands_alone(row, child):
                aside.append(_orphan(row, child, subject))
    return found


def _ids_below(tables: Tables, child: Subject, parents: Collection[str]) -> frozenset[str]:
    """The ids of the child records of some parents."""
    rows = _rows(tables, child.name)
    links = child.links.values()
    return frozenset(_id(row) for row in rows if any(_id(row, link) in parents for link in links))


def _stands_alone(row: Row, child: Subject) -> bool:
    """True of a record that may be without its first parent: customers, and what names another one."""
    others = [*child.links.values()][1:]
    return child.name == "customer" or (
        not _id(row, child.link) and any(_id(row, link) for link in others)
    )


def _orphan(row: Row, child: Subject, parent: str) -> Problem:
    """A child record whose parent is not there."""
    details = {"id": _id(row), "field": child.link, "value": shown(_id(row, child.link))}
    return problem("LR415", None, **details, subject=parent)


def _sound(
    plan: DayPlan, row: dict[str, Any], subject: str, aside: list[Problem]
) -> Iterator[dict[str, Any]]:
    """The row, if it can be read; what is wrong with it is added to `aside`."""
    try:
        plan.snapshot({"id": "?", **{n: v for n, v in row.items() if v is not None}}, subject)
    except SnapshotError as error:
        aside.extend(error.problems)
    else:
        yield row


def _rows(tables: Tables, subject: str) -> Iterable[dict[str, Any]]:
    table = tables.get(subject)
    return () if table is None else rows_of(table)


def _id(row: Row, name: str = "id") -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()
