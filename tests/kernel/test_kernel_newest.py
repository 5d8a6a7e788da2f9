# SPDX-License-Identifier: Apache-2.0
"""The latest child's value, orders from the greatest down, and how often each word is there."""

from collections.abc import Callable
from typing import Any

import pytest

from loyaltyrules import Policy, compile_day, evaluate

Written = Callable[[str], Policy]
Decide = Callable[..., Any]

REVIEWS = """
subjects:
  employee: {}
  review: {of: employee}
facts:
  review:
    result:      {type: [good, fair, poor]}
    reviewed_on: {type: date, absent: unknown}
    final:       {type: yes/no, default: yes}
  employee:
    standing: {newest: review.result, by: reviewed_on, where: final, source: STORE-REW-02}
    last_day: {newest: review.reviewed_on, by: reviewed_on}
    spread:   {counts: review.result}
rules:
  tell:  {for: employee, once_per: id, do: {do: task.tell, value: standing}}
  count: {for: employee, once_per: id, do: {do: task.count, value: spread}}
  poor:  {for: employee, once_per: id, if: standing = poor, do: task.poor}
  never: {for: employee, once_per: id, if: not (last_day > 2026-01-01), do: task.never}
"""
DAYS = [
    {"id": "r1", "result": "poor", "reviewed_on": "2027-01-10"},
    {"id": "r2", "result": "good", "reviewed_on": "2027-02-10"},
    {"id": "r3", "result": "fair"},
]


def told(written: Written, decide: Decide, text: str, **facts: Any) -> dict[str, str | None]:
    decision = decide(written(text), {"id": "e", **facts}, "2027-03-01")
    return {each.rule: each.value for each in decision.actions}


@pytest.fixture
def decide() -> Decide:
    return lambda policy, record, on: evaluate(compile_day(policy, on), record, subject="employee")


def test_the_newest_is_the_value_of_the_last_child_and_one_without_a_day_is_before_all(
    written: Written, decide: Decide
) -> None:
    assert told(written, decide, REVIEWS, reviews=DAYS)["tell"] == "good"
    assert told(written, decide, REVIEWS, reviews=DAYS[::-1])["tell"] == "good"
    assert told(written, decide, REVIEWS, reviews=DAYS[2:])["tell"] == "fair"


def test_of_one_day_the_child_of_the_greater_id_is_the_later(
    written: Written, decide: Decide
) -> None:
    same = [each | {"reviewed_on": "2027-01-10"} for each in DAYS]
    assert told(written, decide, REVIEWS, reviews=same)["tell"] == "fair"


def test_what_the_last_child_does_not_say_is_unknown_and_no_earlier_one_stands_in(
    written: Written, decide: Decide
) -> None:
    reviews = [*DAYS, {"id": "r4", "reviewed_on": "2027-02-20"}]
    found = decide(written(REVIEWS), {"id": "e", "reviews": reviews}, "2027-03-01")
    assert {each.rule: each.facts for each in found.undecided} == {"poor": ("standing",)}
    only_told = REVIEWS.replace("where: final", "where: result is not missing")
    assert told(written, decide, only_told, reviews=reviews)["tell"] == "good"


def test_without_children_a_date_has_not_happened_and_of_unknown_days_it_is_unknown(
    written: Written, decide: Decide
) -> None:
    assert "never" in told(written, decide, REVIEWS, reviews=[])
    found = decide(written(REVIEWS), {"id": "e", "reviews": [{"id": "r"}]}, "2027-03-01")
    assert ("never", ("last_day",)) in [(each.rule, each.facts) for each in found.undecided]


def test_the_newest_needs_an_order_and_no_number_of_values(
    faults: Callable[[str], list[str]],
) -> None:
    assert faults(REVIEWS.replace("by: reviewed_on, where", "where")) == ["LR280"]
    assert faults(REVIEWS.replace("where: final", "take: 2")) == ["LR146"]
    assert faults(
        REVIEWS.replace("{counts: review.result}", "{counts: review.result, by: id}")
    ) == ["LR146"]


# ---- how often each word is there


def test_words_are_counted_in_the_order_of_their_vocabulary_and_others_by_number(
    written: Written, decide: Decide
) -> None:
    reviews = [*DAYS, {"id": "r4", "result": "fair"}]
    assert told(written, decide, REVIEWS, reviews=reviews)["count"] == "good=1;fair=2;poor=1"
    texts = REVIEWS.replace("[good, fair, poor]", "text").replace(
        "standing = poor", "final_ = poor"
    )
    texts = texts.replace("final_ = poor", 'standing = "poor"')
    reviews += [{"id": "r5", "result": "none of these"}, {"id": "r6"}]
    found = told(written, decide, texts, reviews=reviews)["count"]
    assert found == "fair=2;good=1;none of these=1;poor=1"


def test_a_word_that_no_child_has_is_left_out_and_without_children_the_list_is_empty(
    written: Written, decide: Decide
) -> None:
    assert told(written, decide, REVIEWS, reviews=DAYS[:1])["count"] == "poor=1"
    assert told(written, decide, REVIEWS, reviews=[])["count"] is None


