# SPDX-License-Identifier: Apache-2.0
"""Days counted from a day: workdays are as far off as notices tell, whatever those that lack would say."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.calendar import (
    Landing,
    Period,
    is_workday,
    land,
    rest_days,
    shift_or_edge,
    starts,
)

OCTOBER = rest_days(
    [(date(2027, 10, day), "rest") for day in (1, 4, 5, 6, 7)] + [(date(2027, 10, 9), "work")]
)
THREE_YEARS = replace(OCTOBER, years=frozenset({2026, 2027, 2028}))
NO_YEAR = replace(OCTOBER, years=frozenset())
NEAR = st.integers(0, 200).map(lambda n: date(2027, 8, 1) + timedelta(days=n))
PERIODS = st.builds(
    lambda m, d, w: Period(m, d, workdays=w),
    st.integers(0, 2), st.integers(0, 9), st.integers(0, 12),
)  # fmt: skip
SIGN = st.sampled_from([1, -1])


def test_workdays_are_counted_over_holidays_and_made_up_weekends() -> None:
    assert land(date(2027, 9, 30), Period(workdays=1), 1, OCTOBER).day == date(2027, 10, 8)
    assert land(date(2027, 9, 30), Period(workdays=3), 1, OCTOBER).day == date(2027, 10, 11)
    assert land(date(2027, 10, 11), Period(workdays=2), -1, OCTOBER).day == date(2027, 10, 8)
    assert land(date(2027, 10, 2), Period(), 1, OCTOBER).day == date(2027, 10, 2)


def test_what_runs_into_a_year_without_a_notice_is_not_known() -> None:
    found = land(date(2027, 12, 30), Period(workdays=2), 1, OCTOBER)
    assert (found.day, found.first, found.lacking) == (None, date(2028, 1, 1), ("2028",))
    assert land(date(2027, 12, 30), Period(workdays=1), 1, OCTOBER).day == date(2027, 12, 31)
    back = land(date(2027, 1, 4), Period(workdays=2), -1, OCTOBER)
    assert (back.day, back.last, back.lacking) == (None, date(2026, 12, 31), ("2026",))


@given(start=NEAR, workdays=st.integers(1, 9), sign=SIGN, rest=st.sets(NEAR, max_size=60))
def test_whatever_a_notice_would_say_the_count_ends_between_the_ends(
    start: date, workdays: int, sign: int, rest: set[date]
) -> None:
    told = replace(THREE_YEARS, rest=OCTOBER.rest | (rest - OCTOBER.makeup))
    found = land(start, Period(workdays=workdays), sign, NO_YEAR)
    sure = land(start, Period(workdays=workdays), sign, told).day
    assert found.first <= found.last
    if sure is not None and abs((sure - start).days) <= 7 * workdays + 31:
        assert found.first <= sure <= found.last
        assert found.day in (None, sure)


@given(start=NEAR, period=PERIODS, sign=SIGN)
def test_the_days_from_which_a_period_may_end_on_a_day_hold_that_day(
    start: date, period: Period, sign: int
) -> None:
    for notice in (OCTOBER, NO_YEAR):
        ends = land(start, period, sign, notice)
        for day in (ends.first, ends.last):
            low, high = starts(day, period, sign)
            assert low <= start <= high


@given(start=NEAR, period=PERIODS, sign=SIGN)
def test_a_count_goes_by_months_and_days_and_then_day_by_day(
    start: date, period: Period, sign: int
) -> None:
    day, left = shift_or_edge(start, Period(period.months, period.days), sign), period.workdays
    while left:
        day += timedelta(days=sign)
        left -= bool(is_workday(day, THREE_YEARS))
    assert land(start, period, sign, THREE_YEARS) == Landing(day, day)
