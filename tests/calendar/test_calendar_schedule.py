# SPDX-License-Identifier: Apache-2.0
"""Named recurring days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.calendar import SCHEDULES, WEEKDAYS, falls_on, schedule_named

YEAR = [date(2028, 1, 1) + timedelta(days=offset) for offset in range(366)]


@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("daily", 366, date(2028, 1, 1), date(2028, 12, 31)),
        ("monday", 52, date(2028, 1, 3), date(2028, 12, 25)),
        ("sunday", 53, date(2028, 1, 2), date(2028, 12, 31)),
        ("month_start", 12, date(2028, 1, 1), date(2028, 12, 1)),
        ("month_end", 12, date(2028, 1, 31), date(2028, 12, 31)),
        ("quarter_start", 4, date(2028, 1, 1), date(2028, 10, 1)),
        ("quarter_end", 4, date(2028, 3, 31), date(2028, 12, 31)),
        ("year_start", 1, date(2028, 1, 1), date(2028, 1, 1)),
        ("year_end", 1, date(2028, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_schedule_falls_on_its_days_of_a_leap_year(
    name: str, count: int, first: date, last: date
) -> None:
    found = [day for day in YEAR if falls_on(SCHEDULES[name], day)]
    assert (len(found), found[0], found[-1]) == (count, first, last)


def test_month_end_knows_leap_years() -> None:
    assert falls_on(SCHEDULES["month_end"], date(2028, 2, 29))
    assert not falls_on(SCHEDULES["month_end"], date(2028, 2, 28))
    assert falls_on(SCHEDULES["month_end"], date(2027, 2, 28))


@given(st.dates())
def test_exactly_one_weekday_falls_on_a_day(day: date) -> None:
    assert [falls_on(SCHEDULES[name], day) for name in WEEKDAYS].index(True) == day.weekday()
    assert sum(falls_on(SCHEDULES[name], day) for name in WEEKDAYS) == 1


@given(st.dates(max_value=date(9999, 12, 30)), st.sampled_from(["month", "quarter", "year"]))
def test_what_ends_on_a_day_starts_again_on_the_next(day: date, length: str) -> None:
    tomorrow = day + timedelta(days=1)
    ends = falls_on(SCHEDULES[f"{length}_end"], day)
    assert ends == falls_on(SCHEDULES[f"{length}_start"], tomorrow)


def test_the_last_day_of_all_ends_its_year() -> None:
    assert falls_on(SCHEDULES["year_end"], date.max)


def test_a_text_that_names_no_schedule_is_none() -> None:
    assert [schedule_named(text) for text in ("weekly", "Monday", "", "month_start ")] == [None] * 4
