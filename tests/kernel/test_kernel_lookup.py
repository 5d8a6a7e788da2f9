# SPDX-License-Identifier: Apache-2.0
"""Facts looked up in a reference table: the first of its rows that fits, in an order of its columns."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from loyaltyrules import Policy, compile_day, evaluate, evaluate_frame, explain

Written = Callable[[str], Policy]
DAY = "2027-03-01"

ARTICLES = """
reference:
  article:
    columns: {topic: text, url: text, rank: whole, active: yes/no, since: date, tags: list, grade: [A, B]}
parameters: {least: {value: 3, origin: proposed}}
facts:
  customer:
    topic: {type: text}
    level: {type: whole}
    page:
      first: article.url
      where: article.topic = topic and article.active
      by: -article.rank
      source: "ONE-INQ-02, LOREAL1-SRV-01, LOREAL3-SRV-02"
    new:   {first: article.since, where: article.since <= today, by: -since}
    tags:  {first: article.tags, where: article.rank <= level}
    grade: {first: article.grade, where: article.topic = topic, by: -grade}
    which: {first: article.id, where: 'article.rank >= least and article.topic = topic'}
rules:
  page:  {for: customer, once_per: id, do: {do: task.page, value: page}}
  none:  {for: customer, once_per: id, if: page is missing, do: task.none}
  good:  {for: customer, once_per: id, if: 'page = "u4"', do: task.good}
  new:   {for: customer, once_per: id, if: new >= 2027-01-01, do: {do: task.new, value: new}}
  tags:  {for: customer, once_per: id, if: '"x" in tags', do: {do: task.tags, value: tags}}
  grade: {for: customer, once_per: id, if: grade = B, do: {do: task.grade, value: grade}}
  which: {for: customer, once_per: id, do: {do: task.which, value: which}}
"""
ROWS = [
    {"id": 1, "topic": "skin", "url": "u1", "rank": 1, "active": "yes", "since": "2026-01-01",
     "tags": "x;y", "grade": "A"},
    {"id": 2, "topic": "skin", "url": "u2", "rank": 9, "active": "no", "since": "2027-02-01",
     "tags": "z", "grade": "B"},
    {"id": 3, "topic": "skin", "url": "u3", "active": "yes", "since": "2028-01-01", "grade": "A"},
    {"id": 4, "topic": "skin", "url": "u4", "rank": 5, "active": "yes", "since": "2026-06-01", "tags": []},
    {"id": 5, "topic": "hair", "url": "u5", "rank": 5, "active": "yes"},
]  # fmt: skip


def told(policy: Policy, record: dict[str, Any], rows: Any, day: str = DAY) -> dict[str, Any]:
    tables = {} if rows is None else {"article": rows}
    plan = compile_day(policy, day, tables=tables)
    decision = evaluate(plan, {"id": "c", **record})
    frame = evaluate_frame(
        plan, pl.DataFrame([{"id": "c", "topic": None, "level": None, **record}])
    )
    assert frame.actions["action_id"].to_list() == [each.action_id for each in decision.actions]
    assert frame.actions["value"].to_list() == [each.value for each in decision.actions]
    assert {*frame.notes.undecided} == {each.rule for each in decision.undecided}
    assert explain(decision, "en") and explain(decision, "zh")
    found: dict[str, Any] = {each.rule: each.value for each in decision.actions}
    return found | {"undecided": {each.rule: each.facts for each in decision.undecided}}


def test_the_first_row_that_fits_says_the_fact_the_best_rank_first(written: Written) -> None:
    found = told(written(ARTICLES), {"topic": "skin", "level": 1}, ROWS)
    assert found == {
        "page": "u4", "good": None, "new": "2027-02-01", "tags": "x;y", "grade": "B", "which": "2",
        "undecided": {},
    }  # fmt: skip


def test_a_row_without_what_orders_it_comes_last_either_way(written: Written) -> None:
    only = [ROWS[2], ROWS[0]]
    for order in ("-article.rank", "article.rank"):
        policy = written(ARTICLES.replace("by: -article.rank", f"by: '{order}'"))
        assert told(policy, {"topic": "skin"}, only)["page"] == "u1"
    unordered = written(ARTICLES.replace("      by: -article.rank\n", ""))
    assert told(unordered, {"topic": "skin"}, only)["page"] == "u3"


def test_where_no_row_fits_the_fact_is_missing_and_of_a_table_that_is_not_there_nothing_is_known(
    written: Written,
) -> None:
    found = told(written(ARTICLES), {"topic": "nails", "level": 0}, ROWS)
    assert found["page"] is None and "none" in found
    assert found["undecided"]["good"] == ("page",)
    found = told(written(ARTICLES), {"topic": "skin"}, [])
    assert "none" in found
    found = told(written(ARTICLES), {"topic": "skin"}, None)
    assert found["undecided"] == {
        "good": ("article.url",), "new": ("article.since",), "tags": ("article.tags",),
        "grade": ("article.grade",),
    }  # fmt: skip


def test_an_unknown_condition_of_an_earlier_row_leaves_the_answer_open(written: Written) -> None:
    found = told(written(ARTICLES), {"level": 1}, ROWS)
    assert found["page"] is None
    assert {"good", "grade"} == {*found["undecided"]}
    lacks = [ROWS[3] | {"id": 9, "active": None, "rank": 7}, ROWS[3]]
    assert told(written(ARTICLES), {"topic": "skin"}, lacks)["undecided"]["good"] == ("page",)
    assert told(written(ARTICLES), {"topic": "skin"}, lacks[::-1])["page"] is None
    behind = [lacks[0] | {"rank": 2}, ROWS[3]]
    assert told(written(ARTICLES), {"topic": "skin"}, behind)["page"] == "u4"


def test_rows_may_stand_in_the_policy_and_figures_and_days_change_what_fits(
    written: Written,
) -> None:
    rows = "".join(f"\n    - {row}".replace("'", "") for row in ROWS[:2])
    text = ARTICLES.replace("grade: [A, B]}\n", "grade: [A, B]}\n    rows:" + rows + "\n")
    text = text.replace("[x;y]", "x;y")
    found = evaluate(compile_day(written(text), DAY), {"id": "c", "topic": "skin", "level": 3})
    said = {each.rule: each.value for each in found.actions}
    assert (said["page"], said["new"], said["which"]) == ("u1", "2027-02-01", "2")
    early = evaluate(compile_day(written(text), "2027-01-15"), {"id": "c", "topic": "skin"})
    assert "new" not in {each.rule for each in early.actions}  # 2026-01-01 is before the year


def test_what_is_looked_up_by_a_fact_of_a_table_that_is_not_there_is_unknown(
    written: Written,
) -> None:
    text = ARTICLES.replace("reference:", "reference:\n  hint: {columns: {of: text, to: text}}")
    text = text.replace(
        "    topic: {type: text}",
        "    topic: {first: hint.to, where: hint.of = said}\n    said: {type: text}",
    )
    found = evaluate(
        compile_day(written(text), DAY, tables={"article": ROWS}), {"id": "c", "said": "x"}
    )
    assert ("good", ("page",)) in [(each.rule, each.facts) for each in found.undecided]
    hints = [{"of": "x", "to": "skin"}]
    plan = compile_day(written(text), DAY, tables={"article": ROWS, "hint": hints})
    assert {e.rule: e.value for e in evaluate(plan, {"id": "c", "said": "x"}).actions}[
        "page"
    ] == "u4"


def test_what_is_counted_of_a_fact_of_a_table_that_is_not_there_is_missing(
    written: Written,
) -> None:
    text = """
