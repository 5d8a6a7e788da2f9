# SPDX-License-Identifier: Apache-2.0
"""Names, words, units and types: what fits together, and how it is told when it does not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import type_of
from loyaltyrules.expression.types import DATE, WHOLE, YES_NO, Type

Typed = Callable[..., tree.Node]
Faulty = Callable[..., tuple[str, str, str]]
TIER = Type("word", words=("A", "B", "C"))


@pytest.mark.parametrize("text", [
    "tier = A", "A = tier", "tier in [A, B]", 'tier = "A"', '"A" = tier', "tier > C", "C < tier",
    "tier = if(member, A, B)", "or_else(tier, C) = A", "tier = standing", "customer.tier = A",
    "points >= 2000", "points >= 2000 points", "2000 points <= points", "points >= tier_a_points",
    "points + 5 points > 3", "points * 2 > 5 points", "points / visits > 2", "points / points > 2",
    "share >= 20%", "share * points > 5", "amount > 3.5 CNY", "city = \"上海\"", "city in [\"a\"]",
    "born < 2027-01-01", "sold_at < 2027-01-01", "sold_at = today", "sold_at in [2027-01-01]",
    "bought + 12 months <= today", "today - idle_period >= bought", "days_since(bought) >= 3",
    "days_since(bought) >= 3 days", "3 days <= days_since(bought)", "days_since(bought) > 2 weeks",
    "months_since(bought) >= 12 months", "months_since(bought) >= 1 year", "years_since(born) >= 18 years",
    "weekday(bought) = monday", "channels is not missing", "\"sms\" in channels", "size(channels) > 1",
    "member", "member = yes", "not member", "if(member, yes, no)", "latest(bought, returned) < today",
    "lower(tier, 1) = C", "mean(points, 1, visits, 2) > 3", "tier in []", "points in [1, 2 points]",
])  # fmt: skip
def test_a_sound_condition_gets_its_types(text: str, typed: Typed) -> None:
    assert type_of(typed(text, YES_NO)) == YES_NO


@pytest.mark.parametrize(("text", "code", "marked", "near"), [
    ("point > 5", "LR201", "point", "points"),
    ("teir = A", "LR201", "teir", "tier"),
    ("zzz = qqq", "LR201", "zzz", ""),
    ("points > tier_a_point", "LR201", "tier_a_point", "tier_a_points"),
    ("member and mber", "LR201", "mber", "member"),
    ("tier = D", "LR202", "D", ""),
    ('tier = "D"', "LR202", '"D"', ""),
    ("level = hihg", "LR202", "hihg", "high"),
    ("lo = level", "LR202", "lo", "low"),
    ("tier in [A, high]", "LR202", "high", ""),
    ("or_else(level, hig) = low", "LR202", "hig", "high"),
    ("points", "LR203", "points", ""),
    ("member and points", "LR203", "points", ""),
    ("not tier", "LR203", "tier", ""),
    ("tier in member", "LR203", "member", ""),
    ("if(points, yes, no)", "LR203", "points", ""),
    ("points >= 5 visits", "LR204", "points >= 5 visits", ""),
    ("member and points = visits", "LR204", "points = visits", ""),
    ("points in [1 points, 2 visits]", "LR204", "2 visits", ""),
    ("city < \"b\"", "LR205", 'city < "b"', ""),
    ("member > no", "LR205", "member > no", ""),
    ("channels > channels", "LR205", "channels > channels", ""),
    ("born = 5", "LR206", "born = 5", ""),
    ("tier = 5", "LR206", "tier = 5", ""),
    ("months_since(bought) >= 3 days", "LR206", "months_since(bought) >= 3 days", ""),
    ("tier = level", "LR206", "tier = level", ""),
    ("if(member, tier, 5) = A", "LR206", "5", ""),
    ("city = Shanghai", "LR207", "Shanghai", ""),
    ("points > tier_a_points months", "LR208", "tier_a_points months", ""),
    ("points + visits > 5", "LR209", "points + visits", ""),
    ("points * visits > 5", "LR209", "points * visits", ""),
    ("today + points > born", "LR209", "today + points", ""),
    ("today - born > 5", "LR209", "today - born", ""),
    ("today * 3 days > born", "LR209", "today * 3 days", ""),
    ("city + city = city", "LR209", "city + city", ""),
    ("month_since(born) > 5", "LR210", "month_since(born)", "months_since"),
    ("days_since(points) > 5", "LR211", "days_since(points)", ""),
    ("if(member, yes)", "LR211", "if(member, yes)", ""),
    ("lower(tier) = A", "LR211", "lower(tier)", ""),
    ("mean(points, 1, visits) > 3", "LR211", "mean(points, 1, visits)", ""),
    ("latest(points) = 5", "LR211", "latest(points)", ""),
])  # fmt: skip
def test_a_fault_is_marked_where_it_is(
    text: str, code: str, marked: str, near: str, faulty: Faulty
) -> None:
    assert faulty(text, YES_NO) == (code, marked, near)


def test_a_wish_gives_words_their_vocabulary(typed: Typed) -> None:
    assert typed("B", TIER) == tree.Literal("B", TIER)
    assert typed("if(member, A, B)", TIER) == tree.Case(
        ((tree.FactRef("member", YES_NO), tree.Literal("A", TIER)), (tree.YES, tree.Literal("B", TIER))),
        TIER,
    )  # fmt: skip


def test_days_since_is_counted_up_to_today(typed: Typed) -> None:
    found = typed("days_since(bought)")
    today = tree.Symbol("today", DATE)
    bought = tree.FactRef("bought", DATE, True)
    assert found == tree.Call("days_between", (bought, today), Type("whole", "days"))


def test_an_instant_is_compared_as_its_date(typed: Typed, evaluated: Callable[..., Any]) -> None:
    found = typed("sold_at = 2027-01-01")
    assert isinstance(found, tree.Compare)
    assert type_of(found.left) == DATE
    assert found.right == tree.Literal(date(2027, 1, 1), DATE)


def test_a_unit_goes_through_arithmetic(typed: Typed) -> None:
    assert type_of(typed("points * 2")) == Type("whole", "points")
    assert type_of(typed("points / visits")) == Type("number", "points")
    assert type_of(typed("points / points")) == Type("number", "")
    assert type_of(typed("count + 1")) == WHOLE
