# SPDX-License-Identifier: Apache-2.0
"""Tables of every kind, and what the evaluation of rows one by one says of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pytest

from loyaltyrules import (
    DayPlan,
    FrameResult,
    SnapshotError,
    compile_day,
    evaluate,
    evaluate_frame,
    load_policy,
)  # fmt: skip
from loyaltyrules.action.action import COLUMNS
from loyaltyrules.frame import canonical, stages

FEW = stages.FEW
KINDS = ("polars", "lazy", "pandas", "pandas_arrow", "pandas_numpy")
HERE = Path(__file__).parent
PLACES = {
    "menswear": HERE.parents[1] / "policies" / "menswear",
    "shop": HERE / "policies" / "shop.yaml",
    "rivals": HERE / "policies" / "rivals.yaml",
}

LINKS = {
    "store": ["id"], "customer": ["id"],
    **dict.fromkeys(("purchase", "card", "special_date", "visit"), ["id", "customer_id"]),
    **dict.fromkeys(("plan", "employee"), ["id", "store_id"]),
    **dict.fromkeys(("assigned", "memory", "duty_day"), ["id", "employee_id"]),
}  # fmt: skip
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


@pytest.fixture(autouse=True)
def by_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables too go through the columns of large ones."""
    monkeypatch.setattr(stages, "FEW", 0)
    monkeypatch.setattr(canonical, "FEW", 0)


@pytest.fixture(scope="session")
def plan() -> Callable[..., DayPlan]:
    """The plan of a policy of these tests for a day, or for the days after `since`."""
    policy = cache(lambda name: load_policy(PLACES[name]))

    @cache
    def compiled(name: str, on: str, since: str = "") -> DayPlan:
        start = date.fromisoformat(since) if since else None
        return compile_day(policy(name), date.fromisoformat(on), start)

    return compiled


@pytest.fixture(scope="session")
def frame() -> Callable[..., Any]:
    """Rows as a frame of a kind."""
    return frame_of


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., list[dict[str, Any]]]:
    """The rows of a result's frame, whatever its kind."""
    return listed


@pytest.fixture(scope="session")
def same() -> Callable[..., FrameResult]:
    """Check that tables of all kinds say what their rows say one by one; gives the last result."""

    def checked(plan: DayPlan, tables: Tables, kinds: Iterable[str] = KINDS) -> FrameResult:
        expected = one_by_one(plan, tables)
        listed = tuple(kinds)
        for kind, few in [(listed[0], FEW), *((kind, 0) for kind in listed)]:
            given = {name: frame_of(kind, rows, LINKS[name]) for name, rows in tables.items()}
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(stages, "FEW", few)  # row by row, and by columns
                patch.setattr(canonical, "FEW", few)
                result = evaluate_frame(plan, given)
            found = told(result)
            for part, rows in expected.items():
                assert found[part] == rows, (kind, few, part)
        return result

    return checked


# ---- rows as frames


def frame_of(kind: str, rows: Sequence[Row], names: Sequence[str] = ("id",)) -> Any:
    """Rows as a frame; columns of mixed types are columns of Python's objects."""
    columns = {name: [row.get(name) for row in rows] for row in rows for name in row}
    columns = columns or {name: [] for name in names}
    if kind in ("polars", "lazy"):
        made = pl.DataFrame([_series(name, values) for name, values in columns.items()])
        return made.lazy() if kind == "lazy" else made
    if kind == "pandas_numpy":
        return pd.DataFrame(columns)
    objects = pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in columns.items()})
    return objects.convert_dtypes(dtype_backend="pyarrow") if kind == "pandas_arrow" else objects


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1 and kinds != {int, float}:
        return pl.Series(name, values, dtype=pl.Object)
    return pl.Series(name, values, strict=False)


