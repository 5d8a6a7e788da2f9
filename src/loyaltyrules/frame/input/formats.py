# SPDX-License-Identifier: Apache-2.0
"""The caller's kind of data frame, and the one that the work is done in."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any, Literal

import narwhals.stable.v2 as nw

from loyaltyrules.fact.coerce import NAMES_OF_MISSING
from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """How results go back to the caller: `backend` builds frames, `finish` makes them the caller's.

    `mixed` holds the columns whose values are of several types, which Arrow cannot hold.
    """

    backend: Literal["polars", "pyarrow"]
    finish: Callable[[nw.DataFrame[Any]], Any]
    mixed: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def frame(
        self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]
    ) -> nw.DataFrame[Any]:
        """A frame of lists, of the kind the work is done in."""
        return nw.from_dict(dict(columns), dict(schema), backend=self.backend)

    def native(self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Any:
        """The same as the caller's kind of frame."""
        return self.finish(self.frame(columns, schema))


POLARS = FrameFormat("polars", lambda done: done.to_native())


def opened(table: Any) -> tuple[nw.DataFrame[Any], FrameFormat]:
    """A frame to work in, and the kind of the caller's.

    Polars frames are worked on as they are, lazy ones collected; pandas frames become Arrow
    tables first, so that missing whole numbers stay whole.

    Raises:
        FrameError: no kind of frame that can be evaluated (LR413).
    """
    frame = recognised(table)
    name = frame.implementation
    if name.is_polars():
        if isinstance(frame, nw.LazyFrame):
            return frame.collect(), FrameFormat("polars", lambda done: done.lazy().to_native())
        return frame, POLARS
    if name.is_pandas():
        arrow, mixed = _arrow(table)
        back = _as_pandas if _of_arrow(table) else _with_instants
        return nw.from_native(arrow, eager_only=True), FrameFormat("pyarrow", back, mixed)
    if name.is_pyarrow():
        return frame, FrameFormat("pyarrow", lambda done: done.to_native())
    raise FrameError([problem("LR413", None, found=kind_of(table))])


def recognised(table: Any) -> Any:
    """A frame of Narwhals.

    Raises:
        FrameError: no kind of frame that Narwhals knows (LR413), or columns of one name (LR425).
    """
    try:
        frame = nw.from_native(table)
        names = list(getattr(table, "columns", ())) if frame.implementation.is_duckdb() else ()
    except TypeError as fault:
        raise FrameError([problem("LR413", None, found=kind_of(table))]) from fault
    except nw.exceptions.DuplicateError:
        frame, names = None, getattr(table, "column_names", None) or list(table.columns)
    counts = Counter(
        str(name).casefold() for name in names
    )  # capitals do not tell columns apart there
    if twice := dict.fromkeys(str(name) for name in names if counts[str(name).casefold()] > 1):
        raise FrameError([problem("LR425", None, names=", ".join(twice))])
    return frame


def kind_of(table: Any) -> str:
    """The kind of a table as its caller knows it, e.g. `polars.DataFrame`."""
    kind = type(table)
    package = kind.__module__.partition(".")[0].removeprefix("_")
    return kind.__name__ if package == "builtins" else f"{package}.{kind.__name__}"


def _arrow(table: Any) -> tuple[Any, dict[str, list[Any]]]:
    """A pandas frame as an Arrow table, and the columns of mixed types, empty in the table."""
    try:
        import pyarrow as pa  # the caller has pandas; Arrow is asked for only here
    except ModuleNotFoundError as fault:
        details = {"package": "pyarrow>=17", "extra": "pandas"}
        raise FrameError([problem("LR423", None, **details)]) from fault

    columns, mixed = {}, {}
    for place, name in enumerate(map(_writable, table.columns)):
        series = table.iloc[:, place]
        try:
            if series.dtype == object and _by_value(series):
                raise pa.ArrowInvalid
            columns[name] = pa.array(series, from_pandas=True)
            if pa.types.is_float16(columns[name].type):  # which few frames know
                raise pa.ArrowInvalid
        except (pa.ArrowException, OverflowError, UnicodeEncodeError, TypeError):
            mixed[name] = list(series.array)
            columns[name] = pa.nulls(len(table))
    return pa.table(columns), mixed


def _writable(name: object) -> str:
    """The name of a column; half of a surrogate pair, which nobody can write, as its number."""
    return str(name).encode("utf-8", "backslashreplace").decode()


def _by_value(series: Any) -> bool:
    """True of objects that no column holds as they are: of several types, or days beyond any calendar."""
    there = [value for value in series if not _nothing(value)]
    types = {type(value) for value in there}
    if len(types) > 1:
        return True
    instants = any(issubclass(each, datetime) for each in types)  # those of pandas know no bounds
    return instants and not all(MINYEAR <= value.year <= MAXYEAR for value in there)


def _nothing(value: Any) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or type(value).__name__ in NAMES_OF_MISSING


def _of_arrow(table: Any) -> bool:
    """True of a pandas frame that has columns of Arrow's types."""
    return any(type(dtype).__name__ == "ArrowDtype" for dtype in table.dtypes)


def _as_pandas(done: nw.DataFrame[Any]) -> Any:
    import pandas as pd

    return done.to_native().to_pandas(types_mapper=pd.ArrowDtype)


def _with_instants(done: nw.DataFrame[Any]) -> Any:
    """A pandas frame whose days are instants: those of other types pandas neither resamples nor groups."""
    days = [name for name, kind in done.schema.items() if kind == nw.Date]
    return _as_pandas(done).astype(dict.fromkeys(days, "datetime64[s]"))
