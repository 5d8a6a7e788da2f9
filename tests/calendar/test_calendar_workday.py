# SPDX-License-Identifier: Apache-2.0
"""Workdays are known from notices only."""

from __future__ import annotations

from datetime import date

import pytest

from loyaltyrules.calendar import NO_NOTICE, RestDays, is_workday, rest_days
from loyaltyrules.calendar.workday import untold

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
