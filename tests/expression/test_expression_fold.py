# SPDX-License-Identifier: Apache-2.0
"""Folding keeps the meaning: on any date and any day the cut says what the expression says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loyaltyrules.calendar import Period, at_local, at_utc, utc_of
from loyaltyrules.expression import tree
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.functions import SINCE
from loyaltyrules.expression.types import DATE, PERIOD, WHOLE, Type

Typed = Callable[..., tree.Node]
ZONE = ZoneInfo("Asia/Shanghai")
SIGNS = ["=", "!=", "<", "<=", ">", ">="]
YEAR = Period(months=12)
EDGES = [
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 1),
    date(2025, 3, 10), date(2026, 1, 31), date(2026, 4, 30), date(2026, 12, 31), date(2100, 2, 28),
    date.min, date.max,
]  # fmt: skip
DAYS = st.one_of(
    st.sampled_from(EDGES),
    st.dates(date(2023, 1, 1), date(2029, 1, 1)),
    st.dates(date(1800, 1, 1), date(2200, 1, 1)),
)
FORMS = [
    *(f"{name}({{d}}) {{sign}} {{n}}" for name in SINCE),
    "{d} + {n} months {sign} today", "{d} - {n} months {sign} today", "today {sign} {d} + {n} days",
    "{d} + {n} days - 1 month {sign} today", "{d} {sign} today - {n} months", "year({d}) {sign} 2024 + {n}",
    "days_between({d} + 1 month, today) {sign} {n}", "date({d}) {sign} today", "{d} + {n} years {sign} today",
    "months_between({d}, today - {n} days) {sign} 12", "{n} {sign} months_since({d})",
    "date({d} + {n} days) {sign} today", "{d} + period {sign} today",
]  # fmt: skip


def symbols(today: date, period: Period = YEAR) -> dict[str, tree.Node]:
    return {
        "today": tree.Literal(today, DATE),
        "idle_period": tree.Literal(period, PERIOD),
        "tier_a_points": tree.Literal(5000, WHOLE),
    }


def plain(node: tree.Node, known: dict[str, tree.Node]) -> tree.Node:
    """Constants in place of symbols, and nothing else changed."""
    if isinstance(node, tree.Symbol):
        return known[node.name]
    return tree.rebuilt(node, lambda part: plain(part, known))


def same(typed: Typed, text: str, today: date, facts: dict[str, Any]) -> tree.Node:
    """The folded form, which says the same as the interpreted one."""
    node = typed(text)
    folded = fold(node, symbols(today))
    expected = evaluator(plain(node, symbols(today)))(facts)
    assert evaluator(folded)(facts) is expected
    return folded


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=80, deadline=None)
@given(
    sign=st.sampled_from(SIGNS),
    fact=st.sampled_from(["bought", "born", "sold_at"]),
    day=DAYS,
    today=DAYS,
    count=st.integers(0, 30),
    hour=st.integers(0, 23),
    near=st.booleans(),
)
@example(
    sign=">=", fact="born", day=date(2024, 2, 29), today=date(2025, 2, 28), count=12, hour=9, near=False
)  # fmt: skip
def test_a_cut_says_what_the_expression_says(
    typed: Typed, form: str, sign: str, fact: str, day: date, today: date, count: int, hour: int,
    near: bool,
) -> None:  # fmt: skip
    today = min(max(today, date(2, 1, 1)), date(9990, 1, 1))
    if near and date(100, 1, 1) < day < date(9000, 1, 1):
        today = day + timedelta(days=count * 31)
    text = form.replace("period", "idle_period").format(d=fact, sign=sign, n=count)
    value = at_local(datetime.combine(day, time(hour)), ZONE) if fact == "sold_at" else day
    folded = same(typed, text, today, {fact: value})
    same(typed, text, today, {})
    same(typed, f"not ({text})", today, {})
    assert not any(isinstance(node, tree.Call | tree.Arithmetic) for node in tree.walk(folded))


EXACT = [
    "{d} + {n} minutes {sign} today", "date({d} - 90 minutes) {sign} today", "{d} + 36 hours {sign} line",
    "days_between({d} + {n} hours, today) {sign} 3", "minutes_between({d}, line) {sign} {n}",
    "{d} {sign} line",
    "hours_between({d}, line + 30 minutes) {sign} {n}", "{d} + 1 day + 2 hours {sign} line",
]  # fmt: skip


@pytest.mark.parametrize("form", EXACT)
@settings(max_examples=80, deadline=None)
@given(
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    sign=st.sampled_from(SIGNS),
    line=st.datetimes(datetime(2026, 10, 31), datetime(2026, 11, 2)),
    away=st.timedeltas(timedelta(hours=-80), timedelta(hours=80)),
    count=st.integers(0, 200),
    edge=st.booleans(),
)
def test_a_cut_of_an_instant_is_exact_to_the_microsecond(
    typed: Typed, form: str, zone: str, sign: str, line: datetime, away: timedelta, count: int, edge: bool
) -> None:  # fmt: skip
    moment = at_utc(line, ZoneInfo(zone))
    kind = Type("datetime", zone=zone)
    known = {"today": tree.Literal(moment.date(), DATE), "line": tree.Literal(moment, kind)}
    node = _in_zone(
        typed(form.replace("line", "sold_at").format(d="seen_at", sign=sign, n=count)), kind
    )
    value = at_utc(line + (timedelta(minutes=-count) if edge else away), ZoneInfo(zone))
    folded = fold(node, known)
    for each in (value, at_utc(utc_of(value) + timedelta(microseconds=1), ZoneInfo(zone))):
        expected = evaluator(plain(node, known))({"seen_at": each})
        assert evaluator(folded)({"seen_at": each}) is expected


def _in_zone(node: tree.Node, kind: Type) -> tree.Node:
    """The expression over instants of a zone, the other one in the place of a constant."""
    match node:
        case tree.FactRef("sold_at"):
            return tree.Symbol("line", kind)
        case tree.FactRef("seen_at"):
            return tree.FactRef("seen_at", kind, True)
        case tree.Arithmetic() if node.type.kind == "datetime":
            node = replace(node, type=kind)
    return tree.rebuilt(node, lambda part: _in_zone(part, kind))


@pytest.mark.parametrize(("bought", "first"), [
    (date(2024, 2, 29), date(2025, 2, 28)),
    (date(2024, 2, 28), date(2025, 2, 28)),
    (date(2024, 3, 1), date(2025, 3, 1)),
    (date(2025, 3, 10), date(2026, 3, 10)),
    (date(2023, 2, 28), date(2024, 2, 28)),
    (date(2025, 12, 31), date(2026, 12, 31)),
])  # fmt: skip
@pytest.mark.parametrize("text", [
    "months_since(bought) >= 12", "bought + 12 months <= today", "years_since(bought) >= 1",
    "bought + idle_period <= today", "months_since(bought) >= 1 year",
])  # fmt: skip
def test_a_year_is_over_on_its_anniversary_and_not_the_day_before(
    typed: Typed, text: str, bought: date, first: date
) -> None:
    for today, expected in ((first - timedelta(days=1), False), (first, True)):
        folded = same(typed, text, today, {"bought": bought})
        assert evaluator(folded)({"bought": bought}) is expected


def test_the_cut_of_a_leap_day_takes_it_in(typed: Typed) -> None:
    folded = fold(typed("months_since(bought) >= 12"), symbols(date(2025, 2, 28)))
    cut = tree.Literal(date(2024, 3, 1), DATE)
    assert folded == tree.Compare("<", tree.FactRef("bought", DATE, True), cut)


def test_a_month_end_is_reached_from_several_days(typed: Typed) -> None:
    folded = fold(typed("born + 1 month = 2026-02-28"), {})
    run = evaluator(folded)
    days = [date(2026, 1, day) for day in range(25, 32) if run({"born": date(2026, 1, day)})]
    assert days == [date(2026, 1, day) for day in (28, 29, 30, 31)]


@pytest.mark.parametrize(("text", "folded"), [
    ("member and yes", "member"), ("member and no", "no"), ("member or yes", "yes"),
    ("member or no", "member"), ("yes and yes", "yes"), ("not no", "yes"), ("2 + 3 > 4", "yes"),
    ("points > 2 * 1000", "points > 2000"), ("tier_a_points > 4999", "yes"),
    ("points >= tier_a_points", "points >= 5000"), ("if(yes, tier, standing) = A", "tier = A"),
    ("if(no, tier, standing) = A", "standing = A"), ("today = 2026-03-10", "yes"),
    ("born <= today - 12 months", "born <= 2025-03-10"), ("member and (left and yes)", "member and left"),
])  # fmt: skip
def test_constant_parts_are_computed(typed: Typed, text: str, folded: str) -> None:
    known = symbols(date(2026, 3, 10))
    assert fold(typed(text), known) == fold(typed(folded), known)


def test_what_cannot_be_computed_stays(typed: Typed) -> None:
    node = fold(typed("points > 5 / 0"), {})
    assert evaluator(node)({"points": 7}) is None
    assert fold(typed("born < today"), {}) == typed("born < today")


def test_two_dates_are_not_cut(typed: Typed) -> None:
    text = "days_between(born, bought) > 3"
    assert fold(typed(text), symbols(date(2026, 3, 10))) == typed(text)
