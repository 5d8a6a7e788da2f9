# SPDX-License-Identifier: Apache-2.0
"""What the evaluation of rows one by one says of tables: the meaning that every kind of frame must keep."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from loyaltyrules import DayPlan, Decision, FrameResult, SnapshotError, evaluate
from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame.keys import by_signature

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Rows = Callable[[Any], list[dict[str, Any]]]
FaultKey = tuple[str, int, str, str, str]  # subject, row, id, field, code
LARGEST = (
    2**63 // 10**4
)  # of figures that policies derive; columns hold them as scaled whole numbers


@contextmanager
def by_columns() -> Iterator[None]:
    """Small tables too go through the columns of large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_signature, "FEW", 0, raising=False)
        yield


def told(result: FrameResult, rows_of: Rows) -> dict[str, Any]:
    """What a result says, as plain values."""
    faults = [tuple(row[n] or "" for n in ("subject", "row", "id", "field", "code"))
              for row in rows_of(result.faults)]  # fmt: skip
    return {
        "faults": sorted(faults),
        "labels": rows_of(result.labels),
        "actions": [tuple(row.values()) for row in rows_of(result.actions)],
        "suppressed": [tuple(row.values()) for row in rows_of(result.suppressed)],
        "changes": [tuple(row.values()) for row in rows_of(result.changes)],
        "undecided": {
            (rule, facts): count
            for rule, each in result.notes.undecided.items()
            for facts, count in each.items()
        },
        "ignored": {name: set(each) for name, each in result.notes.ignored.items()},
    }


