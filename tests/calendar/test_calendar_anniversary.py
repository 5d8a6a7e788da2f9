# SPDX-License-Identifier: Apache-2.0
"""Birthdays by both calendars, and who is greeted on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loyaltyrules.calendar import (
    FIRST_DAY,
    CalendarRangeError,
    anniversaries,
    born_for,
    to_lunar,
)

calendars: st.SearchStrategy[Literal["solar", "lunar"]] = st.sampled_from(["solar", "lunar"])
births = st.dates(FIRST_DAY, date(2099, 12, 31))
days = st.dates(date(1901, 1, 1), date(2099, 12, 31))


def test_a_birth_on_29_february_is_greeted_on_the_28th_in_common_years() -> None:
    born = date(2000, 2, 29)
    assert anniversaries(born, "solar", 2027) == (date(2027, 2, 28),)
    assert anniversaries(born, "solar", 2028) == (date(2028, 2, 29),)


def test_the_28th_greets_both_birth_days_in_common_years_only() -> None:
    both = {date(2000, 2, 28), date(2000, 2, 29)}
    assert both <= born_for(date(2027, 2, 28), "solar")
    assert both & born_for(date(2028, 2, 28), "solar") == {date(2000, 2, 28)}
    assert both & born_for(date(2028, 2, 29), "solar") == {date(2000, 2, 29)}


def test_the_day_of_birth_is_no_anniversary() -> None:
    for calendar in ("solar", "lunar"):
        assert anniversaries(date(2000, 5, 1), calendar, 2000) == ()
        assert anniversaries(date(2000, 5, 1), calendar, 1999) == ()


def test_a_lunar_birthday_may_come_twice_or_not_at_all_in_a_gregorian_year() -> None:
    born = date(1901, 1, 27) + timedelta(days=355)
    assert (to_lunar(born).month, to_lunar(born).day) == (12, 8)
    assert anniversaries(born, "lunar", 1908) == (date(1908, 1, 11), date(1908, 12, 30))
    assert anniversaries(born, "lunar", 1909) == ()


def test_a_birth_at_the_lunar_year_end_is_greeted_again_in_the_gregorian_year_of_birth() -> None:
    born = date(1908, 1, 11)
    assert anniversaries(born, "lunar", 1908) == (date(1908, 12, 30),)


def test_a_birth_in_a_leap_month_keeps_it_or_takes_the_regular_month() -> None:
    born = date(1987, 7, 26)
    assert to_lunar(born).leap
    assert anniversaries(born, "lunar", 2025) == (date(2025, 7, 25),)
    assert anniversaries(born, "lunar", 2026) == (date(2026, 7, 14),)


@given(births, calendars, days)
@example(date(1904, 2, 29), "solar", date(1905, 2, 28))
@example(FIRST_DAY, "lunar", date(1902, 2, 8))
def test_a_birth_is_found_for_a_day_exactly_when_the_day_is_its_anniversary(
    born: date, calendar: Literal["solar", "lunar"], day: date
) -> None:
    assert (born in born_for(day, calendar)) == (day in anniversaries(born, calendar, day.year))


@given(births, calendars, st.integers(1901, 2099))
def test_a_birth_is_found_for_each_of_its_anniversaries(
    born: date, calendar: Literal["solar", "lunar"], year: int
) -> None:
    found = anniversaries(born, calendar, year)
    assert list(found) == sorted(set(found))
    assert all(day.year == year and born in born_for(day, calendar) for day in found)


@given(days, calendars)
def test_everyone_found_for_a_day_was_born_before_it_and_has_it_as_anniversary(
    day: date, calendar: Literal["solar", "lunar"]
) -> None:
    for born in born_for(day, calendar):
        assert born < day
        assert day in anniversaries(born, calendar, day.year)


@given(births.filter(lambda born: born.year < 2098), st.integers(2, 60))
def test_a_lunar_birthday_comes_once_in_every_lunar_year(born: date, later: int) -> None:
    target = to_lunar(born).year + later
    if target > 2098:
        return
    found = [
        day
        for year in (target, target + 1)
        for day in anniversaries(born, "lunar", year)
        if to_lunar(day).year == target
    ]
    assert len(found) == 1


@pytest.mark.parametrize("calendar", ["solar", "lunar"])
@pytest.mark.parametrize("year", [1903, 2027, 2028])
def test_every_birth_is_greeted_on_the_days_a_full_search_finds(
    calendar: Literal["solar", "lunar"], year: int
) -> None:
    first = FIRST_DAY if calendar == "lunar" else date(1900, 1, 1)
    count = (date(year, 12, 31) - first).days
    pairs = {
        (born, day)
        for born in (first + timedelta(days=offset) for offset in range(count))
        for day in anniversaries(born, calendar, year)
    }
    every_day = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366)]
    found = {
        (born, day) for day in every_day if day.year == year for born in born_for(day, calendar)
    }
    assert found == pairs


def test_nobody_promised_was_born_before_the_lunar_range_began() -> None:
    assert born_for(date(1901, 1, 5), "lunar") == frozenset()
    assert born_for(FIRST_DAY, "lunar") == frozenset()


def test_solar_births_are_told_from_1900_on() -> None:
    assert min(born_for(date(2027, 1, 1), "solar")) == date(1900, 1, 1)
    assert born_for(date(1850, 1, 1), "solar") == frozenset()


def test_lunar_birthdays_outside_the_range_are_refused_with_the_range() -> None:
    with pytest.raises(CalendarRangeError, match="years 1901 to 2099"):
        anniversaries(date(2000, 5, 1), "lunar", 2100)
    with pytest.raises(CalendarRangeError, match="years 1901 to 2099"):
        born_for(date(2100, 1, 1), "lunar")
    with pytest.raises(CalendarRangeError, match="1900-05-01 .* from 1901-02-19 to 2100-02-08"):
        anniversaries(date(1900, 5, 1), "lunar", 2027)
    with pytest.raises(CalendarRangeError, match="years 1 to 9999"):
        anniversaries(date(2000, 5, 1), "solar", 10000)


def test_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown birthday calendar 'julian'"):
        anniversaries(date(2000, 5, 1), "julian", 2027)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown birthday calendar 'julian'"):
        born_for(date(2027, 5, 1), "julian")
