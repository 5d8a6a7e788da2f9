# SPDX-License-Identifier: Apache-2.0
"""The grammar of conditions: what is read, with which spans, and what is refused where."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyaltyrules.calendar import Period
from loyaltyrules.expression import tree
from loyaltyrules.expression.parser import ExpressionFault, parse
from loyaltyrules.expression.types import DATE, MINUTES, NUMBER, PERIOD, SHARE, TEXT, WHOLE, YES_NO
from loyaltyrules.problem.problem import Place

A, B, C = tree.Name("a"), tree.Name("b"), tree.Name("c")


@pytest.mark.parametrize(("text", "node"), [
    ("a = b", tree.Compare("=", A, B)),
    ("a == b", tree.Compare("=", A, B)),
    ("a != b", tree.Compare("!=", A, B)),
    ("a >= b", tree.Compare(">=", A, B)),
    ("a and b or c", tree.Or((tree.And((A, B)), C))),
    ("a or b and c", tree.Or((A, tree.And((B, C))))),
    ("(a or b) and c", tree.And((tree.Or((A, B)), C))),
    ("not a and b", tree.And((tree.Not(A), B))),
    ("not not a", tree.Not(tree.Not(A))),
    ("not a = b", tree.Not(tree.Compare("=", A, B))),
    ("a in [b, c]", tree.In(A, tree.ListOf((B, C)))),
    ("a in [b, c,]", tree.In(A, tree.ListOf((B, C)))),
    ("a in []", tree.In(A, tree.ListOf(()))),
    ("a not in b", tree.Not(tree.In(A, B))),
    ("a is missing", tree.Missing(A)),
    ("a is not missing", tree.Not(tree.Missing(A))),
    ("a + b * c", tree.Arithmetic("+", A, tree.Arithmetic("*", B, C))),
    ("a - b - c", tree.Arithmetic("-", tree.Arithmetic("-", A, B), C)),
    ("(a - b) / c", tree.Arithmetic("/", tree.Arithmetic("-", A, B), C)),
    ("-a", tree.Arithmetic("-", tree.Literal(0, WHOLE), A)),
    ("f(a, b)", tree.Call("f", (A, B))),
    ("f()", tree.Call("f", ())),
    ("if(a, b, c)", tree.Call("if", (A, B, C))),
    ("yes", tree.Literal(True, YES_NO)),
    ("no", tree.Literal(False, YES_NO)),
    ('"a b"', tree.Literal("a b", TEXT)),
    ('"in"', tree.Literal("in", TEXT)),
    ("2027-02-06", tree.Literal(date(2027, 2, 6), DATE)),
    ("20%", tree.Literal(Decimal("0.2"), SHARE)),
    ("2.50", tree.Literal(Decimal("2.5"), NUMBER)),
    ("2.0", tree.Literal(2, WHOLE)),
    ("3 days", tree.Literal(Period(days=3), PERIOD)),
    ("2 weeks", tree.Literal(Period(days=14), PERIOD)),
    ("12 months", tree.Literal(Period(months=12), PERIOD)),
    ("1 year", tree.Literal(Period(months=12), PERIOD)),
    ("25 hours", tree.Literal(Period(minutes=1500), MINUTES)),
    ("90 分钟", tree.Literal(Period(minutes=90), MINUTES)),
    ("5000 points", tree.Quantity(tree.Literal(5000, WHOLE), "points")),
    ("5000points", tree.Quantity(tree.Literal(5000, WHOLE), "points")),
    ("customer.tier", tree.Name("customer.tier")),
    ("级别 = 甲", tree.Compare("=", tree.Name("级别"), tree.Name("甲"))),
    ("积分>=2000", tree.Compare(">=", tree.Name("积分"), tree.Literal(2000, WHOLE))),
])  # fmt: skip
def test_an_expression_becomes_its_tree(text: str, node: tree.Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(("chinese", "english"), [
    ("a 且 b", "a and b"),
    ("a 或 非 b", "a or not b"),
    ("a 属于 [b, c]", "a in [b, c]"),
    ("a is 缺失", "a is missing"),
    ("今天", "today"),
    ("12个月", "12 months"),
    ("3 天", "3 days"),
    ("3日", "3 days"),
    ("2 周", "2 weeks"),
    ("1年", "1 year"),
    ("5 小时", "5 hours"),
])  # fmt: skip
def test_chinese_words_of_the_language_mean_the_same(chinese: str, english: str) -> None:
    assert parse(chinese) == parse(english)


@pytest.mark.parametrize(("text", "kind", "span"), [
    ("a = 1 and (b or c)", tree.Or, "b or c"),
    ("a = 1 and (b or c)", tree.Compare, "a = 1"),
    ("x or f(a, b) = c", tree.Call, "f(a, b)"),
    ("a not in [b,  c] or d", tree.ListOf, "[b,  c]"),
    ("x and a not in [b]", tree.Not, "a not in [b]"),
    ("x and a is not missing and y", tree.Missing, "a is not missing"),
    ("x = 5000 points", tree.Quantity, "5000 points"),
    ("x = a - b * c + d", tree.Arithmetic, "a - b * c + d"),
])  # fmt: skip
def test_a_node_knows_its_span(text: str, kind: type, span: str) -> None:
    found = next(node for node in tree.walk(parse(text)) if isinstance(node, kind))
    assert text[slice(*found.span)] == span


@pytest.mark.parametrize(("text", "code", "marked", "near"), [
    ("a ≥ 5", "LR110", "≥", ">="),
    ("a in [b，c]", "LR110", "，", ","),
    ("a in [b、c]", "LR110", "、", ","),
    ("a in 【b】", "LR110", "【", "["),
    ("（a）", "LR110", "（", "("),
    ("a = “b”", "LR110", "“", '"'),
    ("a > ５", "LR110", "５", "5"),
    ("a > 2０", "LR110", "０", "0"),
    ("a = 20％", "LR110", "％", "%"),
    ("a * 2 × b", "LR110", "×", "*"),
    ("a = 'b'", "LR110", "'", ""),
    ('a = "b', "LR110", '"', ""),
    ("a > 5:30", "LR110", ":", ""),
    ("a > 1_000", "LR110", "_", ""),
    ("a > 1e6", "LR111", "e6", ""),
    ("a > 0o17", "LR111", "o17", ""),
    ("a > 1,000", "LR111", ",", ""),
    ("a => 5", "LR111", ">", ">="),
    ("a =", "LR111", "", ""),
    ("", "LR111", "", ""),
    ("a and", "LR111", "", ""),
    ("a and and b", "LR111", "and", ""),
    ("a = not b", "LR111", "not", ""),
    ("a b", "LR111", "b", ""),
    ("a nad b", "LR111", "nad", "and"),
    ("a is b", "LR111", "b", "missing"),
    ("a not b", "LR111", "b", "in"),
    ("(a", "LR111", "", ")"),
    ("a)", "LR111", ")", ""),
    ("f(a b)", "LR111", "b", ")"),
    ("[a", "LR111", "", "]"),
    ("a < b < c", "LR113", "<", ""),
    ("a = 1234567890123456", "LR114", "1234567890123456", ""),
    ("a = 12345678.90123456", "LR114", "12345678.90123456", ""),
    ("a = 2027-02-29", "LR301", "2027-02-29", ""),
    ("a = 2027-13-01", "LR301", "2027-13-01", ""),
])  # fmt: skip
def test_a_fault_says_where_and_what_was_meant(
    text: str, code: str, marked: str, near: str
) -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse(text, Place("f.yaml", 3, 11, len(text), " " * 10 + text))
    problem = caught.value.problem
    assert problem.place is not None
    start = problem.place.column - 1
    assert problem.code == code
    assert problem.place.excerpt[start : start + problem.place.length] == marked
    assert dict(problem.details).get("near", "") == near


DEEP = 6_000


@pytest.mark.parametrize("text", [
    "(" * DEEP, "[" * DEEP, "not " * DEEP, "-" * DEEP, "f(" * DEEP, "(" * 41 + "a" + ")" * 41,
    " + ".join(["a"] * DEEP), " * ".join(["a"] * DEEP),
])  # fmt: skip
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse(text)
    assert caught.value.problem.code == "LR112"


def test_a_text_that_is_no_condition_any_more_is_refused() -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse("a and " * 10_000 + "a")
    assert caught.value.problem.code == "LR112"


def test_forty_brackets_and_a_long_sum_are_read() -> None:
    assert parse("(" * 39 + "a" + ")" * 39) == A
    assert len(list(tree.walk(parse(" + ".join(["a"] * 90))))) == 179
    assert len(tree.children(parse(" and ".join(["a"] * 2000)))) == 2000


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    try:
        parse(text)
    except ExpressionFault as fault:
        place = fault.problem.place
        assert place is not None
        assert 1 <= place.column <= len(text) + 1


PIECES = ["a", "(", ")", "[", "]", ",", "and", "or", "not", "in", "is", "missing", "=", "<", "-",
          "+", "*", "1", "2 days", "20%", '"t"', "f(", "if(", "今天", "2027-01-01", "yes"]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_row_of_words_is_read_or_refused(pieces: list[str]) -> None:
    try:
        parse(" ".join(pieces))
    except ExpressionFault as fault:
        assert fault.problem.code in {"LR111", "LR113"}
