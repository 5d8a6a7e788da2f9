# SPDX-License-Identifier: Apache-2.0
"""Instants: points in time, each with the time on the wall of its zone beside it.

One is an aware `datetime` whose `tzinfo` is a `Wall`. Python compares two of one `ZoneInfo` by the
wall, which is wrong in the hour that comes twice in autumn; two walls compare as points in time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TypeGuard
from zoneinfo import ZoneInfo

_NONE = timedelta()


class Wall(tzinfo):
    """The one offset that a zone has at an instant; it knows the zone."""

    __slots__ = ("_offset", "zone")

    def __init__(self, zone: ZoneInfo, offset: timedelta) -> None:
        self.zone, self._offset = zone, offset

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return self._offset

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> str:
        return self.zone.key

    def __reduce__(self) -> tuple[object, ...]:
        return wall, (self.zone.key, self._offset)

    def __repr__(self) -> str:
        return f"Wall({self.zone.key!r}, {self._offset})"


@lru_cache(maxsize=1024)
def wall(zone: str, offset: timedelta) -> Wall:
    """The wall of a zone with an offset; the same object each time, so that most compare quickly."""
    return Wall(ZoneInfo(zone), offset)


def plain_of(moment: datetime) -> datetime:
    """A timestamp of pandas, which knows other bounds and finer fractions, as a time of Python."""
    if type(moment) is datetime:
        return moment
    clock = moment.hour, moment.minute, moment.second, moment.microsecond
    return datetime(moment.year, moment.month, moment.day, *clock, moment.tzinfo, fold=moment.fold)


def is_instant(value: object) -> TypeGuard[datetime]:
    """True of a point in time that knows its zone."""
    return isinstance(value, datetime) and type(value.tzinfo) is Wall


def zone_at(instant: datetime) -> ZoneInfo:
    """The zone of an instant.

    Raises:
        TypeError: a `datetime` that is no instant.
    """
    if type(instant.tzinfo) is not Wall:
        raise TypeError(f"{instant!r} is no instant")
    return instant.tzinfo.zone


def at_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time of UTC without offset.

    In the first and last hours of the calendar, which have no local time, it stands with that of UTC.
    """
    try:
        local = moment.replace(tzinfo=UTC).astimezone(zone)
    except (OverflowError, ValueError):
        return moment.replace(tzinfo=wall(zone.key, _NONE))
    return local.replace(tzinfo=wall(zone.key, local.utcoffset() or _NONE), fold=0)


def at_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local time without offset.

    Of the two in an hour that comes twice it is the first unless `fold` says otherwise; a time that
    the clocks leave out is as much later. Beyond the calendar of UTC it stays at its edge.
    """
    offset = moment.replace(tzinfo=zone).utcoffset() or _NONE
    try:
        utc = moment.replace(fold=0) - offset
    except OverflowError:
        utc = datetime.max if offset < _NONE else datetime.min
    return at_utc(utc, zone)


def instant_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant of any `datetime`; one without offset is a local time."""
    offset = moment.utcoffset()
    if offset is None:
        return at_local(moment.replace(tzinfo=None), zone)
    try:
        utc = moment.replace(tzinfo=None, fold=0) - offset
    except OverflowError:
        utc = datetime.max if offset < _NONE else datetime.min
    return at_utc(utc, zone)


def utc_of(instant: datetime) -> datetime:
    """The time of UTC, without offset, as columns hold it."""
    return instant.replace(tzinfo=None) - (instant.utcoffset() or _NONE)


def local_of(instant: datetime) -> datetime:
    """The time on the wall, without offset; `fold` tells the second of two."""
    local = instant.replace(tzinfo=None)
    first = local.replace(tzinfo=zone_at(instant)).utcoffset() == instant.utcoffset()
    return local if first else local.replace(fold=1)


def later(instant: datetime, span: timedelta) -> datetime:
    """The instant so much later, exactly.

    Raises:
        OverflowError: it lies outside the years 1 to 9999.
    """
    return at_utc(utc_of(instant) + span, zone_at(instant))