def listed(table: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any kind; missing values are None."""
    made = nw.from_native(table)
    eager = made.collect() if isinstance(made, nw.LazyFrame) else made
    return [
        {name: None if value is pd.NA else value for name, value in row.items()}
        for row in eager.to_polars().to_dicts()
    ]


# ---- rows one by one


def told(result: FrameResult) -> dict[str, Any]:
    """What a result says, as plain values."""
    actions, suppressed = (listed(each) for each in (result.actions, result.suppressed))
    return {
        "actions": [tuple(row.values()) for row in actions],
        "suppressed": [tuple(row.values()) for row in suppressed],
        "labels": listed(result.labels),
        "faults": sorted({(fault.subject, fault.row) for fault in result.problems}),
        "undecided": {(rule, facts) for rule, each in result.notes.undecided.items() for facts in each},
        "ignored": {name: set(each) for name, each in result.notes.ignored.items()},
    }  # fmt: skip


def one_by_one(plan: DayPlan, tables: Tables) -> dict[str, Any]:
    """The same, from the evaluation of each row by itself with its child rows as lists."""
    good, faults = _sound(plan, tables)
    plan = _with_stores(plan, good)
    records = {name: [_with_children(plan, name, row, good) for row in good[name]] for name in good}
    subjects = plan.policy.vocabulary.subjects
    roots = [n for n in tables if n == "customer" or subjects[n].parent not in tables]
    decisions = [(root, evaluate(plan, record, root)) for root in roots for record in records[root]]
    done = {
        part: sorted(
            (
                tuple(action)[: len(COLUMNS)]
                for _, each in decisions
                for action in getattr(each, part)
            ),
            key=lambda row: row[0],
        )
        for part in ("actions", "suppressed")
    }
    return {
        **done,
        "labels": _labels(plan, tables, [each for _, each in decisions]),
        "faults": faults,
        "undecided": {
            (each.rule, each.facts) for _, made in decisions for each in made.undecided
        },
        "ignored": _ignored(plan, tables),
    }  # fmt: skip


def _sound(plan: DayPlan, tables: Tables) -> tuple[dict[str, list[Row]], list[tuple[str, int]]]:
    """The rows that can be read, each once, and the places of those that cannot."""
    good: dict[str, list[Row]] = {}
    faults: set[tuple[str, int]] = set()
    subjects = plan.policy.vocabulary.subjects
    for subject in sorted(tables, key=lambda name: list(subjects).index(name)):
        read: dict[str, list[tuple[int, Row, Any]]] = {}
        for number, row in enumerate(tables[subject], 1):
            try:
                snapshot = plan.snapshot(row, subject)
            except SnapshotError:
                faults.add((subject, number))
                identity = str(row.get("id") or "").strip()
                read.setdefault(identity, []).append((number, row, None))
                continue
            read.setdefault(snapshot.id, []).append((number, row, snapshot.facts))
        kept: list[tuple[int, Row, Any]] = []
        for same in read.values():
            if all(each[2] == same[0][2] for each in same) and same[0][2] is not None:
                kept.append(same[0])
            else:
                faults |= {(subject, number) for number, _, _ in same}
        parent = subjects[subject].parent
        if parent in good and subject != "customer":
            ids = {plan.snapshot(row, parent).id for row in good[parent]}
            orphans = [each for each in kept if each[2].get(f"{parent}_id") not in ids]
            faults |= {(subject, number) for number, _, _ in orphans}
            kept = [each for each in kept if each not in orphans]
        good[subject] = [row for _, row, _ in sorted(kept, key=lambda each: each[0])]
    return good, sorted(faults)


def _with_stores(plan: DayPlan, good: Mapping[str, Sequence[Row]]) -> DayPlan:
    """The plan with the table of stores as reference data, for the rows of their customers."""
    if "store" not in good:
        return plan
    return compile_day(plan.policy, plan.on, plan.since, {"store": good["store"]})


def _with_children(plan: DayPlan, subject: str, row: Row, good: Mapping[str, Sequence[Row]]) -> Row:
    identity = plan.snapshot(row, subject).id
    record = dict(row)
    for child in plan.policy.vocabulary.children_of(subject):
        if child.name in good:
            own = [
                _with_children(plan, child.name, each, good)
                for each in good[child.name]
                if plan.snapshot(each, child.name).facts.get(child.link) == identity
            ]
            record[child.listed_as] = own
    return record


def _labels(plan: DayPlan, tables: Tables, decisions: Iterable[Any]) -> list[dict[str, Any]]:
    facts: dict[str, tuple[str, str]] = {}
    for label in plan.policy.labels:
        if label.subject in tables:
            facts[label.name] = (label.subject, label.computed)
            if label.standing:
                facts[f"{label.name}.standing"] = (label.subject, label.standing)
            facts |= {f"{label.name}.{way}": (label.subject, fact) for way, fact in label.ways}
    day, found = plan.day(plan.on), {}
    for decision in decisions:
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


def _ignored(plan: DayPlan, tables: Tables) -> dict[str, set[str]]:
    declared = plan.policy.vocabulary.declarations
    found = {
        name: {column for row in rows for column in row} - set(declared[name]) - {"id"}
        for name, rows in tables.items()
    }
    return {name: columns for name, columns in found.items() if columns}
