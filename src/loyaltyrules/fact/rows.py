# SPDX-License-Identifier: Apache-2.0
"""The rows of a table as hosts hand it over: mappings or other records, or a frame."""

from collections.abc import Iterable, Mapping
from typing import Any

from loyaltyrules.problem.errors import SnapshotError
from loyaltyrules.problem.problem import problem


def rows_of(table: Any) -> Iterable[Any]:
    """Rows: given as mappings or snapshots, or the rows of a data frame.

    Raises:
        SnapshotError: no table (LR413).
    """
    if hasattr(table, "collect"):
        table = table.collect()
    columnar = any(hasattr(table, name) for name in ("to_dicts", "to_dict", "to_pylist"))
    one = isinstance(table, str | Mapping) or getattr(table, "shape", None) == ()
    if one or not (columnar or hasattr(table, "__iter__")):
        raise SnapshotError([problem("LR413", None, found=type(table).__name__)])
    try:
        return list(_rows(table))
    except (ValueError, OverflowError):  # days that Python's calendar does not hold
        if not columnar:
            raise
        return list(_rows(_with_days_as_texts(table)))


def _rows(table: Any) -> Iterable[Any]:
    if hasattr(table, "to_dicts"):
        return table.to_dicts()  # type: ignore[no-any-return]
    if hasattr(table, "to_pylist"):
        return table.to_pylist()  # type: ignore[no-any-return]
    if hasattr(table, "to_dict") and getattr(table, "ndim", 2) == 2:
        return table.to_dict("records")  # type: ignore[no-any-return]
    return table  # type: ignore[no-any-return]


def _with_days_as_texts(table: Any) -> Any:
    import narwhals.stable.v2 as nw  # only who has a frame needs it
    from narwhals.stable.v2 import selectors

    days = selectors.by_dtype(nw.Date, nw.Datetime).cast(nw.String()).str.replace(r"^\+", "")
    return nw.from_native(table, eager_only=True).with_columns(days).to_native()
