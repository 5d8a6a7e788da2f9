# SPDX-License-Identifier: Apache-2.0
"""Figures, dates and texts of the policy language, made of the facts that they may read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hypothesis import strategies as st

from loyaltyrules.expression.functions import FUNCTIONS, SINCE
from loyaltyrules.expression.types import DATE

Draw = Callable[[st.SearchStrategy[Any]], Any]
COUNTED = ("whole", "number", "share")
FIGURES = (
    "0", "1", "2", "3", "100", "2000", "4999.9999", "0.0001", "33.3333", "12.5", "20%", "-1",
    "99999999999999", "99999999999.9999", "999999999999999",
)  # fmt: skip
TEXTS = ("golf", "茶", "x/y%z", "\u00e9", "e\u0301", "🎁", "A")
DAYS = ("2027-02-05", "2024-02-29", "1901-03-01", "2099-12-31", "2026-02-05")
PERIODS = ("1 day", "3 days", "2 weeks", "1 month", "12 months", "1 year")
EXACT = ("36 hours", "24 hours", "90 minutes", "1 minute")  # of instants alone
ZONES = ("Asia/Shanghai", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")
SIGNS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that an expression may read: what it is called there, and its type."""

    name: str
    kind: str
    words: tuple[str, ...] = ()
    unit: str = ""
    personal: bool = False


Scope = tuple[Fact, ...]


class Counted(NamedTuple):
    """The text of a number, and its unit."""

    text: str
    unit: str


def one_of(draw: Draw, choices: Sequence[Any]) -> Any:
    return draw(st.sampled_from(choices))


def of_kind(scope: Scope, *kinds: str) -> Scope:
    return tuple(fact for fact in scope if fact.kind in kinds)


def number(draw: Draw, scope: Scope, depth: int = 2, plain: bool = False) -> Counted:
    """A number; `plain` ones have no unit, so that they go with any."""
    facts = [each for each in of_kind(scope, *COUNTED) if not (plain and each.unit)]
    if depth and draw(st.integers(0, 2)) == 0:
        made: Counted = one_of(draw, (_sum, _product, _quotient, _called, _counting))(
            draw, scope, depth - 1, plain
        )
        return made
    if facts and draw(st.integers(0, 3)):
        fact = one_of(draw, facts)
        return Counted(fact.name, fact.unit)
    return Counted(one_of(draw, FIGURES), "")


def _sum(draw: Draw, scope: Scope, depth: int, plain: bool) -> Counted:
    left = number(draw, scope, depth, plain)
    right = number(draw, scope, depth, plain or bool(left.unit))
    return Counted(f"({left.text} {one_of(draw, '+-')} {right.text})", left.unit or right.unit)


def _product(draw: Draw, scope: Scope, depth: int, plain: bool) -> Counted:
    left = number(draw, scope, depth, plain)
    right = number(draw, scope, depth, plain or bool(left.unit))
    return Counted(f"({left.text} * {right.text})", left.unit or right.unit)


def _quotient(draw: Draw, scope: Scope, depth: int, plain: bool) -> Counted:
    left, right = number(draw, scope, depth, plain), number(draw, scope, depth, True)
    return Counted(f"({left.text} / {right.text})", left.unit)


def _called(draw: Draw, scope: Scope, depth: int, plain: bool) -> Counted:
    one, other = number(draw, scope, depth, True), number(draw, scope, depth, True)
    a, b = one.text, other.text
    calls = (
        f"min({a}, {b})", f"max({a}, {b})", f"abs({a})", f"floor({a})", f"round({a})",
        f"mean({a}, 1, {b}, 2)",
    )  # fmt: skip
    return Counted(one_of(draw, calls), "")


def _counting(draw: Draw, scope: Scope, depth: int, plain: bool) -> Counted:
    """Numbers that are counted of dates, lists and gaps."""
    facts = [one_of(draw, scope).name for _ in range(2)] if scope else ["today"]
    lists = of_kind(scope, "list")
    calls = [f"filled({', '.join(facts)})", *(f"size({each.name})" for each in lists)]
    if not plain and not draw(st.integers(0, 3)):
        return _since(draw, scope)
    if not plain:
        date = day(draw, scope)
        calls += [f"year({date})", f"month({date})", f"day({date})"]
    return Counted(one_of(draw, calls), "")


def _since(draw: Draw, scope: Scope) -> Counted:
    """How long ago a date is."""
    name = one_of(draw, sorted(SINCE))
    kind = FUNCTIONS[SINCE[name]].result((DATE, DATE))
    return Counted(f"{name}({day(draw, scope)})", kind.unit if kind else "")


def day(draw: Draw, scope: Scope, depth: int = 2) -> str:
    """A date."""
    facts = of_kind(scope, "date")
    if not depth or not facts or draw(st.booleans()):
        named = [each.name for each in facts] * 2
        instants = [f"date({each.name})" for each in of_kind(scope, "datetime")]
        return str(one_of(draw, [*named, *instants, "today", one_of(draw, DAYS)]))
    one, other = day(draw, scope, depth - 1), day(draw, scope, depth - 1)
    made = (
        f"{one} {one_of(draw, '+-')} {one_of(draw, PERIODS)}", f"month_end({one})",
        f"{one} + days({number(draw, scope, 0, True).text})",
        f"latest({one}, {other})", f"earliest({one}, {other})", f"or_else({one}, {other})",
    )  # fmt: skip
    return str(one_of(draw, made))


def instant(draw: Draw, scope: Scope) -> str:
    """An instant; the scope has at least one."""
    fact = one_of(draw, of_kind(scope, "datetime")).name
    moved = f"{fact} {one_of(draw, '+-')} {one_of(draw, (*EXACT, *PERIODS))}"
    return str(one_of(draw, (fact, moved, moved, f"latest({fact}, {moved})")))


def between(draw: Draw, scope: Scope) -> Counted:
    """How long it is from one instant to another."""
    name, unit = one_of(draw, (("minutes_between", "minutes"), ("hours_between", "hours")))
    return Counted(f"{name}({instant(draw, scope)}, {instant(draw, scope)})", unit)


def text(draw: Draw, scope: Scope) -> str:
    """A text."""
    facts = of_kind(scope, "text")
    choices = [f'"{one_of(draw, TEXTS)}"', *(each.name for each in facts)]
    if facts:
        choices.append(f'or_else({one_of(draw, facts).name}, "{one_of(draw, TEXTS)}")')
    return str(one_of(draw, choices))
