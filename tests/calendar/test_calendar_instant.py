# SPDX-License-Identifier: Apache-2.0
"""Instants are points in time: hours pass exactly, whatever the clocks on the wall do."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.calendar import (
    CalendarRangeError,
    Period,
    at_local,
    at_utc,
    instant_of,
    local_of,
    minutes_between,
    shift,
    shift_or_edge,
    utc_of,
)

NEW_YORK = ZoneInfo("America/New_York")
zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]).map(
    ZoneInfo
)
times = st.one_of(
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)),
    st.datetimes(datetime(2026, 10, 31), datetime(2026, 11, 2)),  # clocks turn in New York
    st.datetimes(datetime(2026, 4, 4), datetime(2026, 4, 6)),  # and on Lord Howe Island
)
minutes = st.integers(-5000, 5000)


@given(times, zones, minutes)
def test_minutes_pass_exactly_across_every_change_of_the_clocks(
    utc: datetime, zone: ZoneInfo, count: int
) -> None:
    start = at_utc(utc, zone)
    end = shift(start, Period(minutes=count))
    assert end - start == timedelta(minutes=count)
    assert minutes_between(start, end) == count
    assert shift(end, Period(minutes=count), -1) == start
    assert end.replace(tzinfo=None) == end.astimezone(zone).replace(tzinfo=None, fold=0)


@given(times, times, zones)
def test_instants_stand_in_the_order_of_time(
    one: datetime, other: datetime, zone: ZoneInfo
) -> None:
    left, right = at_utc(one, zone), at_utc(other, zone)
    assert (left < right, left == right) == (one < other, one == other)
    assert hash(left) == hash(at_utc(one, ZoneInfo("UTC")))


@given(times, zones)
def test_an_instant_comes_back_from_utc_from_its_local_time_and_from_a_pickle(
    utc: datetime, zone: ZoneInfo
) -> None:
    found = at_utc(utc, zone)
    assert utc_of(found) == utc
    assert at_local(local_of(found), zone) == found
    assert instant_of(found.astimezone(UTC), zone) == found
    assert pickle.loads(pickle.dumps(found)).isoformat() == found.isoformat()


@given(times, zones, st.integers(-400, 400))
def test_days_keep_the_time_on_the_wall(utc: datetime, zone: ZoneInfo, count: int) -> None:
    start = at_utc(utc, zone)
    moved = shift(start, Period(days=count))
    wall = start.replace(tzinfo=None) + timedelta(days=count)
    gap = at_local(wall, zone).replace(tzinfo=None) != wall  # left out by the clocks
    assert gap or moved.replace(tzinfo=None) == wall


def test_the_hour_that_comes_twice_is_an_hour_long() -> None:
    first = at_local(datetime(2026, 11, 1, 1, 30), NEW_YORK)
    second = at_local(datetime(2026, 11, 1, 1, 30, fold=1), NEW_YORK)
    assert (first.isoformat(), second.isoformat()) == (
        "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00",
    )  # fmt: skip
    assert second - first == timedelta(hours=1)
    assert first < second and shift(first, Period(minutes=60)) == second
    assert (local_of(first).fold, local_of(second).fold) == (0, 1)


def test_a_time_that_the_clocks_leave_out_is_as_much_later() -> None:
    found = at_local(datetime(2027, 3, 14, 2, 30), NEW_YORK)
    assert found.isoformat() == "2027-03-14T03:30:00-04:00"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
@pytest.mark.parametrize("edge", [datetime.min, datetime.max, datetime(9999, 12, 31)])
def test_the_ends_of_the_calendar_are_instants_of_their_day(zone: str, edge: datetime) -> None:
    found = at_local(edge, ZoneInfo(zone))
    assert found.date() == edge.date()
    assert at_utc(utc_of(found), ZoneInfo(zone)) == found
    assert found == found and hash(found) == hash(found)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_beyond_the_calendar_an_instant_stays_at_its_edge(zone: str) -> None:
    never = at_local(datetime(9999, 12, 31, 12), ZoneInfo(zone))
    moved = shift_or_edge(never, Period(minutes=60 * 48))
    assert moved > never and moved.date() == date.max
    with pytest.raises(CalendarRangeError):
        shift(never, Period(minutes=60 * 48))


def test_a_day_has_no_minutes() -> None:
    with pytest.raises(TypeError, match="has no hours"):
        shift(date(2027, 1, 1), Period(minutes=1))


@pytest.mark.parametrize(
    ("seconds", "whole"), [(0, 0), (59, 0), (60, 1), (-1, -1), (-60, -1), (-61, -2)]
)
def test_minutes_are_counted_when_they_are_full(seconds: int, whole: int) -> None:
    start = at_local(datetime(2027, 3, 1, 10), NEW_YORK)
    assert minutes_between(start, start + timedelta(seconds=seconds)) == whole
