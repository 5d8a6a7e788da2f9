# SPDX-License-Identifier: Apache-2.0
"""Named dates: how they are found, counted and refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.calendar import (
    CalendarRangeError,
    DateRule,
    Lunar,
    LunarYearEnd,
    NthWeekday,
    Solar,
    SolarTerm,
    dates_in,
    never_comes,
    occurrences,
    to_lunar,
)

lunar_rules = st.builds(Lunar, st.integers(1, 12), st.integers(1, 30))
other_rules = st.one_of(
    st.builds(Solar, st.integers(1, 12), st.integers(1, 31)),
    st.builds(
        NthWeekday, st.sampled_from([-1, 1, 2, 3, 4, 5]), st.integers(0, 6), st.integers(1, 12)
    ),
    st.sampled_from([SolarTerm("qingming"), SolarTerm("winter_solstice"), LunarYearEnd()]),
)
rules = st.one_of(lunar_rules, other_rules)
days = st.dates(date(1901, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (Lunar(8, 15), date(1978, 9, 17)),
        (Lunar(5, 5), date(2028, 5, 28)),
        (Lunar(1, 1), date(2027, 2, 6)),
        (LunarYearEnd(), date(2027, 2, 5)),
        (Lunar(1, 1), date(1916, 2, 3)),
        (Lunar(8, 15), date(2089, 9, 18)),
        (Lunar(7, 7), date(2097, 8, 13)),
        (Lunar(7, 15), date(2097, 8, 21)),
        (LunarYearEnd(), date(1901, 2, 18)),
        (Solar(12, 25), date(2027, 12, 25)),
        (Solar(2, 29), date(2028, 2, 29)),
        (NthWeekday(-1, 0, 5), date(2027, 5, 31)),
        (NthWeekday(5, 0, 5), date(2027, 5, 31)),
        (NthWeekday(1, 5, 5), date(2027, 5, 1)),
        (SolarTerm("qingming"), date(2027, 4, 5)),
        (SolarTerm("winter_solstice"), date(2027, 12, 22)),
    ],
)
def test_a_named_date_falls_on_its_known_day(rule: DateRule, day: date) -> None:
    assert dates_in(rule, day.year) == (day,)


@pytest.mark.parametrize(
    ("rule", "year"),
    [
        (Solar(2, 29), 2027),
        (NthWeekday(5, 0, 6), 2027),
        (Lunar(12, 8), 1909),
        (Lunar(12, 8), 1901),
        (Lunar(3, 30), 2027),
    ],
)
def test_a_date_its_year_lacks_is_not_found(rule: DateRule, year: int) -> None:
    assert dates_in(rule, year) == ()


def test_a_lunar_date_may_come_twice_in_a_gregorian_year() -> None:
    assert dates_in(Lunar(12, 8), 1908) == (date(1908, 1, 11), date(1908, 12, 30))


def test_a_lunar_festival_is_not_repeated_in_the_leap_month() -> None:
    assert dates_in(Lunar(6, 8), 2025) == (date(2025, 7, 2),)


@given(rules, days, st.integers(0, 1000))
def test_occurrences_are_the_dates_inside_the_half_open_span(
    rule: DateRule, after: date, length: int
) -> None:
    until = min(after + timedelta(days=length), date(2099, 12, 31))
    years = range(after.year, until.year + 1)
    every = [day for year in years for day in dates_in(rule, year)]
    assert occurrences(rule, after, until) == tuple(sorted(d for d in every if after < d <= until))


@given(rules, days, days, days)
def test_occurrences_of_adjacent_spans_join(rule: DateRule, a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    joined = occurrences(rule, first, middle) + occurrences(rule, middle, last)
    assert joined == occurrences(rule, first, last)


@given(lunar_rules, days)
def test_a_lunar_date_is_found_exactly_on_the_days_that_bear_it(rule: Lunar, day: date) -> None:
    if day < date(1901, 2, 19):
        assert day not in dates_in(rule, day.year)
        return
    lunar = to_lunar(day)
    borne = (lunar.month, lunar.day, lunar.leap) == (rule.month, rule.day, False)
    assert (day in dates_in(rule, day.year)) == borne


def test_a_span_holds_its_last_day_and_not_the_day_it_starts_after() -> None:
    rule = Solar(5, 1)
    assert occurrences(rule, date(2027, 4, 30), date(2027, 5, 1)) == (date(2027, 5, 1),)
    assert occurrences(rule, date(2027, 5, 1), date(2027, 5, 2)) == ()


def test_an_empty_or_backward_span_holds_nothing() -> None:
    assert occurrences(Solar(5, 1), date(2027, 5, 1), date(2027, 5, 1)) == ()
    assert occurrences(Solar(5, 1), date(2028, 5, 1), date(2027, 5, 1)) == ()
    assert occurrences(Solar(12, 31), date.max, date.max) == ()


def test_a_span_that_starts_after_the_last_day_of_1900_is_in_range() -> None:
    found = occurrences(Lunar(1, 1), date(1900, 12, 31), date(1901, 12, 31))
    assert found == (date(1901, 2, 19),)


@pytest.mark.parametrize("year", [1900, 2100])
@pytest.mark.parametrize("rule", [Lunar(1, 1), LunarYearEnd(), SolarTerm("qingming")])
def test_lunar_dates_and_solar_terms_outside_1901_to_2099_are_refused(
    rule: DateRule, year: int
) -> None:
    with pytest.raises(CalendarRangeError, match="years 1901 to 2099"):
        dates_in(rule, year)
    with pytest.raises(CalendarRangeError, match="years 1901 to 2099"):
        occurrences(rule, date(year, 1, 1), date(year, 1, 2))


@pytest.mark.parametrize("rule", [Solar(12, 31), NthWeekday(-1, 4, 12)])
def test_solar_dates_and_weekdays_are_told_for_every_year_a_date_can_have(rule: DateRule) -> None:
    assert dates_in(rule, 1) and dates_in(rule, 9999) == (date(9999, 12, 31),)
    for year in (0, 10000):
        with pytest.raises(CalendarRangeError, match="years 1 to 9999"):
            dates_in(rule, year)


@pytest.mark.parametrize(
    "rule",
    [
        Solar(2, 30),
        Solar(4, 31),
        Solar(13, 1),
        Solar(0, 1),
        Solar(1, 0),
        Lunar(13, 1),
        Lunar(0, 1),
        Lunar(1, 31),
        Lunar(1, 0),
        NthWeekday(6, 0, 1),
        NthWeekday(0, 0, 1),
        NthWeekday(-2, 0, 1),
        NthWeekday(1, 7, 1),
        NthWeekday(1, 0, 13),
    ],
)
def test_an_impossible_date_never_comes_and_is_never_found(rule: DateRule) -> None:
    assert never_comes(rule)
    assert dates_in(rule, 2028) == ()


@given(other_rules)
def test_a_date_comes_within_forty_years_exactly_when_it_is_not_impossible(rule: DateRule) -> None:
    assert bool(occurrences(rule, date(2000, 1, 1), date(2040, 1, 1))) != never_comes(rule)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_thirtieth_of_every_lunar_month_comes(month: int) -> None:
    assert not never_comes(Lunar(month, 30))
    assert occurrences(Lunar(month, 30), date(2000, 1, 1), date(2040, 1, 1))


def test_an_unknown_solar_term_is_refused_with_the_known_names() -> None:
    with pytest.raises(ValueError, match="'xiazhi'; known: qingming, winter_solstice"):
        SolarTerm("xiazhi")  # type: ignore[arg-type]
