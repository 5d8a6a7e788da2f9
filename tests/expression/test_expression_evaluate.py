# SPDX-License-Identifier: Apache-2.0
"""The meaning of expressions: three values, two kinds of absence, exact numbers."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from loyaltyrules.calendar import at_local
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.functions import FUNCTIONS, Function
from loyaltyrules.expression.types import DATE, NOT_HAPPENED, YES_NO

Evaluated = Callable[..., Any]
THREE = (True, False, None)
DAY = date(2026, 3, 10)


@pytest.mark.parametrize(("member", "left"), list(product(THREE, THREE)))
def test_and_or_not_follow_kleene(member: Any, left: Any, evaluated: Evaluated) -> None:
    order = {False: 0, None: 1, True: 2}
    facts = {"member": member, "left": left}
    assert evaluated("member and left", **facts) is min(member, left, key=order.__getitem__)
    assert evaluated("member or left", **facts) is max(member, left, key=order.__getitem__)
    assert evaluated("not member", **facts) is (None if member is None else not member)


@pytest.mark.parametrize("sign", ["=", "!=", "<", "<=", ">", ">="])
def test_an_event_that_has_not_happened_makes_comparisons_false(
    sign: str, evaluated: Evaluated
) -> None:
    for text in (f"bought {sign} 2026-01-01", f"bought + 3 days {sign} 2026-01-01",
                 f"months_between(bought, 2026-01-01) {sign} 3", f"sold_at {sign} 2026-01-01"):  # fmt: skip
        assert evaluated(text) is False
        assert evaluated(f"not ({text})") is True


@pytest.mark.parametrize("text", [
    "born < 2026-01-01", "points > 5", "tier = A", "tier >= B", "tier in [A, B]", 'city = "x"', "member",
    "points * 2 > 5", '"sms" in channels',
    "bought < born", "born in [2026-01-01]", "lower(tier, 1) = B", "max(points, 3) > 1",
])  # fmt: skip
def test_any_other_absent_fact_is_unknown(text: str, evaluated: Evaluated) -> None:
    assert evaluated(text) is None


def test_missing_is_known_of_everything(evaluated: Evaluated) -> None:
    for name in ("born", "bought", "points", "tier", "city", "channels"):
        assert evaluated(f"{name} is missing") is True
    assert evaluated("born is not missing", born=DAY) is True
    assert evaluated("city is missing", city="") is True
    assert evaluated("size(channels) = 0") is True  # an empty list is a missing one
    assert evaluated("months_between(bought, born) is missing", born=DAY) is True


def test_membership_in_a_list_that_holds_an_event(evaluated: Evaluated) -> None:
    assert evaluated("bought in [2026-01-01]") is False
    assert evaluated("tier in []", tier="A") is False
    assert evaluated("tier not in [A]", tier="B") is True


def test_a_case_stops_at_an_unknown_row(evaluated: Evaluated) -> None:
    text = 'if(points > 5, "many", if(visits > 5, "often", "rarely"))'
    assert evaluated(text, points=6) == "many"
    assert evaluated(text, points=1, visits=1) == "rarely"
    assert evaluated(text, points=1) is None
    assert evaluated(text, visits=9) is None


def test_words_are_ordered_best_first(evaluated: Evaluated) -> None:
    assert evaluated("tier > B", tier="A") is True
    assert evaluated("tier >= B", tier="B") is True
    assert evaluated("C < tier", tier="B") is True
    assert evaluated("tier < standing", tier="C", standing="A") is True


def test_lower_and_higher_stop_at_the_ends(evaluated: Evaluated) -> None:
    assert evaluated("lower(tier, 1)", tier="A") == "B"
    assert evaluated("lower(tier, 9)", tier="A") == "C"
    assert evaluated("higher(tier, 1)", tier="B") == "A"
    assert evaluated("higher(tier, 9)", tier="B") == "A"
    assert evaluated("lower(tier, 0)", tier="B") == "B"


def test_a_mean_leaves_missing_values_out(evaluated: Evaluated) -> None:
    text = "mean(points, 1, visits, 3)"
    assert evaluated(text, points=2, visits=6) == 5
    assert evaluated(text, points=2) == 2
    assert evaluated(text) is None
    assert evaluated("mean(points, visits)", points=3) is None
    assert evaluated("mean(points, visits)", points=3, visits=0) is None


def test_division_by_zero_is_unknown(evaluated: Evaluated) -> None:
    assert evaluated("points / visits", points=1, visits=0) is None
    assert evaluated("points / visits > 3", points=1, visits=0) is None
    assert evaluated("5 / 0 > 3") is None


def test_numbers_are_exact(evaluated: Evaluated) -> None:
    assert evaluated("amount * 3 = 0.3", amount=Decimal("0.1")) is True
    assert evaluated("points <= 20% * count", points=1, count=5) is True
    assert evaluated("points / visits", points=1, visits=4) == Decimal("0.25")
    assert evaluated("-points", points=3) == -3
    assert evaluated("round(amount)", amount=Decimal("2.5")) == 3
    assert evaluated("floor(amount)", amount=Decimal("-2.5")) == -3


def test_latest_and_earliest_read_what_is_there(evaluated: Evaluated) -> None:
    assert evaluated("latest(bought, returned)", bought=DAY) == DAY
    assert evaluated("earliest(bought, returned)", bought=DAY, returned=date(2027, 1, 1)) == DAY
    assert evaluated("latest(bought, returned)") is NOT_HAPPENED
    assert evaluated("or_else(bought, born)", born=DAY) == DAY
    assert evaluated("or_else(tier, C)") == "C"
    assert evaluated("filled(tier, points, bought)", tier="A") == 1


def test_dates_and_instants_go_together(evaluated: Evaluated) -> None:
    late = at_local(datetime(2026, 3, 10, 23, 59), ZoneInfo("Asia/Shanghai"))
    assert evaluated("sold_at = 2026-03-10", sold_at=late) is True
    assert evaluated("sold_at <= 2026-03-10", sold_at=late) is True
    assert evaluated("sold_at + 1 month = 2026-04-10", sold_at=late) is True
    assert evaluated("sold_at in [2026-03-10]", sold_at=late) is True
    assert evaluated("days_between(sold_at, 2026-03-11)", sold_at=late) == 1
    assert evaluated("weekday(sold_at) = tuesday", sold_at=late) is True


def test_the_last_day_of_the_calendar_means_never(evaluated: Evaluated) -> None:
    never = date(9999, 12, 31)
    assert evaluated("born + 12 months <= 2027-01-01", born=never) is False
    assert evaluated("born + 12 months > 2027-01-01", born=never) is True
    assert evaluated("born - 100000 months < 2027-01-01", born=DAY) is True
    assert (
        evaluated(
            "sold_at + 1 day > 2027-01-01",
            sold_at=at_local(datetime(9999, 12, 31, 8), ZoneInfo("Asia/Shanghai")),
        )
        is True
    )


def test_a_yes_or_no_of_an_event_that_has_not_happened_is_no() -> None:
    weekend = Function(lambda kinds: YES_NO, lambda day: day.weekday() > 4)
    call = tree.Call("weekend", (tree.FactRef("bought", DATE, event=True),), YES_NO)
    run = evaluator(call, {**FUNCTIONS, "weekend": weekend})
    assert run({}) is False
    assert run({"bought": date(2026, 3, 14)}) is True


def test_what_is_not_resolved_is_not_evaluated() -> None:
    with pytest.raises(TypeError):
        evaluator(tree.Name("a"))
