# SPDX-License-Identifier: Apache-2.0
"""The rows of a table as hosts hand it over: mappings or other records, or a frame."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem

FRAMES = ("to_dicts", "to_dict", "to_pylist", "to_arrow_table", "toArrow", "compute")


def rows_of(table: Any) -> list[Any]:
    """Rows: given as mappings or snapshots, or the rows of a data frame of any kind.

    Raises:
        SnapshotError: no table (LR413), or columns of one name (LR425).
    """
    if any(hasattr(table, name) for name in FRAMES) and hasattr(table, "columns"):
        return _of_frame(table)
    if hasattr(table, "collect"):
        return rows_of(table.collect())
    one = isinstance(table, str | Mapping) or getattr(table, "shape", None) == ()
    if one or not hasattr(table, "__iter__"):
        raise SnapshotError([problem("LR413", None, found=type(table).__name__)])
    return list(table)


def _of_frame(table: Any) -> list[Any]:
    names = getattr(table, "column_names", None) or list(table.columns)
    if twice := [str(name) for name, count in Counter(names).items() if count > 1]:
        raise SnapshotError([problem("LR425", None, names=", ".join(twice))])
    if hasattr(table, "compute"):
        table = table.compute()
    elif hasattr(table, "to_arrow_table"):
        table = table.to_arrow_table()
    elif hasattr(table, "toArrow"):
        table = table.toArrow()
    exact = _with_short_floats(table)
    try:
        return _rows(exact)
    except (ValueError, OverflowError):  # days that Python's calendar does not hold
        return _rows(_with_days_as_texts(exact))


def _rows(table: Any) -> list[Any]:
    if hasattr(table, "to_dicts"):
        return list(table.to_dicts())
    return list(table.to_pylist() if hasattr(table, "to_pylist") else table.to_dict("records"))


def _with_short_floats(table: Any) -> Any:
    """Floats of 32 bits as the number that they mean: as short as they are written."""
    import narwhals.stable.v2 as nw  # only who has a frame needs it

    frame = nw.from_native(table, eager_only=True)
    short = [name for name, kind in frame.schema.items() if kind == nw.Float32]
    if not short:
        return table
    return frame.with_columns(nw.col(*short).cast(nw.String()).cast(nw.Float64())).to_native()


def _with_days_as_texts(table: Any) -> Any:
    import narwhals.stable.v2 as nw
    from narwhals.stable.v2 import selectors

    days = selectors.by_dtype(nw.Date, nw.Datetime).cast(nw.String()).str.replace(r"^\+", "")
    return nw.from_native(table, eager_only=True).with_columns(days).to_native()
