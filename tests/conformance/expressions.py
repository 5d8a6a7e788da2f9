# SPDX-License-Identifier: Apache-2.0
"""Expressions of the policy language, valid by construction: each is made of the facts it may read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
COUNTED = ("whole", "number", "share")
FIGURES = (
    "0", "1", "2", "3", "100", "2000", "4999.9999", "0.0001", "33.3333", "12.5", "20%", "-1",
    "99999999999999", "99999999999.9999", "999999999999999",
)  # fmt: skip
TEXTS = ("golf", "茶", "x/y%z", "\u00e9", "e\u0301", "🎁", "A")
DAYS = ("2027-02-05", "2024-02-29", "1901-03-01", "2099-12-31", "2026-02-05")
PERIODS = ("1 day", "3 days", "2 weeks", "1 month", "12 months", "1 year", "36 hours")
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


# ---- conditions


def condition(draw: Draw, scope: Scope, depth: int = 2) -> str:
    """A condition over the facts of the scope."""
    if depth and draw(st.integers(0, 2)) == 0:
        return one_of(draw, (_joined, _joined, _denied, _chosen))(draw, scope, depth)
    choices = [_figures, *(make for make, *kinds in TESTS if of_kind(scope, *kinds))]
    text: str = one_of(draw, choices)(draw, scope)
    return text


def _joined(draw: Draw, scope: Scope, depth: int) -> str:
    parts = [condition(draw, scope, depth - 1) for _ in range(draw(st.integers(2, 3)))]
    return "(" + one_of(draw, (" and ", " or ")).join(parts) + ")"


def _denied(draw: Draw, scope: Scope, depth: int) -> str:
    return f"not ({condition(draw, scope, depth - 1)})"


def _chosen(draw: Draw, scope: Scope, depth: int) -> str:
    """A condition that reads the answer of another one."""
    test = condition(draw, scope, depth - 1)
    return f"if({test}, {number(draw, scope, 0).text}, {one_of(draw, FIGURES[:5])}) >= 1"


def _figures(draw: Draw, scope: Scope) -> str:
    left, right = number(draw, scope), number(draw, scope)
    if left.unit and right.unit and left.unit != right.unit:
        right = Counted(one_of(draw, FIGURES), "")
    return f"{left.text} {one_of(draw, SIGNS)} {right.text}"


def _figure(draw: Draw, scope: Scope) -> str:
    fact = one_of(draw, of_kind(scope, *COUNTED))
    return f"{fact.name} {one_of(draw, SIGNS)} {one_of(draw, FIGURES)}"


def _days(draw: Draw, scope: Scope) -> str:
    return f"{day(draw, scope)} {one_of(draw, SIGNS)} {day(draw, scope)}"


def _two_days(draw: Draw, scope: Scope) -> str:
    kind = one_of(draw, sorted({each.kind for each in of_kind(scope, "date", "datetime")}))
    facts = of_kind(scope, kind)
    return f"{one_of(draw, facts).name} {one_of(draw, SIGNS)} {one_of(draw, facts).name}"


def _two_figures(draw: Draw, scope: Scope) -> str:
    """Facts with facts, as columns compute them: sums and products, no functions."""
    facts = of_kind(scope, *COUNTED)
    left, right = one_of(draw, facts), one_of(draw, facts)
    if left.unit and right.unit and left.unit != right.unit:
        right = left
    more = "" if draw(st.booleans()) else f" {one_of(draw, '+-*')} {one_of(draw, FIGURES[:11])}"
    return f"{left.name}{more} {one_of(draw, SIGNS)} {right.name}"


def _within_days(draw: Draw, scope: Scope) -> str:
    fact = one_of(draw, of_kind(scope, "date"))
    listed = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
    return f"{fact.name} in [{', '.join(listed)}]"


def _instants(draw: Draw, scope: Scope) -> str:
    fact = one_of(draw, of_kind(scope, "datetime"))
    return f"{fact.name} {one_of(draw, SIGNS)} {day(draw, scope)}"


def _words(draw: Draw, scope: Scope) -> str:
    fact = one_of(draw, of_kind(scope, "word"))
    others = [each for each in of_kind(scope, "word") if each.words == fact.words]
    if draw(st.booleans()):
        listed = draw(st.lists(st.sampled_from(fact.words), min_size=1, unique=True))
        return f"{fact.name} {one_of(draw, ('in', 'not in'))} [{', '.join(listed)}]"
    return _two_words(draw, fact, others)


def _two_words(draw: Draw, fact: Fact, others: Sequence[Fact]) -> str:
    right = one_of(draw, [*(each.name for each in others), *fact.words])
    return f"{fact.name} {one_of(draw, SIGNS)} {right}"


def _texts(draw: Draw, scope: Scope) -> str:
    return f"{text(draw, scope)} {one_of(draw, ('=', '!='))} {text(draw, scope)}"


def _among_texts(draw: Draw, scope: Scope) -> str:
    listed = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True))
    quoted = ", ".join(f'"{each}"' for each in listed)
    return f"{text(draw, scope)} {one_of(draw, ('in', 'not in'))} [{quoted}]"


def _in_list(draw: Draw, scope: Scope) -> str:
    return f"{text(draw, scope)} in {one_of(draw, of_kind(scope, 'list')).name}"


def _two_lists(draw: Draw, scope: Scope) -> str:
    lists = of_kind(scope, "list")
    return f"any_in({one_of(draw, lists).name}, {one_of(draw, lists).name})"


def _yes(draw: Draw, scope: Scope) -> str:
    fact = one_of(draw, of_kind(scope, "yes/no"))
    return one_of(
        draw, (fact.name, f"not {fact.name}", f"{fact.name} = yes", f"{fact.name} != yes")
    )


def _missing(draw: Draw, scope: Scope) -> str:
    return f"{one_of(draw, scope).name} is {one_of(draw, ('missing', 'not missing'))}"


TESTS: tuple[tuple[Any, ...], ...] = (
    (_figure, *COUNTED), (_days, "date", "datetime"), (_within_days, "date"),
    *[(_two_days, "date", "datetime"), (_two_figures, *COUNTED)] * 2,
    (_instants, "datetime"), (_words, "word"), (_texts, "text"), (_among_texts, "text"),
    (_in_list, "list"), (_two_lists, "list"), (_yes, "yes/no"),
    (_missing, "text", "word", "date", "datetime", "list", "yes/no", *COUNTED),
)  # fmt: skip


# ---- values


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
    if not plain:
        date = day(draw, scope)
        calls += [f"year({date})", f"month({date})", f"day({date})"]
    return Counted(one_of(draw, calls), "")


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
        f"latest({one}, {other})", f"earliest({one}, {other})", f"or_else({one}, {other})",
    )  # fmt: skip
    return str(one_of(draw, made))


def text(draw: Draw, scope: Scope) -> str:
    """A text."""
    facts = of_kind(scope, "text")
    choices = [f'"{one_of(draw, TEXTS)}"', *(each.name for each in facts)]
    if facts:
        choices.append(f'or_else({one_of(draw, facts).name}, "{one_of(draw, TEXTS)}")')
    return str(one_of(draw, choices))


def stated(draw: Draw, scope: Scope) -> str:
    """What an action may state: anything that tells nothing personal."""
    open_ = tuple(each for each in scope if not each.personal)
    choices: list[Any] = [number, _stated_choice]
    if of_kind(open_, "date", "datetime"):
        choices.append(day)
    if open_:
        choices += [_stated_fact, _stated_fact]
    if of_kind(open_, "text"):
        choices.append(text)
    made = one_of(draw, choices)(draw, open_)
    return made.text if isinstance(made, Counted) else made


def _stated_fact(draw: Draw, scope: Scope) -> str:
    return str(one_of(draw, scope).name)


def _stated_choice(draw: Draw, scope: Scope) -> str:
    return f'if({condition(draw, scope, 1)}, "{one_of(draw, TEXTS)}", "{one_of(draw, TEXTS)}")'
