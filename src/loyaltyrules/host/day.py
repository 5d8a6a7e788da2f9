# SPDX-License-Identifier: Apache-2.0
"""A day as hosts name it: a date, a datetime, a timestamp of pandas or NumPy, ISO text; and its zone."""

import re
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Scalar(Protocol):
    """A scalar of NumPy, such as `numpy.datetime64`."""

    @property
    def dtype(self) -> Any: ...


NamedDay: TypeAlias = date | str | Scalar
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ].+)?")
LONGEST_ZONE = 100  # signs: no zone is called half as long
DAY_SIGNS, TIME = 10, ":"  # a day is written in so many signs, then comes the time
TOO_COARSE = ("datetime64[Y]", "datetime64[M]", "datetime64[W]")  # a month is no day


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of a name; None where there is none, as for a folder of zones: `Asia`."""
    if len(name) > LONGEST_ZONE:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def day_of(value: object, timezone: ZoneInfo) -> date | None:
    """The day that a value names, an instant with an offset by local time; None where it names none."""
    if type(value) is date:
        return value
    moment = _iso(value) if isinstance(value, str) else _plain(value)
    if not isinstance(moment, date) or moment != moment:  # a missing time is unlike itself
        return None
    if not date.min.year <= moment.year <= date.max.year:  # timestamps of pandas go further
        return None
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = _local(moment, timezone)
    return date(moment.year, moment.month, moment.day)


def moment_of(value: object) -> datetime | None:
    """The time of a day that a value names, with or without an offset; None where it names none."""
    if isinstance(value, str):
        found = _iso(value) if TIME in value[DAY_SIGNS:] else None
    else:
        coarse = str(getattr(value, "dtype", "")) == "datetime64[D]"
        found = None if coarse else _plain(value)
    if not isinstance(found, datetime) or found != found:
        return None
    if not date.min.year <= found.year <= date.max.year:  # timestamps of pandas go further
        return None
    return found


def _local(moment: datetime, timezone: ZoneInfo) -> datetime:
    try:
        return moment.astimezone(timezone)
    except (OverflowError, ValueError):  # the first or last hours that there are
        return moment


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if ISO.fullmatch(text) else None
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    """A scalar of NumPy as Python's own; anything else as it is."""
    dtype = getattr(value, "dtype", None)
    if getattr(dtype, "kind", "") != "M" or getattr(value, "shape", None) != ():
        return value
    return None if str(dtype) in TOO_COARSE else value.astype("datetime64[us]").item()