subjects: {visit: {of: customer}}
reference: {plan: {columns: {of: text, day: date, worth: whole}}}
facts:
  visit:
    kind:  {type: text}
    day:   {first: plan.day, where: plan.of = kind}
    worth: {first: plan.worth, where: plan.of = kind}
  customer: {last: {latest: visit.day}, sum: {sum: visit.worth}, best: {newest: visit.worth, by: day}}
rules:
  last: {for: customer, once_per: id, if: last is missing, do: {do: task.last, value: sum}}
  best: {for: customer, once_per: id, if: best > 1, do: task.best}
"""
    plan = compile_day(written(text), DAY)
    visits = [{"id": "v", "customer_id": "c", "kind": "x"}]
    decision = evaluate(plan, {"id": "c", "visits": visits})
    frames = {"customer": pl.DataFrame({"id": ["c"]}), "visit": pl.DataFrame(visits)}
    found = evaluate_frame(plan, frames)
    assert found.actions.select("rule", "value").rows() == [("last", "0")]
    assert [(each.rule, each.value) for each in decision.actions] == [("last", "0")]
    assert {*found.notes.undecided} == {each.rule for each in decision.undecided} == {"best"}


REDEEM = """
reference: {gift: {columns: {name: text, points: whole}}}
facts:
  customer:
    points: {type: whole}
    gift:   {first: gift.name, where: points >= gift.points, by: -points, source: LOREAL2-REL-04}
