# SPDX-License-Identifier: Apache-2.0
"""Columns of a warehouse that mean the same whatever its session sets: time zone, calendar, collation.

An instant of DuckDB or Spark is shown, cast and compared in the zone of the session, in DuckDB in
its calendar too; texts of DuckDB are compared by its default collation.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import narwhals.stable.v2 as nw

_EPOCH, _STEP, _FIRST, _LAST = (
    datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=7), datetime(1900, 1, 1, tzinfo=UTC),
    datetime(2101, 1, 1, tzinfo=UTC),
)  # fmt: skip


def session_free(frame: Any, names: Iterable[str], timezone: str) -> Any:
    """A frame of Narwhals with these instants as local times of the zone, and texts compared as they are."""
    schema = frame.collect_schema()
    zoned = [name for name in names if getattr(schema[name], "time_zone", None)]
    implementation = frame.implementation
    if implementation.is_duckdb():
        texts = [name for name in names if isinstance(schema[name], nw.String)]
        return _of_duckdb(frame.to_native(), zoned, texts, timezone)
    if implementation.is_spark_like():
        return _of_spark(frame.to_native(), zoned, timezone)
    local = (nw.col(n).dt.convert_time_zone(timezone).dt.replace_time_zone(None) for n in zoned)
    return frame.with_columns(*local) if zoned else frame


def _of_duckdb(relation: Any, zoned: list[str], texts: list[str], timezone: str) -> Any:
    taken = {name: _local(_quoted(name), timezone) for name in zoned}
    taken |= {name: f"{_quoted(name)} collate C" for name in texts}
    if not taken:
        return nw.from_native(relation)
    columns = ", ".join(f"{sql} as {_quoted(name)}" for name, sql in taken.items())
    return nw.from_native(relation.project(f"* replace ({columns})"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _local(column: str, timezone: str) -> str:
    """The local time of an instant, by arithmetic on its microseconds: casts go by the session."""
    instant = f"epoch_us({column})"
    changes, last = offsets(timezone)
    cases = " ".join(f"when {instant} < {until} then {offset}" for until, offset in changes)
    shift = f"case {cases} else {last} end" if cases else str(last)
    return f"make_timestamp({instant} + {shift})"


def _of_spark(frame: Any, zoned: list[str], timezone: str) -> Any:
    """Local times without a zone. The literals that they are compared with still go by the session's."""
    from pyspark.sql import functions  # the caller has Spark; asked for only here

    for name in zoned:
        quoted = f"`{name.replace('`', '``')}`"
        here = functions.col(quoted).cast("timestamp_ntz")
        local = functions.convert_timezone(None, functions.lit(timezone), here)
        frame = frame.withColumn(name, local)
    return nw.from_native(frame)


@lru_cache(maxsize=16)
def offsets(timezone: str) -> tuple[tuple[tuple[int, int], ...], int]:
    """Until when, in microseconds since 1970, which offset from UTC holds, and the last one."""
    zone = ZoneInfo(timezone)
    found = tuple((_micros(at - _EPOCH), _micros(before)) for at, before in _changes(zone))
    return found, _micros(_offset(_LAST, zone))


def _changes(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta]]:
    """The instants at which the offset of a zone changes, to the second, with that before."""
    at = _FIRST
    while at < _LAST:
        after = at + _STEP
        if (before := _offset(at, zone)) != _offset(after, zone):
            yield _first_of(at, after, zone), before
        at = after


def _first_of(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """The first second after `start` that has the offset of `end`."""
    before = _offset(start, zone)
    while end - start > timedelta(seconds=1):
        middle = start + timedelta(seconds=(end - start) // timedelta(seconds=1) // 2)
        start, end = (middle, end) if _offset(middle, zone) == before else (start, middle)
    return end


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
