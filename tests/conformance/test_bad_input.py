# SPDX-License-Identifier: Apache-2.0
"""Tables that cannot be read are refused with what is wrong, where, and how to mend it."""

import sys
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from conformance.backends import EACH, SOME, Backend, Column
from conformance.cases import loaded
from loyaltyrules import DayPlan, FrameError, compile_day, evaluate_frame

POLICY = """
format: 1
policy: plain
language: en
subjects:
  purchase: {of: customer}
facts:
  customer:
    points: {type: whole}
    joined_on: {type: date}
    spent: {sum: purchase.paid}
  purchase:
    paid: {type: money}
rules:
  thank: {for: customer, if: points >= 100, once_per: month, do: {do: task.thank, value: points}}
  old:   {for: customer, if: joined_on + 1 year <= today, once_per: month, do: task.old}
  rich:  {for: customer, if: spent >= 100, once_per: month, do: task.rich}
  paid:  {for: purchase, if: paid > 1, once_per: id, do: task.paid}
"""
IDS = ["c1", "c2"]
CUSTOMER, PURCHASE = {"id": IDS}, {"id": ["p1"], "customer_id": ["c1"], "paid": [5]}


@pytest.fixture(scope="module")
def plan() -> DayPlan:
    return compile_day(loaded(POLICY), date(2027, 2, 5))


def refused(plan: DayPlan, table: Any) -> str:
    """All that is said of a table that is refused."""
    with pytest.raises(FrameError) as caught:
        evaluate_frame(plan, table)
    return str(caught.value)


# ---- a missing column


@EACH
def test_a_table_without_ids_is_refused(plan: DayPlan, backend: Backend) -> None:
    table = backend.make({"points": Column("int64", [5])})
    assert "no column 'id'" in refused(plan, table)


@SOME
def test_rules_that_lack_a_column_are_named_with_it(plan: DayPlan, backend: Backend) -> None:
    result = evaluate_frame(plan, backend.make({"id": Column("text", IDS)}))
    assert result.notes.undecided["thank"] == {("points",): 2}


def test_a_missing_link_names_the_rules_that_need_it(plan: DayPlan) -> None:
    frames = {"customer": pl.DataFrame(CUSTOMER), "purchase": pl.DataFrame({"id": ["p1"]})}
    said = refused(plan, frames)
    assert "customer_id" in said
    assert "paid" in said and "rich" in said


def test_a_missing_column_of_dates_is_told_with_the_rules_that_need_it(plan: DayPlan) -> None:
    notes = evaluate_frame(plan, pl.DataFrame(CUSTOMER)).notes
    assert notes.missing["customer"] == {"joined_on": ("old",), "points": ("thank",)}


def test_a_missing_column_tells_the_near_name(plan: DayPlan) -> None:
    assert "'ID'" in refused(plan, pl.DataFrame({"ID": IDS}))


# ---- a wrong type


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [("points", ["x", "y"], "whole number"), ("joined_on", [20270205, 1], "date"),
     ("points", [True, False], "whole number")],
)  # fmt: skip
def test_a_value_of_a_wrong_type_names_column_and_expected(
    plan: DayPlan, name: str, values: list[Any], expected: str
) -> None:
    faults = evaluate_frame(plan, pl.DataFrame({"id": IDS, name: values})).faults.to_dicts()
    assert [each["field"] for each in faults] == [name, name]
    assert all(name in each["reason"] and expected in each["reason"] for each in faults)


@pytest.mark.parametrize(
    ("name", "values", "expected", "found"),
    [("joined_on", [timedelta(1)] * 2, "date", "Duration"), ("points", [b"x"] * 2, "whole", "Binary"),
     ("points", [{"a": 1}] * 2, "whole", "Struct"), ("joined_on", [[1], [2]], "date", "List")],
)  # fmt: skip
def test_a_column_of_a_wrong_type_names_the_type_that_was_found(
    plan: DayPlan, name: str, values: list[Any], expected: str, found: str
) -> None:
    said = refused(plan, pl.DataFrame({"id": IDS, name: values}))
    assert "LR424" in said and all(each in said for each in (name, expected, found))


# ---- no kind of frame


@pytest.mark.parametrize(
    ("table", "name"),
    [([{"id": "c1"}], "list"), (None, "NoneType"), (5, "int"), ("customer.csv", "str"),
     (pl.Series("id", IDS), "Series"), (pd.Series(IDS), "Series"), (np.zeros((2, 2)), "ndarray"),
     (pa.record_batch(CUSTOMER), "RecordBatch"), ({"customer": None}, "NoneType"), ({}, "{}")],
    ids=str,
)  # fmt: skip
def test_an_unknown_kind_of_frame_is_refused_by_name(plan: DayPlan, table: Any, name: str) -> None:
    assert name in refused(plan, table)


def test_the_remedy_names_every_kind_of_frame(plan: DayPlan) -> None:
    said = refused(plan, 5).lower()
    assert all(kind in said for kind in ("polars", "pandas", "arrow"))


def test_a_mapping_of_columns_is_told_to_be_no_frame(plan: DayPlan) -> None:
    assert "list" in refused(plan, CUSTOMER)


@pytest.mark.parametrize(
    "table",
    [{1: pl.DataFrame(CUSTOMER)},
     {"customer": pl.DataFrame(CUSTOMER), "purchase": pd.DataFrame(PURCHASE)},
     {"customer": pd.DataFrame(CUSTOMER), "purchase": pl.DataFrame(PURCHASE)}],
    ids=["a key that is no text", "pandas below Polars", "Polars below pandas"],
)  # fmt: skip
def test_tables_that_do_not_go_together_are_refused(plan: DayPlan, table: Any) -> None:
    refused(plan, table)


@pytest.mark.parametrize(
    "table",
    [pd.DataFrame([["a", 1, 2]], columns=["id", "points", "points"]),
     pa.table([pa.array(["a"])] * 3, names=["id", "points", "points"])],
    ids=["pandas", "arrow"],
)  # fmt: skip
def test_columns_of_the_same_name_are_refused_by_name(plan: DayPlan, table: Any) -> None:
    assert "points" in refused(plan, table)


def test_a_column_named_by_a_number_is_ignored_like_others(plan: DayPlan) -> None:
    result = evaluate_frame(plan, pd.DataFrame([["c1", 1]], columns=["id", 0]))
    assert result.notes.ignored == {"customer": {"0": ""}}


@EACH
def test_a_subject_that_the_policy_lacks_is_refused_with_the_near_name(
    plan: DayPlan, backend: Backend
) -> None:
    table = backend.make({"id": Column("text", IDS)})
    assert "'purchases'" in refused(plan, {"customer": table, "purchases": table})


# ---- a missing extra


def test_pandas_without_arrow_names_the_line_that_installs_it(
    plan: DayPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = refused(plan, pd.DataFrame(CUSTOMER))
    assert "pip install 'loyaltyrules[" in said