REASONS = """
subjects: {shop: {}, leaver: {of: shop}}
facts:
  leaver: {reason: {type: text}, needs: {type: list}}
  shop:
    reasons: {counts: leaver.reason, source: "ONE-DATA-03, ONE-DATA-06, LOREAL2-ANA-03"}
    needs:   {counts: leaver.needs}
rules:
  why:  {for: shop, at: month_end, do: {do: report.reasons, value: reasons}}
  what: {for: shop, at: month_end, do: {do: report.needs, value: needs}}
"""


def test_a_report_counts_the_reasons_that_nobody_foresaw_too(written: Written) -> None:
    leavers = [
        {"id": "1", "reason": "moved", "needs": ["sun", "night"]}, {"id": "2", "reason": "price"},
        {"id": "3", "reason": "price", "needs": ["night"]}, {"id": "4", "reason": "a new baby"},
    ]  # fmt: skip
    found = evaluate(
        compile_day(written(REASONS), "2027-03-31"), {"id": "s", "leavers": leavers}, subject="shop"
    )
    said = {each.rule: each.value for each in found.actions}
    assert said == {"why": "price=2;a new baby=1;moved=1", "what": "night=2;sun=1"}


# ---- from the greatest down

ORDERS = """
subjects: {visit: {of: customer}}
facts:
  visit:
    mood:   {type: [well, so, bad]}
    spent:  {type: number}
    came:   {type: date}
    theirs: {is: spent * 2}
  customer:
    points: {type: whole}
    dear:   {list: visit.id, by: -spent, take: 2}
    bad:    {list: visit.id, by: [-mood, came]}
    late:   {list: visit.id, by: "-came"}
    worth:  {list: visit.id, by: -theirs}
    least:  {rank: -points}
    lower:  {top: 50%, by: "-points"}
rules:
  dear:  {for: customer, once_per: id, do: {do: task.dear, value: dear}}
  bad:   {for: customer, once_per: id, do: {do: task.bad, value: bad}}
  late:  {for: customer, once_per: id, do: {do: task.late, value: late}}
  worth: {for: customer, once_per: id, do: {do: task.worth, value: worth}}
  least: {for: customer, once_per: id, do: {do: task.least, value: least}}
  lower: {for: customer, once_per: id, if: lower, do: task.lower}
"""
VISITS = [
    {"id": "v1", "mood": "well", "spent": "10", "came": "2027-01-01"},
    {"id": "v2", "mood": "bad", "spent": "30.5", "came": "2027-01-03"},
    {"id": "v3", "mood": "so", "came": "2027-01-02"},
    {"id": "v4", "mood": "bad", "spent": "20"},
]


def test_behind_a_minus_the_greatest_comes_first_the_worst_word_too_and_what_lacks_it_last(
    written: Written,
) -> None:
    found = evaluate(compile_day(written(ORDERS), "2027-03-01"), {"id": "c", "visits": VISITS})
    said = {each.rule: each.value for each in found.actions}
    assert said["dear"] == "v2;v4"
    assert said["bad"] == "v4;v2;v3;v1"  # who has no day stands before the others, as ever
    assert said["late"] == "v2;v3;v1;v4"
    assert said["worth"] == "v2;v4;v1;v3"


def test_behind_a_minus_the_lowest_has_the_first_rank_and_who_has_no_figure_the_last(
    written: Written,
) -> None:
    people = [
        {"id": "a", "points": 5},
        {"id": "b", "points": 1},
        {"id": "c"},
        {"id": "d", "points": 1},
    ]
    plan = compile_day(written(ORDERS), "2027-03-01").with_population(people)
    ranks, lower = {}, []
    for each in people:
        said = {action.rule: action.value for action in evaluate(plan, each).actions}
        ranks[each["id"]] = said["least"]
        lower += [each["id"]] if "lower" in said else []
    assert ranks == {"b": "1", "d": "2", "a": "3", "c": "4"}
    assert lower == ["b", "d"]


@pytest.mark.parametrize("said", ["-(spent + 1)", "-spent * 2", "-3", "-nobody"])
def test_behind_a_minus_stands_a_fact(faults: Callable[[str], list[str]], said: str) -> None:
    found = faults(ORDERS.replace("by: -spent", f"by: '{said}'"))
    assert found == (["LR201"] if said == "-nobody" else ["LR281"])


PERSONAL = """
subjects: {visit: {of: customer}}
facts:
  visit: {phone: {type: text, personal: yes}, came: {type: date, personal: yes}, shop: {type: text}}
  customer: {told: {KEY}}
rules: {tell: {for: customer, once_per: id, do: {do: task.tell, value: told}}}
"""


@pytest.mark.parametrize("key", ["newest: visit.phone, by: came", "counts: visit.phone"])
def test_what_is_picked_or_counted_of_personal_facts_tells_them(
    faults: Callable[[str], list[str]], written: Written, key: str
) -> None:
    assert faults(PERSONAL.replace("KEY", key)) == ["LR235"]
    assert written(PERSONAL.replace("KEY", key.replace("phone", "shop"))).rules
