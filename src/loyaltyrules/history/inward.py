# SPDX-License-Identifier: Apache-2.0
"""The columns of a raw table that are read, in a kind of frame and in types that can be read."""

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.fact.coerce import is_missing
from loyaltyrules.history.errors import HistoryError
from loyaltyrules.history.frames import Frame
from loyaltyrules.host.text import text_of
from loyaltyrules.problem.problem import problem

NEVER = (nw.Binary, nw.Duration, nw.Time, nw.List, nw.Array, nw.Struct)  # types of no raw cell
EXPECTED = {"amount": "number", "occurred_at": "date", "at": "date", "points_earned": "whole",
            "returned": "yes/no"}  # fmt: skip


def inward(table: str, frame: Frame, columns: Sequence[str]) -> Frame:
    """Keep the columns to be read, in a kind of frame that knows missing values.

    A column of Python's own objects, of whatever types, becomes a column of their texts.

    Raises:
        HistoryError: a column is of a type that no cell of it has (LR424).
    """
    kept = frame.select(*columns)
    if isinstance(kept, nw.DataFrame) and kept.implementation.is_pandas():
        kept = _arrow(kept)
    _refuse(table, kept)
    return with_texts(kept, columns)


def _refuse(table: str, frame: Frame) -> None:
    wrong = [
        problem("LR424", None, name=name, subject=table, found=dtype, expected=EXPECTED.get(name, "text"))
        for name, dtype in frame.collect_schema().items()
        if isinstance(dtype, NEVER)
    ]  # fmt: skip
    if wrong:
        raise HistoryError(wrong)


def _arrow(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """A pandas frame as an Arrow table; what Arrow cannot hold as texts."""
    import pyarrow as pa  # the caller has pandas

    columns = {}
    for name in frame.columns:
        series = frame[name].to_native()
        try:
            columns[name] = pa.array(series, from_pandas=True)
        except (pa.ArrowException, OverflowError, ValueError, TypeError):
            columns[name] = pa.array(_texts(series.tolist()), pa.string())
    return nw.from_native(pa.table(columns), eager_only=True)


def with_texts(frame: Frame, names: Iterable[str]) -> Frame:
    """The frame with those of the columns that hold Python's own objects as columns of texts."""
    schema = frame.collect_schema()
    objects = [name for name in names if isinstance(schema.get(name), nw.Object | nw.Unknown)]
    if not objects:
        return frame
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    texts = [
        nw.new_series(name, _texts(eager[name].to_list()), nw.String, backend=eager.implementation)
        for name in objects
    ]
    found = eager.with_columns(*texts)
    return found.lazy() if isinstance(frame, nw.LazyFrame) else found


def _texts(values: Iterable[Any]) -> list[str | None]:
    return [None if is_missing(each) else text_of(each) for each in values]
