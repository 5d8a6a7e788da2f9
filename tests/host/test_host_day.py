# SPDX-License-Identifier: Apache-2.0
"""A day is the same day however a host names it; what names none is told with a code."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules import compile_day
from loyaltyrules.history import facts_as_of
from loyaltyrules.problem.errors import ArgumentError, LoyaltyRulesError, PolicyError
from shipped import menswear

POLICY = menswear()
DAYS = st.dates(date(2000, 1, 1), date(2098, 12, 30))
MAKES = (
    lambda day: day,
    lambda day: day.isoformat(),
    lambda day: datetime(day.year, day.month, day.day, 23, 59),
    lambda day: f"{day}T23:59:59",
    lambda day: f"{day} 08:00",
    pd.Timestamp,
    np.datetime64,
    lambda day: np.datetime64(f"{day}T12:00:00", "ns"),
    lambda day: pd.Timestamp(day, tz="Asia/Shanghai"),
    lambda day: pd.Series([pd.Timestamp(day)]).iloc[0],
    lambda day: pd.Series([pd.Timestamp(day)]).to_numpy()[0],
)
NO_DAYS: list[Any] = [
    None, "", "2027-2-5", "20270205", "2027-02", "2027-02-30", "tomorrow", 20270205, 2027.5, pd.NaT,
    np.datetime64("NaT"), np.datetime64("2027-02"), np.datetime64("2027"), True, [], date,
    np.array(["2027-02-05"], "datetime64[D]"), timedelta(days=1),
]  # fmt: skip


@given(DAYS, st.sampled_from(MAKES))
def test_a_plan_is_for_the_same_day_however_it_is_named(day: date, make: Any) -> None:
    plan = compile_day(POLICY, make(day), since=make(day - timedelta(days=3)))
    assert (plan.on, plan.since) == (day, day - timedelta(days=3))
    assert type(plan.on) is date and type(plan.since) is date
    assert plan == compile_day(POLICY, day, day - timedelta(days=3))


@pytest.mark.parametrize(
    "moment",
    [datetime(2027, 2, 4, 20, tzinfo=UTC), "2027-02-04T20:00+00:00", "2027-02-04T20:00Z",
     datetime(2027, 2, 5, 1, tzinfo=timezone(timedelta(hours=9)))],
    ids=str,
)  # fmt: skip
def test_an_instant_is_the_day_that_it_is_in_the_shop(moment: Any) -> None:
    shop = date(2027, 2, 5)
    assert compile_day(POLICY, moment).on in (shop, shop - timedelta(days=0))
    purchases = pl.DataFrame({"customer_id": ["1"], "occurred_at": ["2027-02-05"], "amount": [1]})
    facts = facts_as_of({"purchase": purchases}, on=moment)
    assert facts["last_purchase_on"].to_list() == [shop]


@pytest.mark.parametrize("value", NO_DAYS, ids=repr)
def test_what_names_no_day_is_told_and_is_no_fault_of_the_policy(value: Any) -> None:
    with pytest.raises(ArgumentError, match="LR470 `on` is") as told:
        compile_day(POLICY, value)
    assert isinstance(told.value, ValueError) and not isinstance(told.value, PolicyError)
    if value is not None:
        with pytest.raises(ArgumentError, match="LR470 `since` is"):
            compile_day(POLICY, "2027-02-05", value)


ENDS = [
    date.min, date.max, datetime.min, datetime.max, "0001-01-01", "9999-12-31",
    datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
]  # fmt: skip


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_the_first_and_the_last_of_all_days_are_told_to_be_outside_the_calendar(end: Any) -> None:
    with pytest.raises(PolicyError, match="LR306"):
        compile_day(POLICY, end)
    with pytest.raises(PolicyError, match="LR30[67]"):
        compile_day(POLICY, "2027-02-05", since=end)
    purchases = pl.DataFrame({"customer_id": ["1"], "occurred_at": ["2027-02-05"], "amount": [1]})
    with pytest.raises(LoyaltyRulesError, match="LR306"):
        facts_as_of({"purchase": purchases}, on=end)
