# SPDX-License-Identifier: Apache-2.0
"""Lunar dates: conversion, order, range and impossible dates."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from itertools import pairwise

import lunardate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.calendar import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    CalendarRangeError,
    LunarDate,
    NoSuchLunarDate,
    is_provisional,
    leap_month,
    lunar,
    lunar_month,
    lunar_months,
    to_lunar,
    to_solar,
)

days = st.dates(FIRST_DAY, LAST_DAY)
lunar_years = st.integers(FIRST_YEAR, LAST_YEAR)


@given(days)
def test_a_day_survives_the_way_to_its_lunar_date_and_back(day: date) -> None:
    assert to_solar(to_lunar(day)) == day


def test_every_promised_day_has_one_lunar_date_in_the_same_order() -> None:
    count = (LAST_DAY - FIRST_DAY).days + 1
    found = [to_lunar(FIRST_DAY + timedelta(days=offset)) for offset in range(count)]
    assert all(earlier < later for earlier, later in pairwise(found))
    assert len(set(found)) == count
    assert all(
        to_solar(lunar_date) == FIRST_DAY + timedelta(days=offset)
        for offset, lunar_date in enumerate(found)
    )


@given(days, days)
def test_lunar_dates_are_ordered_as_their_days(one: date, other: date) -> None:
    assert (to_lunar(one) < to_lunar(other)) == (one < other)
    assert (to_lunar(one) >= to_lunar(other)) == (one >= other)
    assert (to_lunar(one) == to_lunar(other)) == (one == other)


def test_a_leap_month_follows_its_regular_month() -> None:
    assert LunarDate(2025, 6, 30) < LunarDate(2025, 6, 1, leap=True) < LunarDate(2025, 7, 1)


def test_a_lunar_date_has_no_order_with_other_things() -> None:
    with pytest.raises(TypeError):
        assert LunarDate(2027, 1, 1) < date(2027, 2, 6)  # type: ignore[operator]


def test_a_lunar_date_is_a_value() -> None:
    day = to_lunar(date(2025, 8, 1))
    assert day == LunarDate(2025, 6, 8, leap=True)
    assert hash(day) == hash(LunarDate(2025, 6, 8, leap=True))
    assert pickle.loads(pickle.dumps(day)) == day
    with pytest.raises(AttributeError):
        day.day = 9  # type: ignore[misc]


@given(lunar_years)
def test_the_months_of_a_year_follow_each_other_without_a_gap(year: int) -> None:
    months = lunar_months(year)
    assert [month.month for month in months if not month.leap] == list(range(1, 13))
    assert all(month.days in (29, 30) for month in months)
    for month, following in pairwise(months):
        assert following.first - month.first == timedelta(days=month.days)


@given(lunar_years.filter(lambda year: year < LAST_YEAR))
def test_a_year_begins_where_the_year_before_ended(year: int) -> None:
    last = lunar_months(year)[-1]
    assert lunar_months(year + 1)[0].first == last.first + timedelta(days=last.days)


@given(lunar_years)
def test_a_year_has_thirteen_months_exactly_when_one_is_leap(year: int) -> None:
    leap = leap_month(year)
    assert len(lunar_months(year)) == (12 if leap is None else 13)
    assert leap is None or lunar_month(year, leap, leap=True) in lunar_months(year)


def test_the_promised_range_ends_on_its_constants() -> None:
    assert to_lunar(FIRST_DAY) == LunarDate(FIRST_YEAR, 1, 1)
    assert date(1901, 2, 19) == FIRST_DAY
    assert date(2100, 2, 8) == LAST_DAY
    assert to_lunar(LAST_DAY) == LunarDate(LAST_YEAR, 12, lunar_months(LAST_YEAR)[-1].days)


@pytest.mark.parametrize("day", [date(1901, 2, 18), date(2100, 2, 9), date.min, date.max])
def test_a_day_outside_the_range_is_refused_with_the_range(day: date) -> None:
    with pytest.raises(CalendarRangeError, match="from 1901-02-19 to 2100-02-08"):
        to_lunar(day)


@pytest.mark.parametrize("year", [-1, 0, 1900, 2100])
def test_a_lunar_year_outside_the_range_is_refused_with_the_range(year: int) -> None:
    for refused in (lunar_months, leap_month, lambda year: LunarDate(year, 1, 1)):
        with pytest.raises(CalendarRangeError, match="years 1901 to 2099"):
            refused(year)


@pytest.mark.parametrize(
    ("year", "month", "day", "leap", "reason"),
    [
        (2027, 13, 1, False, "has no month 13; its leap month: None"),
        (2027, 0, 1, False, "has no month 0"),
        (2025, 3, 1, True, "has no leap month 3; its leap month: 6"),
        (2027, 3, 30, False, "month 3 of lunar year 2027 has days 1 to 29, not 30"),
        (2025, 6, 30, True, "leap month 6 of lunar year 2025 has days 1 to 29, not 30"),
        (2027, 1, 0, False, "has days 1 to 30, not 0"),
    ],
)
def test_a_date_the_lunar_year_lacks_is_refused_with_the_reason(
    year: int, month: int, day: int, leap: bool, reason: str
) -> None:
    with pytest.raises(NoSuchLunarDate, match=reason):
        LunarDate(year, month, day, leap)


def test_a_month_the_year_lacks_is_none() -> None:
    assert lunar_month(2027, 13) is None
    assert lunar_month(2026, 6, leap=True) is None


def test_exactly_six_months_are_provisional() -> None:
    found = {
        (year, month.month, month.leap)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in lunar_months(year)
        if is_provisional(LunarDate(year, month.month, month.days, month.leap))
    }
    months = {(2057, 8), (2057, 9), (2089, 7), (2089, 8), (2097, 6), (2097, 7)}
    assert found == {(year, month, False) for year, month in months}


def test_the_three_corrected_years_differ_from_the_library_and_its_table_is_untouched() -> None:
    words = lunar._year_words()
    differing = {year for year, word in words.items() if lunardate.YEAR_INFOS[year - 1900] != word}
    assert differing == {1933, 1954, 1978}


def test_a_year_table_that_was_not_proved_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words = list(lunardate.YEAR_INFOS)
    words[2027 - 1900] ^= 0x8000
    monkeypatch.setattr(lunar, "YEAR_INFOS", words)
    with pytest.raises(RuntimeError, match=r"lunardate's year table .* install 0\.3\.0"):
        lunar._year_words()
