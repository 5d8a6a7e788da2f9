# SPDX-License-Identifier: Apache-2.0
"""Lists made of lists and of conditions: `without`, `both`, `chosen`."""

from collections.abc import Callable
from typing import Any

import pytest

from loyaltyrules import Policy

Written = Callable[[str], Policy]

NEEDS = """
facts:
  customer:
    needs:      {type: list}
    bought:     {type: list}
    uncovered:  {is: 'without(needs, bought)', source: ONE-EXP-01}
    covered:    {is: 'both(needs, bought)'}
    skin_share: {type: share}
    colour:     {type: yes/no}
    classes:    {is: 'chosen("skin", skin_share >= 50%, "makeup", colour)', source: LOREAL2-CLS-03}
rules:
  need:  {for: customer, once_per: id, if: size(uncovered) > 0, do: {do: task.need, value: uncovered}}
  met:   {for: customer, once_per: id, if: size(covered) > 0, do: {do: task.met, value: covered}}
  class: {for: customer, once_per: id, if: '"skin" in classes', do: {do: task.class, value: classes}}
  none:  {for: customer, once_per: id, if: size(classes) = 0 and classes is not missing, do: task.none}
"""


def said(decision: Any) -> dict[str, str | None]:
    return {each.rule: each.value for each in decision.actions}


def test_what_is_needed_and_not_bought_stands_in_the_order_of_the_needs(
    written: Written, decide: Callable[..., Any]
) -> None:
    record = {"id": "c", "needs": "sun;night;day", "bought": "night"}
    assert said(decide(written(NEEDS), record, "2027-03-01")) == {"need": "sun;day", "met": "night"}


def test_an_empty_answer_is_known(written: Written, decide: Callable[..., Any]) -> None:
    record = {"id": "c", "needs": [], "bought": ["x"], "skin_share": "10%", "colour": "no"}
    decision = decide(written(NEEDS), record, "2027-03-01")
    assert said(decision) == {"none": None}
    assert decision.undecided == ()


@pytest.mark.parametrize(
    ("facts", "rules"),
    [({"skin_share": "60%", "colour": "yes"}, {"class": "skin;makeup"}),
     ({"skin_share": "60%", "colour": "no"}, {"class": "skin"}),
     ({"skin_share": "60%"}, {})],
)  # fmt: skip
def test_several_words_may_be_chosen_and_one_unknown_condition_leaves_all_open(
    written: Written, decide: Callable[..., Any], facts: dict[str, str], rules: dict[str, str]
) -> None:
    decision = decide(written(NEEDS), {"id": "c", **facts}, "2027-03-01")
    assert said(decision) == rules
    if not rules:
        names = {each.rule: each.facts for each in decision.undecided}
        assert names["class"] == ("colour",)


@pytest.mark.parametrize(
    "said",
    ['chosen("skin")', 'chosen("skin", 1)', 'chosen(1, colour)', "without(needs)",
     "both(needs, colour)"],
)  # fmt: skip
def test_what_is_no_pair_of_word_and_condition_and_no_list_is_refused(
    faults: Callable[[str], list[str]], said: str
) -> None:
    assert faults(NEEDS.replace("without(needs, bought)", said)) == ["LR211"]


PERSONAL = """
facts:
  customer:
    illness: {type: yes/no, personal: yes}
    born_on: {type: date, personal: yes}
    phones:  {type: list, personal: yes}
rules:
  tell: {for: customer, once_per: id, do: {do: task.tell, value: 'SAID'}}
"""


@pytest.mark.parametrize(
    "said", ['chosen("ill", illness)', 'without(phones, ["1"])', 'both(["1"], phones)']
)
def test_lists_made_of_personal_facts_tell_them(
    faults: Callable[[str], list[str]], said: str
) -> None:
    assert faults(PERSONAL.replace("SAID", said)) == ["LR235"]


def test_a_comparison_with_a_personal_fact_only_decides_which_words_are_chosen(
    written: Written,
) -> None:
    assert written(PERSONAL.replace("SAID", 'chosen("grown", age(born_on) >= 18 years)')).rules
