# SPDX-License-Identifier: Apache-2.0
"""What people write by habit in a condition is told with what the language says for it."""

import pytest

from loyaltyrules.expression.tokens import day_meant, habit, untied
from loyaltyrules.expression.types import YES_NO


@pytest.mark.parametrize(
    ("text", "marked", "near"),
    [
        ("member 并且 points > 5", "并且", "and"),
        ("points > 5 并且 member", "并且", "and"),
        ("member 或者 points > 5", "或者", "or"),
        ("points 大于 5", "大于", ">"),
        ("points 大于5", "大于5", "> 5"),
        ("points 不低于 5", "不低于", ">="),
        ("tier 不是 A", "不是", "!="),
        ("tier 是 A", "是", "="),
        ("tier 等于 A", "等于", "="),
        ("born 为空", "为空", "is missing"),
        ("born 不为空", "不为空", "is not missing"),
        ("points <> 5", ">", "!="),
    ],
)
def test_a_word_of_speech_is_told_with_that_of_the_language(
    text: str, marked: str, near: str, faulty
) -> None:
    assert faulty(text, YES_NO) == ("LR111", marked, near)


@pytest.mark.parametrize(
    ("text", "marked", "near"),
    [
        ("born < 2027-1-1", "2027-1-1", "2027-01-01"),
        ("born < 2027/1/31", "2027/1/31", "2027-01-31"),
        ("born < 2027年1月31日", "2027年1月31日", "2027-01-31"),
        ("born < 2027-13-1", "2027-13-1", ""),
    ],
)
def test_a_day_in_another_form_is_told_as_a_day(text: str, marked: str, near: str, faulty) -> None:
    assert faulty(text, YES_NO) == ("LR301", marked, near)


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("points大于5", "LR201", "points > 5"),
        ("不是member", "LR201", "not member"),
        ("tier in [A、B]", "LR110", ","),
        ('tier = "A、B"', "LR202", "A, B"),
    ],
)
def test_what_is_tied_together_is_told_apart(text: str, code: str, near: str, faulty) -> None:
    found = faulty(text, YES_NO)
    assert (found[0], found[2]) == (code, near)


def test_names_that_only_begin_like_a_word_of_speech_are_names() -> None:
    assert habit("是否会员") == habit("和平店") == habit("points") == ""
    assert untied("points") == untied("大于") == untied("不是") == ""
    assert day_meant("2027-02-30") == day_meant("next week") == ""
