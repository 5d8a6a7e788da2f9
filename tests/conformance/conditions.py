# SPDX-License-Identifier: Apache-2.0
"""Conditions of the policy language, valid by construction, and what actions may state."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from conformance.values import (
    COUNTED,
    DAYS,
    FIGURES,
    SIGNS,
    TEXTS,
    Counted,
    Draw,
    Fact,
    Scope,
    between,
    day,
    instant,
    number,
    of_kind,
    one_of,
    text,
)  # fmt: skip


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


def two_days(draw: Draw, scope: Scope) -> str:
    """Dates of the record with each other."""
    kind = one_of(draw, sorted({each.kind for each in of_kind(scope, "date", "datetime")}))
    facts = of_kind(scope, kind)
    return f"{one_of(draw, facts).name} {one_of(draw, SIGNS)} {one_of(draw, facts).name}"


def two_figures(draw: Draw, scope: Scope) -> str:
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
    other = one_of(draw, (day, instant))(draw, scope)
    return f"{instant(draw, scope)} {one_of(draw, SIGNS)} {other}"


def _between(draw: Draw, scope: Scope) -> str:
    return f"{between(draw, scope).text} {one_of(draw, SIGNS)} {one_of(draw, FIGURES[:6])}"


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
    pair = f"{one_of(draw, lists).name}, {one_of(draw, lists).name}"
    asked = one_of(draw, ("any_in(?)", "all_in(?)", "size(both(?)) > 0", '"茶" in without(?)'))
    return str(asked.replace("?", pair))


def _yes(draw: Draw, scope: Scope) -> str:
    fact = one_of(draw, of_kind(scope, "yes/no"))
    return one_of(
        draw, (fact.name, f"not {fact.name}", f"{fact.name} = yes", f"{fact.name} != yes")
    )


def _missing(draw: Draw, scope: Scope) -> str:
    return f"{one_of(draw, scope).name} is {one_of(draw, ('missing', 'not missing'))}"


TESTS: tuple[tuple[Any, ...], ...] = (
    (_figure, *COUNTED), (_days, "date", "datetime"), (_within_days, "date"),
    *[(two_days, "date", "datetime"), (two_figures, *COUNTED)] * 2,
    *[(_instants, "datetime")] * 2, (_between, "datetime"), (_words, "word"),
    (_texts, "text"), (_among_texts, "text"),
    (_in_list, "list"), (_two_lists, "list"), (_yes, "yes/no"),
    (_missing, "text", "word", "date", "datetime", "list", "yes/no", *COUNTED),
)  # fmt: skip


def stated(draw: Draw, scope: Scope) -> str:
    """What an action may state: anything that tells nothing personal."""
    open_ = tuple(each for each in scope if not each.personal)
    choices: list[Any] = [number, _stated_choice]
    if of_kind(open_, "date", "datetime"):
        choices.append(day)
    if of_kind(open_, "datetime"):
        choices.append(instant)
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
