# SPDX-License-Identifier: Apache-2.0
"""The days that part recent events from older ones."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.history.cuts import cuts_as_of, latest_day_aged


@pytest.mark.parametrize(
    ("on", "cut"),
    [
        (date(2026, 3, 10), date(2025, 3, 10)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2023, 2, 27) + timedelta(days=1)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2024, 3, 1), date(2023, 3, 1)),
        (date(2027, 2, 5), date(2026, 2, 5)),
    ],
)
def test_a_year_is_counted_forward_with_its_last_day_included(on: date, cut: date) -> None:
    assert latest_day_aged(12, on) == cut


@given(
    on=st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    months=st.sampled_from([1, 3, 6, 12, 24, 120]),
)
def test_the_cut_is_the_latest_day_whose_anniversary_has_come(on: date, months: int) -> None:
    age, cut = relativedelta(months=months), latest_day_aged(months, on)
    assert cut + age <= on < cut + timedelta(days=1) + age


@given(on=st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_cuts_of_one_day_are_in_order(on: date) -> None:
    cuts = cuts_as_of(on)
    assert cuts.two_years < cuts.year < cuts.month < cuts.week < cuts.on


def test_a_week_and_thirty_days_count_from_the_day_itself() -> None:
    cuts = cuts_as_of(date(2027, 2, 5))
    assert (cuts.week, cuts.month) == (date(2027, 1, 29), date(2027, 1, 6))
