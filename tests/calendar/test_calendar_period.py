# SPDX-License-Identifier: Apache-2.0
"""Moving days by periods, and counting whole months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.calendar import CalendarRangeError, Period, months_between, shift

days = st.dates(date(1800, 1, 1), date(2200, 12, 31))
months = st.integers(-1200, 1200)
counts = st.integers(-5000, 5000)
signs = st.sampled_from([1, -1])


@pytest.mark.parametrize(
    ("day", "period", "sign", "moved"),
    [
        (date(2025, 3, 10), Period(months=12), 1, date(2026, 3, 10)),
        (date(2024, 2, 29), Period(months=12), 1, date(2025, 2, 28)),
        (date(2025, 2, 28), Period(months=12), -1, date(2024, 2, 28)),
        (date(2027, 1, 31), Period(months=1), 1, date(2027, 2, 28)),
        (date(2027, 3, 31), Period(months=1), -1, date(2027, 2, 28)),
        (date(2027, 1, 31), Period(months=1, days=1), 1, date(2027, 3, 1)),
        (date(2027, 3, 1), Period(months=1, days=1), -1, date(2027, 1, 31)),
        (date(2027, 5, 1), Period(days=7), -1, date(2027, 4, 24)),
        (date(2027, 5, 1), Period(), 1, date(2027, 5, 1)),
    ],
)
def test_a_day_moves_by_months_first_and_then_by_days(
    day: date, period: Period, sign: int, moved: date
) -> None:
    assert shift(day, period, sign) == moved


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2024, 2, 29), date(2025, 2, 27), 11),
        (date(2025, 3, 10), date(2026, 3, 10), 12),
        (date(2025, 3, 10), date(2026, 3, 9), 11),
        (date(2027, 1, 31), date(2027, 2, 28), 1),
        (date(2027, 5, 2), date(2027, 5, 1), -1),
        (date(2027, 5, 1), date(2027, 5, 1), 0),
        (date(1, 1, 1), date(9999, 12, 31), 119987),
    ],
)
def test_whole_months_are_counted(start: date, end: date, count: int) -> None:
    assert months_between(start, end) == count


@given(days, days)
def test_the_count_is_the_largest_number_of_months_not_past_the_end(start: date, end: date) -> None:
    count = months_between(start, end)
    assert shift(start, Period(months=count)) <= end
    assert shift(start, Period(months=count + 1)) > end


@given(days, days, days)
def test_the_count_grows_with_the_end_and_shrinks_with_the_start(
    start: date, end: date, other: date
) -> None:
    early, late = sorted((end, other))
    assert months_between(start, early) <= months_between(start, late)
    assert months_between(early, start) >= months_between(late, start)


@given(days, months)
def test_months_moved_forward_are_counted_back(day: date, count: int) -> None:
    assert months_between(day, shift(day, Period(months=count))) == count


@given(days, days, months, counts, signs)
def test_a_later_day_never_moves_to_an_earlier_one(
    one: date, other: date, count: int, number: int, sign: int
) -> None:
    early, late = sorted((one, other))
    period = Period(count, number)
    assert shift(early, period, sign) <= shift(late, period, sign)


@given(days, months, months, counts, counts)
def test_a_longer_period_never_moves_less_far(
    day: date, one: int, other: int, fewer: int, more: int
) -> None:
    (short, long), (few, many) = sorted((one, other)), sorted((fewer, more))
    assert shift(day, Period(short, few)) <= shift(day, Period(long, many))
    assert shift(day, Period(short, few), -1) >= shift(day, Period(long, many), -1)


@given(days, months, counts)
def test_the_sign_mirrors_the_period(day: date, count: int, number: int) -> None:
    assert shift(day, Period(count, number), -1) == shift(day, Period(-count, -number))


@given(days, counts)
def test_days_are_exact_and_reversible(day: date, number: int) -> None:
    moved = shift(day, Period(days=number))
    assert moved == day + timedelta(days=number)
    assert shift(moved, Period(days=number), -1) == day


@pytest.mark.parametrize("period", [Period(1), Period(days=1), Period(10**9), Period(days=10**12)])
def test_a_day_moved_beyond_the_years_of_a_date_is_refused(period: Period) -> None:
    with pytest.raises(CalendarRangeError, match="leaves the years 1 to 9999"):
        shift(date.max, period)
    with pytest.raises(CalendarRangeError, match="leaves the years 1 to 9999"):
        shift(date.min, period, -1)


def test_equal_periods_are_one_key() -> None:
    assert {Period(12): "year"}[Period(months=12, days=0)] == "year"
