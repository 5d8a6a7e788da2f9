# SPDX-License-Identifier: Apache-2.0
"""Kinds of data frame: for each a name, how plain columns become its frame, and how rows are read back.

To add one, write the two functions and a line in `BACKENDS`; the whole folder then runs on it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from conformance import engines
from effort import each


class Column(NamedTuple):
    """Plain values, None where missing, and the name of the type they come in: a key of the tables below."""

    dtype: str
    values: Sequence[Any]


Columns = Mapping[str, Column]
MIXED = "mixed"  # values of several types in one column
DTYPES = (
    "text", "category", "enum", "int8", "uint16", "int64", "uint64", "float64", "bool", "date", "datetime",
    "instant", "decimal", "texts", "null", MIXED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Backend:
    """One kind of data frame.

    `make` builds a frame of columns; `rows` reads one back as mappings, missing values as None;
    `lacks` names the types that it cannot hold: no table with them is made. `examples` is how many
    policies it tries with all effort. `numbered` is False where rows come in no order, so that
    faults have no row number. `marks` are those of its tests.
    """

    name: str
    make: Callable[[Columns], Any]
    rows: Callable[[Any], list[dict[str, Any]]]
    examples: int = 20
    lacks: frozenset[str] = frozenset()
    numbered: bool = True
    marks: Sequence[pytest.MarkDecorator] = ()

    def __repr__(self) -> str:
        return self.name

    @property
    def holds(self) -> tuple[str, ...]:
        """The types of column that this kind of frame can hold."""
        return tuple(each for each in DTYPES if each not in self.lacks)


# ---- Polars

POLARS: Mapping[str, Any] = {
    "text": pl.String, "category": pl.Categorical, "int8": pl.Int8, "uint16": pl.UInt16,
    "int64": pl.Int64, "uint64": pl.UInt64, "float64": pl.Float64, "bool": pl.Boolean, "date": pl.Date,
    "datetime": pl.Datetime("us"), "instant": pl.Datetime("us", "UTC"), "decimal": pl.Decimal(30, 6),
    "texts": pl.List(pl.String), "null": pl.Null, MIXED: pl.Object,
}  # fmt: skip


def polars(columns: Columns) -> pl.DataFrame:
    """A Polars frame."""
    return pl.DataFrame(
        [pl.Series(name, each.values, dtype=_polars(each)) for name, each in columns.items()]
    )


def _polars(column: Column) -> Any:
    if column.dtype == "enum":
        return pl.Enum(sorted({each for each in column.values if each is not None}))
    return POLARS[column.dtype]


def lazy(columns: Columns) -> pl.LazyFrame:
    """A lazy Polars frame."""
    return polars(columns).lazy()


# ---- pandas and Arrow

ARROW: Mapping[str, Any] = {
    "text": pa.string(), "category": pa.dictionary(pa.int32(), pa.string()),
    "enum": pa.dictionary(pa.int8(), pa.large_string()), "int8": pa.int8(),
    "uint16": pa.uint16(), "int64": pa.int64(), "uint64": pa.uint64(), "float64": pa.float64(),
    "bool": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("us"),
    "instant": pa.timestamp("us", "UTC"), "decimal": pa.decimal128(30, 6),
    "texts": pa.list_(pa.string()), "null": pa.null(),
}  # fmt: skip
NUMPY: Mapping[str, str] = {
    "category": "category", "enum": "category", "float64": "float64",
    "datetime": "datetime64[us]",
    "date": "datetime64[s]", "instant": "datetime64[us, UTC]",
}  # fmt: skip
NULLABLE: Mapping[str, str] = {
    "text": "string", "category": "category", "enum": "category", "int8": "Int8", "uint16": "UInt16",
    "int64": "Int64", "uint64": "UInt64", "float64": "Float64", "bool": "boolean",
    "datetime": "datetime64[us]",
    "instant": "datetime64[us, UTC]",
}  # fmt: skip


def pyarrow(columns: Columns) -> pa.Table:
    """An Arrow table."""
    return pa.table({n: pa.array(each.values, ARROW[each.dtype]) for n, each in columns.items()})


def pandas_objects(columns: Columns) -> pd.DataFrame:
    """A pandas frame whose columns are all of Python's objects."""
    return _pandas({n: pd.Series(each.values, dtype=object) for n, each in columns.items()})


