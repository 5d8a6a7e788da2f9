# SPDX-License-Identifier: Apache-2.0
"""Rows of reference tables in a policy are read where they stand, when the policy is loaded."""

from collections.abc import Callable
from typing import Any

import pytest

from loyaltyrules import Policy, PolicyError, compile_day

SALE = """
reference:
  sale:
    columns: {id: text, active_from: date, size: [big, small], shops: list, text: text}
    rows:
"""


def problems(written: Callable[[str], Policy], rows: list[str]) -> list[Any]:
    with pytest.raises(PolicyError) as caught:
        written(SALE + "".join(f"      - {row}\n" for row in rows))
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ("{id: a, active_form: 2027-02-01}", "LR487", "active_from"),
        ("{id: a, active_from: 2027/2/1}", "LR404", "2027/2/1"),
        ("{id: a, active_from: next week}", "LR404", "next week"),
        ("{id: a, size: bigg}", "LR403", "bigg"),
        ("{id: a, text: [x, y]}", "LR402", "text"),
    ],
)
def test_a_slip_in_a_row_is_told_at_its_own_cell(
    written: Callable[[str], Policy], row: str, code: str, said: str
) -> None:
    (found,) = problems(written, ["{id: z, active_from: 2027-01-01}", row])
    assert (found.code, found.line) == (code, 10)
    assert said in str(PolicyError([found])) and found.column > len("      - {id: a,")


def test_all_slips_of_all_rows_are_told_at_once(written: Callable[[str], Policy]) -> None:
    rows = ["{id: a, active_form: 2027-02-01, size: bigg}", "{id: b, active_from: no}"]
    assert [each.code for each in problems(written, rows)] == ["LR487", "LR403", "LR404"]


def test_two_rows_of_one_id_that_differ_are_refused_at_the_second(
    written: Callable[[str], Policy],
) -> None:
    (found,) = problems(written, ["{id: a, text: x}", "{id: b, text: x}", "{id: a, text: y}"])
    assert (found.code, found.line) == ("LR408", 11)


def test_sound_rows_load_and_compile(written: Callable[[str], Policy]) -> None:
    rows = ["{id: a, active_from: 2027-02-01, size: big, shops: [s1, s2]}", "{text: without an id}"]
    policy = written(SALE + "".join(f"      - {row}\n" for row in rows))
    assert len(compile_day(policy, "2027-02-01").tables["sale"]) == 2


def test_rows_of_parents_may_say_their_facts_and_lists(written: Callable[[str], Policy]) -> None:
    shops = """
subjects: {shop: {}, shelf: {of: shop, list: shelves}, customer: {of: shop}}
facts: {shop: {city: {type: text}}, shelf: {goods: {type: text}}, customer: {x: {type: text}}}
reference:
  shop:
    columns: {id: text}
    rows: [{id: s, city: Nanjing}]
"""
    assert compile_day(written(shops), "2027-02-01").tables["shop"][0]["city"] == "Nanjing"
    with pytest.raises(PolicyError, match="LR487"):
        written(shops.replace("city: Nanjing", "ctiy: Nanjing"))
