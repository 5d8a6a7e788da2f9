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
    """A frame of Narwhals with these instants in UTC, those without a zone as local times of this one,
    and texts compared as they are."""
    schema = frame.collect_schema()
    known = [name for name in names if isinstance(schema[name], nw.Datetime)]
    zoned = {name: bool(getattr(schema[name], "time_zone", None)) for name in known}
    implementation = frame.implementation
    if implementation.is_duckdb():
        texts = [name for name in names if isinstance(schema[name], nw.String)]
        return _of_duckdb(frame.to_native(), zoned, texts, timezone)
    if implementation.is_spark_like():
        return _of_spark(frame.to_native(), zoned, timezone)
    utc = (
        _in_utc(nw.col(name), None if own else timezone).alias(name) for name, own in zoned.items()
    )
    return frame.with_columns(*utc) if zoned else frame


def _in_utc(column: nw.Expr, timezone: str | None) -> nw.Expr:
    """An instant in UTC, without a zone; of one that has none, `timezone` says whose local time it is."""
    micros = column.dt.timestamp("us")
    if timezone is not None:
        changes, last = local_offsets(timezone)
        offsets_ = [*(offset for _, offset in changes), last]
        steps = zip(changes, offsets_, offsets_[1:], strict=False)
        micros = sum(
            (
                (micros >= nw.lit(until, nw.Int64)).cast(nw.Int64)
                * nw.lit(before - after, nw.Int64)
                for (until, _), before, after in steps
            ),
            micros - nw.lit(offsets_[0], nw.Int64),
        )
    return micros.cast(nw.Datetime("us"))


def _of_duckdb(relation: Any, zoned: dict[str, bool], texts: list[str], timezone: str) -> Any:
    taken = {name: _utc(_quoted(name), None if own else timezone) for name, own in zoned.items()}
    taken |= {name: f"{_quoted(name)} collate C" for name in texts}
    if not taken:
        return nw.from_native(relation)
    columns = ", ".join(f"{sql} as {_quoted(name)}" for name, sql in taken.items())
    return nw.from_native(relation.project(f"* replace ({columns})"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _utc(column: str, timezone: str | None) -> str:
    """The same in SQL, by arithmetic on microseconds: casts go by the session."""
    micros = f"epoch_us({column})"
    if timezone is None:
        return f"make_timestamp({micros})"
    changes, last = local_offsets(timezone)
    cases = " ".join(f"when {micros} < {until} then {offset}" for until, offset in changes)
    shift = f"case {cases} else {last} end" if cases else str(last)
    return f"make_timestamp({micros} - {shift})"


def _of_spark(frame: Any, zoned: dict[str, bool], timezone: str) -> Any:
    """The same in Spark, by its own rules of time zones.

    The literals that they are compared with still go by the session's.
    """
    from pyspark.sql import functions  # the caller has Spark; asked for only here

    for name, own in zoned.items():
        quoted = f"`{name.replace('`', '``')}`"
        here = functions.col(quoted).cast("timestamp_ntz")
        source = None if own else functions.lit(timezone)
        frame = frame.withColumn(
            name, functions.convert_timezone(source, functions.lit("UTC"), here)
        )
    return nw.from_native(frame)


@lru_cache(maxsize=16)
def local_offsets(timezone: str) -> tuple[tuple[tuple[int, int], ...], int]:
    """The same by the local time: of two in an hour that comes twice the first, and times that the
    clocks leave out are as much later."""
    changes, last = offsets(timezone)
    after = [*(offset for _, offset in changes[1:]), last]
    found = ((at + max(own, new), own) for (at, own), new in zip(changes, after, strict=True))
    return tuple(found), last


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
