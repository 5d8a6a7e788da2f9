# SPDX-License-Identifier: Apache-2.0
"""Columns hold days and instants that are no dates of Python: of years before 1 and beyond 9999."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import narwhals.stable.v2 as nw

_DAY_0, _INSTANT_0 = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_CYCLE = 146_097  # days of 400 years, after which the calendar begins anew
_TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # of a second, by the unit of a column


def in_utc(series: nw.Series[Any]) -> nw.Series[Any]:
    """The same instants without a zone that only their sender knows; days and local times stay."""
    zoned = isinstance(series.dtype, nw.Datetime) and series.dtype.time_zone not in (None, "UTC")
    return series.dt.convert_time_zone("UTC") if zoned else series


def beyond(series: nw.Series[Any]) -> nw.Series[Any] | None:
    """The rows that are no dates, as a mask; None where there are none."""
    least, most = _bounds(series.dtype)
    numbers = _numbers(series)
    smallest, largest = numbers.min(), numbers.max()
    if smallest is None or (smallest >= least and largest <= most):
        return None
    return ((numbers < least) | (numbers > most)).fill_null(False)


def shown(series: nw.Series[Any]) -> list[str]:
    """Such days as texts, which neither Python nor every frame can write: of 400 years earlier or later."""
    dtype: Any = series.dtype
    per_day = 1 if isinstance(dtype, nw.Date) else _TICKS[dtype.time_unit] * 86_400
    return [_text(number // per_day) for number in _numbers(series).to_list()]


def _text(days: int) -> str:
    cycles, rest = divmod(days, _CYCLE)
    day = _DAY_0 + timedelta(days=rest)
    return f"{day.year + 400 * cycles}-{day:%m-%d}"


def _numbers(series: nw.Series[Any]) -> nw.Series[Any]:
    """The numbers that a column of days or instants holds."""
    return series.cast(nw.Int32 if isinstance(series.dtype, nw.Date) else nw.Int64)


def _bounds(dtype: Any) -> tuple[int, int]:
    """The first and the last date as the numbers that a column of the type holds."""
    if isinstance(dtype, nw.Date):
        return (date.min - _DAY_0).days, (date.max - _DAY_0).days
    ticks = _TICKS[dtype.time_unit]
    seconds = timedelta(seconds=1)
    first, last = (_FIRST - _INSTANT_0) // seconds, (_LAST - _INSTANT_0) // seconds
    return first * ticks, (last + 1) * ticks - 1
