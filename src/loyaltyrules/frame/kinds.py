# SPDX-License-Identifier: Apache-2.0
"""The caller's kind of data frame, and the one that the work is done in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v2 as nw

from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem


@dataclass(frozen=True, slots=True)
class Kind:
    """How results go back to the caller: `backend` builds frames, `finish` makes them the caller's."""

    backend: Literal["polars", "pyarrow"]
    finish: Callable[[nw.DataFrame[Any]], Any]

    def frame(
        self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]
    ) -> nw.DataFrame[Any]:
        """A frame of lists, of the kind the work is done in."""
        return nw.from_dict(dict(columns), dict(schema), backend=self.backend)

    def native(self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Any:
        """The same as the caller's kind of frame."""
        return self.finish(self.frame(columns, schema))


def opened(table: Any) -> tuple[nw.DataFrame[Any], Kind]:
    """A frame to work in, and the kind of the caller's.

    Polars frames are worked on as they are, lazy ones collected; pandas frames become Arrow
    tables first, so that missing whole numbers stay whole.

    Raises:
        FrameError: no kind of frame that can be evaluated (LR413).
    """
    try:
        frame = nw.from_native(table)
    except TypeError as fault:
        raise FrameError([problem("LR413", None, found=type(table).__name__)]) from fault
    name = frame.implementation
    if name.is_polars():
        if isinstance(frame, nw.LazyFrame):
            return frame.collect(), Kind("polars", lambda done: done.lazy().to_native())
        return frame, Kind("polars", lambda done: done.to_native())
    if name.is_pandas():
        return nw.from_native(_arrow(table), eager_only=True), Kind("pyarrow", _as_pandas)
    if name.is_pyarrow():
        return frame, Kind("pyarrow", lambda done: done.to_native())
    raise FrameError([problem("LR413", None, found=type(table).__name__)])


def _arrow(table: Any) -> Any:
    """A pandas frame as an Arrow table; columns of mixed types become text."""
    import pyarrow as pa  # the caller has pandas; Arrow is asked for only here

    def column(series: Any) -> Any:
        try:
            return pa.array(series, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return pa.array([None if _absent(value) else str(value) for value in series])

    return pa.table({str(name): column(table[name]) for name in table.columns})


def _absent(value: Any) -> bool:
    return value is None or value != value


def _as_pandas(done: nw.DataFrame[Any]) -> Any:
    import pandas as pd

    return done.to_native().to_pandas(types_mapper=pd.ArrowDtype)
