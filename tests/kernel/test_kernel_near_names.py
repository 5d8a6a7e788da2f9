# SPDX-License-Identifier: Apache-2.0
"""Faults of a policy name what was probably meant: a title, a parent's fact, the words of a list."""

from collections.abc import Callable
from typing import Any

import pytest

from loyaltyrules import Policy, PolicyError

SHOP = """
subjects: {store: {title: 门店}, customer: {of: store}}
facts:
  store: {name: {type: text, title: {zh: 店名}}, opened_on: {type: date}}
  customer:
    tier: {type: [A, B], title: {zh: 现有级别}}
    called: {type: text, title: {zh: 姓名}}
    points: {type: whole, unit: points}
    spent: {type: money}
    day: {type: date}
    moment: {type: datetime}
    likes: {type: list}
words:
  call: {kind: call}
  visit: {kind: visit}
  hello: {kind: message.send, channel: sms, template: hello}
templates: {hello: {zh: 您好}}
rules:
  r: {for: customer, at: daily, if: tier = A, within: 3 days, role: guide, do: call}
"""


@pytest.fixture
def told(written: Callable[[str], Policy]) -> Callable[[str, str], dict[str, str]]:
    """The one fault of the shop's policy with some text changed: its code and its details."""

    def found(old: str, new: str) -> dict[str, str]:
        with pytest.raises(PolicyError) as caught:
            written(SHOP.replace(old, new, 1))
        (each,) = caught.value.problems
        return {"code": each.code, "said": str(caught.value), **dict(each.details)}

    return found


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("级别", "现有级别"), ("客户级别", "现有级别"), ("门店.店名", "store.店名"),
        ("store.nmae", "store.name"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_told_with_the_title_that_is_near(
    told: Any, name: str, near: str
) -> None:
    found = told("if: tier = A", f'if: {name} = "A"')
    assert (found["code"], found["near"]) == ("LR201", near)


@pytest.mark.parametrize(
    ("name", "near"),
    [("客户姓名", "姓名"), ("门店.店名", "store.店名"), ("店铺.店名", "store.店名")],
)
def test_an_unknown_placeholder_is_told_with_the_title_that_is_near(
    told: Any, name: str, near: str
) -> None:
    found = told("您好}", f'"{{{name}}}您好"}}')
    assert (found["code"], found["near"]) == ("LR233", near)


@pytest.mark.parametrize(
    "cell", ["call、visit", "[call、visit]", "call和visit", "call, visit", "call;visit"]
)
def test_words_that_are_written_as_one_are_told_apart(told: Any, cell: str) -> None:
    found = told("do: call}", f'do: "{cell}"}}' if "[" not in cell else f"do: {cell}}}")
    assert (found["code"], found["near"]) == ("LR224", "[call, visit]")


@pytest.mark.parametrize("period", ["5 seconds", "3", "0.5 days", "day", "points"])
def test_where_a_period_is_needed_the_remedy_says_how_one_is_written(
    told: Any, period: str
) -> None:
    found = told("within: 3 days", f"within: {period}")
    assert found["code"] == "LR203"
    assert "days, weeks, months or years" in found["said"]


def test_where_a_list_or_a_condition_is_needed_the_remedy_says_so(told: Any) -> None:
    assert "Write a list: words in brackets" in told("if: tier = A", "if: points in points")["said"]
    assert "Write a condition, such as" in told("if: tier = A", "if: points")["said"]


def test_values_of_one_choice_that_do_not_go_together_are_named(told: Any) -> None:
    found = told("if: tier = A", '"if": "if(tier = A, points, spent) > 3"')
    assert (found["code"], found["one"], found["other"]) == ("LR204", "points", "spent")
    days = told("if: tier = A", '"if": "if(tier = A, day, moment) > 2027-01-01"')
    assert days["code"] == "LR206" and "cannot be compared" not in days["said"]


@pytest.mark.parametrize("choice", ["if(points > 1, tier, A) = B", "if(points > 1, A, tier) = B"])
def test_bare_words_of_a_choice_are_those_of_the_value_beside_them(
    written: Callable[[str], Policy], choice: str
) -> None:
    written(SHOP.replace("if: tier = A", f'"if": "{choice}"', 1))


def test_types_are_told_in_the_readers_language(told: Any, written: Any) -> None:
    from loyaltyrules.problem.render import message

    with pytest.raises(PolicyError) as caught:
        written(SHOP.replace("if: tier = A", '"if": "abs(points, spent) > 1"', 1))
    said = message(caught.value.problems[0], "zh")
    assert "整数 (points)、数字 (CNY)" in said and "whole" not in said


def test_a_list_in_a_list_keeps_its_quotes_in_the_remedy(told: Any) -> None:
    found = told("if: tier = A", """'if': '["a", "b"] in likes'""")
    assert found["code"] == "LR252" and 'any_in(["a", "b"], likes)' in found["said"]


def test_a_date_of_a_parent_is_told_as_one_and_may_become_a_fact_of_the_child(
    written: Callable[[str], Policy],
) -> None:
    birthday = "occasions: {opening: {anniversary: DATE}}"
    rule = "rules:\n  o: {for: customer, at: opening, do: call}"
    text = SHOP.replace("rules:", rule, 1) + birthday
    with pytest.raises(PolicyError) as caught:
        written(text.replace("DATE", "store.opened_on"))
    (found,) = caught.value.problems
    assert (found.code, found.line) == ("LR163", 22)
    own = "{is: store.opened_on}"
    assert f"my_opened_on: {own}" in str(caught.value)
    mended = text.replace("tier: {type", f"my_opened_on: {own}\n    tier: {{type", 1)
    written(mended.replace("DATE", "my_opened_on"))


def test_a_fact_of_a_parent_is_named_where_only_its_name_is_written(told: Any) -> None:
    found = told("if: tier = A", "if: opened_on > today")
    assert (found["code"], found["near"]) == ("LR201", "store.opened_on")


BOUGHT = SHOP.replace("day: {type", "day: {title: 首次消费日, type").replace(
    "spent: {", "spent: {title: 今年消费额, "
)


@pytest.mark.parametrize(
    "name", ["上次消费", "上次消费日", "末次消费日", "最近消费日", "去年消费额"]
)
@pytest.mark.parametrize(
    ("old", "new"), [("tier = A", "{} is missing"), ("您好}", '"{{{}}}您好"}}')]
)
def test_what_is_near_and_means_the_opposite_is_not_offered(
    written: Callable[[str], Policy], name: str, old: str, new: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        written(BOUGHT.replace(old, new.format(name), 1))
    (found,) = caught.value.problems
    assert dict(found.details)["near"] == ""


@pytest.mark.parametrize(("name", "near"), [("首次消费", "首次消费日"), ("今年消费", "今年消费额")])
def test_a_short_name_that_lacks_a_sign_is_offered(
    written: Callable[[str], Policy], name: str, near: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        written(BOUGHT.replace("tier = A", f"{name} is missing", 1))
    assert dict(caught.value.problems[0].details)["near"] == near


def test_an_end_is_not_offered_for_a_beginning(written: Callable[[str], Policy]) -> None:
    with pytest.raises(PolicyError) as caught:
        written(SHOP.replace("at: daily", "at: quarter_begin"))
    assert dict(caught.value.problems[0].details)["near"] == "quarter_start"


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("lunar: 腊月三十", "year_end: lunar"), ("lunar: 十二月三十", "year_end: lunar"),
        ("lunar: 除夕", "year_end: lunar"), ("term: 清明", "term: qingming"),
        ("term: 清明节", "term: qingming"), ("lunar: 正月十五", "lunar: 1/15"),
        ("lunar: 八月廿三", "lunar: 8/23"), ("lunar: 农历五月初五", "lunar: 5/5"),
        ("solar: 5月1日", "solar: 05-01"), ("solar: 十月一日", "solar: 10-01"),
        ("solar: 5.12", "solar: 05-12"), ("nth: 父亲节", "nth: third sunday of june"),
        ("solar: 02-30", ""), ("lunar: 13/1", ""), ("term: 立春", ""), ("lunar: 好月亮", ""),
    ],
)  # fmt: skip
def test_a_day_as_people_say_it_is_told_as_it_is_written(
    written: Callable[[str], Policy], said: str, near: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        written(f"occasions: {{x: {{{said}}}}}\n")
    (found,) = caught.value.problems
    assert (found.code, dict(found.details)["near"]) == ("LR302", near)
    if near:
        written(f"occasions: {{x: {{{near}}}}}\n")


@pytest.mark.parametrize(
    ("kind", "near"),
    [
        ("phone", "call"), ("电话", "call"), ("致电", "call"), ("sms", "message.send"),
        ("短信", "message.send"), ("信函", "letter"), ("SMS", "message.send"), ("letters", "letter"),
    ],
)  # fmt: skip
def test_the_kind_that_goes_by_a_channel_is_offered(
    written: Callable[[str], Policy], kind: str, near: str
) -> None:
    channels = "channels: {phone: {zh: 致电}, sms: {zh: 短信}}\n"
    with pytest.raises(PolicyError) as caught:
        written(SHOP.replace("call: {kind: call}", f"call: {{kind: {kind}}}") + channels)
    assert ("LR226", near) in [(e.code, dict(e.details)["near"]) for e in caught.value.problems]


GRID = """
tables:
  t: {for: customer, at: daily, by: [tier, vip], rows: {A: [call, visit], B: {rest: CELL}}}
"""


def test_a_row_that_is_one_cell_is_told_with_the_cell_for_all_columns(
    written: Callable[[str], Policy],
) -> None:
    text = SHOP.replace("points: {", "vip: {type: yes/no}\n    points: {") + GRID.replace(
        "CELL", "call"
    )
    with pytest.raises(PolicyError) as caught:
        written(text)
    (found,) = caught.value.problems
    assert found.code == "LR168"
    assert "`A: {rest: [call, visit]}`" in str(caught.value)
    written(text.replace("A: [call, visit]", "A: {rest: [call, visit]}"))


def test_the_same_word_twice_is_told_once_at_the_cell(written: Callable[[str], Policy]) -> None:
    text = SHOP.replace("points: {", "vip: {type: yes/no}\n    points: {")
    cells = GRID.replace("A: [call, visit]", "A: call").replace("A: call", "A: {rest: call}")
    with pytest.raises(PolicyError) as caught:
        written(text + cells.replace("CELL", "[visit, visit]"))
    (found,) = caught.value.problems
    assert found.code == "LR236"
    start = found.place.column - 1
    assert found.place.excerpt[start:].startswith("visit]")
    assert "visit, visit" in dict(found.details)["key"]


def test_a_brace_alone_in_a_gift_is_told_as_one(written: Callable[[str], Policy]) -> None:
    with pytest.raises(PolicyError) as caught:
        written(SHOP.replace("do: call}", 'do: {do: call, gift: "{cake"}}'))
    (found,) = caught.value.problems
    assert (found.code, dict(found.details)["found"]) == ("LR153", "{")
