# SPDX-License-Identifier: Apache-2.0
"""What the table of functions says of each holds, and nobody asks for a function by its name."""

import ast
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loyaltyrules
from loyaltyrules.expression import tree
from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.fold import fold
from loyaltyrules.expression.functions import FUNCTIONS, SINCE
from loyaltyrules.expression.resolve import WORDS
from loyaltyrules.expression.tree import type_of
from loyaltyrules.expression.types import DATE, NOT_HAPPENED, NUMBER, WHOLE, Type
from loyaltyrules.problem.problem import problem
from loyaltyrules.problem.render import message

SOURCE = Path(loyaltyrules.__file__).parent
SELECTING = [name for name, each in FUNCTIONS.items() if each.selects]
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9))
Typed = Callable[..., tree.Node]
Evaluated = Callable[..., Any]


@pytest.mark.parametrize("name", SELECTING)
@given(one=DAYS, other=DAYS, steps=st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_what_selects_minds_places_and_order_alone(
    evaluated: Evaluated, name: str, one: date | None, other: date | None, steps: list[int]
) -> None:
    """Moving all days so that none overtakes another moves the answer like them."""

    def moved(day: date | None) -> date | None:
        return day and date(2026, 6, 1) + timedelta(
            days=sum(steps[: (day - date(2026, 1, 1)).days])
        )

    before = evaluated(f"{name}(bought, returned)", bought=one, returned=other)
    after = evaluated(f"{name}(bought, returned)", bought=moved(one), returned=moved(other))
    assert after == (before if before is NOT_HAPPENED else moved(before))


@pytest.mark.parametrize("name", SELECTING)
def test_an_instant_beside_a_date_is_selected_as_its_date(
    typed: Typed, evaluated: Evaluated, name: str
) -> None:
    text = f"{name}(bought, sold_at)"
    assert type_of(typed(text)) == DATE
    sold = datetime(2026, 3, 10, 23, 59)
    assert evaluated(text, sold_at=sold) == date(2026, 3, 10)
    assert evaluated(text, sold_at=sold, bought=date(2026, 3, 10)) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("min(count, visits)", Type("whole", "visits")), ("max(count, rate)", NUMBER),
     ("min(points, share)", Type("number", "points")), ("max(share, share)", Type("share")),
     ("min(count)", WHOLE)],
)  # fmt: skip
def test_one_of_several_kinds_of_number_is_a_number(typed: Typed, text: str, kind: Type) -> None:
    assert type_of(typed(text)) == kind


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [("1980-05-12", "2027-05-11", 46), ("1980-05-12", "2027-05-12", 47),
     ("2000-02-29", "2027-02-27", 26), ("2000-02-29", "2027-02-28", 27),
     ("2000-02-29", "2028-02-28", 27), ("2000-02-29", "2028-02-29", 28),
     ("2027-02-05", "2027-02-05", 0)],
)  # fmt: skip
def test_an_age_is_counted_in_full_years(typed: Typed, born: str, today: str, years: int) -> None:
    node = typed("age(born)")
    assert type_of(node) == Type("whole", "years")
    on = tree.Literal(date.fromisoformat(today), DATE)
    assert evaluator(fold(node, {"today": on}))({"born": date.fromisoformat(born)}) == years


def test_the_age_of_somebody_of_whom_no_date_is_known_is_unknown(typed: Typed) -> None:
    on = tree.Literal(date(2027, 2, 5), DATE)
    assert evaluator(fold(typed("age(born) >= 18 years"), {"today": on}))({}) is None


def test_what_a_function_needs_stands_with_its_calls(typed: Typed) -> None:
    for name, text in {"latest": "latest(bought, born)", "floor": "floor(rate)"}.items():
        call = typed(text)
        assert isinstance(call, tree.Call)
        assert (call.selects, call.form) == (FUNCTIONS[name].selects, FUNCTIONS[name].form)


@pytest.mark.parametrize("name", ["date", "text", "list"])
def test_a_function_called_like_a_type_is_told_by_its_name(name: str) -> None:
    assert repr(name) in message(problem("LR211", None, name=name, found="yes/no"))


def test_every_function_and_word_of_conditions_is_kept_from_plugins() -> None:
    assert {*FUNCTIONS, *SINCE, "if", "and", "今天", "today", "months", "yes"} <= WORDS


# ---- known once

TABLES = {SOURCE / "expression" / name for name in ("functions.py", "aggregates.py")}


def named(node: ast.AST) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def asked(node: ast.AST) -> set[str]:
    """The names that a test of a call, or of an aggregate, asks for."""
    if isinstance(node, ast.MatchClass) and ast.unparse(node.cls).endswith("Call"):
        return named(node.patterns[0]) if node.patterns else set()
    if isinstance(node, ast.Compare) and ".function" in ast.unparse(node.left):
        return named(node)
    if isinstance(node, ast.Match) and ast.unparse(node.subject).endswith(".function"):
        return {name for case in node.cases for name in named(case.pattern)}
    return set()


@pytest.mark.parametrize(
    "path", sorted({*SOURCE.rglob("*.py")} - TABLES), ids=lambda path: path.relative_to(SOURCE).as_posix()
)  # fmt: skip
def test_nobody_asks_for_a_function_or_an_aggregate_by_its_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not asked(node) & {*FUNCTIONS, *SINCE, *AGGREGATES}, ast.unparse(node)
