# SPDX-License-Identifier: Apache-2.0
"""After-sale care under random sales: one message a day of sales, one call for the latest sale."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import compile_day, evaluate
from shipped import menswear

MENSWEAR = menswear()
FIRST = date(2026, 5, 1)
DAYS = 12
PLANS: dict[date, Any] = {}
SALES = st.lists(
    st.tuples(
        st.integers(0, DAYS - 5), st.integers(0, 23), st.integers(1, 500),
        st.sampled_from(["yes", "no", "no", None]),
    ),
    max_size=7,
)  # fmt: skip
STATUS = st.sampled_from(["formal", "temporary", "visitor"])


def run(sales: list[Any], status: str) -> dict[date, list[Any]]:
    purchases = [
        {"id": f"p{n}", "occurred_at": f"{FIRST + timedelta(days=day)}T{hour:02}:30",
         "amount": amount, "returned": returned, "item_category": f"item{n}"}
        for n, (day, hour, amount, returned) in enumerate(sales)
    ]  # fmt: skip
    record = {"id": "c", "member_status": status, "mobile_phone": "1", "purchases": purchases}
    found = {}
    for offset in range(DAYS):
        day = FIRST + timedelta(days=offset)
        plan = PLANS.setdefault(day, compile_day(MENSWEAR, day))
        found[day] = list(evaluate(plan, record).actions)
    return found


def kept(sales: list[Any]) -> dict[date, int]:
    """The amount of each day with sales that were not returned."""
    days: dict[date, int] = {}
    for day, _, amount, returned in sales:
        if returned != "yes":
            at = FIRST + timedelta(days=day)
            days[at] = days.get(at, 0) + amount
    return days


@settings(max_examples=examples(60), deadline=None)
@given(sales=SALES, status=STATUS)
def test_every_day_of_sales_brings_members_one_message_with_the_sum(sales, status):
    told = {
        day - timedelta(days=1): Decimal(each.value)
        for day, actions in run(sales, status).items()
        for each in actions
        if each.rule.startswith("points_sms.")
    }
    assert told == ({} if status == "visitor" else kept(sales))


@settings(max_examples=examples(60), deadline=None)
@given(sales=SALES, status=STATUS)
def test_who_bought_is_called_on_the_third_day_after_the_latest_sale(sales, status):
    called = [
        day - timedelta(days=3)
        for day, actions in run(sales, status).items()
        for each in actions
        if each.rule == "after_sale_call"
    ]
    days = sorted(kept(sales))
    pairs = zip(days, [*days, date.max][1:], strict=True)
    assert called == [day for day, after in pairs if after >= day + timedelta(days=3)]
