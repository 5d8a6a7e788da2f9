# SPDX-License-Identifier: Apache-2.0
"""Raw tables on their way in, facts on their way out, whatever kind of frame the caller uses.

pandas with NumPy types turns comparisons with a missing value into False, so pandas tables are
computed as Arrow tables and come back with Arrow types. Other kinds (Polars eager and lazy, Arrow)
stay as they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from narwhals.stable.v2.dtypes import DType
from narwhals.stable.v2.typing import IntoFrame

from loyaltyrules.fact.snapshot import shown
from loyaltyrules.history.columns import Column
from loyaltyrules.history.errors import (
    FaultyColumnError,
    HistoryError,
    MissingColumnError,
    MissingTableError,
)
from loyaltyrules.host.text import text_of
from loyaltyrules.problem.problem import Problem, nearest, problem

Frame: TypeAlias = nw.DataFrame[Any] | nw.LazyFrame[Any]
_BAD, _ROWS = "__bad", "__rows"


def wrap(tables: Mapping[str, IntoFrame], names: Sequence[str]) -> dict[str, Frame]:
    """Take the known tables, all of one kind of frame; others are left alone.

    Raises:
        MissingTableError: the first of `names`, which is required, was not given.
        HistoryError: the tables are of different kinds (LR432), one is no frame (LR433), or has
            several columns of one name (LR425).
    """
    if not isinstance(tables, Mapping):
        found = type(tables).__name__
        raise HistoryError([problem("LR433", None, table=names[0], found=found)])
    if names[0] not in tables:
        given = ", ".join(sorted(map(text_of, tables))) or "–"
        raise MissingTableError([problem("LR430", None, table=names[0], names=given)])
    frames = {name: _wrapped(name, tables[name]) for name in names if name in tables}
    kinds = {(frame.implementation, isinstance(frame, nw.LazyFrame)) for frame in frames.values()}
    if len(kinds) > 1:
        told = ", ".join(f"{name} ({_kind(tables[name])})" for name in frames)
        raise HistoryError([problem("LR432", None, names=told)])
    return frames


def require(table: str, frame: Frame, columns: Sequence[str]) -> Mapping[str, DType]:
    """Give the schema of a table that must have certain columns.

    Raises:
        MissingColumnError: columns are not there (LR431); all are told together.
    """
    schema = frame.collect_schema()
    missing = [column for column in columns if column not in schema]
    if missing:
        details = {"table": table, "names": ", ".join(map(shown, schema)) or "–"}
        raise MissingColumnError(
            problem("LR431", None, name=each, near=nearest(each, schema), **details)
            for each in missing
        )
    return schema


def sound_rows(
    table: str, frame: Frame, columns: Sequence[Column], identity: str
) -> tuple[Frame, tuple[Problem, ...]]:
    """The rows of which every cell can be read, and what is told of the others.

    All columns are counted in one pass (which a lazy frame runs at once); each faulty one is told
    with its first such row and the id in the column `identity`.

    Raises:
        FaultyColumnError: more than half of the rows have a faulty cell, or a column is of a wrong
            type; all columns are told together.
    """
    doubtful = {c.name: c for c in columns if c.sound is not None}
    if not doubtful:
        return frame, ()
    row = _counts(frame, doubtful)
    bad, rows = row.pop(_BAD), row.pop(_ROWS)
    if not bad:
        return frame, ()
    faults = [_first(frame, doubtful[name], identity, row[name]) for name in row if row[name]]
    told = [problem(code, None, table=table, **at) for code, at in faults]
    if 2 * bad > rows or any(doubtful[name].by_type for name in row if row[name]):
        raise FaultyColumnError(told)
    kept = frame.filter(*(_sound(each) for each in doubtful.values()))
    return kept, (problem("LR445", None, table=table, count=bad, rows=rows), *told)


def _counts(frame: Frame, columns: Mapping[str, Column]) -> dict[str, int]:
    """How many cells of each column are faulty, how many rows have one, and how many there are."""
    sums = {name: _faulty(each).sum() for name, each in columns.items()}
    sound = nw.all_horizontal(*map(_sound, columns.values()), ignore_nulls=False)
    counted = frame.select(**sums, **{_BAD: (~sound).cast(nw.Int64).sum(), _ROWS: nw.len()})
    found: dict[str, int] = counted.lazy().collect().rows(named=True)[0]
    return {name: count or 0 for name, count in found.items()}


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
    except TypeError as fault:
        raise HistoryError([problem("LR433", None, table=name, found=_kind(table))]) from fault
    except nw.exceptions.DuplicateError as fault:
        raise HistoryError([_repeated(table)]) from fault


def _repeated(table: Any) -> Problem:
    """Tell the columns that have the same name."""
    names = getattr(table, "column_names", None) or list(table.columns)
    twice = [shown(name) for name, count in Counter(names).items() if count > 1]
    return problem("LR425", None, names=", ".join(twice))


def _kind(table: object) -> str:
    """Name the kind of a table as its caller knows it, e.g. `polars.DataFrame`."""
    kind = type(table)
    package = kind.__module__.split(".")[0]
    return kind.__name__ if package == "builtins" else f"{package}.{kind.__name__}"


def _sound(column: Column) -> nw.Expr:
    """True for a cell that is sound; an undecided one is not."""
    return nw.lit(True) if column.sound is None else column.sound.fill_null(False)


def _faulty(column: Column) -> nw.Expr:
    """Give 1 for a cell that is not sound, else 0."""
    one, zero = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    return nw.when(_sound(column)).then(zero).otherwise(one)


def _first(
    frame: Frame, column: Column, identity: str, count: int
) -> tuple[str, dict[str, object]]:
    """Find the first row whose cell is a fault: its number from 1, its id and what the cell holds."""
    cells = {"id": nw.col(identity), "value": nw.col(column.name)}
    texts = {name: cell.cast(nw.String) for name, cell in cells.items()}
    rows = frame.select(**texts, faulty=_faulty(column)).lazy().collect().with_row_index("row")
    found = rows.filter(nw.col("faulty") == 1).head(1).rows(named=True)[0]
    told = {"id": found["id"] or "–", "value": shown(found["value"] or ""), "row": found["row"] + 1}
    return column.code, {"field": column.name, "count": count, **told}
