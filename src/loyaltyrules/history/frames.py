# SPDX-License-Identifier: Apache-2.0
"""Raw tables on their way in, facts on their way out, whatever kind of frame the caller uses.

pandas with NumPy types turns comparisons with a missing value into False, so pandas tables are
computed as Arrow tables and come back with Arrow types. Other kinds (Polars eager and lazy, Arrow)
stay as they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from narwhals.stable.v2.dtypes import DType
from narwhals.stable.v2.typing import IntoFrame

from loyaltyrules.history.columns import Column
from loyaltyrules.history.errors import (
    FaultyColumnError,
    HistoryError,
    MissingColumnError,
    MissingTableError,
)

Frame: TypeAlias = nw.DataFrame[Any] | nw.LazyFrame[Any]


def wrap(tables: Mapping[str, IntoFrame], names: Sequence[str]) -> dict[str, Frame]:
    """Take the known tables, all of one kind of frame; others are left alone.

    Raises:
        MissingTableError: the first of `names`, which is required, was not given.
        HistoryError: the tables are of different kinds, or one is no frame.
    """
    if names[0] not in tables:
        raise MissingTableError(names[0], tables)
    frames = {name: _wrapped(name, tables[name]) for name in names if name in tables}
    kinds = {(frame.implementation, isinstance(frame, nw.LazyFrame)) for frame in frames.values()}
    if len(kinds) > 1:
        names_given = ", ".join(frames)
        raise HistoryError(f"tables {names_given} must be one kind of frame; convert them first")
    return frames


def require(table: str, frame: Frame, columns: Sequence[str]) -> Mapping[str, DType]:
    """Give the schema of a table that must have certain columns.

    Raises:
        MissingColumnError: a column is not there.
    """
    schema = frame.collect_schema()
    for column in columns:
        if column not in schema:
            raise MissingColumnError(table, column, schema)
    return schema


def check(table: str, frame: Frame, columns: Sequence[Column]) -> None:
    """Count the faulty cells of all columns in one pass (which a lazy frame runs at once).

    Raises:
        FaultyColumnError: some column has a faulty cell; all columns are told together.
    """
    doubtful = {c.name: (_faults(c.sound), c.wanted) for c in columns if c.sound is not None}
    if not doubtful:
        return
    counts = frame.select(**{name: faults for name, (faults, _) in doubtful.items()})
    row = counts.lazy().collect().rows(named=True)[0]
    faulty = [(name, int(row[name]), doubtful[name][1]) for name in row if row[name]]
    if faulty:
        raise FaultyColumnError(table, faulty)


def inward(frame: Frame, columns: Sequence[str]) -> Frame:
    """Keep the columns to be read, in a kind of frame that knows missing values."""
    kept = frame.select(*columns)
    if isinstance(kept, nw.DataFrame) and kept.implementation.is_pandas():
        arrow: Frame = nw.from_native(kept.to_arrow(), eager_only=True)
        return arrow
    return kept


def outward(frame: Frame, like: Frame) -> Frame:
    """Bring a computed frame back to the kind of `like`."""
    if not like.implementation.is_pandas():
        return frame
    arrow_type = nw.get_native_namespace(like).ArrowDtype
    # Text stays of pandas' own type, so that ids join and keep the type they came with.
    native = frame.to_native().to_pandas(
        types_mapper=lambda kind: None if str(kind).endswith("string") else arrow_type(kind)
    )
    back: Frame = nw.from_native(native, eager_only=True)
    return back


def _wrapped(name: str, table: IntoFrame) -> Frame:
    """Wrap one table, naming it where it is no frame."""
    try:
        return nw.from_native(table)
    except TypeError as error:
        kind = type(table).__name__
        message = f"table '{name}' is a {kind}; pass a data frame"
        raise HistoryError(message) from error


def _faults(sound: nw.Expr) -> nw.Expr:
    """Count the cells that are not sound; an undecided one is not."""
    one, zero = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    return nw.when(sound.fill_null(False)).then(zero).otherwise(one).sum()
