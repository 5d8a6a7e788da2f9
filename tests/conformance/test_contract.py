# SPDX-License-Identifier: Apache-2.0
"""What comes back of every kind of frame: the caller's kind, all columns in their order and types."""

from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd
import pytest

from conformance.backends import EACH, Backend, Column, Columns
from conformance.cases import loaded
from loyaltyrules import FrameResult, compile_day, evaluate_frame

ACTIONS = (
    "action_id", "policy", "rule", "subject", "subject_id", "customer_id", "store_id", "kind",
    "channel", "template", "gift", "value", "from_value", "to_value", "role", "approver_role",
    "status", "due_on", "window_end", "deadline", "priority", "reason", "source", "origin",
    "policy_version", "merged_into", "suppressed_by", "occurrence", "send_from",
    "send_until", "figures", "assignee",
)  # fmt: skip
FAULTS = ("subject", "row", "id", "field", "value", "code", "reason")
LABELS = ("subject", "subject_id", "size", "tier", "tier.standing", "tier.points")
TYPES = {"priority": nw.Int64, "row": nw.Int64, "due_on": nw.Date, "window_end": nw.Date}
ON = date(2027, 2, 5)
POLICY = """
format: 1
policy: plain
language: en
facts:
  customer:
    grade: {type: [A, B]}
    points: {type: whole}
labels:
  size: {for: customer, values: [large, small], cases: {large: points >= 100, small: rest}}
  tier: {for: customer, values: [A, B], standing: grade, ways: {points: {bands: points, A: 100, B: rest}}}
rules:
  thank: {for: customer, if: points >= 100, once_per: month, do: {do: task.thank, value: points}}
  eve:   {for: customer, at: daily, do: eve}
words:
  eve: {kind: task.eve}
gate:
  - {hold: small, which: kind = task.eve and size = small}
"""
FULL: Columns = {
    "id": Column("text", ["c1", "c2", "c3"]), "grade": Column("text", ["A", "B", "D"]),
    "points": Column("int64", [100, 99, 5]),
}  # fmt: skip
EMPTY: Columns = {"id": Column("text", []), "points": Column("int64", [])}
UNTYPED: Columns = {"id": Column("null", []), "grade": Column("null", [])}
FRAMES = {"actions": ACTIONS, "suppressed": ACTIONS, "labels": LABELS, "faults": FAULTS}


def evaluated(backend: Backend, columns: Columns) -> FrameResult:
    return evaluate_frame(compile_day(loaded(POLICY), ON), backend.make(columns))


def schema_of(frame: Any) -> dict[str, Any]:
    of_dask = nw.dependencies.is_dask_dataframe(frame)  # which Narwhals gives up
    return dict(nw.from_native(frame._meta if of_dask else frame).collect_schema())


INSTANTS = dict.fromkeys(("due_on", "window_end"), nw.Datetime("s"))


def plain_pandas(frame: Any) -> bool:
    """True of a frame of pandas without columns of Arrow's types."""
    own = isinstance(frame, pd.DataFrame)
    return own and not any(isinstance(each, pd.ArrowDtype) for each in frame.dtypes)


@EACH
@pytest.mark.parametrize("columns", [FULL, EMPTY, UNTYPED], ids=["full", "empty", "untyped"])
def test_every_result_has_all_columns_in_their_types(backend: Backend, columns: Columns) -> None:
    result = evaluated(backend, columns)
    types = {**TYPES, **(INSTANTS if plain_pandas(backend.make(columns)) else {})}
    for part, names in FRAMES.items():
        schema = schema_of(getattr(result, part))
        assert tuple(schema) == names
        assert schema == {name: types.get(name, nw.String) for name in schema}


@EACH
@pytest.mark.parametrize("columns", [FULL, EMPTY], ids=["full", "empty"])
def test_the_callers_kind_of_frame_comes_back(backend: Backend, columns: Columns) -> None:
    result, given = evaluated(backend, columns), backend.make(columns)
    for part in FRAMES:
        assert type(getattr(result, part)) is type(given)


@EACH
def test_the_frame_that_was_handed_in_stays_as_it_was(backend: Backend) -> None:
    given = backend.make(FULL)
    before = backend.rows(given)
    evaluate_frame(compile_day(loaded(POLICY), ON), given)
    assert backend.rows(given) == before


@EACH
def test_what_the_plain_policy_says_is_what_every_kind_says(backend: Backend) -> None:
    result = evaluated(backend, FULL)
    actions, held, faults = map(backend.rows, (result.actions, result.suppressed, result.faults))
    assert [(row["subject_id"], row["kind"], row["value"]) for row in actions] == [
        ("c1", "task.eve", None), ("c1", "task.thank", "100"),
    ]  # fmt: skip
    assert [(row["subject_id"], row["suppressed_by"]) for row in held] == [("c2", "gate.small")]
    assert [(row["row"], row["id"], row["field"], row["code"]) for row in faults] == [
        (3 if backend.numbered else None, "c3", "grade", "LR403")
    ]


@EACH
def test_ids_that_are_numbers_stay_as_they_are_written(backend: Backend) -> None:
    columns = {
        "id": Column("int64", [900000000000000001, 7]),
        "points": Column("int64", [100, 100]),
    }
    result = evaluated(backend, columns)
    found = {row["subject_id"] for row in backend.rows(result.labels)}
    assert found == {"900000000000000001", "7"}
