# SPDX-License-Identifier: Apache-2.0
"""Rows for plans and changes come from frames of every kind, and say what tables say of them."""

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from loyaltyrules import SnapshotError
from loyaltyrules.fact.rows import rows_of

TABLE = pl.DataFrame({
    "id": ["a", "b"], "amount": pl.Series([0.1, 2.5], dtype=pl.Float32), "count": [1, None],
})  # fmt: skip
EXPECTED = [
    {"id": "a", "amount": 0.1, "count": 1},
    {"id": "b", "amount": 2.5, "count": None},
]


def _duckdb() -> Any:
    connection = duckdb.connect()
    connection.register("given", TABLE.to_arrow())
    return connection.table("given")


def _dask() -> Any:
    dask = pytest.importorskip("dask.dataframe")
    return dask.from_pandas(TABLE.to_pandas(), npartitions=2)


KINDS: dict[str, Callable[[], Any]] = {
    "polars": lambda: TABLE, "lazy": TABLE.lazy, "arrow": TABLE.to_arrow, "pandas": TABLE.to_pandas,
    "duckdb": _duckdb, "dask": _dask,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_of_any_kind_has_rows_and_short_floats_mean_what_they_say(kind: str) -> None:
    found = [
        {name: None if value != value else value for name, value in row.items()}
        for row in rows_of(KINDS[kind]())
    ]
    assert found == EXPECTED


TWICE = {
    "pandas": pd.DataFrame([["a", 1, 2]], columns=["id", "grade", "grade"]),
    "arrow": pl.DataFrame({"id": ["a"], "grade": [1], "x": [2]}).to_arrow()
    .rename_columns(["id", "grade", "grade"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", TWICE)
def test_columns_of_one_name_are_refused(kind: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        rows_of(TWICE[kind])
    (fault,) = caught.value.problems
    assert (fault.code, dict(fault.details)) == ("LR425", {"names": "grade"})


@pytest.mark.parametrize("value", ["x", {"id": "a"}, 5, None, np.array(5)], ids=repr)
def test_what_is_no_table_is_told(value: Any) -> None:
    with pytest.raises(SnapshotError) as caught:
        rows_of(value)
    assert [each.code for each in caught.value.problems] == ["LR413"]


def test_records_stay_as_they_are() -> None:
    record = {"id": "a"}
    assert rows_of(iter([record]))[0] is record