def pandas_arrow(columns: Columns) -> pd.DataFrame:
    """A pandas frame of Arrow's types; mixed columns are objects."""
    return _pandas({
        name: pd.Series(each.values, dtype=object) if each.dtype == MIXED
        else pd.Series(pd.arrays.ArrowExtensionArray(pa.array(each.values, ARROW[each.dtype])))
        for name, each in columns.items()
    })  # fmt: skip


def pandas_numpy(columns: Columns) -> pd.DataFrame:
    """A pandas frame as of old: whole numbers with gaps are floats, yes/no with gaps are objects."""
    return _pandas({name: _numpy(each) for name, each in columns.items()})


def _numpy(column: Column) -> pd.Series:
    gaps = any(value is None for value in column.values)
    if column.dtype in ("int8", "uint16", "int64", "uint64", "bool"):
        whole = "object" if column.dtype == "bool" else "float64"
        return pd.Series(column.values, dtype=whole if gaps else column.dtype)
    return pd.Series(column.values, dtype=NUMPY.get(column.dtype, "object"))


def pandas_nullable(columns: Columns) -> pd.DataFrame:
    """A pandas frame of the types with `pd.NA`."""
    return _pandas({
        name: pd.Series(each.values, dtype=NULLABLE.get(each.dtype, "object"))
        for name, each in columns.items()
    })  # fmt: skip


def _pandas(columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame(dict(columns))


DAYS = ("due_on", "window_end")


def read_by_narwhals(table: Any) -> list[dict[str, Any]]:
    """The rows of a frame that Narwhals knows."""
    made = nw.from_native(table)
    eager = made.collect() if isinstance(made, nw.LazyFrame) else made
    table = eager.to_polars()
    days = [name for name in DAYS if name in table.columns]  # instants, in pandas
    return [
        {name: None if value is pd.NA else value for name, value in row.items()}
        for row in table.with_columns(pl.col(days).cast(pl.Date)).to_dicts()
    ]


# ---- engines that carry tables to the kernel


def duckdb(columns: Columns) -> Any:
    """A relation of DuckDB."""
    return engines.on_duckdb(pyarrow(columns))


def dask_arrow(columns: Columns) -> Any:
    """A Dask frame of Arrow's types."""
    return engines.on_dask(pandas_arrow(columns))


def dask_numpy(columns: Columns) -> Any:
    """A Dask frame as of old; Dask makes texts of Python's objects."""
    return engines.on_dask(pandas_numpy(columns))


def spark(columns: Columns) -> Any:
    """A frame of Spark."""
    return engines.on_spark(pyarrow(columns))


def engine(
    name: str, make: Callable[[Columns], Any], examples: int, *lacks: str,
    marks: Sequence[pytest.MarkDecorator] = engines.ENGINE,
) -> Backend:  # fmt: skip
    """One of the engines: their rows have no order."""
    known = frozenset({MIXED, *lacks})
    return Backend(name, make, engines.read_sorted, examples, known, False, marks)


# ---- the table of all; further kinds of frame come here, those in another process with few examples

BACKENDS: tuple[Backend, ...] = (
    Backend("polars", polars, read_by_narwhals),
    Backend("polars_lazy", lazy, read_by_narwhals),
    Backend("pandas_objects", pandas_objects, read_by_narwhals),
    Backend("pandas_arrow", pandas_arrow, read_by_narwhals),
    Backend("pandas_numpy", pandas_numpy, read_by_narwhals),
    Backend("pandas_nullable", pandas_nullable, read_by_narwhals),
    Backend("pyarrow", pyarrow, read_by_narwhals, lacks=frozenset({MIXED})),
    engine("duckdb", duckdb, 10),
    engine("dask_arrow", dask_arrow, 4),
    engine("dask_numpy", dask_numpy, 2, "texts"),
    engine("spark", spark, 3, "uint16", "uint64", marks=engines.ON_SPARK),
)


def on(backends: Sequence[Backend]) -> pytest.MarkDecorator:
    """A test for each of these kinds of frame."""
    made = [pytest.param(each, id=each.name, marks=each.marks) for each in backends]
    return pytest.mark.parametrize("backend", made)


EACH = on(BACKENDS)
SOME = on(each(BACKENDS, 3))  # for what differs with values more than with frames
