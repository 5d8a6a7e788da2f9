# SPDX-License-Identifier: Apache-2.0
"""Labels in frames: of the caller's kind, sorted as the handbook orders their words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat

UNKNOWN = "?"  # the word of records whose label is not known
Words = Mapping[str, Sequence[str]]  # by column


def finished(frame: Frame, words: Words, kind: FrameFormat) -> Any:
    """The frame as the caller's kind, its words as ordered categories."""
    native = kind.finish(frame)
    if nw.from_native(native).implementation.is_polars():
        import polars as pl

        return native.with_columns(
            pl.col(name).cast(pl.Enum([*dict.fromkeys(of)])) for name, of in words.items()
        )
    if nw.from_native(native).implementation.is_pandas():
        import pandas as pd

        kinds = {
            n: pd.CategoricalDtype([*dict.fromkeys(of)], ordered=True) for n, of in words.items()
        }
        return native.astype(kinds)
    return _of_arrow(native, words)


def cells(frame: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The names and rows of a frame of any kind in memory; what is missing is None."""
    known = nw.from_native(frame)
    eager = known.collect() if isinstance(known, nw.LazyFrame) else known
    columns = [_values(eager[name]) for name in eager.columns]
    return eager.columns, [*zip(*columns, strict=True)]


def _values(column: nw.Series[Any]) -> list[Any]:
    lacks = column.is_null().to_list()
    return [
        None if lacking else _cell(each)
        for each, lacking in zip(column.to_list(), lacks, strict=True)
    ]


def _cell(value: Any) -> Any:
    """Decimals without the places that a column has for others."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else value.normalize()


def _of_arrow(table: Any, words: Words) -> Any:
    import pyarrow as pa

    for name, of in words.items():
        known = [*dict.fromkeys(of)]
        places = [None if v is None else known.index(v) for v in table[name].to_pylist()]
        column = pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), known, ordered=True)
        table = table.set_column(table.column_names.index(name), name, column)
    return table