def one_by_one(
    plan: DayPlan, tables: Tables, columns: Mapping[str, Iterable[str]] | None = None,
    numbered: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """The same, from the evaluation of each row by itself with its child rows as lists.

    `columns` names those of each table; without it they are those that its rows have. Faults have
    a row number unless the rows are not `numbered`.
    """
    good, faults = sound(plan, tables)
    ignored = _ignored(plan, columns or _columns(tables))
    plan = _with_parents(plan, good)
    subjects = plan.policy.vocabulary.subjects
    roots = [n for n in tables if n == "customer" or subjects[n].parent not in tables]
    made = [evaluate(plan, record, root) for root in roots for record in records(plan, root, good)]
    made += [evaluate(plan, *each) for each in _strays(plan, tables, good)]
    return {
        "faults": faults if numbered else sorted((name, "", *rest) for name, _, *rest in faults),
        "labels": _labels(plan, tables, made),
        "actions": _listed(made, "actions"),
        "suppressed": _listed(made, "suppressed"),
        "changes": _changes(made),
        "undecided": Counter((each.rule, each.facts) for one in made for each in one.undecided),
        "ignored": ignored,
    }


def _listed(made: Iterable[Decision], part: str) -> list[tuple[Any, ...]]:
    rows = (tuple(action)[: len(COLUMNS)] for each in made for action in getattr(each, part))
    return sorted(rows, key=lambda row: row[0])


def _changes(made: Iterable[Decision]) -> list[tuple[Any, ...]]:
    rows = [tuple(row.values()) for each in made for row in each.changes]
    return sorted(rows, key=lambda row: (row[0], row[3], row[1]))


# ---- which rows can be read


def sound(plan: DayPlan, tables: Tables) -> tuple[dict[str, list[Row]], list[FaultKey]]:
    """The rows that can be read, each once, and the faults of those that cannot."""
    good: dict[str, list[Row]] = {}
    faults: list[FaultKey] = []
    for subject in _parents_first(plan, tables):
        kept: list[Row] = []
        for same in _by_id(plan, subject, tables[subject], faults):
            facts = [each for _, _, each in same]
            if None not in facts and all(each == facts[0] for each in facts):
                kept.append(same[0][1])
            elif len(same) > 1:
                faults += [(subject, n, _named(plan, row), "", "LR408") for n, row, _ in same]
        good[subject] = _owned(plan, subject, kept, good, tables, faults)
    return good, sorted(faults)


def _parents_first(plan: DayPlan, tables: Tables) -> list[str]:
    subjects = plan.policy.vocabulary.subjects

    def depth(name: str) -> int:
        return max((1 + depth(parent) for parent in subjects[name].links), default=0)

    return sorted(tables, key=depth)


Read = tuple[int, Row, Mapping[str, Any] | None]


def _by_id(
    plan: DayPlan, subject: str, rows: Sequence[Row], faults: list[FaultKey]
) -> list[list[Read]]:
    """The rows that share an id, with their facts, None where they are faulty."""
    found: dict[Any, list[Read]] = {}
    for number, row in enumerate(rows, 1):
        identity = _named(plan, row)
        facts: Mapping[str, Any] | None = None
        try:
            facts = plan.snapshot(row, subject).facts
        except SnapshotError as fault:
            for each in fault.problems:
                shown = "" if each.code == "LR401" else identity or "?"
                field = str(dict(each.details).get("field", ""))
                faults.append((subject, number, shown, field, each.code))
        key: Any = identity if identity not in ("", "?") else number
        found.setdefault(key, []).append((number, row, facts))
    return list(found.values())


def _named(plan: DayPlan, row: Row) -> str:
    """The id of a row as it is told; empty where there is none, `?` where it cannot be read."""
    try:
        return plan.snapshot({"id": row.get("id")}).id
    except SnapshotError as fault:
        return "" if fault.problems[0].code == "LR401" else "?"


def _owned(
    plan: DayPlan, subject: str, rows: list[Row], good: Tables, tables: Tables,
    faults: list[FaultKey],
) -> list[Row]:  # fmt: skip
    """Child rows whose parent can be read; a customer without a store is a customer all the same."""
    declared = plan.policy.vocabulary.subjects[subject]
    if subject == "customer" or declared.parent not in good:
        return rows
    known = {plan.snapshot(row, declared.parent).id for row in good[declared.parent]}
    kept: list[Row] = []
    for row in rows:
        if plan.snapshot(row, subject).facts.get(declared.link) in known:
            kept.append(row)
            continue
        if _alone(plan, subject, row):
            kept.append(row)
            continue
        places = (n for n, each in enumerate(tables[subject], 1) if each is row)
        faults.append((subject, next(places), _named(plan, row), declared.link, "LR415"))
    return kept


def _alone(plan: DayPlan, subject: str, row: Row) -> bool:
    """True of a record that names no first parent, but another one."""
    facts, links = plan.snapshot(row, subject).facts, plan.policy.vocabulary.subjects[subject].links
    first, *others = (facts.get(link) for link in links.values())
    return first is None and any(others)


def _strays(plan: DayPlan, tables: Tables, good: Tables) -> Iterator[tuple[Row, str]]:
    """The records that are decided on their own beside those that have a parent."""
    subjects = plan.policy.vocabulary.subjects
    for subject in (
        name for name in good if subjects[name].also and subjects[name].parent in tables
    ):
        for row, record in zip(good[subject], records(plan, subject, good), strict=True):
            if _alone(plan, subject, row):
                yield record, subject


# ---- the rows as records


def _with_parents(plan: DayPlan, good: Tables) -> DayPlan:
    """The plan with the stores and all below them as reference data, for the rows of their customers."""
    if "store" not in good:
        return plan
    tables = {**plan.tables, "store": tuple(records(plan, "store", good))}
    return DayPlan(plan.policy, plan.on, plan.since, tables, plan.siblings)


def records(plan: DayPlan, subject: str, good: Tables) -> list[Row]:
    """The records of a kind, with their children as lists."""
    return [_with_children(plan, subject, row, good) for row in good[subject]]


def _with_children(plan: DayPlan, subject: str, row: Row, good: Tables) -> Row:
    identity = plan.snapshot(row, subject).id
    record = dict(row)
    for child in plan.policy.vocabulary.children_of(subject):
        if child.name in good:
            record[child.listed_as] = [
                _with_children(plan, child.name, each, good)
                for each in good[child.name]
                if plan.snapshot(each, child.name).facts.get(child.links[subject]) == identity
            ]
    return record


def beyond(plan: DayPlan, tables: Tables) -> bool:
    """True where the policy derives a figure that is too large for a fact."""
    good, _ = sound(plan, tables)
    found = _with_parents(plan, good)
    made = [
        found.derived(found.day(found.on), plan.snapshot(record, subject))
        for subject in good
        for record in records(plan, subject, good)
    ]
    return any(
        _large(value) for one in made for each in _everyone(one) for value in each.facts.values()
    )


def _large(value: Any) -> bool:
    return isinstance(value, int | Decimal) and abs(value) >= LARGEST


# ---- labels and columns


def _labels(plan: DayPlan, tables: Tables, made: Iterable[Decision]) -> list[dict[str, Any]]:
    facts: dict[str, tuple[str, str]] = {}
    for label in plan.policy.labels:
        if label.subject in tables:
            facts[label.name] = (label.subject, label.computed)
            if label.standing:
                facts[f"{label.name}.standing"] = (label.subject, label.standing)
            facts |= {f"{label.name}.{way}": (label.subject, fact) for way, fact in label.ways}
    day, found = plan.day(plan.on), {}
    for decision in made:
        for record in _everyone(plan.derived(day, decision.snapshot)):
            values = {
                name: record.facts.get(fact) if subject == record.subject else None
                for name, (subject, fact) in facts.items()
            }
            key = {"subject": record.subject, "subject_id": record.id}
            found[record.subject, record.id] = {**key, **values}
    return [found[key] for key in sorted(found)]


def _everyone(record: Any) -> Iterable[Any]:
    yield record
    for children in record.children.values():
        for child in children:
            yield from _everyone(child)


def _columns(tables: Tables) -> dict[str, Iterable[str]]:
    return {name: {column for row in rows for column in row} for name, rows in tables.items()}


def _ignored(plan: DayPlan, columns: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Columns that nobody reads, of reference data too."""
    declared, reference = plan.policy.vocabulary.declarations, plan.policy.tables
    below = plan.policy.vocabulary.children_of
    known = {
        name: {*facts, "id", *(child.listed_as for child in below(name))}
        for name, facts in declared.items()
    }
    for name, table in reference.items():
        known[name] = {*known.get(name, ()), *dict(table.columns), "id"}
    every = {**_columns(plan.tables), **columns}
    found = {name: set(each) - known[name] for name, each in every.items()}
    return {name: each for name, each in found.items() if each}