rules: {tell: {for: customer, once_per: id, if: gift is not missing, do: {do: task.tell, value: gift}}}
"""


def test_a_table_of_gifts_says_the_dearest_that_the_points_reach(written: Written) -> None:
    gifts = [{"id": f"g{n}", "name": f"gift {n}", "points": 100 * n} for n in range(1, 6)]
    plan = compile_day(written(REDEEM), DAY, tables={"gift": gifts})
    customers = pl.DataFrame({"id": ["a", "b", "c", "d"], "points": [99, 100, 450, None]})
    rows = {r["id"]: [a.value for a in evaluate(plan, r).actions] for r in customers.to_dicts()}
    assert rows == {"a": [], "b": ["gift 1"], "c": ["gift 4"], "d": []}
    frame = evaluate_frame(plan, customers).actions
    assert dict(frame.select("subject_id", "value").iter_rows()) == {"b": "gift 1", "c": "gift 4"}


@pytest.mark.parametrize("count", [1, 40])  # few rows are asked one by one, many by their values
def test_many_rows_say_what_each_by_itself_says(written: Written, count: int) -> None:
    topics = ["skin", "hair", None]
    rows = [
        {"id": str(n), "topic": topics[n % 3], "url": f"u{n}", "rank": n * 7 % 10, "active": n % 5 != 1}
        for n in range(count)
    ]  # fmt: skip
    plan = compile_day(written(ARTICLES), DAY, tables={"article": rows})
    order = sorted(rows, key=lambda row: -int(str(row["rank"])))
    for topic in ("skin", "hair", "nails"):
        expected = None
        for row in order:
            if row["topic"] in (None, topic) and row["active"]:
                expected = None if row["topic"] is None else row["url"]
                break
        found = evaluate(plan, {"id": "c", "topic": topic}).actions
        assert {each.rule: each.value for each in found}["page"] == expected


STORES = """
subjects: {store: {}, customer: {of: store}}
reference: {town: {columns: {name: text, guide: text}}}
facts:
  store: {city: {type: text}, guide: {first: town.guide, where: town.name = city}}
  customer:
    points: {type: whole}
    second: {first: town.guide, where: 'town.name != store.city and points > 3'}
rules:
  tell:  {for: customer, once_per: id, if: 'store.guide = "li"', do: {do: task.tell, value: store.guide}}
  other: {for: customer, once_per: id, if: second is not missing, do: {do: task.other, value: second}}
"""


@pytest.mark.parametrize("given", ["reference", "table"])
def test_a_fact_of_the_parent_may_be_looked_up_too(written: Written, given: str) -> None:
    towns = [
        {"id": "1", "name": "Hangzhou", "guide": "li"},
        {"id": "2", "name": "Wuhan", "guide": "wu"},
    ]
    stores = [{"id": "s1", "city": "Hangzhou"}, {"id": "s2", "city": "Wuhan"}]
    customers = [{"id": f"c{n}", "store_id": f"s{1 + n % 2}", "points": n} for n in range(6)]
    tables: dict[str, Any] = {"town": towns} | ({"store": stores} if given == "reference" else {})
    plan = compile_day(written(STORES), DAY, tables=tables)
    frames = {"customer": pl.DataFrame(customers)}
    frames |= {} if given == "reference" else {"store": pl.DataFrame(stores)}
    found = evaluate_frame(plan, frames).actions.select("subject_id", "rule", "value").rows()
    expected = [(f"c{n}", "tell", "li") for n in (0, 2, 4)]
    expected += [("c4", "other", "wu"), ("c5", "other", "li")]
    assert sorted(found) == sorted(expected)
    if given == "reference":
        rows = [
            (each["id"], a.rule, a.value)
            for each in customers
            for a in evaluate(plan, each).actions
        ]
        assert sorted(rows) == sorted(expected)


@pytest.mark.parametrize(
    ("said", "by", "codes"),
    [("artikle.url", "", ["LR128"]), ("article.link", "", ["LR129"]), ("article", "", ["LR282"]),
     ("article.url", "by: level, ", ["LR129"]), ("article.url", "by: -level, ", ["LR129"]),
     ("article.url", "take: 2, ", ["LR146"]),
     ("article.url", "default: x, ", ["LR146"])],
)  # fmt: skip
def test_what_no_table_says_is_refused(
    faults: Callable[[str], list[str]], said: str, by: str, codes: list[str]
) -> None:
    line = f"    page: {{first: {said}, {by}where: 'topic = topic'}}\n"
    a, b = ARTICLES.index("    page:\n"), ARTICLES.index("    new:  ")
    assert faults(ARTICLES[:a] + line + ARTICLES[b:]) == codes


def test_the_condition_names_columns_facts_and_figures_and_nothing_else(
    faults: Callable[[str], list[str]],
) -> None:
    wrong = ARTICLES.replace("article.topic = topic and", "article.topics = topic and")
    assert faults(wrong) == ["LR129"]
    twice = ARTICLES.replace("first: article.url", "first: article.url\n      count: customer")
    assert "LR125" in faults(twice)
    assert faults(ARTICLES.replace("and article.active", "and article.rank")) == ["LR203"]


def test_a_condition_may_read_personal_facts_as_it_only_decides(
    written: Written, faults: Callable[[str], list[str]]
) -> None:
    personal = ARTICLES.replace("topic: {type: text}", "topic: {type: text, personal: yes}")
    assert written(personal).rules
    stores = STORES.replace("city: {type: text}", "city: {type: text, personal: yes}")
    stores = stores.replace("town: {columns", "store: {columns: {city: text}}, town: {columns")
    stores = stores.replace(
        "second: {first: town.guide, where: 'town.name != store.city and ",
        "second: {first: store.city, where: '",
    )
    assert faults(stores) == ["LR235"]


def test_what_is_looked_up_goes_by_the_day(written: Written) -> None:
    policy = written(ARTICLES)
    first = date(2027, 1, 28)
    for n in range(6):
        day = (first + timedelta(days=n)).isoformat()
        found = told(policy, {"topic": "skin"}, ROWS, day)
        assert found.get("new") == ("2027-02-01" if day >= "2027-02-01" else None)
