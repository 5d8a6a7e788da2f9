# SPDX-License-Identifier: Apache-2.0
"""Workdays are known from notices only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules.calendar import NO_NOTICE, ORDINALS, RestDays, Untold, is_workday, rest_days
from loyaltyrules.calendar.workday import is_nth_workday, untold

NOTICE = RestDays(
    rest=frozenset({date(2026, 12, 31), date(2027, 1, 1), date(2027, 5, 1)}),
    makeup=frozenset({date(2027, 1, 3)}),
    years=frozenset({2027}),
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 1, 1), False),
        (date(2027, 1, 2), False),
        (date(2027, 1, 3), True),
        (date(2027, 1, 4), True),
        (date(2027, 1, 8), True),
        (date(2027, 1, 9), False),
        (date(2027, 1, 10), False),
    ],
)
def test_in_a_year_with_a_notice_the_notice_comes_before_the_week(
    day: date, expected: bool
) -> None:
    assert is_workday(day, NOTICE) is expected


@pytest.mark.parametrize("day", [date(2026, 12, 30), date(2028, 1, 1), date(2028, 1, 3)])
def test_in_a_year_without_a_notice_nothing_is_known(day: date) -> None:
    assert is_workday(day, NOTICE) is None


def test_a_day_the_notice_names_is_known_outside_its_years() -> None:
    assert is_workday(date(2026, 12, 31), NOTICE) is False


def test_a_day_cannot_be_both_off_and_made_up() -> None:
    day = frozenset({date(2027, 1, 1)})
    with pytest.raises(ValueError, match="both rest day and makeup workday: 2027-01-01"):
        RestDays(rest=day, makeup=day, years=frozenset({2027}))


MAY_1, MAY_2, MAY_8 = date(2027, 5, 1), date(2027, 5, 2), date(2027, 5, 8)


def test_the_rows_of_a_table_are_a_notice_for_the_years_that_they_name() -> None:
    notice = rest_days([(MAY_1, "rest"), (MAY_8, "work"), (MAY_1, "rest"), (None, "rest")])
    assert notice == RestDays(frozenset({MAY_1}), frozenset({MAY_8}), frozenset({2027}))
    assert rest_days([]) == NO_NOTICE


def test_a_day_whose_rows_contradict_each_other_or_say_no_kind_is_not_told() -> None:
    notice = rest_days([(MAY_1, "rest"), (MAY_1, "work"), (MAY_2, None)])
    assert [is_workday(day, notice) for day in (MAY_1, MAY_2, MAY_8)] == [None, None, False]
    later = date(2028, 5, 1)
    assert untold([MAY_1, later, MAY_2, later], notice).lacking == (
        "2027-05-01", "2028", "2027-05-02",
    )  # fmt: skip


def month_of(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    days = (first + timedelta(days=step) for step in range(31))
    return [day for day in days if day.month == month]


def nth_days(month: Iterable[date], nth: int, notice: RestDays) -> list[date]:
    """The days of a month that are surely its nth workday."""
    return [day for day in month if is_nth_workday(day, nth, notice) is True]


NATIONAL_DAY = rest_days(
    [
        *((date(2027, 10, number), "rest") for number in range(1, 8)),
        (date(2027, 9, 26), "work"),  # a Sunday
        (date(2027, 10, 9), "work"),  # a Saturday
    ]
)


@pytest.mark.parametrize(
    ("month", "nth", "day"),
    [
        (10, 1, 8), (10, 2, 9), (10, 3, 11), (10, -1, 29),
        (9, 1, 1), (9, -1, 30), (9, 10, 14),
        (5, 1, 3), (5, 5, 7), (5, -1, 31), (8, 1, 2),
    ],
)  # fmt: skip
def test_workdays_are_counted_through_holidays_and_made_up_weekends(
    month: int, nth: int, day: int
) -> None:
    days = month_of(2027, month)
    assert nth_days(days, nth, NATIONAL_DAY) == [date(2027, month, day)]


def test_a_made_up_weekend_counts_among_the_workdays_after_it() -> None:
    days = month_of(2027, 9)
    plain = rest_days([(date(2027, 1, 1), "rest")])
    workdays = [len([day for day in days if is_workday(day, n)]) for n in (plain, NATIONAL_DAY)]
    assert workdays == [22, 23]
    assert nth_days(days, 19, plain) == [date(2027, 9, 27)]
    assert nth_days(days, 19, NATIONAL_DAY) == [date(2027, 9, 26)]


DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))
MONTH = st.integers(1, 12)
NTH = st.sampled_from(sorted(ORDINALS.values()))


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(DAYS, st.sampled_from(["rest", "work"])), MONTH)
def test_a_covered_month_has_each_nth_workday_once_and_in_order(
    kinds: dict[date, str], month: int
) -> None:
    notice = rest_days([(date(2027, 1, 1), kinds.get(date(2027, 1, 1), "rest")), *kinds.items()])
    days = month_of(2027, month)
    work = [day for day in days if is_workday(day, notice)]
    for nth in range(1, 32):
        assert nth_days(days, nth, notice) == work[nth - 1 : nth]
    assert nth_days(days, -1, notice) == work[-1:]
    assert not [
        n
        for n in ORDINALS.values()
        for d in days
        if isinstance(is_nth_workday(d, n, notice), Untold)
    ]


def completed(open_: Iterable[date], work: Iterable[date], notice: RestDays) -> RestDays:
    """The notice once it tells of each of the open days, of these that they are workdays."""
    made = frozenset(work)
    return RestDays(notice.rest | (frozenset(open_) - made), notice.makeup | made, notice.years)


@settings(deadline=None, max_examples=60)
@given(st.data(), MONTH, NTH)
def test_what_is_untold_is_just_what_a_notice_may_still_decide_either_way(
    data: st.DataObject, month: int, nth: int
) -> None:
    days = month_of(2027, month)
    kinds = data.draw(
        st.dictionaries(st.sampled_from(days), st.sampled_from(["rest", "work", None]))
    )
    years = data.draw(st.sampled_from([frozenset[int](), frozenset({2027})]))
    told = rest_days(kinds.items())
    notice = RestDays(told.rest, told.makeup, years, told.unclear)
    open_ = [day for day in days if is_workday(day, notice) is None]
    made = data.draw(st.sets(st.sampled_from(open_))) if open_ else set[date]()
    for day in days:
        found = is_nth_workday(day, nth, notice)
        if not isinstance(found, Untold):  # whatever the notice will say
            assert is_nth_workday(day, nth, completed(open_, made, notice)) is found
            continue
        assert set(found.lacking) <= {"2027", *map(str, notice.unclear)}
        order = [d for d in (open_ if nth > 0 else reversed(open_)) if d != day]
        ways = [[*order[:count], *own] for count in range(len(order) + 1) for own in ([], [day])]
        outcomes = {is_nth_workday(day, nth, completed(open_, way, notice)) for way in ways}
        assert outcomes == {True, False}


def test_of_an_unknown_year_every_day_is_untold_that_may_be_the_one() -> None:
    days = month_of(2028, 1)
    for nth, first, last in ((1, 1, 31), (3, 3, 31), (-1, 1, 31)):
        open_ = [day for day in days if isinstance(is_nth_workday(day, nth, NOTICE), Untold)]
        assert open_ == [date(2028, 1, number) for number in range(first, last + 1)]
    assert is_nth_workday(date(2028, 1, 3), 3, NOTICE) == Untold(("2028",))
